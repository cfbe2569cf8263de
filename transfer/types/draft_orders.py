"""Draft Orders: incomplete orders and quotes."""

from transfer.types.base import DataType

draft_orders = DataType(
    name="draft_orders",
    label="Draft Orders",
    about="Incomplete orders and quotes",
)
