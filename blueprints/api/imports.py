"""/api/v1/imports: send a file, follow its import, fetch the results of its rows."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, g, request

import scratch
from blueprints import guards, transfers
from blueprints.api.jobs import (
    add_routes,
    need_room_for_job,
    need_what_it_saw,
    own_job_or_404,
    start,
)
from blueprints.api.parameters import refuse_all_but
from blueprints.errors import Problem
from models.import_plan import BLANK, CHANGES, DELETES, KEEP
from models.job import IMPORT, IMPORT_RESULTS
from transfer.formats.bad_file import BadFile
from transfer.importing.limits import MEGABYTE, Limits
from transfer.importing.receive import NO_ROOM, receive
from transfer.importing.rows import results_file, results_jsonl, results_mimetype, results_name
from transfer.importing.sheet_choice import NoType, types_of, why_not
from transfer.importing.upload import choose
from transfer.types import BY_NAME
from transfer.types.base import DataType

bp = Blueprint("imports", __name__, url_prefix="/api/v1/imports")
add_routes(bp, IMPORT)

CHUNK = 256 * 1024
LINES = "application/x-ndjson"
CONFIRMED_DELETES = re.compile(r"deletes:(\d{1,9})", re.ASCII)
YES_OR_NO = {"true": True, "false": False}


@bp.post("")
@guards.checks_permission
def create() -> tuple[dict[str, Any], int, dict[str, str]]:
    refuse_all_but("type", "name", "dry_run", "blank", "strict", "confirm")
    data_type, dry_run, options = _requested()
    limits = Limits.current()
    need_room_for_job()
    _need_room_for_file(limits, request.content_length or 1)
    request.max_content_length = limits.file_bytes
    with scratch.folder() as folder:
        path = folder / "upload"
        with transfers.upload(), path.open("wb") as file:
            while chunk := request.stream.read(CHUNK):
                file.write(chunk)
        _need_room_for_file(limits, path.stat().st_size)
        try:
            name = request.args.get("name", "")
            chosen = choose(path, limits, name=name, data_type=data_type)
            _need_types(types_of(chosen.sheets))
            owner = {"shop_id": g.shop_id, "key_id": g.key_id}
            job = receive(path, chosen, **owner, dry_run=dry_run, options=options)
        except NoType as error:
            raise _invalid("type", str(error)) from error
        except BadFile as error:
            raise _invalid("file", str(error)) from error
    return start(job)


@bp.get("/<job_id>/results")
@guards.checks_permission
def results(job_id: str) -> Response:
    job = own_job_or_404(IMPORT, job_id)
    _need_types(job.types)
    need_what_it_saw(job)
    only = _only()
    own = results_mimetype(job)
    if request.accept_mimetypes.best_match([own, LINES], default=own) == LINES:
        return transfers.counted(Response(results_jsonl(job, only), mimetype=LINES))
    headers = {"Content-Disposition": f'attachment; filename="{results_name(job)}"'}
    return transfers.counted(Response(results_file(job, only), headers=headers, mimetype=own))


def _only() -> str | None:
    """The result that rows must have to be in the answer, if one is named."""
    refuse_all_but("only")
    only = request.args.get("only")
    if only is not None and only not in IMPORT_RESULTS:
        raise _invalid("only", f"only is one of {', '.join(IMPORT_RESULTS)}.")
    return only


def _requested() -> tuple[DataType | None, bool, dict[str, Any]]:
    """The type, if one is named, whether nothing is to be changed, and the options."""
    data_type = None
    if name := request.args.get("type", ""):
        if name not in BY_NAME:
            raise _invalid("type", f"type is one of {', '.join(BY_NAME)}.")
        data_type = BY_NAME[name]
        if data_type.importable:
            guards.need(f"{name}:import")
        if why := why_not(data_type):
            raise _invalid("type", why)
    options = {"blank": _blank(), "strict": _yes_or_no("strict"), "confirm": _confirm()}
    options["personal_data"] = g.caller.personal_data
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


def _need_types(names: Iterable[str]) -> None:
    """Stop the call unless the key may import each of these types."""
    for name in names:
        guards.need(f"{name}:import")


def _need_room_for_file(limits: Limits, size: int) -> None:
    """Stop the call when the store may not keep so many bytes more of its imports."""
    if limits.bytes_left(g.shop_id) < size:
        raise Problem(429, "too_much_stored", NO_ROOM.format(limits.shop_bytes // MEGABYTE))


def _invalid(field: str, detail: str) -> Problem:
    return Problem(422, "invalid", detail, errors=[{"field": field, "detail": detail}])
