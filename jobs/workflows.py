"""The durable workflows: what happens in which order, waits included. Steps are elsewhere.

A worker that is killed goes on at the last finished step. So a workflow itself does nothing but
call steps and sleep, and steps may run twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dbos import DBOS, ScheduleInput, StepOptions
from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError

from jobs.drain import running
from mail import outbox
from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from models.disk_full import is_disk_full
from models.idempotency import RepeatableCall
from models.issuer_key_set import IssuerKeySet
from models.job import APPLYING, EXPORT, IMPORT, PLANNING, Job
from models.key_request import KeyNetwork, KeyRequest
from models.key_rules import end_broken
from models.key_use import KeyDay, PermissionUse
from models.rotation import end_retired
from models.staff_member import StaffMember
from models.uploaded_file import UploadedFile
from models.workload import WorkloadKey
from queues import SWEPT_AT_ONCE, enqueue, missing
from shopify.admin import ShopifyRefused, ShopifyUnavailable
from shopify.bulk import ResultGone
from shops import webhooks
from shops.plan import refresh_all
from shops.tokens import refresh_idle
from transfer.exporting import steps as export_steps
from transfer.importing import bulk as import_bulk
from transfer.importing import steps as import_steps
from transfer.rows.chosen_columns import UnknownColumn
from translations import N_

FIRST_WAIT, LAST_WAIT = 0.3, 10.0
ATTEMPTS = 3
STEP_RETRY = 4
"""How much longer than before a call is the first pause before a step is tried again."""
AT_ONCE = 5
"""Bulk queries that Shopify runs for a store at once; so many are started in a step."""
KEPT, SWEEPS_KEPT = timedelta(days=30), timedelta(days=1)
REMEMBERED = timedelta(days=180)
"""How long activity is kept."""
ENQUEUED_AT_ONCE = 100
SWEEP, EVERY_MINUTE = "sweep", "* * * * *"
TOKENS, EVERY_HOUR = "refresh tokens", "23 * * * *"
BULK_FINISHED = "bulk finished"
"""The topic of the messages that wake a job which waits for Shopify."""
SHORT_LIVED = [SWEEP, TOKENS, outbox.WORKFLOW, webhooks.WORKFLOW]
EXPECTED = (ShopifyRefused, ShopifyUnavailable, ResultGone, UnknownColumn)
PASSING = (ShopifyUnavailable, InterfaceError, OperationalError)
"""What may be over in half a minute: a step is tried again. The last two: no database."""
NO_ROOM = N_("Our server is out of disk space. We have been notified; try again in an hour.")
WENT_WRONG = N_(
    "Something went wrong on our side. Start it again, and contact us if it happens twice."
)
GAVE_UP = N_("Shopify could not read the store's data. Try again in an hour.")


class StepFailed(Exception):
    """A fault of ours in a step, by its class alone: DBOS stores the error of a step, and a message
    could quote a customer's data. The log has the rest."""


Step = Callable[..., Any]
"""Runs a function with its arguments as a durable step and returns what it returned."""
Sleep = Callable[[float], None]
Workflow = Callable[[Step, Sleep, str], None]
BulkQuery = tuple[str, str]
"""A bulk query of an export: the data type, and which of its queries."""

log = logging.getLogger(__name__)


def register(app: Flask) -> list[ScheduleInput]:
    """Make the workflows known to DBOS, before its launch; return its schedules, to be applied
    after it. Steps run in the app's context."""

    def step(function: Callable[..., Any], *arguments: Any) -> Any:
        def run() -> Any:
            try:
                with app.app_context():
                    return function(*arguments)
            except (*EXPECTED, *PASSING):
                raise
            except Exception as error:
                if is_disk_full(error):
                    raise
                log.exception("Step %s", name)
                raise StepFailed(type(error).__name__) from None

        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        options: StepOptions = {
            "name": name,
            "retries_allowed": True,
            "max_attempts": 5,
            "interval_seconds": STEP_RETRY * app.config["SETTINGS"].RETRY_SECONDS,
            "should_retry": lambda error: isinstance(error, PASSING),
        }
        with running.step():
            return DBOS.run_step(options, run)

    def to_its_end(work: Workflow, fail: Callable[[str, str], None], job_id: str) -> None:
        """Whatever goes wrong with a job is told in it, in words."""
        try:
            work(step, wait_for_shopify, job_id)
        except EXPECTED as error:
            step(fail, job_id, str(error))
        except Exception as error:
            log.exception("Job %s", job_id)
            step(fail, job_id, _sorry(error))

    @DBOS.workflow(name=EXPORT)
    def run_export(job_id: str) -> None:
        to_its_end(export, export_steps.fail, job_id)

    @DBOS.workflow(name=IMPORT)
    def run_import(job_id: str) -> None:
        to_its_end(import_file, import_steps.fail, job_id)

    @DBOS.workflow(name=outbox.WORKFLOW)
    def run_notice(notice_id: str) -> None:
        step(outbox.send, notice_id)

    @DBOS.workflow(name=webhooks.WORKFLOW)
    def run_webhook(delivery_id: str) -> None:
        for job_id in step(webhooks.handle, delivery_id):
            DBOS.send(job_id, None, topic=BULK_FINISHED)

    @DBOS.workflow(name=SWEEP)
    def run_sweep(scheduled: datetime, context: None) -> None:
        sweep(step)

    @DBOS.workflow(name=TOKENS)
    def run_refresh(scheduled: datetime, context: None) -> None:
        step(refresh_idle)

    return [
        {"schedule_name": SWEEP, "workflow_fn": run_sweep, "schedule": EVERY_MINUTE},
        {"schedule_name": TOKENS, "workflow_fn": run_refresh, "schedule": EVERY_HOUR},
    ]


