"""What refers to objects that later rows create: set when those are there. What such rows still
depend on is removed after them.

Such a change is written in two parts. The first has all that can be sent in its turn; the calls of
the second are marked ``later`` in the plan, and are sent once every object of the import was
written. What can be set neither now nor later is left out and told.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from models.import_object import CREATE, DELETE, UPDATE
from transfer.importing.columns import FileColumns
from transfer.importing.members import Member
from transfer.importing.placeholders import placeholders
from transfer.importing.plan import Change
from transfer.importing.snapshot import Known
from transfer.types.writing import (
    OURS,
    Input,
    Members,
    Reference,
    new_member,
    references_in,
)

BY_NAME = f"{OURS}Named/"
"""Before the type and the name of what is looked up when the call is sent."""
NOT_YET = "What refers to objects that are created later is not set yet."
"""The comment of an object whose second part waits."""


def by_name(reference: Reference) -> str:
    """What stands for the id of an object that has none yet, and is found by its name then."""
    return f"{BY_NAME}{reference.to}/{quote(reference.name, safe='')}"


def names_in(variables: Input) -> Iterator[tuple[str, Reference]]:
    """The placeholders of what is to be found by name, each with what it stands for."""
    for placeholder in placeholders(variables):
        if placeholder.startswith(BY_NAME):
            to, _, name = placeholder.removeprefix(BY_NAME).partition("/")
            yield placeholder, Reference(to, unquote(name))


def without(columns: FileColumns, change: Change, later: Collection[Reference]) -> Change:
    """A change without the cells of new members that refer to what later rows create and that have
    no names by which they could be changed; with a sentence that tells it."""
    left_out: list[str] = []
    sets = {}
    for name, members in change.sets.items():
        kept = [
            member
            if _can_wait(columns, change, name, member, later)
            else _stripped(columns, change, member, later, left_out)
            for member in members
        ]
        if any(member.action for member in kept):
            sets[name] = tuple(kept)
    if not left_out:
        return change
    sentence = (
        f"{', '.join(dict.fromkeys(left_out))}: left out, what it refers to is not there yet. "
    )
    sentence += "Import the file again to set it."
    comment = " ".join(filter(None, (change.comment, sentence)))
    change = replace(change, sets=sets, comment=comment, warnings=(*change.warnings, sentence))
    if change.action == UPDATE and not (change.after or sets):
        return replace(change, action="unchanged")
    return change


def parts(
    columns: FileColumns, change: Change, later: Collection[Reference], *, removals: bool = False
) -> tuple[Change, Change | None]:
    """What of a change can be sent in its turn, and what waits: ``removals`` of members, too, if
    asked; None where nothing does."""
    if not later and not removals:
        return change, None
    own = _cells(change)
    waiting = _waiting(columns, change.after, own, later)
    first = {header: cell for header, cell in change.after.items() if header not in waiting}
    sets: dict[str, tuple[Member, ...]] = {}
    waits: dict[str, tuple[Member, ...]] = {}
    for name, members in change.sets.items():
        pairs = [
            _removed_later(member)
            if removals and member.action == DELETE and _set(columns, name).wrapped
            else _split(columns, change, name, place, later)
            for place, member in enumerate(members)
        ]
        now = tuple(one for one, _ in pairs if one is not None)
        if any(one.action for one in now):
            sets[name] = now
        if any(other.action for _, other in pairs):
            waits[name] = tuple(other for _, other in pairs)
    if not waiting and not waits:
        return change, None
    before = {header: cell for header, cell in change.before.items() if header in first}
    kept = {header: cell for header, cell in change.before.items() if header in waiting}
    known = replace(change.known, cells=own) if change.known else Known(None, None, own)
    second = replace(change, action=UPDATE, known=known, before=kept, after=waiting, sets=waits)
    return replace(change, before=before, after=first, sets=sets), second


def _cells(change: Change) -> dict[str, str]:
    return {**(change.known.cells if change.known else {}), **change.after}


def _waiting(
    columns: FileColumns,
    cells: Mapping[str, str],
    row: Mapping[str, str],
    later: Collection[Reference],
) -> dict[str, str]:
    """The cells that refer to what is created later."""
    return {
        header: cell
        for header, cell in cells.items()
        if any(one in later for one in references_in(columns.value(header, cell, row)))
    }


def _set(columns: FileColumns, name: str) -> Members:
    return columns.sets[name].members


def _can_wait(
    columns: FileColumns, change: Change, name: str, member: Member, later: Collection[Reference]
) -> bool:
    """Whether a later call can change the member: it is there, or named by its cells, or found
    then by cells that do not wait themselves, or as the only one of a new object."""
    members = _set(columns, name)
    if member.action != CREATE:
        return True
    if members.named != ("id",):
        return bool(members.keys)
    waiting = _waiting(columns, member.after, {**_cells(change), **member.cells}, later)
    there = {h for h, cell in (member.beside | member.after).items() if cell and h not in waiting}
    alone = change.action == CREATE and len(change.sets[name]) == 1
    return alone or any(there.intersection(key.headers[:1]) for key in members.keys)


def _placeholder(columns: FileColumns, change: Change, name: str, place: int) -> str:
    """What stands for the id of a new member of a set until it is found in the store."""
    of = {one.name: one.at or one.of for one in columns.writing.members}
    new = sum(
        member.action == CREATE
        for other, members in change.sets.items()
        for at, member in enumerate(members)
        if of[other] == of[name] and (other != name or at < place)
    )
    return new_member(of[name], new)


def _split(
    columns: FileColumns, change: Change, name: str, place: int, later: Collection[Reference]
) -> tuple[Member | None, Member]:
    """A member as it is written first, None where all of it waits, and as it is written later."""
    member, waiting = change.sets[name][place], {}
    if member.action != DELETE and _can_wait(columns, change, name, member, later):
        row = {**_cells(change), **member.cells, **member.after}
        waiting = _waiting(columns, member.after, row, later)
    if not waiting:
        return member, replace(member, action="", before={}, after={})
    if member.action == CREATE and _set(columns, name).wrapped:
        return None, member  # a field is not created without what it refers to
    kept = {header: cell for header, cell in member.before.items() if header in waiting}
    ref = _placeholder(columns, change, name, place) if member.action == CREATE else member.ref
    second = replace(member, ref=ref, action=UPDATE, before=kept, after=waiting)
    return _less(member, waiting), second


def _removed_later(member: Member) -> tuple[Member | None, Member]:
    return replace(member, action="", before={}), member


def _less(member: Member, waiting: Mapping[str, str]) -> Member:
    """A member without some of the cells that change."""
    after = {header: cell for header, cell in member.after.items() if header not in waiting}
    before = {header: cell for header, cell in member.before.items() if header not in waiting}
    known = {header: cell for header, cell in member.cells.items() if header not in waiting}
    known |= {header: cell for header, cell in member.before.items() if header in waiting}
    action = member.action if after or member.action == CREATE else ""
    return replace(member, action=action, before=before, after=after, cells=known)


def _stripped(
    columns: FileColumns,
    change: Change,
    member: Member,
    later: Collection[Reference],
    left_out: list[str],
) -> Member:
    waiting = _waiting(columns, member.after, {**_cells(change), **member.cells}, later)
    left_out += waiting
    return _less(member, waiting) if waiting else member
