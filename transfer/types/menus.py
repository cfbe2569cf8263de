"""Menus: navigation menus and structure."""

from transfer.types.base import DataType

menus = DataType(
    name="menus",
    label="Menus",
    about="Navigation menus and structure",
)
