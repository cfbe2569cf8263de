"""The lock on a worker's name; it is released when the process ends, however it ends."""

import fcntl
import threading
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import cast

import psycopg
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from models.scrubbed_errors import HIDDEN

SILENCE = 10
"""Seconds of silence after which a connection is probed."""
UNANSWERED = 60_000
"""Milliseconds after which an unanswered connection counts as lost: longer than the keepalives, so
that a PostgreSQL that still runs has released the name by then."""

KEEPALIVES = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)
"""PostgreSQL then releases the name of a machine that vanished within a minute, not two hours."""


class FileLock:
    """A lock on a file of this machine; it cannot be lost."""

    def __init__(self, name: str, url: str):
        digest = sha256(name.encode()).hexdigest()[:16]
        self._path = Path(f"{make_url(url).database}.worker-{digest}.lock")

    def take(self) -> bool:
        file = self._path.open("w")
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._file = file
            return True
        file.close()
        return False

    def wait_until_lost(self) -> None:
        threading.Event().wait()

    def release(self) -> None:
        self._file.close()


class AdvisoryLock:
    """An advisory lock of a PostgreSQL connection; it is lost with the connection."""

    def __init__(self, name: str, url: str):
        digest = sha256(f"altera worker {name}".encode()).digest()
        self.number = int.from_bytes(digest[:8], signed=True)
        self._engine = create_engine(
            url,
            poolclass=NullPool,
            **HIDDEN,
            isolation_level="AUTOCOMMIT",
            connect_args={"tcp_user_timeout": UNANSWERED},
        )

    def take(self) -> bool:
        connection = self._engine.connect()
        connection.execute(text(KEEPALIVES))
        query = text("SELECT pg_try_advisory_lock(:number)")
        if connection.scalar(query, {"number": self.number}):
            self._connection = connection
            return True
        connection.close()
        return False

    def wait_until_lost(self) -> None:
        """Block until the connection ends; PostgreSQL says so at once where it still can."""
        driver = cast(psycopg.Connection, self._connection.connection.driver_connection)
        with suppress(psycopg.Error):
            while True:
                for _ in driver.notifies(timeout=SILENCE):
                    pass
                driver.execute("SELECT 1")
        self._connection.invalidate()

    def release(self) -> None:
        self._connection.close()


Lock = FileLock | AdvisoryLock


def lock_for(name: str, jobs_database_url: str) -> Lock:
    """The lock for this name, not acquired yet."""
    sqlite = make_url(jobs_database_url).get_backend_name() == "sqlite"
    return (FileLock if sqlite else AdvisoryLock)(name, jobs_database_url)
