"""One SELECT on the hot path: compiled once, run on a connection of the thread's own.

A pooled connection costs a checkout, a BEGIN and a ROLLBACK a call, and SQLAlchemy's execution
twice the rest: for the check of an API key that would be most of the answer's time. Here each
thread keeps one connection in autocommit, so every read sees what was last committed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import local
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, event
from sqlalchemy.engine.interfaces import DBAPIConnection

Read = Callable[[object], tuple[Any, ...] | None]


class HotRead:
    """A SELECT with one parameter that answers with at most one row."""

    def __init__(self, statement: Select[Any]):
        self._statement = statement
        self._thread = local()

    def one(self, engine: Engine, value: object) -> tuple[Any, ...] | None:
        """The row as the driver gives it (see ``moment``), or None.

        A connection that the database has closed meanwhile is replaced once.
        """
        held: WeakKeyDictionary[Engine, Read] = self._thread.__dict__.setdefault(
            "held", WeakKeyDictionary()
        )
        driver: Any = engine.dialect.dbapi
        read = held.get(engine) or held.setdefault(engine, self._open(engine, held))
        try:
            return read(value)
        except (driver.OperationalError, driver.InterfaceError):
            read = held[engine] = self._open(engine, held)
            return read(value)

    def _open(self, engine: Engine, held: WeakKeyDictionary[Engine, Read]) -> Read:
        """The read, on a new autocommit connection and in the driver's own SQL; an engine that
        is disposed of closes it and is held no more."""

        def close(_: Engine) -> None:
            held.pop(engine, None)
            connection.close()

        connection = engine.raw_connection()
        connection.detach()
        driver_connection = cast(DBAPIConnection, connection.dbapi_connection)
        engine.dialect.set_isolation_level(driver_connection, "AUTOCOMMIT")
        event.listen(engine, "engine_disposed", close, once=True)
        execute, compiled = connection.cursor().execute, self._statement.compile(engine)
        sql, [name] = str(compiled), compiled.bind_names.values()
        if compiled.positional:
            return lambda value: execute(sql, (value,)).fetchone()
        return lambda value: execute(sql, {name: value}).fetchone()


def as_datetime(value: datetime | str | None) -> datetime | None:
    """A moment as a driver gives it: SQLite tells the text of the UTC time."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value
