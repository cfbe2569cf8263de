"""Collections: smart and manual collections."""

from transfer.types.base import DataType

collections = DataType(
    name="collections",
    label="Collections",
    about="Smart and manual collections",
)
