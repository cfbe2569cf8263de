"""/api/v1/exports: start an export, follow it, fetch its file."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, g, jsonify, request, url_for
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from blueprints import guards
from blueprints.client_address import client_address
from blueprints.errors import Problem, not_found
from models import db
from models.job import COMPLETED, EXPORT, Job, new_id
from shopify.admin import ShopifyRefused, ShopifyUnavailable
from shopify.bulk import ResultGone
from transfer.exporting import file_name, media_type, opened
from transfer.filters import BadFilter, search
from transfer.formats import FORMATS
from transfer.jobs import enqueue
from transfer.store_access import admin_for
from transfer.types import BY_NAME

bp = Blueprint("exports", __name__, url_prefix="/api/v1/exports")


class NewExport(BaseModel):
    """The body of a call that starts an export."""

    model_config = ConfigDict(extra="forbid", strict=True)

    types: Annotated[list[str], Field(min_length=1, max_length=len(BY_NAME))]
    format: Literal[FORMATS] = "csv"
    filters: dict[str, dict[str, Any]] = {}


@bp.post("")
@guards.checks_permission
def create():
    wanted = _wanted()
    for name in wanted.types:
        guards.need(f"{name}:export")
    _stop_at([*_not_yet(wanted), *_filter_errors(wanted)])
    job = Job(
        id=new_id(EXPORT),
        shop_id=g.shop_id,
        key_id=g.key_id,
        kind=EXPORT,
        types=wanted.types,
        format=wanted.format,
        filters=wanted.filters,
    )
    db.session.add(job)
    job.record("job.started", client_address())
    db.session.commit()
    enqueue(job)
    return job.as_json(), 202, {"Location": url_for("exports.show", job_id=job.id)}


@bp.get("")
@guards.needs_none
def index():
    return jsonify(exports=[job.as_json() for job in Job.of_key(g.key_id, EXPORT)])


@bp.get("/<job_id>")
@guards.needs_none
def show(job_id):
    return _own(job_id).as_json()


@bp.delete("/<job_id>")
@guards.needs_none
def cancel(job_id):
    job = _own(job_id)
    job.cancel()
    return job.as_json()


@bp.get("/<job_id>/file")
@guards.checks_permission
def file(job_id):
    job = _own(job_id)
    for name in job.types:
        guards.need(f"{name}:export")
    if job.status != COMPLETED:
        raise Problem(409, "not_ready", f"There is no file: the export is {job.status}.")
    stack, chunks = _opened(job)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(job)}"'}
    response = Response(chunks, headers=headers, content_type=media_type(job))
    response.call_on_close(stack.close)
    return response


def _opened(job: Job) -> tuple[ExitStack, Iterator[bytes]]:
    """The file's bytes and what to close after them. Everything is read from Shopify here, so
    that what goes wrong there is an answer of its own; what goes wrong later cuts the file."""
    with ExitStack() as stack:
        admin = stack.enter_context(admin_for(job.shop_id))
        try:
            chunks = stack.enter_context(opened(job, admin))
        except ShopifyUnavailable as error:
            later = {"Retry-After": "30"}
            raise Problem(503, "shopify_unavailable", str(error), headers=later) from error
        except (ShopifyRefused, ResultGone) as error:
            raise Problem(409, "not_ready", str(error)) from error
        return stack.pop_all(), chunks


def _own(job_id: str) -> Job:
    job = db.session.scalar(
        db.select(Job).filter_by(id=job_id, shop_id=g.shop_id, key_id=g.key_id, kind=EXPORT)
    )
    if job is None:
        raise not_found("export")
    return job


def _wanted() -> NewExport:
    """The body, or one problem that names every field that is wrong."""
    try:
        wanted = NewExport.model_validate_json(request.get_data())
    except ValidationError as error:
        _stop_at([_in_words(found) for found in error.errors(include_url=False)])
    _stop_at(list(_type_errors(wanted)))
    return wanted


def _in_words(error: dict) -> dict[str, str]:
    """What pydantic found, as one field and one sentence."""
    field = ".".join(map(str, error["loc"])) or "body"
    expected = error.get("ctx", {}).get("expected", "")
    sentence = {
        "missing": f"Say {field}.",
        "json_invalid": "The body is not JSON.",
        "extra_forbidden": f"There is no field {field}.",
        "literal_error": f"The {field} is one of {expected}.",
    }.get(error["type"], f"{field}: {error['msg']}.")
    return {"field": field, "detail": sentence}


def _type_errors(wanted: NewExport):
    for number, name in enumerate(wanted.types):
        field = f"types.{number}"
        if name not in BY_NAME:
            yield {"field": field, "detail": f"“{name[:40]}” is none of {', '.join(BY_NAME)}."}
        elif name in wanted.types[:number]:
            yield {"field": field, "detail": f"“{name}” is there twice."}


def _not_yet(wanted: NewExport):
    for number, name in enumerate(wanted.types):
        if not BY_NAME[name].sheets:
            detail = f"{BY_NAME[name].label} cannot be exported yet."
            yield {"field": f"types.{number}", "detail": detail}


def _filter_errors(wanted: NewExport):
    for name, filters in wanted.filters.items():
        if name not in wanted.types:
            yield {"field": f"filters.{name}", "detail": "Filters are for types of this export."}
        else:
            try:
                search(BY_NAME[name], filters)
            except BadFilter as error:
                yield {"field": f"filters.{name}", "detail": str(error)}


def _stop_at(errors: list[dict]) -> None:
    if errors:
        raise Problem(422, "invalid", errors[0]["detail"], errors=errors)
