"""What differs between an object and its plan, in words that fit into a cell of the results."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from models.import_object import DELETE

MOST_CELLS, MOST_CHARACTERS = 10, 80
"""How many cells are listed, and how much of each."""
Cells: TypeAlias = Mapping[str, str]


def difference_text(
    before: Cells, after: Cells, members: Iterable[tuple[str, str, Cells, Cells]]
) -> str:
    """``Title: "Old" → "New"``: the object's own cells first, then those of ``members``, each by
    its name if it has one, what is done to it, and its cells before and after."""
    listed = [_difference("", header, before.get(header), cell) for header, cell in after.items()]
    for name, action, old, new in members:
        if action == DELETE:
            listed.append(f"“{name}” is removed")
        elif action:
            listed += [
                _difference(f"{name}: " if name else "", header, old.get(header), cell)
                for header, cell in new.items()
            ]
    more = len(listed) - MOST_CELLS
    return ", ".join(listed[:MOST_CELLS]) + (f" … and {more:,} more" if more > 0 else "")


def _difference(of: str, header: str, before: str | None, after: str) -> str:
    if before is None:
        return f'{of}{header}: "{_short(after)}"'
    return f'{of}{header}: "{_short(before)}" → "{_short(after)}"'


def _short(cell: str) -> str:
    return cell if len(cell) <= MOST_CHARACTERS else f"{cell[: MOST_CHARACTERS - 1]}…"
