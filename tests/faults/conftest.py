"""Alice's store, and workers to be killed: a real store, real processes, a real database."""

import pytest

from models import db
from tests.servers import worker
from worker import make_database


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
