"""A server that is asked to stop finishes what it is at; a worker hands its jobs back."""

import threading
import time

import httpx
import pytest

from jobs.drain import Running
from models import db
from models.heartbeat import Heartbeat
from models.import_row import ImportRow
from models.job import APPLYING, COMPLETED
from queues import enqueue
from tests.jobs.test_workflows import COUNT, ROWS, rows, wait_for
from tests.processes import PLAIN
from tests.servers import web, worker

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("jobs_database"),
    pytest.mark.both_databases,
]


def test_a_request_that_is_under_way_is_finished(store, environment, tmp_path):
    job = store.export("redirects")
    headers = {"Authorization": f"Bearer {store.key_text}"}
    with web(environment, tmp_path, WEB_CONCURRENCY="1") as server:
        client = httpx.Client(base_url=server.url, headers=headers, **PLAIN)
        path = f"/api/v1/exports/{job.id}/file"
        usual = client.get(path)
        store.misbehave(slow_ms=4000)
        answers = []
        slow = threading.Thread(target=lambda: answers.append(client.get(path)))
        slow.start()
        time.sleep(2)
        assert not answers
        assert server.stop() == 0
        slow.join()
    client.close()
    store.misbehave()
    assert answers[0].status_code == usual.status_code == 200
    assert answers[0].content == usual.content


def test_a_worker_that_stops_hands_its_jobs_to_another(store, environment, tmp_path):
    job = store.keep(tmp_path, rows(0, ROWS))
    enqueue(job)
    with worker(environment, tmp_path, "first") as first:
        wait_for(job, done=20)
        assert first.stop() == 0
    db.session.rollback()
    db.session.refresh(job)
    done = sum(ImportRow.counts(job.id).values())
    assert job.status == APPLYING and 20 <= done < ROWS
    assert Heartbeat.alive() == []
    with worker(environment, tmp_path, "second"):
        wait_for(job)
    assert (job.status, job.counts) == (COMPLETED, {"created": ROWS})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == ROWS


def test_an_export_that_waits_for_shopify_is_handed_back_too(store, environment, tmp_path):
    store.tell("seed", products=3)
    store.misbehave(slow_ms=300)
    job = store.start("products", "redirects")
    enqueue(job)
    with worker(environment, tmp_path, "first") as first:
        time.sleep(1)
        assert first.stop() == 0
    store.misbehave()
    with worker(environment, tmp_path, "second"):
        assert wait_for(job).status == COMPLETED, job.error


def test_who_is_in_the_middle_of_a_step_is_named_and_nobody_begins_another():
    running, end, begun = Running(), threading.Event(), []

    def work() -> None:
        for _ in range(2):
            with running.step():
                begun.append(True)
                end.wait(60)

    assert running.stop(0) == set()
    running = Running()
    threading.Thread(target=work, daemon=True).start()
    while not begun:
        time.sleep(0.01)
    assert running.stop(0.05) == {None}  # it belongs to no workflow
    end.set()
    assert running.stop(60) == set()
    time.sleep(0.1)
    assert begun == [True]
