"""A workbook with a sheet for each type: ids and dates text, numbers and booleans native.

A text is written as a text, so nothing in it runs, whatever it begins with.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from transfer import scratch
from transfer.rows import CELL, Layout

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_NAME = 31
CHUNK = 256 * 1024
NARROWEST, WIDEST = 8, 40
MEASURED = 200
"""From so many rows a column takes its width, besides its header."""
STAMP = datetime(1980, 1, 1)


@dataclass
class SheetOf:
    """What becomes a sheet. ``frozen`` is how many rows and columns stay in sight. ``cut`` counts,
    by header, the texts that were too long for a cell."""

    name: str
    layout: Layout
    items: Iterable[dict]
    frozen: tuple[int, int] = (1, 2)
    cut: Counter[str] = field(default_factory=Counter)


def write(sheets: Iterable[SheetOf], *, made_at: datetime = STAMP) -> Iterator[bytes]:
    """The workbook, from a temporary file that is gone when the last byte is read.

    Beyond Excel's last row a sheet goes on in a second one; a text beyond Excel's 32,767
    characters is cut there. The same sheets give the same bytes.
    """
    with scratch.folder() as folder:
        path = folder / "export.xlsx"
        options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_urls": False}
        with xlsxwriter.Workbook(path, options) as book:
            book.set_properties({"created": made_at.replace(tzinfo=None)})
            bold = book.add_format({"bold": True})
            for sheet in sheets:
                _write(book, bold, sheet)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _write(book, bold, sheet: SheetOf) -> None:
    page, at, part = _new(book, bold, sheet, sheet.name), 1, 1
    pages, widths = [page], list(map(len, sheet.layout.headers))
    number = 1
    for item in sheet.items:
        for row in sheet.layout.rows(item, number):
            if at == MAX_ROWS:
                part += 1
                page, at = _new(book, bold, sheet, _numbered(sheet.name, part)), 1
                pages.append(page)
            cells = row.split(CELL)
            if number <= MEASURED:
                widths = list(map(max, widths, map(len, cells)))
            _row(page, at, cells, sheet)
            at += 1
            number += 1
    for page in pages:
        _set_widths(page, widths)


def _set_widths(page: Worksheet, widths: list[int]) -> None:
    for column, width in enumerate(widths):
        page.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))


def _numbered(name: str, part: int) -> str:
    """``Products (2)``, within the length that Excel takes."""
    ending = f" ({part})"
    return name[: MAX_NAME - len(ending)] + ending


def _new(book, bold, sheet: SheetOf, name: str) -> Worksheet:
    page = book.add_worksheet(name)
    page.freeze_panes(*sheet.frozen)
    for column, header in enumerate(sheet.layout.headers):
        page.write_string(0, column, header, bold)
    return page


def _row(page: Worksheet, at: int, cells: list[str], sheet: SheetOf) -> None:
    for column, (cell, kind) in enumerate(zip(cells, sheet.layout.kinds, strict=True)):
        if not cell:
            continue
        if kind == "text":
            if len(cell) > MAX_TEXT:
                sheet.cut[sheet.layout.headers[column]] += 1
                cell = cell[:MAX_TEXT]
            page.write_string(at, column, cell)
        elif kind == "boolean":
            page.write_boolean(at, column, cell == "true")
        else:
            page.write_number(at, column, float(cell))
