"""Objects made of result lines: children under their connection, further passes in their place."""

from collections.abc import Callable, Iterable, Iterator

import orjson

from transfer.join import Group
from transfer.types.base import Attach, DataType, Pass

UNWANTED = b"\\u000"


def together(kind: DataType, passes: dict[int, Iterable[Group]]) -> Iterator[dict]:
    """The objects of a type in the order of their ids.

    ``passes`` holds the sorted lines of each pass that was run, by its place in ``kind.passes``.
    Lines of an object that the first pass did not bring are dropped.
    """
    build = builder(kind.passes[0])
    rest = [(kind.passes[n].attach, _Reader(groups)) for n, groups in passes.items() if n]
    for number, lines in passes[0]:
        item = build(parsed(lines))
        if item is None:
            continue
        for attach, reader in rest:
            if more := reader.of(number):
                put(item, parsed(more), attach)
        yield item


def parsed(lines: bytes) -> list[dict]:
    """Lines joined by commas as dicts. NUL and SOH, which no spreadsheet can hold, are left out."""
    items = orjson.loads(b"[%b]" % lines)
    return _without_control(items) if UNWANTED in lines else items


def builder(step: Pass) -> Callable[[list[dict]], dict | None]:
    """A function from an object's lines to the object with a list for each connection.

    It gives None for lines without the object itself: Shopify removed it meanwhile.
    """
    names = [connection.name for connection in step.connections]
    by_type = {typename: c.name for c in step.connections for typename in c.types}

    def build(lines: list[dict]) -> dict | None:
        item = None
        children: dict[str, list[dict]] = {name: [] for name in names}
        for line in lines:
            if "__parentId" not in line:
                item = line
            else:
                gid = line["id"]
                children[by_type[gid[14 : gid.rindex("/")]]].append(line)
        if item is not None:
            item.update(children)
        return item

    return build


def put(item: dict, lines: list[dict], attach: Attach) -> None:
    """Put a further pass's lines to the children that they name."""
    at, by, key = (follow(path) for path in (attach.at, attach.by, attach.key))
    children = {at(child): child for child in item[attach.to]}
    for line in lines:
        child = children.get(by(line))
        if child is not None:
            child.setdefault(attach.name, {})[key(line)] = line


def follow(path: str) -> Callable[[dict], object]:
    """A function from an object to the value at a dotted path; None where the path ends early."""
    first, *others = path.split(".")
    if not others:
        return lambda item: item.get(first)
    if len(others) == 1:
        second = others[0]

        def two(item: dict) -> object:
            inner = item.get(first)
            return None if inner is None else inner.get(second)

        return two

    def many(item: dict) -> object:
        value = item.get(first)
        for step in others:
            if value is None:
                return None
            value = value.get(step)
        return value

    return many


class _Reader:
    """Walks a pass's groups alongside the objects, both in rising order."""

    def __init__(self, groups: Iterable[Group]):
        self._groups = iter(groups)
        self._next = next(self._groups, None)

    def of(self, number: int) -> bytes | None:
        while self._next is not None and self._next[0] < number:
            self._next = next(self._groups, None)
        return self._next[1] if self._next is not None and self._next[0] == number else None


def _without_control(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\x00", "").replace("\x01", "")
    if isinstance(value, list):
        return [_without_control(part) for part in value]
    if isinstance(value, dict):
        return {name: _without_control(part) for name, part in value.items()}
    return value
