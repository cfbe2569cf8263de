"""Handing a job to the workers: web processes enqueue, and do nothing else with DBOS."""

import logging
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate

from dbos import DBOSClient, EnqueueOptions
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from background import queueing
from models import db, now
from models.job import Job
from models.shop import Shop

NAME = "altera"
VERSION = "1"
SWEPT_AT_ONCE = 1000
"""How many rows of a kind a sweep looks at."""
WAITS = [timedelta(minutes=2**n) for n in range(8)] + [timedelta(hours=4)] * 41
TRIES = list(accumulate(WAITS))
"""When each retry of a mail or a webhook is due, counted from its arrival: 1 minute to a week."""

log = logging.getLogger(__name__)


def job_queue(limit: int) -> str:
    """The queue of the shops that have so many jobs run at once. A job keeps the queue, and so the
    limit, of the plan that its shop had when it was enqueued."""
    return f"jobs-{limit}"


def enqueue(*jobs: Job) -> None:
    """Have workers run jobs that are committed.

    A workflow's id is made of its job's, so that this may be said twice. When the jobs database
    does not answer, the jobs stay queued and the worker's sweep finds them.
    """
    query = db.select(Shop.id, Shop.plan).where(Shop.id.in_({job.shop_id for job in jobs}))
    plan_of: dict[int, str] = dict(db.session.execute(query).all())
    plans = current_app.config["SETTINGS"].PLANS
    entries: list[tuple[EnqueueOptions, str]] = [
        (
            {
                "workflow_name": job.kind,
                "queue_name": job_queue(plans.jobs(plan_of[job.shop_id])),
                "workflow_id": job.workflow_id,
                "app_version": VERSION,
                "queue_partition_key": str(job.shop_id),
            },
            job.id,
        )
        for job in jobs
    ]
    if entries:
        _enqueue(jobs[0].id, entries)


def enqueue_all(workflow: str, queue: str, arguments: dict[str, str]) -> None:
    """Have workers run this workflow once for each workflow id, with its argument.

    When the jobs database does not answer, nothing is enqueued; the sweep asks again.
    """
    options: EnqueueOptions = {
        "workflow_name": workflow,
        "queue_name": queue,
        "app_version": VERSION,
    }
    entries: list[tuple[EnqueueOptions, str]] = [
        ({**options, "workflow_id": workflow_id}, argument)
        for workflow_id, argument in arguments.items()
    ]
    if entries:
        _enqueue(next(iter(arguments)), entries)


def missing(workflow_ids: list[str]) -> list[str]:
    """Those of the ids that the jobs database does not know, in the same order."""
    if not workflow_ids:
        return []
    client = _client(current_app.config["SETTINGS"].jobs_database_url)
    known = client.list_workflows(workflow_ids=workflow_ids, load_input=False, load_output=False)
    ids = {workflow.workflow_id for workflow in known}
    return [workflow_id for workflow_id in workflow_ids if workflow_id not in ids]


def _enqueue(name: str, entries: list[tuple[EnqueueOptions, str]]) -> None:
    """Add the entries to the jobs database; see ``background`` for how long a call waits."""
    client = _client(current_app.config["SETTINGS"].jobs_database_url)

    def add() -> None:
        try:
            for options, argument in entries:
                client.enqueue(options, argument)
        except SQLAlchemyError:
            log.exception("%s could not be enqueued; the worker's sweep will do it", name)

    queueing.run(name, add)


def tries(since: datetime) -> int:
    """How many retries are due by now for what arrived at ``since``."""
    age = now() - since
    return sum(age >= due for due in TRIES)


@cache
def _client(url: str) -> DBOSClient:
    """One client a process, made at its first use, so after any fork."""
    return DBOSClient(
        system_database_url=url, application_name=NAME, lazy=True, retry_connection_errors=False
    )
