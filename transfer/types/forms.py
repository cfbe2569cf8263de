"""Cell forms: how one value of Shopify's looks in a spreadsheet, and how a cell is read back.

``render`` makes the cell's text of a value, ``""`` for an empty cell; ``parse`` makes the value of
a cell again, in any of the ways in which people and programs write it. A value that comes back from
its own cell renders as before. Forms follow real files: see the headers of each data type.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

import orjson

from transfer.types.shop_facts import ShopFacts

CellType = Literal["text", "number", "money", "boolean"]
"""How a workbook keeps a cell; ``money`` is a number that always shows two decimals."""
Render = Callable[[Any], str]
Parse = Callable[[str, ShopFacts], Any]

NUMBER_TEXT = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?", re.A)
DECIMAL_COMMA = re.compile(r"[+-]?(?:\d{1,40},\d{1,2}|0,\d{1,40})", re.A)
"""What can be nothing but a decimal with a comma: thousands have three digits behind theirs."""
ID_NUMBER = re.compile(r"[0-9]{1,20}")
ID_CODE = re.compile(r"[0-9A-Za-z-]{1,64}")
CODE = re.compile(r"[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*")
BOOLEANS = {
    **dict.fromkeys(("true", "1", "1.0", "yes", "y"), True),
    **dict.fromkeys(("false", "0", "0.0", "no", "n"), False),
}
WEIGHT_UNITS = {"KILOGRAMS": "kg", "GRAMS": "g", "POUNDS": "lb", "OUNCES": "oz"}
WEIGHT_WORDS = {"lbs": "POUNDS", "kgs": "KILOGRAMS"}
FEW_CODES = 12
"""So many codes of an enum are told when a cell has none of them."""
ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s?"
    r"(?P<zone>Z|UTC|[+-]\d{2}:?\d{2}(?::?\d{2})?)?)?",
    re.A,
)
DATE_WORDS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y")
SLASHED = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[/.])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4})"
    r"(?: (?P<time>\d{1,2}:\d{2}(?::\d{2})?))?",
    re.A,
)
EXCELS_FIRST_DAY = datetime(1899, 12, 30)
EXCELS_LAST_DAY = 2_958_465
"""31 December 9999, the last date that Excel counts."""


class BadCell(ValueError):
    """One sentence about a cell that cannot be understood, or that Shopify would refuse."""


@dataclass(frozen=True)
class Form:
    """``render(facts)`` gives the function from a value, never None, to its text.

    Most forms ignore the facts of the shop; dates need its time zone. ``empty`` is the text of a
    missing value, ``constant`` the text of every one. ``parse`` gives the value of a cell that is
    not blank, or raises BadCell; a form without it cannot be read back. ``canonical`` makes texts
    that mean the same the same. ``typenames`` are the GraphQL types that an ID may be of,
    ``fields`` what is asked of a value that is an object, ``codes`` those that an enum has.
    """

    render: Callable[[ShopFacts], Render]
    cell_type: CellType = "text"
    empty: str = ""
    constant: str | None = None
    parse: Parse | None = None
    canonical: Callable[[str], str] | None = None
    typenames: tuple[str, ...] = ()
    fields: str = ""
    codes: tuple[str, ...] = ()

    def among(self, *codes: str) -> "Form":
        """The same for an enum, or a list of one, that has just these codes: another word is
        refused."""
        show = self.render(ShopFacts())

        def parse(cell: str, facts: ShopFacts) -> str | list[str]:
            value: str | list[str] = self.value(cell, facts)
            given = value if isinstance(value, list) else [value]
            if not {*given} <= {*codes}:
                few = ", ".join(map(show, codes)) if len(codes) <= FEW_CODES else ""
                raise BadCell(f"“{short(cell)}” is none of {few or 'Shopify’s codes'}.")
            return value

        return replace(self, parse=parse, codes=codes)

    @property
    def read_only(self) -> bool:
        return self.parse is None

    def value(self, cell: str, facts: ShopFacts) -> Any:
        """The value of a cell, None of a blank one; or BadCell."""
        if self.parse is None:
            raise BadCell("This column cannot be imported.")
        return self.parse(cell, facts) if cell.strip() else None

    def normal(self, cell: str, facts: ShopFacts) -> str:
        """The cell in the form by which cells are compared, or BadCell: two cells that mean the
        same have the same. A form that cannot be read back leaves a cell as it is."""
        if self.parse is None:
            return cell
        value = self.value(cell, facts)
        text = self.empty if value is None else self.render(facts)(value)
        return self.canonical(text) if self.canonical and text else text


def form(
    render: Render,
    cell_type: CellType = "text",
    empty: str = "",
    parse: Callable[[str], Any] | None = None,
    canonical: Callable[[str], str] | None = None,
) -> Form:
    """A form that is the same for every shop."""
    back: Parse | None = None if parse is None else lambda cell, facts: parse(cell)
    return Form(lambda facts: render, cell_type, empty, parse=back, canonical=canonical)


def constant(text: str, cell_type: CellType = "text") -> Form:
    """The same text wherever the object or child is there."""
    return Form(lambda facts: lambda value: text, cell_type, constant=text)


def lines_of(name: str) -> Form:
    """A list of pairs, a line each: the ``name`` of a pair, a colon and its ``value``. A line
    without a colon goes on with the value before it."""

    def render(pairs: list[dict[str, Any]]) -> str:
        return "\n".join(f"{pair[name]}: {pair['value'] or ''}" for pair in pairs)

    def parse(cell: str) -> list[dict[str, str]]:
        pairs: list[dict[str, str]] = []
        for line in cell.split("\n"):
            key, colon, value = line.partition(":")
            if pairs and not colon:
                pairs[-1]["value"] += f"\n{line.strip()}"
            elif line.strip():
                pairs.append({name: key.strip(), "value": value.strip()})
        return [pair | {"value": pair["value"].strip()} for pair in pairs]

    return replace(form(render, parse=parse), fields=f"{name} value")


@cache
def id_of(*typenames: str) -> Form:
    """The ID of an object of these GraphQL types: its number, or the code behind its last slash.

    A cell may also have the whole ``gid://``. Of several types a number tells not which: its value
    is the number alone.
    """
    return Form(
        lambda facts: number_of,
        parse=lambda cell, facts: parse_id(cell, typenames),
        typenames=typenames,
    )


@cache
def gid_of(*typenames: str) -> Form:
    """The whole ``gid://`` of an object of these GraphQL types. Of a single type a cell may also
    have the number alone."""

    def parse(cell: str, facts: ShopFacts) -> str:
        gid = parse_id(cell, typenames)
        if not gid.startswith("gid://"):
            raise BadCell(
                f"ALYS008: the ID “{short(cell)}” is a number alone. Write the whole "
                f"gid://shopify/{typenames[0]}/{gid}, as an export has it."
            )
        return gid

    return Form(lambda facts: str, parse=parse, typenames=typenames)


def token_or(typename: str) -> Form:
    """The ID of an object of a GraphQL type, or any other word by which rows of a file call one
    that is to be made."""
    known = id_of(typename)

    def parse(cell: str, facts: ShopFacts) -> str:
        try:
            return str(known.value(cell, facts))
        except BadCell:
            return cell.strip()

    return Form(lambda facts: number_of, parse=parse)


def words(codes: Mapping[str, str], more: Mapping[str, str] | None = None) -> Form:
    """An enum of which each code has a word in the file. Read back, a code or a word in any case
    is understood, and ``more`` words."""
    known = {word.lower(): code for word, code in (more or {}).items()}
    known |= {_spaced(code): code for code in codes}
    known |= {word.lower(): code for code, word in codes.items()}

    def parse(cell: str) -> str:
        text = cell.strip().lower()
        code = known.get(text) or known.get(_spaced(text))
        if code is None:
            raise BadCell(f"“{short(cell)}” is none of {', '.join(codes.values())}.")
        return code

    return form(lambda code: codes.get(code, code.lower()), parse=parse)


def either(yes: str, no: str, empty: str = "") -> Form:
    """A boolean with words of its own; what the file calls true and false is understood too."""

    def parse(cell: str) -> bool:
        text = cell.strip().lower()
        if text == yes:
            return True
        if text == no:
            return False
        try:
            return parse_boolean(cell)
        except BadCell:
            other = f"“{no}”" if no else "blank"
            raise BadCell(f"“{short(cell)}” is neither “{yes}” nor {other}.") from None

    return form(lambda value: yes if value else no, empty=empty, parse=parse)


def number_of(gid: str) -> str:
    """``"gid://shopify/Product/42"`` to ``"42"``; a code after the last slash counts as well. Some
    ids go on with a query, which is no part of it."""
    return gid[gid.rfind("/") + 1 :].partition("?")[0]


def parse_id(cell: str, typenames: tuple[str, ...]) -> str:
    text = cell.strip()
    typename, slash, number = text.removeprefix("gid://shopify/").rpartition("/")
    number = number.partition("?")[0]
    pattern = ID_CODE if "TaxonomyCategory" in typenames else ID_NUMBER
    if not pattern.fullmatch(number) or (slash and typename not in typenames):
        raise BadCell(
            f"ALYS008: the ID “{short(cell)}” is neither empty, a number nor a "
            f"{' or '.join(f'gid://shopify/{name}/…' for name in typenames)}"
        )
    if slash:
        return text
    return f"gid://shopify/{typenames[0]}/{number}" if len(typenames) == 1 else number


def money(value: str) -> str:
    """At least two decimals, more where the currency has them: ``"10.0"`` to ``"10.00"``."""
    if value[-3:-2] == ".":
        return value
    whole, _, decimals = value.partition(".")
    return f"{whole}.{decimals:0<2}"


def shortest(value: str) -> str:
    """A decimal without padding, but for one decimal: ``"55.00"`` to ``"55.0"``."""
    whole, _, decimals = value.partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"


def local_time(value: str, zone: ZoneInfo) -> str:
    """``2025-10-16T22:48:46Z`` to ``2025-10-16 18:48:46 -0400`` in the shop's zone."""
    text = datetime.fromisoformat(value).astimezone(zone).isoformat(" ", "seconds")
    return f"{text[:19]} {text[19:].replace(':', '')}"


