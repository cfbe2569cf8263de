"""What the contract of imported types is made of: a store's exports, other cells for each column,
and what a plan says of them."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from models import db
from models.import_object import UPDATE, ImportObject
from models.import_row import ImportRow
from models.job import COMPLETED, HELD, Job
from shops.access import admin_for
from tests.transfer.importing.examples import RENUMBERED, example, fits, is_left_alone, says_same
from tests.transfer.readers import seed_of_all
from tests.transfer.store import Store, sheets
from transfer.importing.columns import FileColumns, SetColumns
from transfer.importing.inputs import calls, references
from transfer.importing.lookup import store_snapshot
from transfer.importing.named_columns import UNDEFINED
from transfer.importing.plan import Change, plan
from transfer.importing.rows import results_file
from transfer.importing.store import columns_of
from transfer.importing.undo import undo_of
from transfer.permissions import IMPORTS
from transfer.types import ALL, BY_NAME
from transfer.types.forms import MOMENT, TAGS, BadCell

WRITTEN = [data_type.name for data_type in ALL if data_type.writing]
Table = list[list[str]]
OF_EACH_KIND = ("redirects", "products", "collections", "orders")
"""Types of one call without members, of members in calls of many, of two sheets, and of calls that
follow each other."""
each_type = pytest.mark.parametrize("name", WRITTEN, scope="session")
"""All that is shown of one type comes in a row, in one process, which reads its export once."""
each_kind = pytest.mark.parametrize(
    "name",
    [n if n in OF_EACH_KIND else pytest.param(n, marks=pytest.mark.everything) for n in WRITTEN],
    scope="session",
)
"""For what is done in one place for all types: the others follow in the long run."""
FEW = 12
SAME = 3
"""After so many cells that change nothing a row is taken for one that shows no such member."""
SOME_ID = "gid://shopify/Product/1"
OTHERS = (
    *("77", "77.50", "other", "true", "false", "2026-01-31 10:00:00"),
    *("Draft", "DENY", "kg", "Alphabet"),
)


def seeded(store: Store, name: str) -> "dict[str, Ground]":
    """Fill the store with some of everything; its key may import the type. Returns the sheets of
    the type, each beside the store.

    The same seed gives the same store, so what was read of one is kept for all tests of a type.
    """
    store.tell("seed", **seed_of_all())
    store.tell("sent")
    store.key.permissions = sorted({*store.key.permissions, *IMPORTS, f"{name}:export"})
    db.session.commit()
    if name not in _grounds:
        tables = exported(store, name).items()
        _grounds[name] = {sheet: Ground(store, name, sheet, rows) for sheet, rows in tables}
        store.tell("sent")
    return _grounds[name]


def exported(store: Store, name: str) -> dict[str, Table]:
    """The tables of an export, header first, by the names of their sheets."""
    job = store.export(name)
    assert job.status == COMPLETED, job.error
    file = store.file(job)
    files = sheets(file) if len(BY_NAME[name].sheets) > 1 else {f"{name}.csv": file}
    return {sheet: table(data) for sheet, data in files.items()}


def table(data: bytes) -> Table:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def text(rows: Table) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def kept(store: Store, folder, name: str, sheet: str, rows: Table, **options) -> Job:
    """An import of one sheet that waits to be run."""
    file = "" if len(BY_NAME[name].sheets) == 1 else sheet
    return store.keep(folder, text(rows), type=name, name=file, **options)


def imported(store: Store, folder, name: str, sheet: str, rows: Table, **options) -> Job:
    """The import of one sheet."""
    return store.run_import(kept(store, folder, name, sheet, rows, **options))


def applied(store: Store, job: Job) -> Job:
    """The job once it is applied, whatever it was planned or held for."""
    job.apply({name: one["count"] for name, one in job.plan["limits"].items() if one["over"]})
    return store.run_import(job)


def undone(store: Store, job: Job) -> Job:
    """The undo of an import, applied."""
    undoing = undo_of(job, key_id=job.key_id, dry_run=False, force=False)
    db.session.add(undoing)
    db.session.commit()
    store.run_import(undoing)
    return applied(store, undoing) if undoing.status == HELD else undoing


def results(job: Job) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(results_file(job)).decode("utf-8-sig"))))


def not_of(job: Job, *expected: str) -> list[tuple[str, str]]:
    """The rows' results that are none of these, with their comments."""
    found = ((row["Import Result"], row["Import Comment"]) for row in results(job))
    return [one for one in found if one[0] not in expected]


