"""Reads sheets of a workbook, as a program of its own: its file, limits and names are arguments.

A workbook of a few kilobytes can ask for any amount of memory or time, which no check of the file
foresees. Here it asks a process that has limits and may die of them. It imports nothing of ours, to
start at once.

The XML of a sheet is read as a stream and cut into its rows. A row as office programs write it is
taken apart by one regular expression, any other by an XML parser: that is three times as fast as a
parser for all. Many shared strings are kept in a file. So memory does not grow with the workbook.
(ECMA-376 part 1: 18.3 worksheets, 18.4 shared strings, 18.8 styles.)
"""

import gc
import json
import os
import posixpath
import re
import resource
import sys
import tempfile
import zipfile
import zlib
from array import array
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from html import unescape
from itertools import chain, product
from mmap import ACCESS_READ, mmap
from typing import IO
from xml.etree import ElementTree

BROKEN, LONG_ROW = 4, 5
"""How it ends when the file cannot be read as a workbook, and when a row is too long to be one."""
NO_VALUE = "#NO VALUE"
"""What stands for a formula whose result the workbook does not have."""
CHUNK = 256 * 1024
ROWS_AT_ONCE = 64
LISTED, NAMED, ROWS = b"L", b"N", b"R"
LENGTH = 4
"""What is printed: a kind, the length in so many bytes, a text."""
CELL, ROW = "\x1f", "\x1e"
"""Between the cells of a row and between rows: signs that XML cannot hold."""
LONGEST_ROW = 16 * 1024 * 1024
"""Characters of a row or a shared string, and of their XML."""
MOST_BYTES = 64 * 1024 * 1024
"""Of a part that is read as a whole: the list of sheets, the styles."""
IN_MEMORY, BESIDE = 160 * 1024 * 1024, 64
"""So many bytes of shared strings are kept as texts, with so many that each takes besides."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
LETTERS = [
    "".join(letters)
    for length in (1, 2, 3)
    for letters in product("ABCDEFGHIJKLMNOPQRSTUVWXYZ", repeat=length)
][:MOST_COLUMNS]
MOST_KNOWN, LONGEST_KNOWN = 50_000, 64
"""So many texts of values are kept, of so many characters each."""
MOST_DIGITS = 15
"""Of a longer number Excel keeps no more; it is shown with an exponent, as Excel shows it."""
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
LAST_DAY = 2_958_465
"""31 December 9999, as Excel counts days."""
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The built-in number formats that show a date or a time."""
NO_DATE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]hms][^\]]*\]|General|E[+-]', re.IGNORECASE)
"""What in a number format has letters that are none of a date's."""
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
NO_TEXT = re.compile("[\x00\x01\x1e\x1f]")
"""What has a meaning of its own between programs of ours, and none in a cell."""
ROOT = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<(?P<prefix>(?:\w+:)?)\w+(?P<attributes>[^<>]*)>")
NAMESPACE = re.compile(r'xmlns(?::\w+)?="[^"]*"')
USUAL = re.compile(r'(?:\s+(?!r=)\w+="[^"]*")*\s*/?')
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
KEYED = re.compile(r'\sr="(\d+)"')
UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
)


class Unusual(Exception):
    """Attributes of a cell that take an XML parser."""


class LongRow(Exception):
    """A row, or a shared string, that is too long to be one."""


def main(path: str, megabytes: str, seconds: str, most_rows: str, *names: str) -> None:
    """Print the sheets that there are or, with ``names``, the rows of these, at most so many of
    each unless it is 0: the sheet's name, then its rows, some at once."""
    limit(resource.RLIMIT_AS, int(megabytes) * 1024 * 1024)
    limit(resource.RLIMIT_CPU, int(seconds))
    limit(resource.RLIMIT_CORE, 0)
    gc.disable()  # there are no cycles, and it takes a tenth of the time
    try:
        with zipfile.ZipFile(path) as archive, os.fdopen(1, "wb") as out:
            book = Workbook(archive)
            if not names:
                write_text(out, LISTED, json.dumps(book.listed()))
            for name in names:
                write_text(out, NAMED, name)
                for text in texts(book.rows(name, int(most_rows))):
                    write_text(out, ROWS, text)
    except UNREADABLE:
        sys.exit(BROKEN)
    except LongRow:
        sys.exit(LONG_ROW)


