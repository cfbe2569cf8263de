"""Metaobject Definitions: custom object types."""

from transfer.types.base import DataType

metaobject_definitions = DataType(
    name="metaobject_definitions",
    label="Metaobject Definitions",
    about="Custom object types",
)
