"""The worker itself: jobs run, and a worker that is killed goes on where it was."""

import time

import pytest

from models import db
from models.import_row import ImportRow
from models.job import COMPLETED, MOVING, Job
from queues import enqueue
from tests.servers import worker
from worker import make_database

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]

PATIENCE = 240
COUNT = "query { urlRedirectsCount(limit: null) { count } }"
ROWS = 120
"""More than the hundred that a worker writes in one step, so that an import can be met between two
of them."""


@pytest.fixture
def working(app, environment, tmp_path):
    """A context that runs a worker, always under the same name, from when it is ready."""
    make_database(app.config["SETTINGS"].jobs_database_url)

    def working():
        return worker(environment, tmp_path, tmp_path.name)

    return working


def wait_for(job: Job, *, done: int | None = None) -> Job:
    """Wait until a job is over, or until so many of its rows have a result."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        db.session.rollback()
        db.session.refresh(job)
        if done is None and job.status not in MOVING:
            return job
        if done is not None and sum(ImportRow.counts(job.id).values()) >= done:
            return job
        time.sleep(0.1 if done is None else 0.05)
    raise AssertionError(f"{job.status}: {job.error}")


def rows(first: int, last: int) -> str:
    return "Path,Command,Target\n" + "".join(f"/p{n},NEW,/t\n" for n in range(first, last))


def test_jobs_run_and_the_worker_stops_when_asked(store, working, tmp_path):
    store.add_redirect("/a", "/b")
    imported = store.keep(tmp_path, rows(0, 3))
    enqueue(imported)
    enqueue(imported)
    with working():
        assert wait_for(imported).counts == {"created": 3}
        exported = store.start("redirects")
        enqueue(exported)
        assert (wait_for(exported).status, exported.rows) == (COMPLETED, 4)


def test_a_killed_worker_does_nothing_twice(store, working, tmp_path):
    job = store.keep(tmp_path, rows(0, ROWS))
    enqueue(job)
    for done in (20, 70, 110):
        with working() as server:
            wait_for(job, done=done)
            server.process.kill()
    with working():
        wait_for(job)
    assert (job.status, job.counts) == (COMPLETED, {"created": ROWS})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == ROWS
