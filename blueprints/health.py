"""GET /healthz: this process is alive."""

from flask import Blueprint

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive():
    return {"status": "ok"}
