"""Reads one sheet of a workbook, as a program of its own: its file, limits and names are arguments.

A workbook of a few kilobytes can ask for any amount of memory (two cells, far apart), which no
check of the file foresees. Here it asks a process that has a limit and may die of it. Its rows
are lines of JSON on standard output. It imports nothing of ours, to start at once.
"""

import os
import posixpath
import resource
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

NO_SHEET, BROKEN = 3, 4
"""How it ends when no sheet has one of the names (its only line then is an object with the names of
the ``sheets`` that can be seen and of those that are ``hidden``), and when the file cannot be
opened."""
SUMMARY = "export summary"
NO_VALUE = "#NO VALUE"
"""What stands for a formula whose result the workbook does not have."""
UNREADABLE = (
    CalamineError,
    OSError,
    ValueError,
    KeyError,
    zipfile.BadZipFile,
    ElementTree.ParseError,
    expat.ExpatError,
)
Errors = dict[int, dict[int, str]]
"""By row and column, both from 0, what stands in a cell in the place of a value."""


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
        write(book.get_sheet_by_name(name), errors_of(path, name))
    except UNREADABLE:
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


def write(sheet: CalamineSheet, errors: Errors) -> None:
    """The rows from the sheet's first one and first column on, whatever is empty there."""
    number, column = sheet.start or (0, 0)
    before = [""] * column
    with os.fdopen(1, "wb") as out:
        for row in sheet.iter_rows():
            cells = with_errors([*before, *map(text, row)], errors.get(number))
            out.write(orjson.dumps(cells, option=orjson.OPT_APPEND_NEWLINE))
            number += 1
        for last in range(number, max(errors, default=-1) + 1):
            cells = with_errors([], errors.get(last))
            out.write(orjson.dumps(cells, option=orjson.OPT_APPEND_NEWLINE))


def with_errors(cells: list[str], errors: dict[int, str] | None) -> list[str]:
    """A row with the errors in their cells, which python-calamine reads as empty ones."""
    for column, error in (errors or {}).items():
        cells += [""] * (column + 1 - len(cells))
        cells[column] = error
    return cells


def errors_of(path: str, sheet: str) -> Errors:
    """The errors of a sheet (``#N/A``), and its formulas without a result."""
    with zipfile.ZipFile(path) as archive:
        name = part_of(archive, sheet)
        if name is None:
            return {}
        with archive.open(name) as file:
            rest = b""
            while chunk := file.read(1 << 20):
                if b't="e"' in rest + chunk or b"<f" in rest + chunk:
                    break
                rest = chunk[-8:]
            else:
                return {}
        with archive.open(name) as file:
            return _ErrorCells().read(file)


def part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of the archive's entry that holds this sheet."""
    ids = [
        value
        for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter()
        if element.tag.endswith("}sheet") and element.get("name") == sheet
        for name, value in element.items()
        if name.endswith("}id")
    ]
    for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        if relation.get("Id") in ids:
            target = posixpath.join("/xl", relation.get("Target", ""))
            return posixpath.normpath(target).lstrip("/")
    return None


class _ErrorCells:
    """Walks the XML of a sheet, which may be large, without keeping it."""

    def __init__(self) -> None:
        self.errors: Errors = {}
        self._row, self._column = -1, -1
        self._type, self._formula, self._inside, self._value = "", False, False, ""

    def read(self, file: IO[bytes]) -> Errors:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.ParseFile(file)
        return self.errors

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self._row = int(attributes.get("r", self._row + 2)) - 1
            self._column = -1
        elif name == "c":
            place = attributes.get("r", "").rstrip("0123456789")
            self._column = column_of(place) if place else self._column + 1
            self._type, self._formula, self._value = attributes.get("t", ""), False, ""
        elif name == "f":
            self._formula = True
        self._inside = name == "v"

    def _text(self, text: str) -> None:
        if self._inside:
            self._value += text

    def _end(self, name: str) -> None:
        self._inside = False
        if name.rpartition(":")[2] != "c":
            return
        if self._type == "e":
            self.errors.setdefault(self._row, {})[self._column] = self._value or NO_VALUE
        elif self._formula and not self._value and self._type != "str":
            self.errors.setdefault(self._row, {})[self._column] = NO_VALUE


def column_of(letters: str) -> int:
    """``"A"`` to 0, ``"AB"`` to 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


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
