"""Columns that Shopify hides from the app are never written: it does not know what is there."""

import csv
import io

import pytest

from models import db
from models.import_object import ImportObject
from models.job import COMPLETED, Job
from tests.transfer.exporting.test_redacted import HIDDEN, SEED
from tests.transfer.importing.contract import WRITTEN
from tests.transfer.importing.files import Rows, came_of, exported, text_of, zipped
from tests.transfer.store import sheets
from transfer.permissions import IMPORTS
from transfer.types import BY_NAME

TYPES = [name for name in HIDDEN if name in WRITTEN and name != "companies"]
"""Of companies Shopify refuses the app the whole read: the import fails before it writes."""


@pytest.fixture
def seeded(store):
    store.tell("seed", **SEED)
    store.key.permissions = list(IMPORTS)
    db.session.commit()
    return store


def tables(file: bytes) -> dict[str, Rows]:
    """The rows of an export of several types by the names of their sheets."""
    texts = {
        name.removesuffix(".csv"): data.decode("utf-8-sig") for name, data in sheets(file).items()
    }
    return {
        name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()
    }


def not_unchanged(job: Job) -> list[tuple[str, int, str, str]]:
    """By sheet the objects of an import that are not as they were."""
    assert (job.status, job.error) == (COMPLETED, None)
    assert {sheet.type for sheet in job.sheets} == set(TYPES)
    query = db.select(ImportObject).filter_by(job_id=job.id)
    return [
        (job.sheet_of(one.number).name, one.number, str(one.result), one.comment)
        for one in db.session.scalars(query)
        if one.result != "unchanged"
    ]


def test_what_was_exported_without_them_changes_nothing(seeded, tmp_path):
    seeded.misbehave(redact_customers=True)
    file = seeded.file(seeded.export(*TYPES))
    seeded.tell("sent")
    job = seeded.run_import(seeded.keep(tmp_path, file, name="all.zip"))
    assert not_unchanged(job) == []
    seeded.misbehave()
    job = seeded.run_import(seeded.keep(tmp_path, file, name="all.zip"))
    assert not_unchanged(job) == []
    assert seeded.changes_sent() == []
    found = tables(file)
    assert len(found) == len(TYPES)
    for name in TYPES:
        [sheet] = BY_NAME[name].sheets
        assert HIDDEN[name].isdisjoint(found[sheet.name][0]), name


def test_a_file_that_has_them_writes_none_while_they_are_hidden(seeded, tmp_path):
    found = tables(seeded.file(seeded.export(*TYPES)))
    hidden = set().union(*(HIDDEN[name] for name in TYPES))
    other = {
        name: [
            {h: f"{cell}1" if cell and h in hidden else cell for h, cell in row.items()}
            for row in rows
        ]
        for name, rows in found.items()
    }
    assert all(other[name] != found[name] for name in found) and len(found) == len(TYPES)
    seeded.misbehave(redact_customers=True)
    seeded.tell("sent")
    file = zipped({f"{name}.csv": text_of(rows) for name, rows in other.items()})
    confirm = {"changes": True}
    job = seeded.run_import(seeded.keep(tmp_path, file, name="all.zip", confirm=confirm))
    assert job.status == COMPLETED, job.error
    assert seeded.changes_sent() == []


def test_a_contact_is_added_by_id_where_names_are_hidden(seeded, tmp_path):
    companies, people = exported(seeded, "companies"), exported(seeded, "customers")
    there = {row["Customer: ID"] for row in companies}
    new = next(row["ID"] for row in people if row["Top Row"] and row["ID"] not in there)
    company = {"Name": companies[0]["Name"], "Customer: ID": new}
    seeded.misbehave(redact_customers=True)
    seeded.tell("sent")
    at = {"Location: Name": companies[0]["Location: Name"]}
    role = {**company, **at, "Customer: Location Role": "Ordering only"}
    told = "Customer: Location Role: the app may not read the roles of this company."
    assert came_of(seeded, tmp_path, "companies", role) == [("failed", told)]
    assert seeded.changes_sent() == []
    named = text_of([company | {"Customer: Email": "x@x.example"}])
    job = seeded.run_import(seeded.keep(tmp_path, named, type="companies"))
    assert job.counts == {"updated": 1}
    assert job.warnings[-1].endswith("so the columns are ignored: “Customer: Email”.")
    assert [one["field"] for one in seeded.changes_sent()] == ["companyAssignCustomerAsContact"]
