"""The worker: a process of its own that runs exports and imports. ``python worker.py``.

Give every worker its own WORKER_NAME and restart it under the same name: it then resumes its
unfinished jobs. On SIGTERM a worker finishes the steps in progress and returns its jobs to the
queue, for any worker to resume.
"""

import gc
import logging
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from functools import partial

from dbos import DBOS
from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

import logs
import metrics
from app import create_app
from commands.hand_back import Unfinished
from config import BadSettings
from jobs.drain import running
from jobs.gauges import gauges
from jobs.name_lock import Lock
from jobs.queue_loops import LONGEST_SLEEP, QueueLoops, make_trigger, poll_seldom
from jobs.worker_name import NameTaken, acquire, keep_acquired
from jobs.workflows import SWEEP, register
from mail import outbox
from models import db
from models.heartbeat import BEAT, Heartbeat
from models.scrubbed_errors import HIDDEN
from queues import NAME, VERSION, job_queue
from shops import webhooks

DRAIN_SECONDS = 20
"""How long a worker that shuts down waits for the steps in progress."""
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}

log = logging.getLogger("worker")


def start(app: Flask) -> QueueLoops:
    """Launch DBOS in this process: queues, schedules, and the recovery of unfinished work."""
    settings = app.config["SETTINGS"]
    dbos = DBOS(
        config={
            "name": NAME,
            "system_database_url": settings.jobs_database_url,
            "executor_id": settings.WORKER_NAME,
            "application_version": VERSION,
            "log_level": "WARNING",
            "use_listen_notify": False,
            "run_migrations": False,  # make_database has
            "db_engine_kwargs": HIDDEN,
        }
    )
    DBOS.listen_queues([])  # its loops are ours, which can be woken
    poll_seldom(dbos)
    schedules = register(app)
    DBOS.launch()
    queue = partial(DBOS.register_queue, polling_interval_sec=LONGEST_SLEEP)
    for limit in settings.PLANS.job_limits:
        queue(job_queue(limit), partition_concurrency=limit)
    queue(outbox.QUEUE, worker_concurrency=outbox.SENDERS)
    queue(webhooks.QUEUE, worker_concurrency=webhooks.HANDLERS)
    DBOS.apply_schedules(schedules)
    # Also the queues of limits that no plan has any more: jobs may wait there.
    return QueueLoops(dbos, DBOS.list_queues(), settings.jobs_database_url)


def make_database(url: str) -> None:
    """Make or migrate the jobs database; an SQLite file is put into WAL mode, which lasts."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        connection = sqlite3.connect(parsed.database or ":memory:", timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    DBOS.migrate(url)
    make_trigger(url)


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # in every thread that starts from here
    try:
        app = create_app()
    except BadSettings as error:
        sys.exit(str(error))
    settings = app.config["SETTINGS"]
    logs.configure(settings.LOG_FORMAT, settings.LOG_LEVEL)
    make_database(settings.jobs_database_url)
    try:
        lock = acquire(
            settings.WORKER_NAME, settings.jobs_database_url, settings.WORKER_NAME_SECONDS
        )
    except NameTaken as error:
        sys.exit(str(error))
    threading.Thread(target=guard, args=(lock,), daemon=True).start()
    loops = start(app)
    DBOS.trigger_schedule(SWEEP)  # what came while no worker ran, and nothing could be enqueued
    stop = threading.Event()
    beating = threading.Thread(target=beat, args=(app, stop), daemon=True)
    beating.start()
    if settings.METRICS_PORT:
        metrics.serve_worker(settings.METRICS_PORT, partial(_gauges, app))
    gc.collect()
    gc.freeze()  # what is loaded stays: to look at it again and again takes a sixth of an import
    log.info("The worker is ready.")
    wait_for_stop_signal()
    stop.set()
    loops.stop()
    busy = running.stop(DRAIN_SECONDS)
    DBOS.destroy()
    # Those in the middle of a step go on when it is started again.
    Unfinished(settings.jobs_database_url).hand_back(settings.WORKER_NAME, busy)
    beating.join()
    log.info("The worker has stopped.")
    sys.stderr.flush()
    os._exit(0)  # workflows that wait for their next step are threads that never end


def wait_for_stop_signal() -> None:
    """Block until SIGTERM or SIGINT. Every thread must block these signals.

    A handler would not do: a signal that comes while the main thread is about to wait for a lock
    does not interrupt the wait, and its handler never runs.
    """
    signal.sigwait(STOP_SIGNALS)


def guard(lock: Lock) -> None:
    """Exit at once, as if killed, when another worker has taken this one's name: it is already
    resuming this worker's jobs, so nothing is returned to the queue."""
    try:
        keep_acquired(lock)
    except NameTaken as error:
        log.critical("%s It ends at once. Give each worker its own WORKER_NAME.", error)
        sys.stderr.flush()
        os._exit(1)


def beat(app: Flask, stop: threading.Event) -> None:
    """Write this worker's heartbeat until it stops, database failures notwithstanding."""
    name = app.config["SETTINGS"].WORKER_NAME
    with app.app_context():
        while not stop.is_set():
            _say(Heartbeat.beat, name)
            stop.wait(BEAT)
        _say(Heartbeat.stop, name)


def _say(what: Callable[[str], None], name: str) -> None:
    try:
        what(name)
    except SQLAlchemyError as error:
        log.warning("The sign of life was not written: %s", error)
    finally:
        db.session.remove()


def _gauges(app: Flask) -> list[metrics.Gauge]:
    with app.app_context():
        return list(gauges())


if __name__ == "__main__":
    main()
