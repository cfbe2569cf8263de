"""Alembic's way into the app's own database; run by `flask --app app db …`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from models import UtcDateTime
from models.tables import TABLES


def plainly(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own moments as what they are in the database."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


@contextmanager
def tables_may_be_replaced(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it again, which its foreign keys would not let happen."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.commit()
    try:
        yield
        if astray := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise RuntimeError(f"Rows that belong to none: {astray[:5]}")
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def run() -> None:
    engine = current_app.extensions["sqlalchemy"].engine
    with engine.connect() as connection, tables_may_be_replaced(connection):
        context.configure(
            connection=connection,
            target_metadata=TABLES[0].metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=plainly,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need the database; offline SQL is not made.")
with current_app.app_context():
    run()
