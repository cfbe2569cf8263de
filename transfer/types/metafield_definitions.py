"""Metafield Definitions: custom field schemas."""

from transfer.types.base import DataType

metafield_definitions = DataType(
    name="metafield_definitions",
    label="Metafield Definitions",
    about="Custom field schemas",
)
