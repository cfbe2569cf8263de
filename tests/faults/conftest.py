"""Alice's store, and workers to be killed: a real store, real processes, a real database."""

import time
from collections.abc import Sequence

import pytest

from models import db
from models.job import COMPLETED, Job
from queues import enqueue
from tests.chance import chance
from tests.jobs.test_workflows import wait_for
from tests.servers import worker
from worker import make_database


@pytest.fixture
def kills(pytestconfig):
    """How often a worker is killed."""
    return 20 if pytestconfig.option.everything else 5


@pytest.fixture
def moments(kills):
    """A function that draws the moments of the kills: seconds after the worker is ready, one in
    each part of a time, in any order."""

    def moments(longest: float) -> list[float]:
        random = chance(f"kills within {longest} s")
        drawn = [random.uniform(part, part + 1) * longest / kills for part in range(kills)]
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

    def complete_despite_kills(job: Job, seconds: Sequence[float] = (), **more: int) -> None:
        enqueue(job)
        store.misbehave(slow_ms=60, **more)
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
