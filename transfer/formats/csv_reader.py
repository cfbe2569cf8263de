"""CSV files that people send: UTF-8, any of the usual delimiters, quotes as in RFC 4180."""

import csv
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path
from typing import Self, TextIO

from transfer.formats.bad_file import BadFile
from transfer.formats.csv_writer import plain
from transfer.rows.headers import names, visible
from transfer.types.base import DataType

DELIMITERS = ",;\t|:"
LONGEST_RECORD = 4 * 1024 * 1024
READ_AT_ONCE = 1024 * 1024
LOOKED_AT = 256 * 1024
"""Characters of the header from which the delimiter is told; longer ones are refused later."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CHECK = "is a quote or a line break missing?"
CURLY = "“”„‟«»"
STRAIGHT = 'CSV needs straight quotes ("), or none at all: replace them and send it again.'
SEP_LINE = re.compile(r'"?sep=(?P<delimiter>[^"\r\n])"?\r?\n', re.IGNORECASE)
"""The first line with which files tell Excel their delimiter; it is no row."""
SAVE_AS = "Save it as CSV UTF-8 and send it again."

csv.field_size_limit(LONGEST_RECORD)


def read_csv(path: Path, kind: DataType) -> Iterator[list[str]]:
    """The records of the file, its header first, or BadFile."""
    _check_encoding(path)
    named, header = _first_lines(path)
    _check_quotes(header)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _Lines(file)
        if named:
            next(lines)
        reader = csv.reader(lines, delimiter=named or _delimiter(header, kind), strict=True)
        while True:
            lines.length = 0
            try:
                record = next(reader, None)
            except csv.Error as error:
                raise BadFile(f"Line {lines.number} cannot be read as CSV: {error}.") from None
            if record is None:
                return
            yield [plain(cell) for cell in record]


class _Lines:
    """The lines of a file, as long as those of one record are not too long to be one: a missing
    quote or line break would have all the rest of the file in memory, cell by cell."""

    def __init__(self, file: TextIO):
        self._file, self.number, self.length = file, 0, 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_RECORD + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.length += len(line)
        if self.length > LONGEST_RECORD:
            raise BadFile(f"Line {self.number} belongs to a row of more than 4 MB: {CHECK}")
        return line


def _check_encoding(path: Path) -> None:
    """Refuse what is not UTF-8 text, by the number of the line."""
    decoder, line = getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as file:
        start = True
        while chunk := file.read(READ_AT_ONCE):
            if start and chunk.startswith(UTF_16):
                raise BadFile(f"The file is in UTF-16. {SAVE_AS}")
            if b"\x00" in chunk:
                if b"\x00" in chunk[:8192] and start:
                    raise BadFile("ALYS003: the file is neither CSV nor xlsx.")
                line += chunk.count(b"\n", 0, chunk.index(b"\x00"))
                raise BadFile(f"Line {line} is not text: it holds a zero byte.")
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line += error.object.count(b"\n", 0, error.start)
                raise BadFile(f"Line {line} is not in UTF-8. {SAVE_AS}") from None
            line += chunk.count(b"\n")
            start = False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise BadFile(f"Line {line} is not in UTF-8. {SAVE_AS}") from None


def _first_lines(path: Path) -> tuple[str | None, str]:
    """The delimiter that a ``sep=`` line names, if the file begins with one, and its header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
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


def _delimiter(header: str, kind: DataType) -> str:
    """The one under which the header names most columns; a comma when none stands out."""
    known = names(kind)

    def recognised(delimiter: str) -> int:
        cells = header.strip().split(delimiter)
        return sum(visible(cell.strip().strip('"')).lower() in known for cell in cells)

    return max(DELIMITERS, key=recognised)
