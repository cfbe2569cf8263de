"""JSON Lines: each object as Shopify gives it, with its children nested."""

from collections.abc import Iterable, Iterator

import orjson

from transfer.reading.objects import OWNER
from transfer.types.base import Attach, Connection, DataType, Item, Pass
from transfer.types.shop_facts import ShopFacts

OBJECTS_AT_ONCE = 32
PARENT = "__parentId"


def write(data_type: DataType, facts: ShopFacts, items: Iterable[Item]) -> Iterator[bytes]:
    """One object a line, UTF-8."""
    lines = []
    for item in items:
        lines.append(orjson.dumps(nested(item, data_type, facts), option=orjson.OPT_APPEND_NEWLINE))
        if len(lines) == OBJECTS_AT_ONCE:
            yield b"".join(lines)
            lines = []
    if lines:
        yield b"".join(lines)


def nested(item: Item, data_type: DataType, facts: ShopFacts) -> Item:
    """The object without our aliases and links: repeated fields stand under their names in the
    store, and what was brought by way of another object names it (a price its price list)."""
    for step in data_type.passes:
        _rename(item, step, facts)
        for connection in step.connections:
            for child in item.get(connection.name, ()):
                _rename(child, connection, facts)
        if step.attach and step.attach.name and step.attach.shown:
            for owner in item[step.attach.to] if step.attach.to else (item,):
                attached = owner.pop(step.attach.name, ())
                lines = attached.values() if isinstance(attached, dict) else attached
                owner[step.attach.name] = [_bare(line, step.attach) for line in lines]
    return item


def _rename(owner: Item, part: Pass | Connection, facts: ShopFacts) -> None:
    for repeated in part.repeated:
        values = {
            fact.name: owner.pop(fact.alias)
            for fact in facts.named(repeated.facts)
            if fact.alias in owner
        }
        owner.setdefault(repeated.name, {}).update(values)


def _bare(line: Item, attach: Attach) -> Item:
    parent = line.pop(PARENT, None)
    _unlink(line)
    if parent and attach.key == PARENT:
        typename = parent.split("/")[3]
        line[typename[0].lower() + typename[1:]] = {"id": parent}
    return line


def _unlink(line: Item) -> bool:
    """Take out the link to the object that the line belongs to, and what held only the link."""
    if OWNER in line:
        del line[OWNER]
        return True
    for name, value in line.items():
        if isinstance(value, dict) and _unlink(value):
            if not value:
                del line[name]
            return True
    return False
