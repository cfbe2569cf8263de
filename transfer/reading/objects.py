"""Objects made of result lines: children under their connection, further passes in their place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import orjson

from transfer.reading.external_sort import (
    Group,
    Sorted,
    linked_lines,
    owner_number,
    parent_number,
    sorted_lines,
)
from transfer.reading.queries import heads
from transfer.types.base import Attach, Connection, DataType, Item, Pass

UNWANTED = b"\\u000"
OWNER = "owner"
"""Our word for the object that a line of a further pass belongs to."""


def sorted_pass(lines: Iterable[bytes], step: Pass, first: Pass) -> AbstractContextManager[Sorted]:
    """The result lines of a pass, sorted by the object that they belong to."""
    if step.attach and heads(step):
        return linked_lines(lines)
    return sorted_lines(lines, parent_number if step.root == first.root else owner_number)


def together(data_type: DataType, passes: Mapping[int, Iterable[Group]]) -> Iterator[Item]:
    """The objects of a type in the order of their ids.

    ``passes`` holds the sorted lines of each pass that was run, by its place in the type's.
    Lines of an object that the first pass did not bring are dropped.
    """
    first = data_type.passes[0]
    build = builder(first)
    rest = [
        (attach, _maker(data_type.passes[n], first), _Reader(groups))
        for n, groups in passes.items()
        if n and (attach := data_type.passes[n].attach)
    ]
    for number, lines in passes[0]:
        items = build(parsed(lines))
        for attach, make, reader in rest:
            if more := reader.of(number):
                parts = make(parsed(more))
                for item in items:
                    attach_parts(item, parts, attach)
        yield from items


def ids_within(groups: Iterable[Group], name: str) -> Iterator[str]:
    """The ids of the members of the objects' list ``name``; lines without any are not parsed."""
    none = b'"%b":[]' % name.encode()
    for _, lines in groups:
        if none not in lines:
            for line in parsed(lines):
                yield from (member["id"] for member in line.get(name) or ())


def parsed(lines: bytes) -> list[Item]:
    """Lines joined by commas as dicts. NUL and SOH, which no spreadsheet can hold, are left out."""
    items: list[Item] = orjson.loads(b"[%b]" % lines)
    return [_without_control(item) for item in items] if UNWANTED in lines else items


def builder(part: Pass | Connection, mark: str = "") -> Callable[[list[Item]], list[Item]]:
    """A function from lines to the objects among them, each with a list for each connection.

    Objects are the lines without a parent, or those that have ``mark``. Children without their
    object are left out: Shopify removed it meanwhile. Two objects come from lines of one number
    only where a type has objects of several GraphQL types.
    """
    connections = () if isinstance(part, Pass) and part.plain else part.connections
    names = [connection.name for connection in connections]
    by_type = {typename: c.name for c in connections for typename in c.types}

    def build(lines: list[Item]) -> list[Item]:
        items, children = {}, []
        for line in lines:
            parent = line.pop("__parentId", None)
            if (mark in line) if mark else (parent is None):
                for name in names:
                    line[name] = []
                items[line["id"]] = line
            else:
                children.append((parent, line))
        for parent, line in children:
            item = items.get(parent)
            if item is not None:
                item[by_type[_typename(line)] if by_type else names[0]].append(line)
        return list(items.values()) if len(items) < 2 else [items[gid] for gid in sorted(items)]

    return build


def _typename(line: Item) -> str:
    """By the id, or as asked where there is none."""
    gid: str | None = line.get("id")
    if gid is None:
        typename: str = line["__typename"]
        return typename
    return gid[14 : gid.rindex("/")]


def _maker(step: Pass, first: Pass) -> Callable[[list[Item]], list[Item]]:
    """What a further pass's lines of one object are made into before they are put to it."""
    if part := heads(step):
        return builder(part, mark=OWNER)
    return builder(step) if step.root == first.root else list


def attach_parts(item: Item, parts: list[Item], attach: Attach) -> None:
    """Put what a further pass brought to the object or the child that it names."""
    at, by, key = (path_getter(path) for path in (attach.at, attach.by, attach.key))
    targets = {at(child): child for child in item[attach.to]} if attach.to else None
    for part in parts:
        target = item if targets is None else targets.get(by(part))
        if target is None:
            continue
        if not attach.name:
            if targets is not None or part["id"] == item["id"]:
                _add(target, {name: part[name] for name in part if name != OWNER})
        elif attach.key:
            target.setdefault(attach.name, {})[key(part)] = part
        else:
            target.setdefault(attach.name, []).append(part)


def _add(target: Item, part: Item) -> None:
    """Add the fields, those of an object within to what it has already."""
    for name, value in part.items():
        known = target.get(name)
        if isinstance(value, dict) and isinstance(known, dict):
            _add(known, value)
        else:
            target[name] = value


def without(items: Iterable[Item], paths: Iterable[str]) -> Iterator[Item]:
    """The objects without what stands at these dotted paths, members of lists included."""
    names = [path.split(".") for path in paths]
    for item in items:
        for path in names:
            _drop(item, *path)
        yield item


def _drop(value: object, name: str, *more: str) -> None:
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict):
            if more:
                _drop(part.get(name), *more)
            else:
                part.pop(name, None)


def path_getter(path: str) -> Callable[[Item], Any]:
    """A function from an object to the value at a dotted path; None where the path ends early. A
    number in it is a place in a list."""
    first, *others = path.split(".")
    if any(step.isdigit() for step in others):
        return _list_getter(first, others)
    if not others:
        return lambda item: item.get(first)
    if len(others) == 1:
        second = others[0]

        def two(item: Item) -> object:
            inner = item.get(first)
            return None if inner is None else inner.get(second)

        return two

    def many(item: Item) -> object:
        value = item.get(first)
        for step in others:
            if value is None:
                return None
            value = value.get(step)
        return value

    return many


def _list_getter(first: str, others: list[str]) -> Callable[[Item], Any]:
    at = next(n for n, step in enumerate(others) if step.isdigit())
    to_list = path_getter(".".join([first, *others[:at]]))
    place, rest = int(others[at]), path_getter(".".join(others[at + 1 :]))

    def member(item: Item) -> object:
        members = to_list(item)
        return rest(members[place]) if members and place < len(members) else None

    return member


class _Reader:
    """Walks a pass's groups alongside the objects, both in rising order."""

    def __init__(self, groups: Iterable[Group]):
        self._groups = iter(groups)
        self._next = next(self._groups, None)

    def of(self, number: int) -> bytes | None:
        while self._next is not None and self._next[0] < number:
            self._next = next(self._groups, None)
        return self._next[1] if self._next is not None and self._next[0] == number else None


def _without_control(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").replace("\x01", "")
    if isinstance(value, list):
        return [_without_control(part) for part in value]
    if isinstance(value, dict):
        return {name: _without_control(part) for name, part in value.items()}
    return value
