"""The encoding of a text file that somebody sent: what it says, what it is, else a likely one.

Windows programs save CSV in an encoding of the country, which nothing in the file names. Which of
the three usual ones it is, charset-normalizer tells by the letters that come of it.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import CharsetMatch, from_bytes

from transfer.formats.bad_file import BadFile

READ_AT_ONCE = 1024 * 1024
LOOKED_AT = 64 * 1024
"""Bytes of lines with letters beyond ASCII from which an encoding is guessed."""
BEYOND_ASCII = re.compile(b"[\x80-\xff]")
GUESSED = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp932": "Windows-932"}
SAVE_AS = "Save it as CSV UTF-8 and send it again."
NO_TEXT = "ALYS003: the file is neither CSV, xlsx, zip nor JSONL."
ASSUMED = (
    "The file is not in UTF-8 and was read as {}. If accents or other signs are wrong, save it "
    "as CSV UTF-8 and send it again."
)


def encoding_of(path: Path) -> tuple[str, list[str]]:
    """Python's name of the encoding, and a warning where it is only assumed; or BadFile with the
    number of the line that is no text."""
    with path.open("rb") as file:
        if file.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE):
            if fault := _fault(path, "utf-16"):
                raise BadFile(f"Line {fault.line} is not in UTF-16, as the file says. {SAVE_AS}")
            return "utf-16", []
    beyond_ascii = _first_byte_beyond_ascii(path)
    fault = _fault(path, "utf-8")
    if fault is None:
        return "utf-8-sig", []
    likely = [name for name in GUESSED if _fault(path, name) is None]
    if beyond_ascii < fault.at or not likely:  # what is before it is in UTF-8
        raise BadFile(f"Line {fault.line} is not in UTF-8. {SAVE_AS}")
    encoding = _likeliest(_sample(path), likely)
    return encoding, [ASSUMED.format(GUESSED[encoding])]


@dataclass(frozen=True)
class Fault:
    """What is none of an encoding: the number of its line, and where in the file its bytes are."""

    line: int
    at: int


def _first_byte_beyond_ascii(path: Path) -> int:
    """Where it is, or where the file ends; BadFile when there is a zero byte."""
    found, line, at = -1, 1, 0
    with path.open("rb") as file:
        while chunk := file.read(READ_AT_ONCE):
            if b"\x00" in chunk:
                zero = chunk.index(b"\x00")
                if at + zero < 8192:
                    raise BadFile(NO_TEXT)
                line += chunk.count(b"\n", 0, zero)
                raise BadFile(f"Line {line} is not text: it holds a zero byte.")
            if found < 0 and not chunk.isascii() and (byte := BEYOND_ASCII.search(chunk)):
                found = at + byte.start()
            line += chunk.count(b"\n")
            at += len(chunk)
    return at if found < 0 else found


def _fault(path: Path, encoding: str) -> Fault | None:
    """The first bytes of the file that are none of the encoding."""
    decoder = getincrementaldecoder(encoding)()
    line, at = 1, 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(READ_AT_ONCE)
            try:
                decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                start = error.start - (len(error.object) - len(chunk))
                return Fault(line + chunk.count(b"\n", 0, max(start, 0)), at + start)
            if not chunk:
                return None
            line += chunk.count(b"\n")
            at += len(chunk)


def _likeliest(sample: bytes, encodings: list[str]) -> str:
    """The encoding whose text looks most like a language; of those that look alike the one that is
    used most, which is the first."""
    found = list(from_bytes(sample, cp_isolation=encodings))
    alike = [match for match in found if _looks(match) == _looks(found[0])]
    if found and found[0].encoding == "cp932":
        return "cp932"
    return min((match.encoding for match in alike), key=encodings.index, default=encodings[0])


def _looks(match: CharsetMatch) -> tuple[float, float]:
    return match.chaos, match.coherence


def _sample(path: Path) -> bytes:
    """Lines that have letters beyond ASCII."""
    found = bytearray()
    with path.open("rb") as file:
        while len(found) < LOOKED_AT and (line := file.readline(LOOKED_AT)):
            if not line.isascii():
                found += line
    return bytes(found)
