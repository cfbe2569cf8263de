"""Planned objects, written exactly once: each by the mutations that its plan keeps, in their order.

Before a mutation is sent the object says so; after the answer it says how many were answered. One
that was cut off in between is looked up in the store before it is sent again, or sent again under
the same idempotency key. Mutations that take items of many objects are sent once for all of them.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from models import db
from models.import_object import CREATE, DELETE, RESULTS, ImportObject
from shopify import meters
from shopify.admin import AccessDenied, Admin, BadQuery, ShopifyRefused
from transfer.importing.columns import FileColumns
from transfer.importing.comparison import Comparison
from transfer.importing.errors import told
from transfer.importing.inputs import (
    THIS_OBJECT,
    filled_in,
    items_of,
    numbers_in,
    placeholder_of,
    placeholders,
    with_items,
)
from transfer.importing.later import NOT_YET, names_in
from transfer.importing.lookup import is_looked_up, store_snapshot
from transfer.importing.parents import MADE, PARENT
from transfer.importing.references import resolve
from transfer.importing.snapshot import Known, Snapshot
from transfer.importing.staging import NotStaged, bring, staged
from transfer.reading.objects import path_getter
from transfer.rows.getters import getter
from transfer.types.base import Item
from transfer.types.writing import (
    MARK,
    NEW_MEMBER,
    OF_OBJECT,
    Follow,
    Input,
    Json,
    Members,
    Mutation,
    Trace,
)

DONE_ALREADY = "Shopify had made this change already."
NAMESPACE = uuid.UUID("5a3ad7a4-7a8c-5d0f-9a41-6b5f1f0f6f0e")
"""That of our idempotency keys."""
JOB = "query ($id: ID!) { job(id: $id) { done } }"
PATIENCE, FIRST_LOOK, LAST_LOOK = 60.0, 0.2, 2.0
"""Seconds for which a job, or media that are fetched, are waited for, and between two looks."""
BUSY = 90.0
"""Seconds for which a call is sent again that Shopify takes only so often a minute."""
WATCHED_AT_ONCE = 20
"""Objects whose members are watched by one query, which may not ask for 1,000 points."""
NEWEST = 250
"""Among so many of the newest objects one is looked for whose creation was cut off."""
LAST = "Other rows depend on it, so it is done at the end of the import."
"""The comment of an object until then."""
NOT_TWICE = "It is not known whether the mail was sent, so it was not sent again."
SEEN = "seen"
"""The note of an object that is being written: by the name of a mutation with a Trace, the ids of
what such calls had left in it before the first of its own."""
FOLLOWED = "followed"
"""The note of an object that is being written: the name of a mutation whose work goes on after its
answer, and the id of that work."""
REFUSED = "refused"
"""The note of an object that is being written: what Shopify said of calls that it refused."""
MOST_CELLS = 10
"""So many cells are told of an object that was written by half."""


def mark_of(job_id: str, number: int) -> str:
    """The tag of an object that is being created, where nothing else tells that it was made."""
    return f"altera-{uuid.uuid5(NAMESPACE, f'{job_id} {number}').hex[:16]}"


class Refused(Exception):
    """Why Shopify does not make a change, in its own words. ``codes`` are those of its errors."""

    def __init__(self, words: str, codes: frozenset[str] = frozenset()):
        super().__init__(words)
        self.codes = codes


@dataclass
class _Work:
    """An object that is being written: its calls, and the ids that stand for placeholders."""

    planned: ImportObject
    calls: list[dict[str, Any]]
    before: dict[str, Any]
    after: dict[str, Any]
    known: Known | None = None
    ids: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cut_off: bool = False
    """Whether the next call was sent once and nobody saw the answer."""
    adds: set[str] = field(default_factory=set)

    staged: dict[str, str] = field(default_factory=dict)
    """The addresses of its files in Shopify's storage, by those where we fetched them."""
    until: int = 0
    """How many of the calls are sent now; the others wait for other objects."""

    @property
    def next(self) -> dict[str, Any] | None:
        sent = self.planned.sent
        return self.calls[sent] if sent < self.until else None

    @property
    def waits(self) -> bool:
        """Whether calls are left for later."""
        return not self.errors and self.planned.sent < len(self.calls)


