"""A whole workbook of one shop imported into another, empty one."""

import pytest

from models import db
from models.import_object import ImportObject
from models.job import COMPLETED, HELD, Job
from tests.transfer.importing.files import exported
from transfer.permissions import IMPORTS

TYPES = (
    "metaobject_definitions",
    "metafield_definitions",
    "files",
    "metaobjects",
    "collections",
    "products",
)
SEED = {
    "products": 4,
    "metafield_definitions": 21,
    "files": 4,
    "metaobject_definitions": 3,
    "metaobjects": 6,
    "collections": 9,
}


def workbook(store) -> bytes:
    return store.file(store.export(*TYPES, format="xlsx"))


def run(store, folder, data: bytes) -> Job:
    job = store.run_import(store.keep(folder, data, name="store.xlsx"))
    if job.status == HELD:
        limits = job.plan["limits"].items()
        job.apply({name: limit["count"] for name, limit in limits if limit["over"]})
        store.run_import(job)
    assert (job.status, job.error) == (COMPLETED, None)
    return job


def failures(job: Job) -> list[str]:
    query = db.select(ImportObject.comment).filter_by(job_id=job.id, result="failed")
    return list(db.session.scalars(query))


@pytest.fixture
def second(other_store):
    other_store.tell("reset", ids_after=9_000_000)
    other_store.tell("seed", products=0)
    return other_store


def test_a_store_comes_into_being_from_the_workbook_of_another(store, second, tmp_path):
    store.tell("seed", **SEED)
    store.key.permissions = second.key.permissions = list(IMPORTS)
    job = run(second, tmp_path, workbook(store))
    assert failures(job) == []
    for name, sheet, own in (
        ("metaobject_definitions", "", ("Type", "Name", "Field: Key", "Field: Type")),
        ("metafield_definitions", "", ("Owner Type", "Namespace", "Key", "Validation: Value")),
        ("metaobjects", "", ("Definition: Handle", "Handle", "Field", "Value")),
        ("files", "", ("File Name", "Alt Text")),
        ("collections", "Smart Collections", ("Handle", "Rule: Product Column", "Rule: Condition")),
        ("collections", "Custom Collections", ("Handle", "Product: Handle", "Sort Order")),
        ("products", "", ("Handle", "Title", "Variant SKU", "Variant Price", "Status")),
    ):
        first, other = exported(store, name, sheet), exported(second, name, sheet)
        wanted = {tuple(row[header] for header in own) for row in first}
        assert wanted <= {tuple(row[header] for header in own) for row in other}, name
    again = run(second, tmp_path, workbook(store))
    assert failures(again) == []
    assert set(again.counts) <= {"unchanged", "updated"}
    last = run(second, tmp_path, workbook(second))
    assert set(last.counts) == {"unchanged"}
