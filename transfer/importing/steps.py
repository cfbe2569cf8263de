"""The steps of an import: rows are applied in the order of the file, each exactly once.

Before a mutation is sent the row says what is tried; after the answer it says what came of it.
A row that was tried and has no result was cut off in between: the store tells how it ended.
"""

from models import db
from models.import_row import ImportRow
from models.job import COMPLETED, FAILED, QUEUED, RUNNING, Job
from shopify.admin import Admin, BadQuery, ShopifyRefused
from shops.access import admin_for
from transfer.formats.bad_file import BadFile
from transfer.importing import receive
from transfer.importing.lookup import Found, find
from transfer.importing.plan import BadRow, Change, gid, key_header, plan
from transfer.rows.headers import own
from transfer.types import BY_NAME
from transfer.types.base import DataType

ROWS_AT_ONCE = 50
RESULTS = {"create": "created", "update": "updated", "delete": "deleted"}


def begin(job_id: str) -> bool:
    """Whether the import may start, or go on."""
    return Job.fresh(job_id).move(RUNNING, among=(QUEUED, RUNNING))


def unpack(job_id: str) -> bool:
    """Make rows of the job's file; whether it can go on."""
    job = Job.fresh(job_id)
    if job.status != RUNNING:
        return False
    try:
        receive.unpack(job)
    except BadFile as error:
        db.session.rollback()
        receive.erase_rows(job_id)
        Job.fresh(job_id).move(FAILED, among=(QUEUED, RUNNING), error=str(error), rows=None)
        return False
    return True


def apply(job_id: str) -> int:
    """Apply the next rows and return how many; 0 at the end of the file or after a cancel."""
    job = Job.fresh(job_id)
    rows = ImportRow.pending(job.id, ROWS_AT_ONCE) if job.status == RUNNING else []
    if not rows:
        return 0
    kind = BY_NAME[job.types[0]]
    with admin_for(job.shop_id) as admin:
        found = find(admin, kind, job, rows)
        for row in rows:
            if Job.fresh(job_id).status != RUNNING:
                return 0
            _apply_row(admin, kind, job, row, found)
    job.count_rows()
    db.session.commit()
    return len(rows)


def complete(job_id: str) -> None:
    _end(job_id, COMPLETED, "The import was canceled before this row.")


def fail(job_id: str, sentence: str) -> None:
    """End the import badly; the rows that were not reached say so."""
    _end(job_id, FAILED, f"The import stopped before this row: {sentence}")


def _end(job_id: str, status: str, why: str) -> None:
    job = Job.fresh(job_id)
    ImportRow.close(job.id, why)
    job.count_rows()
    db.session.commit()
    error = None if status == COMPLETED else why.partition(": ")[2]
    job.move(status, among=(QUEUED, RUNNING), error=error)


def _apply_row(admin: Admin, kind: DataType, job: Job, row: ImportRow, found: Found) -> None:
    cells = row.by_header(own(job.headers, kind))
    try:
        current = found.of(gid(kind, cells.get("ID", "")), cells.get(key_header(kind), ""))
        change = plan(kind, cells, current)
    except BadRow as error:
        return _finish(row, "failed", str(error))
    if current is not None:
        row.ref = current["id"]
    if _landed(row, change, current):
        return _finish(row, RESULTS[row.tried], "Shopify had made this change already.")
    if change.action not in RESULTS:
        return _finish(row, change.action, change.comment)
    if not job.dry_run:
        row.tried = change.action
        db.session.commit()
        try:
            row.ref = _send(admin, kind, change, current)
        except (BadQuery, BadRow) as error:
            return _finish(row, "failed", str(error))
        except ShopifyRefused:
            row.tried = None
            db.session.commit()
            raise
    found.note(row, change, current)
    _finish(row, RESULTS[change.action], change.comment)


def _landed(row: ImportRow, change: Change, current: dict | None) -> bool:
    """Whether the change that was cut off shows in the store: nothing of it is left to do."""
    if row.tried is None:
        return False
    if row.tried == "delete":
        return current is None
    return current is not None and change.action in ("unchanged", "skipped")


def _send(admin: Admin, kind: DataType, change: Change, current: dict | None) -> str:
    """Make the change and return the object's id, or raise BadRow with Shopify's words."""
    mutation = getattr(kind.writing, change.action)
    variables = mutation.variables(current and current["id"], change.input or None)
    result = admin.query(mutation.document, variables)["result"]
    if errors := result["userErrors"]:
        raise BadRow("; ".join(error["message"] for error in errors))
    return current["id"] if current is not None else result["object"]["id"]


def _finish(row: ImportRow, result: str, comment: str) -> None:
    row.result, row.comment = result, comment
    db.session.commit()
