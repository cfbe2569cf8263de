"""Alice's store, and workers to be killed: a real store, real processes, a real database."""

import pytest

from models import db
from tests.chance import chance
from tests.servers import worker
from worker import make_database


@pytest.fixture
def kills(pytestconfig):
    """How often a worker is killed."""
    return 20 if pytestconfig.option.everything else 5


@pytest.fixture
def moments(kills):
    """A function that draws the moments of the kills: seconds after the worker is ready."""

    def moments(longest: float) -> list[float]:
        random = chance(f"kills within {longest} s")
        return [random.uniform(0, longest) for _ in range(kills)]

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
