"""Rows to changes: what a row of a file asks for, beside what the store has now.

Commands, as the incumbents understand them: NEW creates and skips what exists; MERGE, and a
blank cell, updates or creates; UPDATE and DELETE skip what is missing; IGNORE skips. Where one
row is one object there is nothing to replace beyond the row, so REPLACE is MERGE.
"""

import re
from dataclasses import dataclass, field

from transfer.formats.xlsx_reader_process import NO_VALUE
from transfer.rows.columns import bound_columns
from transfer.rows.layout import CELL, layout
from transfer.types.base import Column, DataType
from transfer.types.shop_facts import ShopFacts

COMMANDS = ("NEW", "MERGE", "UPDATE", "REPLACE", "DELETE", "IGNORE")
ALIASES = {"": "MERGE", "ADD": "MERGE"}
NUMBER = re.compile(r"[0-9]{1,20}")
ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|GETTING_DATA)"
)
"""What spreadsheet programs show where a formula has no value."""
EXISTS = "It exists already."
MISSING = "There is none to change."


class BadRow(Exception):
    """One sentence about a row that cannot be understood."""


@dataclass(frozen=True)
class Change:
    """What is to be done: ``create``, ``update``, ``delete``, ``unchanged`` or ``skipped``.

    ``input`` is the mutation's, ``comment`` what differs or why nothing is done.
    """

    action: str
    input: dict = field(default_factory=dict)
    comment: str = ""


def gid(kind: DataType, cell: str) -> str | None:
    """The id that a cell names: empty, a number or a whole ``gid://``."""
    text = cell.strip()
    prefix = f"gid://shopify/{kind.writing.typename}/"
    number = text.removeprefix(prefix)
    if not text:
        return None
    if not NUMBER.fullmatch(number):
        raise BadRow(f"ALYS008: the ID “{text}” is neither empty, a number nor a {prefix}…")
    return prefix + number


def key_header(kind: DataType) -> str:
    """The column of the natural key of a flat type."""
    return kind.writing.keys[0].headers[0]


def columns(kind: DataType) -> list[Column]:
    """The columns of a flat type."""
    return [bound.column for bound in bound_columns(kind.sheets[0])]


def cells_of(kind: DataType, item: dict) -> dict[str, str]:
    """An object of the store as a row, by header."""
    sheet = layout(kind.sheets[0], ShopFacts())
    return dict(zip(sheet.headers, sheet.rows(item, 1)[0].split(CELL), strict=True))


def plan(kind: DataType, row: dict[str, str], current: dict | None) -> Change:
    """What a row asks for. ``row`` has the file's known columns by their own headers, ``current``
    is the object it is about, or None."""
    _no_errors(row)
    command = _command(row.get("Command", "").strip())
    if command == "IGNORE":
        return Change("skipped", comment="Its Command is IGNORE.")
    if current is None:
        if command in ("UPDATE", "DELETE"):
            return Change("skipped", comment=MISSING)
        return _creation(kind, row)
    if command == "NEW":
        return Change("skipped", comment=EXISTS)
    return Change("delete") if command == "DELETE" else _update(kind, row, current)


def _no_errors(row: dict[str, str]) -> None:
    """Refuse what a spreadsheet shows in the place of a value."""
    for header, cell in row.items():
        if cell == NO_VALUE:
            raise BadRow(
                f"The {header} is a formula without a result. Open the file in a spreadsheet "
                "program, save it and send it again."
            )
        if ERROR.fullmatch(cell.strip()):
            raise BadRow(f"The {header} is “{cell.strip()}”, an error of the spreadsheet.")


def _command(cell: str) -> str:
    command = ALIASES.get(cell.upper(), cell.upper())
    if command not in COMMANDS:
        raise BadRow(f"The Command “{cell}” is none of {', '.join(COMMANDS)}.")
    return command


def _creation(kind: DataType, row: dict[str, str]) -> Change:
    for header in kind.writing.required:
        if not row.get(header, "").strip():
            raise BadRow(f"The {header} is empty.")
    _not_alike(kind, row)
    written = {c: row[c.header] for c in columns(kind) if c.write and row.get(c.header)}
    comment = ", ".join(f'{column.header}: "{cell}"' for column, cell in written.items())
    return Change("create", {c.write: cell for c, cell in written.items()}, comment)


def _not_alike(kind: DataType, cells: dict[str, str]) -> None:
    """Refuse what Shopify would refuse, so that a dry run tells it too."""
    if kind.writing.unlike and len({cells.get(header) for header in kind.writing.unlike}) == 1:
        raise BadRow(f"The {' and the '.join(kind.writing.unlike)} are the same.")


def _update(kind: DataType, row: dict[str, str], current: dict) -> Change:
    before = cells_of(kind, current)
    changed = {
        c: row[c.header]
        for c in columns(kind)
        if c.write and c.header in row and row[c.header] != before[c.header]
    }
    for column, cell in changed.items():
        if column.header in kind.writing.required and not cell.strip():
            raise BadRow(f"The {column.header} is empty.")
    if not changed:
        return Change("unchanged")
    _not_alike(kind, before | {column.header: cell for column, cell in changed.items()})
    comment = ", ".join(
        f'{c.header}: "{before[c.header]}" → "{cell}"' for c, cell in changed.items()
    )
    return Change("update", {c.write: cell for c, cell in changed.items()}, comment)
