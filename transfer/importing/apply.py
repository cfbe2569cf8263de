"""Planned objects, written exactly once: each by the mutations that its plan keeps, in their order.

Before a mutation is sent the object says so; after the answer it says how many were answered. One
that was cut off in between is looked up in the store before it is sent again, or sent again under
the same idempotency key. Mutations that take items of many objects are sent once for all of them.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import orjson

from models import commits_keep_rows, db
from models.import_object import CREATE, DELETE, RESULTS, UPDATE, ImportObject
from shopify.admin import AccessDenied, Admin, BadQuery, ShopifyRefused
from transfer.importing.columns import FileColumns
from transfer.importing.comparison import Comparison
from transfer.importing.completion import Completion, problems_of, wait_for_job
from transfer.importing.inputs import items_of, unguarded, with_items
from transfer.importing.later import NOT_YET, names_in
from transfer.importing.lookup import store_snapshot
from transfer.importing.lost_answers import LostAnswers, note_seen
from transfer.importing.new_ids import new_id
from transfer.importing.parents import MADE, PARENT
from transfer.importing.placeholders import (
    THIS_OBJECT,
    filled_in,
    ids_listed,
    numbers_in,
    placeholder_of,
    placeholders,
    without_listed,
)
from transfer.importing.references import resolve
from transfer.importing.sending import STALE, Refused, Sender
from transfer.importing.snapshot import Known, Snapshot
from transfer.importing.staging import NotStaged, bring, staged
from transfer.importing.work import (
    FOLLOWED,
    NAMESPACE,
    REFUSED,
    REFUSED_CALLS,
    REMAKES,
    SEEN,
    Work,
    mark_of,
)
from transfer.rows.getters import getter
from transfer.types import ALL
from transfer.types.base import Block, Item
from transfer.types.writing import MARK, Follow, Input, Json, Mutation, Trace

DONE_ALREADY = "Shopify had made this change already."
LAST = "Other rows depend on it, so it is done at the end of the import."
"""The comment of an object until then."""
GONE = " It was deleted, and is not there any more."
"""Told of an object that was to be created again."""
THERE = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
IDS_AT_ONCE = 250
MOST_CELLS = 10
"""So many cells are told of an object that was written by half."""


@cache
def deletable() -> frozenset[str]:
    """The GraphQL types of what an import can delete, with what goes along. Nothing else may be
    asked for by its id alone: Shopify finds no condition of a collection so, though it is there."""
    found: set[str] = set()
    for kind in filter(lambda one: one.writing, ALL):
        sets = kind.writing.members if kind.writing else ()
        ids = {"ID", *(header for one in sets for key in one.keys[:1] for header in key.headers)}
        for block in (one for sheet in kind.sheets for one in sheet.blocks):
            if isinstance(block, Block):
                columns = (one for one in block.columns if one.header in ids)
                found |= {name for one in columns for name in one.form.typenames}
    return frozenset(found)


def _type_of(gid: str) -> str:
    return gid.removeprefix("gid://shopify/").partition("/")[0]


class Batch:
    """Writes objects of one type. ``snapshot`` has them as the store has them now, and is changed
    with them, but of an object that comes ``in_parts`` not the members that it has without end;
    ``refs`` gives the ids of objects that the import has created, by their numbers;
    ``place_of`` what people call the row of one; ``goes_on`` tells whether another object may be
    begun; ``undoes`` that it is an undo. What ``others`` of the import, of other types, have
    written is no conflict where it is as planned."""

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
        in_parts: bool = False,
        undoes: bool = False,
    ):
        self._admin, self._columns, self._snapshot = admin, columns, snapshot
        self._refs, self._place_of, self._goes_on = refs, place_of, goes_on
        self._others, self._undoes = others, undoes
        sets = columns.sets.items() if in_parts else ()
        self._unread = frozenset(name for name, one in sets if one.members.endless)
        self._comparison = Comparison(columns, self._unread)
        self._sender = Sender(admin, columns)
        self._completion = Completion(admin, columns)
        self._lost = LostAnswers(admin, columns, self._comparison, self._completion, self._unread)
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
        self._gone: set[str] = set()
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
        self._find_gone(objects)
        with commits_keep_rows():
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
        works: list[Work] = []
        for planned in objects:
            if not self._goes_on():
                break
            if waited:
                comment = planned.comment.removesuffix(NOT_YET).removesuffix(LAST)
                planned.result, planned.comment = None, comment.strip()
            if work := self._begun(planned, waited):
                if work.calls and not work.until:
                    self._finish(work, "skipped", f"{planned.comment} {LAST}".strip())
                else:
                    self._go_on(work)
                works.append(work)
        while any(work.next for work in works):
            waiting = [work for work in works if work.next]
            self._find_members(waiting)
            for work in waiting:
                self._go_on(work)
            self._send_shared([work for work in works if work.next])
        self._completion.watch(works)
        self._tell_halves([work for work in works if work.errors])
        for work in works:
            if work.planned.result is None:
                self._finish(work, RESULTS[work.planned.action])
        return all(planned.result is not None for planned in objects)

    def _go_on(self, work: Work) -> None:
        """Send what is of this object alone, and finish it if that is all."""
        self._send_own(work)
        if work.planned.result is None and self._is_through(work):
            self._finish(work, RESULTS[work.planned.action])

    def _is_through(self, work: Work) -> bool:
        """Whether nothing is left to be sent or waited for."""
        return not (work.next or work.errors or self._completion.is_watched(work))

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

    def _begun(self, planned: ImportObject, waited: bool) -> Work | None:
        """The object as it is to be written; None where its end is known already."""
        work = Work(planned, planned.input["calls"], planned.before, planned.after)
        now = [call for call in work.calls if waited or not call.get("later")]
        work.until = len(now)
        work.errors += planned.notes.get(REFUSED, [])
        work.ids[MARK] = mark_of(planned.job_id, planned.number)
        cells = work.after["cells"]
        key = self._columns.key_of(cells) if planned.action == CREATE else ""
        work.known = self._snapshot.with_ref(planned.ref) or self._snapshot.with_key(key)
        work.cut_off = planned.tried
        gone = self._others and planned.action == DELETE
        if (planned.tried or gone) and not planned.sent and self._lost.shows(work):
            planned.ref = work.known.ref if work.known else planned.ref
            self._lost.note_left(work)
            self._finish(work, RESULTS[planned.action], DONE_ALREADY)
        elif missing := self._missing(work):
            if waited:  # what came first is done
                self._failed(work, missing, ends=True)
                return work
            self._finish(work, "failed", missing)
        elif changed := self._changed_since(work):
            self._finish(work, "conflict", changed)
        elif FOLLOWED in planned.notes:  # a worker died while it waited
            name, gid = planned.notes[FOLLOWED]
            if follow := self._mutations[name].follow:
                self._follow(work, follow, gid)
        elif not waited:
            self._make_parent(work)
        return work if planned.result is None else None

    def _changed_since(self, work: Work) -> str:
        """What is no longer as it was planned; nothing of what is being made again."""
        planned = work.planned
        if planned.input.get(REMAKES) and planned.tried:
            return ""
        return self._comparison.changed_since(
            planned, work.before, work.after, work.known, others=self._others
        )

    def _find_gone(self, objects: Sequence[ImportObject]) -> None:
        """Find which ids in lists of the calls are of what this import has taken from the store by
        now: of objects of other types that it deleted, and of what went with them."""
        if not (self._others and objects and ImportObject.has_deleted(objects[0].job_id)):
            return
        calls = (call for planned in objects for call in planned.input["calls"])
        found = {gid for call in calls for gid in ids_listed(call["variables"])}
        listed = sorted(gid for gid in found if _type_of(gid) in deletable())
        for start in range(0, len(listed), IDS_AT_ONCE):
            ids = listed[start : start + IDS_AT_ONCE]
            nodes = self._admin.query(THERE, {"ids": ids})["nodes"]
            self._gone |= {gid for gid, node in zip(ids, nodes, strict=True) if node is None}

    def _make_parent(self, work: Work) -> None:
        """Make what the object is in, unless it is there by now."""
        made = work.planned.input.get(PARENT)
        if not made or made["stands_for"] in self._named:
            return
        mutation, name = self._mutations[made["mutation"]], made["stands_for"]
        try:
            result = self._sender.result(mutation, made["variables"], "")
        except (Refused, BadQuery) as error:
            self._find_named([work.planned], waited=False)
            if name not in self._named:  # nobody else has made it either
                self._finish(work, "failed", str(error))
            return
        self._named[name] = str(result["object"]["id"])
        work.planned.notes = {**work.planned.notes, MADE: self._named[name]}
        db.session.commit()

    def _missing(self, work: Work) -> str:
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

    # ------------------------------------------------------------------ the calls

    def _send_own(self, work: Work) -> None:
        """Send what is of this object alone, up to what is sent with others, or to an id that is
        still to be had."""
        while (call := work.next) and work.planned.result is None:
            mutation = self._mutations[call["mutation"]]
            if mutation.name in self._most:
                return
            variables = self._filled(work, call)
            if variables is None:
                return
            left = without_listed(variables, self._gone)
            if left is None:
                self._answered([work])
                continue
            variables = left
            self._send_one(work, call, mutation, variables)

    def _filled(self, work: Work, call: Mapping[str, Any]) -> Input | None:
        """The variables with every id; None while one is still to be had."""
        own = {THIS_OBJECT: work.planned.ref} if work.planned.ref else {}
        ids = self._named | work.ids | own
        variables = filled_in(call["variables"], ids)
        return None if placeholders(variables) else variables

    def _send_one(
        self, work: Work, call: Mapping[str, Any], mutation: Mutation, variables: Input
    ) -> None:
        planned, again = work.planned, work.cut_off
        if mutation.empty and self._is_filled(mutation, variables):
            self._answered([work])
            return
        if again and self._lost.was_done(work, call, mutation, variables):
            self._answered([work])
            return
        if not self._brought(work, mutation, variables):
            return
        variables = staged(variables, work.staged)
        key = planned.sending if again and planned.sending else self._key([work], variables)
        if isinstance(mutation.done, Trace):
            note_seen(work, mutation, mutation.done)
        self._sending([work], key)
        try:
            result = self._sender.result(mutation, variables, key, self._read_back(mutation))
        except Refused as error:
            done = again or call.get("later")  # another object may have done it by now
            if done and mutation.repeated and error.codes <= set(mutation.repeated):
                self._answered([work])
                return
            other = mutation.instead
            is_meant = bool(other and error.codes & set(other.codes))
            if other and is_meant and other.told and not self._undoes:
                self._refused(work, mutation, Refused(f"{error} {other.advice}"))
                return
            if other and is_meant:
                if other.told:
                    work.planned.action = UPDATE
                    work.notes.append(other.told)
                again_with = other.variables(mutation, variables)
                self._send_one(work, call, other.mutation, again_with)
                return
            if mutation.guard and error.codes == STALE:
                self._stale(work, call, mutation, variables)
                return
            self._refused(work, mutation, error)
        except BadQuery as error:
            self._refused(work, mutation, error)
        except ShopifyRefused as error:
            if isinstance(error, AccessDenied) and mutation.name not in self._whole:
                self._refused(work, mutation, error)
                return
            self._unsent([work])
            raise
        else:
            self._record_answer(work, call, mutation, result)

    def _is_filled(self, mutation: Mutation, variables: Input) -> bool:
        """Whether there is anything in the target of a mutation that only takes what is empty; also
        where there is no such target any more."""
        found = self._admin.query(mutation.empty, {"id": variables[mutation.target]})["node"]
        return not (found and found["count"]) or int(found["count"]["count"]) > 0

    def _brought(self, work: Work, mutation: Mutation, variables: Input) -> bool:
        """Bring the files that Shopify does not fetch to its storage; it fails where one cannot
        be."""
        try:
            work.staged = bring(self._admin, variables)
        except NotStaged as error:
            self._refused(work, mutation, error)
            return False
        return True

    def _record_answer(
        self, work: Work, call: Mapping[str, Any], mutation: Mutation, result: dict[str, Any]
    ) -> None:
        """What an answer tells."""
        saved = result.get("object") or {}
        if isinstance(saved, list):
            [saved] = saved
        if work.ids[MARK] in (saved.get("tags") or ()):
            saved = saved | {"tags": [tag for tag in saved["tags"] if tag != work.ids[MARK]]}
        if mutation.saved:
            self._take(work, mutation, saved)
        if mutation in self._columns.writing.deletions and work.planned.input.get(REMAKES):
            work.planned.ref = None
        if isinstance(mutation.done, Trace) and saved:
            work.leaves(str(saved["id"]))
        if call["adds"] or mutation in self._columns.writing.creations:
            work.adds |= {call["adds"] or members.name for members in self._columns.writing.members}
        follow = mutation.follow
        goes_on = (result.get(follow.field) or {}).get("id") if follow else None
        if goes_on:
            work.planned.notes = {**work.planned.notes, FOLLOWED: [mutation.name, goes_on]}
        job = result.get("job")
        if job and job["done"]:
            job = None
        self._answered([work], commit=False)
        if goes_on or job or not self._is_through(work):
            db.session.commit()  # else with its end, which is next
        if job:
            wait_for_job(self._admin, job["id"])
        if follow and goes_on:
            self._follow(work, follow, goes_on)

    def _follow(self, work: Work, follow: Follow, gid: str) -> None:
        """Wait for what goes on after an answer, and keep what could not be done."""
        words = problems_of(self._admin, follow, gid)
        notes = work.planned.notes.items()
        work.planned.notes = {name: note for name, note in notes if name != FOLLOWED}
        if words:
            self._failed(work, words, ends=False)
        else:
            db.session.commit()

    def _take(self, work: Work, mutation: Mutation, saved: Item) -> None:
        """Know the object by its id, and what Shopify has made of it."""
        if not work.planned.ref or mutation in self._columns.writing.creations:
            work.planned.ref = self._columns.writing.ref(str(saved["id"]))
        self._compare(work, mutation, saved)

    def _refused(self, work: Work, mutation: Mutation, error: Exception) -> None:
        """A step may be refused and the others still be done; what else is refused ends it, but for
        what no row asks for."""
        places = [*work.planned.notes.get(REFUSED_CALLS, ()), work.planned.sent]
        work.planned.notes = {**work.planned.notes, REFUSED_CALLS: places}
        if mutation.dispensable:
            work.notes.append(f"{mutation.dispensable}: {error}")
            self._answered([work])
            return
        self._answered([work], commit=False)
        self._failed(work, str(error), ends=mutation.name not in self._steps)

    def _stale(
        self, work: Work, call: Mapping[str, Any], mutation: Mutation, variables: Input
    ) -> None:
        """Others have written between the last look and a call; or it was this very call, which was
        cut off: then it is sent again whatever is there."""
        ref = str(work.planned.ref)
        work.known = store_snapshot(self._admin, self._columns, [ref], ()).with_ref(ref)
        changed = self._changed_since(work)
        if not changed:
            self._send_one(work, call, mutation, unguarded(mutation, variables))
        elif work.planned.sent:
            self._refused(work, mutation, Refused(changed))
        else:
            self._unsent([work])
            work.until = 0
            self._finish(work, "conflict", changed)

    def _failed(self, work: Work, words: str, *, ends: bool) -> None:
        """Keep why a call was refused, with how many were answered: a worker that goes on after a
        kill must not take the object for written. ``ends`` it without what is left to be sent."""
        work.errors.append(words)
        work.planned.notes = {**work.planned.notes, REFUSED: [*work.errors]}
        if ends:
            work.planned.sent = len(work.calls)
        db.session.commit()

    def _send_shared(self, works: list[Work]) -> None:
        """Send the calls that come next and take items of many objects, together."""
        groups: dict[bytes, list[Work]] = {}
        again: dict[str, list[Work]] = {}
        for work in works:
            call = work.next
            if call is None or call["mutation"] not in self._most:
                continue
            mutation = self._mutations[call["mutation"]]
            variables = self._filled(work, call)
            if variables is None:
                continue
            seen = work.cut_off and mutation.name in self._own
            if seen and self._lost.was_done(work, call, mutation, variables):
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

    def _chunks(self, works: list[Work]) -> Iterable[list[Work]]:
        chunk: list[Work] = []
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

    def _send_together(self, works: list[Work]) -> None:
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
            result = self._sender.result(mutation, variables, key, self._read_back(mutation))
        except (Refused, BadQuery) as error:
            if len(works) == 1:
                refused = error if isinstance(error, Refused) else Refused(str(error))
                repeated = again and mutation.repeated and refused.codes <= set(mutation.repeated)
                if repeated:
                    self._answered(works)
                elif mutation.guard and refused.codes == STALE:
                    self._stale(works[0], call, mutation, variables)
                else:
                    self._refused(works[0], mutation, refused)
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

    def _key(self, works: Sequence[Work], variables: Input) -> str:
        """The idempotency key of a call: the same whenever it is sent again, and no other's."""
        calls = [(w.planned.job_id, w.planned.number, w.planned.sent) for w in works]
        text = orjson.dumps([calls, variables], option=orjson.OPT_SORT_KEYS)
        return str(uuid.uuid5(NAMESPACE, text.decode()))

    def _sending(self, works: Iterable[Work], key: str) -> None:
        for work in works:
            work.planned.tried, work.planned.sending = True, key
        db.session.commit()

    def _answered(self, works: Iterable[Work], *, commit: bool = True) -> None:
        for work in works:
            work.planned.sent += 1
            work.planned.sending, work.cut_off = None, False
        if commit:
            db.session.commit()

    def _unsent(self, works: Iterable[Work]) -> None:
        """Shopify has refused to listen: nothing was done."""
        for work in works:
            work.planned.sending = None
            work.planned.tried = work.planned.sent > 0
        db.session.commit()

    # ------------------------------------------------------------------ what Shopify has made

    def _find_members(self, works: list[Work]) -> None:
        """Find the new members whose ids come next in a call, of all these objects at once."""
        wanted = {}
        for work in works:
            ids = work.ids | {THIS_OBJECT: work.planned.ref or ""}
            left = placeholders(filled_in((work.next or {})["variables"], ids))
            if left:
                wanted[work.planned.ref or ""] = (work, left)
        if not wanted:
            return
        self._completion.wait([work for work, _ in wanted.values()])
        found = store_snapshot(self._admin, self._columns, wanted, ())
        for ref, (work, left) in wanted.items():
            work.known = found.with_ref(ref)
            for placeholder in left:
                if value := new_id(self._columns, self._comparison, work, placeholder):
                    work.ids[placeholder] = value
            if left - work.ids.keys():
                self._failed(work, "What was added was not found again in the store.", ends=True)

    def _read_back(self, mutation: Mutation) -> str:
        """What is asked of a saved object, to tell what Shopify made of it."""
        create, update = self._columns.writing.create, self._columns.writing.update
        other = create.instead.mutation if create and create.instead else None
        own = mutation in (create, update, other)
        return self._columns.read_back if own and mutation.saved else ""

    def _compare(self, work: Work, mutation: Mutation, saved: Item) -> None:
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

    # ------------------------------------------------------------------ the end

    def _tell_halves(self, works: list[Work]) -> None:
        """Tell of objects that were refused on the way what was done, and what not; of those that
        come in parts only why, as their members are not read."""
        if self._unread:
            works, whole = [], works
            for work in whole:
                self._finish(work, "failed", " ".join(dict.fromkeys(work.errors)))
        refs = [work.planned.ref for work in works if work.planned.ref]
        begun = [work for work in works if work.planned.ref and len(work.calls) > 1]
        found = store_snapshot(self._admin, self._columns, refs, ()) if begun else None
        for work in works:
            words = " ".join(dict.fromkeys(work.errors))
            if work.planned.input.get(REMAKES) and not work.planned.ref:
                words += GONE
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

    def _planned_cells(self, work: Work) -> int:
        members = work.after["members"]
        return len(work.after["cells"]) + sum(max(1, len(one["cells"])) for one in members)

    def _finish(self, work: Work, result: str, comment: str | None = None) -> None:
        planned = work.planned
        planned.waits = work.waits and (comment is None or comment.endswith(LAST))
        if comment is None:
            waits = NOT_YET if planned.waits else ""
            comment = " ".join(filter(None, (planned.comment, *work.notes, waits)))
            self._snapshot.change(planned.action, Known(planned.ref, None, work.after["cells"]))
        planned.result, planned.comment = result, comment
        own = (REFUSED, REFUSED_CALLS, SEEN, FOLLOWED)
        planned.notes = {name: note for name, note in planned.notes.items() if name not in own}
        planned.sending = None
        db.session.commit()
