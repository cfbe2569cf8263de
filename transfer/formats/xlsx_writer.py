"""A workbook with a sheet for each type: ids and dates text, numbers and booleans native.

XlsxWriter makes the workbook with its sheets, headers, widths and panes; only the rows are written
here, because they are to be on their way before the last of them is made, and a writer of whole
workbooks keeps them until then. A text is written as a text, so nothing in it runs, whatever it
begins with. Office programs put an apostrophe in front of such a text when they save it, which an
import takes off: so a text that has one of its own gets another. (ECMA-376 part 1, 18.3.1: a
sheet's parts.)
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import chain, islice
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from transfer.formats import zip_writer
from transfer.formats.csv_writer import guarded
from transfer.rows.layout import CELL, Layout
from transfer.types.base import Item
from transfer.types.forms import CellType

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
MAX_BYTES = 2_000_000_000
"""A sheet goes on in another one before Excel has to unpack more than 2 GiB of it."""
MAX_TEXT = 32_767
"""Characters of a text as Excel counts them: units of UTF-16, of which an emoji has two."""
SURELY_FITS = MAX_TEXT // 2
MAX_NAME = 31
CHUNK = 64 * 1024
NARROWEST, WIDEST = 8, 40
MEASURED = 200
"""From so many rows a column takes its width, besides its header."""
STAMP = datetime(1980, 1, 1)
TWO_DECIMALS = "0.00"
SHEET = "xl/worksheets/sheet{}.xml"
DIMENSION = re.compile(rb"<dimension [^>]*/>")
END_OF_ROWS = b"</sheetData>"
SPECIAL = re.compile("[&<>\x01-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass
class SheetOf:
    """What becomes a sheet. ``frozen`` is how many rows and columns stay in sight. ``cut`` counts,
    by header, the texts that were too long for a cell."""

    name: str
    layout: Layout
    items: Iterable[Item]
    frozen: tuple[int, int] = (1, 2)
    cut: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Page:
    """A sheet of the workbook, without its rows."""

    name: str
    headers: tuple[str, ...]
    cell_types: tuple[CellType, ...]
    frozen: tuple[int, int]
    widths: tuple[int, ...]


def write(sheets: Iterable[SheetOf], *, made_at: datetime = STAMP) -> Iterator[bytes]:
    """The workbook, written as its rows come; nothing is kept.

    Beyond Excel's last row a sheet goes on in a second one; a text beyond Excel's 32,767
    characters is cut there; columns beyond Excel's last are left out. The same sheets give the
    same bytes.
    """
    return zip_writer.write(_parts(sheets, made_at), large=False)


def _parts(sheets: Iterable[SheetOf], made_at: datetime) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Each file of the workbook: the sheets one by one, then what is known when all are there."""
    pages: list[_Page] = []
    for sheet in sheets:
        rows = _rows(sheet)
        first = list(islice(rows, MEASURED))
        widths = _widths(sheet.layout.headers, first)
        rest: Iterator[str] | None = chain(first, rows)
        number = 1
        while rest is not None:
            name = sheet.name if number == 1 else _numbered(sheet.name, number)
            headers, cell_types = sheet.layout.headers, sheet.layout.cell_types
            pages.append(_Page(name, headers, cell_types, sheet.frozen, widths))
            own = SHEET.format(len(pages))
            files, price = _empty(pages, made_at)
            head, end, tail = files[own].partition(END_OF_ROWS)
            cells = _Cells(sheet, price)
            yield own, chain([DIMENSION.sub(b"", head)], cells.written(rest), [end + tail])
            rest, number = _further(rest), number + 1
    for name, content in _empty(pages, made_at)[0].items():
        if name not in map(SHEET.format, range(1, len(pages) + 1)):
            yield name, [content]


def _further(rows: Iterator[str]) -> Iterator[str] | None:
    """The rows that are left, or None if none is."""
    one = next(rows, None)
    return None if one is None else chain([one], rows)


