"""A database that is locked: calls are answered at once, and what they leave behind comes later."""

import sqlite3
import time
from contextlib import closing, contextmanager
from contextvars import Context
from dataclasses import dataclass

import pytest
from dbos import DBOSClient
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url

from background import notes, queueing
from models import db
from models.activity import Activity
from models.key_use import KeyDay
from tests.cast import ALICE, FETCH, id_token, make_key

pytestmark = pytest.mark.both_databases

CALLS, SECONDS = 20, 5
"""So many calls are answered in this time; each would wait for 30 seconds if it waited at all."""


@contextmanager
def locked(url: str, statement: str):
    """Nobody else writes: SQLite's file is locked, of PostgreSQL what the statement locks."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    engine = create_engine(url)
    with engine.connect() as other:
        other.exec_driver_sql(statement)
        yield
    engine.dispose()


@dataclass
class Call:
    app: Flask
    text: str
    key_id: int

    def __call__(self, method="GET", path="/key", **more):
        headers = {"Authorization": f"Bearer {self.text}"}
        client = FlaskClient(self.app)
        return Context().run(client.open, f"/api/v1{path}", method=method, headers=headers, **more)


@pytest.fixture
def call(app, shop):
    """A call with Alice's key that does not wait for what the app writes later."""
    key, text = make_key(shop, "products:export")
    call = Call(app, text, key.id)
    db.session.rollback()
    return call


@pytest.fixture
def own_database_locked(app):
    url = app.config["SETTINGS"].database_url
    return lambda: locked(url, "UPDATE api_keys SET name = name")


@pytest.fixture
def jobs_database_locked(app, jobs_database):
    url = app.config["SETTINGS"].jobs_database_url
    return lambda: locked(url, "LOCK TABLE dbos.workflow_status IN ACCESS EXCLUSIVE MODE")


def settled():
    assert notes.settle(60) and queueing.settle(60)
    db.session.rollback()


def enqueued(app, workflow_id):
    client = DBOSClient(system_database_url=app.config["SETTINGS"].jobs_database_url)
    try:
        return len(client.list_workflows(workflow_ids=[workflow_id]))
    finally:
        client.destroy()


def test_a_key_is_checked_while_its_use_cannot_be_written(app, call, own_database_locked):
    with own_database_locked():
        started = time.monotonic()
        answers = [call().status_code for _ in range(CALLS)]
        took = time.monotonic() - started
    assert (answers, took < SECONDS) == ([200] * CALLS, True)

    settled()
    app.extensions["key_counter"].flush()
    used = "SELECT last_used_at, last_address FROM api_keys"
    at, address = db.session.execute(db.text(used)).one()
    assert at is not None and address == "127.0.0.1"
    assert db.session.scalar(db.select(KeyDay.calls).filter_by(key_id=call.key_id)) == CALLS


def test_a_call_is_refused_while_that_cannot_be_recorded(call, own_database_locked):
    with own_database_locked():
        started = time.monotonic()
        answer = call("POST", "/exports", json={"types": ["orders"]})
        took = time.monotonic() - started
    assert (answer.status_code, took < SECONDS) == (403, True)

    settled()
    assert db.session.scalars(db.select(Activity.kind)).all() == ["key.refused"]


def test_a_job_starts_while_it_cannot_be_enqueued(app, call, jobs_database_locked):
    with jobs_database_locked():
        started = time.monotonic()
        answer = call("POST", "/exports", json={"types": ["products"]})
        took = time.monotonic() - started
    assert (answer.status_code, took < SECONDS) == (202, True)

    settled()
    assert enqueued(app, answer.json["id"]) == 1


def test_a_key_is_made_while_its_mail_cannot_be_enqueued(mailing, shop, jobs_database_locked):
    headers = FETCH | {"Authorization": f"Bearer {id_token(ALICE)}"}
    form = {"name": "Nightly", "expires": "90", "permission": "products:export"}
    db.session.rollback()
    with jobs_database_locked():
        started = time.monotonic()
        answer = Context().run(
            FlaskClient(mailing).post, "/settings/keys/", headers=headers, data=form
        )
        took = time.monotonic() - started
    assert (answer.status_code, took < SECONDS) == (200, True)

    settled()
    notice = db.session.scalar(db.text("SELECT id FROM notices"))
    assert enqueued(mailing, f"{notice}:0") == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite locks no rows
def test_one_locked_row_does_not_hold_up_the_notes_of_others(app, call, other_shop):
    other, text = make_key(other_shop, "products:export", name="Other")
    lock = f"UPDATE api_keys SET name = name WHERE id = {call.key_id}"
    db.session.rollback()
    with locked(app.config["SETTINGS"].database_url, lock):
        call()
        Context().run(
            FlaskClient(app).get, "/api/v1/key", headers={"Authorization": f"Bearer {text}"}
        )
        end = time.monotonic() + 20
        while time.monotonic() < end and not written(other.id):
            time.sleep(0.1)
        assert written(other.id) and not written(call.key_id)
    settled()
    assert written(call.key_id)


def written(key_id):
    db.session.rollback()
    at = db.session.scalar(
        db.text("SELECT last_used_at FROM api_keys WHERE id = :id"), {"id": key_id}
    )
    return at is not None
