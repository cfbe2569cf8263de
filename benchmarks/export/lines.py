"""Files of result lines in the shape of Shopify's bulk operations, one for each pass of a type.

``scattered`` is what Shopify gives without ``groupObjects``: objects, then their children
connection by connection, those of many objects mixed. ``ordered`` is the same with each child
right after its parent: a gift to the plain loops, which could not do without it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

BATCH = 200


class Node(NamedTuple):
    """A line, and the nodes of each of its connections."""

    line: dict[str, Any]
    children: tuple[list["Node"], ...] = ()


Passes = tuple[list[Node], ...]
"""What each pass of a type brings of one object."""


def write(folder: Path, objects: Iterable[Passes]) -> None:
    """``ordered/N.jsonl`` and ``scattered/N.jsonl`` for each pass N."""
    for name in ("ordered", "scattered"):
        (folder / name).mkdir(parents=True)
    files: dict[tuple[str, int], BinaryIO] = {}
    try:
        for batch in _batches(objects):
            for number, lots in enumerate(zip(*batch, strict=True)):
                nodes = list(chain.from_iterable(lots))
                for name, walk in (("ordered", ordered), ("scattered", scattered)):
                    if (name, number) not in files:
                        files[name, number] = (folder / name / f"{number}.jsonl").open("wb")
                    files[name, number].writelines(map(_bytes, walk(nodes)))
    finally:
        for file in files.values():
            file.close()


def ordered(nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node.line
        for connection in node.children:
            yield from ordered(connection)


def scattered(nodes: list[Node]) -> Iterator[dict[str, Any]]:
    """The objects, then in turn a child of each; children of one object keep their order."""
    yield from (node.line for node in nodes)
    for connection in zip_longest(*(node.children for node in nodes), fillvalue=()):
        mixed = chain.from_iterable(zip_longest(*connection))
        yield from scattered([node for node in mixed if node])


def moment(number: int) -> str:
    """A moment of Shopify's, another one for each of some ten million numbers."""
    return datetime.fromtimestamp(1_760_000_000 + number % 10**7, UTC).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def _batches(objects: Iterable[Passes]) -> Iterator[list[Passes]]:
    objects = iter(objects)
    while batch := list(islice(objects, BATCH)):
        yield batch


def _bytes(line: dict[str, Any]) -> bytes:
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