def in_order(texts: list[str]) -> str:
    """Tags and the like: alphabetical, joined with a comma and a space."""
    return ", ".join(sorted(texts))


def file_name(url: str) -> str:
    """What an address of a file ends with: ``"https://cdn/a/shoe.png?v=1"`` to ``"shoe.png"``."""
    return url.partition("?")[0].rpartition("/")[2]


def same_address(one: str, other: str) -> bool:
    """Whether two addresses lead to one file, whatever its version."""
    return one.strip().partition("?")[0] == other.strip().partition("?")[0]


def clock(seconds: int) -> str:
    """A span in hours, minutes and seconds: ``11`` to ``"00:00:11"``."""
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def true_or_false(value: object) -> str:
    return "true" if value else "false"


def parse_boolean(cell: str) -> bool:
    try:
        return BOOLEANS[cell.strip().lower()]
    except KeyError:
        raise BadCell(f"“{short(cell)}” is neither true nor false.") from None


def parse_decimal(cell: str) -> str:
    """A decimal as text, without exponent: ``19``, ``19.00``, ``1.9E+1`` as programs write it,
    ``19,90`` as half of Europe does. Of ``1,234`` nobody knows which of the two it is."""
    text = cell.strip()
    if DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not NUMBER_TEXT.fullmatch(text):
        raise BadCell(f"“{short(cell)}” is not a number. Write it like 1234.50.")
    return f"{Decimal(text):f}"


