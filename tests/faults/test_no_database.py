"""The database is gone for ten seconds: the worker loses and doubles nothing, the pages say so."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import httpx
import psycopg
import pytest
from sqlalchemy import event, make_url

from jobs.name_lock import lock_for
from mail.outbox import SENDERS
from models import db
from models.job import COMPLETED
from models.notice import Notice
from queues import enqueue
from tests.cast import ALICE, FETCH, Merchant, Script, id_token, make_key
from tests.jobs.test_workflows import COUNT, ROWS, rows, wait_for
from tests.processes import PLAIN
from tests.servers import web

pytestmark = pytest.mark.slow

AWAY, PATIENCE = 10, 240
AT_ONCE = 8
MAILS = 6
GONE = "Our database is not responding. Try again in a minute."


@contextmanager
def away(url: str):
    """Nobody reaches this database until the block ends; SQLite is only kept from being written."""
    if url.startswith("sqlite"):
        path = make_url(url).database or ""
        with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as first:
            first.execute("BEGIN EXCLUSIVE")
            yield
            first.execute("ROLLBACK")
        return
    parsed = make_url(url)
    name = parsed.database
    other = url.replace(f"/{name}?", "/template1?")
    with psycopg.connect(other, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def let_go() -> None:
    """The test's own connections end; they are no part of what happens."""
    db.session.rollback()
    db.engine.dispose()


@pytest.mark.both_databases
def test_a_database_that_is_gone_for_ten_seconds_loses_and_doubles_nothing(
    store, mailing, post, working, database_url, tmp_path
):
    """Mail that is under way when it goes may be sent twice, under one Message-ID."""
    post.before_answer = lambda: time.sleep(0.15)
    job = store.keep(tmp_path, rows(0, ROWS))
    enqueue(job)
    with working(RETRY_SECONDS="0.5", MAIL_URL=post.url, MAIL_FROM="Altera <altera@example.com>"):
        wait_for(job, done=30)
        for number in range(MAILS):
            facts = {"subject": f"Word {number}", "body": "Good day."}
            Notice.add(store.shop.id, "api.notice", "ops@example.com", facts)
        db.session.commit()
        let_go()
        with away(database_url):
            time.sleep(AWAY)
        wait_for(job)
        end = time.monotonic() + PATIENCE
        while unsent() and time.monotonic() < end:
            time.sleep(0.1)
        lock = lock_for(tmp_path.name, mailing.config["SETTINGS"].jobs_database_url)
        assert not lock.take(), "the worker has its name again"
    assert (job.status, job.counts) == (COMPLETED, {"created": ROWS})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == ROWS
    by_id = {mail["Message-ID"]: mail["Subject"] for _, mail in post.mails}
    assert unsent() == 0
    assert sorted(by_id.values()) == [f"Word {number}" for number in range(MAILS)]
    assert len(post.mails) <= MAILS + SENDERS


def unsent() -> int:
    db.session.rollback()
    return len(Notice.unsent(100))


@pytest.fixture
def visit(store, environment, tmp_path):
    """Functions that call a server: for the page, as a program, for its readiness."""
    with web(environment, tmp_path, WEB_CONCURRENCY="1") as server, httpx.Client(**PLAIN) as c:
        key, email = {"Authorization": f"Bearer {store.key_text}"}, {"email": "new@example.com"}
        pages = f"{server.url}/settings"

        def merchant():
            """Her token is good for a minute, and this takes longer."""
            return FETCH | {"Authorization": f"Bearer {id_token(ALICE)}"}

        yield {
            "page": lambda: c.get(f"{pages}/keys/", params={"id_token": id_token(ALICE)}),
            "save": lambda: c.put(f"{pages}/email", data=email, headers=merchant()),
            "program": lambda: c.get(f"{server.url}/api/v1/key", headers=key),
            "jobs": lambda: c.get(f"{server.url}/api/v1/exports", headers=key),
            "alive": lambda: c.get(f"{server.url}/healthz"),
            "ready": lambda: c.get(f"{server.url}/readyz"),
        }


def codes(visit) -> set[int]:
    """What a call to each place answers, many at once: every thread of the server is asked."""
    places = [visit[place] for place in ("page", "program", "jobs") for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return {answer.status_code for answer in pool.map(lambda call: call(), places)}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_postgresql_everybody_is_told_to_wait_and_is_served_again_at_once(
    visit, database_url
):
    assert codes(visit) == {200}
    let_go()
    with away(database_url):
        pass
    assert codes(visit) == {200}, "nobody meets a connection that ended unseen"
    with away(database_url):
        end = time.monotonic() + AWAY
        while time.monotonic() < end:
            assert codes(visit) == {503}
            time.sleep(4)
        page, told, ready = visit["page"](), visit["jobs"](), visit["ready"]()
        assert visit["save"]().status_code == 503
        assert visit["alive"]().status_code == 200
    assert codes(visit) == {200}
    assert visit["save"]().status_code == 200
    assert GONE in page.text and f"https://{ALICE}" in page.headers["Content-Security-Policy"]
    assert told.json() | {"code": "database_unavailable", "detail": GONE} == told.json()
    assert told.headers["Retry-After"] == "10"
    assert (ready.status_code, ready.json()["missing"]) == (503, ["database"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_sqlite_cannot_be_written_pages_are_read_and_what_is_saved_waits(visit, database_url):
    assert codes(visit) == {200}
    let_go()
    with ThreadPoolExecutor(1) as pool:
        with away(database_url):
            saved = pool.submit(visit["save"])
            end = time.monotonic() + AWAY
            while time.monotonic() < end:
                assert codes(visit) == {200}
                time.sleep(4)
            assert not saved.done()
        assert saved.result().status_code == 200
    assert "new@example.com" in visit["page"]().text


CALLS = {
    "keys": lambda alice, script, key: alice.get("/settings/keys/"),
    "email": lambda alice, script, key: alice.put("/settings/email", data={"email": "b@b.com"}),
    "create": lambda alice, script, key: alice.post(
        "/settings/keys/", data={"permission": "shop:export", "expires": "90"}
    ),
    "rotate": lambda alice, script, key: alice.post(
        f"/settings/keys/{key}/rotation", data={"overlap": "day"}
    ),
    "delete": lambda alice, script, key: alice.delete(f"/settings/keys/{key}"),
    "jobs": lambda alice, script, key: alice.get("/settings/jobs/"),
    "activity": lambda alice, script, key: alice.get("/settings/activity/"),
    "export": lambda alice, script, key: script.post("/exports", json={"types": ["shop"]}),
    "file": lambda alice, script, key: script.get("/exports/exp_1/file"),
}


@contextmanager
def gone_after(statements: int):
    """The database takes so many statements of this thread and then is gone."""
    here, left = threading.get_ident(), [statements]

    def stop(*_call):
        if threading.get_ident() == here:
            left[0] -= 1
            if left[0] < 0:
                raise psycopg.OperationalError("the connection is lost")

    event.listen(db.engine, "before_cursor_execute", stop)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", stop)
        db.session.rollback()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.usefixtures("jobs_database")
def test_a_database_that_goes_in_the_middle_of_a_call_is_told_in_words(app, shop, name):
    key, text = make_key(shop, "shop:export")
    alice, script, key_id = Merchant(app, ALICE), Script(app, text), key.id
    for statements in range(60):
        with gone_after(statements):
            answer = CALLS[name](alice, script, key_id)
        if answer.status_code != 503:
            break
        assert GONE in answer.text
    assert answer.status_code < 500 and statements > 0, answer.text
