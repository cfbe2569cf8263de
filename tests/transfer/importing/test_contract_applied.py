"""What every data type that can be imported must do to the store: one contract over the registry.

A type is under it as soon as its writing is declared. ``examples.py`` has the cells that cannot be
guessed.
"""

import re

import pytest

from models import db
from models.import_object import ImportObject
from models.job import COMPLETED, PLANNED
from tests.transfer.importing.contract import (
    Edit,
    Ground,
    Table,
    applied,
    changeable,
    each_type,
    imported,
    not_of,
    seeded,
    undone,
)
from tests.transfer.importing.examples import is_assigned, is_lost, says_same
from transfer.importing.changes import changes
from transfer.types.writing import Members, Writing

pytestmark = pytest.mark.slow


def planned(job) -> set[tuple[int, str]]:
    """What a plan changes: numbers of objects and columns."""
    objects = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    return {(one.number, change.column) for one in objects for change in changes(one)}


Difference = tuple[str, str, str | None, str | None]


def differences(ground: Ground, before: Table, now: Table) -> list[Difference]:
    """What differs: the object, the header with the member, and the cell before and now."""
    first, second = ground.cells(before), ground.cells(now)
    assert list(first) == list(second)
    return [
        (name, where, cells.get(where), second[name].get(where))
        for name, cells in first.items()
        for where in {**cells, **second[name]}
        if shown(cells.get(where)) != shown(second[name].get(where))
    ]


def shown(cell: str | None) -> str | None:
    """A cell without the number in an address that is another whenever the file is uploaded, and
    without what keeps a spreadsheet from taking it for a formula."""
    return cell and re.sub(r"\?v=\d+", "", cell).removeprefix("'")


def unexpected(ground: Ground, edits: list[Edit], found: list[Difference]) -> list[tuple]:
    """The differences from what was asked for that do not follow from it. Each is told with the
    columns of the object that were changed."""
    asked = {place: edit for edit in edits for place in ground.places(edit)}
    told = []
    for name, where, before, now in found:
        header = where.partition(" (")[0]
        own = [edit.header for (of, _), edit in asked.items() if of == name]
        if (name, where) in asked:
            others = [one for one in own if one != header]
            acts = ground.columns.columns[header].column.acts
            follows = acts or is_assigned(ground.type, header)
            follows = follows or any(says_same(ground.type, one, header) for one in others)
        elif header not in changeable(ground.columns) or is_moved(ground, header, before, now):
            follows = bool(own) or header == "Row #"
        else:
            follows = any(says_same(ground.type, one, header) for one in own)
        if not follows:
            told.append((name, where, before, now, own))
    return told


def is_moved(ground: Ground, header: str, before: str | None, now: str | None) -> bool:
    """Whether a member came or went by itself."""
    return None in (before, now) and ground.is_closed(header)


def kept_along(ground: Ground, asked: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """The columns whose cells before are part of a plan, as another change loses them."""
    writing = ground.columns.writing
    holders: list[Writing | Members] = [writing, *writing.members]
    return {
        (number, other)
        for number, header in asked
        for holder in holders
        for other in holder.empties.get(header, ())
    }


def is_said_elsewhere(name: str, one: tuple[int, str], asked: set[tuple[int, str]]) -> bool:
    """Whether another column of the object that says the same is to be changed, too."""
    return any(
        other != one and other[0] == one[0] and says_same(name, other[1], one[1]) for other in asked
    )


def nothing(found: list, when: str) -> None:
    """There is nothing in the list; what is there is told whole."""
    told = dict.fromkeys(str(one)[:400] for one in found)
    assert not found, "\n".join((when, *told))


@each_type
def test_changed_cells_are_written_and_undone(store, tmp_path, name):
    for sheet, ground in seeded(store, name).items():
        edits = ground.edits(changeable(ground.columns))
        job = imported(store, tmp_path, name, sheet, ground.edited(edits), dry_run=True)
        nothing(not_of(job, "updated", "unchanged"), "planned")
        assert (job.status, job.error) == (PLANNED, None)
        asked = {(edit.object, edit.header) for edit in edits}
        assert planned(job) <= asked | kept_along(ground, asked)
        nothing(
            [one for one in asked - planned(job) if not is_said_elsewhere(name, one, asked)], ""
        )
        applied(store, job)
        nothing(not_of(job, "updated", "unchanged"), "applied")
        assert (job.status, job.error) == (COMPLETED, None)
        wanted = ground.edited([ground.as_kept(edit) for edit in edits])
        found = differences(ground, wanted, ground.now(store))
        nothing(unexpected(ground, edits, found), "exported")
        undoing = undone(store, job)
        gone = any(is_lost(name, edit.header) for edit in edits)
        nothing(not_of(undoing, "updated", *["unchanged"] * gone), "undone")
        assert (undoing.status, undoing.error) == (COMPLETED, None)
        found = differences(ground, ground.rows, ground.now(store))
        nothing([one for one in found if not is_lost(name, one[1])], "exported after the undo")
