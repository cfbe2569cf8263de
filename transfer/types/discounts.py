"""Discounts: discount codes and automatic discounts."""

from transfer.types.base import DataType

discounts = DataType(
    name="discounts",
    label="Discounts",
    about="Discount codes and automatic discounts",
)
