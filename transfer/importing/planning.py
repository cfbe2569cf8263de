"""The steps that plan an import: what the rows of each object ask for, beside the store.

They are safe to repeat: how far they are stands in the job's row. Objects are planned in the order
of their first rows, each beside what those before it leave.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import chain, groupby, permutations
from typing import TypeAlias

from models import commits_keep_rows, db
from models.import_object import CREATE, DELETE, UPDATE, WRITES, ImportObject, sealed, short_key
from models.import_row import MOST_OF_ONE, ImportRow, StoredRow
from models.import_sheet import ImportSheet
from models.job import PLANNING, Job
from shopify.admin import Admin, BadQuery
from shops.access import admin_for
from transfer.importing import parents, store
from transfer.importing.access import granted_scopes, lacking
from transfer.importing.cells import Options
from transfer.importing.changes import changed_columns, stored_after, stored_before
from transfer.importing.columns import FileColumns
from transfer.importing.grouping import WHOLE
from transfer.importing.inputs import Call, calls, references
from transfer.importing.later import by_name, names_in, parts, without
from transfer.importing.lookup import store_snapshot
from transfer.importing.members import Row
from transfer.importing.placeholders import placeholder_of, placeholders
from transfer.importing.plan import Change, id_of, plan
from transfer.importing.references import (
    MEMBER_OF,
    files_at,
    missing,
    owners_of,
    redirects_between,
    resolve,
)
from transfer.importing.snapshot import Known, Snapshot
from transfer.importing.store_index import Same, StoreIndex
from transfer.importing.undo import Undo
from transfer.importing.work import REMAKES
from transfer.types import BY_NAME
from transfer.types.forms import BadCell, counted, same_address
from transfer.types.writing import DELETE_REDIRECT, Input, Reference, references_in

ROWS_AT_ONCE, LOOKED_UP_AT_ONCE = 2000, 100
"""How many rows are planned in one step: where all of the store is here, and where their objects
are looked up."""
MOST_TOLD = 20
PREVIEWED = 50
"""The lines of a sheet whose new objects Shopify is asked about, a call for each."""
OWNERS_AT_ONCE = 500
OTHERS_LEFT_OUT = "Other cells also name things that the store does not have."
TOO_MANY_ROWS = f"It has more than {MOST_OF_ONE:,} rows. Send them in several files."
TOO_MANY_TO_REPLACE = (
    f"It has more than {MOST_OF_ONE:,} rows, and a command for all of its members. Write neither "
    "REPLACE nor DELETE for the object: add the new members, and delete those that are to go one "
    "by one, by their own command."
)
LATE_COMMAND = (
    "A command for all members of the object comes too late. Write it in the object's first row."
)
TOO_MANY_CELLS = "The row has more cells than the header. Is a quote missing?"
Objects: TypeAlias = dict[int, list[StoredRow]]
"""The rows of objects by the objects' numbers."""
Planned: TypeAlias = tuple[Change, Mapping[Reference, str]]
"""A change, and the ids of what it refers to."""


@commits_keep_rows()
def make_plan(job_id: str) -> bool:
    """Plan the next objects; whether there are more."""
    return plan_next(Job.fresh(job_id))


def plan_next(job: Job) -> bool:
    """As ``make_plan``, of an import that has just been read."""
    sheet = job.sheet_after(job.import_state.planned)
    if job.status == PLANNING and sheet:
        admin = admin_for(job.shop_id)
        columns = store.columns_of(job, sheet, admin)
        index = store.index_of(job, sheet, columns, admin)
        _Planner(job, sheet, columns, index, admin).plan_next()
        if job.sheet_after(job.import_state.planned):
            return True
    if ImportObject.any_waits(job.id, 0) and Job.status_of(job.id) == PLANNING:
        _check_waiting(job, admin_for(job.shop_id))
    store.close(job.id)
    return False


