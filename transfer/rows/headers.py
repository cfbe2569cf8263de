"""The headers of a data type's columns, as files may write them."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from transfer.rows.columns import BoundColumn, all_columns
from transfer.types.base import Column, DataType
from transfer.types.shop_facts import ShopFacts

PLACE = re.escape("{}")


class Headers:
    """Finds the columns of a type that a file's headers name: in any case, by name or alias.

    Without the ``facts`` of a shop a column of any location, catalog, channel or definition is
    found by what stands around its name.
    """

    def __init__(self, data_type: DataType, facts: ShopFacts | None = None):
        self._named: dict[str, BoundColumn] = {}
        self._patterns: list[tuple[re.Pattern[str], BoundColumn]] = []
        for bound in all_columns(data_type, facts):
            for name in bound.names:
                if facts is None and "{}" in name:
                    pattern = re.escape(name.lower()).replace(PLACE, ".+")
                    self._patterns.append((re.compile(pattern, re.DOTALL), bound))
                else:
                    normal = _declared(name) if bound.fact is None else compared(name)
                    self._named.setdefault(normal, bound)

    def find(self, header: str) -> BoundColumn | None:
        """The column that a file's header names, or None."""
        name = compared(header)
        if name in self._named:
            return self._named[name]
        return next((b for pattern, b in self._patterns if pattern.fullmatch(name)), None)

    def canonical(self, header: str) -> str:
        """The column's own header, or the file's where it names no column."""
        bound = self.find(header)
        return visible_text(header) if bound is None or "{}" in bound.header else bound.header


def names(data_type: DataType) -> dict[str, str]:
    """Every header that a type's fixed columns go by, in lower case, to the column's own header."""
    return {
        name.lower(): bound.header
        for bound in all_columns(data_type)
        if "{}" not in bound.header
        for name in bound.names
    }


def columns(data_type: DataType) -> list[Column]:
    """The fixed columns of a type, those repeated for each location and the like left out."""
    return [bound.column for bound in all_columns(data_type) if not bound.repeated_for]


def own_headers(
    header: Sequence[str], data_type: DataType, facts: ShopFacts | None = None
) -> list[str]:
    """A file's header with the columns of the type under their own names."""
    known = Headers(data_type, facts)
    return [known.canonical(name) for name in header]


def compared(header: str) -> str:
    """A header as it is compared with others."""
    return visible_text(header).lower()


@cache
def _declared(name: str) -> str:
    """The same of a name that a type declares, found once: an import looks at all of its type some
    ten times."""
    return compared(name)


def visible_text(cell: str) -> str:
    """A header without what nobody sees in it: zero-width signs, spaces around it, and spaces of
    other kinds, which pages and office programs leave behind when text is copied."""
    if not cell.isascii():
        cell = "".join(char for char in cell if unicodedata.category(char) != "Cf")
    return " ".join(cell.split())
