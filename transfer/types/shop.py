"""Shop: store settings and configuration."""

from transfer.types.base import DataType

shop = DataType(
    name="shop",
    label="Shop",
    about="Store settings and configuration",
)
