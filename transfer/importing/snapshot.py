"""Objects as they are: in the store, and as the rows of a file that were planned leave them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from models.import_object import CREATE, DELETE, ImportObject
from transfer.importing.columns import FileColumns
from transfer.types.base import Item


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
        self._by_key: dict[str, str] = {}

    def add(self, known: Known) -> None:
        """Add an object, or put it in the place of what was known of it."""
        self.remove(known.identity)
        self._by_identity[known.identity] = known
        if key := self._columns.key_of(known.cells):
            self._by_key[key] = known.identity

    def remove(self, identity: str) -> None:
        known = self._by_identity.pop(identity, None)
        if known is not None:
            key = self._columns.key_of(known.cells)
            if self._by_key.get(key) == identity:
                del self._by_key[key]

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
        return self._by_identity.get(self._by_key.get(key, ""))

    def overlay(self, planned: list[ImportObject]) -> None:
        """Put what is planned so far, in the order of the file, over what the store has."""
        for one in planned:
            creator = one.follows or (one.number if one.action == CREATE else None)
            known = Known(one.ref if creator is None else None, creator, one.after["cells"])
            self.change(one.action, known)

    def change(self, action: str, known: Known) -> None:
        """Take over a write: ``known.cells`` are those that differ after it."""
        if action == DELETE:
            self.remove(known.identity)
            return
        there = self._by_identity.get(known.identity)
        self.add(replace(known, cells=there.cells | known.cells) if there else known)
