"""CSV files that people send: UTF-8, any of the usual delimiters, quotes as in RFC 4180."""

import csv
from collections.abc import Iterator
from pathlib import Path

from transfer.formats.csv_file import plain
from transfer.types.base import DataType
from transfer.uploads.bad_file import BadFile
from transfer.uploads.headers import names

DELIMITERS = ",;\t|:"
LONGEST_CELL = 16 * 1024 * 1024
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS = "Save it as CSV UTF-8 and send it again."

csv.field_size_limit(LONGEST_CELL)


def read_csv(path: Path, kind: DataType) -> Iterator[list[str]]:
    """The records of the file, its header first, or BadFile."""
    _check_encoding(path)
    delimiter = _delimiter(path, kind)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        while True:
            try:
                record = next(reader, None)
            except csv.Error as error:
                raise BadFile(f"Line {reader.line_num} cannot be read as CSV: {error}.") from None
            if record is None:
                return
            yield [plain(cell) for cell in record]


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
        header = file.readline()
    known = names(kind)

    def recognised(delimiter: str) -> int:
        cells = header.strip().split(delimiter)
        return sum(cell.strip().strip('"').strip().lower() in known for cell in cells)

    return max(DELIMITERS, key=recognised)