def _sorry(error: Exception) -> str:
    """What the merchant reads of a fault on our side; the log has the rest."""
    return NO_ROOM if is_disk_full(error) else WENT_WRONG


def wait_for_shopify(seconds: float) -> None:
    """Wait until a webhook tells that a bulk operation is over, at most so long."""
    DBOS.recv(BULK_FINISHED, timeout_seconds=seconds)


def export(step: Step, sleep: Sleep, job_id: str) -> None:
    """Start every pass, watch them to their end, start bad ones again, count the rows."""
    todo = step(export_steps.prepare, job_id)
    if _read_in_bulk(step, sleep, job_id, todo):
        step(export_steps.complete, job_id)
    else:
        step(export_steps.fail, job_id, GAVE_UP)


def _read_in_bulk(step: Step, sleep: Sleep, job_id: str, todo: list[BulkQuery]) -> bool:
    """Start these bulk queries and watch them to their end, bad ones again; whether all were
    read. While Shopify takes more of them there is no look at those that run: each costs points."""
    attempts: dict[BulkQuery, int] = {}
    wait = FIRST_WAIT
    while True:
        waiting = len(todo)
        todo, full = _start_queries(step, job_id, todo, attempts)
        if len(todo) < waiting:
            wait = FIRST_WAIT
        if todo and not full:
            continue
        state = step(export_steps.poll, job_id)
        for name, number in state["bad"]:
            tried = attempts.get((name, number), 1)
            if tried == ATTEMPTS:
                return False
            attempts[name, number] = tried + 1
            todo.append((name, number))
        if not state["running"] and not todo:
            return True
        if full or not todo:
            sleep(wait)
            wait = min(wait * 1.5, LAST_WAIT)


def import_file(step: Step, sleep: Sleep, job_id: str) -> None:
    """Unpack the file, plan its objects and, unless the plan is to be looked at first, write them:
    many new ones at once where Shopify lets us, the others one by one. Of an import that is planned
    already only the writing is left."""
    status, queries = step(import_steps.take_up, job_id)
    if queries and not _read_in_bulk(step, sleep, job_id, queries):
        step(import_steps.fail, job_id, GAVE_UP)
        return
    while status == PLANNING:
        status = step(import_steps.plan, job_id)
    while status == APPLYING:
        status, operation = step(import_steps.write, job_id)
        if operation:
            wait, before = FIRST_WAIT, ""
            while state := step(import_bulk.poll, job_id, operation):
                wait = min(wait * 1.5, LAST_WAIT) if state == before else FIRST_WAIT
                sleep(wait)
                before = state
            step(import_bulk.collect, job_id, operation)


def _start_queries(
    step: Step, job_id: str, todo: list[BulkQuery], attempts: dict[BulkQuery, int]
) -> tuple[list[BulkQuery], bool]:
    """Start as many bulk queries as Shopify takes; return the others, and whether it is full."""
    if not todo:
        return todo, False
    batch = [(name, run, attempts.get((name, run), 1)) for name, run in todo[:AT_ONCE]]
    left = step(export_steps.begin, job_id, batch)
    return [*left, *todo[AT_ONCE:]], bool(left)


def sweep(step: Step) -> None:
    """What nobody asks for. Secrets are erased first, whatever the rest takes or meets."""
    for function in (
        erase,
        enqueue_waiting,
        forget_workflows,
        outbox.sweep,
        webhooks.sweep,
        refresh_all,
    ):
        step(function)


def erase() -> None:
    """Erase what our own database has kept for long enough, secrets first."""
    ApiKey.purge_revealed()
    end_retired()
    end_broken()
    db.session.commit()
    Job.purge(before=now() - KEPT)
    Activity.purge(before=now() - REMEMBERED)
    KeyDay.purge()
    PermissionUse.purge()
    KeyRequest.purge()
    KeyNetwork.purge()
    RepeatableCall.purge()
    WorkloadKey.purge()
    IssuerKeySet.purge()
    StaffMember.purge()
    UploadedFile.purge()
    db.session.commit()


def enqueue_waiting() -> None:
    """Enqueue jobs that wait and are in no queue; so many a minute, of every shop alike."""
    jobs = {job.workflow_id: job for job in Job.waiting(SWEPT_AT_ONCE)}
    enqueue(*(jobs[name] for name in missing(list(jobs))[:ENQUEUED_AT_ONCE]))


def forget_workflows() -> None:
    """Delete what DBOS keeps of workflows that ended long ago."""
    for names, kept in (([EXPORT, IMPORT], KEPT), (SHORT_LIVED, SWEEPS_KEPT)):
        end = (now() - kept).isoformat()
        old = DBOS.list_workflows(
            name=names, end_time=end, limit=1000, load_input=False, load_output=False
        )
        DBOS.delete_workflows([workflow.workflow_id for workflow in old])
