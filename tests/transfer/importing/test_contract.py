"""What every data type that can be imported must do: one contract over the registry.

A type is under it as soon as its writing is declared.
"""

import csv
import io
from collections.abc import Iterator

import pytest

from models import db
from models.import_object import ImportObject
from models.import_row import ImportRow
from models.job import COMPLETED
from shops.access import admin_for
from tests.transfer.readers import seed_of_all
from tests.transfer.store import sheets
from transfer.importing.columns import FileColumns
from transfer.importing.lookup import store_snapshot
from transfer.importing.plan import Change, plan
from transfer.importing.rows import results_file
from transfer.importing.store import columns_of
from transfer.importing.undefined_columns import UNDEFINED
from transfer.types import ALL, BY_NAME
from transfer.types.forms import CAPITALISED, LOWER, MOMENT, TAGS

WRITTEN = [data_type.name for data_type in ALL if data_type.writing]
each_type = pytest.mark.parametrize("name", WRITTEN)
Table = list[list[str]]


def exported(store, name: str) -> dict[str, Table]:
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


def imported(store, folder, name: str, sheet: str, rows: Table, **options):
    """The import of one sheet."""
    found = {} if len(BY_NAME[name].sheets) == 1 else {"name": sheet}
    job = store.keep(folder, text(rows), type=name, **found, **options)
    return store.run_import(job)


def results(job) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(results_file(job)).decode("utf-8-sig"))))


def seeded(store, name: str) -> None:
    store.tell("seed", **seed_of_all())
    store.tell("sent")


@each_type
def test_an_export_is_imported_unchanged_and_nothing_is_sent(store, tmp_path, name):
    seeded(store, name)
    for sheet, rows in exported(store, name).items():
        assert len(rows) > 1
        store.tell("sent")
        job = imported(store, tmp_path, name, sheet, rows)
        changed = [
            (row["Import Result"], row["Import Comment"])
            for row in results(job)
            if row["Import Result"] != "unchanged"
        ]
        assert (job.status, job.error, changed[:5]) == (COMPLETED, None, [])
        assert job.counts == {"unchanged": len(rows) - 1}
        assert job.warnings == []
        assert store.changes_sent() == []


class Ground:
    """One sheet's export beside the store that it comes from, to plan changes of it."""

    def __init__(self, store, folder, name: str, sheet: str, rows: Table):
        self.job = imported(store, folder, name, sheet, rows, dry_run=True)
        [self.sheet] = self.job.sheets
        self.objects: dict[int, list[list[str]]] = {}
        for row in db.session.scalars(db.select(ImportRow).filter_by(job_id=self.job.id)):
            cells = [*row.cells, *[""] * (len(self.sheet.headers) - len(row.cells))]
            self.objects.setdefault(row.object, []).append(cells)
        refs = db.session.scalars(db.select(ImportObject.ref).filter_by(job_id=self.job.id))
        with admin_for(store.shop.id) as admin:
            self.columns = columns_of(self.job, self.sheet, admin)
            self.snapshot = store_snapshot(admin, self.columns, refs, ())

    def plan(self, number: int, place: int, header: str, cell: str) -> Change:
        """What an object's rows ask for with another cell in one of them, or in all."""
        at = self.columns.places[header]
        own = header in self.columns.own
        rows = [
            (n, self.columns.cells([*c[:at], cell if own or n == place else c[at], *c[at + 1 :]]))
            for n, c in enumerate(self.objects[number])
        ]
        if before := self.columns.columns[header].column.unless:
            rows = [(n, cells | {before: ""}) for n, cells in rows]
        return plan(self.columns, rows, self.snapshot)

    def others(self, header: str, cell: str) -> Iterator[str]:
        """What else a column may have: what it has elsewhere, then what fits its form."""
        at = self.columns.places[header]
        found = {row[at] for rows in self.objects.values() for row in rows} - {"", cell}
        yield from sorted(found)
        yield from OTHERS
        if cell:
            yield f"{cell}x"


OTHERS = (
    "77",
    "77.50",
    "other",
    "true",
    "false",
    "2026-01-31 10:00:00",
    "Draft",
    "DENY",
    "kg",
    "Alphabet",
)


def changed(change: Change) -> list[tuple[str, str]]:
    """The columns that differ, each with the name of the member."""
    found = [(header, "") for header in change.after]
    for members in change.sets.values():
        found += [(header, m.name) for m in members for header in {**m.before, **m.after}]
    return found


def passed_on(columns: FileColumns) -> set[str]:
    """Columns that one member takes from another."""
    return {of_set.members.single for of_set in columns.sets.values()}


