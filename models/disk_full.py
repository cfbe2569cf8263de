"""Whether an error says that a disk is full: of a file, of SQLite or of PostgreSQL."""

import sqlite3
from errno import EDQUOT, EFBIG, ENOSPC
from time import monotonic

import psycopg

FILES = (ENOSPC, EDQUOT, EFBIG)
"""Nothing is left: of the disk, of a quota, of a limit of the process."""
SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE = 778, 4874
SQLITE = (sqlite3.SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE)
"""SQLite tells only ENOSPC as FULL; a quota or a limit is a write that failed."""
POSTGRESQL = "53100"
REMEMBERED = 60
"""Seconds for which ``recently`` is true."""
_last = float("-inf")


def is_disk_full(error: BaseException) -> bool:
    """Also of an error of SQLAlchemy, which carries the driver's."""
    global _last
    error = getattr(error, "orig", None) or error
    if isinstance(error, sqlite3.Error):
        full = getattr(error, "sqlite_errorcode", 0) in SQLITE
    elif isinstance(error, psycopg.Error):
        full = error.sqlstate == POSTGRESQL
    else:
        full = isinstance(error, OSError) and error.errno in FILES
    if full:
        _last = monotonic()
    return full


def recently() -> bool:
    """Whether this process has met a full disk in the last minute."""
    return monotonic() - _last < REMEMBERED


def forget() -> None:
    """As if none had been met."""
    global _last
    _last = float("-inf")