class _Planner:
    """Plans objects of one sheet."""

    def __init__(
        self,
        job: Job,
        sheet: ImportSheet,
        columns: FileColumns,
        index: StoreIndex | None,
        admin: Admin,
    ):
        self._job, self._sheet, self._columns = job, sheet, columns
        self._index, self._admin = index, admin
        self._options = replace(Options.of(job.options), unseen=self._unseen())
        self._undo = Undo(job, columns) if job.undoes else None
        self._parents = {name: dict(cells) for name, cells in job.import_state.parents.items()}
        self._too_many: set[int] = set()  # the objects that have too many rows

    def _unseen(self) -> bool:
        """Whether the store shows the app only some of the type's objects."""
        scope = self._columns.writing.seen_with
        granted = granted_scopes(self._job) if scope else set()
        return bool(granted) and scope not in granted

    def plan_next(self) -> None:
        """Plan the next objects and keep their plans."""
        job, state, sheet = self._job, self._job.import_state, self._sheet
        count = ROWS_AT_ONCE if self._index else LOOKED_UP_AT_ONCE
        rows, more = ImportRow.of_objects(job.id, state.planned, count, sheet.last)
        objects = {n: list(of) for n, of in groupby(rows, key=lambda row: row.object)}
        objects = self._before_parts(objects)
        more = more or sum(map(len, objects.values())) < len(rows)
        last = max(objects) if more else sheet.last
        self._too_many = {number for number, of in objects.items() if len(of) > MOST_OF_ONE}
        for number in self._too_many:
            del objects[number][1:]
        erased = ImportObject.numbers(job.id, state.planned, last)  # at a customer's request
        for number in erased:
            objects.pop(number, None)
        changes = self._with_parents(self._changes(objects), objects)
        changes = self._without_redirects(changes)
        values = [self._object(objects[number], *planned) for number, planned in changes.items()]
        if values:
            db.session.execute(db.insert(ImportObject), values)
        results: Counter[str] = Counter()
        for number, value in zip(changes, values, strict=True):
            if value["result"]:
                results[str(value["result"])] += len(objects[number])
        others = erased or self._too_many
        job.add_counts(ImportRow.counts(job.id, state.planned, last) if others else results)
        blanks, read_only = Counter(state.blanks), Counter(state.read_only)
        left_out = Counter(state.left_out)
        for change, _ in changes.values():
            blanks.update(change.blanks)
            read_only.update(change.read_only)
            left_out.update(
                one if one in left_out or len(left_out) < MOST_TOLD else OTHERS_LEFT_OUT
                for one in change.left_out
            )
        new = (c.after for c, _ in changes.values() if c.action == CREATE and not self._undo)
        warnings = chain.from_iterable(map(self._columns.writing.warnings_of_new, new))
        if not_yet := [one for one in dict.fromkeys(warnings) if one not in job.warnings]:
            job.warnings = [*job.warnings, *not_yet]
        if not more:
            job.warnings = [
                *job.warnings,
                *self._pace_warnings(),
                *_read_only_warnings(read_only),
                *_left_out_warnings(left_out),
            ]
            read_only.clear()
            left_out.clear()
        job.import_state = replace(
            state,
            planned=last,
            blanks=dict(blanks),
            read_only=dict(read_only),
            left_out=dict(left_out),
            parents=self._parents,
        )
        db.session.commit()

    def _pace_warnings(self) -> list[str]:
        """How long new objects take of which Shopify takes only so many a minute here."""
        most = self._columns.writing.a_minute if self._columns.facts.development else 0
        count = ImportObject.count_new(self._job.id, self._sheet) if most else 0
        if count <= most:
            return []
        return [
            f"Shopify takes only {most} of these a minute, as the store is one for development or "
            f"trial: {count:,} take about {count // most:,} min."
        ]

    def _before_parts(self, objects: Objects) -> Objects:
        """The objects up to the first that comes in parts, or that one alone: it has as many
        members as are planned at once."""
        in_parts = self._job.import_state.is_in_parts
        first = next((number for number in objects if in_parts(number)), None)
        if first is None:
            return objects
        before = {number: rows for number, rows in objects.items() if number < first}
        return before or {first: objects[first]}

    def _with_parents(self, changes: dict[int, Planned], objects: Objects) -> dict[int, Planned]:
        """The changes with what the first rows say of what their objects are in."""
        if self._columns.writing.parent is None:
            return changes
        found = {}
        for number in sorted(changes):
            change, ids = changes[number]
            row = self._columns.cells(objects[number][0].cells)
            found[number] = (parents.settled(self._columns, change, row, self._parents), ids)
        return found

    @cached_property
    def _has_access(self) -> bool:
        """Whether the store has granted all that the import takes."""
        return not lacking(self._job)

    @property
    def _takes_back(self) -> bool:
        return bool(self._undo and self._has_access)

    def _without_redirects(self, changes: dict[int, Planned]) -> dict[int, Planned]:
        """The changes of an undo with the redirects that go, which changes of addresses left."""
        address = self._columns.writing.address
        moves: dict[int, tuple[str, str]] = {}
        for number, (change, _) in changes.items() if address and self._takes_back else ():
            if address and change.action == UPDATE and change.known:
                cells = change.known.cells
                now, then = address(cells), address({**cells, **change.after})
                moves |= {number: (then, now)} if now != then else {}
        if not moves:
            return changes
        found = redirects_between(self._admin, moves.values())
        gone = {number: found[move] for number, move in moves.items() if move in found}
        return changes | {
            n: (_with_redirect(changes[n][0], moves[n], gid), changes[n][1])
            for n, gid in gone.items()
        }

    def _changes(self, objects: Objects) -> dict[int, Planned]:
        """What is to be done with each of the objects, and the ids of what that refers to."""
        parts = {number: self._job.import_state.parts.get(str(number)) for number in objects}
        for number, whole in parts.items():  # it is alone
            if whole:
                return {number: (self._plan_part(objects[number], whole), {})}
        same = self._unchanged(objects)
        rest = {number: rows for number, rows in objects.items() if number not in same}
        planned = self._compared(rest) if rest else {}
        left = {change.known.ref for change, _ in same.values() if change.known}
        if any(c.action in WRITES and c.known and c.known.ref in left for c, _ in planned.values()):
            return self._compared(objects)  # two names of one object
        return {number: same.get(number) or planned[number] for number in objects}

    def _unchanged(self, objects: Objects) -> dict[int, Planned]:
        """Those whose rows are just what an export would write, and which nothing before them
        changes."""
        if self._index is None or self._undo or self._columns.facts.hidden:
            return {}
        named: dict[str, int] = {}
        for number, rows in objects.items():
            together = rows[-1].number - rows[0].number < len(rows)
            if number in self._too_many:
                continue
            if together and not self._too_wide(rows) and (name := self._name(rows[0].cells)):
                named[name] = number
        found = self._index.unchanged(
            {name: [row.cells for row in objects[n]] for name, n in named.items()}
        )
        changed = self._changed_before(found.values()) if found else set()
        return {
            named[name]: (Change("unchanged", Known(ref, None, {}), key=key), {})
            for name, (ref, key) in found.items()
            if not changed & {ref, short_key(key)}
        }

    def _name(self, cells: Sequence[str]) -> str:
        """The id, else the natural key, that a row names its object by; empty without one."""
        own = {h: cells[at] for h, at in self._key_places.items() if at < len(cells)}
        with suppress(BadCell):
            return id_of(self._columns, own) or self._columns.key_of(own)
        return ""

    @cached_property
    def _key_places(self) -> dict[str, int]:
        keys = self._columns.keys
        headers = ("ID", *(header for key in keys for header in key.headers))
        places = self._columns.places
        return {header: places[header] for header in headers if header in places}

    def _changed_before(self, found: Iterable[Same]) -> set[str]:
        """Ids and keys of objects of this import that earlier rows change."""
        if not ImportObject.next_writes(self._job.id, 0, 1):
            return set()
        refs, keys = map(set, zip(*found, strict=True))
        short = {short_key(key) for key in keys if key}
        planned = self._planned_so_far(short, refs)
        return {name for one in planned for name in (one.ref, one.key) if name}

    def _planned_so_far(self, keys: set[str], refs: set[str]) -> list[ImportObject]:
        """The writes of this import for objects of the sheet's type with these keys or ids."""
        sheets = [sheet for sheet in self._job.sheets if sheet.type == self._sheet.type]
        if self._job.import_state.planned <= sheets[0].offset:
            return []
        return ImportObject.planned(self._job.id, sheets, keys=keys, refs=refs)

    def _compared(self, objects: Objects) -> dict[int, Planned]:
        """The objects compared with the store cell by cell."""
        rows = {
            number: [(row.number, self._columns.cells(row.cells)) for row in of_object]
            for number, of_object in objects.items()
        }
        refused = {number: why for number, of in objects.items() if (why := self._refusal(of))}
        for number, of_object in rows.items():
            if why := self._late_command(number, of_object):
                refused.setdefault(number, why)
        if self._undo:
            self._undo.load([row for of_object in objects.values() for row in of_object])
        snapshot = self._snapshot(list(rows.values()))
        changes = self._plans(rows, snapshot.copy(), refused, {})
        if of_others := self._of_others(changes):
            refused = of_others | refused
            changes = self._plans(rows, snapshot.copy(), refused, {})
        wanted = {one for c in changes.values() for one in references(self._columns, c)}
        ids: dict[Reference, str] = {}
        if wanted:
            files = {one for one in wanted if one.address}
            ids, reasons = resolve(self._admin, self._columns.facts, wanted - files)
            new = {short_key(c.key): n for n, c in changes.items() if c.action == CREATE and c.key}
            made = _creators(self._job, self._admin, {*reasons, *files}, new)
            ids |= {one: placeholder_of(number) for one, number in made.items()}
            ids |= files_at(self._admin, files - made.keys()) if files else {}
            reasons = {one: words for one, words in reasons.items() if one not in made}
            last = max(row for of_object in rows.values() for row, _ in of_object)
            later = {one for one in reasons if self._may_come_later(one, last)}
            members = self._made_members(wanted - later)
            others = {one for one in reasons if self._is_made_along(one) or self._is_part(one)}
            ids |= {one: by_name(one) for one in {*later, *members, *others}}
            reasons = {one: words for one, words in reasons.items() if one not in ids}
            if reasons or later or any(number >= min(rows) for number in made.values()):
                changes = self._plans(rows, snapshot, refused, reasons, made, later)
        return {number: (change, ids) for number, change in changes.items()}

    def _of_others(self, changes: Mapping[int, Change]) -> dict[int, str]:
        """Why objects are refused whose rows name members of others by their ids."""
        named = {one for change in changes.values() for one in change.elsewhere}
        there, _ = resolve(self._admin, self._columns.facts, named) if named else ({}, {})
        found = {
            number: next((words for one, words in change.elsewhere.items() if one in there), "")
            for number, change in changes.items()
        }
        return {number: words for number, words in found.items() if words}

    def _plan_part(self, rows: list[StoredRow], whole: int) -> Change:
        """What a further part of an object adds to it, or takes from it."""
        first = ImportObject.of_numbers(self._job.id, {whole}).get(whole)
        if first is None or first.action == "failed":
            why = f"{self._job.place_of(whole)}, on which this row builds, is not imported."
            return Change("failed", comment=why)
        if first.action == "skipped":
            return Change("skipped", comment=first.comment)
        if self._too_wide(rows):
            return Change("failed", comment=TOO_MANY_CELLS)
        columns = self._columns
        [(name, of_set)] = [(n, s) for n, s in columns.sets.items() if s.members.endless]
        named = [(row.number, columns.cells(row.cells)) for row in rows]
        headers = {"ID", *(h for key in columns.writing.keys for h in key.headers)}
        shown = {*of_set.headers, *headers}
        own = {h: cell for h, cell in named[0][1].items() if h in headers}
        known = Known(None, first.follows or whole, own)
        if first.ref:
            found = self._stored({first.ref}, set(), self._member_keys(named)).with_ref(first.ref)
            members = {name: found.members[name]} if found else {}
            known = Known(first.ref, None, own, members)
        only = [(n, {h: c for h, c in cells.items() if h in shown}) for n, cells in named]
        narrow = replace(
            columns,
            places={h: place for h, place in columns.places.items() if h in of_set.headers},
            sets={name: of_set},
        )
        change = plan(
            narrow, only, Snapshot(narrow), self._options, offset=self._sheet.offset, known=known
        )
        return replace(change, key="")  # by its key the whole object is found

    def _member_keys(self, rows: Iterable[Row]) -> set[str]:
        """What rows name members of a set that is endless by."""
        endless = (one for one in self._columns.sets.values() if one.members.endless)
        headers = [one.members.keys[0].headers for one in endless]
        return {
            self._columns.normal_key(named, cells).casefold()
            for _, cells in rows
            for named in headers
        }

    def _late_command(self, number: int, rows: list[Row]) -> str:
        """Why rows are refused that are about all members of an object which comes in parts."""
        if self._undo or not self._job.import_state.is_in_parts(number):
            return ""
        later = next(
            (place for place, cells in rows if self._are_about_all_members([(place, cells)])), None
        )
        return f"{self._job.place_of(later)}: {LATE_COMMAND}" if later else ""

    def _too_wide(self, rows: list[StoredRow]) -> bool:
        return any(len(row.cells) > self._columns.width for row in rows)

    def _refusal(self, rows: list[StoredRow]) -> str:
        """Why an object is not planned whatever its cells ask for; empty if it is."""
        if rows[0].object in self._too_many:
            endless = any(of_set.members.endless for of_set in self._columns.sets.values())
            return TOO_MANY_TO_REPLACE if endless else TOO_MANY_ROWS
        if self._too_wide(rows):
            return TOO_MANY_CELLS
        if self._undo or not (self._columns.personal or self._columns.facts.hidden):
            return ""
        return next((why for row in rows if (why := self._columns.refusal(row.cells))), "")

    def _plans(
        self,
        objects: dict[int, list[Row]],
        snapshot: Snapshot,
        refused: Mapping[int, str],
        unknown: Mapping[Reference, str],
        made: Mapping[Reference, int] | None = None,
        coming: Collection[Reference] = (),
    ) -> dict[int, Change]:
        """Plan one after the other, and take over each into the snapshot. What is ``refused``
        fails, and what refers to something ``unknown``, with the sentence that is told of it. What
        refers to an object that a later row creates, by the numbers of those that are ``made``, or
        of rows that are not planned yet, is set when that is there."""
        changes = {}
        for number, rows in objects.items():
            change = self._planned(number, rows, snapshot)
            later = {one for one, created in (made or {}).items() if created >= number}
            later |= set(coming)
            if later:
                change = without(self._columns, change, later)
                change = replace(change, later=frozenset(later))
            if unknown:
                change = self._without_unknown(change, unknown)
            if number in refused:
                change = Change("failed", comment=refused[number])
            elif unknown and (why := self._lacks(change, unknown)):
                change = Change("failed", change.known, key=change.key, comment=why)
            changes[number] = change
            if change.action in WRITES:
                creator = change.known.creator if change.known else number
                ref = change.known.ref if change.known else None
                snapshot.change(change.action, Known(ref, creator, change.after, change.leaves))
        return changes

    def _may_come_later(self, reference: Reference, last: int) -> bool:
        """Whether rows behind the last that is being planned may create it: objects of its type."""
        return any(
            sheet.last > last and writing and writing.typename == reference.to
            for sheet in self._job.sheets
            if (writing := BY_NAME[sheet.type].writing)
        )

    def _is_made_along(self, reference: Reference) -> bool:
        """Whether it is made with the objects that are in it: these, or those of earlier rows."""
        named = parents.name_of(reference)
        return parents.is_parent(self._columns, reference) or named in self._parents

    def _is_part(self, reference: Reference) -> bool:
        """Whether its name is a part of what names something that earlier rows may create: an
        article's handle without its blog's, a variant's SKU without its product. It is looked for
        when that is there."""
        first = self._sheet.offset
        earlier = [
            writing
            for sheet in self._job.sheets
            if sheet.offset < first and (writing := BY_NAME[sheet.type].writing)
        ]
        if whole := MEMBER_OF.get(reference.to):
            return any(writing.typename == whole for writing in earlier)
        keys = [
            writing.keys[0].headers
            for writing in earlier
            if writing.typename == reference.to and not (reference.address or reference.optional)
        ]
        parts = reference.name.count(".") + 1
        return any(len(headers) > parts for headers in keys)

    def _made_members(self, wanted: Collection[Reference]) -> set[Reference]:
        """Those that are members of objects that this import creates, or of objects that it updates
        and whose names it gives: to new ones, or to others than have them now."""
        owners = {one: dict(owners_of(one)) for one in wanted}
        every = {owner for of_one in owners.values() for owner in of_one}
        made = _creators(self._job, self._admin, every, actions=(CREATE, UPDATE))
        numbers = sorted(set(made.values()))
        named: dict[int, set[str]] = {}
        new: set[int] = set()
        for start in range(0, len(numbers), OWNERS_AT_ONCE):
            part = set(numbers[start : start + OWNERS_AT_ONCE])
            for number, one in ImportObject.of_numbers(self._job.id, part).items():
                members = one.after["members"]
                named[number] = {cell for member in members for cell in member["cells"].values()}
                new |= {number} if one.action == CREATE else set()
        return {
            one
            for one, of_one in owners.items()
            for owner, sku in of_one.items()
            if owner in made and (sku in named[made[owner]] or (not sku and made[owner] in new))
        }

    def _without_unknown(self, change: Change, unknown: Mapping[Reference, str]) -> Change:
        """A change without new members that refer to what is not there, where a set may go without
        them."""
        own = {**(change.known.cells if change.known else {}), **change.after}
        sets, warnings = dict(change.sets), list(change.warnings)
        lenient = [one.name for one in self._columns.writing.members if one.lenient]
        for name in sets.keys() & set(lenient):
            kept = []
            for member in sets[name]:
                row = {**own, **member.after}
                values = (self._columns.value(h, c, row) for h, c in member.after.items())
                wanted = [one for value in values for one in references_in(value)]
                missing = [unknown[one] for one in wanted if one in unknown]
                if missing and member.action == CREATE:
                    warnings.append(f"Row {self._sheet.line(member.row)}: {missing[0]}")
                else:
                    kept.append(member)
            sets[name] = tuple(kept)
        if len(warnings) == len(change.warnings):
            return change
        sets = {name: of for name, of in sets.items() if any(one.action for one in of)}
        comment = " ".join([change.comment, *warnings[len(change.warnings) :]])
        change = replace(change, sets=sets, warnings=tuple(warnings), comment=comment)
        if change.action == UPDATE and not (change.after or sets):
            return replace(change, action="unchanged")
        return change

    def _planned(self, number: int, rows: list[Row], snapshot: Snapshot) -> Change:
        if self._undo:
            return self._undo.plan(number, snapshot)
        return plan(self._columns, rows, snapshot, self._options, offset=self._sheet.offset)

    def _lacks(self, change: Change, unknown: Mapping[Reference, str]) -> str:
        """Why a change cannot be made: the first thing that it refers to and is not there."""
        for where, one in self._places(change):
            if one in unknown and not one.optional:
                return f"{where}: {unknown[one]}"
        missing = (
            unknown.get(one) for one in references(self._columns, change) if not one.optional
        )
        return next(filter(None, missing), "")

    def _places(self, change: Change) -> Iterator[tuple[str, Reference]]:
        """What the cells of a change refer to, each with words for where."""
        own = {**(change.known.cells if change.known else {}), **change.after}
        rows = [("", change.after, own)]
        for members in change.sets.values():
            for member in members:
                row = {**own, **member.cells, **member.after}
                rows.append((f"Row {self._sheet.line(member.row)}: ", member.after, row))
        for where, cells, row in rows:
            for header, cell in self._columns.counting(cells).items():
                for one in references_in(self._columns.value(header, cell, row)):
                    yield f"{where}{header}", one

    def _snapshot(self, objects: list[list[Row]]) -> Snapshot:
        """The objects that these rows may be about, as the rows before them leave them."""
        refs, keys = set(), set()
        for rows in objects:
            for _, cells in rows:
                keys |= set(self._columns.wanted_keys(cells))
                with suppress(BadCell):
                    refs.add(id_of(self._columns, cells) or "")
        refs, keys = refs - {""}, keys - {""}
        snapshot = self._stored(refs, keys, self._members_named(objects))
        refs |= set(snapshot.refs)
        short_keys = {short_key(key) for key in keys}
        planned = self._planned_so_far(short_keys, refs)
        if missing := {one.ref for one in planned if one.ref and one.ref not in refs}:
            snapshot.merge(self._stored(missing, set()))
        snapshot.overlay(planned)
        return snapshot

    def _members_named(self, objects: list[list[Row]]) -> set[str] | None:
        """By what these rows name members of a set that is endless; None where they are about all
        of them, or where all are here anyway."""
        unnamed = self._columns.endless_unnamed if not self._undo else ()
        if not self._job.import_state.parts and not unnamed:
            return None
        rows = [row for of_object in objects for row in of_object]
        if self._undo:
            return self._member_keys(self._undo.members())
        return None if self._are_about_all_members(rows) else self._member_keys(rows)

    def _are_about_all_members(self, rows: Iterable[Row]) -> bool:
        """Whether rows are about all members of an object, not only those that they name."""
        sets = self._columns.sets.values()
        commands = {one.members.command: ("REPLACE",) for one in sets} | {"Command": WHOLE}
        return any(
            cells.get(header, "").strip().upper() in words
            for _, cells in rows
            for header, words in commands.items()
        )

    def _stored(
        self, refs: set[str], keys: set[str], members: Collection[str] | None = None
    ) -> Snapshot:
        """What the store has of these ids and natural keys; of very many ``members`` those that
        have these keys."""
        if self._index is None:
            without = self._columns.endless_unnamed if members is not None else ()
            return store_snapshot(self._admin, self._columns, refs, keys, without=without)
        snapshot = Snapshot(self._columns)
        single = self._columns.data_type.passes[0].single
        found = self._index.everything() if single else self._index.items({*refs, *keys}, members)
        for item in found:
            snapshot.add_item(item)
        return snapshot

    def _object(
        self, rows: list[StoredRow], change: Change, ids: Mapping[Reference, str]
    ) -> dict[str, object]:
        """The row of a planned object. What is not to be written has its result at once."""
        job_id, number, known = self._job.id, rows[0].object, change.known
        sent, before, noted = [], Input(), change
        if change.action in WRITES:
            try:
                sent = [*self._calls(change, ids), *self._of_undo(number)]
                before = self._of_parent(rows[0], change, ids)
                change = noted = self._previewed(number, change, sent)
            except BadCell as error:
                change = Change("failed", known, key=change.key, comment=str(error))
            else:
                if not sent and change.action == UPDATE:
                    comment = " ".join(change.warnings)
                    change = replace(
                        change, action="unchanged", before={}, after={}, sets={}, comment=comment
                    )
        input = {"calls": [call.as_json() for call in sent], **before} if sent else {}
        if change.remakes:
            input[REMAKES] = True
        return {
            "job_id": job_id,
            "number": number,
            "key": short_key(change.key),
            "ref": known and known.ref,
            "follows": known and known.creator,
            "action": change.action,
            "before_box": sealed(job_id, number, stored_before(change)),
            "after_box": sealed(job_id, number, stored_after(change)),
            "input_box": sealed(job_id, number, input),
            "result": None if change.action in WRITES else change.action,
            "waits": any(call.later for call in sent),
            "columns": changed_columns(change) if change.action == UPDATE else "",
            "comment": change.comment,
            "notes": _notes(noted),
        }

    def _previewed(self, number: int, change: Change, sent: Sequence[Call]) -> Change:
        """The change of a dry run with what a new object would come to; not of one that refers to
        others which the import is still to make."""
        preview, create = self._columns.writing.preview, self._columns.writing.create
        is_new = self._job.dry_run and change.action == CREATE
        is_early = self._sheet.line(number) <= PREVIEWED
        if not (preview and create and is_new and is_early and self._has_access):
            return change
        own = next(call.variables for call in sent if call.mutation == create.name)
        given = own[create.input]
        asked = {n: v for n, v in given.items() if n != "tags"} if isinstance(given, dict) else {}
        if placeholders(asked):
            return change
        try:
            answer = self._admin.query(preview.document, preview.variables(None, asked))["result"]
        except BadQuery as error:  # as when it is written: that object fails, not the file
            sentences = [str(error)]
        else:
            sentences = [error["message"] for error in answer["userErrors"]]
            if not sentences:
                total = answer["preview"]["total"]["shopMoney"]
                amount, currency = total["amount"], total["currencyCode"]
                sentences = [f"Shopify would make the total {amount} {currency}."]
        comment = " ".join(filter(None, (change.comment, *sentences)))
        return replace(change, warnings=(*change.warnings, *sentences), comment=comment)

    def _of_parent(self, row: StoredRow, change: Change, ids: Mapping[Reference, str]) -> Input:
        """What makes the object's parent before, where the store has none of its name."""
        if self._columns.writing.parent is None or change.action == DELETE:
            return {}
        cells = self._columns.cells(row.cells)
        made = parents.creation(self._columns, change, cells, ids, self._parents)
        return {parents.PARENT: made} if made else {}

    def _of_undo(self, number: int) -> list[Call]:
        """What an undo deletes at its end, if nothing is in it: a parent that the import made."""
        parent, made = self._columns.writing.parent, self._undo and self._undo.parent_of(number)
        if parent is None or not made:
            return []
        return [Call(parent.delete.name, parent.delete.variables(made), later=True)]

    def _calls(self, change: Change, ids: Mapping[Reference, str]) -> list[Call]:
        """The mutations of a change: those of what it refers to that is created later come last."""
        item = change.known.item if change.known else None
        last = self._columns.writing.removed_last and self._sheet != self._job.sheets[-1]
        if last and change.action == DELETE:
            return [replace(c, later=True) for c in calls(self._columns, change, item, ids)]
        first, second = parts(self._columns, change, change.later, removals=last)
        columns = self._columns
        if change.redirect:
            columns = replace(columns, writing=replace(columns.writing, along={}))
        sent = calls(columns, first, item, ids)
        if change.redirect:
            gone = DELETE_REDIRECT.variables(change.redirect)
            sent.append(Call(DELETE_REDIRECT.name, gone))
        if second is not None:
            sent += calls(self._columns, second, item, ids, later=True)
        return sent


