"""Columns that Shopify hides from the app are never written: it does not know what is there."""

import pytest

from models import db
from models.job import COMPLETED
from tests.transfer.exporting.test_redacted import HIDDEN, SEED
from tests.transfer.importing.contract import WRITTEN, imported, not_of, table
from tests.transfer.importing.files import came_of, exported, text_of
from transfer.permissions import IMPORTS

TYPES = [name for name in HIDDEN if name in WRITTEN and name != "companies"]
"""Of companies Shopify refuses the app the whole read: the import fails before it writes."""


@pytest.fixture
def seeded(store):
    store.tell("seed", **SEED)
    store.key.permissions = list(IMPORTS)
    db.session.commit()
    return store


@pytest.mark.parametrize("name", TYPES)
def test_what_was_exported_without_them_changes_nothing(seeded, tmp_path, name):
    seeded.misbehave(redact_customers=True)
    rows = table(seeded.file(seeded.export(name)))
    seeded.tell("sent")
    job = imported(seeded, tmp_path, name, "", rows)
    assert (job.status, job.error, not_of(job, "unchanged")) == (COMPLETED, None, [])
    seeded.misbehave()
    rows_now = table(seeded.file(seeded.export(name)))
    assert seeded.changes_sent() == []
    job = imported(seeded, tmp_path, name, "", rows)
    assert not_of(job, "unchanged") == [] and len(rows_now[0]) > len(rows[0])


@pytest.mark.parametrize("name", TYPES)
def test_a_file_that_has_them_writes_none_while_they_are_hidden(seeded, tmp_path, name):
    rows = table(seeded.file(seeded.export(name)))
    places = [rows[0].index(header) for header in HIDDEN[name]]
    for row in rows[1:]:
        for place in places:
            row[place] = row[place] and f"{row[place]}1"
    seeded.misbehave(redact_customers=True)
    seeded.tell("sent")
    job = imported(seeded, tmp_path, name, "", rows, confirm={"changes": True})
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
