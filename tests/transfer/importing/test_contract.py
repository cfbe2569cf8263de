"""What every data type that can be imported must do: one contract over the registry.

A type is under it as soon as its writing is declared.
"""

import csv
import io

import pytest

from models.job import COMPLETED
from tests.transfer.readers import seed_of_all
from tests.transfer.store import sheets
from transfer.importing.rows import results_file
from transfer.types import ALL, BY_NAME

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
        assert store.tell("sent") == {}
