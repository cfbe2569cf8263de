"""Settings > Jobs > Export: data types, format and filters are chosen, and an export is started.

Choices may be saved under a name: then they are run again, or changed, from the list of the page.
"""

from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request
from htmx_flask import make_response
from werkzeug.datastructures import MultiDict

from blueprints.client_address import client_address
from blueprints.job_limits import why_no_job
from blueprints.pages.navigation import open_page
from blueprints.staff import record_activity
from blueprints.template_filters import localized
from models import db, now
from models.job import EXPORT, Job, new_id
from models.saved_export import LONGEST_NAME, MOST, MOST_NUMBER, SavedExport
from queues import enqueue
from transfer.reading.filters import SINCE, BadFilter, changed, search
from transfer.types import ALL, BY_NAME
from transfer.types.base import DataType
from translations import N_, _, number

bp = Blueprint("new_export", __name__, url_prefix="/settings/export")

FORMATS = {
    "xlsx": N_("Excel workbook, a sheet for each data type"),
    "csv": N_("CSV, a file for each data type"),
    "jsonl": N_("JSONL, for programs"),
}
BETWEEN = ","
"""Between the two ends of a range: ``>=10, <20``."""
LONGEST_VALUE = 200
Choices = MultiDict[str, str]


@bp.get("/")
def page() -> str:
    """The empty form, or with the choices that were saved before."""
    saved_id = request.args.get("saved", type=int)
    if saved_id is None:
        return _render("new_export/page.html", MultiDict())
    saved = _own_saved_or_404(saved_id)
    return _render("new_export/page.html", _choices_of(saved) | {"save_as": saved.name})


@bp.get("/filters")
def filters() -> str:
    """The filters of the data types that are ticked, and how many these are."""
    return _render("new_export/_ticked.html", request.args)


@bp.post("/")
def start() -> Response | tuple[str, int]:
    name = " ".join(request.form.get("save_as", "").replace("\0", "").split())[:LONGEST_NAME]
    errors = _errors(request.form)
    if name and not errors and (problem := _save(name, request.form)):
        errors["save_as"] = problem
    return _started(request.form, errors)


@bp.post("/saved/<int:saved_id>")
def start_saved(saved_id: int) -> Response | tuple[str, int]:
    saved = _own_saved_or_404(saved_id)
    choices = _choices_of(saved)
    return _started(choices | {"save_as": saved.name}, _errors(choices))


@bp.delete("/saved/<int:saved_id>")
def delete_saved(saved_id: int) -> Response:
    saved = _own_saved_or_404(saved_id)
    db.session.delete(saved)
    record_activity("job.saved_export_deleted", new=saved.name)
    db.session.commit()
    body = render_template("new_export/_saved.html", deleted=True, **_saved_context())
    return make_response(body, trigger={"toast": _("Saved export deleted")})


def _started(choices: Choices, errors: dict[str, str]) -> Response | tuple[str, int]:
    """The page of jobs with the export of these choices, or the form with what is wrong."""
    if not errors and (refusal := why_no_job(g.shop.id)):
        errors["form"] = refusal
    if errors:
        db.session.rollback()
        return _render("new_export/_form.html", choices, errors=errors), 422
    names = _types(choices)
    filters = {name: _filters(BY_NAME[name], choices) for name in names}
    since = choices.get("since", "").strip()
    format_ = choices.get("format", "xlsx")
    job = Job(
        id=new_id(EXPORT),
        shop_id=g.shop.id,
        kind=EXPORT,
        types=names,
        format=format_ if format_ in FORMATS else "xlsx",
        filters={name: of_type for name, of_type in filters.items() if of_type},
        options={
            "columns": {},
            "bom": True,
            "whole": [name for name in names if since and not changed(BY_NAME[name])],
        },
        started_by=g.user,
    )
    db.session.add(job)
    job.record("job.started", client_address())
    db.session.commit()
    enqueue(job)
    return open_page("jobs.page", toast=_("Export started"))


def _errors(choices: Choices) -> dict[str, str]:
    """What is wrong with the choices, by field."""
    errors, names = {}, _types(choices)
    if not names:
        errors["types"] = _("Tick at least one data type.")
    for name in names:
        try:
            search(BY_NAME[name], _filters(BY_NAME[name], choices))
        except BadFilter as error:
            errors[name] = localized(str(error))
    return errors


def _save(name: str, form: Choices) -> str:
    """Keep the choices under this name, in place of those that had it; or why not. Does not
    commit."""
    g.shop.lock()
    saved = SavedExport.find(g.shop.id, name=name)
    if saved is None and len(SavedExport.all_of_shop(g.shop.id)) >= MOST:
        return _("The store has %(most)s saved exports. Delete one first.", most=number(MOST))
    if saved is None:
        saved = SavedExport(shop_id=g.shop.id, name=name)
        db.session.add(saved)
    fields = {"type", "format", "since"} | {
        f"{of}.{one.name}" for of in _types(form) for one in BY_NAME[of].filters
    }
    values = {field: [one[:LONGEST_VALUE] for one in form.getlist(field)] for field in fields}
    saved.choices = {field: found for field, found in values.items() if any(found)}
    saved.saved_by, saved.saved_at = g.user, now()
    return ""


def _choices_of(saved: SavedExport) -> Choices:
    return MultiDict(saved.choices)


def _own_saved_or_404(saved_id: int) -> SavedExport:
    own = SavedExport.find(g.shop.id, id=saved_id) if saved_id <= MOST_NUMBER else None
    return own or abort(404, _("This saved export no longer exists. Reload the page."))


def _types(choices: Choices) -> list[str]:
    """The data types that are ticked, in our order."""
    ticked = set(choices.getlist("type"))
    return [data_type.name for data_type in ALL if data_type.name in ticked]


def _filters(data_type: DataType, choices: Choices) -> dict[str, Any]:
    """What the form has of a type's filters, without the empty ones."""
    found: dict[str, Any] = {}
    for one in data_type.filters:
        values = choices.getlist(f"{data_type.name}.{one.name}")
        if one.form == "range":
            values = [part for text in values for part in text.split(BETWEEN)]
        if values := [text.strip() for text in values if text.strip()]:
            found[one.name] = values if len(values) > 1 else values[0]
    since = choices.get("since", "").strip()
    if since and changed(data_type):
        found.setdefault(SINCE, since)
    return found


def _saved_context() -> dict[str, Any]:
    """What new_export/_saved.html needs."""
    return {
        "saved": SavedExport.all_of_shop(g.shop.id),
        "choices_of": _choices_of,
        "types_of": _types,
        "data_types": BY_NAME,
    }


def _render(template: str, values: Choices, **context: Any) -> str:
    ticked = _types(values)
    return render_template(
        template,
        ticked=ticked,
        chosen=[BY_NAME[name] for name in ticked if BY_NAME[name].filters],
        formats=FORMATS,
        values=values,
        **_saved_context() | {"errors": {}} | context,
    )
