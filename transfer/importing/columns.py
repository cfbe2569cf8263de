"""The columns of a file beside those of its data type, compiled once for a job."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

import orjson

from transfer.rows.columns import BoundColumn
from transfer.rows.headers import own
from transfer.rows.layout import CELL, Layout, layout
from transfer.types import BY_NAME
from transfer.types.base import DataType
from transfer.types.forms import BadCell, Form
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Value, Writing

BETWEEN = "\x1f"
"""Between the cells of a key of several columns."""
Cells: TypeAlias = Mapping[str, str]
NO_CELLS: Cells = MappingProxyType({})


@dataclass(frozen=True)
class FileColumns:
    """The columns of a data type for one store, by header. ``places`` says where in the file's rows
    those stand that the file has."""

    data_type: DataType
    writing: Writing
    facts: ShopFacts
    sheet: Layout
    columns: dict[str, BoundColumn]
    places: dict[str, int]

    @property
    def writable(self) -> list[str]:
        """The headers of the columns that an import can write."""
        return [header for header, bound in self.columns.items() if bound.column.write]

    @property
    def key_headers(self) -> tuple[str, ...]:
        """The columns of the natural key: the first that the file has."""
        keys = (key.headers for key in self.writing.keys)
        return next((k for k in keys if set(k) <= set(self.places)), self.writing.keys[0].headers)

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """A row's cells by header, as the file has them."""
        return {
            header: row[place] if place < len(row) else "" for header, place in self.places.items()
        }

    def form(self, header: str, row: Cells = NO_CELLS) -> Form:
        """The form of a column's cells; ``row`` are the cells beside it, which decide it for some
        columns."""
        bound = self.columns[header]
        in_row = bound.column.form_in
        return in_row(row, self.facts) if in_row else bound.form

    def value(self, header: str, cell: str, row: Cells = NO_CELLS) -> Value:
        """What a cell says, None of a blank one; or BadCell, with the column's header."""
        try:
            value: Value = self.form(header, row).value(cell, self.facts)
        except BadCell as error:
            raise BadCell(f"{header}: {error}") from None
        return value

    def kept(self, header: str, cell: str, row: Cells = NO_CELLS) -> str:
        """A cell in the form in which Shopify keeps it and an export shows it; or BadCell."""
        value, form = self.value(header, cell, row), self.form(header, row)
        return form.empty if value is None else form.render(self.facts)(value)

    def compared(self, header: str, cell: str, row: Cells = NO_CELLS) -> str:
        """A cell in the form in which those that mean the same are the same."""
        try:
            return self.form(header, row).normal(cell, self.facts)
        except BadCell:
            return cell

    def differ(self, header: str, one: str, other: str, row: Cells = NO_CELLS) -> bool:
        """Whether two cells mean different things."""
        return self.compared(header, one, row) != self.compared(header, other, row)

    def key_of(self, cells: Mapping[str, str]) -> str:
        """What an object is found by beside its id: its natural key as keys are compared; empty
        when it has none, or none that Shopify would take."""
        forms = ((self.form(h, cells), cells.get(h, "")) for h in self.key_headers)
        try:
            key = [form.normal(cell, self.facts) for form, cell in forms]
        except BadCell:
            return ""
        return BETWEEN.join(key) if any(key) else ""

    def exported(self, item: dict[str, Any]) -> dict[str, str]:
        """The cells that an export would write of an object of the store now."""
        row = self.sheet.rows(item, 1)[0].split(CELL)
        return dict(zip(self.sheet.headers, row, strict=True))


def file_columns(
    data_type: DataType, headers: Iterable[str], facts: Mapping[str, Any], of: str = ""
) -> FileColumns:
    """The columns of a file for the store with these facts (as JSON). ``of`` is the name of the
    type's sheet, its first if empty."""
    as_text = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)
    return _compiled(data_type.name, tuple(headers), as_text, of)


@lru_cache(maxsize=32)
def _compiled(name: str, headers: tuple[str, ...], facts_json: bytes, of: str) -> FileColumns:
    data_type, facts = BY_NAME[name], ShopFacts.from_json(orjson.loads(facts_json))
    if data_type.writing is None:
        raise LookupError(f"{name} cannot be imported")
    sheet = layout(data_type.sheet(of), facts)
    columns = {bound.header: bound for bound in sheet.columns}
    places: dict[str, int] = {}
    for place, header in enumerate(own(list(headers), data_type, facts)):
        if header in columns:
            places.setdefault(header, place)
    return FileColumns(data_type, data_type.writing, facts, sheet, columns, places)
