"""Alembic's way into the app's own database; run by `flask --app app db …`."""

from alembic import context
from flask import current_app

from models import UtcDateTime
from models.tables import TABLES


def plainly(kind: str, item: object, _context: object) -> str | bool:
    """Write our own moments as what they are in the database."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


def run() -> None:
    with current_app.extensions["sqlalchemy"].engine.connect() as connection:
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