def changeable(columns: FileColumns) -> list[str]:
    """The columns that can change in what is there. Another cell in what alone names a member
    names another member; a command, or how a change is made, is an instruction."""
    found = [header for header in columns.changeable if header not in columns.options]
    for of_set in columns.sets.values():
        keys = of_set.members.keys
        by_id = any(columns.columns[h].column.form.typenames for key in keys for h in key.headers)
        names = {header for key in keys for header in key.headers if not by_id}
        names.add(of_set.members.command)
        names |= of_set.options
        found += [header for header in of_set.changeable if header not in names]
    return found


@each_type
def test_one_changed_cell_is_the_only_difference(store, tmp_path, name):
    seeded(store, name)
    for sheet, rows in exported(store, name).items():
        ground = Ground(store, tmp_path, name, sheet, rows)
        headers = changeable(ground.columns)
        assert headers
        untouched = [header for header in headers if not one_changed(ground, header)]
        assert untouched == []


def one_changed(ground: Ground, header: str) -> bool:
    """Whether there is a cell of the column that can be changed alone. Whatever can be planned
    must be just that."""
    at = ground.columns.places[header]
    for number, rows in ground.objects.items():
        for place, row in enumerate(rows):
            for other in ground.others(header, row[at]):
                change = ground.plan(number, place, header, other)
                if change.action != "update":
                    continue
                assert {column for column, _ in changed(change)} == {header}, change
                assert len(changed(change)) == 1 or header in passed_on(ground.columns), change
                return True
    return False


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
    if form in (LOWER, CAPITALISED):
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


@each_type
def test_the_same_values_written_otherwise_are_unchanged(store, tmp_path, name):
    seeded(store, name)
    for sheet, (header, *rows) in exported(store, name).items():
        ground = Ground(store, tmp_path, name, sheet, [header, *rows])
        order = sorted(range(len(header)), key=lambda place: header[place][::-1])
        again = [[in_capitals(ground.columns, header[place]) for place in order]]
        for row in rows:
            cells = [otherwise(ground.columns, *pair) for pair in zip(header, row, strict=True)]
            again.append([cells[place] for place in order])
        assert again[1:] != rows
        store.tell("sent")
        data = io.StringIO()
        csv.writer(data, delimiter=";", quoting=csv.QUOTE_ALL).writerows(again)
        found = {} if len(BY_NAME[name].sheets) == 1 else {"name": sheet}
        job = store.run_import(store.keep(tmp_path, data.getvalue(), type=name, **found))
        changed = [r["Import Comment"] for r in results(job) if r["Import Result"] != "unchanged"]
        assert (job.error, changed[:5], job.counts) == (None, [], {"unchanged": len(rows)})
        assert job.warnings == [] and store.changes_sent() == []


WRONG = (
    *("#REF!", "nonsense!", "12,345.67", "31/12/2025 99:99", "1.5E+17", "-", "\x00", "é🎈"),
    *("gid://shopify/Nothing/1", "x" * 66_000, "a, " * 300),
)


def told_well(header: str, words: str) -> bool:
    return header in words and len(words) < 600 and words.endswith((".", "”", "…"))


@each_type
def test_wrong_cells_are_told_by_column_and_row(store, tmp_path, name):
    seeded(store, name)
    for sheet, rows in exported(store, name).items():
        ground = Ground(store, tmp_path, name, sheet, rows)
        headers = ["ID", "Command", *changeable(ground.columns)]
        for header in filter(ground.columns.places.__contains__, headers):
            at = ground.columns.places[header]
            number, place = next(
                (n, place)
                for n, cells in ground.objects.items()
                for place, row in enumerate(cells)
                if row[at] or header not in ("ID", "Command")
            )
            for wrong in WRONG:
                change = ground.plan(number, place, header, wrong)
                assert change.action in ("failed", "update", "unchanged", "skipped", "create")
                words = change.comment[:300]
                if change.action == "failed" and not told_well(header, change.comment):
                    pytest.fail(f"{header} with {wrong[:30]!r}: {words}")


@each_type
def test_one_wrong_cell_does_not_stop_the_others(store, tmp_path, name):
    seeded(store, name)
    for sheet, (header, *rows) in exported(store, name).items():
        place = header.index("Command") if "Command" in header else 0
        rows[0][place] = "#REF!"
        job = imported(store, tmp_path, name, sheet, [header, *rows])
        outcomes = [row["Import Result"] for row in results(job)]
        assert outcomes[0] == "failed" and set(outcomes[1:]) <= {"failed", "unchanged"}
        same = outcomes.count("unchanged")
        assert same == sum(r[:2] != rows[0][:2] for r in rows) or same == len(rows) - 1
