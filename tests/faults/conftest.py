"""Alice's store, and workers to be killed: a real store, real processes, a real database."""

import time
from collections.abc import Sequence

import pytest

from models import db
from models.job import COMPLETED, Job
from queues import enqueue
from tests.chance import chance, seed
from tests.jobs.test_workflows import wait_for
from tests.servers import worker
from worker import make_database


@pytest.fixture
def parts(request, pytestconfig, database_url):
    """In which parts of a time a worker is killed, and in how many the time is divided.

    The long run has twenty parts, and kills in each of them on each database. The short run has
    five. A test on one database kills in each. Of a test on both, SQLite takes the first, third and
    fifth on one day, PostgreSQL the second and fourth, and on the next day the other way round:
    five kills a test, two or three on each database. The day is that of ``tests.chance``.
    """
    if pytestconfig.option.everything:
        return range(20), 20
    if not request.node.get_closest_marker("both_databases"):
        return range(5), 5
    first = (ord(seed()[-1]) + database_url.startswith("sqlite")) % 2
    return range(first, 5, 2), 5


@pytest.fixture
def moments(parts):
    """A function that draws the moments of the kills: seconds after the worker is ready, one in
    each of the parts of a time, in any order."""

    def moments(longest: float) -> list[float]:
        own, count = parts
        random = chance(f"kills within {longest} s")
        drawn = [random.uniform(part, part + 1) * longest / count for part in range(count)]
        drawn = [drawn[part] for part in own]
        random.shuffle(drawn)
        return drawn

    return moments


@pytest.fixture
def store(store):
    yield store
    store.misbehave()


@pytest.fixture
def working(app, environment, tmp_path):
    """Starts a worker, always under the same name unless told otherwise; see tests.servers."""
    db.session.commit()  # DBOS makes an index concurrently: it waits for every open transaction
    make_database(app.config["SETTINGS"].jobs_database_url)

    def working(name: str = tmp_path.name, **more: str):
        return worker(environment, tmp_path, name, **more)

    return working


@pytest.fixture
def complete_despite_kills(store, working, moments):
    """Runs a job to its end, with a worker that is killed after each of the ``seconds`` and a slow
    Shopify, which goes wrong in ``more`` ways if asked."""

    def complete_despite_kills(
        job: Job, seconds: Sequence[float] = (), slow_ms: int = 60, **more: int
    ) -> None:
        enqueue(job)
        store.misbehave(slow_ms=slow_ms, **more)
        for moment in seconds or moments(4.0):
            with working() as server:
                time.sleep(moment)
                server.process.kill()
                server.process.wait()
        store.misbehave()
        with working():
            wait_for(job)
        assert job.status == COMPLETED, job.error

    return complete_despite_kills
