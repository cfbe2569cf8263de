"""The minute's sweep: secrets first, every shop alike, and no look at what needs no look."""

import re
from datetime import timedelta

import pytest
from dbos import DBOSClient
from sqlalchemy import Engine, event

from background import queueing
from jobs import workflows
from mail import outbox
from models import db, now
from models.job import EXPORT, Job, new_id
from shops import webhooks
from tests.cast import make_key

pytestmark = pytest.mark.both_databases

MANY, AT_ONCE = 960, workflows.ENQUEUED_AT_ONCE
SWEPT = ("api_keys", "jobs", "activities", "key_days", "permission_uses", "notices")


def queued(shop, key, count, minutes=10):
    at = now() - timedelta(minutes=minutes)
    ids = [new_id(EXPORT) for _ in range(count)]
    rows = [
        {
            "id": job_id,
            "shop_id": shop.id,
            "key_id": key.id,
            "kind": EXPORT,
            "types": ["shop"],
            "created_at": at + timedelta(milliseconds=number),
        }
        for number, job_id in enumerate(ids)
    ]
    db.session.execute(db.insert(Job), rows)
    db.session.commit()
    return ids


@pytest.fixture
def statements(app):
    """What is sent to our own database, with its parameters."""
    seen = []

    def note(_connection, _cursor, sql, parameters, _context, many):
        if not many and re.match("SELECT|UPDATE|DELETE", sql):
            seen.append((sql, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def known(app, jobs_database):
    """The ids of the workflows that the jobs database has of these."""
    client = DBOSClient(system_database_url=app.config["SETTINGS"].jobs_database_url)

    def of(ids):
        assert queueing.settle(60)
        found = client.list_workflows(workflow_ids=ids, load_input=False)
        return {workflow.workflow_id for workflow in found}

    yield of
    client.destroy()


@pytest.fixture
def inserts(app, jobs_database):
    """The rows that are added to the jobs database, counted by its own engine events."""
    seen = []

    def note(connection, _cursor, sql, *_rest):
        if "workflow_status" in sql and sql.lstrip().startswith("INSERT"):
            seen.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def test_secrets_are_erased_before_anything_else(shop):
    key, _ = make_key(shop, "products:export")
    key.reveal_until = now() - timedelta(seconds=1)
    db.session.commit()
    done = []

    def step(function):
        done.append(function)
        if len(done) == 1:
            function()
            return
        db.session.refresh(key)
        assert key.secret_box is None

    workflows.sweep(step)
    assert done[0] is workflows.erase
    assert workflows.enqueue_waiting in done and outbox.sweep in done and webhooks.sweep in done


def test_the_many_jobs_of_one_shop_hold_up_no_other(shop, other_shop, known):
    crowd = queued(shop, make_key(shop, "shop:export")[0], MANY)
    [other] = queued(other_shop, make_key(other_shop, "shop:export")[0], 1, minutes=1)
    workflows.enqueue_waiting()
    assert known([other]) == {other}
    assert known(crowd) == set(crowd[: AT_ONCE - 1])

    workflows.enqueue_waiting()
    assert known(crowd) == set(crowd[: 2 * AT_ONCE - 1])


def test_jobs_that_are_in_the_queue_are_not_enqueued_again(shop, known, inserts):
    crowd = queued(shop, make_key(shop, "shop:export")[0], 30)
    workflows.enqueue_waiting()
    assert (known(crowd), len(inserts)) == (set(crowd), 30)
    workflows.enqueue_waiting()
    assert queueing.settle(60) and len(inserts) == 30


def test_the_sweep_looks_at_no_row_that_it_does_not_want(app, shop, statements):
    """Tables that grow are searched by an index: the plan of each statement says so."""
    queued(shop, make_key(shop, "shop:export")[0], 3)
    statements.clear()
    workflows.erase()
    Job.waiting(10)
    outbox.sweep()
    webhooks.sweep()
    looked = [plan(*statement) for statement in statements]
    assert len(looked) > 10
    found = re.compile(rf"(SCAN|Seq Scan on) ({'|'.join(SWEPT)})\b(?! USING INDEX)")
    assert [text for text in looked if found.search(text)] == []


def plan(sql, parameters):
    """How the database would run this, if it may choose to look at a whole table only in need."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
            return sql + "\n" + "\n".join(row[3] for row in rows)
        connection.exec_driver_sql("SET enable_seqscan = off")
        rows = connection.exec_driver_sql(f"EXPLAIN {sql}", parameters)
        lines = "\n".join(row[0] for row in rows)
        connection.exec_driver_sql("SET enable_seqscan = on")
        return f"{sql}\n{lines}"
