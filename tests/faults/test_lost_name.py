"""PostgreSQL ends the connection that holds a worker's name: the name is never held by two."""

import signal
import time

import psycopg
import pytest

from jobs.name_lock import AdvisoryLock, lock_for
from jobs.worker_name import acquire
from models.job import COMPLETED
from queues import enqueue
from tests.forked import Program
from tests.jobs.test_workflows import COUNT, ROWS, rows, wait_for

pytestmark = pytest.mark.both_databases

NAME = "same"
HOLDER = """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
            AND (classid::bigint << 32 | objid::bigint) = %s"""
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""On SQLite a name is the lock of a file, which no database can end."""


@pytest.fixture
def holder(app, database_url):
    """A function that tells which connections hold the name, and ends them if asked to."""
    lock = lock_for(NAME, app.config["SETTINGS"].jobs_database_url)
    assert isinstance(lock, AdvisoryLock)
    with psycopg.connect(database_url, autocommit=True) as connection:

        def holder(*, end: bool = False) -> list[int]:
            pids = [pid for [pid] in connection.execute(HOLDER, [lock.number])]
            for pid in pids if end else ():
                connection.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            return pids

        yield holder


def until(true) -> None:
    for _ in range(2400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


@on_postgresql
def test_a_name_that_is_lost_is_taken_again_at_once(store, working, holder, environment, tmp_path):
    job = store.keep(tmp_path, rows(0, ROWS))
    enqueue(job)
    with working(NAME) as first:
        wait_for(job, done=20)
        [lost] = holder(end=True)
        until(lambda: holder() not in ([], [lost]))
        once = environment | {"WORKER_NAME": NAME, "WORKER_NAME_SECONDS": "1"}
        assert Program(["worker"], once, tmp_path / "second.log").wait(180) == 1
        assert f"Another worker named {NAME} is running" in (tmp_path / "second.log").read_text()
        wait_for(job)
    said = [line["event"] for line in first.logged() if line["logger"] == "jobs.worker_name"]
    assert said == [
        "The database has ended the connection that holds this worker's name.",
        "This worker holds its name again.",
    ]
    assert (job.status, job.counts) == (COMPLETED, {"created": ROWS})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == ROWS


@on_postgresql
def test_a_worker_that_finds_its_name_taken_ends_at_once(app, store, working, holder, tmp_path):
    """The other was faster: it goes on with the work, so this one may not."""
    job = store.keep(tmp_path, rows(0, ROWS))
    enqueue(job)
    with pytest.raises(AssertionError), working(NAME) as first:
        wait_for(job, done=20)
        first.process.send_signal(signal.SIGSTOP)
        holder(end=True)
        other = acquire(NAME, app.config["SETTINGS"].jobs_database_url, patience=10)
        first.process.send_signal(signal.SIGCONT)
        first.process.wait(60)
    assert first.process.returncode == 1
    [told] = [line for line in first.logged() if line["level"] == "critical"]
    assert "Another worker took this one's name" in told["event"]
    other.release()
    with working(NAME):
        wait_for(job)
    assert (job.status, job.counts) == (COMPLETED, {"created": ROWS})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == ROWS
