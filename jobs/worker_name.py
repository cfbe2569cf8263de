"""A worker's name is its own: two of one name would take each other's work and do it twice.

The name is held by a lock that ends with the process: on SQLite of a file beside the jobs
database, on PostgreSQL an advisory lock of a connection that is kept for it. That connection may
end before the process does, and the lock with it: ``keep`` takes it again.
"""

import logging
import time
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from jobs.name_lock import Lock, lock_for

PATIENCE = 10
"""Seconds in which one that was just killed may still be holding the name."""
RETRY = 0.2
"""Seconds from one attempt to the next: less than a worker takes from its name to its work."""

log = logging.getLogger(__name__)


class NameTaken(Exception):
    """Another worker of this name is running; the message says what to do."""


def hold(name: str, jobs_database_url: str) -> Lock:
    """Hold the name until what is returned is released, or raise NameTaken."""
    lock = lock_for(name, jobs_database_url)
    end = time.monotonic() + PATIENCE
    while not lock.take():
        if time.monotonic() > end:
            raise NameTaken(
                f"Another worker named {name} is running. Give each worker its own WORKER_NAME."
            )
        time.sleep(RETRY)
    return lock


def keep(lock: Lock) -> None:
    """Take a name that is lost again, for ever; raise NameTaken when another was faster."""
    while True:
        lock.wait_until_lost()
        log.warning("The database has ended the connection that holds this worker's name.")
        _take_again(lock)
        log.warning("This worker holds its name again.")


def _take_again(lock: Lock) -> None:
    while True:
        with suppress(SQLAlchemyError):
            if lock.take():
                return
            raise NameTaken("Another worker took this one's name while the database was away.")
        time.sleep(RETRY)
