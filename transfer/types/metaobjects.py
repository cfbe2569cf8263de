"""Metaobjects: custom data structures. A row is one field of one entry, empty ones included."""

from collections.abc import Mapping

from transfer.types.base import (
    NUMBERING_TOP_FIRST,
    Block,
    Column,
    DataType,
    Filter,
    Item,
    Pass,
    Sheet,
    literal,
)
from transfer.types.forms import MERGE, MOMENT, STRIPPED, Form, form, id_of, parse_code
from transfer.types.metafield_forms import metafield_form
from transfer.types.metafields import ANY, reference_cell
from transfer.types.personal import PUBLIC, columns
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Input, Json, Key, Kind, Members, Mutation, Parts, Writing
from translations import N_, ngettext


def _value(field: Item | str) -> str:
    """As a metafield's cell: a reference by handle or file name, all else as Shopify keeps it."""
    if isinstance(field, str):
        return field
    if "cell" in field:
        return str(field["cell"])
    target = field["reference"]
    shown = reference_cell(target) if target else ""
    return str(shown or field["value"] or "")


def _value_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The form of a field's value, by its type in the definition."""
    kind, key = row.get("Definition: Handle", ""), row.get("Field", "")
    known = next((one for one in facts.metaobject_types if one.name == kind.strip()), None)
    return metafield_form(known.fields.get(key.strip(), "") if known else "")


def _status(entry: Item | str) -> str:
    """Empty for entries of Shopify's own definitions, as in real files."""
    if isinstance(entry, str):
        return entry.capitalize()
    publishable = (entry["capabilities"] or {}).get("publishable")
    own = entry["type"].startswith("shopify--")
    return publishable["status"].capitalize() if publishable and not own else ""


def _handle(cell: str) -> str:
    return cell.strip().lower()


HANDLE = form(str, parse=_handle)
VALUE = form(_value, parse=str)
"""Its type tells more than text."""
STATUS = form(_status, parse=parse_code).among("ACTIVE", "DRAFT")
ENTRY = Block(
    (
        Column("ID", "id", id_of("Metaobject")),
        Column("Handle", "handle", HANDLE, write="handle"),
        Column("Command", "id", MERGE),
        Column("Display Name", "displayName"),
        Column("Status", ".", STATUS, write="capabilities.publishable.status", clears=False),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Definition: Handle", "type", STRIPPED, write="type"),
        Column("Definition: Name", "definition.name"),
    )
)
FIELDS = Block(
    (
        Column("Field", "key", STRIPPED, write="key"),
        Column("Value", ".", VALUE, write="value", cleared="", form_in=_value_form),
    ),
    of="fields",
)

WITH_CODE = "userErrors { field message code elementKey }"


CREATE = Mutation(
    "metaobjectCreate",
    ("metaobject: MetaobjectCreateInput!",),
    input="metaobject",
    saved="metaobject",
    errors=WITH_CODE,
)
UPSERT = Mutation(
    "metaobjectUpsert",
    ("handle: MetaobjectHandleInput!", "metaobject: MetaobjectUpsertInput"),
    input="metaobject",
    saved="metaobject",
    errors=WITH_CODE,
)
"""Makes an entry of a handle; sent again it makes no second one."""
UPDATE = Mutation(
    "metaobjectUpdate",
    ("id: ID!", "metaobject: MetaobjectUpdateInput!"),
    input="metaobject",
    target="id",
    saved="metaobject",
    errors=WITH_CODE,
)
DELETE = Mutation("metaobjectDelete", ("id: ID!",), target="id", errors=WITH_CODE)
NAMED, UNNAMED = Kind(UPSERT, UPDATE, DELETE), Kind(CREATE, UPDATE, DELETE)


def _kind(parts: Parts) -> Kind:
    return NAMED if parts.values.get("handle") else UNNAMED


def _complete(made: Input, parts: Parts) -> Input:
    """Without the fields of a new entry that are empty, and without what ``_beside`` has."""
    fields = made.get("fields")
    if isinstance(fields, list):
        filled = [one for one in fields if isinstance(one, dict) and "value" in one]
        made = {**made, "fields": [*filled]}
    if parts.new and _kind(parts) is NAMED:
        made = {name: value for name, value in made.items() if name not in ("type", "handle")}
    return made


def _beside(parts: Parts) -> Mapping[str, Json]:
    """What names a new entry that has a handle."""
    if _kind(parts) is UNNAMED:
        return {}
    return {f"handle.{name}": parts.values[name] for name in ("type", "handle")}


metaobjects = DataType(
    name="metaobjects",
    label=N_("Metaobjects"),
    counted=lambda count: ngettext("%(num)s metaobject", "%(num)s metaobjects", count),
    about=N_("Custom data structures"),
    read_scopes=(
        "read_metaobjects",
        "read_metaobject_definitions",
        "read_products",
        "read_content",
        "read_files",
    ),
    write_scopes=("write_metaobjects",),
    facts=("metaobject_types",),
    passes=(
        Pass(
            "metaobjects",
            fields=f"""id handle displayName updatedAt type definition {{ name }}
              capabilities {{ publishable {{ status }} }}
              fields {{ key type value reference {{ {ANY} }} }}""",
            each="metaobject_types",
            arguments=lambda known: f"type: {literal(known.name)}",
        ),
    ),
    sheets=(
        Sheet(
            "Metaobjects",
            aliases=("Metaobject",),
            blocks=(ENTRY, NUMBERING_TOP_FIRST, FIELDS),
        ),
    ),
    filters=(
        Filter("definition", "metaobject_types", "name"),
        Filter("handle"),
        Filter("display_name"),
        Filter("id", form="range"),
        Filter("updated_at", form="range"),
    ),
    references=lambda item: item["fields"],
    writing=Writing(
        typename="Metaobject",
        keys=(Key(("Definition: Handle", "Handle")),),
        create=UPSERT,
        update=UPDATE,
        delete=DELETE,
        kinds=(NAMED, UNNAMED),
        kind=_kind,
        beside=_beside,
        members=(
            Members(
                of="fields",
                keys=(Key(("Field",)),),
                into="fields",
                whole=True,
                named=("key",),
                changed=True,
                required=("Field",),
                emptied={"value": ""},
            ),
        ),
        required=("Definition: Handle",),
        lost="References no longer lead to it.",
        fixed=("Definition: Handle",),
        complete=_complete,
        along={"handle": {"redirectNewHandle": True}},
    ),
    personal={
        **columns(PUBLIC, "Status; Value"),
    },
)
