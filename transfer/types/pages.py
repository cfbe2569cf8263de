"""Pages: store pages and static content."""

from transfer.types.base import DataType

pages = DataType(
    name="pages",
    label="Pages",
    about="Store pages and static content",
)
