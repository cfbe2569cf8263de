"""Metaobject definitions: custom object types. A row is one field of one definition.

What follows ``Field: Required`` could not be read of real files and is named in the same style.
"""

from transfer.types.base import (
    NUMBERING,
    Block,
    Children,
    Column,
    DataType,
    Item,
    Pass,
    Sheet,
)
from transfer.types.forms import (
    BOOLEAN,
    INTEGER,
    MERGE,
    form,
    lines_of,
    parse_boolean,
    true_or_false,
)
from translations import N_

FIELDS = """id type name description metaobjectsCount displayNameKey access { admin storefront }
  capabilities { publishable { enabled } translatable { enabled } onlineStore { enabled } }
  fieldDefinitions { key name description required type { name }
    validations { name value } }"""
PUBLIC = form(
    lambda access: true_or_false(access == "PUBLIC_READ"),
    "boolean",
    parse=lambda cell: "PUBLIC_READ" if parse_boolean(cell) else "NONE",
)
VALIDATIONS = lines_of("name")
"""``max: 80``, a line each."""


def _fields(definition: Item) -> list[Item]:
    """The fields, each with whether it is the one that names an entry."""
    named = definition["displayNameKey"]
    return [field | {"named": field["key"] == named} for field in definition["fieldDefinitions"]]


DEFINITION = Block(
    (
        Column("ID", "id"),
        Column("Type", "type"),
        Column("Command", "id", MERGE),
        Column("Name", "name"),
        Column("Description", "description"),
        Column("Metaobject Count", "metaobjectsCount", INTEGER),
        Column("Access: Storefront API", "access.storefront"),
        Column("Access: Admin API", "access.admin"),
        Column("Capability: Active-draft status", "capabilities.publishable.enabled", BOOLEAN),
        Column("Capability: Translations", "capabilities.translatable.enabled", BOOLEAN),
        Column(
            "Capability: Publish entries as web pages",
            "capabilities.onlineStore.enabled",
            BOOLEAN,
        ),
        Column("Capability: Storefronts API access", "access.storefront", PUBLIC),
    )
)
FIELD = Block(
    (
        Column("Field: Key", "key"),
        Column("Field: Description", "description"),
        Column("Field: Type", "type.name"),
        Column("Field: Required", "required", BOOLEAN),
        Column("Field: Name", "name"),
        Column("Field: Command", "key", MERGE),
        Column("Field: Is Display Name", "named", BOOLEAN),
        Column("Field: Validations", "validations", VALIDATIONS),
    ),
    of="fields",
)

metaobject_definitions = DataType(
    name="metaobject_definitions",
    label=N_("Metaobject Definitions"),
    about=N_("Custom object types"),
    read_scopes=("read_metaobject_definitions",),
    passes=(Pass("metaobjectDefinitions", fields=FIELDS, plain=True, searched=False),),
    sheets=(
        Sheet(
            "Metaobject Definitions",
            aliases=("Metaobject Definition",),
            children=(Children("fields", _fields),),
            blocks=(DEFINITION, NUMBERING, FIELD),
        ),
    ),
)
