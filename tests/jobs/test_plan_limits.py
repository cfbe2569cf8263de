"""As many jobs of a store run at once as its plan includes."""

import json
import time
from collections import Counter

import pytest
from dbos import DBOSClient, EnqueueOptions

from models import db
from models.job import COMPLETED, RUNNING, Job
from plans import FREE, PRO
from queues import NAME, VERSION, enqueue, job_queue
from tests.jobs.test_workflows import wait_for
from tests.servers import worker
from worker import make_database

SLOW = 150
"""Milliseconds that Shopify takes to answer, so that a job lasts for a second or two."""


@pytest.fixture
def jobs_url(app):
    url = app.config["SETTINGS"].jobs_database_url
    make_database(url)
    return url


def most_at_once(jobs: list[Job]) -> Counter[int]:
    """The most that ran at once of each shop, until all are over."""
    most: Counter[int] = Counter()
    end = time.monotonic() + 120
    while time.monotonic() < end:
        db.session.rollback()
        states = db.session.execute(db.select(Job.shop_id, Job.status)).all()
        most |= Counter(shop for shop, status in states if status == RUNNING)
        if all(status == COMPLETED for _, status in states):
            return most
        time.sleep(0.05)
    raise AssertionError(states)


@pytest.mark.both_databases
def test_a_shop_has_as_many_jobs_at_once_as_its_plan_includes(
    store, other_store, jobs_url, environment, tmp_path
):
    other_store.shop.plan = FREE.name
    limits = ((store, PRO.jobs), (other_store, FREE.jobs))
    jobs = [one.start("redirects") for one, limit in limits for _ in range(limit + 2)]
    for one in (store, other_store):
        one.misbehave(slow_ms=SLOW)
    enqueue(*jobs)
    with worker(environment, tmp_path, tmp_path.name):
        most = most_at_once(jobs)
    assert most == {store.shop.id: PRO.jobs, other_store.shop.id: FREE.jobs}


def test_a_job_is_done_also_when_no_plan_has_its_limit_any_more(
    store, jobs_url, environment, tmp_path
):
    earlier = PRO.model_copy(update={"jobs": 3})
    plans = json.dumps([FREE.model_dump(), earlier.model_dump()])
    with worker(environment, tmp_path, tmp_path.name, PLANS=plans):
        pass
    job = store.start("redirects")
    client = DBOSClient(system_database_url=jobs_url, application_name=NAME)
    options: EnqueueOptions = {
        "workflow_name": job.kind,
        "queue_name": job_queue(earlier.jobs),
        "workflow_id": job.workflow_id,
        "app_version": VERSION,
        "queue_partition_key": str(job.shop_id),
    }
    client.enqueue(options, job.id)
    client.destroy()
    with worker(environment, tmp_path, tmp_path.name):
        assert wait_for(job).status == COMPLETED
