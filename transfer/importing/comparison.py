"""What the store has now, compared with what was planned: what has changed since the plan was made,
and what of a change does not show in the store.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from models.import_object import CREATE, DELETE, ImportObject
from transfer.importing.changes import fingerprint
from transfer.importing.columns import FileColumns
from transfer.importing.members import moved_columns
from transfer.importing.snapshot import Known, KnownMember
from transfer.types.writing import COMPLETED, PLACE

DELETED = "It has been deleted since the plan was made."
CREATED = "It has been created since the plan was made."
NOTHING = "false"
"""What a cell says as well as a blank one of what is to go."""


class Comparison:
    """Compares planned objects of one type, by ``before`` and ``after`` as an object keeps them,
    with what is known of them now, but for nested sets that are ``unread``."""

    def __init__(self, columns: FileColumns, unread: Collection[str] = ()):
        self._columns, self._unread = columns, unread

    def not_shown(self, after: Mapping[str, Any], known: Known) -> list[str]:
        """The planned cells that the store does not have, as people call them."""
        found = [
            header
            for header, cell in after["cells"].items()
            if self.differs(header, cell, known.cells.get(header, ""))
        ]
        for member in after["members"]:
            there = self.member(known, member)
            if member["action"] == DELETE:
                if there is not None:
                    found.append(member["name"])
                continue
            if there is None:
                found.append(member["name"])
                continue
            found += [
                f"{header} ({member['name']})"
                for header, cell in member["cells"].items()
                if self.differs(header, cell, there.cells.get(header, ""))
            ]
        return found

    def member(self, known: Known, member: Mapping[str, Any]) -> KnownMember | None:
        """The store's member that a planned one is: by its id, a new one by its keys."""
        members = known.members.get(member["set"], ())
        if member["ref"]:
            return next((one for one in members if one.ref == member["ref"]), None)
        of_set = self._columns.sets.get(member["set"])
        cells = {**member.get("beside", {}), **member["cells"]}
        if member["action"] != CREATE or of_set is None:
            return None
        for key in of_set.members.keys:
            moved = moved_columns(key, [cells], [one.cells for one in members], more=True)
            wanted = cells | dict.fromkeys(moved, "")
            wanted |= {there: cells.get(here, "") for here, there in moved.items()}
            headers = [header for header in key.headers if cells.get(header)]
            if not headers or self._columns.columns[headers[0]].column.form.typenames:
                continue
            whole = self._first_with(members, wanted, key.headers)
            if whole is None and key.of:  # until options go that it is not to have, it has them
                return self._first_with(members, wanted, [h for h in key.headers if wanted.get(h)])
            return whole
        return None

    def _first_with(
        self, members: Sequence[KnownMember], cells: Mapping[str, str], headers: Iterable[str]
    ) -> KnownMember | None:
        """The first member that has these cells in some columns."""
        headers = tuple(headers)
        differ = self._columns.differ
        return next(
            (
                one
                for one in members
                if not any(differ(h, cells.get(h, ""), one.cells.get(h, "")) for h in headers)
            ),
            None,
        )

    def changed_since(
        self,
        planned: ImportObject,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        known: Known | None,
        *,
        others: bool = False,
    ) -> str:
        """What is no longer as it was when this was planned; empty when all is. What was begun may
        be as planned already, and what ``others`` of the import can have written."""
        begun = planned.tried or others
        if planned.action == CREATE and planned.sent:
            return "" if known else DELETED
        if planned.action == CREATE:
            ours = planned.tried and known is not None and self.has_own_cells(after, known)
            return CREATED if known and not ours else ""
        if known is None:
            return "" if planned.action == DELETE and begun else DELETED
        found = self._changed("", before["cells"], after["cells"], known.cells, begun)
        for one, other in zip(before["members"], after["members"], strict=True):
            if not one["ref"] or one["set"] in self._unread:
                continue
            there = self.member(known, one)
            if there is None:
                if not (begun and one["action"] == DELETE):
                    found.append(f"{one['name']}: deleted since the plan was made")
                continue
            cells = other["cells"] if one["action"] != DELETE else {}
            found += self._changed(one["name"], one["cells"], cells, there.cells, begun)
        for name, planned_as in before.get("guarded", {}).items():
            if planned.tried and not self._columns.sets[name].members.whole:
                continue  # what is there may be ours
            if not found and fingerprint(known.members.get(name, ())) != planned_as:
                found.append("Others have changed the list since the plan was made")
        return ", ".join(found)

    def differs(self, header: str, one: str, other: str) -> bool:
        """Whether two cells of a column that the store shows mean something else."""
        return self._columns.is_shown(header) and self._columns.differ(header, one, other)

    def has_own_cells(self, after: Mapping[str, Any], known: Known) -> bool:
        """Whether the store has the cells of an object that its creation writes."""
        return not any(
            self.differs(header, cell, known.cells.get(header, ""))
            for header, cell in after["cells"].items()
            if not set(self._columns.columns[header].column.write) & {":", COMPLETED}
        )

    def _is_place(self, header: str) -> bool:
        """Whether a column has the place of a member in its list, which the others decide too."""
        return self._columns.columns[header].column.write == PLACE

    def _is_between(self, header: str, before: str, after: str, now: str) -> bool:
        """Whether a list that is written by what joins and what leaves it has a part of that."""
        column = self._columns.columns[header].column
        if column.write not in self._columns.writing.joins:
            return False
        lists = (self._columns.value(header, cell) for cell in (before, after, now))
        old, new, there = (set(one) if isinstance(one, list) else set() for one in lists)
        return old & new <= there <= old | new

    def _changed(
        self,
        name: str,
        before: Mapping[str, str],
        after: Mapping[str, str],
        now: Mapping[str, str],
        begun: bool,
    ) -> list[str]:
        differences = []
        for header, cell in before.items():
            there = now.get(header, "")
            if not self.differs(header, cell, there):
                continue
            if name and header not in after and self._is_place(header):
                continue  # who leaves a list may have moved up since
            wanted = after.get(header, NOTHING if there == NOTHING else "")
            if begun and not self.differs(header, wanted, there):
                continue
            if begun and self._is_between(header, cell, after.get(header, ""), there):
                continue
            where = f"{header} ({name})" if name else header
            to = f', to be "{after[header]}"' if header in after else ""
            differences.append(f'{where}: "{cell}" when planned{to}, "{there}" now')
        return differences
