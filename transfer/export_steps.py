"""The steps of an export, each short and safe to repeat: what is known stands in the job's row."""

from models import db
from models.job import CANCELED, COMPLETED, FAILED, QUEUED, RUNNING, Job
from shopify import bulk
from shopify.admin import Admin
from transfer import documents, facts
from transfer.counting import count_lines, count_pages
from transfer.exporting import pass_lines
from transfer.filters import search
from transfer.store_access import admin_for
from transfer.types import BY_NAME
from transfer.types.base import DataType

PAGES = "pages"


def prepare(job_id: str) -> list[list]:
    """Ask the shop's facts, note the expected objects; return ``[type, pass number]`` to start."""
    job = _job(job_id)
    if not job.move(RUNNING, among=(QUEUED, RUNNING)):
        return []
    operations, warnings, totals = {}, [], []
    with admin_for(job.shop_id) as admin:
        for name in job.types:
            kind = BY_NAME[name]
            known, left_out = facts.ask(admin, kind.facts)
            operations[name] = {"facts": known, "passes": _unread(kind, known)}
            warnings += left_out
            totals.append(_total(admin, kind, _search(job, kind)))
    job.operations, job.warnings, job.total = operations, warnings, sum(totals)
    db.session.commit()
    return [
        [name, int(number)]
        for name, state in operations.items()
        for number, how in state["passes"].items()
        if how == ""
    ]


def begin(job_id: str, name: str, number: int, attempt: int) -> bool:
    """Start one pass, or find it started; False when Shopify has no room for it yet."""
    job = _job(job_id)
    if job.status == CANCELED:
        return True
    kind = BY_NAME[name]
    marker = f"{job.id} {name} {number} {attempt}"
    step, known = kind.passes[number], job.operations[name]["facts"]
    text = _search(job, kind) if documents.searchable(step) else ""
    with admin_for(job.shop_id) as admin:
        try:
            operation = bulk.find(admin, marker, job.created_at)
            operation = operation or bulk.start(admin, documents.bulk(step, known, text), marker)
        except bulk.BulkBusy:
            return False
        except bulk.BulkRefused:
            operation = {"id": PAGES}
    _note(job, name, number, operation["id"])
    return True


def look(job_id: str) -> dict:
    """See how far Shopify is, and cancel there what was canceled here.

    ``{"running": bool, "bad": [[type, pass number]]}``: bad ones ended without a result.
    """
    job = _job(job_id)
    running, bad, done = False, [], 0
    with admin_for(job.shop_id) as admin:
        for name, number, gid in _operations(job):
            operation = bulk.look(admin, gid)
            over = operation["status"] not in bulk.RUNNING
            if job.status == CANCELED:
                if not over:
                    bulk.cancel(admin, gid)
                continue
            running = running or not over
            if number == 0:
                done += int(operation["rootObjectCount"])
            if operation["errorCode"] == "ACCESS_DENIED":
                _note(job, name, number, PAGES)
            elif over and operation["status"] != "COMPLETED":
                bad.append([name, number])
    if job.status != CANCELED:
        job.done = done
        db.session.commit()
    return {"running": running, "bad": bad}


def complete(job_id: str) -> None:
    """Count the rows of the file to come, which shows as well that it can be read."""
    job = _job(job_id)
    if job.status == CANCELED:
        return
    with admin_for(job.shop_id) as admin:
        rows = sum(_rows(job, BY_NAME[name], admin) for name in job.types)
    job.move(COMPLETED, among=(RUNNING,), rows=rows, done=job.total, error=None)


def _rows(job: Job, kind: DataType, admin: Admin) -> int:
    if job.operations[kind.name]["passes"]["0"] == PAGES:
        return count_pages(kind, admin, _search(job, kind))
    return count_lines(kind, pass_lines(job, kind, 0, admin))


def fail(job_id: str, sentence: str) -> None:
    """End the job badly, with words for the person who reads them."""
    _job(job_id).move(FAILED, among=(QUEUED, RUNNING), error=sentence)


def _job(job_id: str) -> Job:
    """The job as it is now: steps of one worker and calls of the web change it side by side."""
    return db.session.get_one(Job, job_id, populate_existing=True)


def _unread(kind: DataType, known: dict) -> dict[str, str | None]:
    """For each pass ``""`` (to be started), or None where there is nothing to read."""
    return {
        str(number): "" if not step.needs or known[step.needs] else None
        for number, step in enumerate(kind.passes)
    }


def _search(job: Job, kind: DataType) -> str:
    return search(kind, job.filters.get(kind.name, {}))


def _total(admin: Admin, kind: DataType, text: str) -> int:
    document = f"count: {kind.count}(query: $query, limit: null) {{ count }}"
    answer = admin.query(f"query ($query: String) {{ {document} }}", {"query": text or None})
    return answer["count"]["count"]


def _operations(job: Job) -> list[tuple[str, int, str]]:
    return [
        (name, int(number), how)
        for name, state in job.operations.items()
        for number, how in state["passes"].items()
        if how and how != PAGES
    ]


def _note(job: Job, name: str, number: int, how: str) -> None:
    """Keep how a pass is read. The row is read anew: passes are started one after another."""
    state = job.operations[name]
    passes = {**state["passes"], str(number): how}
    job.operations = {**job.operations, name: {**state, "passes": passes}}
    db.session.commit()
