"""CSV files that people send: any of the usual delimiters, quotes as in RFC 4180."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Self, TextIO

from transfer.formats.bad_file import BadFile
from transfer.formats.csv_writer import plain
from transfer.formats.text_encoding import encoding_of
from transfer.rows.headers import names, visible_text
from transfer.types.base import DataType

DELIMITERS = ",;\t|:"
LONGEST_RECORD = 4 * 1024 * 1024
LOOKED_AT = 256 * 1024
"""Characters of the header from which the delimiter is told; longer ones are refused later."""
CHECK = "is a quote or a line break missing?"
CURLY = "“”„‟«»"
STRAIGHT = 'CSV needs straight quotes ("), or none at all: replace them and send it again.'
SEP_LINE = re.compile(r'"?sep=(?P<delimiter>[^"\r\n])"?\r?\n', re.IGNORECASE)
"""The first line with which files tell Excel their delimiter; it is no row."""

csv.field_size_limit(LONGEST_RECORD)


def read_csv(path: Path, data_type: DataType) -> tuple[Iterator[list[str]], list[str]]:
    """The records of the file, its header first, and warnings; or BadFile, which iterating the
    records may raise as well."""
    encoding, warnings = encoding_of(path)
    named, header = _first_lines(path, encoding)
    _check_quotes(header)
    delimiter = named or _delimiter(header, data_type)
    return _records(path, encoding, delimiter, skipped=1 if named else 0), warnings


def _records(path: Path, encoding: str, delimiter: str, skipped: int) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        for _ in range(skipped):
            next(lines)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            lines.length, lines.apostrophes = 0, False
            try:
                record = next(reader, None)
            except csv.Error as error:
                raise BadFile(f"Line {lines.number} cannot be read as CSV: {error}.") from None
            if record is None:
                return
            if lines.apostrophes:
                record = [plain(cell) if cell[:1] == "'" else cell for cell in record]
            yield record


class _Lines:
    """The lines of a file, as long as those of one record are not too long to be one: a missing
    quote or line break would have all the rest of the file in memory, cell by cell. What is set
    back before a record tells of its lines."""

    def __init__(self, file: TextIO):
        self._file, self.number, self.length = file, 0, 0
        self.apostrophes = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_RECORD + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.length += len(line)
        self.apostrophes = self.apostrophes or "'" in line
        if "\x00" in line:
            raise BadFile(f"Line {self.number} is not text: it holds a zero byte.")
        if self.length > LONGEST_RECORD:
            raise BadFile(f"Line {self.number} belongs to a row of more than 4 MB: {CHECK}")
        return line


def _first_lines(path: Path, encoding: str) -> tuple[str | None, str]:
    """The delimiter that a ``sep=`` line names, if the file begins with one, and its header."""
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LOOKED_AT)
        if sep_line := SEP_LINE.fullmatch(first):
            return sep_line["delimiter"], file.readline(LOOKED_AT)
        return None, first


def _check_quotes(header: str) -> None:
    """Refuse a file whose cells stand between curly quotes, which would become part of them."""
    line = header.strip()
    if line and line[0] in CURLY and line[-1] in CURLY:
        shown = line if len(line) <= 60 else f"{line[:60]}…"
        raise BadFile(f"The header has curly quotes: {shown} {STRAIGHT}")


def _delimiter(header: str, data_type: DataType) -> str:
    """The one under which the header names most columns; a comma when none stands out."""
    known = names(data_type)

    def recognised(delimiter: str) -> int:
        cells = header.strip().split(delimiter)
        return sum(visible_text(cell.strip().strip('"')).lower() in known for cell in cells)

    return max(DELIMITERS, key=recognised)
