"""Workbooks that people send: their sheets, and the cells of these as text."""

import logging
import subprocess
import sys
import zipfile
from collections.abc import Generator, Iterator, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, cast

import orjson

from transfer.formats import xlsx_reader_process
from transfer.formats.bad_file import BadFile
from transfer.formats.csv_writer import plain
from transfer.formats.xlsx_reader_process import CELL, LENGTH, NAMED, ROW
from transfer.formats.zip_reader import opened

log = logging.getLogger(__name__)

UNPACKED = 20
MEMORY, SECONDS = 1024, 300
"""Megabytes and seconds of a processor that the reading of a workbook may take."""
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of old Office programs begin, and those of today that have a password."""
WORKBOOK = "xl/workbook.xml"
OTHER_FORMATS = {
    "content.xml": "an OpenDocument spreadsheet (.ods)",
    "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    "Index/Document.iwa": "a Numbers document",
}
"""What a zip with this entry is."""
SAVE_AS = "Save it as an Excel workbook (.xlsx) and send it again."
PASSWORD = "The workbook has a password. Remove it, save the workbook and send it again."
OLD = f"ALYS003: the file is an old Excel workbook (.xls). {SAVE_AS}"
UNKNOWN = "ALYS003: the file is neither CSV, xlsx, zip nor JSONL."
BROKEN = "ALYS001: the workbook cannot be opened. It may be cut off: save it and send it again."
TOO_LARGE = "The workbook is too large when unpacked. Send it in parts, or as CSV."
LONG_ROW = "A row of the workbook is longer than 16 MB. Remove columns that are not needed."
TROUBLES = {xlsx_reader_process.BROKEN: BROKEN, xlsx_reader_process.LONG_ROW: LONG_ROW}


def sheet_names(path: Path, max_bytes: int) -> tuple[list[str], list[str]]:
    """The sheets of a workbook that can be seen, and those that are hidden; or BadFile.

    A workbook that unpacks to more than UNPACKED times ``max_bytes`` is refused, and so is one
    whose reading takes more than MEMORY or SECONDS, whatever it says of itself.
    """
    if unpacked_size(path) > max_bytes * UNPACKED:
        raise BadFile(TOO_LARGE)
    with _reader(path, 0, ()) as reader:
        [(_, text)] = _parts(reader)
    listed = orjson.loads(text)
    return listed["sheets"], listed["hidden"]


def read_sheets(
    path: Path, names: Sequence[str], most: int = 0
) -> Generator[tuple[str, Iterator[list[str]]], None, None]:
    """The rows of each of these sheets, one sheet after the other; at most so many of each unless
    it is 0. Iterating the rows may raise BadFile."""
    with _reader(path, most, names) as reader:
        try:
            parts = _parts(reader)
            name = next(parts, ("", ""))[1]

            def rows() -> Iterator[list[str]]:
                nonlocal name
                for kind, text in parts:
                    if kind == NAMED:
                        name = text
                        return
                    guarded = "'" in text
                    for row in text.split(ROW):
                        cells = row.split(CELL) if row else []
                        yield [plain(cell) for cell in cells] if guarded else cells
                name = ""

            while name:
                of_sheet = rows()
                yield name, of_sheet
                for _ in of_sheet:
                    pass
        finally:
            reader.kill()


def refused_ole(path: Path) -> BadFile:
    """Why a file that begins as OLE does cannot be read."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        if data.find("EncryptedPackage".encode("utf-16-le")) != -1:
            return BadFile(PASSWORD)
        streams = ("Workbook", "Book")  # Excel 97 and later, and 95
        old = any(data.find(name.encode("utf-16-le")) != -1 for name in streams)
    return BadFile(OLD if old else UNKNOWN)


def is_workbook(path: Path) -> bool:
    """Whether a zip is a workbook; BadFile when it is a document of another kind, or none."""
    try:
        with opened(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError):
        raise BadFile(BROKEN) from None
    for name, format_name in OTHER_FORMATS.items():
        if name in names:
            raise BadFile(f"ALYS003: the file is {format_name}. {SAVE_AS}")
    return WORKBOOK in names


def unpacked_size(path: Path) -> int:
    """How many bytes a zip says that it unpacks to."""
    with opened(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _parts(reader: subprocess.Popen[bytes]) -> Iterator[tuple[bytes, str]]:
    """What the reading process prints, to its end; or BadFile when that is a bad one."""
    out = cast(IO[bytes], reader.stdout)
    while kind := out.read(1):
        size = int.from_bytes(out.read(LENGTH))
        data = out.read(size)
        if len(data) < size:
            break  # it was ended in the middle
        yield kind, data.decode()
    code = reader.wait()
    if code:
        log.warning("The reading of a workbook was ended: code %s", code)
        raise BadFile(TROUBLES.get(code, TOO_LARGE))


def _reader(path: Path, most: int, names: Sequence[str]) -> subprocess.Popen[bytes]:
    program = xlsx_reader_process.__file__
    options = [str(path), str(MEMORY), str(SECONDS), str(most), *names]
    command = [sys.executable, "-I", program, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
