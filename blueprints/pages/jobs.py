"""Settings > Jobs: what was exported and imported, how far it is, and its files."""

from datetime import timedelta

from babel.dates import format_timedelta
from flask import Blueprint, Response, abort, g, render_template, request
from htmx_flask import make_response

from blueprints import signed_links, transfers
from blueprints.client_address import client_address
from blueprints.errors import Problem
from blueprints.export_file import answer
from blueprints.pages.activity_wording import RESULTS
from blueprints.pages.job_list import JobList
from models import db, now
from models.job import COMPLETED, EXPORT, IMPORT, OVER, Job, new_id
from models.job_progress import progress
from queues import enqueue
from shopify import bulk
from transfer.importing.rows import results_csv, results_name
from transfer.types import BY_NAME
from translations import _, locale

bp = Blueprint("jobs", __name__, url_prefix="/settings/jobs")
files = Blueprint("job_files", __name__, url_prefix="/downloads")
NAMED = 3
"""How many data types a job's heading names."""


@bp.get("/")
def page():
    return render_template("jobs/page.html", **_shown(JobList.first(g.shop)))


@bp.get("/list")
def rows():
    """The list as it is now, as far as it is shown."""
    return _list()


@bp.get("/older")
def older():
    found = JobList.before(g.shop, request.args.get("before", ""))
    return render_template("jobs/_older.html", **_shown(found))


@bp.post("/<job_id>/cancel")
def cancel(job_id):
    job = _own(job_id)
    if not job.cancel(by=g.user, address=client_address()):
        return _list()
    said = _("Export canceled") if job.kind == EXPORT else _("Import canceled")
    return make_response(_list(canceled=job), trigger={"toast": said})


@bp.post("/<job_id>/again")
def again(job_id):
    """The same export once more, as a job of the merchant's own."""
    before = _own(job_id)
    if before.kind != EXPORT:
        abort(404, _("There is no such job. Reload the page."))
    job = Job(
        id=new_id(EXPORT),
        shop_id=g.shop.id,
        key_id=before.key_id,
        kind=EXPORT,
        types=before.types,
        format=before.format,
        filters=before.filters,
        options={name: value for name, value in before.options.items() if name != "cut"},
        started_by=g.user,
    )
    db.session.add(job)
    job.record("job.started", client_address())
    db.session.commit()
    enqueue(job)
    return make_response(_list(), trigger={"toast": _("Export started")})


@bp.get("/<job_id>/file")
def ask_file(job_id):
    job = _own(job_id)
    if not has_file(job):
        return make_response(_list(), retarget="#jobs")
    return signed_links.fetch(f"job_files.{job.kind}", job=job.id)


@files.get("/export")
def export():
    try:
        return answer(_own(g.asked["job"]))
    except Problem as problem:
        abort(problem.status, _(problem.detail))


@files.get("/results.csv", endpoint=IMPORT)
def results():
    job = _own(g.asked["job"])
    headers = {"Content-Disposition": f'attachment; filename="{results_name(job)}"'}
    return transfers.counted(Response(results_csv(job), headers=headers, mimetype="text/csv"))


@bp.app_template_filter()
def span(seconds: int) -> str:
    """``40 seconds``, ``3 minutes``."""
    return format_timedelta(timedelta(seconds=seconds), threshold=1.5, locale=locale())


def has_file(job: Job) -> bool:
    """Whether there is something to download: Shopify keeps an export's result for a week, we an
    import's rows as long as the job."""
    if job.kind == IMPORT:
        return job.status in OVER
    return job.status == COMPLETED and now() - job.finished_at < bulk.KEPT


def _why(job: Job) -> str:
    """Why it failed. Text and not markup, as it would be from a template's own gettext: some of it
    is Shopify's."""
    return _(job.error)


def _own(job_id: str) -> Job:
    job = Job.named(job_id, shop_id=g.shop.id)
    return job or abort(404, _("There is no such job. Reload the page."))


def _list(canceled: Job | None = None) -> str:
    found = JobList.first(g.shop, down_to=request.values.get("to", ""))
    return render_template("jobs/_list.html", canceled=canceled, **_shown(found))


def _shown(found: JobList) -> dict:
    return {
        "found": found,
        "keys": found.keys(),
        "kinds": BY_NAME,
        "progress": progress,
        "has_file": has_file,
        "why": _why,
        "NAMED": NAMED,
        "RESULTS": RESULTS,
    }
