"""Result lines brought together by the object they belong to, however large the result is.

Shopify writes children anywhere after their parent and each further pass in an order of its own.
So lines are sorted by their object's number, outside of memory: sorted runs in one temporary
file, then a merge. Lines of one object keep their order.
"""

import heapq
import os
import re
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, groupby
from operator import itemgetter
from typing import IO

import orjson

RUN_BYTES = 16 * 1024 * 1024
KEPT_BYTES = 1024 * 1024
"""What a pass may keep in memory to the end: an export of all types has some forty passes."""
BUFFER = 64 * 1024
HEADER = struct.Struct("<QI")
TAIL = re.compile(rb'"__parentId":"gid://shopify/\w+/(\d+)"\}$')
HEAD = re.compile(rb'\{"id":"gid://shopify/\w+/(\d+)"')
OWNER = re.compile(rb'"owner":\{"id":"gid://shopify/\w+/(\d+)"')

Group = tuple[int, bytes]
NumberOf = Callable[[bytes], int | None]


def parent_number(line: bytes) -> int | None:
    """The number of the object that a line of the first pass is, or belongs to.

    Quotes inside JSON strings are escaped, so these bytes stand only where Shopify put them; a
    line that is written otherwise is parsed.
    """
    if tail := TAIL.search(line[-100:]):
        return int(tail[1])
    if b'"__parentId"' not in line and (head := HEAD.match(line)):
        return int(head[1])
    parsed = orjson.loads(line)
    return _number(parsed.get("__parentId") or parsed["id"])


def owner_number(line: bytes) -> int | None:
    """The number of the object that a line of a further pass names as its ``owner``."""
    if owner := OWNER.search(line):
        return int(owner[1])
    return None if b'"owner"' not in line else _owner(orjson.loads(line))


def linked_number(line: bytes) -> int | None:
    """For a line that names its ``owner`` its own number, for any other its parent's."""
    if b'"owner"' in line:
        return _number(orjson.loads(line)["id"])
    return parent_number(line) if b'"__parentId"' in line else None


def _owner(value: object) -> int | None:
    if isinstance(value, dict):
        owner = value.get("owner")
        if isinstance(owner, dict):
            return _number(owner["id"])
        return next((n for v in value.values() if (n := _owner(v)) is not None), None)
    return None


def _number(gid: str) -> int:
    return int(gid[gid.rindex("/") + 1 :].partition("?")[0])


@contextmanager
def sorted_lines(lines: Iterable[bytes], number_of: NumberOf) -> Iterator["Sorted"]:
    """The lines, sorted; the temporary file is gone when the block ends."""
    with tempfile.TemporaryFile() as file:
        yield Sorted(file, lines, number_of)


@contextmanager
def linked_lines(lines: Iterable[bytes]) -> Iterator["Sorted"]:
    """Lines whose children do not name the owner themselves, sorted with what they belong to:
    first they are brought together, then each lot goes to its owner."""
    with tempfile.TemporaryFile() as file:
        with sorted_lines(lines, linked_number) as lots:
            owned = Sorted(file, (lot for _, lot in lots), owner_number)
        yield owned


class Sorted:
    """The lines of one pass, grouped by their object's number in rising order.

    Iterating, as often as wanted, gives ``(number, lines)``: the lines of one object, joined by
    commas. Lines of no object (``number_of`` gives None) are dropped.
    """

    def __init__(self, file: IO[bytes], lines: Iterable[bytes], number_of: NumberOf):
        self._file = file
        self._ends = [0]
        self._last: list[Group] = []
        self._take(lines, number_of)

    def __iter__(self) -> Iterator[Group]:
        runs = [self._read(*bounds) for bounds in zip(self._ends, self._ends[1:], strict=False)]
        if not runs:
            yield from self._last
            return
        merged = heapq.merge(*runs, self._last, key=itemgetter(0))
        for number, groups in groupby(merged, key=itemgetter(0)):
            yield number, b",".join([lines for _, lines in groups])

    @property
    def is_empty(self) -> bool:
        """Whether it has no line."""
        return not self._last and len(self._ends) == 1

    def _take(self, lines: Iterable[bytes], number_of: NumberOf) -> None:
        numbers: list[int] = []
        kept: list[bytes] = []
        size = 0
        for line in lines:
            number = number_of(line)
            if number is None:
                continue
            numbers.append(number)
            kept.append(line)
            size += len(line)
            if size >= RUN_BYTES:
                self._write(_grouped(numbers, kept))
                numbers.clear()
                kept.clear()
                size = 0
        if size > KEPT_BYTES:
            self._write(_grouped(numbers, kept))
        else:
            self._last = list(_grouped(numbers, kept))

    def _write(self, groups: Iterable[Group]) -> None:
        parts = ((HEADER.pack(number, len(lines)), lines) for number, lines in groups)
        self._file.writelines(chain.from_iterable(parts))
        self._ends.append(self._file.tell())
        self._file.flush()

    def _read(self, start: int, end: int) -> Iterator[Group]:
        """One run, read at its own place, so that runs and readers do not disturb each other."""
        buffer, at = b"", 0

        def ready(size: int) -> None:
            nonlocal buffer, at, start
            if (missing := size - (len(buffer) - at)) > 0:
                more = os.pread(self._file.fileno(), min(max(BUFFER, missing), end - start), start)
                buffer, at, start = buffer[at:] + more, 0, start + len(more)

        while start < end or at < len(buffer):
            ready(HEADER.size)
            number, size = HEADER.unpack_from(buffer, at)
            at += HEADER.size
            ready(size)
            yield number, buffer[at : at + size]
            at += size


def _grouped(numbers: list[int], lines: list[bytes]) -> Iterator[Group]:
    """Lines of one number joined, numbers rising; lines that stand in order already are quick."""
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    for number, places in groupby(order, key=numbers.__getitem__):
        yield number, b",".join([lines[place] for place in places])
