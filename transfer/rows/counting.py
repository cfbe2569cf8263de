"""How many objects and rows an export will have, known before its file is made, in flat memory."""

from collections.abc import Iterable
from typing import NamedTuple

from transfer.rows.layout import height
from transfer.types.base import DataType


class Counted(NamedTuple):
    objects: int
    rows: int


def count(kind: DataType, items: Iterable[dict]) -> Counted:
    """Objects, and rows over all sheets of the type."""
    sheets = [(sheet.only, height(sheet)) for sheet in kind.sheets]
    objects = rows = 0
    for item in items:
        objects += 1
        rows += sum(of(item) for only, of in sheets if only is None or only(item))
    return Counted(objects, rows)