@dataclass(frozen=True)
class Edit:
    """One cell of a sheet that is to be another. ``lines`` are the places in the sheet, header
    first, of the rows that show it."""

    object: int
    header: str
    lines: tuple[int, ...]
    cell: str


@dataclass(frozen=True)
class Outcome:
    """What came of an import: ``told`` are the first rows that are not unchanged, with their
    comments; ``sent`` the mutations that it sent."""

    status: str
    error: str | None
    told: list[tuple[str, str]]
    counts: dict[str, int]
    warnings: list[str]
    sent: list[dict[str, Any]]


class Ground:
    """One sheet's export beside the store that it comes from, to plan changes of it. ``outcome`` is
    what came of importing it there as it is."""

    def __init__(self, store: Store, name: str, sheet: str, rows: Table):
        self.type, self.rows = name, rows
        with TemporaryDirectory() as folder:
            job = imported(store, Path(folder), name, sheet, rows)
        told = not_of(job, "unchanged")[:5]
        self.outcome = Outcome(
            job.status, job.error, told, job.counts, job.warnings, store.changes_sent()
        )
        [self.sheet] = job.sheets
        self.objects: dict[int, list[list[str]]] = {}
        self.lines: dict[int, list[int]] = {}
        query = db.select(ImportRow).filter_by(job_id=job.id).order_by(ImportRow.number)
        for row in db.session.scalars(query):
            cells = [*row.cells, *[""] * (len(self.sheet.headers) - len(row.cells))]
            self.objects.setdefault(row.object, []).append(cells)
            self.lines.setdefault(row.object, []).append(row.number - self.sheet.offset - 1)
        refs = db.session.scalars(db.select(ImportObject.ref).filter_by(job_id=job.id))
        admin = admin_for(store.shop.id)
        self.columns = columns_of(job, self.sheet, admin)
        self.snapshot = store_snapshot(admin, self.columns, refs, ())

    def now(self, store: Store) -> Table:
        """The sheet as the store has it now, read without an export."""
        data = store.read(self.type, self.columns.facts)
        several = len(BY_NAME[self.type].sheets) > 1
        return table(sheets(data)[f"{self.sheet.name}.csv"] if several else data)

    def plan(
        self, number: int, place: int, header: str, cell: str, *, taken: bool = False
    ) -> Change:
        """What an object's rows ask for with another cell in one of them, or in all; where that is
        to be ``taken`` by Shopify, with the calls that make the change."""
        at = self.columns.places[header]
        own = header in self.columns.own
        rows = [
            (n, self.columns.cells([*c[:at], cell if own or n == place else c[at], *c[at + 1 :]]))
            for n, c in enumerate(self.objects[number])
        ]
        if before := self.columns.columns[header].column.unless:
            rows = [(n, cells | {before: ""}) for n, cells in rows]
        change = plan(self.columns, rows, self.snapshot)
        if not taken or change.action != UPDATE or change.known is None:
            return change
        try:
            ids = dict.fromkeys(references(self.columns, change), SOME_ID)
            calls(self.columns, change, change.known.item, ids)
        except BadCell as error:
            return replace(change, action="failed", comment=str(error))
        return change

    def rewritten(self, number: int) -> Change:
        """What an object's rows ask for as another program would write their cells."""
        headers = self.sheet.headers
        rows = [
            [otherwise(self.columns, *pair) for pair in zip(headers, row, strict=True)]
            for row in self.objects[number]
        ]
        return plan(self.columns, list(enumerate(map(self.columns.cells, rows))), self.snapshot)

    def others(self, header: str, row: list[str], *, taken: bool = True) -> Iterator[str]:
        """What else a row may have in a column: its example, where it has to be ``taken``; else
        what the column has elsewhere, then what fits its form."""
        at = self.columns.places[header]
        cell = row[at]
        given = example(self.type, header) if taken else None
        if given:
            if all(fits(c, row[self.columns.places[h]]) for h, c in given.among.items()):
                other = given.cell.removeprefix("=")
                yield given.cell if other == given.cell else row[self.columns.places[other]]
            return
        found = {row[at] for rows in self.objects.values() for row in rows} - {"", cell}
        yield from sorted(found)
        codes = self.columns.columns[header].form.codes
        yield from (code for code in islice(codes, FEW) if code != cell.upper())
        yield from OTHERS
        if cell:
            yield f"{cell}x"

    @cached_property
    def few_edits(self) -> list[Edit]:
        """Some cells that can be changed, of as many objects as may be, but for their names."""
        named = {header for key in self.columns.writing.keys for header in key.headers}
        headers = [header for header in changeable(self.columns) if header not in named]
        return self.edits((headers or sorted(named))[:FEW])

    def edits(self, headers: list[str], *, taken: bool = True) -> list[Edit]:
        """A cell of each column that can be changed alone, spread over the objects; such as are
        ``taken`` by Shopify. Whatever can be planned must be just that."""
        found: list[Edit] = []
        for header in headers:
            used = Counter(edit.object for edit in found)
            same = {e.object for e in found if says_same(self.type, e.header, header)}
            numbers = sorted(self.objects, key=lambda n: (n in same, used[n]))
            edit = self.edit(header, numbers, taken=taken)
            found += [edit] if edit else []
        return found

    def edit(self, header: str, numbers: list[int], *, taken: bool) -> Edit | None:
        own = header in self.columns.own
        for number in numbers:
            if taken and is_left_alone(self.type, self.columns.cells(self.objects[number][0])):
                continue
            tried: set[str] = set()  # of the object itself, which all of its rows are about
            for place, row in enumerate(self.objects[number]):
                if taken and not self.is_there(header, row):
                    continue
                unchanged = 0
                for other in self.others(header, row, taken=taken):
                    if unchanged == SAME:
                        break
                    if other in tried:
                        continue
                    if own:
                        tried.add(other)
                    change = self.plan(number, place, header, other, taken=taken)
                    if change.action != "update":
                        unchanged += change.action == "unchanged"
                        continue
                    assert {column for column, _ in changed(change)} == {header}, change
                    once = len(changed(change)) == 1 or header in passed_on(self.columns)
                    assert once, change
                    lines = self.lines[number] if own else self.repeated(number, place, header)
                    return Edit(number, header, tuple(lines), other)
        return None

    def repeated(self, number: int, place: int, header: str) -> list[int]:
        """The line of a member's row, and those that repeat the member."""
        sets = [one for one in self.columns.sets.values() if header in one.headers]
        rows = [self.columns.cells(row) for row in self.objects[number]]
        names = [[self.member_of(one, cells) for one in sets if one.members.side] for cells in rows]
        return [
            line
            for n, line in enumerate(self.lines[number])
            if n == place or (any(names[n]) and names[n] == names[place])
        ]

    def is_there(self, header: str, row: list[str]) -> bool:
        """Whether the row shows the object or member whose the column is."""
        sets = [one for one in self.columns.sets.values() if header in one.headers]
        cells = self.columns.cells(row)
        return not sets or any(cells.get(h) for of_set in sets for h in of_set.headers)

    def edited(self, edits: list[Edit]) -> Table:
        """The sheet with other cells."""
        rows = [list(row) for row in self.rows]
        for edit in edits:
            for line in edit.lines:
                rows[line][self.columns.places[edit.header]] = edit.cell
                if before := self.columns.columns[edit.header].column.unless:
                    rows[line][self.columns.places[before]] = ""
        return rows

    def as_kept(self, edit: Edit) -> Edit:
        """What an export shows of it."""
        row = dict(zip(self.rows[0], self.rows[edit.lines[0]], strict=True))
        return replace(edit, cell=self.columns.kept(edit.header, edit.cell, row))

    def name_of(self, row: list[str]) -> str:
        """The ID or name of a row's object."""
        header = self.rows[0]
        names = ("ID",) if "ID" in header else self.columns.key_headers
        return " ".join(row[header.index(name)] for name in names)

    def cells(self, rows: Table) -> dict[str, dict[str, str]]:
        """Each object's cells, by the name of the object and by header; those of members by their
        names too. Members whose order nobody can give are in any."""
        found: dict[str, dict[str, str]] = {}
        counts: dict[str, Counter[str]] = {}
        for row in rows[1:]:
            of_object = found.setdefault(self.name_of(row), {})
            cells = dict(zip(rows[0], row, strict=True))
            seen = counts.setdefault(self.name_of(row), Counter())
            for header in self.columns.own:
                of_object.setdefault(header, cells.get(header, ""))
            for of_set in self.columns.sets.values():
                if name := self.member_of(of_set, cells, seen):
                    headers = self.headers_of(of_set)
                    of_object |= {f"{h} ({name})": cells.get(h, "") for h in headers}
        return found

    def places(self, edit: Edit) -> set[tuple[str, str]]:
        """The object, and the header with the member, of each cell of an edit."""
        found = set()
        sets = [one for one in self.columns.sets.values() if edit.header in one.headers]
        seen: Counter[str] = Counter()
        for line in self.lines[edit.object]:
            cells = dict(zip(self.rows[0], self.rows[line], strict=True))
            named = [self.member_of(of_set, cells, seen) for of_set in sets]
            if line not in edit.lines:
                continue
            member = next((f" ({name})" for name in named if name), "")
            found.add((self.name_of(self.rows[line]), edit.header + member))
        return found

    def is_closed(self, header: str) -> bool:
        """Whether the column is of a set whose members are there without an import."""
        return any(one.closed for one in self.columns.sets.values() if header in one.headers)

    def headers_of(self, of_set: SetColumns) -> list[str]:
        """The columns of a set, of those stacked in one list its own."""
        if not of_set.members.only:
            return list(of_set.headers)
        parts = {of_set.members.part, ""}
        columns = self.columns.columns
        return [h for h in of_set.headers if h in of_set.written or columns[h].block.part in parts]

    def member_of(
        self, of_set: SetColumns, cells: dict[str, str], seen: Counter[str] | None = None
    ) -> str:
        """What names the member of a row; empty where the row is of another set. Where Shopify
        gives members new ids it is their place among those that were ``seen``, which is counted."""
        only = of_set.members.only
        if only and cells.get(only[0]) != only[1]:
            return ""
        if seen is not None and self.type in RENUMBERED:
            seen[of_set.members.name] += 1
            return str(seen[of_set.members.name])
        keys = [key.headers for key in of_set.members.keys] or [of_set.headers]
        named = (" / ".join(cells[h] for h in key if cells.get(h)) for key in keys)
        return next(filter(None, named), "")


