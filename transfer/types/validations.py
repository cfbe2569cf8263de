"""Validations of metafield definitions and of the fields of metaobject definitions.

Some name a metaobject definition by an id, which is another in each store: a cell has its type.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson

from transfer.types.forms import BadCell, Form, Render, short
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import JsonText, Reference, Value

NAMING = "metaobject_definition_id"
"""What the names of such validations begin with; ``metaobject_definition_ids`` takes a list."""
TYPE = "MetaobjectDefinition"
GID = re.compile(rf"gid://shopify/{TYPE}/\d+")


def shown(value: Value, facts: ShopFacts) -> str:
    """A validation's value in a cell."""
    match value:
        case JsonText(list() as members):
            return orjson.dumps([shown(member, facts) for member in members]).decode()
        case Reference():
            return _with_types(value.name, facts)
        case None:
            return ""
        case _:
            return _with_types(str(value), facts)


def read(name: str, cell: str, facts: ShopFacts) -> Value:
    """The value of a validation of this name; or BadCell."""
    text = cell.strip()
    if not name.strip().startswith(NAMING):
        return text
    if not text.startswith("["):
        return Reference(TYPE, _with_types(text, facts))
    try:
        members = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadCell(f"“{short(text)}” is not a list of types.") from None
    if not all(isinstance(member, str) for member in members):
        raise BadCell(f"“{short(text)}” is not a list of types.")
    return JsonText([Reference(TYPE, _with_types(member, facts)) for member in members])


def value_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The form of a validation's value, by its name in the row."""
    name = row.get("Validation: Name", "")
    return Form(_render_value, parse=partial(read, name))


def _render_value(facts: ShopFacts) -> Render:
    return partial(shown, facts=facts)


def _with_types(text: str, facts: ShopFacts) -> str:
    """The text with the types of the store's metaobject definitions in the place of their ids."""
    if "gid://" not in text:
        return text
    types = {known.id: known.name for known in facts.metaobject_types}
    return GID.sub(lambda found: types.get(found[0], found[0]), text)


def _render_lines(facts: ShopFacts) -> Render:
    def render(pairs: list[dict[str, Any]]) -> str:
        return "\n".join(f"{pair['name']}: {shown(pair['value'], facts)}" for pair in pairs)

    return render


def _parse_lines(cell: str, facts: ShopFacts) -> list[Value]:
    parts = (line.partition(":") for line in cell.split("\n") if line.strip())
    return [{"name": name.strip(), "value": read(name, value, facts)} for name, _, value in parts]


VALUE = Form(_render_value, parse=lambda cell, facts: cell.strip())
LINES = Form(_render_lines, parse=_parse_lines)
"""All of a field, ``max: 80``, a line each."""