def texts(rows: Iterator[list[str]]) -> Iterator[str]:
    """Rows as texts, some at once: whoever reads them holds as much."""
    some: list[str] = []
    size = 0
    for row in map(CELL.join, rows):
        if len(row) > LONGEST_ROW:  # a shared string may be in all of its cells
            raise LongRow
        some.append(row)
        size += len(row)
        if len(some) == ROWS_AT_ONCE or size > CHUNK:
            yield ROW.join(some)
            some, size = [], 0
    if some:
        yield ROW.join(some)


def write_text(out: IO[bytes], kind: bytes, text: str) -> None:
    """Print a text behind its kind and its length."""
    data = text.encode()
    out.write(kind + len(data).to_bytes(LENGTH))
    out.write(data)


def limit(what: int, most: int) -> None:
    """Set a limit; macOS, on which people develop, does not take each of them."""
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError):
        resource.setrlimit(what, (most, hard))


class Workbook:
    """The parts of a workbook that its sheets need."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._root = self._tree("xl/workbook.xml")
        self._relations = {one.get("Id"): one for one in self._tree("xl/_rels/workbook.xml.rels")}
        self._strings: SharedStrings | None = None
        self._sheets = [
            (one, part)
            for one in self._root.iter()
            if one.tag.endswith("}sheet") and (part := self._worksheet(one))
        ]

    def listed(self) -> dict[str, list[str]]:
        """The names of the ``sheets`` that can be seen and of those that are ``hidden``."""
        names: dict[str, list[str]] = {"sheets": [], "hidden": []}
        for one, _ in self._sheets:
            seen = one.get("state", "visible") == "visible"
            names["sheets" if seen else "hidden"].append(one.get("name", ""))
        return names

    def rows(self, sheet: str, most: int) -> Iterator[list[str]]:
        """The rows of a sheet from its first one with a cell on."""
        if self._strings is None:
            self._strings = SharedStrings(self._archive, self._part_of("sharedStrings"))
        part = next(part for one, part in self._sheets if one.get("name") == sheet)
        cells = Cells(self._strings, self._date_styles(), self._epoch())
        given = 0
        with self._archive.open(part) as file:
            for row in cells.rows(file):
                if given or row:
                    yield row
                    given += 1
                    if given == most:
                        return

    def _tree(self, part: str) -> ElementTree.Element:
        if self._archive.getinfo(part).file_size > MOST_BYTES:
            raise ValueError(part)
        return ElementTree.fromstring(self._archive.read(part))

    def _worksheet(self, element: ElementTree.Element) -> str | None:
        """The archive's entry that holds a sheet of cells; a chart may have a sheet of its own."""
        ids = [value for name, value in element.items() if name.endswith("}id")]
        relation = self._relations.get(ids[0]) if ids else None
        if relation is None or not relation.get("Type", "").endswith("/worksheet"):
            return None
        return self._entry(relation)

    def _part_of(self, kind: str) -> str | None:
        """The archive's entry of this kind, of which there is at most one."""
        of_kind = (r for r in self._relations.values() if r.get("Type", "").endswith(f"/{kind}"))
        return next((part for one in of_kind if (part := self._entry(one))), None)

    def _entry(self, relation: ElementTree.Element) -> str | None:
        target = posixpath.join("/xl", relation.get("Target", ""))
        name = posixpath.normpath(target).lstrip("/")
        return name if name in self._archive.NameToInfo else None

    def _epoch(self) -> datetime:
        ways = (one.get("date1904") for one in self._root if one.tag.endswith("}workbookPr"))
        return EPOCH_1904 if any(way in ("1", "true") for way in ways) else EPOCH

    def _date_styles(self) -> frozenset[str]:
        """The cell styles, as cells name them, that show a number as a date."""
        part = self._part_of("styles")
        if part is None:
            return frozenset()
        root = self._tree(part)
        of_dates = set(map(str, DATE_FORMATS))
        for element in root.iter():
            if element.tag.endswith("}numFmt"):
                code = NO_DATE.sub("", element.get("formatCode", "").partition(";")[0])
                known = of_dates.add if re.search("[dmyhs]", code, re.I) else of_dates.discard
                known(element.get("numFmtId", ""))
        styles = next((list(one) for one in root if one.tag.endswith("}cellXfs")), [])
        formats = enumerate(style.get("numFmtId") for style in styles)
        return frozenset(str(number) for number, code in formats if code in of_dates)


