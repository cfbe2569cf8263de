"""How many objects and rows an export will have, known before its file is made, in flat memory."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from transfer.rows.layout import Layout
from transfer.types.base import Item


class Counted(NamedTuple):
    objects: int
    rows: int


def count(layouts: Sequence[Layout], items: Iterable[Item]) -> Counted:
    """Objects, and rows over all sheets of their type."""
    sheets = [(layout.only, layout.height) for layout in layouts]
    objects = rows = 0
    for item in items:
        objects += 1
        rows += sum(height(item) for only, height in sheets if only is None or only(item))
    return Counted(objects, rows)
