"""The loops that take work from the queues. They sleep until the jobs database changes.

DBOS only polls its queues. So its own loops are run here, one thread for each queue, with a stop
event whose wait also ends when the database says that a queue has changed: PostgreSQL by a trigger
that notifies, SQLite by its write-ahead log, which every write touches.
"""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import cast

import psycopg
from dbos import DBOS, Queue, _workflow_commands
from dbos._queue import queue_worker_thread
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from jobs.name_lock import KEEPALIVES, SILENCE, UNANSWERED
from models.scrubbed_errors import HIDDEN

LONGEST_SLEEP = 10.0
"""Seconds after which a loop looks into its queue without having been woken."""
SECOND_LOOK = 0.35
"""Seconds from a wake-up to the next look: what another worker held just then is free by now."""
WATCH = 0.15
"""Seconds between two looks at the age of SQLite's log."""
RETRY = 1.0
STOPS_WITHIN = 10.0
HOUSEKEEPING = 4.0
"""Seconds between DBOS's looks for delayed and overdue workflows, of which we have none. It holds a
lock meanwhile that PostgreSQL takes away after 5."""

CHANNEL = "altera_queues"
TRIGGER = f"""
DO $do$ BEGIN
PERFORM pg_advisory_xact_lock(hashtext('{CHANNEL}'));
IF NOT EXISTS (
  SELECT FROM pg_trigger
  WHERE tgname = '{CHANNEL}' AND tgrelid = 'dbos.workflow_status'::regclass
) THEN
  CREATE OR REPLACE FUNCTION dbos.{CHANNEL}() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('{CHANNEL}', NEW.queue_name);
    RETURN NULL;
  END $$;
  CREATE TRIGGER {CHANNEL} AFTER INSERT OR UPDATE OF status ON dbos.workflow_status
    FOR EACH ROW WHEN (NEW.queue_name IS NOT NULL) EXECUTE FUNCTION dbos.{CHANNEL}();
END IF;
END $do$
"""
"""Any change of a status counts: a workflow that ends makes room for the next one of its shop."""

log = logging.getLogger(__name__)
Wake = Callable[[str | None], None]
"""Wakes the loop of this queue, or all."""


class WakeableStop(Event):
    """A stop event whose ``wait`` also ends when it is woken. After that the waits double, from
    ``SECOND_LOOK`` to the time given."""

    def __init__(self) -> None:
        super().__init__()
        self._woken = Event()
        self._sleep = SECOND_LOOK

    def wake(self) -> None:
        self._woken.set()

    def set(self) -> None:
        super().set()
        self.wake()

    def wait(self, timeout: float | None = None) -> bool:
        longest = LONGEST_SLEEP if timeout is None else timeout
        if self._woken.wait(min(self._sleep, longest)):
            self._woken.clear()
            self._sleep = SECOND_LOOK
        else:
            self._sleep = min(self._sleep * 2, longest)
        return self.is_set()


def poll_seldom(dbos: DBOS) -> None:
    """Slow down, before its launch, what DBOS looks for each second: its housekeeping, and the
    queue of its schedules. It has no settings for that, and an idle worker spends most on it."""
    _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC = HOUSEKEEPING
    dbos._registry.get_internal_queue()._polling_interval_sec = LONGEST_SLEEP


class QueueLoops:
    """A loop for each queue of a launched DBOS that listens to none itself."""

    def __init__(self, dbos: DBOS, queues: Sequence[Queue], jobs_database_url: str):
        self._stops = {queue.name: WakeableStop() for queue in queues}
        self._threads = [
            Thread(target=_loop, args=(self._stops[queue.name], dbos, queue), daemon=True)
            for queue in queues
        ]
        for thread in self._threads:
            thread.start()
        sqlite = make_url(jobs_database_url).get_backend_name() == "sqlite"
        watch = watch_log if sqlite else listen
        Thread(target=watch, args=(jobs_database_url, self.wake), daemon=True).start()

    def wake(self, queue: str | None = None) -> None:
        """Have the loop of this queue, or every loop, look into its queue now."""
        for name, stop in self._stops.items():
            if queue in (None, name):
                stop.wake()

    def stop(self) -> None:
        """Take nothing more from any queue, and wait for what is being taken."""
        for stop in self._stops.values():
            stop.set()
        for thread in self._threads:
            thread.join(STOPS_WITHIN)


def _loop(stop: WakeableStop, dbos: DBOS, queue: Queue) -> None:
    """Run DBOS's loop, which has no public name and might end by a fault of its own."""
    while not stop.is_set():
        try:
            queue_worker_thread(stop, dbos, queue)
        except Exception:
            log.exception("The loop of the queue %s failed and is started again", queue.name)
        stop.wait()


def make_trigger(jobs_database_url: str) -> None:
    """Have a PostgreSQL jobs database notify of each change in a queue; SQLite needs nothing."""
    if make_url(jobs_database_url).get_backend_name() != "sqlite":
        engine = create_engine(jobs_database_url, poolclass=NullPool, **HIDDEN)
        with engine.begin() as connection:
            connection.exec_driver_sql(TRIGGER)


def listen(url: str, wake: Wake) -> None:
    """Wake a loop for each notification of PostgreSQL, for good; all of them after each connection,
    as nobody listened before it."""
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"tcp_user_timeout": UNANSWERED},
        **HIDDEN,
    )
    while True:
        try:
            with engine.connect() as connection:
                connection.execute(text(KEEPALIVES))
                connection.execute(text(f"LISTEN {CHANNEL}"))
                wake(None)
                driver = cast(psycopg.Connection, connection.connection.driver_connection)
                while True:
                    for notification in driver.notifies(timeout=SILENCE):
                        wake(notification.payload)
                    driver.execute("SELECT 1")
        except (SQLAlchemyError, psycopg.Error):
            log.warning("PostgreSQL does not notify this worker: jobs start up to 10 s late.")
            time.sleep(RETRY)


def watch_log(url: str, wake: Wake) -> None:
    """Wake every loop whenever SQLite's write-ahead log was written, for good."""
    path = Path(f"{make_url(url).database}-wal")
    seen = _written(path)
    while True:
        time.sleep(WATCH)
        written = _written(path)
        if written != seen:
            seen = written
            wake(None)


def _written(path: Path) -> tuple[int, int] | None:
    """When the file was last written, and its size; None if there is no such file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size