class Part:
    """An XML part of a workbook with many elements of one name, read one by one."""

    def __init__(self, file: IO[bytes]):
        self._file, self._decoder = file, getincrementaldecoder("utf-8-sig")()
        self._buffer = self._decoder.decode(file.read(CHUNK))
        root = ROOT.match(self._buffer)
        if root is None or "<!DOCTYPE" in self._buffer[: root.end()]:
            raise ValueError("no XML of an office program")
        self.prefix = root["prefix"]
        self._namespaces = " ".join(NAMESPACE.findall(root["attributes"]))

    def elements(self, name: str, within: str) -> Iterator[str]:
        """The XML from the end of an element, or from the start of the one in which they stand, to
        the end tag of the next."""
        ending, last = f"</{self.prefix}{name}>", f"</{self.prefix}{within}>"
        first = re.compile(rf"<{self.prefix}{within}\b[^>]*>")
        while (start := first.search(self._buffer)) is None:
            if not self._more():
                return
        if start[0].endswith("/>"):
            return
        self._buffer = self._buffer[start.end() :]
        while True:
            *whole, self._buffer = self._buffer.split(ending)
            yield from whole
            if last in self._buffer:
                yield self._buffer.partition(last)[0]
                return
            if not self._more():
                raise ValueError("cut off")

    def tree(self, xml: str) -> ElementTree.Element:
        """The elements of a piece of the part."""
        return ElementTree.fromstring(f"<piece {self._namespaces}>{xml}</piece>")

    def _more(self) -> bool:
        if len(self._buffer) > LONGEST_ROW:
            raise LongRow
        chunk = self._file.read(CHUNK)
        self._buffer += self._decoder.decode(chunk, final=not chunk)
        return bool(chunk)


class SharedStrings:
    """The texts that cells name by a number; many of them in a file, with their ends in memory."""

    def __init__(self, archive: zipfile.ZipFile, part: str | None):
        self._known: list[str] = []
        self._ends = array("Q", [0])
        self._kept: mmap | bytes = b""
        if part is not None:
            with archive.open(part) as file:
                self._append(self._read(Part(file)))
        self.texts = self if self._kept else self._known

    def __getitem__(self, number: int) -> str:
        if number < len(self._known):
            return self._known[number]
        number -= len(self._known)
        return self._kept[self._ends[number] : self._ends[number + 1]].decode()

    def _append(self, found: Iterator[str]) -> None:
        room = IN_MEMORY
        for text in found:
            self._known.append(text)
            room -= len(text) + BESIDE
            if room < 0:
                break
        with tempfile.TemporaryFile() as texts:
            for text in found:
                self._ends.append(self._ends[-1] + texts.write(text.encode()))
            texts.flush()
            if self._ends[-1]:
                self._kept = mmap(texts.fileno(), 0, access=ACCESS_READ)

    def _read(self, part: Part) -> Iterator[str]:
        p = part.prefix
        simple = re.compile(rf"\s*<{p}si><{p}t(?: [^<>]*)?>([^<]*)</{p}t>")
        for piece in part.elements("si", "sst"):
            if usual := simple.fullmatch(piece):
                text = usual[1]
                special = "&" in text or "_x" in text or "\r" in text
                yield unescaped(plain(text)) if special else text
            else:
                whole = f"{piece}</{p}si>" if f"<{p}si" in piece else piece
                yield from (unescaped(text_of(item)) for item in part.tree(whole))


FoundCell = tuple[str, str, str, str, str]
"""The XML of a cell: letters of its column, attributes, formula, value, text."""


