"""The worker: a process of its own that runs exports and imports. ``python worker.py``.

Give every worker a WORKER_NAME of its own and start it again under the same name: it then goes
on with what it left behind.
"""

import logging
import signal
import sqlite3
import sys
import threading

from dbos import DBOS
from flask import Flask
from sqlalchemy import make_url

from app import create_app
from config import BadSettings
from transfer import notices
from transfer.jobs import NAME, QUEUE, VERSION
from transfer.workflows import register

PER_SHOP = 5
POLL_SECONDS = 0.25


def start(app: Flask) -> None:
    """Launch DBOS in this process: queues, schedules, and the recovery of unfinished work."""
    settings = app.config["SETTINGS"]
    make_database(settings.jobs_database_url)
    DBOS(
        config={
            "name": NAME,
            "system_database_url": settings.jobs_database_url,
            "executor_id": settings.WORKER_NAME,
            "application_version": VERSION,
            "log_level": "WARNING",
            "use_listen_notify": False,
        }
    )
    schedules = register(app)
    DBOS.launch()
    DBOS.register_queue(QUEUE, partition_concurrency=PER_SHOP, polling_interval_sec=POLL_SECONDS)
    DBOS.register_queue(
        notices.QUEUE, worker_concurrency=notices.SENDERS, polling_interval_sec=POLL_SECONDS
    )
    DBOS.apply_schedules(schedules)


def make_database(url: str) -> None:
    """Make or migrate the jobs database; an SQLite file is put into WAL mode, which lasts."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        connection = sqlite3.connect(parsed.database, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    DBOS.migrate(url)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for name in ("dbos", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        app = create_app()
    except BadSettings as error:
        sys.exit(str(error))
    start(app)
    logging.info("The worker is ready.")
    stop.wait()
    DBOS.destroy()


if __name__ == "__main__":
    main()
