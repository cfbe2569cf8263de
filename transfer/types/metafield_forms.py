"""How the value of a metafield, or of a metaobject's field, stands in a cell: a form for each type.

A cell shows what Shopify keeps, but for references, which it calls by handle or file name. Read
back, people may also write plain text where Shopify keeps rich text, and lists with commas,
semicolons or line breaks between. https://shopify.dev/docs/apps/build/metafields/list-of-data-types
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any

import orjson

from transfer.types.forms import (
    NUMBER_TEXT,
    TEXT,
    BadCell,
    Form,
    file_name,
    form,
    parse_boolean,
    parse_decimal,
    parse_integer,
    parse_moment,
    same_decimal,
    short,
    true_or_false,
)
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import JsonText, Reference

LIST = "list."
GID = re.compile(r"gid://shopify/[A-Za-z0-9]+/[0-9A-Za-z-]+")
REFERRED = {
    "product_reference": "Product",
    "collection_reference": "Collection",
    "page_reference": "Page",
    "article_reference": "Article",
    "variant_reference": "ProductVariant",
    "metaobject_reference": "Metaobject",
    "mixed_reference": "Metaobject",
    "file_reference": "File",
}
"""What is referred to by name, and the GraphQL type that it is."""
NUMBERED = {
    "company_reference": "Company",
    "customer_reference": "Customer",
    "order_reference": "Order",
    "product_taxonomy_value_reference": "TaxonomyValue",
}
"""What is referred to by its id alone."""
CASE_COUNTS = ("File", "ProductVariant")
"""Names of which the letter case counts; handles have only small letters."""
MEASURED = re.findall(
    r"\w+",
    "antenna_gain area battery_charge_capacity battery_energy_capacity capacitance concentration"
    " data_storage_capacity data_transfer_rate dimension display_density distance duration"
    " electric_current electrical_resistance energy frequency illuminance inductance luminous_flux"
    " mass_flow_rate power pressure resolution rotational_speed sound_level speed temperature"
    " thermal_power voltage volume volumetric_flow_rate weight",
)
PARTS = {
    **dict.fromkeys(MEASURED, ("value", "unit")),
    "money": ("amount", "currency_code"),
    "rating": ("value", "scale_min", "scale_max"),
    "link": ("url",),
}
"""What the JSON of a type must have."""
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?", re.A)
EXACT = 2**53
"""Below it a float is the very number that it stands for."""
BETWEEN = ("\n", ";", ",")
"""What may stand between the members of a list; the first of them that a cell has counts."""


@cache
def metafield_form(type: str) -> Form:
    """The form of a metafield's type: ``single_line_text_field``, ``list.product_reference``."""
    if type.startswith(LIST):
        return _list_form(type.removeprefix(LIST))
    if to := REFERRED.get(type):
        same = None if to in CASE_COUNTS else str.lower
        return form(_shown, parse=partial(_reference, to), canonical=same)
    if typename := NUMBERED.get(type):
        return form(str, parse=partial(_gid, typename))
    if type in PARTS:
        return form(str, parse=partial(_parts, PARTS[type]), canonical=partial(_same_json, True))
    return PLAIN.get(type, TEXT)


def _list_form(type: str) -> Form:
    if to := REFERRED.get(type):
        same = None if to in CASE_COUNTS else str.lower
        return form(_names, parse=partial(_references, to), canonical=same)
    one = metafield_form(type)

    def parse(cell: str, facts: ShopFacts) -> str | None:
        members = _members(cell)
        values = [_member(one, type, member, facts) for member in members]
        return orjson.dumps(values).decode() if values else None

    exact = type in PARTS or type in NUMBERS
    return Form(lambda facts: str, parse=parse, canonical=partial(_same_json, exact))


def _member(one: Form, type: str, member: Any, facts: ShopFacts) -> Any:
    """A member as it stands in the JSON of its list."""
    text = member if isinstance(member, str) else orjson.dumps(member).decode()
    value = str(one.value(text, facts) or "")
    if type == "number_integer":
        return int(value)
    return orjson.loads(value) if type in PARTS or type == "json" else value


def _members(cell: str) -> list[Any]:
    """The members of a list: of a JSON array, or of texts with one of BETWEEN between them."""
    text = cell.strip()
    if text.startswith("["):
        found = _json(text)
        if not isinstance(found, list):
            raise BadCell(f"“{short(text)}” is not a list.")
        return found
    between = next((mark for mark in BETWEEN if mark in text), "\n")
    return [part for one in text.split(between) if (part := one.strip())]


def _references(to: str, cell: str) -> JsonText | None:
    found = [_reference(to, str(member)) for member in _members(cell)]
    return JsonText(list(found)) if found else None


def _reference(to: str, cell: str) -> Reference:
    text = cell.strip()
    return Reference(to, file_name(text) if to == "File" and "://" in text[:8] else text)


def _gid(typename: str, cell: str) -> str:
    text = cell.strip()
    if text.isdecimal() and text.isascii():
        return f"gid://shopify/{typename}/{text}"
    if not GID.fullmatch(text):
        raise BadCell(f"“{short(text)}” is neither a number nor gid://shopify/{typename}/….")
    return text


def _shown(value: str | Reference) -> str:
    return value.name if isinstance(value, Reference) else value


