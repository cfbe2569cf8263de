"""JSON Lines as an export writes them: objects, made into the rows that their CSV would have."""

import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from transfer.formats.bad_file import BadFile
from transfer.formats.jsonl_writer import PARENT
from transfer.reading.objects import OWNER, path_getter
from transfer.rows.layout import CELL, Layout, layouts
from transfer.types.base import Attach, Connection, DataType, Item, Pass, Repeated
from transfer.types.shop_facts import MetafieldDefinition, ShopFacts

LONGEST = 16 * 1024 * 1024
MOST_VALUES = 1_000_000
"""Commas in a line: each value takes a hundred bytes in memory, however short it is."""
MAX_HEADER = 250_000
"""Characters of all column names: each import keeps them, and a list reads those of many."""
UNDEFINED = "/undefined"
"""Ends the name of the facts of metafields without a definition."""
METAFIELD = re.compile(r"(?:(?P<namespace>.+)\.)?(?P<key>[^.\s]+) \[(?P<type>[^\]]+)\]")
NO_OBJECT = "Line {} is not an object as an export writes it."
LONG_LINE = "Line {} is longer than 16 MB."
TOO_MANY_VALUES = f"Line {{}} has more than {MOST_VALUES:,} values."
TOO_MANY_METAFIELDS = (
    f"The names of the metafields have more than {MAX_HEADER:,} characters together. Leave out "
    "those that are not to be imported."
)
NOT_TEXT = (KeyError, TypeError, AttributeError, IndexError, ValueError)
"""What a value raises that is not of the kind that its column shows."""


def is_jsonl(path: Path) -> bool:
    """Whether a file begins as an object of JSON does."""
    with path.open("rb") as file:
        return file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read_jsonl(
    path: Path, data_type: DataType, facts: ShopFacts
) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The rows of each sheet of the type, by its name, the header first; or BadFile, which
    iterating the rows may raise as well.

    Metafields that the shop has no definition of get columns too.
    """
    facts = _with_metafields(path, data_type, facts)
    for layout in layouts(data_type, facts):
        yield layout.sheet, _rows(path, data_type, facts, layout)


def _rows(path: Path, data_type: DataType, facts: ShopFacts, layout: Layout) -> Iterator[list[str]]:
    yield list(layout.headers)
    number = 1
    for line, item in _objects(path):
        try:
            flat(item, data_type, facts)
            rows = layout.rows(item, number) if not layout.only or layout.only(item) else []
        except NOT_TEXT:
            raise BadFile(NO_OBJECT.format(line)) from None
        number += len(rows)
        for row in rows:
            yield row.split(CELL)


def _objects(path: Path) -> Iterator[tuple[int, Item]]:
    """The objects of a file with the numbers of their lines."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST:
                raise BadFile(LONG_LINE.format(number))
            if line.count(b",") > MOST_VALUES:
                raise BadFile(TOO_MANY_VALUES.format(number))
            if line.strip():
                yield number, _object(line.removeprefix(b"\xef\xbb\xbf"), number)


def _object(line: bytes, number: int) -> Item:
    try:
        item = orjson.loads(line.replace(b"\\u0000", b"").replace(b"\\u0001", b""))
    except orjson.JSONDecodeError:
        item = None
    if not isinstance(item, dict):
        raise BadFile(NO_OBJECT.format(number))
    return item


def flat(item: Item, data_type: DataType, facts: ShopFacts) -> Item:
    """An object as the passes of its type bring it: ``nested`` of ``jsonl_writer`` the other way
    round."""
    for step in reversed(data_type.passes):
        if step.attach and step.attach.name and step.attach.shown:
            for owner in item[step.attach.to] if step.attach.to else (item,):
                _attach(owner, step, step.attach, item["id"])
        for owner, part in _owners(item, step):
            names = {repeated.name for repeated in part.repeated}
            named = {name: owner.pop(name, None) for name in names}
            for repeated in part.repeated:
                values = named[repeated.name] or {}
                for fact in facts.named(repeated.facts):
                    if fact.name in values:
                        owner[fact.alias] = values[fact.name]
    return item


def _attach(owner: Item, step: Pass, attach: Attach, gid: str) -> None:
    """Put what a further pass brought to the object with this id in its place again."""
    lines = owner.pop(attach.name, None) or []
    for line in lines:
        line[OWNER] = {"id": gid}
    if not attach.key:
        owner[attach.name] = lines
        return
    if attach.key == PARENT:
        parent = step.root.removesuffix("s")
        keyed = {line.pop(parent)["id"]: line for line in lines}
    else:
        key = path_getter(attach.key)
        keyed = {key(line): line for line in lines}
    owner[attach.name] = keyed


def _owners(item: Item, step: Pass) -> Iterator[tuple[Item, Pass | Connection]]:
    """The object and its children, each with what says how its fields are repeated."""
    yield item, step
    for connection in step.connections:
        for child in item.get(connection.name) or ():
            yield child, connection


def _with_metafields(path: Path, data_type: DataType, facts: ShopFacts) -> ShopFacts:
    """The facts with the metafields that objects of the file have and the shop does not know."""
    parts: list[Pass | Connection] = [*data_type.passes]
    parts += (connection for step in data_type.passes for connection in step.connections)
    unknown: dict[Repeated, dict[str, None]] = {
        repeated: {}
        for part in parts
        for repeated in part.repeated
        if repeated.facts.endswith(UNDEFINED)
    }
    if not unknown:
        return facts
    length = 0
    for line, item in _objects(path):
        try:
            for step in data_type.passes:
                for owner, part in _owners(item, step):
                    for repeated in set(part.repeated) & set(unknown):
                        names = unknown[repeated]
                        new = [n for n in owner.get(repeated.name) or () if n not in names]
                        length += sum(map(len, new))
                        names.update(dict.fromkeys(new))
        except NOT_TEXT:
            raise BadFile(NO_OBJECT.format(line)) from None
        if length > MAX_HEADER:
            raise BadFile(TOO_MANY_METAFIELDS)
    for repeated, names in unknown.items():
        known = {fact.name for fact in facts.named(repeated.facts.removesuffix(UNDEFINED))}
        found = (METAFIELD.fullmatch(name) for name in names if name not in known)
        made = (
            MetafieldDefinition(
                f"file{place}", name[0], name["namespace"] or "global", name["key"], name["type"]
            )
            for place, name in enumerate(found)
            if name
        )
        facts = facts.having(repeated.facts, made)
    return facts
