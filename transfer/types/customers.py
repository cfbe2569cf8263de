"""Customers: customer accounts and contact information."""

from transfer.types.base import DataType

customers = DataType(
    name="customers",
    label="Customers",
    about="Customer accounts and contact information",
)
