"""Files that people send: told by their content, read row by row, refused with one sentence.

Codes ALYS001 to ALYS007 are those that users of such files know.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transfer.formats.bad_file import BadFile
from transfer.formats.csv_reader import read_csv
from transfer.formats.xlsx_reader import OLE, read_xlsx, refused_ole
from transfer.importing.header_check import check
from transfer.types.base import DataType

MOST_COLUMNS = 16_384
"""As many as a sheet of Excel has."""
FEWER = "Remove columns that are not needed, or send it in parts."
MAGIC = b"PK\x03\x04"


@dataclass(frozen=True)
class Upload:
    """``headers`` are the columns as the file names them; ``rows`` have a cell for each, and can
    be walked once."""

    headers: list[str]
    rows: Iterator[list[str]]
    warnings: list[str]


def opened(path: Path, kind: DataType, max_bytes: int) -> Upload:
    """The file as rows of a data type, or BadFile. Rows may raise BadFile later on as well."""
    with path.open("rb") as file:
        start = file.read(len(OLE))
    if not start:
        raise BadFile("ALYS001: the file is empty.")
    if start == OLE:
        raise refused_ole(path)
    if start.startswith(MAGIC):
        table = read_xlsx(path, kind, max_bytes)
    elif zipfile.is_zipfile(path):
        raise BadFile("ALYS003: the file is neither CSV nor xlsx.")
    else:
        table = read_csv(path, kind)
    header = next(table, None)
    if header is None:
        raise BadFile("ALYS001: the file has no rows.")
    if len(header) > MOST_COLUMNS:
        raise BadFile(f"The file has {len(header):,} columns, {MOST_COLUMNS:,} at most are read.")
    return Upload(header, _padded(table, len(header), max_bytes), check(header, kind))


def _padded(table: Iterator[list[str]], width: int, most: int) -> Iterator[list[str]]:
    """Rows of the header's width. Empty rows count, except after the last one with cells.

    A file whose rows are as long as its header has no more cells than bytes; one of short rows
    below a long header may not have more than ``most`` either.
    """
    empty = 0
    for number, row in enumerate(table, 2):
        if number * width > most:
            raise BadFile(f"The file has too many empty cells, up to row {number}. {FEWER}")
        if any(row[width:]):
            raise BadFile(f"Row {number} has more cells than the header. Is a quote missing?")
        if not any(row):
            empty += 1
            continue
        yield from ([""] * width for _ in range(empty))
        empty = 0
        yield row[:width] + [""] * (width - len(row))
