"""A worker's name is its own: two of one name would take each other's work and do it twice.

The name is held by a lock that ends with the process, however that ends: on SQLite of a file
beside the jobs database, on PostgreSQL an advisory lock of a connection that is kept for it.
"""

import fcntl
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

PATIENCE = 10
"""Seconds in which one that was just killed may still be holding the name."""

KEEPALIVES = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)
"""PostgreSQL gives up the name of a machine that has vanished within a minute, not two hours."""


class NameTaken(Exception):
    """Another worker of this name is running; the message says what to do."""


def hold(name: str, jobs_database_url: str) -> Any:
    """Hold the name for as long as what is returned lives, or raise NameTaken."""
    attempt = _file if make_url(jobs_database_url).get_backend_name() == "sqlite" else _advisory
    end = time.monotonic() + PATIENCE
    while (held := attempt(name, jobs_database_url)) is None:
        if time.monotonic() > end:
            raise NameTaken(
                f"Another worker named {name} is running. Give each worker its own WORKER_NAME."
            )
        time.sleep(0.5)
    return held


def _file(name: str, url: str) -> Any:
    digest = sha256(name.encode()).hexdigest()[:16]
    path = Path(f"{make_url(url).database}.worker-{digest}.lock")
    file = path.open("w")
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file
    file.close()
    return None


def _advisory(name: str, url: str) -> Any:
    number = int.from_bytes(sha256(f"altera worker {name}".encode()).digest()[:8], signed=True)
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    connection = engine.connect()
    connection.execute(text(KEEPALIVES))
    query = text("SELECT pg_try_advisory_lock(:number)")
    if connection.scalar(query, {"number": number}):
        return connection
    connection.close()
    return None
