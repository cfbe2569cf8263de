"""The sheets of an import's file, and how the numbers of its rows and objects run through them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator


@dataclass(frozen=True)
class ImportSheet:
    """A CSV file is one sheet; a workbook or a zip may have several.

    ``type`` is the data type, ``of`` which of that type's sheets it is (its first if empty), and
    ``name`` what the file calls it. A row has the number ``offset`` plus its line in the sheet, so
    that numbers go on from sheet to sheet. ``rows`` is None until the sheet is unpacked.
    """

    type: str
    name: str = ""
    of: str = ""
    headers: list[str] = field(default_factory=list)
    offset: int = 0
    rows: int | None = None

    @property
    def last(self) -> int:
        """The number of its last row, which is that of its header if it has none."""
        return self.offset + 1 + (self.rows or 0)

    def line(self, number: int) -> int:
        """The line in the sheet of the row with this number: the first below the header is 2."""
        return number - self.offset


def sheet_of(sheets: Sequence[ImportSheet], number: int) -> ImportSheet:
    """The sheet that the row with this number is in."""
    return next(sheet for sheet in reversed(sheets) if sheet.offset < number)


class ImportSheets(TypeDecorator[list[ImportSheet]]):
    """A list of sheets, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: list[ImportSheet] | None, dialect: Dialect
    ) -> list[dict[str, Any]] | None:
        return None if value is None else [asdict(sheet) for sheet in value]

    def process_result_value(
        self, value: list[dict[str, Any]] | None, dialect: Dialect
    ) -> list[ImportSheet]:
        return [ImportSheet(**sheet) for sheet in value or ()]
