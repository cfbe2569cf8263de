"""Undoing an import: a plan made from the cells before, looked at and applied like any other.

Each object that the import wrote is a row of the undo, the last one first; of several types
what was created goes after all else is as it was, on which that may build. Where a cell of the
store is still as the import left it, it is to be as it was before. What others changed since is
left alone and told, unless that is forced. What was created is deleted; what was deleted is created
again, under another ID.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from models import db
from models.import_object import DELETE, ImportObject
from models.import_row import ImportRow, StoredRow
from models.import_sheet import ImportSheet
from models.job import IMPORT, Job, new_id
from models.personal_data import ALL
from transfer.importing.cells import CLEAR, Options
from transfer.importing.columns import FileColumns, SetColumns
from transfer.importing.members import Row
from transfer.importing.parents import MADE
from transfer.importing.plan import Change, plan
from transfer.importing.snapshot import Known, KnownMember, Snapshot
from transfer.importing.work import LEFT
from transfer.types import BY_NAME

UNDOES = "Undoes Row"
"""The column that says which object of the undone import a row is about, by the number of its
first row."""
ROWS_AT_ONCE = 500
METAFIELD = "Metafield: "
CREATED, RESTORED = ("created",), ("updated", "deleted")
WRITTEN = CREATED + RESTORED
GONE = "It has been deleted since."
OTHERS = "Changed since the import and left as it is: {}."
CHANGED_SINCE = "It was created by the import and changed since: {}. It is left alone."

Cells = dict[str, str]


def undo_of(
    job: Job, *, key_id: int | None, dry_run: bool, force: bool, started_by: str = ""
) -> Job:
    """An import, not yet in the session, that undoes another one, with this key or by staff."""
    sheets = [sheet for sheet, _, _ in _parts(job)]
    return Job(
        id=new_id(IMPORT),
        shop_id=job.shop_id,
        key_id=key_id,
        kind=IMPORT,
        types=job.types,
        dry_run=dry_run,
        sheets=sheets,
        options={
            "blank": CLEAR,
            "force": force,
            "undone_before": job.undone_by,
            "personal_data": job.options.get("personal_data", ALL),
        },
        undoes=job.id,
        started_by=started_by,
    )


def list_rows(job: Job, original: Job) -> None:
    """Make the rows of an undo: one for each object that was written, the last one first."""
    db.session.execute(db.delete(ImportRow).where(ImportRow.job_id == job.id))
    offset, sheets = 0, []
    state, parts = original.import_state, dict[str, int]()
    made = ImportObject.created(original.id, set(state.parts.values()))
    for sheet, undone, results in _parts(original):
        last = offset + 1
        more: dict[str, None] = {}
        for written in _written(original, undone, results):
            if state.parts.get(str(written.number)) in made:
                continue  # it goes with its object
            last += 1
            if state.is_in_parts(written.number):
                parts[str(last)] = 0
            cells = _row(sheet, written)
            more |= dict.fromkeys(_metafields_gone(written))
            db.session.add(ImportRow(job_id=job.id, number=last, object=last, cells=cells))
            if last % ROWS_AT_ONCE == 0:
                db.session.commit()
        sheet = replace(sheet, headers=list(dict.fromkeys((*sheet.headers, *more))))
        if last > offset + 1:
            sheets.append(replace(sheet, offset=offset, rows=last - offset - 1))
            offset = last
    sheets = sheets or [replace(job.sheets[0], rows=0)]
    job.sheets, job.import_state = sheets, replace(job.import_state, parts=parts)
    job.rows = job.total = sum(sheet.rows or 0 for sheet in sheets)
    db.session.commit()


def _metafields_gone(written: ImportObject) -> Iterator[str]:
    """The columns of metafields that what was deleted had: their definitions may be gone as well,
    or be made again by the same undo."""
    members = (one for one in written.before["members"] if one["action"] == DELETE)
    own = [written.before] if written.result == "deleted" else []
    for one in (*own, *members):
        yield from (header for header, cell in one["cells"].items() if cell and METAFIELD in header)


def _parts(job: Job) -> Iterator[tuple[ImportSheet, ImportSheet, Sequence[str]]]:
    """The sheets of an undo, each with the one that it undoes and with which results of that. Of
    several types, in the order of their references: what was changed and deleted, then backwards
    what was created."""
    parts: list[tuple[ImportSheet, Sequence[str]]]
    parts = [(sheet, WRITTEN) for sheet in reversed(job.sheets)]
    if len({sheet.type for sheet in job.sheets}) > 1:
        parts = [(sheet, RESTORED) for sheet in job.sheets]
        parts += [(sheet, CREATED) for sheet in reversed(job.sheets)]
    for undone, results in parts:
        sheet = ImportSheet(undone.type, name=undone.name, of=undone.of, headers=_headers(undone))
        yield sheet, undone, results


def _headers(sheet: ImportSheet) -> list[str]:
    """The columns of an undo: those that name an object, those of the file, and which row of that
    is undone."""
    writing = BY_NAME[sheet.type].writing
    keys = writing.keys[0].headers if writing else ()
    return list(dict.fromkeys(("ID", *keys, *sheet.headers, UNDOES)))


def _written(job: Job, sheet: ImportSheet, results: Sequence[str]) -> Iterator[ImportObject]:
    """What the import wrote of a sheet with these results, the last object first."""
    before = sheet.last + 1
    query = db.select(ImportObject).where(
        ImportObject.job_id == job.id,
        ImportObject.number > sheet.offset,
        ImportObject.result.in_(results),
    )
    while True:
        some = query.where(ImportObject.number < before).order_by(ImportObject.number.desc())
        found = list(db.session.scalars(some.limit(ROWS_AT_ONCE)))
        if not found:
            return
        yield from found
        before = found[-1].number


def _row(sheet: ImportSheet, written: ImportObject) -> list[str]:
    """What names the object: its whole ID, as a number alone does not tell of which type it is.
    Its other cells stay sealed where they are, until they are planned."""
    cells = dict.fromkeys(sheet.headers, "")
    known = {**written.before["cells"], **written.after["cells"]}
    writing = BY_NAME[sheet.type].writing
    for header in writing.keys[0].headers if writing else ():
        cells[header] = known.get(header, "")
    if written.ref and written.result != "deleted":
        cells["ID"] = written.ref
    cells[UNDOES] = str(written.number)
    return list(cells.values())


class Undo:
    """Plans the objects of one sheet of an undo."""

    def __init__(self, job: Job, columns: FileColumns):
        self._original, self._columns = job.undoes or "", columns
        self._force = bool(job.options.get("force"))
        self._options = Options(blank=CLEAR, partly=True)
        self._written: dict[int, ImportObject] = {}

    def load(self, rows: Collection[StoredRow]) -> None:
        """Read what the import did with the objects of these rows."""
        numbers = {row.number: int(row.cells[-1]) for row in rows if row.cells}
        found = ImportObject.of_numbers(self._original, set(numbers.values()))
        self._written = {row: found[n] for row, n in numbers.items() if n in found}

    def members(self) -> list[Row]:
        """What the import did with members of nested sets, each as a row."""
        return [
            (number, {**one.get("beside", {}), **one["cells"]})
            for number, written in self._written.items()
            for one in (*written.before["members"], *written.after["members"])
        ]

    def parent_of(self, number: int) -> str:
        """The id of what the import made for the object of this row to be in; empty if nothing."""
        written = self._written.get(number)
        return str(written.notes.get(MADE, "")) if written else ""

    def plan(self, number: int, snapshot: Snapshot) -> Change:
        """What undoes the object of this row."""
        written = self._written.get(number)
        if written is None:
            return Change("skipped", comment="What the import did with it is not kept any more.")
        if written.result == "deleted":
            return self._recreated(number, written, snapshot)
        known = snapshot.with_ref(written.ref)
        if known is None:
            return Change("skipped", key=written.key, comment=GONE)
        if written.result == "created":
            return self._removed(number, written, known, snapshot)
        return self._restored(number, written, known, snapshot)

    def _recreated(self, number: int, written: ImportObject, snapshot: Snapshot) -> Change:
        before = self._existing_columns(written.before["cells"]).items()
        own = {header: cell for header, cell in before if cell and not self._sends(header)}
        sets = self._sets(written)
        places = (*own, *self._headers_of(sets))
        rows = [(number, own | {"Command": "NEW"})]
        rows += [
            (number, one["cells"] | _only(self._columns.sets[name]))
            for name, found in sets.items()
            for one, _ in found
        ]
        return self._planned(places, rows, snapshot, sets)

    def _existing_columns(self, cells: Cells) -> Cells:
        """The cells of columns that there are: those of a catalog or a location go with it."""
        return {header: cell for header, cell in cells.items() if header in self._columns.columns}

    def _sets(self, written: ImportObject) -> "Sets":
        found: Sets = {}
        pairs = zip(written.before["members"], written.after["members"], strict=True)
        for pair in pairs:
            before, after = (one | {"cells": self._existing_columns(one["cells"])} for one in pair)
            found.setdefault(after["set"], []).append((before, after))
        return found

    def _sends(self, header: str) -> bool:
        """Whether a cell of the column asks for what cannot be taken back, as an order that is made
        of a draft, and was done already."""
        step, colon, _ = self._columns.columns[header].column.write.partition(":")
        send = self._columns.writing.step(step).send if colon else None
        return bool(send and send.sends)

    def _removed(
        self, number: int, written: ImportObject, known: Known, snapshot: Snapshot
    ) -> Change:
        others = self._changed_since(known.cells, self._existing_columns(written.after["cells"]))
        if others and not self._force:
            why = CHANGED_SINCE.format(", ".join(others))
            return Change("skipped", known, key=written.key, comment=why)
        row = {"ID": known.ref or "", "Command": "DELETE"}
        return self._planned((), [(number, row)], snapshot, self._columns.sets)

    def _restored(
        self, number: int, written: ImportObject, known: Known, snapshot: Snapshot
    ) -> Change:
        """The object as it is now, but with the cells that the import changed as they were."""
        before, after = (
            self._existing_columns(one["cells"]) for one in (written.before, written.after)
        )
        others = [] if self._force else self._changed_since(known.cells, after)
        own = {
            header: self._put_back(header, before.get(header, ""), cell)
            for header, cell in {**dict.fromkeys(before, ""), **after}.items()
            if header not in others
        }
        for latest in self._columns.writing.latest:
            if not own.keys().isdisjoint(latest.headers):
                own.pop(latest.at, None)
        sets, left_alone = self._sets(written), list(others)
        members: list[Cells] = []
        for name, found in sets.items():
            of_set, there = self._columns.sets[name], known.members.get(name, ())
            made = written.notes.get(LEFT, []) if of_set.members.called_off else []
            of_members, left = self._members(of_set, there, found, made)
            members += of_members
            left_alone += left
        first = own | {"ID": known.ref or "", "Command": "REPLACE"}
        places = (*own, *self._headers_of(sets))
        rows = [(number, first), *((number, cells) for cells in members)]
        change = self._planned(places, rows, snapshot, sets)
        if not left_alone:
            return change
        sentence = OTHERS.format(", ".join(left_alone))
        comment = " ".join(filter(None, (change.comment, sentence)))
        return replace(change, comment=comment, warnings=(*change.warnings, sentence))

    def _put_back(self, header: str, before: str, after: str) -> str:
        """The cell that undoes a change of a column: what it was before, or the opposite; 0 for a
        number that was not there and cannot be emptied."""
        column = self._columns.columns[header].column
        number = column.form.cell_type in ("number", "money")
        if column.acts:
            return str(-Decimal(after)) if number and after else ""
        value = self._columns.value(header, before) if column.assigned else None
        if number and not before and not column.clears:
            return "0"
        return column.assigned.get(str(value), before)

    def _members(
        self,
        of_set: SetColumns,
        known: Sequence[KnownMember],
        found: Sequence[tuple[dict[str, Any], dict[str, Any]]],
        made: Sequence[str],
    ) -> tuple[list[Cells], list[str]]:
        """The rows of the whole set as it is to be, and what others changed of it. ``made`` are the
        ids of what calls of the import have left in it."""
        cells = [dict(member.cells) for member in known]
        gone: set[int] = set()
        new: list[Cells] = []
        left_alone = []
        created = [after for _, after in found if after["action"] == "create"]
        if of_set.members.called_off:
            left_alone += self._called_off(of_set, known, created, made, cells)
            found = [pair for pair in found if pair[1]["action"] != "create"]
        for before, after in found:
            if after["action"] == "delete":
                new.append({**before.get("beside", {}), **before["cells"]})
                continue
            if after["action"] == "create" and of_set.members.opposite:
                new.append(of_set.members.opposite(after["cells"]))
                continue
            place = self._place(of_set, known, after)
            if place is None:
                continue
            left = [header for header in after["cells"] if not self._is_id(header)]
            others = self._changed_since(cells[place], after["cells"], left) if left else []
            if others and not self._force:
                left_alone += [f"{after['name']}: {header}" for header in others]
            if after["action"] == "create":
                gone |= {place} if self._force or not others else set()
                continue
            kept = () if self._force else others
            cells[place] |= {
                header: self._put_back(header, before["cells"].get(header, ""), cell)
                for header, cell in {**dict.fromkeys(before["cells"], ""), **after["cells"]}.items()
                if header not in kept
            }
            for header in after["cells"]:
                column = self._columns.columns[header].column
                if column.imports and column.unless not in after["cells"]:
                    cells[place][column.unless] = ""  # it would count in its stead
        rows = [one for place, one in enumerate(cells) if place not in gone]
        return [one | _only(of_set) for one in (*rows, *new)], left_alone

    def _called_off(
        self,
        of_set: SetColumns,
        known: Sequence[KnownMember],
        created: Sequence[Mapping[str, Any]],
        made: Sequence[str],
        cells: list[Cells],
    ) -> list[str]:
        """Call off, in their rows, the members that the import has made; the names of those that
        are left alone, as others changed them."""
        members, found, left_alone = of_set.members, False, []
        given = [h for h in of_set.changeable if h not in {*of_set.options, *members.called_off}]
        for place, one in enumerate(known):
            if not any(one.ref == gid or str(one.ref).startswith(f"{gid}/") for gid in made):
                continue
            found = True
            if of_set.is_called_off(one.cells, self._columns):
                continue
            alike = (
                all(not self._columns.differ(h, one.cells[h], row[h]) for h in given if h in row)
                for row in (after["cells"] for after in created)
            )
            if self._force or any(alike):
                cells[place] |= members.called_off
            else:
                left_alone.append(one.cells.get(members.keys[-1].headers[0]) or members.name)
        return list(dict.fromkeys(left_alone)) if found or not created else [members.name]

    def _place(
        self, of_set: SetColumns, known: Sequence[KnownMember], member: Mapping[str, Any]
    ) -> int | None:
        """Where the set has a member now: by its id, else by its keys, else by its cells."""
        if member["ref"]:
            same = (n for n, one in enumerate(known) if one.ref == member["ref"])
            place = next(same, None)
            return self._called(of_set, known, member) if place is None else place
        cells = {**member.get("beside", {}), **member["cells"]}
        keys = [[h for h in key.headers if cells.get(h)] for key in of_set.members.keys]
        alike = (
            n
            for headers in [*filter(None, keys)] or [list(cells)]
            for n, one in enumerate(known)
            if not self._changed_since(one.cells, cells, headers)
        )
        return next(alike, None)

    def _called(
        self, of_set: SetColumns, known: Sequence[KnownMember], member: Mapping[str, Any]
    ) -> int | None:
        """Where the only member is that people call so: some have another id whenever one of them
        changes."""
        columns = self._columns.columns
        keys = [
            key.headers
            for key in of_set.members.keys
            if key.headers and not columns[key.headers[0]].column.form.typenames
        ]

        def named(cells: Mapping[str, str]) -> list[str]:
            return [" / ".join(filter(None, map(cells.get, headers))) for headers in keys]

        names = [named(one.cells) for one in known]
        called = [next(filter(None, of_one), "") for of_one in names]
        if called.count(member["name"]) == 1:
            return called.index(member["name"])
        for place, now in enumerate(named(member["cells"])):  # what the import called it
            alike = [n for n, of_one in enumerate(names) if now and of_one[place] == now]
            if len(alike) == 1:
                return alike[0]
        return None

    def _is_id(self, header: str) -> bool:
        """Whether a column names a member, or what that refers to, by an id: perhaps one of another
        store."""
        return bool(self._columns.columns[header].column.form.typenames)

    def _changed_since(
        self, now: Mapping[str, str], after: Mapping[str, str], headers: Collection[str] = ()
    ) -> list[str]:
        """The columns that are not as the import left them."""
        return [
            header
            for header in headers or after
            if self._columns.is_shown(header)
            and not self._columns.columns[header].column.acts
            and self._columns.differ(header, now.get(header, ""), after[header], now)
        ]

    def _headers_of(self, sets: Collection[str]) -> list[str]:
        found = (self._columns.sets[name] for name in sets)
        return [h for of_set in found for h in (*of_set.headers, *of_set.members.beside)]

    def _planned(
        self,
        headers: Collection[str],
        rows: list[Row],
        snapshot: Snapshot,
        sets: Collection[str],
    ) -> Change:
        """The change that rows with only these columns ask for, of the object and these sets."""
        wanted = dict.fromkeys(("ID", "Command", *headers))
        places = {h: n for n, h in enumerate(wanted) if h in self._columns.columns}
        of_sets = {name: self._columns.sets[name] for name in sets}
        columns = replace(self._columns, places=places, width=len(wanted), sets=of_sets)
        blank = dict.fromkeys((*places, "ID", "Command"), "")
        named = ("ID", *(header for key in columns.writing.keys for header in key.headers))
        blank |= {header: cell for header in named if (cell := rows[0][1].get(header, ""))}
        whole = [(number, blank | cells) for number, cells in rows]
        return replace(plan(columns, whole, snapshot, self._options), replaces=False)


Sets = dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]
"""By the name of a set each member that the import changed: before and after."""


def _only(of_set: SetColumns) -> Cells:
    """The cell that says which set a row is of, where several have the same columns."""
    return dict([of_set.members.only]) if of_set.members.only else {}
