"""Workbooks that people send: the sheet of the data type, its cells as text."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from transfer.types.base import DataType
from transfer.uploads.bad_file import BadFile

UNPACKED = 20
SUMMARY = "export summary"
BROKEN = "ALYS001: the workbook cannot be opened. It may be cut off: save it and send it again."


def read_xlsx(path: Path, kind: DataType, max_bytes: int) -> Iterator[list[str]]:
    """The rows of the type's sheet, its header first, or BadFile.

    A workbook that unpacks to more than UNPACKED times ``max_bytes`` is refused.
    """
    _check_archive(path, max_bytes * UNPACKED)
    try:
        book = CalamineWorkbook.from_path(str(path))
        name = _sheet(book.sheet_names, kind)
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise BadFile(BROKEN) from error
    return ([_text(cell) for cell in row] for row in rows)


def _check_archive(path: Path, limit: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise BadFile(BROKEN) from None
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise BadFile("ALYS003: the file is a zip, but not a workbook. Send the files in it.")
    if sum(entry.file_size for entry in entries) > limit:
        raise BadFile("The workbook is too large when unpacked. Send it in parts, or as CSV.")


def _sheet(sheets: list[str], kind: DataType) -> str:
    """The sheet that is named for the type; a workbook with one sheet needs no name."""
    wanted = {name.lower() for sheet in kind.sheets for name in (sheet.name, *sheet.aliases)}
    for name in sheets:
        if name.strip().lower() in wanted:
            return name
    others = [name for name in sheets if name.strip().lower() != SUMMARY]
    if len(others) == 1:
        return others[0]
    raise BadFile(f"ALYS004: no sheet of the workbook is called “{kind.sheets[0].name}”.")


def _text(cell: object) -> str:
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
