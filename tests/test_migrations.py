"""The migrations make what the models say, and take it away again, on both databases."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app import create_app
from config import read
from models import db, now
from models.activity import SYSTEM, Activity, record
from models.api_key import ApiKey
from models.import_object import ImportObject
from models.import_row import ImportRow
from models.import_sheet import ImportSheet
from models.import_state import ImportState
from models.job import EXPORT, IMPORT, Job, new_id
from models.shop import Shop
from models.tables import TABLES
from tests.cast import ALICE, BOB, authenticate, make_key, make_shop
from tests.databases import fresh_database
from transfer.importing.rows import results_jsonl

pytestmark = pytest.mark.both_databases

HEAD = "head"
DIRECTORY = Path(__file__).parent.parent / "migrations"
Story = Iterator[str]
"""What is in the database, and what becomes of it: yields the revision that it waits for."""


@pytest.fixture
def empty_app(environment, database_url, tmp_path):
    """The app on a database without a single table."""
    if database_url.startswith("sqlite"):
        yield create_app(read(environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}))
        return
    migrated = fresh_database(database_url, "migrated")
    yield create_app(read(environment | {"DATABASE_URL": migrated}))


def test_migrations_make_what_the_models_say_keep_what_is_known_and_take_it_back(empty_app):
    """The database goes down and up, and each story goes on when it is where the story waits."""
    with empty_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, db.metadata) == []
        stories = (
            rows_outlive_each_step_down_and_the_way_up(),
            what_is_known_of_old_rows_is_kept_in_the_new_form(),
            results_of_earlier_imports_move_to_their_objects_and_back(),
            the_columns_of_earlier_imports_become_their_only_sheet_and_back(),
        )
        waiting = {story: next(story) for story in stories}
        db.session.remove()
        while waiting:
            lower = [revision for revision in waiting.values() if revision != HEAD]
            at = max(lower, default=HEAD)
            if lower:
                downgrade(revision=at)
            else:
                upgrade()
            for story in [story for story, revision in waiting.items() if revision == at]:
                if wanted := next(story, ""):
                    waiting[story] = wanted
                else:
                    del waiting[story]
                db.session.remove()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
        db.engine.dispose()


def rows_outlive_each_step_down_and_the_way_up() -> Story:
    shop = make_shop()
    key, full = make_key(shop, "products:export")
    record(shop.id, "key.created", actor_kind=SYSTEM, key_id=key.id)
    job = Job(id=new_id(EXPORT), shop_id=shop.id, key_id=key.id, kind=EXPORT, types=["shop"])
    db.session.add(job)
    db.session.commit()
    ids: dict[str, int | str] = {"shops": shop.id, "api_keys": key.id, "jobs": job.id}
    yield HEAD  # the others come first: what they know is lost further down
    for revision in revisions()[-2::-1]:
        yield revision
        for table, id in ids.items():
            count = text(f"SELECT count(*) FROM {table} WHERE id = :id")
            assert db.session.scalar(count, {"id": id}) == 1, (revision, table)
    yield HEAD
    caller = authenticate(full)
    assert caller and caller.permissions == {"products:export"}
    assert db.session.get_one(Job, ids["jobs"]).types == ["shop"]
    db.session.delete(Shop.by_domain(ALICE))
    with pytest.raises(IntegrityError):
        db.session.flush()


def what_is_known_of_old_rows_is_kept_in_the_new_form() -> Story:
    """When a permission was granted, that an address gets mail, how long a key worked on."""
    shop = make_shop("old.myshopify.com")
    make_shop(BOB, contact_email=None)
    key, _ = make_key(shop, "products:export", "files:export")
    granted = record(shop.id, "key.changed", actor_kind=SYSTEM, key_id=key.id)
    granted.detail = {"added": ["files:export"]}
    granted.at = key.created_at + timedelta(days=3)
    at = {"products:export": key.created_at, "files:export": granted.at}
    record(shop.id, "key.rotated", actor_kind=SYSTEM, key_id=key.id, overlap="week")
    db.session.commit()
    key_id, of_shop = key.id, {"shop_id": shop.id, "kind": "key.rotated"}
    yield "0008"
    old = text("SELECT detail FROM activities WHERE kind = :kind AND shop_id = :shop_id")
    assert "7 days" in str(db.session.scalar(old, of_shop))
    yield HEAD
    key = db.session.get_one(ApiKey, key_id)
    assert {name: key.granted_since(name) for name in key.permissions} == at
    alice, bob = Shop.by_domain("old.myshopify.com"), Shop.by_domain(BOB)
    assert alice and alice.confirmed_email == "ops@example.com"
    assert bob and bob.contact_confirmed_at is None
    [rotated] = db.session.scalars(db.select(Activity).filter_by(**of_shop))
    assert rotated.detail == {"overlap": "week"}


def results_of_earlier_imports_move_to_their_objects_and_back() -> Story:
    rows: list[dict[str, Any]] = [
        {"number": 2, "ref": "gid://shopify/UrlRedirect/7", "tried": "create", "result": "created"},
        {"number": 3, "ref": None, "tried": None, "result": "skipped"},
        {"number": 4, "ref": None, "tried": "update", "result": None},
    ]
    insert = text(
        "INSERT INTO import_rows (job_id, number, cells, key, ref, tried, result, comment) "
        "VALUES ('imp_rows', :number, '[\"/a\"]', '/a', :ref, :tried, :result, 'Words.')"
    )
    shop = make_shop("rows.myshopify.com")
    key, _ = make_key(shop, "redirects:import")
    of = {"shop_id": shop.id, "key_id": key.id, "kind": IMPORT, "types": ["redirects"]}
    db.session.add(Job(id="imp_rows", sheets=[ImportSheet("redirects", headers=["Path"])], **of))
    db.session.commit()
    yield "0009"
    db.session.execute(insert, rows)
    db.session.commit()
    yield HEAD
    job = db.session.get_one(Job, "imp_rows")
    assert job.import_state == ImportState()
    assert job.sheets == [ImportSheet("redirects", headers=["Path"])]
    assert [line.split(b'"Import Result":')[1] for line in results_jsonl(job)] == [
        b'"created","Import Comment":"Words."}\n',
        b'"skipped","Import Comment":"Words."}\n',
        b'"","Import Comment":""}\n',
    ]
    planned = db.session.get_one(ImportObject, ("imp_rows", 2))
    assert (planned.action, planned.ref, planned.tried) == ("create", rows[0]["ref"], True)
    assert ImportRow.counts("imp_rows") == {"created": 1, "skipped": 1}
    yield "0009"
    found = db.session.execute(text("SELECT number, ref, result FROM import_rows"))
    assert sorted(found.all()) == [(row["number"], row["ref"], row["result"]) for row in rows]


def the_columns_of_earlier_imports_become_their_only_sheet_and_back() -> Story:
    insert = text("""INSERT INTO jobs
      (id, shop_id, key_id, kind, types, format, filters, dry_run, status, done, rows, warnings,
        headers, counts, operations, options, progress, series, started_by, stored_bytes,
        created_at)
      VALUES ('imp_old', :shop, :key, 'import', '["redirects"]', 'csv', '{}', :no, 'completed',
        2, 2,
        '[]', '["Path", "Target"]', '{}', '{}', '{}', '{}', '', '', 0, :now)""")
    shop = make_shop("columns.myshopify.com")
    key, _ = make_key(shop, "redirects:import")
    db.session.commit()
    of = {"shop": shop.id, "key": key.id, "no": False, "now": now()}
    yield "0012"
    db.session.execute(insert, of)
    db.session.commit()
    yield HEAD
    whole = ImportSheet("redirects", headers=["Path", "Target"], rows=2)
    assert db.session.get_one(Job, "imp_old").sheets == [whole]
    yield "0012"
    kept = db.session.execute(text("SELECT headers FROM jobs WHERE id = 'imp_old'")).scalar_one()
    assert (json.loads(kept) if isinstance(kept, str) else kept) == ["Path", "Target"]


def revisions() -> list[str]:
    """The revisions, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(DIRECTORY))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return [revision.revision for revision in found][::-1]


def test_every_table_is_listed():
    assert {table.__tablename__ for table in TABLES} == set(db.metadata.tables)


def test_each_migration_follows_one_other(application):
    """Two with the same number, of two branches that were merged, stop every upgrade."""
    files = sorted(path.name[:4] for path in (DIRECTORY / "versions").glob("0*.py"))
    assert revisions() == files
