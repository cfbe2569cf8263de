"""Zips of CSV and JSONL files that people send."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path, PurePosixPath

from transfer.formats.bad_file import BadFile

ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
AT_ONCE = 256 * 1024
MOST_FILES = 100
NO_CSV = "ALYS002: the zip holds no CSV and no JSONL file."
PASSWORD = "The zip has a password. Make one without and send it again."
CUT_OFF = "ALYS001: the zip cannot be opened. It may be cut off: make it again."
TOO_LARGE = "The files in the zip are more than {:,} MB. Send them in parts."
TOO_MANY = "The zip holds more than {} files. Send them in parts."
MOST_LISTED = 4 * 1024 * 1024
"""Bytes of the list of files at a zip's end, of which zipfile makes twenty times as many."""
LONG_LIST = "The zip holds tens of thousands of files. Send them in parts."
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)


class _ShortList(FileIO):
    """A zip on disk, unless the list of its files is too long. zipfile reads that at once, and
    nothing else of this size."""

    def read(self, size: int | None = -1) -> bytes:
        if size and size > MOST_LISTED:
            raise BadFile(LONG_LIST)
        return super().read(-1 if size is None else size)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip; or BadFile."""
    with _ShortList(path) as file, zipfile.ZipFile(file) as archive:
        yield archive


def files_in(path: Path, max_bytes: int) -> tuple[list[str], list[str]]:
    """The names of the files in a zip that may be read, and of the others; or BadFile.

    Folders do not matter. What macOS and file managers put beside the files is not spoken of.
    """
    try:
        with opened(path) as archive:
            entries = [entry for entry in archive.infolist() if _is_meant(entry.filename)]
    except UNREADABLE:
        raise BadFile(CUT_OFF) from None
    names = list(dict.fromkeys(entry.filename for entry in entries))
    files = [name for name in names if name.lower().endswith(ENDINGS)]
    if not files:
        raise BadFile(NO_CSV)
    if len(files) > MOST_FILES:
        raise BadFile(TOO_MANY.format(MOST_FILES))
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadFile(PASSWORD)
    if sum(entry.file_size for entry in entries if entry.filename in files) > max_bytes:
        raise BadFile(TOO_LARGE.format(max_bytes // (1024 * 1024)))
    return files, [name for name in names if name not in files]


def size_of(path: Path, name: str) -> int:
    """How many bytes a file of the zip has when unpacked."""
    with opened(path) as archive:
        return archive.getinfo(name).file_size


def extract(path: Path, name: str, to: Path) -> None:
    """Unpack a file of the zip, of which no more is written than ``size_of`` says; or BadFile."""
    try:
        with opened(path) as archive, archive.open(name) as file, to.open("wb") as out:
            while data := file.read(AT_ONCE):
                out.write(data)
    except UNREADABLE:
        raise BadFile(CUT_OFF) from None


def _is_meant(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") for part in parts)
    return bool(parts) and not (name.endswith("/") or hidden or parts[0] == "__MACOSX")