def _with_redirect(change: Change, move: tuple[str, str], gid: str) -> Change:
    sentence = f"The redirect from {move[0]} to {move[1]} is deleted."
    comment = " ".join(filter(None, (change.comment, sentence)))
    return replace(change, redirect=gid, comment=comment, warnings=(*change.warnings, sentence))


def _creators(
    job: Job,
    admin: Admin,
    wanted: Iterable[Reference],
    new: Mapping[str, int] | None = None,
    actions: Collection[str] = (CREATE,),
) -> dict[Reference, int]:
    """The numbers of objects that this import creates, or does one of these ``actions`` with, and
    that these refer to. ``new`` are those that are being planned, by their short keys."""
    wanted = set(wanted)
    made: dict[Reference, int] = {}
    for sheet in job.sheets:
        writing = BY_NAME[sheet.type].writing
        of_type = [one for one in wanted if writing and writing.typename == one.to]
        if not of_type:
            continue
        columns = store.columns_of(job, sheet, admin)
        named = {one: [short_key(key) for key in _keys_of(columns, one)] for one in of_type}
        keys = {key for keys in named.values() for key in keys}
        found = ImportObject.with_keys(job.id, keys, sheet, actions)
        rows = range(sheet.offset + 1, sheet.last + 1)
        found |= {key: number for key, number in (new or {}).items() if number in rows}
        for one, keys_of_it in named.items():
            if number := next((found[key] for key in keys_of_it if key in found), None):
                made[one] = number
        left = {one for one in of_type if one not in made and not one.address}
        if left and len(columns.keys) > 1:
            made |= _by_further_keys(job, sheet, columns, left)
            if left := left - made.keys() if UPDATE in actions else set():
                made |= _updated(job, sheet, admin, columns, left)
    return _confirmed(job, made)


