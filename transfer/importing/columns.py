"""The columns of a file beside those of its data type, compiled once for a job."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from transfer.rows.columns import bound_columns
from transfer.rows.headers import own
from transfer.rows.layout import CELL, Layout, layout
from transfer.types import BY_NAME
from transfer.types.base import Column, DataType
from transfer.types.forms import BadCell, Form
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Writing


@dataclass(frozen=True)
class FileColumns:
    """``places`` says by header where the type's columns stand in the file's rows. ``writable`` are
    those that an import can write, ``written`` those of them that the file has."""

    data_type: DataType
    writing: Writing
    places: dict[str, int]
    facts: ShopFacts
    writable: tuple[Column, ...]
    written: tuple[Column, ...]
    forms: dict[str, Form]
    sheet: Layout

    @property
    def key_header(self) -> str:
        """The column of the natural key."""
        return self.writing.keys[0].headers[0]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """A row's cells by header, as the file has them."""
        return {
            header: row[place] if place < len(row) else "" for header, place in self.places.items()
        }

    def normal(self, header: str, cell: str) -> str:
        """A cell in the form in which Shopify keeps it, or BadCell."""
        return self.forms[header].normal(cell, self.facts) if header in self.forms else cell

    def key_of(self, cells: dict[str, str]) -> str:
        """What an object is found by beside its id: the natural key as keys are compared; empty
        when there is none, or none that Shopify would take."""
        try:
            key = self.normal(self.key_header, cells.get(self.key_header, ""))
        except BadCell:
            return ""
        return self.writing.keys[0].compared(key)

    def exported(self, item: dict) -> dict[str, str]:
        """The cells that an export would write of an object of the store now."""
        row = self.sheet.rows(item, 1)[0].split(CELL)
        return dict(zip(self.sheet.headers, row, strict=True))

    def differ(self, header: str, one: str, other: str) -> bool:
        """Whether two normal cells mean different things."""
        if header == self.key_header:
            compared = self.writing.keys[0].compared
            return compared(one) != compared(other)
        return one != other


def file_columns(
    data_type: DataType, headers: Iterable[str], hosts: tuple[str, ...]
) -> FileColumns:
    """The columns of a file for a store with these domains."""
    return _compiled(data_type.name, tuple(headers), hosts)


@lru_cache(maxsize=32)
def _compiled(name: str, headers: tuple[str, ...], hosts: tuple[str, ...]) -> FileColumns:
    data_type = BY_NAME[name]
    sheet = data_type.sheets[0]
    facts = ShopFacts(domains=hosts)
    columns = [bound.column for bound in bound_columns(sheet, facts)]
    known = {column.header for column in columns}
    places: dict[str, int] = {}
    for place, header in enumerate(own(list(headers), data_type)):
        if header in known:
            places.setdefault(header, place)
    if data_type.writing is None:
        raise LookupError(f"{name} cannot be imported")
    writable = tuple(column for column in columns if column.write)
    return FileColumns(
        data_type,
        data_type.writing,
        places,
        facts,
        writable,
        tuple(column for column in writable if column.header in places),
        {column.header: column.form for column in writable},
        layout(sheet, facts),
    )
