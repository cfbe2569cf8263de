"""Settings > Jobs > an import: its plan, to be applied or discarded, its results, and its undo."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request
from htmx_flask import make_response

from blueprints import signed_links
from blueprints.client_address import client_address
from blueprints.job_limits import PAGE_IMPORTS_OFF, why_no_page_import
from blueprints.pages.activity_wording import RESULTS
from blueprints.pages.navigation import open_page
from blueprints.pages.planned_objects import PlanFilter, PlanPage, words_of
from blueprints.plan_workbook import workbook_of
from blueprints.template_filters import localized
from models import db, now
from models.approval import why_another
from models.import_object import DELETE
from models.import_plan import PLAN_COUNTS, over
from models.import_sheet import ImportSheet
from models.job import IMPORT, MOVING, OVER, WAITING, WORKING, Job
from models.job_progress import progress
from queues import enqueue
from transfer.importing.guards import worst
from transfer.importing.undo import undo_of
from transfer.rows.headers import own_headers
from transfer.types import BY_NAME
from translations import N_, _, ngettext, number

bp = Blueprint("import_plan", __name__, url_prefix="/settings/jobs")
files = Blueprint("plan_files", __name__, url_prefix="/downloads")

CELLS, MORE_CELLS = 6, 200
"""How many cells of an object are shown before it is opened, and at once then."""
MOST_OPTIONS = 200
"""Columns to choose from: of a file with more a name is typed."""
NAMED = 3
MOST_OF_REASON = 200
UNDO_FOR = timedelta(days=30)
ACTIONS = {
    "create": N_("Create"),
    "update": N_("Update"),
    "delete": N_("Delete"),
    "unchanged": N_("Unchanged"),
    "skipped": N_("Skipped"),
    "failed": N_("Failed"),
    "created": N_("Newly created"),
    "updated": N_("Updated"),
    "deleted": N_("Deleted"),
    "conflict": N_("Conflict"),
}
"""Each action and each result in a word."""
PLANNED_SHOWN = ("create", "update", "delete", "unchanged", "skipped", "failed")
DONE_SHOWN = ("created", "updated", "deleted", "conflict", "failed", "unchanged", "skipped")
LIMITS = {
    "deletes": N_("Objects that are deleted"),
    "prices": N_("Prices that fall by more than half, or to 0"),
    "stock": N_("Stock levels that are set to 0"),
    "unpublished": N_("Objects that are unpublished or archived"),
    "blanks": N_("Cells of one column that are emptied"),
    "replaced": N_("Objects that lose values or members by REPLACE"),
    "pending": N_("Customers whom Shopify may ask by mail to confirm marketing"),
    "refunds": N_("Orders for which the customer gets money back"),
}
FINAL = {
    "cancel": N_("Canceled orders stay canceled after an undo."),
    "complete": N_("Orders made of draft orders stay after an undo."),
    "edit": N_("Edited lines of orders stay after an undo."),
    "pay": N_("Payments of orders stay after an undo."),
    "refund": N_("Refunds stay after an undo."),
}
"""By its word what no undo takes back."""


@bp.get("/<job_id>")
def page(job_id: str) -> str:
    return render_template("import/plan.html", **_context(_own_import_or_404(job_id)))


@bp.get("/<job_id>/now")
def body(job_id: str) -> str:
    """The import as it is now."""
    return _body(_own_import_or_404(job_id))


@bp.get("/<job_id>/objects")
def objects(job_id: str) -> str:
    """A page of its objects: the first for another filter, or the one after."""
    job, wanted = _own_import_or_404(job_id), PlanFilter.parse(request.args)
    found = PlanPage.of(job, wanted, request.args.get("after", 0, type=int))
    context = _of_objects(job, wanted, found)
    if "after" in request.args:
        return render_template("import/_objects.html", **context)
    body = render_template("import/_found.html", **context)
    return body + render_template(
        "_announced.html", shown=len(found.objects), nothing=_("No objects found")
    )


@bp.get("/<job_id>/objects/<int:count>")
def cells(job_id: str, count: int) -> str:
    """The cells that one object changes, some at a time."""
    job = _own_import_or_404(job_id)
    found = PlanPage.of(job, PlanFilter(show=""), count - 1, most=1).objects
    if not found or found[0].planned.number != count:
        abort(404, _("This job no longer exists. Reload the page."))
    start = max(request.args.get("start", 0, type=int), 0)
    shown = {"each": found[0], "start": start, "most": MORE_CELLS, "opened": True}
    return render_template("import/_cells.html", words_of=words_of, job=job, **shown)


@bp.post("/<job_id>/apply")
def apply(job_id: str) -> Response | tuple[str, int]:
    """Apply the plan: whoever does has seen what it is over. Deletes are confirmed by their
    number."""
    job = _own_import_or_404(job_id)
    deletes = job.plan.get("counts", {}).get("deleted", 0)
    typed = "".join(request.form.get("deletes", "").split())
    if job.status in WAITING and deletes and typed != str(deletes):
        error = _("Type %(number)s to delete these objects.", number=deletes)
        return _body(job, deletes_error=error), 422
    if job.key_id is None and not g.shop.page_imports:
        return _body_and_toast(job, _(PAGE_IMPORTS_OFF))
    accepted = over(job.plan) if job.plan else {}
    if job.status in WAITING and (why := why_another(job, g.user)):
        return _body_and_toast(job, _(why))
    if not job.apply(accepted, by=g.user, address=client_address()):
        return _body_and_toast(job, _("This plan was applied or discarded already."))
    enqueue(job)
    return _body_and_toast(job, _("Import started"))


@bp.post("/<job_id>/stop")
def cancel(job_id: str) -> Response:
    job = _own_import_or_404(job_id)
    if job.status in WAITING or not job.cancel(by=g.user, address=client_address()):
        return _body_and_toast(job, _("This import is no longer running."))
    return _body_and_toast(job, _("Import canceled"))


@bp.post("/<job_id>/discard")
def discard(job_id: str) -> Response:
    job = _own_import_or_404(job_id)
    reason = " ".join(request.form.get("reason", "").split())[:MOST_OF_REASON]
    if job.status not in WAITING or not job.cancel(
        by=g.user, address=client_address(), reason=reason
    ):
        return _body_and_toast(job, _("This plan was applied or discarded already."))
    return _body_and_toast(job, _("Import discarded"))


@bp.post("/<job_id>/undo")
def undo(job_id: str) -> Response:
    """Plan the undo of an import; it is looked at and applied like any other plan."""
    job = _own_import_or_404(job_id)
    if not _may_be_undone(job):
        return _body_and_toast(job, _("This import cannot be undone any more."))
    if refusal := why_no_page_import(g.shop):
        return _body_and_toast(job, refusal)
    if running := job.running_undo():
        return open_page("import_plan.page", job_id=running.id)
    force = request.form.get("force") == "true"
    undoing = undo_of(job, key_id=None, dry_run=True, force=force, started_by=g.user)
    db.session.add(undoing)
    undoing.record("job.started", client_address())
    db.session.commit()
    enqueue(undoing)
    return open_page("import_plan.page", job_id=undoing.id)


@bp.get("/<job_id>/workbook")
def ask_workbook(job_id: str) -> tuple[str, int, dict[str, str]]:
    """The plan as a workbook in which every cell that changes is marked."""
    job = _own_import_or_404(job_id)
    if not job.plan:
        abort(404, _("This job no longer exists. Reload the page."))
    return signed_links.start_download("plan_files.workbook", job=job.id)


@files.get("/plan.xlsx")
def workbook() -> Response:
    job = _own_import_or_404(g.link["job"])
    return workbook_of(job)


def _body_and_toast(job: Job, message: str) -> Response:
    return make_response(_body(Job.fresh(job.id), decided=True), trigger={"toast": message})


def _body(job: Job, **more: Any) -> str:
    return render_template("import/_body.html", **_context(job), **more)


def _own_import_or_404(job_id: str) -> Job:
    job = Job.named(job_id, shop_id=g.shop.id, kind=IMPORT)
    return job or abort(404, _("This job no longer exists. Reload the page."))


def _context(job: Job) -> dict[str, Any]:
    """What import/_body.html needs."""
    context: dict[str, Any] = {
        "job": job,
        "now": progress(job),
        "data_types": BY_NAME,
        "NAMED": NAMED,
        "MOVING": MOVING,
        "WAITING": WAITING,
        "WORKING": WORKING,
        "RESULTS": RESULTS,
        "counts": [],
        "limits": [],
        "undoable": _may_be_undone(job),
        "error": localized(job.error or ""),
    }
    if not job.plan or job.status in MOVING:
        return context
    wanted = PlanFilter.parse(request.values)
    return context | _of_plan(job) | _of_objects(job, wanted, PlanPage.of(job, wanted))


def _of_plan(job: Job) -> dict[str, Any]:
    counts = job.plan["counts"]
    bad = worst(job) if job.status in WAITING else {}
    over = {name: limit for name, limit in job.plan["limits"].items() if limit["over"]}
    another = why_another(job, g.user) if job.status in WAITING else ""
    return {
        "counts": _counted(job),
        "limits": [
            (LIMITS[name], limit | {"worst": bad.get(name, [])}) for name, limit in over.items()
        ],
        "remarks": list(_remarks(job)),
        "action": _action(job, counts),
        "deletes": counts.get("deleted", 0),
        "another": _(another) if another else "",
    }


def _counted(job: Job) -> list[tuple[str, int]]:
    """What the bar shows: the objects of a plan, or what became of the rows once that is known."""
    counts, names = job.plan["counts"], list(PLAN_COUNTS)
    if job.status in OVER:
        counts, names = job.counts, list(RESULTS)
    return [(name, counts[name]) for name in names if counts.get(name)]


def _of_objects(job: Job, wanted: PlanFilter, found: PlanPage) -> dict[str, Any]:
    """What import/_found.html and _objects.html need."""
    return {
        "job": job,
        "filter": wanted,
        "found": found,
        "shown": DONE_SHOWN if job.plan.get("applied") and job.status in OVER else PLANNED_SHOWN,
        "headers": list(dict.fromkeys(header for one in job.sheets for header in _columns(one))),
        "CELLS": CELLS,
        "MOST_OPTIONS": MOST_OPTIONS,
        "ACTIONS": ACTIONS,
        "words_of": words_of,
        "several": len(job.sheets) > 1,
    }


def _columns(sheet: ImportSheet) -> list[str]:
    """The columns of a sheet by their own headers, as changes name them."""
    return [header for header in own_headers(sheet.headers, BY_NAME[sheet.type]) if header]


def _action(job: Job, counts: dict[str, int]) -> str:
    """What the button does; empty when nothing would."""
    changing = {
        name: counts[name] for name in ("created", "updated", "deleted") if counts.get(name)
    }
    total = sum(changing.values())
    if not total:
        return ""
    counted = BY_NAME[job.types[0]].counted if len(job.types) == 1 else None
    if len(changing) == 1 and counted:
        words = {
            "created": _("Create %(objects)s", objects=counted(total)),
            "updated": _("Update %(objects)s", objects=counted(total)),
            "deleted": _("Delete %(objects)s", objects=counted(total)),
        }
        return words[next(iter(changing))]
    return ngettext("Apply %(count)s change", "Apply %(count)s changes", total, count=number(total))


def _may_be_undone(job: Job) -> bool:
    return bool(
        job.plan.get("applied")
        and job.status in OVER
        and job.undone_by is None
        and now() - job.created_at < UNDO_FOR
    )


def _remarks(job: Job) -> Iterator[str]:
    """What the plan leaves, and what an undo cannot bring back."""
    if blanks := job.plan["blanks"]:
        yield ngettext(
            "%(count)s blank cell is left as it is.",
            "%(count)s blank cells are left as they are.",
            blanks,
            count=number(blanks),
        )
    if mails := job.plan.get("mails"):
        yield ngettext(
            "%(count)s customer will get an email.",
            "%(count)s customers will get an email.",
            mails,
            count=number(mails),
        )
    for lost in job.plan["not_undoable"]:
        if lost["action"] == DELETE:
            yield ngettext(
                "An undo would bring %(count)s deleted object back under a new ID.",
                "An undo would bring %(count)s deleted objects back under new IDs.",
                lost["count"],
                count=number(lost["count"]),
            )
        elif stays := FINAL.get(lost["action"]):
            yield _(stays)