def parse_integer(cell: str) -> int:
    number = Decimal(parse_decimal(cell))
    if number != int(number):
        raise BadCell(f"“{short(cell)}” is not a whole number.")
    return int(number)


def parse_number(cell: str) -> int | float:
    """A number of JSON: whole unless it is written with decimals."""
    number = parse_decimal(cell)
    return float(number) if set(cell.lower()) & {".", ",", "e"} else int(number)


def same_decimal(text: str) -> str:
    """``19`` for ``19.00`` and ``19.0``."""
    number = Decimal(text).normalize()
    return f"{number:f}" if number else "0"


def parse_handle(cell: str) -> str:
    """A handle as Shopify makes it of what is given: small letters, digits and hyphens."""
    text = cell.strip().lower()
    plain = text.isascii() and text.isprintable()  # as most are, and every row has one
    strange = not plain and any(
        unicodedata.category(one) in ("So", "Cc", "Cs", "Co", "Cn") for one in text
    )
    handle = re.sub(r"[^\w]+", "-", text).strip("-")
    if strange or not handle:
        raise BadCell(f"“{short(cell)}” is not a handle. Use letters, digits and hyphens.")
    return handle


def parse_list(cell: str) -> list[str]:
    """Texts between commas."""
    return [text for part in cell.split(",") if (text := part.strip())]


