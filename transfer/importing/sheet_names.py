"""Which data type a file or a sheet holds, by its name."""

import re
from functools import cache
from itertools import product

from transfer.types import ALL
from transfer.types.base import DataType, Sheet

COUNTED = re.compile(r"\s*\(\d+\)\s*$")
ORDINARY = {"shop", "files"}
"""Types whose names are ordinary words, often beside the type that a file holds:
``shop-products.csv``."""


def type_in(name: str) -> DataType | None:
    """The one type that a name speaks of (``my-redirects``, ``Blog Posts``, ``Product``), or None.
    A longer name wins, so that ``draft orders`` are no orders."""
    found = {data_type.name: data_type for data_type, _ in _named(name)}
    telling = {key: data_type for key, data_type in found.items() if key not in ORDINARY}
    one = telling if len(found) > 1 else found
    return next(iter(one.values())) if len(one) == 1 else None


def is_exact(name: str) -> bool:
    """Whether a name is that of a type or a sheet and nothing else but a number: an export goes on
    in ``Products (2)``."""
    return tuple(_words(COUNTED.sub("", name))) in _names()


def sheet_in(name: str, data_type: DataType) -> Sheet | None:
    """The sheet of a type that a name speaks of, where it speaks of one."""
    found = {sheet.name: sheet for of, sheet in _named(name) if of is data_type and sheet}
    return next(iter(found.values())) if len(found) == 1 else None


def _named(name: str) -> list[tuple[DataType, Sheet | None]]:
    """The types and sheets that a name has the words of, without those within longer ones."""
    words = _words(name)
    places = product(range(len(words)), _names().items())
    found = [
        (start, start + len(known), what)
        for start, (known, what) in places
        if tuple(words[start : start + len(known)]) == known
    ]
    return [
        what
        for start, end, what in found
        if not any(
            other <= start and end <= last and last - other > end - start
            for other, last, _ in found
        )
    ]


@cache
def _names() -> dict[tuple[str, ...], tuple[DataType, Sheet | None]]:
    """Every name of a type and of its sheets, as words."""
    names: dict[tuple[str, ...], tuple[DataType, Sheet | None]] = {}
    for data_type in ALL:
        for sheet in (*data_type.sheets, *data_type.imported_sheets):
            for name in (sheet.name, *sheet.aliases):
                names[tuple(_words(name))] = data_type, sheet
    for data_type in ALL:
        only = data_type.sheets[0] if len(data_type.sheets) == 1 else None
        names.setdefault(tuple(_words(data_type.name)), (data_type, only))
    return names


def _words(text: str) -> list[str]:
    return re.findall("[a-z0-9]+", text.lower())
