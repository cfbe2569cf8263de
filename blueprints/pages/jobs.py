"""Settings > Jobs: exports and imports, their progress and their files."""

from datetime import timedelta
from typing import Any

from babel.dates import format_timedelta
from flask import Blueprint, Response, abort, g, render_template, request
from htmx_flask import make_response

from blueprints import signed_links, transfers
from blueprints.client_address import client_address
from blueprints.errors import Problem
from blueprints.export_file import answer
from blueprints.job_limits import why_no_job
from blueprints.pages.activity_wording import RESULTS
from blueprints.pages.job_list import KINDS, STATUSES, JobFilter, JobList
from blueprints.template_filters import in_app
from models import db, now
from models.job import COMPLETED, EXPORT, IMPORT, MOVING, WAITING, WORKING, Job, new_id
from models.job_progress import progress
from queues import enqueue
from shopify import bulk
from transfer.importing.rows import results_file, results_mimetype, results_name
from transfer.types import BY_NAME
from translations import _, locale

bp = Blueprint("jobs", __name__, url_prefix="/settings/jobs")
files = Blueprint("job_files", __name__, url_prefix="/downloads")
NAMED = 3
"""How many data types a job's heading names, and how many columns its details."""


@bp.get("/")
def page() -> str:
    context = _context(JobList.first(g.shop, _filter()))
    return render_template("jobs/page.html", kinds=KINDS, statuses=STATUSES, **context)


@bp.get("/search")
def search() -> Response:
    """The first page for another filter; the page's URL follows it."""
    wanted = _filter()
    found = JobList.first(g.shop, wanted)
    body = render_template("jobs/_found.html", **_context(found))
    body += render_template("_announced.html", shown=len(found.jobs), nothing=_("No jobs found"))
    return make_response(body, replace_url=in_app("jobs.page", **wanted.as_arguments()))


@bp.get("/list")
def rows() -> str:
    """The jobs that the page shows, as they are now."""
    return _list()


@bp.get("/older")
def older() -> str:
    found = JobList.before(g.shop, _filter(), request.args.get("before", ""))
    return render_template("jobs/_older.html", **_context(found))


@bp.post("/<job_id>/cancel")
def cancel(job_id: str) -> str | Response:
    job = _own_job_or_404(job_id)
    if not job.cancel(by=g.user, address=client_address()):
        return _list()
    message = _("Export canceled") if job.kind == EXPORT else _("Import canceled")
    return make_response(_list(canceled=job), trigger={"toast": message})


@bp.post("/<job_id>/again")
def again(job_id: str) -> Response:
    """Start the same export again, as the merchant's own job."""
    before = _own_job_or_404(job_id)
    if before.kind != EXPORT:
        abort(404, _("This job no longer exists. Reload the page."))
    if refusal := why_no_job(g.shop.id):
        return make_response(_list(), trigger={"toast": refusal})
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
def ask_file(job_id: str) -> Response | tuple[str, int, dict[str, str]]:
    job = _own_job_or_404(job_id)
    if not has_file(job):
        return make_response(_list(), retarget="#jobs")
    return signed_links.start_download(f"job_files.{job.kind}", job=job.id)


@files.get("/export")
def export() -> Response:
    try:
        return answer(_own_job_or_404(g.link["job"]))
    except Problem as problem:
        abort(problem.status, _(problem.detail))


@files.get("/results.csv", endpoint=IMPORT)
def results() -> Response:
    job = _own_job_or_404(g.link["job"])
    headers = {"Content-Disposition": f'attachment; filename="{results_name(job)}"'}
    mimetype = results_mimetype(job)
    return transfers.counted(Response(results_file(job), headers=headers, mimetype=mimetype))


@bp.app_template_filter()
def duration(seconds: float) -> str:
    """``40 seconds``, ``3 minutes``; never none at all."""
    return format_timedelta(
        timedelta(seconds=max(1, round(seconds))), threshold=1.5, locale=locale()
    )


def has_file(job: Job) -> bool:
    """Whether there is a file to download: Shopify keeps an export's result for a week, and we
    keep an import's rows as long as the job."""
    if job.kind == IMPORT:
        return job.status not in MOVING
    return job.finished_at is not None and (
        job.status == COMPLETED and now() - job.finished_at < bulk.KEPT
    )


def _own_job_or_404(job_id: str) -> Job:
    job = Job.named(job_id, shop_id=g.shop.id)
    return job or abort(404, _("This job no longer exists. Reload the page."))


def _list(canceled: Job | None = None) -> str:
    found = JobList.first(g.shop, _filter(), down_to=request.values.get("to", ""))
    return render_template("jobs/_list.html", canceled=canceled, **_context(found))


def _filter() -> JobFilter:
    return JobFilter.parse(request.values)


def _context(found: JobList) -> dict[str, Any]:
    return {
        "filter": _filter(),
        "found": found,
        "keys": found.keys(),
        "data_types": BY_NAME,
        "progress": progress,
        "has_file": has_file,
        "NAMED": NAMED,
        "MOVING": MOVING,
        "WAITING": WAITING,
        "WORKING": WORKING,
        "RESULTS": RESULTS,
    }