class Batch:
    """Writes objects of one type. ``snapshot`` has them as the store has them now, and is changed
    with them; ``refs`` gives the ids of objects that the import has created, by their numbers;
    ``place_of`` what people call the row of one; ``goes_on`` tells whether another object may be
    begun. What ``others`` of the import, of other types, have written is no conflict where it is as
    planned."""

    def __init__(
        self,
        admin: Admin,
        columns: FileColumns,
        snapshot: Snapshot,
        refs: Callable[[set[int]], Mapping[int, str]],
        place_of: Callable[[int], str],
        goes_on: Callable[[], bool],
        *,
        others: bool = False,
    ):
        self._admin, self._columns, self._snapshot = admin, columns, snapshot
        self._refs, self._place_of, self._goes_on = refs, place_of, goes_on
        self._others = others
        self._comparison = Comparison(columns)
        self._mutations = {one.name: one for one in columns.writing.mutations}
        steps = columns.writing.after
        self._most = {
            mutation.name: step.most
            for step in steps
            for mutation in (step.send, step.clear)
            if mutation and not mutation.target and (mutation.takes_list or not step.makes)
        }
        own = (columns.writing.create, columns.writing.update, columns.writing.delete)
        self._own = {mutation.name: mutation.most for mutation in own if mutation and mutation.most}
        self._most |= self._own
        """The mutations that take items of many objects, and how many items."""
        self._named: dict[str, str] = {}
        self._unknown: dict[str, str] = {}
        """By placeholder the ids of what is found by its name now, and why others are not."""
        writes = (*columns.writing.creations, columns.writing.update, *columns.writing.deletions)
        self._whole = {mutation.name for mutation in writes if mutation}
        """Without access to one of these nothing of the type can be written."""
        self._steps = {
            mutation.name
            for step in steps
            for mutation in (step.begin, step.send, step.clear)
            if mutation
        }

    def write(self, objects: Sequence[ImportObject], *, waited: bool = False) -> bool:
        """Write the objects, in their order as far as they build on each other; whether all were
        begun. Of those that ``waited`` the calls are left that refer to what is there by now."""
        self._find_named(objects, waited)
        return all(self._write(run, waited) for run in self._runs(objects))

    def _runs(self, objects: Sequence[ImportObject]) -> Iterable[list[ImportObject]]:
        """The objects, cut where one is written again that would not be done by then."""
        if not (self._own or self._columns.writing.watched):
            yield [*objects]
            return
        run: list[ImportObject] = []
        known: set[object] = set()
        for planned in objects:
            names = {planned.ref, planned.follows, planned.number, planned.key or None} - {None}
            if known & names:
                yield run
                run, known = [], set()
            run.append(planned)
            known |= names
        yield run

    def _write(self, objects: Sequence[ImportObject], waited: bool) -> bool:
        """Write objects of which each is another."""
        works: list[_Work] = []
        for planned in objects:
            if not self._goes_on():
                break
            if waited:
                comment = planned.comment.removesuffix(NOT_YET).removesuffix(LAST)
                planned.result, planned.comment = None, comment.strip()
            if work := self._begun(planned, waited):
                self._send_own(work)
                if work.calls and not work.until:
                    self._finish(work, "skipped", f"{planned.comment} {LAST}".strip())
                elif not (work.next or work.errors or self._is_watched(work)):
                    self._finish(work, RESULTS[planned.action])
                works.append(work)
        while any(work.next for work in works):
            waiting = [work for work in works if work.next]
            self._find_members(waiting)
            for work in waiting:
                self._send_own(work)
            self._send_shared([work for work in works if work.next])
        self._watch(works)
        self._tell_halves([work for work in works if work.errors])
        for work in works:
            if work.planned.result is None:
                self._finish(work, RESULTS[work.planned.action])
        return all(planned.result is not None for planned in objects)

    # ------------------------------------------------------------------ before it is written

    def _find_named(self, objects: Sequence[ImportObject], waited: bool) -> None:
        """Find what the calls of these objects name that had no id when they were planned."""
        wanted = dict(
            found
            for planned in objects
            for call in planned.input["calls"]
            if waited or not call.get("later")
            for found in names_in(call["variables"])
        )
        if wanted:
            ids, reasons = resolve(self._admin, self._columns.facts, wanted.values())
            self._named |= {text: ids[one] for text, one in wanted.items() if one in ids}
            self._unknown = {text: reasons[one] for text, one in wanted.items() if one in reasons}

    def _begun(self, planned: ImportObject, waited: bool) -> _Work | None:
        """The object as it is to be written; None where its end is known already."""
        work = _Work(planned, planned.input["calls"], planned.before, planned.after)
        now = [call for call in work.calls if waited or not call.get("later")]
        work.until = len(now)
        work.errors += planned.notes.get(REFUSED, [])
        work.ids[MARK] = mark_of(planned.job_id, planned.number)
        cells = work.after["cells"]
        key = self._columns.key_of(cells) if planned.action == CREATE else ""
        work.known = self._snapshot.with_ref(planned.ref) or self._snapshot.with_key(key)
        work.cut_off = planned.tried
        gone = self._others and planned.action == DELETE
        if (planned.tried or gone) and not planned.sent and self._shows(work):
            planned.ref = work.known.ref if work.known else planned.ref
            self._finish(work, RESULTS[planned.action], DONE_ALREADY)
        elif missing := self._missing(work):
            if waited:  # what came first is done
                self._failed(work, missing, ends=True)
                return work
            self._finish(work, "failed", missing)
        elif changed := self._comparison.changed_since(
            planned, work.before, work.after, work.known, others=self._others
        ):
            self._finish(work, "conflict", changed)
        elif FOLLOWED in planned.notes:  # a worker died while it waited
            name, gid = planned.notes[FOLLOWED]
            if follow := self._mutations[name].follow:
                self._follow(work, follow, gid)
        elif not waited:
            self._make_parent(work)
        return work if planned.result is None else None

    def _make_parent(self, work: _Work) -> None:
        """Make what the object is in, unless it is there by now."""
        made = work.planned.input.get(PARENT)
        if not made or made["stands_for"] in self._named:
            return
        mutation, name = self._mutations[made["mutation"]], made["stands_for"]
        try:
            result = self._result(mutation, made["variables"], "")
        except (Refused, BadQuery) as error:
            self._find_named([work.planned], waited=False)
            if name not in self._named:  # nobody else has made it either
                self._finish(work, "failed", str(error))
            return
        self._named[name] = str(result["object"]["id"])
        work.planned.notes = {**work.planned.notes, MADE: self._named[name]}
        db.session.commit()

    def _missing(self, work: _Work) -> str:
        """Fill in the ids of objects that this import has created; a sentence if one has none."""
        planned = work.planned
        wanted = {planned.follows} if planned.follows else set()
        own = {planned.input.get(PARENT, {}).get("stands_for", "")} | self._named.keys()
        for call in work.calls[: work.until]:
            wanted |= numbers_in(call["variables"])
            for name in (placeholders(call["variables"]) & self._unknown.keys()) - own:
                return self._unknown[name]
        work.ids |= self._named
        if not wanted:
            return ""
        refs = self._refs(wanted)
        for number in sorted(wanted):
            if number not in refs:
                return f"{self._place_of(number)}, on which this row builds, was not imported."
            work.ids[placeholder_of(number)] = refs[number]
        if planned.follows and not planned.ref:
            planned.ref = refs[planned.follows]
            work.known = self._snapshot.with_ref(planned.ref)
        return ""

    def _shows(self, work: _Work) -> bool:
        """Whether the whole change that was cut off shows in the store."""
        if work.planned.action == DELETE:
            return work.known is None
        return work.known is not None and not self._comparison.not_shown(work.after, work.known)

    # ------------------------------------------------------------------ the calls

    def _send_own(self, work: _Work) -> None:
        """Send what is of this object alone, up to what is sent with others, or to an id that is
        still to be had."""
        while (call := work.next) and work.planned.result is None:
            mutation = self._mutations[call["mutation"]]
            if mutation.name in self._most:
                return
            variables = self._filled(work, call)
            if variables is None:
                return
            self._send_one(work, call, mutation, variables)

    def _filled(self, work: _Work, call: Mapping[str, Any]) -> Input | None:
        """The variables with every id; None while one is still to be had."""
        own = {THIS_OBJECT: work.planned.ref} if work.planned.ref else {}
        ids = self._named | work.ids | own
        variables = filled_in(call["variables"], ids)
        return None if placeholders(variables) else variables

    def _send_one(
        self, work: _Work, call: Mapping[str, Any], mutation: Mutation, variables: Input
    ) -> None:
        planned, again = work.planned, work.cut_off
        if mutation.empty and self._is_filled(mutation, variables):
            self._answered([work])
            return
        if again and self._was_done(work, call, mutation, variables):
            self._answered([work])
            return
        if not self._brought(work, mutation, variables):
            return
        variables = staged(variables, work.staged)
        key = planned.sending if again and planned.sending else self._key([work], variables)
        if isinstance(mutation.done, Trace):
            self._note_seen(work, mutation, mutation.done)
        self._sending([work], key)
        try:
            result = self._result(mutation, variables, key, self._read_back(mutation))
        except Refused as error:
            done = again or call.get("later")  # another object may have done it by now
            if done and mutation.repeated and error.codes <= set(mutation.repeated):
                self._answered([work])
                return
            other = mutation.instead
            if other and error.codes & set(other.codes):
                again_with = other.variables(mutation, variables)
                self._send_one(work, call, other.mutation, again_with)
                return
            self._refused(work, mutation, variables, error)
        except BadQuery as error:
            self._refused(work, mutation, variables, Refused(str(error)))
        except ShopifyRefused as error:
            if isinstance(error, AccessDenied) and mutation.name not in self._whole:
                self._refused(work, mutation, variables, Refused(str(error)))
                return
            self._unsent([work])
            raise
        else:
            self._keep(work, call, mutation, result)

    def _is_filled(self, mutation: Mutation, variables: Input) -> bool:
        """Whether there is anything in the target of a mutation that only takes what is empty; also
        where there is no such target any more."""
        found = self._admin.query(mutation.empty, {"id": variables[mutation.target]})["node"]
        return not (found and found["count"]) or int(found["count"]["count"]) > 0

    def _brought(self, work: _Work, mutation: Mutation, variables: Input) -> bool:
        """Bring the files that Shopify does not fetch to its storage; it fails where one cannot
        be."""
        try:
            work.staged = bring(self._admin, variables)
        except NotStaged as error:
            self._refused(work, mutation, variables, Refused(str(error)))
            return False
        return True

    def _was_done(
        self, work: _Work, call: Mapping[str, Any], mutation: Mutation, variables: Input
    ) -> bool:
        """Whether the call that was cut off shows in the store, where it must not be sent twice."""
        known, writing = work.known, self._columns.writing
        if mutation.done and known is not None and known.item is not None:
            if isinstance(mutation.done, Trace):
                return self._left_trace(work, call, mutation, mutation.done, variables)
            return mutation.done(known.item, variables)
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
        return bool(new) and all(self._comparison.member(known, member) for member in new)

    def _just_made(self, work: _Work, call: Mapping[str, Any]) -> str:
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
        newest = store_snapshot(self._admin, self._columns, refs, (), headers)
        if key:
            there = newest.with_key(key)
            return (there and there.ref) or ""
        others = ImportObject.known_refs(work.planned.job_id, refs)
        found = (newest.with_ref(ref) for ref in refs if ref not in others)
        own = (one for one in found if one and self._comparison.has_own_cells(work.after, one))
        return next((one.ref for one in own if one.ref), "")

    def _left_trace(
        self,
        work: _Work,
        call: Mapping[str, Any],
        mutation: Mutation,
        trace: Trace,
        variables: Input,
    ) -> bool:
        """Whether the store has one more of what such calls leave than those before this one."""
        seen = set(work.planned.notes.get(SEEN, {}).get(mutation.name, ()))
        item = work.known.item if work.known else None
        left = [one for one in trace.of(item or {}) if one["id"] not in seen]
        alike = sum(trace.same(one, variables) for one in left)
        sent = work.calls[: work.planned.sent]
        return alike > sum(
            (one["mutation"], one["variables"]) == (call["mutation"], call["variables"])
            for one in sent
        )

    def _note_seen(self, work: _Work, mutation: Mutation, trace: Trace) -> None:
        """Keep what the store has already of what a call is about to leave; committed with it."""
        seen = work.planned.notes.get(SEEN, {})
        if mutation.name not in seen:
            item = work.known.item if work.known else None
            ids = [one["id"] for one in trace.of(item or {})]
            work.planned.notes = {**work.planned.notes, SEEN: {**seen, mutation.name: ids}}

    def _removed_by(self, work: _Work, mutation: Mutation) -> list[dict[str, Any]]:
        """The planned members that a mutation removes which does nothing else."""
        sets = {
            one.name
            for one in self._columns.writing.members
            if mutation is one.delete and mutation is not one.update
        }
        members = work.after["members"]
        return [one for one in members if one["set"] in sets and one["action"] == DELETE]

    def _keep(
        self, work: _Work, call: Mapping[str, Any], mutation: Mutation, result: dict[str, Any]
    ) -> None:
        """What an answer tells."""
        saved = result.get("object") or {}
        if isinstance(saved, list):
            [saved] = saved
        if work.ids[MARK] in (saved.get("tags") or ()):
            saved = saved | {"tags": [tag for tag in saved["tags"] if tag != work.ids[MARK]]}
        if mutation.saved:
            self._take(work, mutation, saved)
        if call["adds"] or mutation in self._columns.writing.creations:
            work.adds |= {call["adds"] or members.name for members in self._columns.writing.members}
        follow = mutation.follow
        goes_on = (result.get(follow.field) or {}).get("id") if follow else None
        if goes_on:
            work.planned.notes = {**work.planned.notes, FOLLOWED: [mutation.name, goes_on]}
        self._answered([work])
        job = result.get("job")
        if job and not job["done"]:
            self._wait_for(job["id"])
        if follow and goes_on:
            self._follow(work, follow, goes_on)

    def _follow(self, work: _Work, follow: Follow, gid: str) -> None:
        """Wait for what goes on after an answer, and keep what could not be done."""
        node: dict[str, Any] = {}

        def is_done() -> bool:
            nonlocal node
            node = self._admin.query(follow.query, {"id": gid})["node"] or {}
            return bool(node.get("done", True))

        self._until(is_done)
        if follow.details and node.get(follow.failed):
            node = self._admin.query(follow.details, {"id": gid})["node"] or {}
        notes = work.planned.notes.items()
        work.planned.notes = {name: note for name, note in notes if name != FOLLOWED}
        if words := follow.problems(node):
            self._failed(work, words, ends=False)
        else:
            db.session.commit()

    def _take(self, work: _Work, mutation: Mutation, saved: Item) -> None:
        """Know the object by its id, and what Shopify has made of it."""
        if not work.planned.ref:
            work.planned.ref = self._columns.writing.ref(str(saved["id"]))
        self._compare(work, mutation, saved)

    def _refused(self, work: _Work, mutation: Mutation, variables: Input, error: Refused) -> None:
        """A step may be refused and the others still be done; what else is refused ends it."""
        self._answered([work], commit=False)
        self._failed(work, str(error), ends=mutation.name not in self._steps)

    def _failed(self, work: _Work, words: str, *, ends: bool) -> None:
        """Keep why a call was refused, with how many were answered: a worker that goes on after a
        kill must not take the object for written. ``ends`` it without what is left to be sent."""
        work.errors.append(words)
        work.planned.notes = {**work.planned.notes, REFUSED: work.errors}
        if ends:
            work.planned.sent = len(work.calls)
        db.session.commit()

    def _send_shared(self, works: list[_Work]) -> None:
        """Send the calls that come next and take items of many objects, together."""
        groups: dict[bytes, list[_Work]] = {}
        again: dict[str, list[_Work]] = {}
        for work in works:
            call = work.next
            if call is None or call["mutation"] not in self._most:
                continue
            mutation = self._mutations[call["mutation"]]
            variables = self._filled(work, call)
            if variables is None:
                continue
            seen = work.cut_off and mutation.name in self._own
            if seen and self._was_done(work, call, mutation, variables):
                self._answered([work])
                continue
            if work.cut_off and work.planned.sending:
                again.setdefault(work.planned.sending, []).append(work)
                continue
            if not self._brought(work, mutation, variables):
                continue
            rest = with_items(mutation, variables, [])
            mark = orjson.dumps([mutation.name, rest], option=orjson.OPT_SORT_KEYS)
            groups.setdefault(mark, []).append(work)
        for together in again.values():
            self._send_together(together)
        for group in groups.values():
            for together in self._chunks(group):
                self._send_together(together)

    def _chunks(self, works: list[_Work]) -> Iterable[list[_Work]]:
        chunk: list[_Work] = []
        size = 0
        for work in works:
            call = work.next or {}
            mutation = self._mutations[call["mutation"]]
            items = len(items_of(mutation, call["variables"]))
            if chunk and size + items > self._most[mutation.name]:
                yield chunk
                chunk, size = [], 0
            chunk.append(work)
            size += items
        if chunk:
            yield chunk

    def _send_together(self, works: list[_Work]) -> None:
        """One call for all of them; for each half of them when Shopify refuses that."""
        call = works[0].next or {}
        mutation = self._mutations[call["mutation"]]
        sent = [staged(self._filled(w, w.next or {}) or {}, w.staged) for w in works]
        items: list[Json] = [one for variables in sent for one in items_of(mutation, variables)]
        variables = with_items(mutation, sent[0], items)
        again = works[0].cut_off and works[0].planned.sending
        key = again or self._key(works, variables)
        self._sending(works, key)
        try:
            result = self._result(mutation, variables, key, self._read_back(mutation))
        except (Refused, BadQuery) as error:
            if len(works) == 1:
                refused = error if isinstance(error, Refused) else Refused(str(error))
                repeated = again and mutation.repeated and refused.codes <= set(mutation.repeated)
                if repeated:
                    self._answered(works)
                else:
                    words = str(refused)
                    self._refused(works[0], mutation, variables, Refused(words, refused.codes))
                return
            for work in works:
                work.cut_off = False
            half = len(works) // 2
            self._send_together(works[:half])
            self._send_together(works[half:])
        except ShopifyRefused:
            self._unsent(works)
            raise
        else:
            saved = result.get("object")
            if mutation.name in self._own and isinstance(saved, list):
                for work, one in zip(works, saved, strict=True):
                    self._take(work, mutation, one)
            self._answered(works)

    def _result(
        self, mutation: Mutation, variables: Input, key: str, read_back: str = ""
    ) -> dict[str, Any]:
        """Shopify's answer, or Refused with its words."""
        if mutation.session:
            variables = self._in_session(mutation.session, variables)
        sent = mutation.aimed(variables)
        sent |= {"idempotencyKey": key} if mutation.idempotent else {}
        result: dict[str, Any] = {}

        def is_heard() -> bool:
            nonlocal result
            result = self._admin.query(mutation.asking(read_back), sent)["result"]
            busy, errors = mutation.busy, result["userErrors"]
            return not (busy and any(one["message"].startswith(busy) for one in errors))

        self._until(is_heard, BUSY)
        if errors := result["userErrors"]:
            words = "; ".join(told(self._columns, mutation, error) for error in errors)
            raise Refused(words, frozenset(str(error.get("code")) for error in errors))
        return result

    def _in_session(self, begin: Mutation, variables: Input) -> Input:
        """Begin a session and change what it is about; the variables that commit it. One that is
        never committed has changed nothing."""
        session = str(self._result(begin, {"id": variables["id"]}, "")["object"]["id"])
        edits: Any = variables["edits"]
        for edit in edits:
            self._result(
                self._mutations[edit["mutation"]], {**edit["variables"], "id": session}, ""
            )
        own = ("edits", "known")
        return {n: value for n, value in variables.items() if n not in own} | {"id": session}

    def _key(self, works: Sequence[_Work], variables: Input) -> str:
        """The idempotency key of a call: the same whenever it is sent again, and no other's."""
        calls = [(w.planned.job_id, w.planned.number, w.planned.sent) for w in works]
        text = orjson.dumps([calls, variables], option=orjson.OPT_SORT_KEYS)
        return str(uuid.uuid5(NAMESPACE, text.decode()))

    def _sending(self, works: Iterable[_Work], key: str) -> None:
        for work in works:
            work.planned.tried, work.planned.sending = True, key
        db.session.commit()

    def _answered(self, works: Iterable[_Work], *, commit: bool = True) -> None:
        for work in works:
            work.planned.sent += 1
            work.planned.sending, work.cut_off = None, False
        if commit:
            db.session.commit()

    def _unsent(self, works: Iterable[_Work]) -> None:
        """Shopify has refused to listen: nothing was done."""
        for work in works:
            work.planned.sending = None
            work.planned.tried = work.planned.sent > 0
        db.session.commit()

    def _wait_for(self, job_id: str) -> None:
        """Shopify has begun; the next change of the object has to wait."""
        self._until(lambda: bool(self._admin.query(JOB, {"id": job_id})["job"]["done"]))

    def _until(self, over: Callable[[], bool], patience: float = PATIENCE) -> bool:
        give_up, wait = time.monotonic() + patience, FIRST_LOOK
        while not over():
            if time.monotonic() > give_up:
                return False
            meters.wait(wait)
            wait = min(wait * 1.5, LAST_LOOK)
        return True

    # ------------------------------------------------------------------ what Shopify has made

    def _find_members(self, works: list[_Work]) -> None:
        """Find the new members whose ids come next in a call, of all these objects at once."""
        wanted = {}
        for work in works:
            ids = work.ids | {THIS_OBJECT: work.planned.ref or ""}
            left = placeholders(filled_in((work.next or {})["variables"], ids))
            if left:
                wanted[work.planned.ref or ""] = (work, left)
        if not wanted:
            return
        self._until(lambda: not self._being_made([work for work, _ in wanted.values()]))
        found = store_snapshot(self._admin, self._columns, wanted, ())
        for ref, (work, left) in wanted.items():
            work.known = found.with_ref(ref)
            for placeholder in left:
                if value := self._found_member(work, placeholder):
                    work.ids[placeholder] = value
            if left - work.ids.keys():
                self._failed(work, "What was added was not found again in the store.", ends=True)

    def _found_member(self, work: _Work, placeholder: str) -> str | None:
        """What stands for ``<list>/<n>/<path>``: found in the store by the keys of the n-th member
        that the plan creates there."""
        if work.known is None:
            return None
        if placeholder.startswith(OF_OBJECT):
            return _of_item(work.known.item or {}, placeholder.removeprefix(OF_OBJECT))
        if not placeholder.startswith(NEW_MEMBER):
            return None
        of, number, at = placeholder.removeprefix(NEW_MEMBER).split("/")
        names = {one.name: one.at or one.of for one in self._columns.writing.members}
        new = [
            one
            for one in work.after["members"]
            if names.get(one["set"]) == of and one["action"] == CREATE
        ]
        planned = new[int(number) : int(number) + 1]
        member = self._comparison.member(work.known, planned[0]) if planned else None
        children: list[Item] = (work.known.item or {}).get(of) or []
        child = next((one for one in children if member and one.get("id") == member.ref), None)
        if member is None and work.planned.action == CREATE and len(new) == len(children) == 1:
            child = children[0]
        value = path_getter(at)(child) if child else None
        return str(value) if value else None

    def _read_back(self, mutation: Mutation) -> str:
        """What is asked of a saved object, to tell what Shopify made of it."""
        create, update = self._columns.writing.create, self._columns.writing.update
        other = create.instead.mutation if create and create.instead else None
        own = mutation in (create, update, other)
        return self._columns.read_back if own and mutation.saved else ""

    def _compare(self, work: _Work, mutation: Mutation, saved: Item) -> None:
        """Note what Shopify has stored otherwise than it was asked to."""
        if not self._read_back(mutation):
            return
        for header, cell in work.after["cells"].items():
            if header not in self._columns.compared_back:
                continue
            column = self._columns.columns[header].column
            there = getter(column, self._columns.facts)(saved)
            if self._comparison.differs(header, cell, there):
                work.notes.append(f'{header}: Shopify keeps it as "{there[:80]}".')

    def _watched(self, work: _Work) -> list[Members]:
        return [
            one for one in self._columns.writing.members if one.watched and one.name in work.adds
        ]

    def _is_watched(self, work: _Work) -> bool:
        """Whether Shopify completes the object or members of it later."""
        own = self._columns.writing.watched and work.planned.action != DELETE
        return bool(own or self._watched(work))

    def _states(self, works: Sequence[_Work]) -> dict[str, list[Item]]:
        """The members, by object, that Shopify completes later; or the object itself."""
        found: dict[str, list[Item]] = {}
        if watched := self._columns.writing.watched:
            refs = [work.planned.ref for work in works if work.planned.ref]
            nodes = self._admin.query(watched, {"ids": refs})["nodes"] if refs else []
            return {node["id"]: [node] for node in nodes if node}
        for members in self._columns.writing.members:
            refs = [
                work.planned.ref
                for work in works
                if work.planned.ref and members in self._watched(work) and self._new(work, members)
            ]
            if not refs:
                continue
            for start in range(0, len(refs), WATCHED_AT_ONCE):
                ids = {"ids": refs[start : start + WATCHED_AT_ONCE]}
                for node in filter(None, self._admin.query(members.watched, ids)["nodes"]):
                    found[node["id"]] = (node.get(members.of) or {}).get("nodes") or []
        return found

    def _new(self, work: _Work, members: Members) -> list[str]:
        return [
            member["name"]
            for member in work.after["members"]
            if member["set"] == members.name and member["action"] == CREATE
        ]

    def _being_made(self, works: Sequence[_Work]) -> bool:
        states = (one["state"] for of in self._states(works).values() for one in of)
        return any(state in ("UPLOADED", "PROCESSING") for state in states)

    def _watch(self, works: Sequence[_Work]) -> None:
        """Wait for what Shopify completes later, and note what it could not."""
        watched = [w for w in works if w.planned.result is None and self._is_watched(w)]
        if not watched:
            return
        self._until(lambda: not self._being_made(watched))
        states = self._states(watched)
        for work in watched:
            if self._columns.writing.watched:
                self._note_failed(work, "It", states.get(work.planned.ref or "", [])[:1])
            for members in self._watched(work):
                new = self._new(work, members)
                made = states.get(work.planned.ref or "", [])[-len(new) :] if new else []
                for name, one in zip(new, made, strict=False):
                    self._note_failed(work, name, [one])

    def _note_failed(self, work: _Work, name: str, made: Iterable[Item]) -> None:
        for one in made:
            if one["state"] == "FAILED":
                words = "; ".join(problem["message"] for problem in one["problems"])
                work.notes.append(f"{name} could not be fetched: {words}")

    # ------------------------------------------------------------------ the end

    def _tell_halves(self, works: list[_Work]) -> None:
        """Tell of objects that were refused on the way what was done, and what not."""
        refs = [work.planned.ref for work in works if work.planned.ref]
        begun = [work for work in works if work.planned.ref and len(work.calls) > 1]
        found = store_snapshot(self._admin, self._columns, refs, ()) if begun else None
        for work in works:
            words = " ".join(dict.fromkeys(work.errors))
            known = found.with_ref(work.planned.ref) if found and work in begun else None
            if known is not None:
                missing = [
                    h for h in self._comparison.not_shown(work.after, known) if not self._acts(h)
                ]
                if missing and len(missing) < self._planned_cells(work):
                    more = f" and {len(missing) - MOST_CELLS} more" * (len(missing) > MOST_CELLS)
                    words += f" Not done: {', '.join(missing[:MOST_CELLS])}{more}. The rest is."
            self._finish(work, "failed", words)

    def _acts(self, header: str) -> bool:
        bound = self._columns.columns.get(header)
        return bool(bound and bound.column.acts)

    def _planned_cells(self, work: _Work) -> int:
        members = work.after["members"]
        return len(work.after["cells"]) + sum(max(1, len(one["cells"])) for one in members)

    def _finish(self, work: _Work, result: str, comment: str | None = None) -> None:
        planned = work.planned
        planned.waits = work.waits and (comment is None or comment.endswith(LAST))
        if comment is None:
            waits = NOT_YET if planned.waits else ""
            comment = " ".join(filter(None, (planned.comment, *work.notes, waits)))
            self._snapshot.change(planned.action, Known(planned.ref, None, work.after["cells"]))
        planned.result, planned.comment = result, comment
        own = (REFUSED, SEEN, FOLLOWED)
        planned.notes = {name: note for name, note in planned.notes.items() if name not in own}
        planned.sending = None
        db.session.commit()


def _of_item(item: Item, path: str) -> str | None:
    """What an object has at a path; at ``list?path=value`` the id of that one in its list."""
    of, listed, wanted = path.partition("?")
    found = path_getter(of)(item)
    if listed:
        at, _, value = wanted.partition("=")
        get = path_getter(at)
        found = next((one["id"] for one in found or () if str(get(one)) == value), None)
    return str(found) if found else None
