"""Orders: order history and details."""

from transfer.types.base import DataType

orders = DataType(
    name="orders",
    label="Orders",
    about="Order history and details",
)
