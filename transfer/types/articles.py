"""Articles: blog posts and content."""

from transfer.types.base import DataType

articles = DataType(
    name="articles",
    label="Articles",
    about="Blog posts and content",
)
