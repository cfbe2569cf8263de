"""Objects to rows: the columns of a sheet are compiled once, then each object costs little.

A row is one text: its cells with CELL between them. Columns that stand together and show the
same thing make one segment; a segment of the object itself is made once and repeated.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from transfer.reading.objects import follow
from transfer.rows.getters import Get, found, getter
from transfer.types.base import ROW, TOP_ROW, Block, Column, Each, Sheet, facts_of
from transfer.types.forms import Kind

CELL = "\x00"
NUMBERED: dict[str, Kind] = {ROW.path: "number", TOP_ROW.path: "boolean"}


@dataclass(frozen=True)
class Layout:
    """A sheet for one shop: ``headers``, the ``kinds`` of the columns, and ``rows``.

    ``rows(item, number)`` gives the rows of an object, the first of which is row ``number``.
    """

    headers: tuple[str, ...]
    kinds: tuple[Kind, ...]
    rows: Callable[[dict, int], list[str]]


@dataclass
class _Segment:
    """Neighbouring columns of the object (``of`` is ""), of the members of one list, or the
    numbering ("#"). ``start`` gives what the columns of a member are read from, or None for blank
    cells; without it they are read from the member itself."""

    of: str
    start: Get | None
    columns: list[Column]
    gets: list[Get]


def layout(sheet: Sheet, facts: dict) -> Layout:
    """Compile a sheet's columns for the facts of one shop, redacted ones left out."""
    segments: list[_Segment] = []
    headers, kinds = [], []
    for block, fact in _blocks(sheet, facts):
        segment = _segment(segments, block, fact)
        for column in block.columns:
            if _hidden(column, block, facts):
                continue
            get = getter(column, facts)
            segment.columns.append(column)
            segment.gets.append(get if block.of or fact is None else found(block.find(fact), get))
            headers.append(column.header.format(fact["name"]) if fact else column.header)
            kinds.append(NUMBERED.get(column.path, column.form.kind))
    return Layout(tuple(headers), tuple(kinds), _rows(sheet, [s for s in segments if s.columns]))


def _segment(segments: list[_Segment], block: Block, fact: dict | None) -> _Segment:
    """The segment that a block's columns go to: the last one, or a new one."""
    of = "#" if block.columns[0] in (ROW, TOP_ROW) else block.of
    start = None
    if of and fact is not None:
        start = block.find(fact)
    elif block.part:
        start = follow(block.part)
    if start or not segments or segments[-1].start or segments[-1].of != of:
        segments.append(_Segment(of, start, [], []))
    return segments[-1]


def hidden(sheet: Sheet, facts: dict) -> list[str]:
    """Headers of the columns that Shopify redacts."""
    return [
        column.header.format(fact["name"]) if fact else column.header
        for block, fact in _blocks(sheet, facts)
        for column in block.columns
        if _hidden(column, block, facts)
    ]


def height(sheet: Sheet) -> Callable[[dict], int]:
    """A function from an object to its count of rows."""
    lists = _lists(sheet, {block.of for block in _all_blocks(sheet)} - {""})
    return lambda item: max([1, *[len(of(item)) for of in lists.values()]])


def _hidden(column: Column, block: Block, facts: dict) -> bool:
    redacted = facts.get("redacted")
    if not redacted:
        return False
    start = block.at or block.of
    paths = (f"{start}.{path}" if start else path for path in column.path.split("|"))
    return any(path == hid or path.startswith(f"{hid}.") for path in paths for hid in redacted)


def _all_blocks(sheet: Sheet) -> list[Block]:
    parts = (part.blocks if isinstance(part, Each) else (part,) for part in sheet.blocks)
    return [block for blocks in parts for block in blocks]


def _lists(sheet: Sheet, names: Iterable[str]) -> dict[str, Callable[[dict], list[dict]]]:
    """How the lists of these names are had from an object: made, or as they stand in it."""
    made = {children.name: children.of for children in sheet.children}
    return {name: made.get(name) or partial(_standing, name) for name in names}


def _standing(name: str, item: dict) -> list[dict]:
    return item.get(name) or []


def _blocks(sheet: Sheet, facts: dict) -> list[tuple[Block, dict | None]]:
    blocks = []
    for part in sheet.blocks:
        if isinstance(part, Each):
            found = facts_of(facts, part.facts)
            blocks += [(block, fact) for fact in found for block in part.blocks]
        else:
            blocks.append((part, None))
    return blocks


def _rows(sheet: Sheet, segments: list[_Segment]) -> Callable[[dict, int], list[str]]:
    makers = [(s.of, _maker(s)) for s in segments]
    lists = _lists(sheet, {block.of for block in _all_blocks(sheet)} - {""})

    def rows(item: dict, number: int) -> list[str]:
        members = {name: of(item) for name, of in lists.items()}
        count = max([1, *map(len, members.values())])
        columns = [make(members.get(of, item), number, count) for of, make in makers]
        return list(map(CELL.join, zip(*columns, strict=True)))

    return rows


def _maker(segment: _Segment) -> Callable[[Any, int, int], list[str]]:
    """A function from (object or list, number of its first row, count of rows) to the texts."""
    if segment.of == "#":
        return _numbering(segment.columns)
    return _of_children(segment) if segment.of else _of_object(segment)


def _numbering(columns: list[Column]) -> Callable[[dict, int, int], list[str]]:
    template = CELL.join("{}" if column is ROW else "{top}" for column in columns)
    top, further = template.replace("{top}", "true"), template.replace("{top}", "")

    def numbering(item: dict, number: int, count: int) -> list[str]:
        return [top.format(number), *[further.format(number + n) for n in range(1, count)]]

    return numbering


def _of_children(segment: _Segment) -> Callable[[list[dict], int, int], list[str]]:
    gets, start = segment.gets, segment.start
    blank = CELL * (len(gets) - 1)
    placed = any(column.path == "#" for column in segment.columns)

    def of_children(children: list[dict], number: int, count: int) -> list[str]:
        if placed:
            for place, child in enumerate(children, 1):
                child["#"] = place
        if start:
            parts = map(start, children)
            texts = [blank if p is None else CELL.join([get(p) for get in gets]) for p in parts]
        else:
            texts = [CELL.join([get(child) for get in gets]) for child in children]
        return texts + [blank] * (count - len(texts))

    return of_children


def _of_object(segment: _Segment) -> Callable[[dict, int, int], list[str]]:
    gets = segment.gets
    once_only = [column.top_only for column in segment.columns]

    def of_object(item: dict, number: int, count: int) -> list[str]:
        cells = [get(item) for get in gets]
        top = CELL.join(cells)
        if count == 1:
            return [top]
        cells = ["" if once else cell for cell, once in zip(cells, once_only, strict=True)]
        return [top] + [CELL.join(cells)] * (count - 1)

    return of_object