def parse_names(cell: str) -> list[str]:
    """Names between commas, or as a list of JSON where one may have a comma in it."""
    if not cell.strip().startswith("["):
        return parse_list(cell)
    try:
        names = orjson.loads(cell)
    except ValueError:
        names = [None]
    if not all(isinstance(name, str) for name in names):
        raise BadCell(f"“{short(cell)}” is neither names between commas nor a list of JSON.")
    return [name.strip() for name in names if name.strip()]


def names_cell(names: Sequence[str], between: str = ", ") -> str:
    """Names in a cell: ``Wholesale, Trade``; a list of JSON where one has a comma in it."""
    if any("," in name or name.startswith("[") for name in names):
        return json.dumps([*names], ensure_ascii=False)
    return between.join(names)


def parse_code(cell: str) -> str:
    """A word of a file as the code of an enum: ``Not subscribed`` to ``NOT_SUBSCRIBED``."""
    text = cell.strip()
    if not CODE.fullmatch(text):
        raise BadCell(f"“{short(cell)}” is none of the words that this column has.")
    return re.sub("[ -]", "_", text).upper()


def parse_moment(cell: str, facts: ShopFacts) -> str:
    """A date or a moment as ISO 8601 in UTC; in the shop's zone where the cell names none.

    A day and a month that could be swapped are refused, not guessed. A number is Excel's: days
    since the end of 1899.
    """
    text = " ".join(cell.split())
    try:
        found = _iso(text) or _worded(text) or _slashed(text) or _serial(text)
    except ValueError as error:
        if isinstance(error, BadCell):
            raise
        found = None
    if found is None:
        raise BadCell(f"“{short(cell)}” is not a date. Write it like 2026-01-31 18:30:00.")
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(facts.zone))
    try:
        return found.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise BadCell(f"“{short(cell)}” is too far from today.") from None


def _iso(text: str) -> datetime | None:
    found = ISO.fullmatch(text)
    if found is None:
        return None
    zone = (found["zone"] or "").replace("UTC", "+00:00")
    return datetime.fromisoformat(f"{found['date']}T{found['time'] or '00:00'}{zone}")


