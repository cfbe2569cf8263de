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
    for step in kind.passes:
        _rename(item, step, facts)
        for connection in step.connections:
            for child in item.get(connection.name, ()):
                _rename(child, connection, facts)
        if step.attach and step.attach.name:
            for owner in item[step.attach.to] if step.attach.to else (item,):
                attached = owner.pop(step.attach.name, ())
                lines = attached.values() if isinstance(attached, dict) else attached
                owner[step.attach.name] = list(map(_bare, lines))
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
    return {name: value for name, value in line.items() if name not in ("__parentId", "owner")}
