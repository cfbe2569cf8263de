"""Settings > Jobs > Export: data types, format and filters are chosen, and an export is started."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request

from blueprints.client_address import client_address
from blueprints.job_limits import why_no_job
from blueprints.pages.navigation import open_page
from models import db
from models.job import EXPORT, Job, new_id
from queues import enqueue
from transfer.reading.filters import SINCE, BadFilter, changed, search
from transfer.types import ALL, BY_NAME
from transfer.types.base import DataType
from translations import N_, _

bp = Blueprint("new_export", __name__, url_prefix="/settings/export")

FORMATS = {
    "xlsx": N_("Excel workbook, a sheet for each data type"),
    "csv": N_("CSV, a file for each data type"),
    "jsonl": N_("JSONL, for programs"),
}
BETWEEN = ","
"""Between the two ends of a range: ``>=10, <20``."""


@bp.get("/")
def page() -> str:
    return _render("new_export/page.html")


@bp.get("/filters")
def filters() -> str:
    """The filters of the data types that are ticked."""
    return _render("new_export/_filters.html")


@bp.post("/")
def start() -> Response | tuple[str, int]:
    names, errors = _types(), {}
    if not names:
        errors["types"] = _("Tick at least one data type.")
    wanted = {name: _filters(BY_NAME[name]) for name in names}
    for name, of_type in wanted.items():
        try:
            search(BY_NAME[name], of_type)
        except BadFilter as error:
            errors[name] = str(error)
    if not errors and (refusal := why_no_job(g.shop.id)):
        errors["form"] = refusal
    if errors:
        return _render("new_export/_form.html", errors=errors), 422
    since = request.form.get("since", "").strip()
    whole = [name for name in names if since and not changed(BY_NAME[name])]
    format_ = request.form.get("format", "xlsx")
    job = Job(
        id=new_id(EXPORT),
        shop_id=g.shop.id,
        kind=EXPORT,
        types=names,
        format=format_ if format_ in FORMATS else "xlsx",
        filters={name: of_type for name, of_type in wanted.items() if of_type},
        options={"columns": {}, "bom": True, "whole": whole},
        started_by=g.user,
    )
    db.session.add(job)
    job.record("job.started", client_address())
    db.session.commit()
    enqueue(job)
    return open_page("jobs.page", toast=_("Export started"))


def _types() -> list[str]:
    """The data types that are ticked, in our order."""
    ticked = set(request.values.getlist("type"))
    return [data_type.name for data_type in ALL if data_type.name in ticked]


def _filters(data_type: DataType) -> dict[str, Any]:
    """What the form has of a type's filters, without the empty ones."""
    found: dict[str, Any] = {}
    for one in data_type.filters:
        values = request.form.getlist(f"{data_type.name}.{one.name}")
        if one.form == "range":
            values = [part for text in values for part in text.split(BETWEEN)]
        if values := [text.strip() for text in values if text.strip()]:
            found[one.name] = values if len(values) > 1 else values[0]
    since = request.form.get("since", "").strip()
    if since and changed(data_type):
        found.setdefault(SINCE, since)
    return found


def _render(template: str, **context: Any) -> str:
    ticked = _types()
    return render_template(
        template,
        ticked=ticked,
        chosen=[BY_NAME[name] for name in ticked if BY_NAME[name].filters],
        formats=FORMATS,
        values=request.values,
        **{"errors": {}} | context,
    )
