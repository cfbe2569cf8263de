"""Cell forms: how one value of Shopify's looks in a spreadsheet, and how a cell is read back.

A form's ``read`` makes the cell's text, ``""`` for an empty cell; ``kind`` says what a workbook
makes of that text. Forms follow real files: see the headers of each data type.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from transfer.types.shop_facts import ShopFacts

Kind = Literal["text", "number", "money", "boolean"]
"""How a workbook keeps a cell; ``money`` is a number that always shows two decimals."""
Read = Callable[[Any], str]
WEIGHT_UNITS = {"KILOGRAMS": "kg", "GRAMS": "g", "POUNDS": "lb", "OUNCES": "oz"}


@dataclass(frozen=True)
class Form:
    """``reader(facts)`` gives the function from a value, never None, to its text.

    Most forms ignore the facts of the shop; dates need its time zone. ``empty`` is the text of a
    missing value, ``constant`` the text of every one.
    """

    reader: Callable[[ShopFacts], Read]
    kind: Kind = "text"
    empty: str = ""
    constant: str | None = None


def form(read: Read, kind: Kind = "text", empty: str = "") -> Form:
    """A form that is the same for every shop."""
    return Form(lambda facts: read, kind, empty)


def number_of(gid: str) -> str:
    """``"gid://shopify/Product/42"`` to ``"42"``; a code after the last slash counts as well."""
    return gid[gid.rindex("/") + 1 :]


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


def moment(value: str, zone: ZoneInfo) -> str:
    """``2025-10-16T22:48:46Z`` to ``2025-10-16 18:48:46 -0400`` in the shop's zone."""
    text = datetime.fromisoformat(value).astimezone(zone).isoformat(" ", "seconds")
    return f"{text[:19]} {text[19:].replace(':', '')}"


def in_order(texts: list[str]) -> str:
    """Tags and the like: alphabetical, joined with a comma and a space."""
    return ", ".join(sorted(texts))


def file_name(url: str) -> str:
    """What an address of a file ends with: ``"https://cdn/a/shoe.png?v=1"`` to ``"shoe.png"``."""
    return url.partition("?")[0].rpartition("/")[2]


def clock(seconds: int) -> str:
    """A span in hours, minutes and seconds: ``11`` to ``"00:00:11"``."""
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def constant(text: str, kind: Kind = "text") -> Form:
    """The same text wherever the object or child is there."""
    return Form(lambda facts: lambda value: text, kind, constant=text)


TEXT = form(str)
ID = form(number_of)
INTEGER = form(str, "number")
NUMBER = form(str, "number")
MONEY = form(money, "money")
SHORTEST = form(shortest, "number")
BOOLEAN = form(lambda value: "true" if value else "false", "boolean")
MOMENT = Form(lambda facts: partial(moment, zone=ZoneInfo(facts.zone)))
TAGS = form(in_order)
LIST = form(", ".join)
LOWER = form(str.lower)
CAPITALISED = form(str.capitalize)
WEIGHT_UNIT = form(lambda unit: WEIGHT_UNITS.get(unit, unit.lower()))
MERGE = constant("MERGE")
REPLACE = constant("REPLACE")
NO_CHANGE = constant("0", "number")
UNREADABLE = constant("")
"""Cells of columns that only an import fills, or that Shopify's API no longer tells."""
