"""Files that people send: recognised by their content, read row by row, refused in one sentence.

Codes ALYS001 to ALYS007 are those that users of such files know.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transfer.formats.bad_file import BadFile
from transfer.formats.csv_reader import read_csv
from transfer.formats.xlsx_reader import OLE, read_xlsx, refused_ole, unpacked_size
from transfer.importing.header_check import check
from transfer.importing.limits import Limits
from transfer.types.base import DataType

MAX_COLUMNS = 16_384
MAX_HEADER = 250_000
"""Characters of all column names: each import keeps them, and a list reads those of many."""
MAX_LINES = 1_048_576
"""As many as a sheet of Excel has, whose empty rows at the end do no harm."""
ZIP_MAGIC = b"PK\x03\x04"
PREVIEW_ROWS, PREVIEW_CHARACTERS = 5000, 1_000_000
"""How much of a file is read while its sender waits."""
PREVIEW_WORKBOOK = 20_000_000
"""Unpacked, a larger workbook is left to the worker."""


@dataclass(frozen=True)
class Upload:
    """``headers`` are the columns as the file names them. ``rows`` have at most a cell for each,
    without the empty ones at their end, and can be iterated once."""

    headers: list[str]
    rows: Iterator[list[str]]
    warnings: list[str]


@dataclass(frozen=True)
class Preview:
    """The beginning of a file; ``row_count`` is None when there is more of it."""

    headers: list[str]
    warnings: list[str]
    row_count: int | None


def open_upload(path: Path, data_type: DataType, limits: Limits) -> Upload:
    """The file as rows of a data type, or BadFile. Iterating the rows may raise BadFile as well."""
    table = _table(path, data_type, limits)
    header = next(table, None)
    if header is None:
        raise BadFile("ALYS001: the file has no rows.")
    if len(header) > MAX_COLUMNS:
        raise BadFile(f"The file has {len(header):,} columns, {MAX_COLUMNS:,} at most are read.")
    if sum(map(len, header)) > MAX_HEADER:
        raise BadFile(
            f"The column names have more than {MAX_HEADER:,} characters. "
            "Is a quote missing in the first row?"
        )
    return Upload(header, _rows(table, len(header), limits), check(header, data_type))


def preview(path: Path, data_type: DataType, limits: Limits) -> Preview:
    """Read the beginning of a file, which is all of most, or raise BadFile: its sender waits.

    What is wrong further on is found by the worker, in the same words.
    """
    if _magic(path).startswith(ZIP_MAGIC) and unpacked_size(path) > PREVIEW_WORKBOOK:
        return Preview([], [], None)
    upload = open_upload(path, data_type, limits)
    count = characters = 0
    for row in upload.rows:
        count += 1
        characters += sum(map(len, row))
        if count == PREVIEW_ROWS or characters > PREVIEW_CHARACTERS:
            return Preview(upload.headers, upload.warnings, None)
    if not count:
        raise BadFile("The file has a header and no rows.")
    return Preview(upload.headers, upload.warnings, count)


def _table(path: Path, data_type: DataType, limits: Limits) -> Iterator[list[str]]:
    start = _magic(path)
    if not start:
        raise BadFile("ALYS001: the file is empty.")
    if start == OLE:
        raise refused_ole(path)
    if start.startswith(ZIP_MAGIC):
        return read_xlsx(path, data_type, limits.file_bytes)
    if zipfile.is_zipfile(path):
        raise BadFile("ALYS003: the file is neither CSV nor xlsx.")
    return read_csv(path, data_type)


def _magic(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(OLE))


def _rows(table: Iterator[list[str]], width: int, limits: Limits) -> Iterator[list[str]]:
    """Rows without the empty cells at their end. Empty rows count, except after the last one with
    cells.

    A file whose rows are as long as its header has no more cells than bytes; one of short rows
    below a long header may not have more than the largest file either, as its results are written
    with a cell for each column.
    """
    empty = 0
    for number, row in enumerate(table, 2):
        while row and not row[-1]:
            row.pop()
        if number - 1 > (limits.rows if row else max(limits.rows, MAX_LINES)):
            raise BadFile(f"The file has more than {limits.rows:,} rows. Send it in parts.")
        if not row:
            empty += 1
            continue
        if number * width > limits.file_bytes:
            raise BadFile(
                f"The file has too many empty cells, up to row {number}. "
                "Remove columns that are not needed, or send it in parts."
            )
        if len(row) > width:
            raise BadFile(f"Row {number} has more cells than the header. Is a quote missing?")
        yield from ([] for _ in range(empty))
        empty = 0
        yield row
