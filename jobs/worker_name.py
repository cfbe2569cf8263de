"""Worker names are exclusive: two workers of one name would run each other's jobs twice.

A lock that ends with the process holds the name: on SQLite of a file beside the jobs database, on
PostgreSQL an advisory lock of a dedicated connection. That connection may be lost before the
process ends, and the lock with it: ``keep_acquired`` acquires it again.
"""

import logging
import time
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from jobs.name_lock import Lock, lock_for

RETRY = 0.2
"""Seconds between attempts: less than a worker takes from its name to its first job."""

log = logging.getLogger(__name__)


class NameTaken(Exception):
    """Another worker of this name is running; the message says what to do."""


def acquire(name: str, jobs_database_url: str, patience: float) -> Lock:
    """Acquire the name until the returned lock is released, or raise NameTaken after ``patience``
    seconds: a worker that was just killed may still hold it."""
    lock = lock_for(name, jobs_database_url)
    end = time.monotonic() + patience
    while not lock.take():
        if time.monotonic() > end:
            raise NameTaken(
                f"Another worker named {name} is running. Give each worker its own WORKER_NAME."
            )
        time.sleep(RETRY)
    return lock


def keep_acquired(lock: Lock) -> None:
    """Acquire the name again whenever it is lost; raise NameTaken if another worker was faster."""
    while True:
        lock.wait_until_lost()
        log.warning("The database has ended the connection that holds this worker's name.")
        _reacquire(lock)
        log.warning("This worker holds its name again.")


def _reacquire(lock: Lock) -> None:
    while True:
        with suppress(SQLAlchemyError):
            if lock.take():
                return
            raise NameTaken("Another worker took this one's name while the database was away.")
        time.sleep(RETRY)