def _by_further_keys(
    job: Job, sheet: ImportSheet, columns: FileColumns, wanted: Collection[Reference]
) -> dict[Reference, int]:
    """Those that are named by another than the first of their keys, by which they are kept."""
    keys = _further_keys(columns, wanted)
    made: dict[Reference, int] = {}
    after = sheet.offset
    while numbers := ImportObject.next_writes(job.id, after, ROWS_AT_ONCE):
        after = numbers[-1][0]
        new = {n for n, action in numbers if action == CREATE and n <= sheet.last}
        for number, planned in ImportObject.of_numbers(job.id, new).items() if new else ():
            found = (keys.get(key) for key in columns.keys_of(planned.after["cells"]))
            made |= {one: number for one in found if one and one not in made}
        if after >= sheet.last:
            break
    return made


def _further_keys(columns: FileColumns, wanted: Iterable[Reference]) -> dict[str, Reference]:
    """What these may mean by their names, as keys behind the first."""
    headers = [key.headers[0] for key in columns.keys[1:] if len(key.headers) == 1]
    return {key: one for one in wanted for h in headers for key in columns.keys_of({h: one.name})}


def _updated(
    job: Job, sheet: ImportSheet, admin: Admin, columns: FileColumns, wanted: Collection[Reference]
) -> dict[Reference, int]:
    """Those that the store has by another than the first of their keys, and that this import
    updates."""
    keys = _further_keys(columns, wanted)
    snapshot = store_snapshot(admin, columns, (), keys)
    there = {key: known.ref for key in keys if (known := snapshot.with_key(key)) and known.ref}
    planned = ImportObject.planned(job.id, [sheet], keys=set(), refs=set(there.values()))
    numbers = {one.ref: one.number for one in planned if one.action == UPDATE}
    return {keys[key]: numbers[ref] for key, ref in there.items() if ref in numbers}


