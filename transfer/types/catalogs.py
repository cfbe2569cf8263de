"""Catalogs: product catalogs."""

from transfer.types.base import DataType

catalogs = DataType(
    name="catalogs",
    label="Catalogs",
    about="Product catalogs",
)
