"""Whether a process is alive, and whether it can do its work, is told to whoever asks."""

from datetime import timedelta

import pytest
from flask_migrate import stamp

from app import create_app
from config import read
from models import db, now
from models.heartbeat import Heartbeat
from tests.cast import free_port

pytestmark = pytest.mark.both_databases


@pytest.fixture
def migrated(app):
    """The tests' database, noted as being at the newest migration."""
    stamp()
    yield app
    db.session.remove()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")


def asked(app):
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.json.get("missing")


def test_a_server_with_everything_is_ready(migrated):
    Heartbeat.beat("worker-1")
    assert asked(migrated) == (200, None)


def test_migrations_that_were_not_run_are_missing(app):
    Heartbeat.beat("worker-1")
    assert asked(app) == (503, ["migrations"])


def test_an_older_database_is_not_ready(migrated):
    Heartbeat.beat("worker-1")
    stamp(revision="0001")
    assert asked(migrated) == (503, ["migrations"])


def test_during_an_update_the_version_before_stays_ready(migrated):
    Heartbeat.beat("worker-1")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    assert asked(migrated) == (200, None)


def test_without_a_worker_that_is_alive_it_is_not_ready(migrated):
    assert asked(migrated) == (503, ["worker"])
    Heartbeat.beat("worker-1")
    db.session.execute(db.update(Heartbeat).values(at=now() - timedelta(seconds=61)))
    db.session.commit()
    assert asked(migrated) == (503, ["worker"])


def test_a_worker_that_has_stopped_counts_no_more(migrated):
    Heartbeat.beat("worker-1"), Heartbeat.beat("worker-2"), Heartbeat.beat("worker-2")
    assert Heartbeat.alive() == ["worker-1", "worker-2"]
    Heartbeat.stop("worker-1")
    assert Heartbeat.alive() == ["worker-2"]


def test_without_a_database_it_is_alive_and_not_ready(environment, tmp_path):
    gone = {
        "sqlite": f"sqlite:///{tmp_path}/no/such/folder.db",
        "postgresql": f"postgresql://nobody@127.0.0.1:{free_port()}/gone",
    }
    url = gone[environment["DATABASE_URL"].partition(":")[0]]
    app = create_app(read(environment | {"DATABASE_URL": url}))
    assert app.test_client().get("/healthz").json == {"status": "ok"}
    assert asked(app) == (503, ["database"])
