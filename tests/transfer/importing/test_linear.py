"""A row costs the same, however many rows there are: counted in steps of SQLite's machine."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from models import db
from models.import_object import ImportObject
from models.import_row import ImportRow
from models.import_sheet import ImportSheet
from models.import_state import ImportState
from models.job import APPLYING, IMPORT, Job, new_id
from tests.jobs.test_workflows import rows
from transfer.importing import planning, steps

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The machine whose steps are counted is SQLite's."""

FEW, TIMES = 100, 4
AT_MOST = 1.3 * TIMES
EACH = 20
"""Steps after which they are counted: to be told of each takes longer than the steps."""


@contextmanager
def counted():
    """A list of one number: how many times ``EACH`` steps the database has taken."""
    count = [0]

    def on_progress() -> int:
        count[0] += 1
        return 0

    def checked_out(connection, *_: object) -> None:
        connection.set_progress_handler(on_progress, EACH)

    def checked_in(connection, *_: object) -> None:
        connection.set_progress_handler(None, 0)

    db.session.rollback()
    event.listen(db.engine, "checkout", checked_out)
    event.listen(db.engine, "checkin", checked_in)
    try:
        yield count
    finally:
        db.session.rollback()
        event.remove(db.engine, "checkout", checked_out)
        event.remove(db.engine, "checkin", checked_in)


def planned(store, folder, size: int) -> int:
    """What it takes to unpack and plan a file of so many rows."""
    job_id = store.keep(folder, rows(0, size).replace("NEW", "UPDATE"), dry_run=True).id
    with counted() as count:
        assert steps.begin(job_id) and steps.unpack(job_id)
        while planning.make_plan(job_id):
            pass
    assert db.session.get_one(Job, job_id).counts == {"skipped": size}
    return count[0]


def writing(store, size: int) -> int:
    """What it takes to look at so many planned objects, all of which somebody has deleted."""
    job_id = new_id(IMPORT)
    of = {"shop_id": store.shop.id, "key_id": store.key.id}
    job = Job(id=job_id, kind=IMPORT, types=["redirects"], status=APPLYING, **of)
    headers = ["Path", "Target"]
    job.sheets = [ImportSheet("redirects", headers=headers, rows=size)]
    job.import_state = ImportState(planned=size + 1)
    db.session.add(job)
    db.session.flush()
    for number in range(2, size + 2):
        planned = {"action": "update", "ref": f"gid://shopify/UrlRedirect/{number}"}
        db.session.add(ImportRow(job_id=job_id, number=number, object=number, cells=["/a"]))
        db.session.add(ImportObject(job_id=job_id, number=number, key=f"/{number}", **planned))
    db.session.commit()
    with counted() as count:
        while steps.apply(job_id):
            pass
    assert db.session.get_one(Job, job_id).counts == {"conflict": size}
    return count[0]


def test_planning_is_linear(store, small_batches, tmp_path):
    many, few = planned(store, tmp_path, TIMES * FEW), planned(store, tmp_path, FEW)
    assert many < AT_MOST * few, (many, few)


def test_writing_one_by_one_is_linear(store, small_batches):
    many, few = writing(store, TIMES * FEW), writing(store, FEW)
    assert many < AT_MOST * few, (many, few)
