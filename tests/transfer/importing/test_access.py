"""Imports into a store that has not granted what they take."""

from models import db
from models.job import COMPLETED, HELD
from tests.transfer.importing.files import exported, text_of
from transfer.permissions import known_permissions

FILE = text_of([{"Link": "https://pictures.example/hut.png"}])
SENTENCE = (
    "The store has not granted write_files yet, so nothing was changed. Open the app in the "
    "Shopify admin, accept the new permissions, and apply the plan."
)


def test_the_plan_is_kept_until_the_store_grants_what_it_takes(store, tmp_path):
    store.shop.scopes = "read_files,write_products"
    store.key.permissions = known_permissions({"files:import"})
    db.session.commit()
    job = store.run_import(store.keep(tmp_path, FILE, type="files"))
    assert (job.status, job.counts, job.warnings) == (HELD, {"created": 1}, [SENTENCE])
    assert job.apply({})
    store.run_import(job)
    assert (job.status, job.counts, job.warnings) == (HELD, {"created": 1}, [SENTENCE])
    assert exported(store, "files") == []
    store.shop.scopes = "write_files,write_products"
    db.session.commit()
    assert job.apply({})
    store.run_import(job)
    assert (job.status, job.counts, job.warnings) == (COMPLETED, {"created": 1}, [])
    assert len(exported(store, "files")) == 1


def test_a_dry_run_takes_nothing(store, tmp_path):
    store.shop.scopes = "read_files"
    db.session.commit()
    job = store.run_import(store.keep(tmp_path, FILE, type="files", dry_run=True))
    assert job.status != HELD and job.warnings == []
