"""GET /healthz: this process is alive. GET /readyz: it can do its work."""

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from sqlalchemy.exc import SQLAlchemyError

from models import db, disk_full
from models.heartbeat import Heartbeat

LEAST_FREE = 32 * 1024 * 1024
"""Bytes that are left on a disk that is not full."""
bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> dict[str, str]:
    return {"status": "ok"}


@bp.get("/readyz")
def ready() -> dict[str, object] | tuple[dict[str, object], int]:
    """503 names what is missing: room on the disk, the database, its migrations, or a worker that
    is alive."""
    try:
        missing = list(_missing())
    except SQLAlchemyError:
        missing = ["database"]
    if missing:
        return {"status": "not ready", "missing": missing}, 503
    return {"status": "ok"}


def _missing() -> Iterator[str]:
    if disk_full.recently() or any(map(_is_full, _folders())):
        yield "disk"
    context = MigrationContext.configure(db.session.connection())
    at = set(context.get_current_heads())
    if not at or at & _older():
        yield "migrations"
    elif not Heartbeat.alive():
        yield "worker"


def _folders() -> Iterator[Path]:
    """Where this process and the database, if it is SQLite, write."""
    yield Path(tempfile.gettempdir())
    if db.engine.dialect.name == "sqlite":
        yield Path(db.engine.url.database or ".").parent


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE
    except FileNotFoundError:
        return False  # then it is the database that is missing


@cache
def _older() -> set[str]:
    """The migrations of this code but the newest. A database may be ahead: migrations only add,
    so that this process goes on during an update until it is restarted."""
    config = current_app.extensions["migrate"].migrate.get_config()
    scripts = ScriptDirectory.from_config(config)
    return {script.revision for script in scripts.walk_revisions()} - set(scripts.get_heads())
