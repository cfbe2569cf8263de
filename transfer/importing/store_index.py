"""All objects of a type as the store has them, found by id or natural key while a file is planned.

They are kept in a file of our own, so memory stays flat however many there are. Beside each stands
a hash of the rows that an export would write of the file's columns: rows that have the same are
unchanged, and their object need not be looked at. Numbers and booleans are hashed in the form in
which they are compared, as a spreadsheet program makes ``20`` of ``20.00``.

The members of a set that is endless may stand beside their objects: then of an object that has more
of them than are planned at once only those are read that rows name.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

import orjson

import scratch
from transfer.importing.cells import shown
from transfer.importing.columns import ALWAYS_NEW, FileColumns
from transfer.importing.grouping import PART
from transfer.importing.snapshot import TOTALS
from transfer.rows.columns import BoundColumn
from transfer.rows.layout import CELL, layout_of
from transfer.types.base import ROW, TOP_ROW, Item, Sheet

ROWS = "\x01"
"""Between the rows of an object; objects are read without this sign."""
TABLES = """
CREATE TABLE objects (number INTEGER PRIMARY KEY, ref TEXT, key TEXT, rows INTEGER, item BLOB);
CREATE TABLE names (hash INTEGER, object INTEGER, PRIMARY KEY (hash, object)) WITHOUT ROWID;
CREATE TABLE members (number INTEGER PRIMARY KEY, ref TEXT, hash INTEGER, member BLOB);
CREATE INDEX members_of ON members (ref, hash);
"""
AT_ONCE = 500
BATCH_BYTES, MEMORY_KB = 4_000_000, 16_000
MOST_KNOWN = 50_000
"""So many cells of a form are kept in the form in which they are compared."""
Pick: TypeAlias = Callable[[Sequence[str]], Sequence[str]]
Same: TypeAlias = tuple[str, str]
"""The id and the natural key of an object that its rows leave as it is."""


class StoreIndex:
    """``columns`` are those of the file whose rows are compared."""

    def __init__(self, columns: FileColumns):
        self.columns = columns
        self._stack = ExitStack()
        path = self._stack.enter_context(scratch.folder()) / "store"
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._stack.callback(self._database.close)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{MEMORY_KB}"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.executescript(TABLES)
        bound = _compared(columns)
        self._layout = layout_of(_sheet(columns), bound, columns.facts) if bound else None
        self._stored = _RowText(bound, range(len(bound)))
        self._sent = _RowText(bound, [columns.places[column.header] for column in bound])
        named = {header for key in columns.keys for header in key.headers}
        self._key_columns = [c for c in columns.sheet.columns if c.header in named]
        self._key_layout = layout_of(_sheet(columns), self._key_columns, columns.facts)
        self._endless = ""
        self._totals: dict[str, int] = {}

    def close(self) -> None:
        self._stack.close()

    def fill(self, items: Iterable[Item]) -> None:
        """Take all objects of the store. Of a batch only texts are held: an object of many members
        takes a hundred times as much."""
        objects: list[tuple[int, str, str, int, bytes]] = []
        names: list[tuple[int, int]] = []
        size = 0
        for number, item in enumerate(items):
            keys = self._keys(item)
            rows = self._layout.rows(item, 1) if self._layout else []
            text, exported = orjson.dumps(item), self._stored.hash(row.split(CELL) for row in rows)
            objects.append((number, item["id"], keys[0] if keys else "", exported, text))
            names += {(hash(name), number) for name in (item["id"], *keys)}
            size += len(text)
            if size > BATCH_BYTES:
                self._store(objects, names)
                size = 0
        self._store(objects, names)

    def _store(
        self, objects: list[tuple[int, str, str, int, bytes]], names: list[tuple[int, int]]
    ) -> None:
        """Write a batch, and empty its lists."""
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO objects VALUES (?, ?, ?, ?, ?)", objects)
        self._database.executemany("INSERT INTO names VALUES (?, ?)", names)
        self._database.execute("COMMIT")
        objects.clear()
        names.clear()

    def fill_members(self, of: str, lines: Iterable[bytes]) -> None:
        """Take the members of a set that is endless, which the objects were filled without."""
        self._endless, self._layout = of, None
        left = iter(lines)
        while batch := list(islice(left, AT_ONCE)):
            members = [line for line in map(orjson.loads, batch) if "__parentId" in line]
            rows = [
                (one["__parentId"], self._member_hash(one), orjson.dumps(one)) for one in members
            ]
            self._database.execute("BEGIN")
            self._database.executemany(
                "INSERT INTO members (ref, hash, member) VALUES (?, ?, ?)", rows
            )
            self._database.execute("COMMIT")

    def _member_hash(self, member: Item) -> int:
        of_set = self.columns.sets[self._endless]
        [header] = of_set.members.keys[0].headers
        cell = member.get(self.columns.columns[header].column.path) or ""
        return hash(self.columns.normal_key((header,), {header: cell}).casefold())

    def items(self, names: Iterable[str], members: Collection[str] | None = None) -> Iterator[Item]:
        """The objects that have these ids and natural keys, and perhaps a few others. Of an object
        with very many members of a set that is endless only those that have these keys; all of them
        without any."""
        for found in self._named("item", names):
            item = orjson.loads(found[1])
            if self._endless:
                item[self._endless], total = self._members_of(item["id"], members)
                item |= {TOTALS: {self._endless: total}} if total else {}
            yield item

    def _members_of(self, ref: str, keys: Collection[str] | None) -> tuple[list[Item], int]:
        """Those members, and how many there are if these are not all of them."""
        query = "SELECT member FROM members WHERE ref = ?"
        if keys is not None and ref not in self._totals:
            counted = "SELECT count(*) FROM members WHERE ref = ?"
            self._totals[ref] = self._database.execute(counted, (ref,)).fetchone()[0]
        total = self._totals[ref] if keys is not None else 0
        if keys is None or total <= PART:
            found = self._database.execute(f"{query} ORDER BY number", (ref,))
            return [orjson.loads(member) for (member,) in found], 0
        members: list[Item] = []
        left = iter(keys)
        while batch := [hash(key) for key in islice(left, AT_ONCE)]:
            marks = ", ".join("?" * len(batch))
            rows = self._database.execute(f"{query} AND hash IN ({marks})", (ref, *batch))
            members += [orjson.loads(member) for (member,) in rows]
        return members, total

    def everything(self) -> Iterator[Item]:
        """All objects, where a store has few."""
        for (item,) in self._database.execute("SELECT item FROM objects"):
            yield orjson.loads(item)

    def unchanged(self, objects: dict[str, list[Sequence[str]]]) -> dict[str, Same]:
        """Those of the objects, each with the cells of its rows and known by an id or a natural
        key, whose rows are what an export would write."""
        if self._layout is None:
            return {}
        by_hash: dict[int, list[tuple[str, str, int]]] = {}
        for name, ref, key, rows in self._named("ref, key, rows", objects):
            by_hash.setdefault(name, []).append((ref, key, rows))
        same = {}
        for name, rows in objects.items():
            found = by_hash.get(hash(name), ())
            if len(found) == 1 and found[0][2] == self._sent.hash(rows):
                same[name] = found[0][:2]
        return same

    def _named(self, fields: str, names: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """The hash of a name and fields of the object that has it."""
        left = iter(names)
        while batch := [hash(name) for name in islice(left, AT_ONCE)]:
            marks = ", ".join("?" * len(batch))
            yield from self._database.execute(
                f"SELECT names.hash, {fields} FROM names JOIN objects ON number = object "
                f"WHERE names.hash IN ({marks})",
                batch,
            )

    def _keys(self, item: Item) -> list[str]:
        """What the object is found by beside its id, of the columns that make these keys alone."""
        headers = [column.header for column in self._key_columns]
        rows = self._key_layout.rows(item, 1)
        cells = [dict(zip(headers, row.split(CELL), strict=True)) for row in rows]
        return self.columns.names_of(cells[0], {self.columns.through: cells})


def _compared(columns: FileColumns) -> list[BoundColumn]:
    """The file's columns whose cells can be compared, in the order of the sheet; none where rows
    cannot."""
    bound = [
        column
        for column in columns.sheet.columns
        if column.header in columns.places
        and column.column not in (ROW, TOP_ROW)
        and column.header not in ALWAYS_NEW
    ]
    return [] if len(bound) < 2 or columns.again else bound


class _Shown(dict[str, str]):
    """Cells of numbers and booleans in the form in which they are compared. Few are different, and
    the first of them are kept."""

    def __missing__(self, cell: str) -> str:
        text = shown(cell)
        if len(self) < MOST_KNOWN:
            self[cell] = text
        return text


class _RowText:
    """Makes hashes of rows in which the cells of columns have these places."""

    def __init__(self, bound: Sequence[BoundColumn], places: Sequence[int]):
        texts: list[int] = []
        others: list[int] = []
        for column, place in zip(bound, places, strict=True):
            is_text = column.form.cell_type == "text"
            (texts if is_text else others).append(place)
        self._width = max(places, default=0) + 1
        self._texts, self._others = _picking(texts), _picking(others)
        self._shown = _Shown()

    def hash(self, rows: Iterable[Sequence[str]]) -> int:
        return hash(ROWS.join(map(self._text, rows)))

    def _text(self, row: Sequence[str]) -> str:
        if len(row) < self._width:
            row = [*row, *[""] * (self._width - len(row))]
        others = map(self._shown.__getitem__, self._others(row))
        return CELL.join([*self._texts(row), *others])


def _picking(places: Sequence[int]) -> Pick:
    """What picks the cells at these places from a row."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: [row[place] for place in places]


def _sheet(columns: FileColumns) -> Sheet:
    return columns.data_type.sheet(columns.sheet.sheet)