_grounds: dict[str, dict[str, Ground]] = {}


def changed(change: Change) -> list[tuple[str, str]]:
    """The columns that differ, each with the name of the member."""
    found = [(header, "") for header in change.after]
    for members in change.sets.values():
        found += [(header, m.name) for m in members for header in m.after or m.before]
    return found


def passed_on(columns: FileColumns) -> set[str]:
    """Columns that one member takes from another."""
    return {of_set.members.single for of_set in columns.sets.values()}


def changeable(columns: FileColumns) -> list[str]:
    """The columns that can change in what is there. Another cell in what alone names a member
    names another member; a command, or how a change is made, is an instruction; what an object is
    in has columns on the rows of others too; an export has no column that is for imports alone."""
    parent = columns.writing.parent
    others = {*columns.options, *(parent.columns if parent else ())}
    found = [header for header in columns.changeable if header not in others]
    for of_set in columns.sets.values():
        keys = of_set.members.keys
        by_id = any(columns.columns[h].column.form.typenames for key in keys for h in key.headers)
        names = {header for key in keys for header in key.headers if not by_id}
        names.add(of_set.members.command)
        names |= of_set.options
        found += [header for header in of_set.changeable if header not in names]
    return [header for header in found if not columns.columns[header].column.imports]


def otherwise(columns: FileColumns, header: str, cell: str) -> str:
    """The same value as another program would write it."""
    bound = columns.columns.get(header)
    if bound is None or not cell:
        return cell
    form = bound.form
    if header == "Command":
        return ""
    if form.typenames and cell.isdigit():
        return f"gid://shopify/{form.typenames[0]}/{cell}" if len(form.typenames) == 1 else cell
    if form.cell_type == "boolean" and cell in ("true", "false"):
        return cell.upper()
    if form.cell_type in ("number", "money") and cell.replace(".", "").isdigit():
        return f"{cell}0" if "." in cell else f"{cell}.0"
    if form is TAGS:
        plain = cell.removeprefix("'")  # before a formula's sign, in front of the cell alone
        return ";".join(reversed(plain.split(", "))).replace(";", ",")
    if form.codes:
        return cell.upper()
    if form is MOMENT:
        date, time, zone = cell.split(" ")
        return f"{date}T{time}{zone[:3]}:{zone[3:]}"
    return cell


def in_capitals(columns: FileColumns, header: str) -> str:
    """The header in capitals, but for the key of a metafield without a definition: Shopify's keys
    differ in case."""
    bound = columns.columns.get(header)
    return header if bound and bound.repeated_for.endswith(UNDEFINED) else header.upper()
