"""CSV files that people send: UTF-8, any of the usual delimiters, quotes as in RFC 4180."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Self, TextIO

from transfer.formats.bad_file import BadFile
from transfer.formats.csv_writer import plain
from transfer.rows.headers import names
from transfer.types.base import DataType

DELIMITERS = ",;\t|:"
LONGEST_RECORD = 4 * 1024 * 1024
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CHECK = "is a quote or a line break missing?"
SAVE_AS = "Save it as CSV UTF-8 and send it again."

csv.field_size_limit(LONGEST_RECORD)


def read_csv(path: Path, kind: DataType) -> Iterator[list[str]]:
    """The records of the file, its header first, or BadFile."""
    _check_encoding(path)
    delimiter = _delimiter(path, kind)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            lines.length = 0
            try:
                record = next(reader, None)
            except csv.Error as error:
                raise BadFile(f"Line {reader.line_num} cannot be read as CSV: {error}.") from None
            if record is None:
                return
            yield [plain(cell) for cell in record]


class _Lines:
    """The lines of a file, as long as those of one record are not too long to be one: a missing
    quote or line break would have all the rest of the file in memory, cell by cell."""

    def __init__(self, file: TextIO):
        self._file, self._number, self.length = file, 0, 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_RECORD + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self.length += len(line)
        if self.length > LONGEST_RECORD:
            raise BadFile(f"Line {self._number} belongs to a row of more than 4 MB: {CHECK}")
        return line


def _check_encoding(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(8192)
        if start.startswith(UTF_16):
            raise BadFile(f"The file is in UTF-16. {SAVE_AS}")
        if b"\x00" in start:
            raise BadFile("ALYS003: the file is neither CSV nor xlsx.")
        file.seek(0)
        for number, line in enumerate(file, 1):
            if b"\x00" in line:
                raise BadFile(f"Line {number} is not text: it holds a zero byte.")
            try:
                line.decode()
            except UnicodeDecodeError:
                raise BadFile(f"Line {number} is not in UTF-8. {SAVE_AS}") from None


def _delimiter(path: Path, kind: DataType) -> str:
    """The one under which the header names most columns; a comma when none stands out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline(LONGEST_RECORD)
    known = names(kind)

    def recognised(delimiter: str) -> int:
        cells = header.strip().split(delimiter)
        return sum(cell.strip().strip('"').strip().lower() in known for cell in cells)

    return max(DELIMITERS, key=recognised)