def _names(value: str | JsonText) -> str:
    if isinstance(value, str):
        return value
    members = value.value if isinstance(value.value, list) else [value.value]
    return ", ".join(one.name if isinstance(one, Reference) else str(one) for one in members)


def _one_line(cell: str) -> str:
    text = cell.strip("\r\n")
    if "\n" in text or "\r" in text:
        raise BadCell("It has line breaks, but this metafield is a single line.")
    return text


def _rich_text(cell: str) -> str:
    """Rich text as it stands, or plain text with a paragraph for each line."""
    text = cell.strip()
    if text.startswith("{"):
        found = _json(text)
        if not isinstance(found, dict) or found.get("type") != "root":
            raise BadCell(f'“{short(text)}” is not rich text: {{"type": "root", "children": […]}}.')
        return text
    lines = (line.strip() for line in text.splitlines())
    paragraphs = [
        {"type": "paragraph", "children": [{"type": "text", "value": line}]}
        for line in lines
        if line
    ]
    return orjson.dumps({"type": "root", "children": paragraphs}).decode()


def _color(cell: str) -> str:
    text = cell.strip()
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise BadCell(f"“{short(text)}” is not a color. Write it like #0a7f3f.")
    return text


def _date(cell: str, facts: ShopFacts) -> str:
    text = cell.strip()
    try:
        return date.fromisoformat(text).isoformat() if "-" in text else _day(text, facts)
    except ValueError as error:
        raise BadCell(f"“{short(text)}” is not a date. Write it like 2026-01-31.") from error


def _day(text: str, facts: ShopFacts) -> str:
    """The day of a date in another form, in no zone."""
    return parse_moment(text, ShopFacts(zone="UTC", domains=facts.domains))[:10]


def _date_time(cell: str, facts: ShopFacts) -> str:
    """As it stands in ISO 8601, as Shopify keeps it; any other form in the shop's zone."""
    text = cell.strip()
    if ISO_MOMENT.fullmatch(text):
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise BadCell(f"“{short(text)}” is not a date and time.") from None
        return text
    return parse_moment(text, facts)


def _same_moment(text: str) -> str:
    """In UTC; Shopify takes a moment without a zone to be in it."""
    try:
        found = datetime.fromisoformat(text)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return found.isoformat()


def _url(cell: str) -> str:
    text = cell.strip()
    if not re.match(r"(?:https?|mailto|sms|tel):\S+$", text, re.IGNORECASE):
        raise BadCell(f"“{short(text)}” is not an address. Write it like https://example.com.")
    return text


def _any_json(cell: str) -> str:
    text = cell.strip()
    _json(text)
    return text


def _parts(parts: Iterable[str], cell: str) -> str:
    text = cell.strip()
    found = _json(text)
    if not isinstance(found, dict) or not set(parts) <= found.keys():
        wanted = ", ".join(f'"{part}": …' for part in parts)
        raise BadCell(f"“{short(text)}” is not of the form {{{wanted}}}.")
    return text


def _json(text: str) -> Any:
    try:
        found = orjson.loads(text)
        orjson.dumps(found)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        raise BadCell(f"“{short(text)}” is not valid JSON, or too deep.") from None
    return found


def _same_json(numbers: bool, text: str) -> str:
    """JSON without blanks, its keys in order; with ``numbers`` texts that are numbers count as
    those."""
    try:
        return orjson.dumps(
            _same(orjson.loads(text), numbers), option=orjson.OPT_SORT_KEYS
        ).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return text


def _same(value: Any, numbers: bool) -> Any:
    match value:
        case dict():
            return {name: _same(part, numbers) for name, part in value.items()}
        case list():
            return [_same(part, numbers) for part in value]
        case bool() | None:
            return value
        case int() | float() if numbers:
            return same_decimal(repr(value))
        case str() if numbers and NUMBER_TEXT.fullmatch(value):
            return same_decimal(value)
        case float() if value.is_integer() and abs(value) < EXACT:
            return int(value)
        case _:
            return value


def _text_of(parse: Callable[[str], Any]) -> Callable[[str], str]:
    return lambda cell: str(parse(cell))


ONE_LINE = form(str, parse=_one_line)
WHOLE_NUMBER = form(str, parse=_text_of(parse_integer), canonical=same_decimal)
DECIMAL = form(str, parse=parse_decimal, canonical=same_decimal)
JSON = form(str, parse=_any_json, canonical=partial(_same_json, False))
NUMBERS = {"number_integer": WHOLE_NUMBER, "number_decimal": DECIMAL}
PLAIN = {
    **NUMBERS,
    "boolean": form(str, parse=lambda cell: true_or_false(parse_boolean(cell))),
    "integer": WHOLE_NUMBER,
    "single_line_text_field": ONE_LINE,
    "multi_line_text_field": TEXT,
    "rich_text_field": form(str, parse=_rich_text, canonical=partial(_same_json, False)),
    "json": JSON,
    "json_string": JSON,
    "color": form(str, parse=_color, canonical=str.lower),
    "date": Form(lambda facts: str, parse=_date),
    "date_time": Form(lambda facts: str, parse=_date_time, canonical=_same_moment),
    "url": form(str, parse=_url),
    "language": form(str, parse=str.strip),
    "id": form(str, parse=str.strip),
}
"""The forms of plain types; one that is not known here is text."""
