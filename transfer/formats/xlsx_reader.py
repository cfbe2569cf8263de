"""Workbooks that people send: the sheet of the data type, its cells as text."""

import logging
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path

import orjson

from transfer.formats import xlsx_reader_process
from transfer.formats.bad_file import BadFile
from transfer.formats.csv_writer import plain
from transfer.types.base import DataType

log = logging.getLogger(__name__)

MOST_NAMES = 20
"""Sheets that a sentence names."""
UNPACKED = 20
MEMORY, SECONDS = 1024, 60
"""Megabytes and seconds of a processor that the reading of a workbook may take."""
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of old Office programs begin, and those of today that have a password."""
OTHER_FORMATS = {
    "content.xml": "an OpenDocument spreadsheet (.ods)",
    "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    "Index/Document.iwa": "a Numbers document",
}
"""What a zip with this entry is."""
SAVE_AS = "Save it as an Excel workbook (.xlsx) and send it again."
PASSWORD = "The workbook has a password. Remove it, save the workbook and send it again."
OLD = f"ALYS003: the file is an old Excel workbook (.xls). {SAVE_AS}"
BROKEN = "ALYS001: the workbook cannot be opened. It may be cut off: save it and send it again."
TOO_LARGE = "The workbook is too large when unpacked. Send it in parts, or as CSV."


def read_xlsx(path: Path, kind: DataType, max_bytes: int) -> Iterator[list[str]]:
    """The rows of the type's sheet, its header first, or BadFile.

    A workbook that unpacks to more than UNPACKED times ``max_bytes`` is refused, and so is one
    whose reading takes more than MEMORY or SECONDS, whatever it says of itself.
    """
    if unpacked_size(path) > max_bytes * UNPACKED:
        raise BadFile(TOO_LARGE)
    names = [name.lower() for one in kind.sheets for name in (one.name, *one.aliases)]
    with _reader(path, names) as reader:
        try:
            with suppress(orjson.JSONDecodeError):  # the line in which it was ended
                for line in map(orjson.loads, reader.stdout or ()):
                    if isinstance(line, dict):
                        raise BadFile(_no_sheet(kind.sheets[0].name, **line))
                    yield [plain(cell) for cell in line]
            reader.wait()
        finally:
            reader.kill()
    if trouble := _trouble(reader.returncode):
        raise BadFile(trouble)


def refused_ole(path: Path) -> BadFile:
    """Why a file that begins as OLE does cannot be read."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        if data.find("EncryptedPackage".encode("utf-16-le")) != -1:
            return BadFile(PASSWORD)
        streams = ("Workbook", "Book")  # Excel 97 and later, and 95
        old = any(data.find(name.encode("utf-16-le")) != -1 for name in streams)
    return BadFile(OLD if old else "ALYS003: the file is neither CSV nor xlsx.")


def _no_sheet(wanted: str, sheets: list[str], hidden: list[str]) -> str:
    """Which sheets there are, when none of those that can be seen is the type's."""
    sentence = f"ALYS004: no sheet of the workbook is called “{wanted}”."
    if sheets:
        sentence += f" Its sheets are {_listed(sheets)}."
    if hidden:
        sentence += f" Hidden sheets are not read: {_listed(hidden)}. Unhide the one you mean."
    return sentence


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(f"“{name}”" for name in names[:MOST_NAMES]) + more


def _trouble(code: int) -> str | None:
    """What the end of the reading process says of the workbook."""
    if code == xlsx_reader_process.BROKEN:
        return BROKEN
    if code:
        log.warning("The reading of a workbook was ended: code %s", code)
    return TOO_LARGE if code else None


def _reader(path: Path, names: list[str]) -> subprocess.Popen:
    command = [
        sys.executable,
        "-I",
        xlsx_reader_process.__file__,
        str(path),
        str(MEMORY),
        str(SECONDS),
        *names,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def unpacked_size(path: Path) -> int:
    """How many bytes the workbook says that it unpacks to, or BadFile when it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise BadFile(BROKEN) from None
    names = {entry.filename for entry in entries}
    for name, format_name in OTHER_FORMATS.items():
        if name in names:
            raise BadFile(f"ALYS003: the file is {format_name}. {SAVE_AS}")
    if "xl/workbook.xml" not in names:
        raise BadFile("ALYS003: the file is a zip, but not a workbook. Send the files in it.")
    return sum(entry.file_size for entry in entries)
