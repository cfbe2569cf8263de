"""/api/v1/exports: start an export, follow it, fetch its file."""

from typing import Any

from flask import Blueprint, Response

from blueprints import guards
from blueprints.api.jobs import add_routes, need_room_for_job, own_job_or_404, start
from blueprints.api.new_export import parse_new_export
from blueprints.export_file import answer
from models import db
from models.job import EXPORT

bp = Blueprint("exports", __name__, url_prefix="/api/v1/exports")
add_routes(bp, EXPORT)


@bp.post("")
@guards.checks_permission
def create() -> tuple[dict[str, Any], int, dict[str, str]]:
    job = parse_new_export()
    need_room_for_job()
    db.session.add(job)
    return start(job)


@bp.get("/<job_id>/file")
@guards.checks_permission
def file(job_id: str) -> Response:
    job = own_job_or_404(EXPORT, job_id)
    for name in job.types:
        guards.need(f"{name}:export")
    return answer(job)
