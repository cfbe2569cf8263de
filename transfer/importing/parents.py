"""Parents of objects, whose columns stand in the rows of their objects: the blog of an article.

Where several rows speak of one parent, the first that says something counts, whether it changes
anything or not: so the same file changes nothing when it is imported again. Contradictions are
told. A parent that the store does not have is made before the first object in it that is written;
each object's plan keeps how.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from models.import_object import DELETE, UPDATE
from transfer.importing.columns import FileColumns
from transfer.importing.later import by_name
from transfer.importing.plan import Change
from transfer.rows.getters import getter
from transfer.types.forms import BadCell, short
from transfer.types.writing import Input, Reference, input_of, with_ids

FirstCells: TypeAlias = dict[str, dict[str, str]]
"""By the type and name of a parent, ``Blog/news``, the cells that count."""
PARENT, MADE = "parent", "parent_made"
"""The part of an object's input that makes its parent, and the note of the one that was made."""


def name_of(reference: Reference) -> str:
    """What a parent is called among those that rows speak of."""
    return f"{reference.to}/{reference.name}"


def is_parent(columns: FileColumns, reference: Reference) -> bool:
    """Whether objects of the type are in what is meant, so that it can be made for them."""
    parent = columns.writing.parent
    return parent is not None and parent.to == reference.to


def of_change(columns: FileColumns, change: Change, row: Mapping[str, str]) -> Reference | None:
    """What the object of a change is in afterwards."""
    parent = columns.writing.parent
    if parent is None:
        return None
    known = change.known.cells if change.known else {}
    cell = change.after.get(parent.header) or row.get(parent.header, "").strip()
    cell = cell or known.get(parent.header, "")
    try:
        value = columns.value(parent.header, cell)
    except BadCell:
        return None
    return value if isinstance(value, Reference) else None


def settled(
    columns: FileColumns, change: Change, row: Mapping[str, str], first_cells: FirstCells
) -> Change:
    """A change without what earlier rows have said of its object's parent. ``row`` are the cells of
    the object's first row; ``first_cells`` is added to."""
    parent, reference = columns.writing.parent, of_change(columns, change, row)
    if parent is None or reference is None or change.action in (DELETE, "failed", "skipped"):
        return change
    known = _stored_parent(columns, reference)
    moves = change.action == UPDATE and parent.header in change.after
    if moves and known is not None:
        return _without(columns, change, set(parent.columns))  # those of the parent that it leaves
    is_new = known is None and name_of(reference) not in first_cells
    first = first_cells.setdefault(name_of(reference), {})
    there = known or {}
    dropped, contradictions = set(), []
    for header in parent.columns:
        cell = change.after.get(header, row.get(header, "").strip())
        if header not in change.after and not cell:
            continue
        if header not in first:
            first[header] = cell
            if known is not None and not columns.differ(header, cell, there.get(header, "")):
                dropped.add(header)
            continue
        dropped.add(header)
        if columns.differ(header, cell, first[header]):
            contradictions.append(
                f"{header}: an earlier row says “{short(first[header])}” of the {parent.word} "
                f"“{short(reference.name)}”, which is taken."
            )
    change = _without(columns, change, dropped)
    if is_new:
        made = f"The {parent.word} “{short(reference.name)}” is made first."
        change = replace(change, comment=" ".join(filter(None, (made, change.comment))))
    if not contradictions:
        return change
    comment = " ".join(filter(None, (change.comment, *contradictions)))
    return replace(change, comment=comment, warnings=(*change.warnings, *contradictions))


def creation(
    columns: FileColumns,
    change: Change,
    row: Mapping[str, str],
    ids: Mapping[Reference, str],
    first_cells: FirstCells,
) -> Input:
    """How the parent of an object is made that the store does not have: what stands for its id, the
    mutation and its variables. Empty where the store has it."""
    parent, reference = columns.writing.parent, of_change(columns, change, row)
    if parent is None or reference is None or ids.get(reference) != by_name(reference):
        return {}
    cells = first_cells.get(name_of(reference), {})
    values = {
        path: with_ids(columns.value(header, cells[header]), {})
        for header, path in parent.columns.items()
        if cells.get(header)
    }
    made = {**parent.defaults(reference.name), **input_of(values)}
    return {
        "stands_for": by_name(reference),
        "mutation": parent.create.name,
        "variables": parent.create.variables(None, made),
    }


def _stored_parent(columns: FileColumns, reference: Reference) -> dict[str, str] | None:
    """The cells of a parent that the store had when the import began."""
    parent = columns.writing.parent
    for fact in columns.facts.named(parent.fact) if parent else ():
        if parent and fact.name == reference.name:
            item: dict[str, Any] = {parent.at: parent.item(fact)}
            return {
                header: getter(columns.columns[header].column, columns.facts)(item)
                for header in parent.columns
            }
    return None


def _without(columns: FileColumns, change: Change, headers: set[str]) -> Change:
    """A change without these columns."""
    if headers.isdisjoint(change.after):
        return change
    after = {header: cell for header, cell in change.after.items() if header not in headers}
    before = {header: cell for header, cell in change.before.items() if header not in headers}
    change = replace(change, before=before, after=after)
    if change.action == UPDATE and not (after or change.sets):
        return replace(change, action="unchanged", comment="")
    return change
