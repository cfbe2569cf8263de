"""Columns that an export is to have, chosen by header or by what headers begin with."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from transfer.types.base import Block, DataType, Each, Sheet, facts_of

NUMBERS = {"Row #", "Top Row"}
"""These two are one: whoever wants the one gets the other."""


class UnknownColumn(Exception):
    """One sentence about a column that is not there."""


def check(kind: DataType, wanted: list[str], facts: dict | None = None) -> None:
    """Raise UnknownColumn for a name that no sheet of the type has.

    Before the ``facts`` of a shop are known, a column of a location, catalog or definition counts
    as there if its beginning is right.
    """
    for name in unknown(kind, wanted, facts):
        raise UnknownColumn(
            f"{kind.label} have no column “{name}”. "
            "Write a header as the file has it, or its first words."
        )


def unknown(kind: DataType, wanted: list[str], facts: dict | None = None) -> list[str]:
    """The names among those wanted that no sheet of the type has."""
    headers = [header for sheet in kind.sheets for header in _headers(sheet, facts)]
    return [name for name in wanted if not any(_may_be(header, name) for header in headers)]


def narrowed(kind: DataType, facts: dict, wanted: list[str]) -> tuple[DataType, dict]:
    """The type with these columns alone, in their usual order, and the facts that go with it.

    A sheet without any of them is left out; so are the rows of children without a column. All of
    it when nothing is ``wanted``. Raises UnknownColumn when none of them is there.
    """
    if not wanted:
        return kind, facts
    if len(unknown(kind, wanted, facts)) == len(wanted):
        check(kind, wanted, facts)
    own = dict(facts)
    sheets = (
        replace(sheet, blocks=tuple(_blocks(sheet, own, wanted, f"{number}")))
        for number, sheet in enumerate(kind.sheets)
    )
    return replace(kind, sheets=tuple(sheet for sheet in sheets if sheet.blocks)), own


def _blocks(sheet: Sheet, facts: dict, wanted: list[str], place: str) -> Iterator[Block | Each]:
    """The blocks with chosen columns. One that is repeated is taken apart, fact by fact."""
    for number, part in enumerate(sheet.blocks):
        if isinstance(part, Block):
            yield from _chosen((part,), wanted)
            continue
        for at, fact in enumerate(facts_of(facts, part.facts)):
            if blocks := tuple(_chosen(part.blocks, wanted, fact["name"])):
                alone = f"{part.facts}/{place}.{number}.{at}"
                facts[alone] = [fact]
                yield Each(alone, blocks)


def _chosen(blocks: Iterable[Block], wanted: list[str], name: str = "") -> Iterator[Block]:
    for block in blocks:
        columns = tuple(
            column
            for column in block.columns
            if any(_means(column.header.format(name), given) for given in wanted)
        )
        if columns and {column.header for column in block.columns} == NUMBERS:
            yield block
        elif columns:
            yield replace(block, columns=columns)


def _headers(sheet: Sheet, facts: dict | None) -> Iterator[str]:
    """The headers; those of facts that are not known yet end where their name would stand."""
    for part in sheet.blocks:
        if isinstance(part, Block):
            yield from (column.header for column in part.columns)
            continue
        columns = [column for block in part.blocks for column in block.columns]
        try:
            found = None if facts is None else facts[part.facts]
        except KeyError:
            found = None
        if found is None:
            yield from (column.header for column in columns)
        else:
            yield from (column.header.format(f["name"]) for column in columns for f in found)


def _may_be(header: str, name: str) -> bool:
    """Whether a name means this header, or begins as one with the name of a fact at its end."""
    head, fact, _ = header.partition("{}")
    return _means(head if fact else header, name) or bool(
        fact and _key(name).startswith(_key(head))
    )


def _means(header: str, name: str) -> bool:
    """A name is the whole header, or its first words: ``Variant``, ``Metafield``, ``Category:``."""
    header, name = _key(header), _key(name)
    return header == name or header.startswith((f"{name} ", f"{name}:"))


def _key(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(":")