class Values(dict[tuple[str, str], str]):
    """The texts of values by the attributes of their cells and what the XML has: many come again,
    and the first short ones of them are kept."""

    def __init__(self, text: Callable[[str, str, str, str], str]):
        super().__init__()
        self._text = text

    def __missing__(self, key: tuple[str, str]) -> str:
        attributes, value = key
        text = self._text(attributes, "", value, "")
        if len(self) < MOST_KNOWN and len(value) <= LONGEST_KNOWN:
            self[key] = text
        return text


class Cells:
    """The rows of a sheet as texts."""

    def __init__(self, strings: SharedStrings, dates: frozenset[str], epoch: datetime):
        self._strings, self._dates, self._epoch = strings, dates, epoch
        self._columns = {letters: column for column, letters in enumerate(LETTERS)}
        self._kinds: dict[str, tuple[str, str]] = {}
        self._shared: set[str] = set()
        self._values = Values(self._text)

    def rows(self, file: IO[bytes]) -> Iterator[list[str]]:
        part = Part(file)
        p = part.prefix
        start = re.compile(rf"\s*<{p}row\b(?: r=\"(\d+)\")?([^<>]*)>")
        begin = rf"<{p}c(?: r=\"([A-Z]+)[0-9]+\")?([^<>]*)>"
        text = rf"{p}is><{p}t(?: [^<>]*)?>([^<]*)</{p}t></{p}is"
        with_formulas = re.compile(
            rf"{begin}(<{p}f(?: [^<>]*)?(?:/>|>[^<]*</{p}f>))?"
            rf"(?:<{p}v>([^<]*)</{p}v>|<{p}v/>|<{text}>)?(?:(?<=/>)|</{p}c>)"
        )
        valued = re.compile(rf"{begin}<{p}v>([^<]*)</{p}v></{p}c>")
        cell = re.compile(rf"{begin}()(?:<(?:{p}v>([^<]*)</{p}v|{text})></{p}c>|(?<=/>))")
        only_values = True  # every cell so far has a value and nothing else: that is faster
        opening = f"<{p}c"
        number = 0
        for piece in part.elements("row", "sheetData"):
            at = 0
            while begun := start.match(piece, at):
                at = begun.end()
                keyed, attributes = begun.groups()
                if keyed is None and (later := KEYED.search(attributes)):
                    keyed = later[1]
                before, number = number, int(keyed) if keyed else number + 1
                if number != before + 1:
                    if not before < number <= MOST_ROWS:
                        raise ValueError("rows out of order")
                    yield from ([] for _ in range(before + 1, number))
                if attributes.endswith("/"):
                    yield []
                    continue
                count = piece.count(opening, at)
                if only_values:
                    values = valued.findall(piece, at)
                    only_values = len(values) == count
                    if only_values and (row := self._row_of_values(values)) is not None:
                        yield row
                        break
                found = cell.findall(piece, at)
                if len(found) != count and cell is not with_formulas:
                    cell = with_formulas  # from here on, as the others are likely to have some, too
                    found = cell.findall(piece, at)
                try:
                    yield self._row(
                        found if len(found) == count else self._parsed(part, piece[at:])
                    )
                except Unusual:
                    yield self._row(self._parsed(part, piece[at:]))
                break
            else:
                if piece[at:].strip():
                    raise ValueError("no row")

    def _row_of_values(self, cells: list[tuple[str, str, str]]) -> list[str] | None:
        """The texts of cells that follow each other and have a value each; None for other rows."""
        if not cells or len(cells) > MOST_COLUMNS or cells[-1][0] != LETTERS[len(cells) - 1]:
            return None
        shared, strings, known = self._shared, self._strings.texts, self._values
        try:
            return [
                strings[int(value)] if attributes in shared else known[attributes, value]
                for _, attributes, value in cells
            ]
        except Unusual:
            return None

    def _row(self, cells: list[FoundCell]) -> list[str]:
        """The texts of cells."""
        row: list[str] = []
        width = 0
        shared, strings = self._shared, self._strings.texts
        known, kinds = self._values, self._kinds
        for letters, attributes, formula, value, text in cells:
            if width == MOST_COLUMNS:
                raise ValueError("too many columns")
            if letters != LETTERS[width] and letters:
                column = self._columns[letters]
                if column < width:
                    raise ValueError("cells out of order")
                row.extend([""] * (column - width))
                width = column
            width += 1
            if value and not formula:
                is_shared = attributes in shared
                row.append(strings[int(value)] if is_shared else known[attributes, value])
            elif text and attributes in kinds and not ("&" in text or "_x" in text or "\r" in text):
                row.append(text)
            else:
                row.append(self._text(attributes, formula, value, text))
        return row

    def _text(self, attributes: str, formula: str, value: str, text: str) -> str:
        """A cell as a person reads it. A text may be empty, any other result of a formula not."""
        if attributes not in self._kinds:
            if not USUAL.fullmatch(attributes):
                raise Unusual
            named = dict(ATTRIBUTE.findall(attributes))
            self._kinds[attributes] = named.get("t", "n"), named.get("s", "")
            if named.get("t") == "s":
                self._shared.add(attributes)
        kind, style = self._kinds[attributes]
        if value:
            return self._value(value, kind, style)
        if text:
            return unescaped(plain(text))
        return NO_VALUE if kind == "e" or (formula and kind == "n") else ""

    def _parsed(self, part: Part, xml: str) -> list[FoundCell]:
        """The cells of a row that takes an XML parser."""
        found = []
        for cell in part.tree(xml):
            parts = {one.tag.rpartition("}")[2]: one for one in cell}
            letters = cell.get("r", "").rstrip("0123456789").upper()
            attributes = f' t="{cell.get("t", "n")}" s="{cell.get("s", "")}"'
            value = _escaped(parts["v"].text or "") if "v" in parts else ""
            text = _escaped(text_of(parts["is"])) if "is" in parts else ""
            formula = "f" if "f" in parts else ""
            found.append((letters, attributes, formula, value, text))
        return found

    def _value(self, value: str, kind: str, style: str) -> str:
        if kind == "s":
            return self._strings.texts[int(value)]
        if kind == "n":
            return self._date(value) if style in self._dates else number(value)
        if kind == "b":
            return "true" if value.strip() in ("1", "true") else "false"
        value = plain(value)
        if kind == "d":
            return value.strip().replace("T", " ").removesuffix(" 00:00:00")
        return unescaped(value)

    def _date(self, value: str) -> str:
        """A count of days as a date, without a time where it is midnight; a part of a day as a
        time."""
        days = float(value)
        if not 0 <= days <= LAST_DAY:
            return number(value)
        moment = self._epoch + timedelta(seconds=round(days * 86_400))
        return f"{moment:%H:%M:%S}" if days < 1 else str(moment).removesuffix(" 00:00:00")


