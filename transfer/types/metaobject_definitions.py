"""Metaobject definitions: custom object types. A row is one field of one definition.

What follows ``Field: Required`` could not be read of real files and is named in the same style.
"""

from transfer.types import validations
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
    AS_CODE,
    BOOLEAN,
    INTEGER,
    MERGE,
    STRIPPED,
    form,
    gid_of,
    parse_boolean,
    true_or_false,
)
from translations import N_

FIELDS = """id type name description metaobjectsCount displayNameKey access { admin storefront }
  capabilities { publishable { enabled } translatable { enabled } onlineStore { enabled } }
  fieldDefinitions { key name description required type { name }
    validations { name value } }"""
CAPABILITIES = {
    "Active-draft status": "capabilities.publishable.enabled",
    "Translations": "capabilities.translatable.enabled",
    "Publish entries as web pages": "capabilities.onlineStore.enabled",
}
PUBLIC = form(
    lambda access: true_or_false(access == "PUBLIC_READ"),
    "boolean",
    parse=lambda cell: "PUBLIC_READ" if parse_boolean(cell) else "NONE",
)


def _fields(definition: Item) -> list[Item]:
    """The fields, each with whether it is the one that names an entry."""
    named = definition["displayNameKey"]
    return [field | {"named": field["key"] == named} for field in definition["fieldDefinitions"]]


DEFINITION = Block(
    (
        Column("ID", "id", gid_of("MetaobjectDefinition")),
        Column("Type", "type", STRIPPED, write="type"),
        Column("Command", "id", MERGE),
        Column("Name", "name", write="name"),
        Column("Description", "description", write="description"),
        Column("Metaobject Count", "metaobjectsCount", INTEGER),
        Column("Access: Storefront API", "access.storefront", AS_CODE, write="access.storefront"),
        Column("Access: Admin API", "access.admin"),
        *(
            Column(f"Capability: {words}", path, BOOLEAN, write=path)
            for words, path in CAPABILITIES.items()
        ),
        Column(
            "Capability: Storefronts API access",
            "access.storefront",
            PUBLIC,
            write="access.storefront",
        ),
    )
)
FIELD = Block(
    (
        Column("Field: Key", "key", STRIPPED, write="key"),
        Column("Field: Description", "description", write="description"),
        Column("Field: Type", "type.name", STRIPPED, write="type"),
        Column("Field: Required", "required", BOOLEAN, write="required"),
        Column("Field: Name", "name", write="name"),
        Column("Field: Command", "key", MERGE),
        Column("Field: Is Display Name", "named", BOOLEAN, write="=named"),
        Column("Field: Validations", "validations", validations.LINES, write="validations"),
    ),
    of="fields",
)

metaobject_definitions = DataType(
    name="metaobject_definitions",
    label=N_("Metaobject Definitions"),
    about=N_("Custom object types"),
    read_scopes=("read_metaobject_definitions",),
    facts=("metaobject_types",),
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
