"""Whether an error says that the database is away for a while, and may be back in a minute."""

import sqlite3

import psycopg
from sqlalchemy import exc

MAY_BE_AWAY = (
    exc.OperationalError,
    exc.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    sqlite3.OperationalError,
)
"""SQLAlchemy's, and the drivers' own where a connection is used without it."""
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}


def is_away(error: Exception) -> bool:
    """Of one of MAY_BE_AWAY. SQLite's may as well be a mistake in a statement."""
    driver = getattr(error, "orig", error)
    if isinstance(driver, sqlite3.Error):
        return getattr(driver, "sqlite_errorcode", 0) & 0xFF in BUSY
    return True