def _confirmed(job: Job, made: dict[Reference, int]) -> dict[Reference, int]:
    """Without the files that only have the name of what an address leads to."""
    numbers = {number for one, number in made.items() if one.address}
    planned = ImportObject.of_numbers(job.id, numbers) if numbers else {}
    cells = {number: one.after["cells"].values() for number, one in planned.items()}
    return {
        one: number
        for one, number in made.items()
        if not one.address or any(same_address(cell, one.address) for cell in cells.get(number, ()))
    }


def _check_waiting(job: Job, admin: Admin) -> None:
    """Let what refers to objects that no row creates fail, now that every row is planned."""
    after = 0
    while objects := ImportObject.waiting(job.id, after, ROWS_AT_ONCE):
        after = objects[-1].number
        names = {
            planned.number: [
                one
                for call in planned.input["calls"]
                if call["later"]
                for _, one in names_in(call["variables"])
            ]
            for planned in objects
        }
        made = _creators(job, admin, {one for named in names.values() for one in named})
        for planned in objects:
            lacks = next((one for one in names[planned.number] if one not in made), None)
            if lacks is not None:
                planned.action = planned.result = "failed"
                planned.comment, planned.input_box, planned.waits = missing(lacks), None, False
        db.session.commit()
    job.count_rows()
    db.session.commit()


