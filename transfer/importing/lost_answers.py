"""Calls that were cut off before their answer came: whether the store shows what they do."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson

from models.import_object import CREATE, DELETE, ImportObject
from shopify.admin import Admin
from transfer.importing.columns import FileColumns
from transfer.importing.comparison import Comparison
from transfer.importing.completion import Completion
from transfer.importing.lookup import is_looked_up, store_snapshot
from transfer.importing.placeholders import THIS_OBJECT, filled_in, placeholders
from transfer.importing.references import owners_by_field
from transfer.importing.snapshot import Known
from transfer.importing.work import LEFT, REFUSED_CALLS, SEEN, Work
from transfer.types.base import Item
from transfer.types.writing import MARK, Input, Mutation, Trace

NEWEST = 250
"""Among so many of the newest objects one is looked for whose creation was cut off."""
NOT_TWICE = "It is not known whether the mail was sent, so it was not sent again."


class LostAnswers:
    """Tells of objects of one type whether what was begun has been done. Of nested sets that are
    ``unread`` those members are asked for on which that depends."""

    def __init__(
        self,
        admin: Admin,
        columns: FileColumns,
        comparison: Comparison,
        completion: Completion,
        unread: Collection[str] = (),
    ):
        self._admin, self._columns, self._unread = admin, columns, unread
        self._comparison, self._completion = comparison, completion

    def shows(self, work: Work) -> bool:
        """Whether the whole change that was cut off shows in the store."""
        if work.planned.action == DELETE:
            return work.known is None
        return work.known is not None and not self._comparison.not_shown(work.after, work.known)

    def note_left(self, work: Work) -> None:
        """Note what the calls of a change that shows have left."""
        mutations = {one.name: one for one in self._columns.writing.mutations}
        for call in work.calls:
            mutation = mutations[call["mutation"]]
            if isinstance(mutation.done, Trace):
                self._left_trace(work, mutation, mutation.done, call["variables"])

    def was_done(
        self, work: Work, call: Mapping[str, Any], mutation: Mutation, variables: Input
    ) -> bool:
        """Whether the call that was cut off shows in the store, where it must not be sent twice."""
        known, writing = work.known, self._columns.writing
        if mutation.done and known is not None and known.item is not None:
            if isinstance(mutation.done, Trace):
                return self._left_trace(work, mutation, mutation.done, variables)
            return mutation.done({**known.item, **self._added_members(work, variables)}, variables)
        if mutation in writing.creations:
            if known is None and (ref := self._just_made(work, call)):
                work.planned.ref = ref
                return True
            if known is not None:
                work.planned.ref = known.ref
            return known is not None
        if mutation in writing.deletions:
            return known is None
        if mutation.sends:
            work.notes.append(NOT_TWICE)
            return True
        if known is None:
            return False
        if gone := self._removed_by(work, mutation):
            return all(self._comparison.member(known, member) is None for member in gone)
        if not call["adds"]:
            return False
        new = [
            member
            for member in work.after["members"]
            if member["set"] == call["adds"] and member["action"] == CREATE
        ]
        if (place := call.get("place")) is not None:
            new = new[place : place + 1]
        known = self._completed(work, call["adds"]) or known
        return bool(new) and all(self._comparison.member(known, member) for member in new)

    def _added_members(self, work: Work, variables: Input) -> Item:
        """Of the unread sets the new members in the variables that the object has by now."""
        found: Item = {}
        text = orjson.dumps(variables)
        for name in self._unread:
            members = self._columns.sets[name].members
            [key] = members.keys
            [header] = key.headers
            new = (one["cells"].get(header, "") for one in work.after["members"])
            cells = [cell for cell in new if cell and orjson.dumps(cell) in text]
            owners = owners_by_field(self._admin, key.field, cells) if key.field else {}
            path = self._columns.columns[header].column.path
            own = (cell for cell, gid in owners.items() if same_number(gid, work.planned.ref))
            found[members.of] = [{path: cell} for cell in own]
        return found

    def _completed(self, work: Work, name: str) -> Known | None:
        """The object once Shopify has completed what a call has added to a nested set of it: until
        then nothing tells what was added."""
        work.adds |= {name}
        if not (work.planned.ref and self._completion.is_watched(work)):
            return None
        self._completion.wait([work])
        return store_snapshot(self._admin, self._columns, [work.planned.ref], ()).with_ref(
            work.planned.ref
        )

    def _just_made(self, work: Work, call: Mapping[str, Any]) -> str:
        """The id of what a creation that was cut off has made: among the newest of its type, by its
        mark or its key, or else by its cells. A search would find it only some seconds later."""
        marked = MARK in placeholders(call["variables"])
        if not (marked or is_looked_up(self._columns)):
            return ""
        fields = "id tags" if marked else "id"
        root = self._columns.data_type.passes[0].root
        listed = f"{root}(first: {NEWEST}, sortKey: ID, reverse: true) {{ nodes {{ {fields} }} }}"
        nodes = self._admin.query(f"query {{ page: {listed} }}")["page"]["nodes"]
        if marked:
            mark = work.ids[MARK]
            return next((str(one["id"]) for one in nodes if mark in one["tags"]), "")
        key = self._columns.key_of(work.after["cells"])
        refs = [one["id"] for one in nodes]
        headers = {*self._columns.key_headers, *(() if key else work.after["cells"])}
        newest = store_snapshot(self._admin, self._columns, refs, (), headers, without=self._unread)
        if key:
            there = newest.with_key(key)
            return (there and there.ref) or ""
        others = ImportObject.known_refs(work.planned.job_id, refs)
        found = (newest.with_ref(ref) for ref in refs if ref not in others)
        own = (one for one in found if one and self._comparison.has_own_cells(work.after, one))
        return next((one.ref for one in own if one.ref), "")

    def _left_trace(self, work: Work, mutation: Mutation, trace: Trace, variables: Input) -> bool:
        """Whether the store has one more of what such calls leave than those before this one, but
        for what was refused. Calls may still differ in what a trace does not tell, as a note."""
        seen = set(work.planned.notes.get(SEEN, {}).get(mutation.name, ()))
        item = work.known.item if work.known else None
        left = [one for one in trace.of(item or {}) if one["id"] not in seen]
        alike = [one for one in left if trace.same(one, variables)]
        ids = work.ids | {THIS_OBJECT: work.planned.ref or ""}
        refused = work.planned.notes.get(REFUSED_CALLS, ())
        before = sum(
            trace.same(alike[0], filled_in(call["variables"], ids))
            for n, call in enumerate(work.calls[: work.planned.sent])
            if alike and call["mutation"] == mutation.name and n not in refused
        )
        if len(alike) <= before:
            return False
        noted = work.planned.notes.get(LEFT, [])
        gids = [one["id"] for one in alike]
        work.leaves(next((gid for gid in gids if gid not in noted), gids[-1]))
        return True

    def _removed_by(self, work: Work, mutation: Mutation) -> list[dict[str, Any]]:
        """The planned members that a mutation removes which does nothing else."""
        sets = {
            one.name
            for one in self._columns.writing.members
            if mutation is one.delete and mutation is not one.update
        }
        members = work.after["members"]
        return [one for one in members if one["set"] in sets and one["action"] == DELETE]


def same_number(gid: str, other: str | None) -> bool:
    """Whether two ids are of one object, which may have several types."""
    return bool(other) and gid.rpartition("/")[2] == str(other).rpartition("/")[2]


def note_seen(work: Work, mutation: Mutation, trace: Trace) -> None:
    """Keep what the store has already of what a call is about to leave; committed with it."""
    seen = work.planned.notes.get(SEEN, {})
    if mutation.name not in seen:
        item = work.known.item if work.known else None
        ids = [one["id"] for one in trace.of(item or {})]
        work.planned.notes = {**work.planned.notes, SEEN: {**seen, mutation.name: ids}}
