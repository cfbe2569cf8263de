"""What the routes for exports and imports share: list, show, cancel and start a job."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, url_for

from blueprints import guards
from blueprints.client_address import client_address
from blueprints.errors import Problem, not_found
from blueprints.job_limits import why_no_job
from models import db
from models.import_plan import plan_as_json
from models.job import COMPLETED, EXPORT, Job
from queues import enqueue
from transfer.exporting.file import file_name
from transfer.importing.guards import worst
from transfer.rows.personal import personal_filters
from transfer.types import BY_NAME

SEES_LESS = (
    "This key saw more personal data when this was started, so what was told of it then is not "
    "told again. Start it again."
)


def add_routes(bp: Blueprint, kind: str) -> None:
    """The list of the key's own jobs of this kind, one of them, and how it is canceled."""

    @bp.get("")
    @guards.needs_none
    def index() -> Response:
        return jsonify({f"{kind}s": [job_as_json(job) for job in Job.of_key(g.key_id, kind)]})

    @bp.get("/<job_id>")
    @guards.needs_none
    def show(job_id: str) -> dict[str, Any]:
        return in_full(own_job_or_404(kind, job_id))

    @bp.delete("/<job_id>")
    @guards.needs_none
    def cancel(job_id: str) -> dict[str, Any]:
        job = own_job_or_404(kind, job_id)
        job.cancel(address=client_address())
        return job_as_json(job)


def own_job_or_404(kind: str, job_id: str) -> Job:
    """A job that the calling key started itself; raises a 404 problem for any other id."""
    mine = {"shop_id": g.shop_id, "key_id": g.key_id, "started_by": ""}
    job = Job.named(job_id, kind=kind, **mine)
    if job is None:
        raise not_found(kind)
    return job


def job_as_json(job: Job) -> dict[str, Any]:
    """The job as the API answers it; of an export with the name of its file, once there is one."""
    found = job.as_json()
    if job.sees_less_now:
        found |= {"warnings": [SEES_LESS]} | ({"error": SEES_LESS} if job.error else {})
        if job.kind == EXPORT:
            found["filters"] = _without_personal(job)
    if job.kind != EXPORT:
        return found
    return found | {"file": file_name(job) if job.status == COMPLETED else None}


def in_full(job: Job) -> dict[str, Any]:
    """The same with the worst changes of a plan that is over limits."""
    found = job_as_json(job)
    if job.kind != EXPORT and job.plan and not job.sees_less_now:
        found["plan"] = plan_as_json(job.plan, worst(job))
    return found


def _without_personal(job: Job) -> dict[str, Any]:
    """The filters of an export but for those that look for personal data."""
    return {
        name: {
            one: value
            for one, value in filters.items()
            if not personal_filters(BY_NAME[name], [one])
        }
        for name, filters in job.filters.items()
    }


def need_what_it_saw(job: Job) -> None:
    """Stop the call where the key saw more when it started the import."""
    if job.sees_less_now:
        guards.need_personal_data(SEES_LESS)


def need_room_for_job() -> None:
    """Stop the call when the store has too many jobs."""
    if refusal := why_no_job(g.shop_id):
        raise Problem(429, "too_many_jobs", refusal)


def start(job: Job) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Record a new job, commit it, hand it to the workers, and answer it."""
    job.record("job.started", client_address())
    db.session.commit()
    enqueue(job)
    return answered(job)


def answered(job: Job) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The answer to a call that has a job done."""
    g.job_id = job.id
    return job_as_json(job), 202, {"Location": url_for(f"{job.kind}s.show", job_id=job.id)}
