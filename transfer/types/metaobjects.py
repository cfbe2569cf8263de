"""Metaobjects: custom data structures. A row is one field of one entry, empty ones included."""

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
from transfer.types.forms import MERGE, MOMENT, form, id_of
from transfer.types.metafields import ANY, reference_cell
from translations import N_


def _value(field: Item) -> str:
    """As a metafield's cell: a reference by handle or file name, all else as Shopify keeps it."""
    if "cell" in field:
        return str(field["cell"])
    target = field["reference"]
    shown = reference_cell(target) if target else ""
    return str(shown or field["value"] or "")


def _status(entry: Item) -> str:
    """Empty for entries of Shopify's own definitions, as in real files."""
    publishable = (entry["capabilities"] or {}).get("publishable")
    own = entry["type"].startswith("shopify--")
    return publishable["status"].capitalize() if publishable and not own else ""


ENTRY = Block(
    (
        Column("ID", "id", id_of("Metaobject")),
        Column("Handle", "handle"),
        Column("Command", "id", MERGE),
        Column("Display Name", "displayName"),
        Column("Status", ".", form(_status)),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Definition: Handle", "type"),
        Column("Definition: Name", "definition.name"),
    )
)
FIELDS = Block((Column("Field", "key"), Column("Value", ".", form(_value))), of="fields")

metaobjects = DataType(
    name="metaobjects",
    label=N_("Metaobjects"),
    about=N_("Custom data structures"),
    read_scopes=(
        "read_metaobjects",
        "read_metaobject_definitions",
        "read_products",
        "read_content",
        "read_files",
    ),
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
)
