"""Products: product catalog, variants, images, and inventory."""

from transfer.types.base import DataType

products = DataType(
    name="products",
    label="Products",
    about="Product catalog, variants, images, and inventory",
)
