"""Columns that Shopify hides from the app are never written: it does not know what is there."""

import pytest

from models import db
from models.job import COMPLETED
from tests.transfer.exporting.test_redacted import HIDDEN, SEED
from tests.transfer.importing.contract import WRITTEN, imported, not_of, table
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
