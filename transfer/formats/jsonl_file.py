"""JSON Lines: each object as Shopify gives it, with its children nested."""

from collections.abc import Iterable, Iterator

import orjson

from transfer.types.base import Connection, DataType, Pass

OBJECTS_AT_ONCE = 32


def write(kind: DataType, facts: dict, items: Iterable[dict]) -> Iterator[bytes]:
    """One object a line, UTF-8."""
    lines = []
    for item in items:
        lines.append(orjson.dumps(nested(item, kind, facts), option=orjson.OPT_APPEND_NEWLINE))
        if len(lines) == OBJECTS_AT_ONCE:
            yield b"".join(lines)
            lines = []
    if lines:
        yield b"".join(lines)


def nested(item: dict, kind: DataType, facts: dict) -> dict:
    """The object without our aliases: repeated fields stand under their names in the store."""
    first = kind.passes[0]
    _rename(item, first, facts)
    for connection in first.connections:
        for child in item[connection.name]:
            child.pop("__parentId", None)
            _rename(child, connection, facts)
    for step in kind.passes[1:]:
        for child in item[step.attach.to]:
            attached = child.pop(step.attach.name, {})
            child[step.attach.name] = list(map(_bare, attached.values()))
    return item


def _rename(owner: dict, part: Pass | Connection, facts: dict) -> None:
    for repeated in part.repeated:
        values = {
            fact["name"]: owner.pop(fact["alias"])
            for fact in facts[repeated.facts]
            if fact["alias"] in owner
        }
        owner.setdefault(repeated.name, {}).update(values)


def _bare(line: dict) -> dict:
    return {name: value for name, value in line.items() if name != "__parentId"}
