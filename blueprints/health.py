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
    at = set(context.get_current_heads())
    if not at or at & _older():
        yield "migrations"
    elif not Heartbeat.alive():
        yield "worker"


@cache
def _older() -> set[str]:
    """The migrations of this code but the newest. A database may be ahead: migrations only add,
    so that this process goes on during an update until it is restarted."""
    config = current_app.extensions["migrate"].migrate.get_config()
    scripts = ScriptDirectory.from_config(config)
    return {script.revision for script in scripts.walk_revisions()} - set(scripts.get_heads())
