"""Which rows of a file are about one object.

Of a type without nested sets every row is a whole object, and each is a change of its own, in the
order of the file: rows with one key follow each other as they would if they were sent one by one.

Of the others an object has the rows that name it by its ID, else by its natural keys in their
order, wherever they stand; and the rows that name none and follow one that does. A key lower in
that order counts only among rows that no higher one keeps apart. Where the file names objects by
their members alone, the rows of each member are a change of its own.

An object may have more members than memory holds: a discount a million codes. Where the rows of an
object go on and on and say nothing but one member more, so many of them at a time are a part: a
change of its own that adds to the first one.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress

from transfer.importing.columns import FileColumns, SetColumns
from transfer.importing.members import command_of
from transfer.types.base import ROW, TOP_ROW
from transfer.types.forms import BOOLEANS, BadCell

RANKS = 8
"""More than the keys that a type has: a number and a rank are kept in one integer."""
MEMORY_KB = 16_000
PART = 2_000
"""So many rows of an object are one change."""
WHOLE = ("REPLACE", "DELETE")
"""Commands of an object that are about all of its members."""
TABLE = "CREATE TABLE keys (hash INTEGER PRIMARY KEY, object INTEGER)"
FIND = "SELECT object FROM keys WHERE hash = ?"
KEEP = "INSERT OR IGNORE INTO keys VALUES (?, ?)"
REPLACE = "INSERT OR REPLACE INTO keys VALUES (?, ?)"

TOP = TOP_ROW.header

Numbered = tuple[int, int, list[str]]


def object_numbers(
    rows: Iterable[list[str]],
    columns: FileColumns,
    first: int = 2,
    parts: dict[str, int] | None = None,
) -> Iterator[Numbered]:
    """The number of each row and of its object, which is that of the object's first row. Into
    ``parts`` go those that are further parts of an object, each with the object's number."""
    numbered = enumerate(rows, first)
    if not columns.writing.members:
        return ((number, number, cells) for number, cells in numbered)
    grouped = _grouped(numbered, columns)
    endless = next((one for one in columns.sets.values() if one.members.endless), None)
    if parts is None or endless is None:
        return grouped
    return _in_parts(grouped, _Further(columns, endless), parts)


def _in_parts(
    rows: Iterable[Numbered], further: "_Further", parts: dict[str, int]
) -> Iterator[Numbered]:
    object, part, count = 0, 0, 0
    for number, current, cells in rows:
        if current == number:
            object, part, count = number, number, 0
            further.begin(cells)
        elif current != object:
            object = 0
        if object and further.is_one_member_more(cells):
            if count >= PART:
                part, count = number, 0
                parts[str(part)] = object
            current = part
        count += current == part
        yield number, current, cells


class _Further:
    """Tells of the rows of an object whether they say nothing but one more member of a set that
    is endless."""

    def __init__(self, columns: FileColumns, endless: SetColumns):
        places, members = columns.places, endless.members
        own = (header for header in places if header not in endless.headers)
        self._others = [places[header] for header in own if header not in (ROW.header, TOP)]
        self._keys = [places[header] for header in members.keys[0].headers if header in places]
        self._command, self._own_command = places.get(members.command), places.get("Command")
        self._first: Sequence[str] = ()
        self._splits = False

    def begin(self, first: Sequence[str]) -> None:
        """Take the first row of an object, with which the others are compared."""
        self._first = first
        commands = (_command(first, self._own_command), _command(first, self._command))
        own, of_member = commands
        self._splits = bool(self._keys) and own not in WHOLE and of_member != "REPLACE"

    def is_one_member_more(self, row: Sequence[str]) -> bool:
        first = self._first
        return (
            self._splits
            and all(_cell(row, place) for place in self._keys)
            and _command(row, self._command) != "REPLACE"
            and all(_cell(row, place) in ("", _cell(first, place)) for place in self._others)
        )


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _command(row: Sequence[str], place: int | None) -> str:
    """The command of a row; one that is none is told when the row is planned."""
    with suppress(BadCell):
        return command_of("", "" if place is None else _cell(row, place))
    return ""


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
        self._top = len(self._headers) if TOP in columns.places else None
        shown = [*self._headers, *([TOP] if self._top is not None else [])]
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
