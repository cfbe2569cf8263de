"""Columns that an export is to have, chosen by header or by what headers begin with."""

from collections.abc import Iterable, Iterator, Sequence

from transfer.rows.columns import BoundColumn, exported_columns
from transfer.types.base import NUMBERING, DataType, Sheet
from transfer.types.shop_facts import ShopFacts

NUMBERS = frozenset(column.header for column in NUMBERING.columns)
"""These two are one: whoever wants the one gets the other."""


class UnknownColumn(Exception):
    """One sentence about a column that is not there."""


def check(data_type: DataType, wanted: Sequence[str], facts: ShopFacts | None = None) -> None:
    """Raise UnknownColumn for a name that no sheet of the type has.

    Before the ``facts`` of a shop are known, a column of a location, catalog or definition counts
    as there if its beginning is right.
    """
    for name in unknown(data_type, wanted, facts):
        raise UnknownColumn(
            f"{data_type.label} have no column “{name}”. "
            "Write a header as the file has it, or its first words."
        )


def unknown(
    data_type: DataType, wanted: Sequence[str], facts: ShopFacts | None = None
) -> list[str]:
    """The names among those wanted that no sheet of the type has, nor may have yet."""
    headers = {column.header for column in _exported(data_type, facts)}
    if facts is not None:
        repeated = (column for column in _exported(data_type) if column.repeated_for)
        headers |= {c.header for c in repeated if not facts.knows(c.repeated_for)}
    named, begun = _names(headers)
    keys = ((name, _key(name)) for name in wanted)
    return [name for name, key in keys if not (key in named or key.startswith(begun))]


def _exported(data_type: DataType, facts: ShopFacts | None = None) -> Iterator[BoundColumn]:
    for sheet in data_type.sheets:
        yield from exported_columns(sheet, facts)


def chosen(columns: Iterable[BoundColumn], wanted: Sequence[str]) -> tuple[BoundColumn, ...]:
    """The wanted columns in their usual order; all of them when none is named."""
    if not wanted:
        return tuple(columns)
    there = list(columns)
    keys = set(map(_key, wanted))
    means = {c.header for c in there if keys & _names_of(c.header)}
    if means & NUMBERS:
        means |= NUMBERS
    return tuple(column for column in there if column.header in means)


def chosen_sheets(
    data_type: DataType, facts: ShopFacts, wanted: Sequence[str]
) -> tuple[Sheet, ...]:
    """The sheets that have any of the wanted columns; all of them when none is named."""
    return tuple(
        sheet
        for sheet in data_type.sheets
        if not wanted or chosen(exported_columns(sheet, facts), wanted)
    )


def _names(headers: Iterable[str]) -> tuple[set[str], tuple[str, ...]]:
    """The keys that mean one of these headers; and what else a key may begin with, where a header
    has the name of a fact at its end."""
    heads = [header.partition("{}") for header in headers]
    named = set().union(*(_names_of(head) for head, _, _ in heads))
    return named, tuple(_key(head) for head, fact, _ in heads if fact)


def _names_of(header: str) -> set[str]:
    """The keys that mean a header: all of it, or its first words: ``Variant``, ``Category:``."""
    key = _key(header)
    return {key, *(key[:at] for at, sign in enumerate(key) if sign in " :")}


def _key(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(":")
