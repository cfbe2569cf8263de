"""The database is gone for ten seconds: the worker loses and doubles nothing, the pages say so."""

import sqlite3
import time
from contextlib import closing, contextmanager

import psycopg
from sqlalchemy import make_url

from models import db
from models.job import COMPLETED
from models.notice import Notice
from tests.transfer.test_workflows import COUNT, rows, wait_for
from transfer.jobs import enqueue
from transfer.name_lock import lock_for
from transfer.notices import SENDERS

AWAY, PATIENCE = 10, 60
AT_ONCE = 8
MAILS = 6
GONE = "Our database does not answer. Try again in a minute."


@contextmanager
def away(url: str):
    """Nobody reaches this database until the block ends; SQLite is only kept from being written."""
    if url.startswith("sqlite"):
        path = make_url(url).database
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


def test_a_database_that_is_gone_for_ten_seconds_loses_and_doubles_nothing(
    store, mailing, post, working, database_url, tmp_path
):
    """Mail that is under way when it goes may be sent twice, under one Message-ID."""
    post.before_answer = lambda: time.sleep(0.15)
    job = store.keep(tmp_path, rows(0, 250))
    enqueue(job)
    with working(MAIL_URL=post.url, MAIL_FROM="Altera <altera@example.com>"):
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
    assert (job.status, job.counts) == (COMPLETED, {"created": 250})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == 250
    by_id = {mail["Message-ID"]: mail["Subject"] for _, mail in post.mails}
    assert unsent() == 0
    assert sorted(by_id.values()) == [f"Word {number}" for number in range(MAILS)]
    assert len(post.mails) <= MAILS + SENDERS


def unsent() -> int:
    db.session.rollback()
    return len(Notice.unsent(100))
