"""What is recorded and its record are kept together or not at all, and so is the mail about it."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from models.job import Job
from models.notice import Notice
from models.shop import Shop
from shops.webhooks import handle
from tests.cast import ALICE, Merchant, id_token, make_key
from tests.forked import Program
from tests.webhooks import send

pytestmark = pytest.mark.both_databases

KEYS = "/settings/keys/"
EDIT = {"name": "New", "expires": "never", "permission": ["files:export"]}
NEW = EDIT | {"request_id": "q1"}
AGAIN = {"overlap": "day", "request_id": "q1"}
CHANGES = {
    "create": lambda alice, key: alice.post(KEYS, data=NEW),
    "edit": lambda alice, key: alice.put(f"{KEYS}{key}", data=EDIT),
    "rotate": lambda alice, key: alice.post(f"{KEYS}{key}/rotation", data=AGAIN),
    "rotate at once": lambda alice, key: alice.post(
        f"{KEYS}{key}/rotation", data=AGAIN | {"overlap": "none"}
    ),
    "disable": lambda alice, key: alice.put(f"{KEYS}{key}/disabled"),
    "delete": lambda alice, key: alice.delete(f"{KEYS}{key}"),
    "delete unneeded": lambda alice, key: alice.post(f"{KEYS}unneeded", data={"key": key}),
    "email": lambda alice, key: alice.put("/settings/email", data={"email": "new@x.com"}),
    "cancel": lambda alice, key: alice.post("/settings/jobs/exp_running/cancel"),
    "again": lambda alice, key: alice.post("/settings/jobs/exp_running/again"),
}
"""What a merchant can do that is recorded."""

DIES = """
import json, os, sys
from sqlalchemy import event
from app import create_app
from models.activity import Activity

event.listen(Activity, "after_insert", lambda *_: os._exit(9))
method, path, headers = json.loads(sys.argv[1])
create_app().test_client().open(path, method=method, headers=headers)
"""


@contextmanager
def full_trail():
    """A database that takes no activity any more."""
    sqlite = db.engine.dialect.name == "sqlite"
    begin, end = (
        (
            "CREATE TRIGGER full_trail BEFORE INSERT ON activities "
            "BEGIN SELECT RAISE(ABORT, 'the trail is full'); END",
            "DROP TRIGGER full_trail",
        )
        if sqlite
        else (
            "ALTER TABLE activities ADD CONSTRAINT full_trail CHECK (false) NOT VALID",
            "ALTER TABLE activities DROP CONSTRAINT full_trail",
        )
    )
    for statement in (begin, None, end):
        if statement is None:
            yield
            continue
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def everything():
    db.session.rollback()
    tables = (Shop, ApiKey, Job, Activity, Notice)
    return [db.session.execute(db.select(table.__table__)).all() for table in tables]


@pytest.fixture
def key(shop):
    """A key that nobody used, of a shop with a job that runs; its id and text."""
    key, text = make_key(shop, "products:export")
    key.created_at = now() - timedelta(days=31)
    job = {"shop_id": shop.id, "key_id": key.id, "kind": "export", "types": ["products"]}
    db.session.add(Job(id="exp_running", status="running", **job))
    db.session.commit()
    return key.id, text


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_cannot_be_recorded_is_not_made(app, key, change, jobs_database):
    alice, before = Merchant(app, ALICE), everything()
    with full_trail():
        assert CHANGES[change](alice, key[0]).status_code in (409, 500)
    assert everything() == before
    assert CHANGES[change](alice, key[0]).status_code == 200
    assert len(everything()[3]) == 1


def test_a_leak_that_cannot_be_recorded_ends_no_key_and_is_tried_again(app, key):
    before = everything()
    report = {"json": {"key": key[1]}}
    with full_trail():
        assert app.test_client().post("/api/v1/leaked-keys", **report).status_code == 500
    assert everything() == before
    assert app.test_client().post("/api/v1/leaked-keys", **report).status_code == 204
    assert len(everything()[4]) == 1


def test_an_uninstall_that_cannot_be_recorded_is_asked_for_again(app, key, jobs_database):
    before = everything()
    assert send(app, domain=ALICE, Webhook_Id="w-1").status_code == 200
    with full_trail():
        with pytest.raises(IntegrityError):
            handle("w-1")
        assert everything()[1:] == before[1:]
    handle("w-1")
    assert len(everything()[3]) == 2  # the key's end and the job's


def test_a_process_killed_between_the_change_and_its_record_leaves_neither(
    app, key, environment, tmp_path
):
    before = everything()
    headers = {"Authorization": f"Bearer {id_token(ALICE)}", "HX-Request": "true"}
    asked = json.dumps(["DELETE", f"{KEYS}{key[0]}", headers])
    died = Program(["-c", DIES, asked], environment, tmp_path / "died.log")
    assert died.wait(180) == 9
    assert everything() == before
