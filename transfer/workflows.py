"""The durable workflows: what happens in which order, waits included. Steps are elsewhere.

A worker that is killed goes on at the last finished step. So a workflow itself does nothing but
call steps and sleep, and steps may run twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dbos import DBOS
from flask import Flask

from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from models.job import EXPORT, IMPORT, Job
from models.rotation import end_retired
from shopify.admin import ShopifyRefused, ShopifyUnavailable
from shopify.bulk import ResultGone
from transfer import export_steps, import_steps, notices
from transfer.jobs import enqueue
from transfer.plan import refresh_all

FIRST_WAIT, LAST_WAIT = 0.3, 10.0
ATTEMPTS = 3
KEPT, SWEEPS_KEPT = timedelta(days=30), timedelta(days=1)
REMEMBERED = timedelta(days=180)
"""How long activity is kept."""
SWEEP, EVERY_MINUTE = "sweep", "* * * * *"
EXPECTED = (ShopifyRefused, ShopifyUnavailable, ResultGone)
WENT_WRONG = "Something went wrong on our side. Start it again, and tell us if it happens twice."
GAVE_UP = "Shopify could not read the store's data. Try again in an hour."

log = logging.getLogger(__name__)


def register(app: Flask) -> list[dict]:
    """Make the workflows known to DBOS, before its launch; return its schedules, to be applied
    after it. Steps run in the app's context."""

    def step(function: Callable, *arguments: Any) -> Any:
        def run() -> Any:
            with app.app_context():
                return function(*arguments)

        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        return DBOS.run_step(
            {
                "name": name,
                "retries_allowed": True,
                "max_attempts": 5,
                "interval_seconds": 2.0,
                "should_retry": lambda error: isinstance(error, ShopifyUnavailable),
            },
            run,
        )

    @DBOS.workflow(name=EXPORT)
    def run_export(job_id: str) -> None:
        try:
            export(step, DBOS.sleep, job_id)
        except EXPECTED as error:
            step(export_steps.fail, job_id, str(error))
        except Exception:
            log.exception("Export %s", job_id)
            step(export_steps.fail, job_id, WENT_WRONG)

    @DBOS.workflow(name=IMPORT)
    def run_import(job_id: str) -> None:
        try:
            if step(import_steps.begin, job_id):
                while step(import_steps.apply, job_id):
                    pass
            step(import_steps.complete, job_id)
        except EXPECTED as error:
            step(import_steps.fail, job_id, str(error))
        except Exception:
            log.exception("Import %s", job_id)
            step(import_steps.fail, job_id, WENT_WRONG)

    @DBOS.workflow(name=notices.WORKFLOW)
    def run_notice(notice_id: str) -> None:
        step(notices.send, notice_id)

    @DBOS.workflow(name=SWEEP)
    def run_sweep(scheduled: datetime, context: None) -> None:
        step(sweep)
        step(notices.sweep)
        step(refresh_all)

    return [{"schedule_name": SWEEP, "workflow_fn": run_sweep, "schedule": EVERY_MINUTE}]


def export(step: Callable, sleep: Callable[[float], None], job_id: str) -> None:
    """Start every pass, watch them to their end, start bad ones again, count the rows."""
    attempts: dict[tuple, int] = {}
    todo = step(export_steps.prepare, job_id)
    wait = FIRST_WAIT
    while True:
        todo = [
            (name, number)
            for name, number in todo
            if not step(export_steps.begin, job_id, name, number, attempts.get((name, number), 1))
        ]
        state = step(export_steps.look, job_id)
        for name, number in state["bad"]:
            tried = attempts.get((name, number), 1)
            if tried == ATTEMPTS:
                step(export_steps.fail, job_id, GAVE_UP)
                return
            attempts[name, number] = tried + 1
            todo.append((name, number))
        if not state["running"] and not todo:
            break
        sleep(wait)
        wait = min(wait * 1.5, LAST_WAIT)
    step(export_steps.complete, job_id)


def sweep() -> None:
    """What nobody asks for: start what was not enqueued, erase what is over."""
    for job_id in Job.waiting():
        enqueue(db.session.get_one(Job, job_id))
    end_retired()
    erase()
    for names, kept in (([EXPORT, IMPORT], KEPT), ([SWEEP, notices.WORKFLOW], SWEEPS_KEPT)):
        end = (now() - kept).isoformat()
        old = DBOS.list_workflows(
            name=names, end_time=end, limit=1000, load_input=False, load_output=False
        )
        DBOS.delete_workflows([workflow.workflow_id for workflow in old])


def erase() -> None:
    """Erase what our own database has kept for long enough."""
    ApiKey.purge_revealed()
    Job.purge(before=now() - KEPT)
    Activity.purge(before=now() - REMEMBERED)
    db.session.commit()
