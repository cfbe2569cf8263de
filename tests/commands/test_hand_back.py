"""What becomes of the work of a worker that is never started again under its name."""

import time

import pytest

from app import create_app
from commands.hand_back import Unfinished
from config import read
from models import db
from models.heartbeat import Heartbeat
from models.import_row import ImportRow
from models.job import APPLYING, COMPLETED, QUEUED
from queues import enqueue
from tests.jobs.test_workflows import COUNT, ROWS, rows, wait_for
from tests.servers import worker

pytestmark = pytest.mark.usefixtures("jobs_database")


def begun(app, name: str) -> list[str]:
    """What a worker has begun and not ended: its job, and the minute's sweep if that was due."""
    unfinished = Unfinished(app.config["SETTINGS"].jobs_database_url)
    try:
        return sorted(one.workflow_id for one in unfinished.of(name))
    finally:
        unfinished.close()


def keep_busy(app, name: str, busy: str) -> None:
    """What a worker does that stops in the middle of a step: it hands back all but that one."""
    unfinished = Unfinished(app.config["SETTINGS"].jobs_database_url)
    try:
        unfinished.hand_back(name, {busy})
    finally:
        unfinished.close()


def impatient(environment):
    """The app, which waits a second for a name."""
    return create_app(read(environment | {"WORKER_NAME_SECONDS": "1"}))


def hand_back(app, *arguments):
    return app.test_cli_runner().invoke(args=["hand-back", *arguments])


def test_the_others_go_on_with_what_a_lost_worker_has_begun_and_keep_their_own(
    app, store, environment, tmp_path
):
    job = store.keep(tmp_path, rows(0, ROWS))
    enqueue(job)
    store.misbehave(slow_ms=30)
    with worker(environment, tmp_path, "lost") as lost:
        wait_for(job, done=20)
        lost.process.kill()
        lost.process.wait()
    store.misbehave()
    assert job.id in begun(app, "lost")
    keep_busy(app, "lost", job.id)
    assert (left := begun(app, "lost")) == [job.id]
    with worker(environment, tmp_path, "other"):
        time.sleep(2)
        db.session.rollback()
        db.session.refresh(job)
        assert job.status == APPLYING and sum(ImportRow.counts(job.id).values()) < ROWS
        refused = hand_back(impatient(environment), "other", "--queue")
        assert f"lost: {len(left)} unfinished\n" in hand_back(app).output
        asked = hand_back(app, "lost")
        assert f"{len(left)} unfinished of lost:\n" in asked.output
        assert f"\n  {job.id} (import)\n" in asked.output
        assert "Nothing was handed back" in asked.output
        assert begun(app, "lost") == left
        again = hand_back(app, "lost", "--queue").output
        assert f"{len(left)} handed back to the queue." in again
        wait_for(job)
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: A worker named other is running. Stop it")
    assert (job.status, job.counts) == (COMPLETED, {"created": ROWS})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == ROWS
    assert "lost" not in hand_back(app).output
    assert list(db.session.scalars(db.select(Heartbeat.worker))) == ["lost"]


def test_what_waits_for_a_worker_is_nobodys_and_stays(app, store, tmp_path):
    job = store.keep(tmp_path, rows(0, 3))
    enqueue(job)
    assert hand_back(app, "nobody", "--queue").output == (
        "0 unfinished of nobody:\n0 handed back to the queue.\n"
    )
    assert hand_back(app).output == "No worker has anything unfinished.\n"
    db.session.refresh(job)
    assert job.status == QUEUED


def test_before_the_first_worker_it_says_so(environment, tmp_path):
    new = environment | {"JOBS_DATABASE_URL": f"sqlite:///{tmp_path}/jobs.db"}
    app = create_app(read(new))
    with app.app_context():
        answer = hand_back(app)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: The jobs database cannot be read; the first worker")
