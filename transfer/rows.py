"""Objects to rows: the columns of a sheet are compiled once, then each object costs little.

A row is one text: its cells with CELL between them. Columns that stand together and show the
same thing make one segment; a segment of the object itself is made once and repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass

from transfer.cells import Kind, Read
from transfer.objects import follow
from transfer.types.base import NUMBERING, Block, Column, Each, Sheet

CELL = "\x00"

Get = Callable[[dict], str]


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
    """Neighbouring columns of one connection (``of``), of the object (""), or the numbering."""

    of: str
    columns: list[Column]
    gets: list[Get]


def layout(sheet: Sheet, facts: dict) -> Layout:
    """Compile a sheet's columns for the facts of one shop."""
    segments: list[_Segment] = []
    headers, kinds = [], []
    for block, fact in _blocks(sheet, facts):
        if block is NUMBERING:
            segments.append(_Segment("#", [], []))
            headers += ["Row #", "Top Row"]
            kinds += ["number", "boolean"]
            continue
        if not segments or segments[-1].of != block.of:
            segments.append(_Segment(block.of, [], []))
        for column in block.columns:
            segments[-1].columns.append(column)
            segments[-1].gets.append(_get(column, block, fact, facts))
            headers.append(column.header.format(fact["name"]) if fact else column.header)
            kinds.append(column.form.kind)
    return Layout(tuple(headers), tuple(kinds), _rows(segments))


def _blocks(sheet: Sheet, facts: dict) -> list[tuple[Block, dict | None]]:
    blocks = []
    for part in sheet.blocks:
        if isinstance(part, Each):
            blocks += [(block, fact) for fact in facts[part.facts] for block in part.blocks]
        else:
            blocks.append((part, None))
    return blocks


def _get(column: Column, block: Block, fact: dict | None, facts: dict) -> Get:
    read, empty = column.form.reader(facts), column.form.empty
    if column.form.constant is not None and fact is None:
        return lambda item, text=column.form.constant: text
    value_of = _value_of(column.path)
    if fact is not None:
        find = block.find(fact)

        def found(item: dict) -> str:
            start = find(item)
            value = None if start is None else value_of(start)
            return "" if value is None else read(value)

        return found
    if column.path == ".":
        return read
    names = column.path.split(".")
    if "|" not in column.path and len(names) <= 2:
        return _direct(names[0], read, empty) if len(names) == 1 else _inner(*names, read, empty)

    def get(item: dict) -> str:
        value = value_of(item)
        return empty if value is None else read(value)

    return get


def _direct(name: str, read: Read, empty: str) -> Get:
    """A field of the object. Texts as they stand are the commonest cells, so they cost least."""

    def text(item: dict) -> str:
        value = item.get(name)
        if value.__class__ is str:
            return value
        return empty if value is None else str(value)

    def get(item: dict) -> str:
        value = item.get(name)
        return empty if value is None else read(value)

    return text if read is str else get


def _inner(outer: str, name: str, read: Read, empty: str) -> Get:
    """A field of an object within the object."""

    def get(item: dict) -> str:
        inner = item.get(outer)
        value = None if inner is None else inner.get(name)
        return empty if value is None else read(value)

    return get


def _value_of(path: str) -> Callable[[dict], object]:
    if path == ".":
        return lambda item: item
    if "|" not in path:
        return follow(path)
    choices = [follow(choice) for choice in path.split("|")]

    def first(item: dict) -> object:
        return next((v for choice in choices if (v := choice(item)) is not None), None)

    return first


def _rows(segments: list[_Segment]) -> Callable[[dict, int], list[str]]:
    makers = [_maker(segment) for segment in segments]
    groups = list(dict.fromkeys(s.of for s in segments if s.of not in ("", "#")))

    def rows(item: dict, number: int) -> list[str]:
        count = max([1, *[len(item[group]) for group in groups]])
        return list(
            map(CELL.join, zip(*[make(item, number, count) for make in makers], strict=True))
        )

    return rows


def _maker(segment: _Segment) -> Callable[[dict, int, int], list[str]]:
    """A function from (object, number of its first row, count of rows) to the segment's texts."""
    gets, of = segment.gets, segment.of
    if of == "#":
        return lambda item, number, count: [
            f"{number}{CELL}true",
            *[f"{further}{CELL}" for further in range(number + 1, number + count)],
        ]
    blank = CELL * (len(gets) - 1)
    if of:
        placed = any(column.path == "#" for column in segment.columns)

        def of_children(item: dict, number: int, count: int) -> list[str]:
            children = item[of]
            if placed:
                for place, child in enumerate(children, 1):
                    child["#"] = place
            texts = [CELL.join([get(child) for get in gets]) for child in children]
            return texts + [blank] * (count - len(texts))

        return of_children
    once_only = [column.top_only for column in segment.columns]

    def of_object(item: dict, number: int, count: int) -> list[str]:
        cells = [get(item) for get in gets]
        top = CELL.join(cells)
        if count == 1:
            return [top]
        cells = ["" if once else cell for cell, once in zip(cells, once_only, strict=True)]
        return [top] + [CELL.join(cells)] * (count - 1)

    return of_object
