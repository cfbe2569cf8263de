"""Metaobjects: custom data structures."""

from transfer.types.base import DataType

metaobjects = DataType(
    name="metaobjects",
    label="Metaobjects",
    about="Custom data structures",
)
