"""Workbooks that people send: the sheet of the data type, its cells as text."""

import logging
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson

from transfer.formats import xlsx_reader_process
from transfer.formats.bad_file import BadFile
from transfer.types.base import DataType

log = logging.getLogger(__name__)

UNPACKED = 20
MEMORY, SECONDS = 1024, 60
"""Megabytes and seconds of a processor that the reading of a workbook may take."""
BROKEN = "ALYS001: the workbook cannot be opened. It may be cut off: save it and send it again."
TOO_LARGE = "The workbook is too large when unpacked. Send it in parts, or as CSV."


def read_xlsx(path: Path, kind: DataType, max_bytes: int) -> Iterator[list[str]]:
    """The rows of the type's sheet, its header first, or BadFile.

    A workbook that unpacks to more than UNPACKED times ``max_bytes`` is refused, and so is one
    whose reading takes more than MEMORY or SECONDS, whatever it says of itself.
    """
    _check_archive(path, max_bytes * UNPACKED)
    names = [name.lower() for one in kind.sheets for name in (one.name, *one.aliases)]
    with _reader(path, names) as reader:
        try:
            with suppress(orjson.JSONDecodeError):  # the line in which it was ended
                yield from map(orjson.loads, reader.stdout)
            reader.wait()
        finally:
            reader.kill()
    if trouble := _trouble(reader.returncode, kind):
        raise BadFile(trouble)


def _trouble(code: int, kind: DataType) -> str | None:
    """What the end of the reading process says of the workbook."""
    if code in (xlsx_reader_process.NO_SHEET, xlsx_reader_process.BROKEN):
        none = f"ALYS004: no sheet of the workbook is called “{kind.sheets[0].name}”."
        return BROKEN if code == xlsx_reader_process.BROKEN else none
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


def _check_archive(path: Path, limit: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise BadFile(BROKEN) from None
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise BadFile("ALYS003: the file is a zip, but not a workbook. Send the files in it.")
    if sum(entry.file_size for entry in entries) > limit:
        raise BadFile(TOO_LARGE)