def _keys_of(columns: FileColumns, reference: Reference) -> list[str]:
    """The natural keys that a reference's name may be, ``type.handle`` for a key of two columns."""
    headers = columns.writing.keys[0].headers
    if reference.address:
        cells = [{headers[0]: reference.name}]
        cells += [{key.headers[0]: reference.address} for key in columns.writing.keys[1:]]
        return [key for one in cells for key in columns.keys_of(one)]
    parts = reference.name.split(".", len(headers) - 1)
    if len(parts) != len(headers):
        return []
    found = (columns.key_of(dict(zip(headers, p, strict=True))) for p in permutations(parts))
    return [key for key in found if key]


def _read_only_warnings(read_only: Mapping[str, int]) -> list[str]:
    """A sentence for each column that cannot be written."""
    return [
        f"“{header}” cannot be written; {count:,} {'row differs' if count == 1 else 'rows differ'}."
        for header, count in read_only.items()
    ]


def _left_out_warnings(left_out: Mapping[str, int]) -> list[str]:
    """A sentence for each cell that is left out, however many rows have it."""
    return [
        f"{words} It is left out in {counted(count, 'row')}." for words, count in left_out.items()
    ]


def _notes(change: Change) -> dict[str, object]:
    """What the plan tells of an object beside what it changes."""
    notes: dict[str, object] = {}
    if change.warnings:
        notes["warnings"] = list(change.warnings)
    if change.blanks:
        notes["blanks"] = list(change.blanks)
    if change.replaces:
        notes["replaces"] = True
    return notes
