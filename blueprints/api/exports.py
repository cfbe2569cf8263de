"""/api/v1/exports: start an export, follow it, fetch its file."""

from typing import Any

from flask import Blueprint, Response

from blueprints import guards
from blueprints.api.jobs import add_routes, need_room_for_job, own_job_or_404, start
from blueprints.api.new_export import parse_new_export
from blueprints.export_file import answer
from models import db
from models.job import EXPORT
from transfer.rows.personal import personal_filters
from transfer.types import BY_NAME

bp = Blueprint("exports", __name__, url_prefix="/api/v1/exports")
add_routes(bp, EXPORT)

FOUND_BY = (
    "This export was filtered by personal data when its key still saw all of it, so its file "
    "would tell who is in it. Export again."
)


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
        if personal_filters(BY_NAME[name], job.filters.get(name, {})):
            guards.need_personal_data(FOUND_BY)
    return answer(job)
