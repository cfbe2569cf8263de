"""GET /healthz: this process is alive. GET /readyz: it can do its work."""

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from sqlalchemy.exc import SQLAlchemyError

from models import db
from models.heartbeat import Heartbeat

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive():
    return {"status": "ok"}


@bp.get("/readyz")
def ready():
    """503 names what is missing: the database, its migrations, or a worker that is alive."""
    try:
        missing = list(_missing())
    except SQLAlchemyError:
        missing = ["database"]
    if missing:
        return {"status": "not ready", "missing": missing}, 503
    return {"status": "ok"}


def _missing():
    context = MigrationContext.configure(db.session.connection())
    if set(context.get_current_heads()) != _newest():
        yield "migrations"
    elif not Heartbeat.alive():
        yield "worker"


@cache
def _newest() -> set[str]:
    """The newest migrations that this code has."""
    config = current_app.extensions["migrate"].migrate.get_config()
    return set(ScriptDirectory.from_config(config).get_heads())
