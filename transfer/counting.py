"""How many rows an export will have, told from its result lines alone, in flat memory."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import orjson

from transfer.join import parent_number, sorted_lines
from transfer.types.base import Block, DataType, Each

TYPENAME = re.compile(rb'\{"id":"gid://shopify/(\w+)/')


def count(kind: DataType, lines: Iterable[bytes]) -> int:
    """Rows of all sheets: an object has as many as its longest list of children that are shown."""
    shown = {c.name for c in kind.passes[0].connections if c.name in _shown(kind)}
    if not shown:
        return sum(b'"__parentId"' not in line for line in lines)
    group_of = {
        typename.encode(): number
        for number, connection in enumerate(kind.passes[0].connections, 1)
        if connection.name in shown
        for typename in connection.types
    }
    with sorted_lines(_marks(lines, group_of), lambda mark: int(mark[:-1])) as marks:
        return sum(_rows(joined) for _, joined in marks)


def _shown(kind: DataType) -> set[str]:
    """The connections whose children have rows of their own."""
    return {block.of for sheet in kind.sheets for block in _blocks(sheet.blocks) if block.of}


def _blocks(parts: Iterable[Block | Each]) -> Iterator[Block]:
    for part in parts:
        yield from part.blocks if isinstance(part, Each) else (part,)


def _marks(lines: Iterable[bytes], group_of: dict[bytes, int]) -> Iterator[bytes]:
    """For each line its object's number and one digit: 0 the object itself, else the group."""
    for line in lines:
        head = TYPENAME.match(line)
        typename = head[1] if head else _typename(line)
        number = parent_number(line)
        if typename in group_of:
            yield b"%d%d" % (number, group_of[typename])
        elif b'"__parentId"' not in line:
            yield b"%d0" % number


def _typename(line: bytes) -> bytes:
    return orjson.loads(line).get("id", "///").split("/")[3].encode()


def _rows(joined: bytes) -> int:
    """Marks of one object to its rows; none when the object itself is missing."""
    digits = Counter(mark[-1:] for mark in joined.split(b","))
    if not digits.pop(b"0", 0):
        return 0
    return max([1, *digits.values()])
