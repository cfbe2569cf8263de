"""A workbook with a sheet for each type: ids and dates text, numbers and booleans native."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from transfer.rows import CELL, Layout

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
CHUNK = 256 * 1024
WIDTHS = {"text": 18, "number": 10, "boolean": 10}


def write(sheets: Iterable[tuple[str, Layout, Iterable[dict]]]) -> Iterator[bytes]:
    """The workbook, from a temporary file that is gone when the last byte is read.

    A sheet is its name, its layout and its objects. Beyond Excel's last row it goes on in a
    second sheet; a text beyond Excel's 32,767 characters is cut there.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False}
        with xlsxwriter.Workbook(path, options) as book:
            bold = book.add_format({"bold": True})
            for name, layout, items in sheets:
                _sheets(book, bold, name, layout, items)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _sheets(book, bold, name: str, layout: Layout, items: Iterable[dict]) -> None:
    sheet, at, part = _new(book, bold, name, layout), 1, 1
    number = 1
    for item in items:
        for row in layout.rows(item, number):
            if at == MAX_ROWS:
                part += 1
                sheet, at = _new(book, bold, f"{name} {part}", layout), 1
            _row(sheet, at, row.split(CELL), layout.kinds)
            at += 1
            number += 1


def _new(book, bold, name: str, layout: Layout) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 2)
    for column, (header, kind) in enumerate(zip(layout.headers, layout.kinds, strict=True)):
        sheet.set_column(column, column, max(WIDTHS[kind], min(len(header) + 2, 40)))
    sheet.write_row(0, 0, layout.headers, bold)
    return sheet


def _row(sheet: Worksheet, at: int, cells: list[str], kinds: tuple[str, ...]) -> None:
    for column, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
        if not cell:
            continue
        if kind == "text":
            sheet.write_string(at, column, cell[:MAX_TEXT])
        elif kind == "boolean":
            sheet.write_boolean(at, column, cell == "true")
        else:
            sheet.write_number(at, column, float(cell))
