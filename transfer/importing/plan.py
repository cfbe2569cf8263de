"""Rows to changes: what a row of a file asks for, beside the object as it is.

Everything is compared as cells: those of the file, in the form in which Shopify keeps them, with
those that an export would write now.

Commands, as the incumbents understand them: NEW creates and skips what exists; MERGE, and a
blank cell, updates or creates; UPDATE and DELETE skip what is missing; IGNORE skips. Where one
row is one object there is nothing to replace beyond the row, so REPLACE is MERGE.
"""

import re
from dataclasses import dataclass, field

from models.import_object import CREATE, DELETE, UPDATE
from transfer.formats.xlsx_reader_process import NO_VALUE
from transfer.importing.columns import FileColumns
from transfer.importing.snapshot import Known, Snapshot
from transfer.types.forms import BadCell

COMMANDS = ("NEW", "MERGE", "UPDATE", "REPLACE", "DELETE", "IGNORE")
ALIASES = {"": "MERGE", "ADD": "MERGE"}
ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|GETTING_DATA)"
)
"""What spreadsheet programs show where a formula has no value."""
EXISTS = "It exists already."
MISSING = "There is none to change."


@dataclass(frozen=True)
class Member:
    """A member of a nested set as it is to be. ``ref`` is its id in the store, None of a new one;
    ``row`` the number of its row in the file, 0 where the file does not name it; ``name`` what a
    person calls it, ``Red / M``.

    ``action`` is ``create``, ``update``, ``delete``, or empty where nothing changes. ``before`` and
    ``after`` are the cells that differ, ``cells`` all of them afterwards.
    """

    ref: str | None
    row: int
    name: str
    action: str = ""
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What is to be done: ``create``, ``update``, ``delete``, ``unchanged``, ``skipped`` or
    ``failed``.

    ``known`` is the object that it is done to. ``before`` and ``after`` are its own cells that
    differ; ``sets`` has, by name, the nested sets of which a member changes: the whole list as it
    is to be, then what is deleted. ``key`` is the natural key afterwards, ``comment`` what differs
    or why nothing is done, ``warnings`` what the file says and is not done.
    """

    action: str
    known: Known | None = None
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    sets: dict[str, tuple[Member, ...]] = field(default_factory=dict)
    key: str = ""
    comment: str = ""
    warnings: tuple[str, ...] = ()


def id_of(columns: FileColumns, cells: dict[str, str]) -> str | None:
    """The id that a row names, None without one; or BadCell."""
    if not cells.get("ID", "").strip():
        return None
    form = columns.form("ID")
    return str(form.value(cells["ID"], columns.facts))


def plan(columns: FileColumns, cells: dict[str, str], snapshot: Snapshot) -> Change:
    """What a row asks for, by its cells as the file has them."""
    key = columns.key_of(cells)
    try:
        _check_errors(cells)
        known = snapshot.with_ref(id_of(columns, cells)) or snapshot.with_key(key)
        return _plan(columns, cells, known, key, snapshot)
    except BadCell as error:
        return Change("failed", key=key, comment=str(error))


def _plan(
    columns: FileColumns,
    cells: dict[str, str],
    known: Known | None,
    key: str,
    snapshot: Snapshot,
) -> Change:
    command = _command(cells.get("Command", "").strip())
    if command == "IGNORE":
        return Change("skipped", known, key=key, comment="Its Command is IGNORE.")
    if known is None:
        if command in ("UPDATE", "DELETE"):
            _kept(columns, cells)
            return Change("skipped", key=key, comment=MISSING)
        return _creation(columns, cells, key)
    if command == "NEW":
        return Change("skipped", known, key=key, comment=EXISTS)
    if command == "DELETE":
        before = {header: known.cells.get(header, "") for header in columns.writable}
        return Change(DELETE, known, before, key=columns.key_of(known.cells))
    return _update(columns, cells, known, snapshot)


def _check_errors(cells: dict[str, str]) -> None:
    """Refuse what a spreadsheet shows in the place of a value."""
    for header, cell in cells.items():
        if cell == NO_VALUE:
            raise BadCell(
                f"The {header} is a formula without a result. Open the file in a spreadsheet "
                "program, save it and send it again."
            )
        if ERROR.fullmatch(cell.strip()):
            raise BadCell(f"The {header} is “{cell.strip()}”, an error of the spreadsheet.")


def _command(cell: str) -> str:
    command = ALIASES.get(cell.upper(), cell.upper())
    if command not in COMMANDS:
        raise BadCell(f"The Command “{cell}” is none of {', '.join(COMMANDS)}.")
    return command


def _kept(columns: FileColumns, cells: dict[str, str]) -> dict[str, str]:
    """The file's cells that can be written, in the form in which Shopify keeps them."""
    return {h: columns.kept(h, cells[h]) for h in columns.writable if h in cells}


def _creation(columns: FileColumns, cells: dict[str, str], key: str) -> Change:
    written = {header: cell for header, cell in _kept(columns, cells).items() if cell}
    for header in columns.writing.required:
        if header not in written:
            raise BadCell(f"The {header} is empty.")
    _check_unlike(columns, written)
    comment = ", ".join(f'{header}: "{cell}"' for header, cell in written.items())
    return Change(CREATE, after=written, key=key, comment=comment)


def _update(
    columns: FileColumns, cells: dict[str, str], known: Known, snapshot: Snapshot
) -> Change:
    after = {
        header: cell
        for header, cell in _kept(columns, cells).items()
        if columns.differ(header, cell, known.cells.get(header, ""))
    }
    for header, cell in after.items():
        if header in columns.writing.required and not cell:
            raise BadCell(f"The {header} is empty.")
    key = columns.key_of(known.cells | after)
    if not after:
        return Change("unchanged", known, key=key)
    _check_unlike(columns, known.cells | after)
    other = snapshot.with_key(key)
    if other is not None and other.identity != known.identity:
        taken = ", ".join(f"“{after[h]}”" for h in columns.key_headers if h in after)
        raise BadCell(f"{' and '.join(columns.key_headers)}: {taken} is that of another object.")
    before = {header: known.cells.get(header, "") for header in after}
    comment = ", ".join(f'{h}: "{before[h]}" → "{cell}"' for h, cell in after.items())
    return Change(UPDATE, known, before, after, key=key, comment=comment)


def _check_unlike(columns: FileColumns, cells: dict[str, str]) -> None:
    """Refuse what Shopify would refuse, so that a dry run tells it too."""
    headers = columns.writing.unlike
    if headers and len({cells.get(header) for header in headers}) == 1:
        raise BadCell(f"The {' and the '.join(headers)} are the same.")