def _rows(sheet: SheetOf) -> Iterator[str]:
    number = 1
    for item in sheet.items:
        rows = sheet.layout.rows(item, number)
        number += len(rows)
        yield from rows


def _widths(headers: tuple[str, ...], rows: list[str]) -> tuple[int, ...]:
    cells = (headers, *(row.split(CELL) for row in rows))
    longest = map(max, zip(*(map(len, row) for row in cells), strict=True))
    return tuple(min(max(length + 2, NARROWEST), WIDEST) for length in longest)


def _numbered(name: str, part: int) -> str:
    """``Products (2)``, within the length that Excel takes."""
    ending = f" ({part})"
    return name[: MAX_NAME - len(ending)] + ending


def _empty(pages: list[_Page], made_at: datetime) -> tuple[dict[str, bytes], int]:
    """The files of the workbook with these sheets, each of which has its header and no row; and
    which of its styles shows two decimals. Further sheets do not change that."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        price = book.add_format({"num_format": TWO_DECIMALS})
        for page in pages:
            sheet = book.add_worksheet(page.name)
            sheet.freeze_panes(*page.frozen)
            columns = zip(page.headers, page.cell_types, page.widths, strict=True)
            for column, (header, cell_type, width) in enumerate(columns):
                sheet.write_string(0, column, header, bold)
                sheet.set_column(column, column, width, price if cell_type == "money" else None)
    with ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, price.xf_index or 0


class _Cells:
    """The rows of a page as it has them: one element each."""

    def __init__(self, sheet: SheetOf, price: int):
        self._cut, self._price = sheet.cut, price
        headers, cell_types = sheet.layout.headers, sheet.layout.cell_types
        letters = map(xl_col_to_name, range(MAX_COLUMNS))
        self._columns = tuple(zip(letters, cell_types, headers, strict=False))

    def written(self, rows: Iterator[str]) -> Iterator[bytes]:
        """The rows in pieces, as many as the page holds; the others are left."""
        texts: list[str] = []
        size = total = 0
        for at, row in enumerate(islice(rows, MAX_ROWS - 1), 2):
            texts.append(self._row(at, row))
            size += len(texts[-1])
            if size >= CHUNK:
                piece = "".join(texts).encode()
                yield piece
                total += len(piece)
                texts.clear()
                size = 0
                if total >= MAX_BYTES:
                    return
        yield "".join(texts).encode()

    def _row(self, at: int, row: str) -> str:
        special = SPECIAL.search(row) is not None
        cells = [f'<row r="{at}">']
        for cell, (letters, cell_type, header) in zip(row.split(CELL), self._columns, strict=False):
            if not cell:
                continue
            if cell_type == "text":
                if cell[0] == "'":
                    cell = guarded(cell)
                if len(cell) > SURELY_FITS and (fits := _fitting(cell)) != cell:
                    self._cut[header] += 1
                    cell = fits
                text = SPECIAL.sub(_escaped, cell) if special else cell
                keep = ' xml:space="preserve"' if cell[0].isspace() or cell[-1].isspace() else ""
                cells.append(f'<c r="{letters}{at}" t="inlineStr"><is><t{keep}>{text}</t></is></c>')
            elif cell_type == "boolean":
                cells.append(f'<c r="{letters}{at}" t="b"><v>{int(cell == "true")}</v></c>')
            elif cell_type == "money":
                number = f"<v>{float(cell):.16g}</v>"
                cells.append(f'<c r="{letters}{at}" s="{self._price}">{number}</c>')
            else:
                cells.append(f'<c r="{letters}{at}"><v>{float(cell):.16g}</v></c>')
        cells.append("</row>")
        return "".join(cells)


def _fitting(text: str) -> str:
    """As much of a text as a cell holds, without half a character at its end."""
    return text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")


def _escaped(found: re.Match[str]) -> str:
    """What XML cannot hold, or Excel would take for such an escape, as Excel escapes it.

    ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
    """
    text = found[0]
    if len(text) > 1:
        return f"_x005F{text}"
    return ENTITIES.get(text) or f"_x{ord(text):04X}_"
