"""Reads one sheet of a workbook, as a program of its own: its file, limits and names are arguments.

A workbook of a few kilobytes can ask for any amount of memory (two cells, far apart), which no
check of the file foresees. Here it asks a process that has a limit and may die of it. Its rows
are lines of JSON on standard output. It imports nothing of ours, to start at once.
"""

import os
import resource
import sys
from contextlib import suppress
from datetime import date, datetime

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

NO_SHEET, BROKEN = 3, 4
"""How it ends when no sheet has one of the names (its only line then is an object with the names of
the ``sheets`` that can be seen and of those that are ``hidden``), and when the file cannot be
opened."""
SUMMARY = "export summary"


def main(path: str, megabytes: str, seconds: str, *names: str) -> None:
    limit(resource.RLIMIT_AS, int(megabytes) * 1024 * 1024)
    limit(resource.RLIMIT_CPU, int(seconds))
    limit(resource.RLIMIT_CORE, 0)
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        name = chosen(sheets, names)
        if name is None:
            hidden = [name for name in book.sheet_names if name not in sheets]
            sys.stdout.buffer.write(orjson.dumps({"sheets": sheets, "hidden": hidden}))
            sys.stdout.flush()
            sys.exit(NO_SHEET)
        write(book.get_sheet_by_name(name))
    except (CalamineError, OSError):
        sys.exit(BROKEN)


def limit(what: int, most: int) -> None:
    """Set a limit; macOS, on which people develop, does not take each of them."""
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError):
        resource.setrlimit(what, (most, hard))


def chosen(sheets: list[str], names: tuple[str, ...]) -> str | None:
    """The sheet that has one of the names; a workbook with one sheet needs no name."""
    for sheet in sheets:
        if sheet.strip().lower() in names:
            return sheet
    others = [sheet for sheet in sheets if sheet.strip().lower() != SUMMARY]
    return others[0] if len(others) == 1 else None


def write(sheet: CalamineSheet) -> None:
    """The rows from the sheet's first one and first column on, whatever is empty there."""
    before = [""] * sheet.start[1] if sheet.start else []
    with os.fdopen(1, "wb") as out:
        for row in sheet.iter_rows():
            cells = [*before, *map(text, row)]
            out.write(orjson.dumps(cells, option=orjson.OPT_APPEND_NEWLINE))


def text(cell: object) -> str:
    """A cell as a person reads it: no ``.0`` behind whole numbers, dates without a ``T``."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\x00", "")


if __name__ == "__main__":
    main(*sys.argv[1:])
