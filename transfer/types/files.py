"""Files: media files and documents."""

from transfer.types.base import DataType

files = DataType(
    name="files",
    label="Files",
    about="Media files and documents",
)