def _worded(text: str) -> datetime | None:
    for form in DATE_WORDS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _slashed(text: str) -> datetime | None:
    found = SLASHED.fullmatch(text)
    if found is None:
        return None
    first, second, year = (int(found[name]) for name in ("first", "second", "year"))
    if first <= 12 and second <= 12 and first != second:
        raise BadCell(
            f"“{short(text)}”: the day and the month could be swapped. "
            "Write the date like 2026-01-31."
        )
    day, month = (second, first) if second > 12 else (first, second)
    hours, minutes, seconds, *_ = *map(int, (found["time"] or "0:0").split(":")), 0
    return datetime(year, month, day, hours, minutes, seconds)


def _serial(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{5,7}(?:\.\d+)?", text, re.A) or float(text) > EXCELS_LAST_DAY:
        return None  # four digits are rather a year than a day before May 1927
    return EXCELS_FIRST_DAY + timedelta(seconds=round(float(text) * 24 * 60 * 60))


def _spaced(code: str) -> str:
    return code.lower().replace("_", " ").replace("-", " ")


def short(cell: str) -> str:
    """A cell as a sentence can quote it."""
    return cell if len(cell) <= 80 else f"{cell[:79]}…"


def plural(word: str) -> str:
    """The plural of an English word, as sentences about an import need it."""
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def counted(count: int, word: str) -> str:
    """A number of things: "1 code", "1,200 codes"."""
    return f"{count:,} {word if count == 1 else plural(word)}"


TEXT = form(str, parse=str)
STRIPPED = form(str, parse=str.strip)
"""Text without blanks around it."""
ID = form(number_of)
"""The ID of an object of any type, which only Shopify fills; ``id_of`` can be read back."""
INTEGER = form(str, "number", parse=parse_integer)
NUMBER = form(str, "number", parse=parse_number, canonical=same_decimal)
MONEY = form(money, "money", parse=parse_decimal, canonical=same_decimal)
AMOUNT = form(money, "number", parse=parse_decimal, canonical=same_decimal)
"""Money of which real workbooks do not show two decimals."""
SHORTEST = form(shortest, "number", parse=parse_decimal, canonical=same_decimal)
BOOLEAN = form(true_or_false, "boolean", parse=parse_boolean)
MOMENT = Form(lambda facts: partial(local_time, zone=ZoneInfo(facts.zone)), parse=parse_moment)
HANDLE = form(str, parse=parse_handle)
TAGS = form(in_order, parse=parse_list)
LIST = form(", ".join, parse=parse_list)
CODES = form(
    ", ".join,
    parse=lambda cell: [parse_code(one) for one in parse_list(cell)],
    canonical=lambda text: ", ".join(sorted(text.split(", "))),
)
"""Codes of Shopify's, of which the order means nothing."""
GIFT_CARD_SERVICE = form(lambda gift_card: "gift_card" if gift_card else "manual")
"""A variant's fulfillment service: Shopify's API names no other."""
LOWER = form(str.lower, parse=parse_code)
CAPITALISED = form(str.capitalize, parse=parse_code)
SHORT_CODE = form(str, parse=lambda cell: cell.strip().upper())
"""The short code of a country, a province, a currency."""
AS_CODE = form(str, parse=parse_code)
"""A code of Shopify's as it stands."""
WEIGHT_UNIT = words(WEIGHT_UNITS, WEIGHT_WORDS)
WHENEVER = Form(
    lambda facts: partial(local_time, zone=ZoneInfo(facts.zone)),
    parse=parse_moment,
    canonical=lambda text: "1970-01-01 00:00:00 +0000",
)
"""A moment that Shopify sets itself: all that a cell can ask for is that there be one."""
MERGE = constant("MERGE")
REPLACE = constant("REPLACE")
NO_CHANGE = constant("0", "number")
FLAG = Form(
    lambda facts: lambda value: "true" if value else "",
    "boolean",
    constant="",
    parse=lambda cell, facts: parse_boolean(cell),
)
"""A column that only an import fills, with what it is to do if true."""
UNREADABLE = constant("")
"""Cells of columns that only an import fills, or that Shopify's API no longer tells."""
