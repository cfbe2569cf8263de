"""Events: store activity logs."""

from transfer.types.base import DataType

events = DataType(
    name="events",
    label="Events",
    about="Store activity logs",
    importable=False,
)
