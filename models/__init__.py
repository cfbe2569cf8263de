"""The tables, and the rules and words that belong to one row."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    FromClause,
    Index,
    MetaData,
    UpdateBase,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from models import scrubbed_errors as scrubbed_errors  # from now on for every engine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can find it again on any database."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime},
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
if TYPE_CHECKING:
    Model = Base  # Flask-SQLAlchemy makes db.Model of it as the program runs
else:
    Model = db.Model
Insert = sqlite.Insert | postgresql.Insert
_INSERTS: dict[str, Callable[..., Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime | None) -> str | None:
    """A moment as the API tells it (RFC 3339, UTC): ``2026-11-23T11:35:09Z``."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def insert_into(table: type[Base] | FromClause, engine: Engine | None = None) -> Insert:
    """An INSERT as this engine's database has it, else the app's: with ``on_conflict_…``, which
    both know and SQLAlchemy's own INSERT does not."""
    return _INSERTS[(engine or db.engine).dialect.name](table)


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that meet a condition, for a sweep that looks for few among many."""
    condition = db.text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def rows_changed(statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE in the session; how many rows it changed."""
    result: Any = db.session.execute(statement)
    return int(result.rowcount)


@contextmanager
def commits_keep_rows() -> Iterator[None]:
    """Within the block a commit does not have each row read again that is used after it; what
    others may change meanwhile is asked for. The block ends with a commit, after which all are: of
    blocks within each other the outermost."""
    session = db.session()
    if not session.expire_on_commit:
        yield
        return
    session.expire_on_commit = False
    try:
        yield
    finally:
        session.expire_on_commit = True
    session.commit()


def limit_lock_wait(connection: Connection) -> None:
    """Have PostgreSQL give up waiting for a lock after a second in this transaction.

    SQLite has one lock for its whole file, and a timeout of its own for it.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")


@event.listens_for(Engine, "connect")
def _tune_sqlite(connection: object, _record: object) -> None:
    """Readers beside a writer, patience with locks, and foreign keys that hold."""
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA foreign_keys=ON")
