"""Files that people send: recognised by their content, read sheet by sheet and row by row, refused
in one sentence.

Codes ALYS001 to ALYS007 are those that users of such files know.
"""

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from models.import_sheet import ImportSheet
from transfer.formats import zip_reader
from transfer.formats.bad_file import BadFile
from transfer.formats.csv_reader import read_csv
from transfer.formats.jsonl_reader import MAX_HEADER, is_jsonl, read_jsonl
from transfer.formats.text_encoding import NO_TEXT
from transfer.formats.xlsx_reader import (
    OLE,
    is_workbook,
    read_sheets,
    refused_ole,
    sheet_names,
    unpacked_size,
)
from transfer.importing.header_check import check
from transfer.importing.limits import Limits
from transfer.importing.sheet_choice import Chosen, choose_one, choose_sheets
from transfer.rows.headers import Headers
from transfer.types import ALL, BY_NAME
from transfer.types.base import DataType, Sheet
from transfer.types.shop_facts import ShopFacts

MAX_COLUMNS = 16_384
MAX_LINES = 1_048_576
"""As many as a sheet of Excel has, whose empty rows at the end do no harm."""
ZIP_MAGIC = b"PK\x03\x04"
PREVIEW_ROWS, PREVIEW_CHARACTERS = 5000, 1_000_000
"""How much of a sheet is read while its sender waits."""
PREVIEW_UNPACKED = 20_000_000
"""Unpacked, a larger workbook or file of a zip is left to the worker."""
COLUMNS_COMPARED = 300
"""Columns by which the type of a file is found that nothing names."""
NO_ROWS = "The file has a header and no rows."
TOO_MANY_ROWS = "The file has more than {:,} rows. Send it in parts."

Table = tuple[ImportSheet, Iterator[list[str]], list[str]]
"""A sheet, its rows with the header first, and warnings about how it was read."""
FactsOf = Callable[[str], ShopFacts]
"""The facts of the shop for a data type, which the columns of JSONL take."""


@dataclass(frozen=True)
class Upload:
    """A sheet of a file, with its ``headers`` as the file has them.

    ``rows`` are without the empty cells at their end, and can be iterated once, before those of the
    next sheet; iterating them may raise BadFile. A row that has more cells than the header keeps
    them.
    """

    sheet: ImportSheet
    rows: Iterator[list[str]]
    warnings: list[str]


def choose(
    path: Path, limits: Limits, *, name: str = "", data_type: DataType | None = None
) -> Chosen:
    """The sheets of a file that are to be imported: those whose names say a data type, or those of
    this ``data_type``. ``name`` is the file's. Raises BadFile when there are none."""
    start = _magic(path)
    stem = PurePosixPath(name).stem
    if not start:
        raise BadFile("ALYS001: the file is empty.")
    if start == OLE:
        raise refused_ole(path)
    if not start.startswith(ZIP_MAGIC):
        if zipfile.is_zipfile(path):
            raise BadFile(NO_TEXT)
        return choose_one(stem, data_type)
    if is_workbook(path):
        names, hidden = sheet_names(path, limits.file_bytes)
        return choose_sheets({one: one for one in names}, stem, data_type, hidden=hidden)
    files, others = zip_reader.files_in(path, limits.shop_bytes)
    return choose_sheets(
        {one: PurePosixPath(one).stem for one in files}, stem, data_type, others=others
    )


def read(
    path: Path, sheets: Sequence[ImportSheet], limits: Limits, facts_of: FactsOf, *, most: int = 0
) -> Iterator[Upload]:
    """Each of these sheets in turn, or BadFile; at most so many rows of each unless it is 0.

    Where there are several, a sentence begins with the name of the sheet that it is about, and
    empty ones are passed over.
    """
    several = len({sheet.name for sheet in sheets}) > 1
    for sheet, table, warnings in _tables(path, sheets, facts_of, most):
        prefix = f"“{sheet.name}”: " if several else ""
        with _beginning_with(prefix):
            header = next(table, None)
            if header is None:
                if several:
                    continue
                raise BadFile("ALYS001: the file has no rows.")
            _check_size(header)
            warnings = [*warnings, *check(header, BY_NAME[sheet.type])]
        of = sheet.of or _likely(BY_NAME[sheet.type], header).name
        rows = _rows(table, len(header), limits, prefix)
        yield Upload(
            replace(sheet, headers=header, of=of), rows, [f"{prefix}{one}" for one in warnings]
        )


def likely_type(path: Path, limits: Limits, *, name: str = "") -> DataType | None:
    """The type that most columns of a CSV file or of a workbook's only sheet are of, where no name
    says one; None when that is half of them at most, or as many are of another type. Raises
    BadFile."""
    if _magic(path).startswith(ZIP_MAGIC):
        if not is_workbook(path) or unpacked_size(path) > PREVIEW_UNPACKED:
            return None
    elif is_jsonl(path):
        return None
    importable = [data_type for data_type in ALL if data_type.importable]
    sheets = choose(path, limits, name=name, data_type=importable[0]).sheets
    header: list[str] = []
    for _, rows, _ in _tables(path, sheets, lambda name: ShopFacts(), 1):
        header = next(rows, [])
        _check_size(header)
        header = [text for text in header if text.strip()][:COLUMNS_COMPARED]
        break
    known = {one.name: sum(map(bool, map(Headers(one).find, header))) for one in importable}
    (best, most), (_, second) = Counter(known).most_common(2)
    return BY_NAME[best] if most > max(second, len(header) / 2) else None


