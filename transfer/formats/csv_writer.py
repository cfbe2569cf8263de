"""CSV as the incumbents write it: UTF-8 with BOM (unless without), LF, every field quoted.

A text that a spreadsheet would run as a formula gets an apostrophe in front, and loses it again
when the file is imported. Numbers are left alone. Wide signs start a formula in Japan.
https://owasp.org/www-community/attacks/CSV_Injection
"""

import re
from collections.abc import Iterable, Iterator

from transfer.rows.layout import CELL, Layout
from transfer.types.base import Item

BOM = b"\xef\xbb\xbf"
END = "\x01"
ROWS_AT_ONCE = 64

WIDE = "＝＋－＠"
FORMULA = rf"'*[=+\-@\t\r{WIDE}]"
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
DANGEROUS = re.compile(rf"{CELL}(?={FORMULA})(?!{NUMBER}[{CELL}{END}])")
HARMLESS = re.compile(rf"'(?={FORMULA})")
"""What a guard makes of a dangerous text."""
SUSPECT = re.compile(rf"{CELL}[=+\-@\t\r']")


def write(layout: Layout, items: Iterable[Item], *, bom: bool = True) -> Iterator[bytes]:
    """The file of one sheet, some rows at a time."""
    yield (BOM if bom else b"") + _text([CELL.join(layout.headers)])
    rows: list[str] = []
    number = 1
    for item in items:
        more = layout.rows(item, number)
        number += len(more)
        rows += more
        if len(rows) >= ROWS_AT_ONCE:
            yield _text(rows)
            rows = []
    if rows:
        yield _text(rows)


def table(headers: list[str], rows: Iterable[list[str]]) -> Iterator[bytes]:
    """A file of plain cells, a row at a time."""
    yield BOM + _text([_row(headers)])
    for cells in rows:
        yield _text([_row(cells)])


def _row(cells: list[str]) -> str:
    return CELL.join(cell.replace(CELL, "").replace(END, "") for cell in cells)


def _text(rows: list[str]) -> bytes:
    """Rows of cells joined by CELL; a handful of passes over the whole text, none per cell."""
    text = f"{CELL}{f'{END}{CELL}'.join(rows)}{END}"
    if SUSPECT.search(text) or any(sign in text for sign in WIDE):
        text = DANGEROUS.sub(f"{CELL}'", text)
    if '"' in text:
        text = text.replace('"', '""')
    text = text[1:-1].replace(END + CELL, '"\n"').replace(CELL, '","')
    return f'"{text}"\n'.encode()


def guarded(cell: str) -> str:
    """A cell that begins as a guarded one does, guarded again, so that ``plain`` brings it back."""
    return f"'{cell}" if HARMLESS.match(cell) else cell


def plain(cell: str) -> str:
    """A cell of a file as it was before ``write`` made it harmless."""
    return cell[1:] if HARMLESS.match(cell) else cell
