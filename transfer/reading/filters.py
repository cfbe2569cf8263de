"""Filters of an export: names and values as people write them, made into Shopify's search text."""

import re
from datetime import datetime

from transfer.types.base import CHANNEL, DataType, Filter, Item
from transfer.types.shop_facts import ShopFacts

COMPARED = re.compile(r"(>=|<=|>|<)?\s*(.+)", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST = 2**63
"""Below it a number can be kept as JSON everywhere; infinity and what is no number are not."""
PLAIN = re.compile(r"[\w.+:-]+")
BOOLEANS = {
    "true": "true",
    "1": "true",
    "yes": "true",
    "false": "false",
    "0": "false",
    "no": "false",
}


SINCE = "updated_since"


class BadFilter(Exception):
    """One sentence about one filter."""


def search(data_type: DataType, wanted: Item) -> str:
    """``{"vendor": "Acme", "price": [">=10", "<20"]}`` as search text; every filter must hold.

    Several values of a text filter mean any of them, of a range all of them. ``updated_since``
    stands for ``>=`` of when an object changed.
    """
    known = {f.name: f for f in data_type.filters}
    change = changed(data_type)
    terms = []
    for name, value in wanted.items():
        if name == SINCE and change:
            terms.append(_term(change, [f">={iso_moment(value)}"]))
            continue
        if name not in known:
            choices = ", ".join([*known, *([SINCE] if change else [])]) or "none"
            raise BadFilter(f"{data_type.label} have no filter “{name}”. There are: {choices}.")
        terms.append(_term(known[name], _texts(value)))
    return " ".join(filter(None, terms))


def narrowed(data_type: DataType, wanted: Item, facts: ShopFacts) -> tuple[ShopFacts, list[str]]:
    """The facts that filters by name leave, and a sentence for each name that the store does not
    have."""
    unknown = []
    for f in data_type.filters:
        if f.form == "name" and f.name in wanted:
            names = _texts(wanted[f.name])
            there = {fact.name for fact in facts.named(f.term)}
            unknown += [
                f"{data_type.label}: the store has no “{name}” ({f.name})."
                for name in names
                if name not in there
            ]
            kept = [fact for fact in facts.named(f.term) if fact.name in names]
            facts = facts.having(f.term, kept)
    return facts, unknown


def changed(data_type: DataType) -> Filter | None:
    """The filter that tells when an object changed last, if Shopify has one for the type.

    What nobody can write stays as it was made.
    """
    name = "updated_at" if data_type.importable else "created_at"
    return next((f for f in data_type.filters if f.name == name and f.form == "range"), None)


def iso_moment(value: object) -> str:
    """A date or a moment of ISO 8601, as written but for a space, or BadFilter."""
    text = value.replace(" ", "T", 1) if isinstance(value, str) else ""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        text = ""
    if not PLAIN.fullmatch(text):
        raise BadFilter(f"“{SINCE}” is a date or a moment: 2026-01-31 or 2026-01-31T08:00:00Z.")
    return text


def _term(f: Filter, values: list[str]) -> str:
    if not values or not all(v.strip() for v in values):
        raise BadFilter(f"The filter “{f.name}” needs a value.")
    if f.form == "name":
        return ""
    if f.form == "boolean":
        return " ".join(f"{f.term}:{_boolean(f, v)}" for v in values)
    if f.form == "range":
        return " ".join(f"{f.term}:{_range(f, v)}" for v in values)
    if f.values:
        values = [_allowed_value(f, value) for value in values]
    parts = [f"{f.term}:{quoted(v)}" for v in values]
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"


def quoted(text: str) -> str:
    """A value of Shopify's search syntax that cannot end early or mean anything else."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _allowed_value(f: Filter, value: str) -> str:
    """One of the filter's values, in any letter case, or BadFilter: no object can have another."""
    if not any(_is_value(value.strip().lower(), known) for known in f.values):
        choices = f"{', '.join(f.values[:-1])} or {f.values[-1]}"
        raise BadFilter(f"The filter “{f.name}” is {choices}, not “{value.strip()}”.")
    return value.strip()


def _is_value(text: str, known: str) -> bool:
    ending = known.removeprefix(CHANNEL)
    return text == known or ending != known and text.endswith(ending) and text != ending


def in_words(wanted: Item) -> str:
    """Filters as a person reads them: ``vendor: Acme; price: >=10, <20``."""
    return "; ".join(f"{name}: {', '.join(_texts(value))}" for name, value in wanted.items())


def _range(f: Filter, value: str) -> str:
    found = COMPARED.fullmatch(value.strip())
    compare, rest = found.groups() if found else ("", "")
    if not PLAIN.fullmatch(rest):
        raise BadFilter(
            f"The filter “{f.name}” takes a number or a date (2026-01-31), "
            "with >=, <=, > or < in front if you like."
        )
    return f"{compare or ''}{quoted(rest) if ':' in rest or '-' in rest else rest}"


def _boolean(f: Filter, value: str) -> str:
    try:
        return BOOLEANS[value.strip().lower()]
    except KeyError:
        raise BadFilter(f"The filter “{f.name}” is true or false.") from None


def _texts(value: object) -> list[str]:
    return [_text(v) for v in (value if isinstance(value, list) else [value])]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and CONTROL.search(value):
        raise BadFilter("A filter's value has no line breaks or control characters.")
    if isinstance(value, str) or isinstance(value, int | float) and abs(value) < MOST:
        return str(value)
    raise BadFilter("A filter's value is text, a number, true or false, or a list of those.")
