"""How many rows an export will have, known before its file is made, in flat memory."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import orjson

from shopify.admin import Admin
from transfer.join import parent_number, sorted_lines
from transfer.types.base import Block, Connection, DataType, Each

COUNTED = """query ($query: String, $after: String) {{
  page: {root}(first: 200, query: $query, after: $after) {{
    nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
TYPENAME = re.compile(rb'\{"id":"gid://shopify/(\w+)/')


def count_lines(kind: DataType, lines: Iterable[bytes]) -> int:
    """Rows of result lines: an object has as many as its longest list of children shown."""
    shown = _shown(kind)
    if not shown:
        return sum(b'"__parentId"' not in line for line in lines)
    group_of = {
        typename.encode(): number
        for number, connection in enumerate(shown, 1)
        for typename in connection.types
    }
    with sorted_lines(_marks(lines, group_of), lambda mark: int(mark[:-1])) as marks:
        return sum(_rows(joined) for _, joined in marks)


def count_pages(kind: DataType, admin: Admin, search: str) -> int:
    """Rows told from the counts of each object's children, asked page by page."""
    counts = [connection.count for connection in _shown(kind)]
    fields = " ".join(["id", *(f"{field} {{ count }}" for field in counts)])
    variables, rows = {"query": search or None, "after": None}, 0
    while True:
        page = admin.query(COUNTED.format(root=kind.passes[0].root, fields=fields), variables)[
            "page"
        ]
        rows += sum(max([1, *(node[f]["count"] for f in counts)]) for node in page["nodes"])
        if not page["pageInfo"]["hasNextPage"]:
            return rows
        variables["after"] = page["pageInfo"]["endCursor"]


def _shown(kind: DataType) -> list[Connection]:
    """The connections whose children have rows of their own."""
    names = {block.of for sheet in kind.sheets for block in _blocks(sheet.blocks)}
    return [connection for connection in kind.passes[0].connections if connection.name in names]


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
