"""Objects to rows: the columns of a sheet are compiled once, then each object costs little.

A row is one text: its cells with CELL between them. Columns that stand together and show the
same thing make one segment; a segment of the object itself is made once and repeated.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

from transfer.reading.objects import path_getter
from transfer.rows.chosen_columns import chosen, chosen_sheets
from transfer.rows.columns import BoundColumn, bound_columns, exported_columns
from transfer.rows.getters import Get, getter, through
from transfer.types.base import ROW, TOP_ROW, Column, DataType, Item, Sheet
from transfer.types.forms import CellType
from transfer.types.shop_facts import ShopFacts

CELL = "\x00"
NUMBERED: dict[str, CellType] = {ROW.path: "number", TOP_ROW.path: "boolean"}


@dataclass(frozen=True)
class Layout:
    """A sheet for one shop: its ``columns``, their ``headers`` and ``cell_types``, and its rows.

    ``rows(item, number)`` gives the rows of an object, the first of which is row ``number``;
    ``height(item)`` how many they are. ``lists`` gives the lists whose members the rows show, by
    name. ``only`` tells which objects are on the sheet, if not all.
    """

    headers: tuple[str, ...]
    cell_types: tuple[CellType, ...]
    rows: Callable[[Any, int], list[str]]
    height: Callable[[Any], int] = lambda item: 1
    columns: tuple[BoundColumn, ...] = ()
    sheet: str = ""
    only: Callable[[Item], bool] | None = None
    lists: Mapping[str, Callable[[Item], list[Item]]] = field(default_factory=dict)


@dataclass
class _Segment:
    """Neighbouring columns of the object (``of`` is ""), of the members of one list, or the
    numbering ("#"). ``start`` gives what the columns of a member are read from, or None for blank
    cells; without it they are read from the member itself."""

    of: str
    start: Callable[[Item], Any] | None
    columns: list[Column]
    gets: list[Get]


def layout(sheet: Sheet, facts: ShopFacts, wanted: Sequence[str] = ()) -> Layout:
    """Compile the columns that an export of a sheet has, or those that are ``wanted``, for the
    facts of one shop, redacted and hidden ones left out. Children of which no column is wanted
    have no rows.
    """
    bound = chosen(exported_columns(sheet, facts), wanted)
    return layout_of(sheet, (column for column in bound if _is_seen(column, facts)), facts)


def layout_for_imports(sheet: Sheet, facts: ShopFacts) -> Layout:
    """Compile all columns that a file of a sheet may have."""
    bound = bound_columns(sheet, facts)
    return layout_of(sheet, (column for column in bound if _is_seen(column, facts)), facts)


def layout_of(sheet: Sheet, bound: Iterable[BoundColumn], facts: ShopFacts) -> Layout:
    """Compile these columns of a sheet."""
    columns = tuple(bound)
    lists = _lists(sheet, {column.block.of for column in columns} - {""})
    return Layout(
        tuple(column.header for column in columns),
        tuple(NUMBERED.get(c.column.path, c.column.form.cell_type) for c in columns),
        _rows(_segments(columns, facts), lists),
        partial(_height, tuple(lists.values())),
        columns,
        sheet.name,
        sheet.only,
        lists,
    )


def layouts(data_type: DataType, facts: ShopFacts, wanted: Sequence[str] = ()) -> list[Layout]:
    """The sheets of a type that have any of the ``wanted`` columns; all when none is named."""
    return [layout(sheet, facts, wanted) for sheet in chosen_sheets(data_type, facts, wanted)]


def redacted(sheet: Sheet, facts: ShopFacts) -> list[str]:
    """Headers of the columns that Shopify redacts."""
    return [c.header for c in bound_columns(sheet, facts) if _redacted(c, facts)]


def _segments(columns: Iterable[BoundColumn], facts: ShopFacts) -> list[_Segment]:
    segments: list[_Segment] = []
    for _, group in groupby(columns, key=lambda c: (id(c.block), c.fact)):
        together = list(group)
        segment = _segment(segments, together[0])
        for bound in together:
            get = getter(bound.column, facts)
            if not bound.block.of and bound.fact is not None:
                get = through(bound.start, get)
            segment.columns.append(bound.column)
            segment.gets.append(get)
    return segments


def _segment(segments: list[_Segment], first: BoundColumn) -> _Segment:
    """The segment that a block's columns go to: the last one, or a new one."""
    block = first.block
    of = "#" if first.column in (ROW, TOP_ROW) else block.of
    start = None
    if of and first.fact is not None:
        start = first.start
    elif block.part:
        start = path_getter(block.part)
    if start or not segments or segments[-1].start or segments[-1].of != of:
        segments.append(_Segment(of, start, [], []))
    return segments[-1]


def _height(lists: tuple[Callable[[Item], list[Item]], ...], item: Item) -> int:
    return max([1, *[len(of(item)) for of in lists]])


def _is_seen(bound: BoundColumn, facts: ShopFacts) -> bool:
    return bound.column.header not in facts.hidden and not _redacted(bound, facts)


def _redacted(bound: BoundColumn, facts: ShopFacts) -> bool:
    if not facts.redacted:
        return False
    start = bound.block.at or bound.block.of
    paths = (f"{start}.{path}" if start else path for path in bound.column.path.split("|"))
    return any(
        path == hid or path.startswith(f"{hid}.") for path in paths for hid in facts.redacted
    )


def _lists(sheet: Sheet, names: Iterable[str]) -> dict[str, Callable[[Item], list[Item]]]:
    """How the lists of these names are had from an object: made, or as they stand in it."""
    made = {children.name: children.of for children in sheet.children}
    return {name: made.get(name) or partial(_standing, name) for name in names}


def _standing(name: str, item: Item) -> list[Item]:
    return item.get(name) or []


def _rows(
    segments: list[_Segment], lists: dict[str, Callable[[Item], list[Item]]]
) -> Callable[[Item, int], list[str]]:
    makers = [(s.of, _maker(s)) for s in segments]

    def rows(item: Item, number: int) -> list[str]:
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


def _numbering(columns: list[Column]) -> Callable[[Item, int, int], list[str]]:
    template = CELL.join("{}" if column is ROW else "{top}" for column in columns)
    top, further = template.replace("{top}", "true"), template.replace("{top}", "")

    def numbering(item: Item, number: int, count: int) -> list[str]:
        return [top.format(number), *[further.format(number + n) for n in range(1, count)]]

    return numbering


def _of_children(segment: _Segment) -> Callable[[list[Item], int, int], list[str]]:
    gets, start = segment.gets, segment.start
    blank = CELL * (len(gets) - 1)
    placed = any(column.path == "#" for column in segment.columns)

    def of_children(children: list[Item], number: int, count: int) -> list[str]:
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


def _of_object(segment: _Segment) -> Callable[[Item, int, int], list[str]]:
    gets = segment.gets
    once_only = [column.top_only for column in segment.columns]

    def of_object(item: Item, number: int, count: int) -> list[str]:
        cells = [get(item) for get in gets]
        top = CELL.join(cells)
        if count == 1:
            return [top]
        cells = ["" if once else cell for cell, once in zip(cells, once_only, strict=True)]
        return [top] + [CELL.join(cells)] * (count - 1)

    return of_object