def preview(path: Path, chosen: Chosen, limits: Limits) -> Chosen:
    """The chosen sheets with their headers and, where all of it is at its beginning, how many rows
    each has; or BadFile. A file's sender waits for it.

    What is wrong further on is found by the worker, in the same words. Sheets without a row are
    left out.
    """
    if _magic(path).startswith(ZIP_MAGIC) and unpacked_size(path) > PREVIEW_UNPACKED:
        return chosen
    sheets, warnings = [], list(chosen.warnings)
    for upload in read(
        path, chosen.sheets, limits, lambda name: ShopFacts(), most=PREVIEW_ROWS + 1
    ):
        count = _counted(upload.rows)
        if count != 0:
            sheets.append(replace(upload.sheet, rows=count))
            warnings += upload.warnings
    if not sheets:
        raise BadFile(NO_ROWS)
    return Chosen(sheets, warnings)


def samples(path: Path, chosen: Chosen, most: int) -> Iterator[tuple[ImportSheet, list[list[str]]]]:
    """The sheets of a file with its first rows, at most so many of each. Of a large workbook or zip
    the worker alone reads the rows; raises BadFile."""
    if _magic(path).startswith(ZIP_MAGIC) and unpacked_size(path) > PREVIEW_UNPACKED:
        yield from ((sheet, []) for sheet in chosen.sheets)
        return
    limits = Limits.current()
    for upload in read(path, chosen.sheets, limits, lambda name: ShopFacts(), most=most):
        yield upload.sheet, list(upload.rows)


def _counted(rows: Iterator[list[str]]) -> int | None:
    """How many rows there are; None when they are more than are counted here."""
    count = characters = 0
    for row in rows:
        count += 1
        characters += sum(map(len, row))
        if count == PREVIEW_ROWS or characters > PREVIEW_CHARACTERS:
            return None
    return count


def _tables(
    path: Path, sheets: Sequence[ImportSheet], facts_of: FactsOf, most: int
) -> Iterator[Table]:
    """The sheets with their rows, read one after the other."""
    by_name = {sheet.name: sheet for sheet in sheets}
    if not _magic(path).startswith(ZIP_MAGIC):
        yield from _text_tables(path, sheets[0], facts_of, most)
    elif is_workbook(path):
        with closing(read_sheets(path, list(by_name), most and most + 1)) as tables:
            for name, rows in tables:
                yield by_name[name], rows, []
    else:
        unpacked = path.with_name("unpacked")
        for sheet in by_name.values():
            with _beginning_with(f"“{sheet.name}”: " if len(by_name) > 1 else ""):
                zip_reader.extract(path, sheet.name, unpacked)
                if _magic(unpacked):
                    yield from _text_tables(unpacked, sheet, facts_of, most)


def _text_tables(path: Path, sheet: ImportSheet, facts_of: FactsOf, most: int) -> Iterator[Table]:
    """The sheet of a CSV file, or those that the objects of a JSONL file are on."""
    data_type = BY_NAME[sheet.type]
    if is_jsonl(path):
        for of, rows in read_jsonl(path, data_type, facts_of(data_type.name)):
            yield replace(sheet, of=of), _beginning(rows, most), []
    else:
        rows, warnings = read_csv(path, data_type)
        yield sheet, _beginning(rows, most), warnings


def _beginning(rows: Iterator[list[str]], most: int) -> Iterator[list[str]]:
    return islice(rows, most + 1) if most else rows


def _magic(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(OLE))


def _check_size(header: list[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise BadFile(f"The file has {len(header):,} columns, {MAX_COLUMNS:,} at most are read.")
    if sum(map(len, header)) > MAX_HEADER:
        raise BadFile(
            f"The column names have more than {MAX_HEADER:,} characters. "
            "Is a quote missing in the first row?"
        )


def _likely(data_type: DataType, header: list[str]) -> Sheet:
    """The sheet of a type that has most of these columns; of those that have as many the last,
    which is the plainer one."""

    def count_known(sheet: Sheet) -> int:
        columns = Headers(replace(data_type, sheets=(sheet,)))
        return sum(columns.find(name) is not None for name in header)

    return max(reversed((*data_type.imported_sheets, *data_type.sheets)), key=count_known)


@contextmanager
def _beginning_with(prefix: str) -> Iterator[None]:
    """Put this before the sentence of a BadFile."""
    try:
        yield
    except BadFile as error:
        raise BadFile(f"{prefix}{error}") from None


def _rows(
    table: Iterator[list[str]], width: int, limits: Limits, prefix: str
) -> Iterator[list[str]]:
    """Rows without the empty cells at their end. Empty rows count, except after the last one with
    cells.

    A file whose rows are as long as its header has no more cells than bytes; one of short rows
    below a long header may not have more than the largest file either, as its results are written
    with a cell for each column.
    """
    empty = 0
    with _beginning_with(prefix):
        for number, row in enumerate(table, 2):
            while row and not row[-1]:
                row.pop()
            if number - 1 > (limits.rows if row else max(limits.rows, MAX_LINES)):
                raise BadFile(TOO_MANY_ROWS.format(limits.rows))
            if not row:
                empty += 1
                continue
            if number * width > limits.file_bytes:
                raise BadFile(
                    f"The file has too many empty cells, up to row {number}. "
                    "Remove columns that are not needed, or send it in parts."
                )
            yield from ([] for _ in range(empty))
            empty = 0
            yield row
