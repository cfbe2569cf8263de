"""/api/v1/imports: send a file, follow its import, fetch the results of its rows."""

import re
from typing import Any

from flask import Blueprint, Response, g, request

import scratch
from blueprints import guards, transfers
from blueprints.api.jobs import add_routes, need_room_for_job, own_job_or_404, start
from blueprints.errors import Problem
from models.import_plan import BLANK, CHANGES, DELETES, KEEP
from models.job import IMPORT, IMPORT_RESULTS
from transfer.formats.bad_file import BadFile
from transfer.importing.limits import MEGABYTE, Limits
from transfer.importing.receive import NO_ROOM, receive
from transfer.importing.rows import results_csv, results_jsonl, results_name
from transfer.types import BY_NAME
from transfer.types.base import DataType

bp = Blueprint("imports", __name__, url_prefix="/api/v1/imports")
add_routes(bp, IMPORT)

CHUNK = 256 * 1024
CSV = "text/csv"
ANSWERS = {CSV: results_csv, "application/x-ndjson": results_jsonl}
CONFIRMED_DELETES = re.compile(r"deletes:(\d{1,9})", re.ASCII)
YES_OR_NO = {"true": True, "false": False}


@bp.post("")
@guards.checks_permission
def create():
    data_type, dry_run, options = _requested()
    limits = Limits.current()
    need_room_for_job()
    _need_room_for_file(limits)
    request.max_content_length = limits.file_bytes
    with scratch.folder() as folder:
        path = folder / "upload"
        with transfers.upload(), path.open("wb") as file:
            while chunk := request.stream.read(CHUNK):
                file.write(chunk)
        try:
            owner = {"shop_id": g.shop_id, "key_id": g.key_id}
            job = receive(path, data_type, **owner, dry_run=dry_run, options=options)
        except BadFile as error:
            raise _invalid("file", str(error)) from error
    return start(job)


@bp.get("/<job_id>/results")
@guards.checks_permission
def results(job_id):
    job = own_job_or_404(IMPORT, job_id)
    for name in job.types:
        guards.need(f"{name}:import")
    only = _only()
    mimetype = request.accept_mimetypes.best_match(ANSWERS, default=CSV)
    headers = {}
    if mimetype == CSV:
        headers["Content-Disposition"] = f'attachment; filename="{results_name(job)}"'
    return transfers.counted(
        Response(ANSWERS[mimetype](job, only), headers=headers, mimetype=mimetype)
    )


def _only() -> str | None:
    """The result that rows must have to be in the answer, if one is named."""
    if other := next((name for name in request.args if name != "only"), None):
        raise _invalid(other[:40], "There is no such parameter. The only one is “only”.")
    only = request.args.get("only")
    if only is not None and only not in IMPORT_RESULTS:
        raise _invalid("only", f"only is one of {', '.join(IMPORT_RESULTS)}.")
    return only


def _requested() -> tuple[DataType, bool, dict[str, Any]]:
    """The type, whether nothing is to be changed, and the options, once the key may do it."""
    name = request.args.get("type", "")
    if name not in BY_NAME:
        raise _invalid("type", f"Add ?type= and one of {', '.join(BY_NAME)}.")
    data_type = BY_NAME[name]
    if not data_type.importable:
        raise _invalid(
            "type", f"{data_type.label} can only be exported: Shopify lets nobody write them."
        )
    guards.need(f"{name}:import")
    if data_type.writing is None:
        raise _invalid("type", f"{data_type.label} cannot be imported yet.")
    options = {"blank": _blank(), "strict": _yes_or_no("strict"), "confirm": _confirm()}
    return data_type, _yes_or_no("dry_run"), options


def _yes_or_no(name: str) -> bool:
    value = YES_OR_NO.get(request.args.get(name, "false").lower())
    if value is None:
        raise _invalid(name, f"{name} is true or false.")
    return value


def _blank() -> str:
    value = request.args.get("blank", KEEP).lower()
    if value not in BLANK:
        raise _invalid("blank", f"blank is {' or '.join(BLANK)}.")
    return value


def _confirm() -> dict[str, bool | int]:
    """What is accepted of the plan before it is made: ``changes``, ``deletes:42``, or both."""
    confirmed: dict[str, bool | int] = {}
    for part in filter(None, request.args.get("confirm", "").split(",")):
        if part == CHANGES:
            confirmed[CHANGES] = True
        elif found := CONFIRMED_DELETES.fullmatch(part):
            confirmed[DELETES] = int(found[1])
        else:
            raise _invalid("confirm", "confirm is changes, deletes:<number>, or both with a comma.")
    return confirmed


def _need_room_for_file(limits: Limits) -> None:
    """Stop the call when the imports of the store take up all that they may."""
    if limits.bytes_left(g.shop_id) <= 0:
        raise Problem(429, "too_much_stored", NO_ROOM.format(limits.shop_bytes // MEGABYTE))


def _invalid(field: str, detail: str) -> Problem:
    return Problem(422, "invalid", detail, errors=[{"field": field, "detail": detail}])
