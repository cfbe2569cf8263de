"""/api/v1/imports/<id>/plan, /apply, /undo: look at what an import plans, have it done, undo it."""

from collections.abc import Iterator
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, g, request
from flask.globals import app_ctx
from pydantic import BaseModel, ValidationError

from blueprints import guards, transfers
from blueprints.api.jobs import (
    answered,
    need_room_for_job,
    need_what_it_saw,
    own_job_or_404,
    start,
)
from blueprints.api.new_apply import NewApply, NewUndo
from blueprints.api.parameters import refuse_all_but
from blueprints.client_address import client_address
from blueprints.errors import Problem
from blueprints.plan_workbook import XLSX, workbook_of
from models import db
from models.approval import SENTENCES, approval_of
from models.import_limits import APPLY
from models.import_plan import not_accepted, over
from models.job import APPLYING, COMPLETED, HELD, IMPORT, OVER, PLANNED, QUEUED, WAITING, Job
from queues import enqueue
from transfer.importing.guards import weigh_again
from transfer.importing.plan_file import following, plan_lines, plan_name
from transfer.importing.undo import undo_of

bp = Blueprint("plans", __name__, url_prefix="/api/v1/imports")

JSONL = "jsonl"
PLAN_MEDIA_TYPE = "application/jsonl"
NO_PLAN = "There is no plan yet: the import is {}."
DISCARDED = "There is nothing to apply: the import is {}."
APPLIED = "This plan was applied already: the import is {}."
NOT_APPLIED = "There is nothing to undo: the import is {} and changed nothing, or is not over."
UNDO_RUNS = "Another undo of this import is {}."
Body = TypeVar("Body", bound=BaseModel)


@bp.get("/<job_id>/plan")
@guards.checks_permission
def show(job_id: str) -> Response:
    job = _own_import(job_id)
    refuse_all_but("format", "only")
    if not job.plan:
        raise Problem(409, "not_ready", NO_PLAN.format(job.status))
    wanted, only_changes = _one_of("format", JSONL, XLSX) or JSONL, bool(_one_of("only", "changes"))
    if wanted == XLSX:
        return workbook_of(job)
    headers = {"Content-Disposition": f'attachment; filename="{plan_name(job, wanted)}"'}
    body = _lines(app_ctx.app, job.id, only_changes)
    return transfers.counted(Response(body, headers=headers, mimetype=PLAN_MEDIA_TYPE))


@bp.post("/<job_id>/apply")
@guards.checks_permission
def apply(job_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    job = _own_import(job_id)
    accepted = _body(NewApply).accept
    if job.status in WAITING and (why := approval_of(job)):
        plan = job.plan | {"approval": why}
        job.move(HELD, among=(PLANNED,), plan=plan, dry_run=False, address=client_address())
        raise Problem(403, "approval_needed", SENTENCES[why])
    if job.status in WAITING:
        weigh_again(job)
    if job.plan and g.caller.imports == APPLY:
        accepted = over(job.plan) | accepted
    if job.status in WAITING and (open_limits := not_accepted(job.plan, accepted)):
        db.session.commit()
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


@bp.post("/<job_id>/undo")
@guards.checks_permission
def undo(job_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    job = _own_import(job_id)
    wanted = _body(NewUndo)
    if not job.plan.get("applied") or job.status not in OVER:
        raise Problem(409, "not_ready", NOT_APPLIED.format(job.status))
    need_room_for_job()
    if running := job.running_undo():
        raise Problem(409, "not_ready", UNDO_RUNS.format(running.status))
    undoing = undo_of(job, key_id=job.key_id, dry_run=wanted.dry_run, force=wanted.force)
    db.session.add(undoing)
    return start(undoing)


def _own_import(job_id: str) -> Job:
    """An import of the calling key, which still may import all of its data types."""
    job = own_job_or_404(IMPORT, job_id)
    for name in job.types:
        guards.need(f"{name}:import")
    need_what_it_saw(job)
    return job


def _not_applicable(job: Job) -> Problem:
    if job.plan and job.status in (QUEUED, APPLYING, COMPLETED):
        return Problem(409, "already_applied", APPLIED.format(job.status))
    words = DISCARDED if job.plan else NO_PLAN
    return Problem(409, "not_ready", words.format(job.status))


def _one_of(name: str, *allowed: str) -> str:
    """A parameter of the call, empty without it; raises a Problem for another value."""
    values = request.args.getlist(name)
    if not values:
        return ""
    if len(values) > 1 or values[0] not in allowed:
        detail = f"{name} is {' or '.join(allowed)}."
        raise Problem(422, "invalid", detail, errors=[{"field": name, "detail": detail}])
    return values[0]


def _lines(app: Flask, job_id: str, only_changes: bool) -> Iterator[bytes]:
    """The lines of the plan, some at a time, as the answer streams after its call is over."""
    after = 0
    while True:
        with app.app_context():
            job = db.session.get(Job, job_id)  # it may be erased meanwhile
            some = following(job, after, only_changes=only_changes) if job else []
            lines = plan_lines(some)
            after = some[-1].planned.number if some else after
        if not lines:
            return
        yield lines


def _body(model: type[Body]) -> Body:
    """The body of the call; none is an empty one."""
    try:
        return model.model_validate_json(request.get_data() or b"{}")
    except ValidationError as error:
        found = [
            {"field": ".".join(map(str, each["loc"])) or "body", "detail": f"{each['msg']}."}
            for each in error.errors(include_url=False)
        ]
        raise Problem(422, "invalid", found[0]["detail"], errors=found) from None
