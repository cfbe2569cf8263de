"""Objects as they are: in the store, and as the rows of a file that were planned leave them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from models.import_object import CREATE, DELETE, ImportObject
from transfer.importing.columns import FileColumns
from transfer.types.base import Item

TOTALS = "__totals"
"""Under it an item has by name the sets of which only some members were read, each with how many it
has."""


@dataclass(frozen=True)
class KnownMember:
    """A member of a nested set with the cells that an export would write of it; ``ref`` is its id,
    None of one that has none yet, or never has."""

    ref: str | None
    cells: dict[str, str]


@dataclass(frozen=True)
class Known:
    """An object that exists, with the cells that an export would write of it and, by the name of
    each nested set, of its members in their order. ``item`` is what the store has of it.

    What a row of the file creates has no ``ref``, the store's id, until that is done; it is known
    by the row's number, ``creator``.
    """

    ref: str | None
    creator: int | None
    cells: dict[str, str]
    members: Mapping[str, tuple[KnownMember, ...]] = field(default_factory=dict)
    item: Item | None = None

    @property
    def identity(self) -> str:
        return self.ref or f"#{self.creator}"


class Snapshot:
    """Finds objects by id and by natural key, each at once."""

    def __init__(self, columns: FileColumns):
        self._columns = columns
        self._by_identity: dict[str, Known] = {}
        self._by_key: dict[str, dict[str, None]] = {}

    def copy(self) -> "Snapshot":
        """The same objects; what is changed in one is not in the other."""
        other = Snapshot(self._columns)
        other._by_identity = dict(self._by_identity)
        other._by_key = {key: dict(identities) for key, identities in self._by_key.items()}
        return other

    def add(self, known: Known) -> None:
        """Add an object, or put it in the place of what was known of it."""
        self.remove(known.identity)
        self._by_identity[known.identity] = known
        for key in self._names(known):
            self._by_key.setdefault(key, {})[known.identity] = None

    def add_item(self, item: Item) -> None:
        """Add an object of the store."""
        sets = self._columns.sets
        members = {
            name: tuple(
                KnownMember(member.get(sets[name].members.ref), cells) for member, cells in of_set
            )
            for name, of_set in self._columns.exported_members(item).items()
        }
        self.add(Known(item["id"], None, self._columns.exported(item), members, item))

    def remove(self, identity: str) -> None:
        known = self._by_identity.pop(identity, None)
        if known is not None:
            for key in self._names(known):
                self._by_key[key].pop(identity, None)

    def _names(self, known: Known) -> list[str]:
        members = {name: [one.cells for one in of] for name, of in known.members.items()}
        return self._columns.names_of(known.cells, members)

    @property
    def refs(self) -> list[str]:
        """The ids of the store that are known."""
        return [known.ref for known in self._by_identity.values() if known.ref]

    def merge(self, other: "Snapshot") -> None:
        """Take over what another snapshot knows."""
        for known in other._by_identity.values():
            self.add(known)

    def with_ref(self, ref: str | None) -> Known | None:
        return self._by_identity.get(ref) if ref else None

    def with_key(self, key: str) -> Known | None:
        """The object that has a natural key, the latest of several."""
        identity = next(reversed(self._by_key.get(key, {})), "")
        return self._by_identity.get(identity)

    def all_with_key(self, key: str) -> list[Known]:
        """All objects that have a natural key."""
        return [self._by_identity[identity] for identity in self._by_key.get(key, {})]

    def only(self) -> Known | None:
        """The one object of a type of which every store has one."""
        return next(iter(self._by_identity.values()), None)

    def overlay(self, planned: list[ImportObject]) -> None:
        """Put what is planned so far, in the order of the file, over what the store has."""
        for one in planned:
            creator = one.follows or (one.number if one.action == CREATE else None)
            after = one.after
            known = Known(one.ref if creator is None else None, creator, after["cells"])
            there = self._by_identity.get(known.identity)
            members = _with_changes(there.members if there else {}, after["members"])
            self.change(one.action, replace(known, members=members))

    def change(self, action: str, known: Known) -> None:
        """Take over a write: ``known.cells`` are those that differ after it, ``known.members`` the
        nested sets in which something does."""
        if action == DELETE:
            self.remove(known.identity)
            return
        there = self._by_identity.get(known.identity)
        if there is not None:
            members = {**there.members, **known.members}
            known = replace(there, cells=there.cells | known.cells, members=members)
        self.add(known)


def _with_changes(
    sets: Mapping[str, tuple[KnownMember, ...]], stored: list[dict[str, Any]]
) -> dict[str, tuple[KnownMember, ...]]:
    """The members of nested sets after stored changes, found again by their ids."""
    found = {name: list(members) for name, members in sets.items()}
    for change in stored:
        members = found.setdefault(change["set"], [])
        ref, action, cells = change["ref"], change["action"], change["cells"]
        if action == CREATE:
            members.append(KnownMember(None, cells))
            continue
        place = next((n for n, one in enumerate(members) if one.ref and one.ref == ref), None)
        if place is not None and action == DELETE:
            del members[place]
        elif place is not None:
            members[place] = replace(members[place], cells=members[place].cells | cells)
    return {name: tuple(members) for name, members in found.items()}
