"""What a plan changes: as it is stored with an object, and cell by cell."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeAlias

import orjson

from models.import_object import ImportObject
from transfer.importing.plan import Change, Member
from transfer.importing.snapshot import KnownMember

Stored: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class FieldChange:
    """One cell that differs; ``member`` is the name of the member whose it is, empty for the
    object's own."""

    column: str
    member: str
    before: str
    after: str


def changes(planned: ImportObject) -> list[FieldChange]:
    """Each cell that a planned object changes: its own first, then those of its members. Of what
    is created all is after, of what is deleted all is before."""
    before, after = planned.before, planned.after
    found = list(_differences("", before["cells"], after["cells"]))
    for one, other in zip(before["members"], after["members"], strict=True):
        found += _differences(one["name"], one["cells"], other["cells"])
    return found


def changed_columns(change: Change) -> str:
    """The headers of the cells that differ, each between tabs; empty when none does."""
    found = {**change.before, **change.after}
    for of_set in change.sets.values():
        for member in of_set:
            if member.action:
                found |= {**member.before, **member.after}
    return "\t".join(("", *found, "")) if found else ""


def stored_before(change: Change) -> Stored:
    """What differs as it is, in the form in which an object keeps it; empty when nothing does."""
    stored = _stored(change, change.before, lambda member: member.before)
    guarded = {
        name: fingerprint(change.known.members.get(name, ()))
        for name in change.guarded
        if change.known and change.known.ref
    }
    return stored | {"guarded": guarded} if stored and guarded else stored


def fingerprint(members: Iterable[KnownMember]) -> str:
    """What is the same while no member of a set has changed."""
    cells = [[one.ref, one.cells] for one in members]
    return blake2b(orjson.dumps(cells, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def stored_after(change: Change) -> Stored:
    """The same as it is to be."""
    return _stored(change, change.after, lambda member: member.after)


def _differences(
    member: str, before: dict[str, str], after: dict[str, str]
) -> Iterator[FieldChange]:
    for column in {**before, **after}:
        yield FieldChange(column, member, before.get(column, ""), after.get(column, ""))


def _stored(
    change: Change, cells: dict[str, str], of_member: Callable[[Member], dict[str, str]]
) -> Stored:
    members = [
        {
            "set": name,
            "row": member.row,
            "ref": member.ref,
            "name": member.name,
            "action": member.action,
            "cells": of_member(member),
            **({"beside": member.beside} if member.beside else {}),
        }
        for name, of_set in change.sets.items()
        for member in of_set
        if member.action
    ]
    return {"cells": cells, "members": members} if change.before or change.after or members else {}