def number(value: str) -> str:
    """A number without ``.0``, in as many digits as it takes."""
    if value.isdecimal() and len(value) <= MOST_DIGITS:
        return str(int(value))
    amount = float(value)
    if not amount.is_integer():
        return repr(amount)
    return str(int(amount)) if abs(amount) < 10**MOST_DIGITS else f"{amount:.14E}"


def text_of(element: ElementTree.Element) -> str:
    """A text with its runs joined, without what tells how to pronounce it."""
    whole = [part for part in element if not part.tag.endswith("rPh")]
    parts = chain.from_iterable(part.iter() for part in whole)
    return "".join(part.text or "" for part in parts if part.tag.rpartition("}")[2] == "t")


def _escaped(text: str) -> str:
    """A text as XML has it."""
    return text.replace("&", "&amp;")


def plain(xml: str) -> str:
    """What an XML text without tags says."""
    if "&" in xml:
        xml = unescape(xml)
    return xml.replace("\r\n", "\n").replace("\r", "\n") if "\r" in xml else xml


def unescaped(text: str) -> str:
    """A text of a workbook without the escapes for what XML cannot hold (22.9.2.19, ST_Xstring)."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = NO_TEXT.sub("", text)
    return text


if __name__ == "__main__":
    main(*sys.argv[1:])
