"""/api/v1/imports/<id>/plan, /apply and /undo: look at what an import plans, have it done, undo it.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from flask import Blueprint, Response, g, request, stream_with_context
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import scratch
from blueprints import guards, transfers
from blueprints.api.jobs import answered, enqueue, own_job_or_404
from blueprints.client_address import client_address
from blueprints.errors import Problem
from models.import_plan import not_accepted
from models.job import APPLYING, COMPLETED, IMPORT, QUEUED, WAITING, Job
from transfer.exporting.file import MEDIA_TYPES
from transfer.importing.plan_file import plan_jsonl, plan_name, write_workbook

bp = Blueprint("plans", __name__, url_prefix="/api/v1/imports")

JSONL, XLSX = "jsonl", "xlsx"
PLAN_MEDIA_TYPE = "application/jsonl"
CHUNK = 256 * 1024
NO_PLAN = "There is no plan yet: the import is {}."
DISCARDED = "There is nothing to apply: the import is {}."
APPLIED = "This plan was applied already: the import is {}."
Count = Annotated[int, Field(ge=0, strict=True)]


class NewApply(BaseModel):
    """What of the limits that the plan is over is accepted: each by its count in the plan."""

    model_config = ConfigDict(extra="forbid")

    accept: dict[str, Count] = {}


@bp.get("/<job_id>/plan")
@guards.checks_permission
def show(job_id: str) -> Response:
    job = _own_import(job_id)
    if not job.plan:
        raise Problem(409, "not_ready", NO_PLAN.format(job.status))
    wanted, only_changes = _format(), request.args.get("only") == "changes"
    body = _workbook(job) if wanted == XLSX else plan_jsonl(job, only_changes=only_changes)
    headers = {"Content-Disposition": f'attachment; filename="{plan_name(job, wanted)}"'}
    media_type = MEDIA_TYPES[XLSX] if wanted == XLSX else PLAN_MEDIA_TYPE
    response = Response(stream_with_context(body), headers=headers, mimetype=media_type)
    return transfers.counted(response)


@bp.post("/<job_id>/apply")
@guards.checks_permission
def apply(job_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    job = _own_import(job_id)
    accepted = _body(NewApply).accept
    if job.status in WAITING and (open_limits := not_accepted(job.plan, accepted)):
        named = ", ".join(f"{name} ({count:,})" for name, count in open_limits.items())
        raise Problem(
            409,
            "not_accepted",
            f"The plan is over limits that are not accepted as they are: {named}. Look at the "
            'plan and send its counts, {"accept": {"<limit>": <count>}}.',
            limits=open_limits,
        )
    if not job.apply(accepted, address=client_address()):
        raise _not_applicable(job)
    enqueue(job)
    return answered(job)


def _own_import(job_id: str) -> Job:
    """An import of the calling key, which still may import all of its data types."""
    job = own_job_or_404(IMPORT, job_id)
    for name in job.types:
        guards.need(f"{name}:import")
    return job


def _not_applicable(job: Job) -> Problem:
    if job.plan and job.status in (QUEUED, APPLYING, COMPLETED):
        return Problem(409, "already_applied", APPLIED.format(job.status))
    words = DISCARDED if job.plan else NO_PLAN
    return Problem(409, "not_ready", words.format(job.status))


def _format() -> str:
    wanted = request.args.get("format", JSONL)
    if wanted not in (JSONL, XLSX):
        detail = f"format is {JSONL} or {XLSX}."
        raise Problem(422, "invalid", detail, errors=[{"field": "format", "detail": detail}])
    return wanted


def _workbook(job: Job) -> Iterator[bytes]:
    with scratch.folder() as folder:
        path = folder / "plan.xlsx"
        write_workbook(job, path)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _body[Body: BaseModel](model: type[Body]) -> Body:
    """The body of the call; none is an empty one."""
    try:
        return model.model_validate_json(request.get_data() or b"{}")
    except ValidationError as error:
        found = [
            {"field": ".".join(map(str, each["loc"])) or "body", "detail": f"{each['msg']}."}
            for each in error.errors(include_url=False)
        ]
        raise Problem(422, "invalid", found[0]["detail"], errors=found) from None
