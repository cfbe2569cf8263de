"""Which rows of a file are about one object.

Of a type without nested sets every row is a whole object, and each is a change of its own, in the
order of the file: rows with one key follow each other as they would if they were sent one by one.

Of the others an object has the rows that name it by its ID, else by its natural keys in their
order, wherever they stand; and the rows that name none and follow one that does. A key lower in
that order counts only among rows that no higher one keeps apart. Where the file names objects by
their members alone, the rows of each member are a change of its own.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from transfer.importing.columns import FileColumns
from transfer.types.base import TOP_ROW
from transfer.types.forms import BOOLEANS, BadCell

RANKS = 8
"""More than the keys that a type has: a number and a rank are kept in one integer."""
MEMORY_KB = 16_000
TABLE = "CREATE TABLE keys (hash INTEGER PRIMARY KEY, object INTEGER)"
FIND = "SELECT object FROM keys WHERE hash = ?"
KEEP = "INSERT OR IGNORE INTO keys VALUES (?, ?)"
REPLACE = "INSERT OR REPLACE INTO keys VALUES (?, ?)"

Numbered = tuple[int, int, list[str]]


def object_numbers(
    rows: Iterable[list[str]], columns: FileColumns, first: int = 2
) -> Iterator[Numbered]:
    """The number of each row and of its object, which is that of the object's first row."""
    numbered = enumerate(rows, first)
    if not columns.writing.members:
        return ((number, number, cells) for number, cells in numbered)
    return _grouped(numbered, columns)


def _grouped(numbered: Iterable[tuple[int, list[str]]], columns: FileColumns) -> Iterator[Numbered]:
    """Hashes of keys are kept in a file that has no name, so memory stays flat."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{MEMORY_KB}"):
            database.execute(f"PRAGMA {pragma}")
        database.execute(TABLE)
        keys = _Keys(columns, database)
        last: tuple[str, ...] = ()
        current = 0
        for number, cells in numbered:
            if len(cells) > columns.width:
                yield number, number, cells  # which of its cells are which, nobody knows
                continue
            named = keys.cells(cells)
            if named != last:
                current, last = keys.object(named, number, current), named
            yield number, current, cells


class _Keys:
    """Finds the object of a row by the cells of its keys."""

    def __init__(self, columns: FileColumns, database: sqlite3.Connection):
        self._columns, self._execute = columns, database.execute
        headers = ("ID", *(h for key in columns.keys for h in key.headers))
        self._headers = tuple(h for h in dict.fromkeys(headers) if h in columns.places)
        top = TOP_ROW.header
        self._top = len(self._headers) if top in columns.places else None
        shown = [*self._headers, *([top] if self._top is not None else [])]
        self._places = [columns.places[header] for header in shown]

    def cells(self, row: Sequence[str]) -> tuple[str, ...]:
        """What of a row tells its object."""
        length = len(row)
        return tuple([row[place] if place < length else "" for place in self._places])

    def object(self, named: tuple[str, ...], number: int, current: int) -> int:
        """The object of a row that has the number and follows a row of the ``current`` object."""
        keys = self._hashes(dict(zip(self._headers, named, strict=False)))
        if not keys:
            follows = current and not (self._columns.through or self._is_top(named))
            return current if follows else number
        own, found = keys[0][0], None
        for rank, key in keys:
            kept = self._execute(FIND, (key,)).fetchone()
            if kept and (rank == own or kept[0] % RANKS > own):
                found = kept[0]
                break
        best = own if found is None else min(own, found % RANKS)
        object = number if found is None else found // RANKS
        kept_as = object * RANKS + best
        changed = found is not None and kept_as != found
        for _, key in keys:
            self._execute(REPLACE if changed else KEEP, (key, kept_as))
        return object

    def _hashes(self, cells: dict[str, str]) -> list[tuple[int, int]]:
        """The rank and the hash of each key that the row names its object by."""
        found = []
        if cells.get("ID", "").strip():
            found.append((0, hash(f"0{self._id(cells['ID'])}")))
        for rank, key in enumerate(self._columns.keys, 1):
            if normal := self._columns.normal_key(key.headers, cells):
                normal = normal.casefold() if self._columns.through else normal
                found.append((rank, hash(f"{rank}{normal}")))
        return found[:1] if self._columns.through else found

    def _id(self, cell: str) -> str:
        try:
            return str(self._columns.form("ID").value(cell, self._columns.facts))
        except BadCell:
            return cell

    def _is_top(self, named: tuple[str, ...]) -> bool:
        return self._top is not None and BOOLEANS.get(named[self._top].strip().lower(), False)
