"""Metaobject definitions: custom object types. A row is one field of one definition.

What follows ``Field: Required`` could not be read of real files and is named in the same style.
"""

import re

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
    BadCell,
    form,
    gid_of,
    parse_boolean,
    true_or_false,
)
from transfer.types.personal import columns
from transfer.types.writing import (
    Input,
    Instead,
    Json,
    Key,
    Members,
    Mutation,
    Parts,
    Writing,
)
from translations import N_, ngettext

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
        Column("Description", "description", write="description", cleared=""),
        Column("Metaobject Count", "metaobjectsCount", INTEGER),
        Column(
            "Access: Storefront API",
            "access.storefront",
            AS_CODE.among("NONE", "PUBLIC_READ"),
            write="access.storefront",
            clears=False,
        ),
        Column("Access: Admin API", "access.admin"),
        *(
            Column(f"Capability: {words}", path, BOOLEAN, write=path, clears=False)
            for words, path in CAPABILITIES.items()
        ),
        Column(
            "Capability: Storefronts API access",
            "access.storefront",
            PUBLIC,
            write="access.storefront",
            clears=False,
        ),
    )
)
FIELD = Block(
    (
        Column("Field: Key", "key", STRIPPED, write="key"),
        Column("Field: Description", "description", write="description", cleared=""),
        Column("Field: Type", "type.name", STRIPPED, write="type"),
        Column("Field: Required", "required", BOOLEAN, write="required"),
        Column("Field: Name", "name", write="name"),
        Column("Field: Command", "key", MERGE),
        Column("Field: Is Display Name", "named", BOOLEAN, write="=named"),
        Column(
            "Field: Validations", "validations", validations.LINES, write="validations", cleared=[]
        ),
        Column("Field: Position", "#", INTEGER, imports=True),
    ),
    of="fields",
)

WITH_CODE = "userErrors { field message code elementKey }"
ENABLE = Mutation(
    "standardMetaobjectDefinitionEnable",
    ("type: String!",),
    saved="metaobjectDefinition",
    errors=WITH_CODE,
)
"""Makes a definition of Shopify's own, ``shopify--color-pattern``, as Shopify has it."""


def _complete(made: Input, parts: Parts) -> Input:
    """The field that names an entry, and where entries have pages of their own."""
    fields = parts.members.get("fields", ())
    named = [
        one.all.get("key")
        for one in fields
        if one.written.get("=named") is True and one.action != "delete"
    ]
    if len(named) > 1:
        raise BadCell("Field: Is Display Name: more than one field is.")
    if named:
        made["displayNameKey"] = named[0]
    elif any(one.written.get("=named") is False and one.action == "update" for one in fields):
        made["displayNameKey"] = None
    _put_in_order(made, parts)
    capabilities = made.get("capabilities")
    online = capabilities.get("onlineStore") if isinstance(capabilities, dict) else None
    if isinstance(online, dict) and online.get("enabled"):
        type = str(parts.item.get("type") or made.get("type"))
        online["data"] = {"urlHandle": re.sub(r"[^a-z0-9]+", "-", type.lower()).strip("-")}
    return made


def _put_in_order(made: Input, parts: Parts) -> None:
    """List all fields where they are to stand otherwise than they do: Shopify puts those that it is
    not told of behind the others."""
    fields, there = made.get("fieldDefinitions"), parts.item.get("fieldDefinitions") or ()
    if not isinstance(fields, list):
        return
    stay = [one for one in parts.members.get("fields", ()) if one.action != "delete"]
    wanted = [str(one.all.get("key")) for one in stay]
    known = [field["key"] for field in there if field["key"] in wanted]
    if not known or wanted == [*known, *(key for key in wanted if key not in known)]:
        return
    asked: dict[str, Json] = {}
    for one in fields:
        for field in one.values() if isinstance(one, dict) else ():
            if isinstance(field, dict):
                asked[str(field["key"])] = one
    listed: list[Json] = [asked.pop(key, {"update": {"key": key}}) for key in wanted]
    made["fieldDefinitions"] = [*listed, *asked.values()]
    made["resetFieldOrder"] = True


metaobject_definitions = DataType(
    name="metaobject_definitions",
    label=N_("Metaobject Definitions"),
    counted=lambda count: ngettext(
        "%(num)s metaobject definition", "%(num)s metaobject definitions", count
    ),
    about=N_("Custom object types"),
    read_scopes=("read_metaobject_definitions",),
    write_scopes=("write_metaobject_definitions",),
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
    writing=Writing(
        typename="MetaobjectDefinition",
        keys=(Key(("Type",)),),
        create=Mutation(
            "metaobjectDefinitionCreate",
            ("definition: MetaobjectDefinitionCreateInput!",),
            input="definition",
            saved="metaobjectDefinition",
            errors=WITH_CODE,
            instead=Instead(("RESERVED_NAME",), ENABLE, takes=("type",)),
        ),
        update=Mutation(
            "metaobjectDefinitionUpdate",
            ("id: ID!", "definition: MetaobjectDefinitionUpdateInput!"),
            input="definition",
            target="id",
            saved="metaobjectDefinition",
            errors=WITH_CODE,
        ),
        delete=Mutation("metaobjectDefinitionDelete", ("id: ID!",), target="id", errors=WITH_CODE),
        members=(
            Members(
                of="fields",
                keys=(Key(("Field: Key",)),),
                into="fieldDefinitions",
                whole=True,
                wrapped=True,
                named=("key",),
                command="Field: Command",
                position="Field: Position",
                ordered=True,
                required=("Field: Key", "Field: Type"),
                fixed=("Field: Type",),
                lost="Values that entries have in a field go with it; no undo brings them back.",
            ),
        ),
        required=("Type",),
        fixed=("Type",),
        complete=_complete,
        removed_last=True,
        lost="Its entries, and metafields that refer to them, are deleted too; no undo brings them "
        "back.",
    ),
    personal={
        **columns(
            "public",
            "Field: Description; Field: Name; Field: Is Display Name; Field: Validations",
        ),
    },
)
