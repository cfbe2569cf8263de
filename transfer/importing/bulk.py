"""The many new rows of a large import, made by Shopify in one bulk mutation, not in a call each.

A bulk mutation takes its lines in any order. So a run is of rows that follow each other, all of
them creations and no two about one object; what breaks a run goes row by row, as everything does
where bulk is refused. Line n of the file is the row ``first + n``. Every row says that its creation
is tried before the mutation starts: one that has no line in the result is looked up in the store,
like any row that was cut off.
"""

import io
from collections.abc import Iterator

import orjson

from models import db
from models.import_row import ImportRow
from models.job import CANCELED, RUNNING, Job
from shopify import bulk
from shopify.admin import Admin, ShopifyRefused
from shops.access import admin_for
from transfer.importing.lookup import find
from transfer.importing.plan import BadRow, gid, key_header, plan
from transfer.rows.headers import own
from transfer.types import BY_NAME
from transfer.types.base import DataType

FEWEST, MOST = 300, 5000
"""How many rows are worth a bulk mutation, and how many it may hold."""
MOST_BYTES = 20_000_000
LOOKED_UP = 50
NEVER = 2**31
"""A row that no file has: bulk is refused for all of them."""


def start(job_id: str) -> str:
    """Start a bulk mutation for the next rows, or find it started, and return its id; empty when
    they go row by row."""
    job = Job.fresh(job_id)
    if job.status != RUNNING or job.dry_run or not _worth_it(job):
        return ""
    kind = BY_NAME[job.types[0]]
    with admin_for(job.shop_id) as admin:
        for run, operation in _state(job)["passes"].items():
            if found := operation or _found(admin, job, run):
                return _note(job, {"passes": {run: found}})
            _note(job, {"passes": {}})
        run, lines = _run(admin, kind, job)
        return _started(admin, kind, job, run, lines) if run else ""


def look(job_id: str, operation_id: str) -> bool:
    """Whether Shopify is still at it; it is asked to stop for a job that was canceled."""
    job = Job.fresh(job_id)
    with admin_for(job.shop_id) as admin:
        operation = bulk.look(admin, operation_id)
        running = operation["status"] in bulk.RUNNING
        if running and job.status == CANCELED:
            bulk.cancel(admin, operation_id)
    if running:
        job.done = sum(job.counts.values()) + int(operation["objectCount"])
        db.session.commit()
    return running


def collect(job_id: str, operation_id: str) -> None:
    """Keep what came of each row of a run that is over; what is not told stays to be looked up."""
    job = Job.fresh(job_id)
    runs = [run for run, of in _state(job)["passes"].items() if of == operation_id]
    if not runs:
        return
    first, last = _ends(runs[0])
    with admin_for(job.shop_id) as admin:
        operation = bulk.look(admin, operation_id)
    if changes := _results(job, first, last, operation):
        db.session.execute(db.update(ImportRow), changes)
    refused = operation["errorCode"] == "ACCESS_DENIED"
    job.count_rows()
    _note(job, {"passes": {}, "from": NEVER if refused else last + 1})


def _worth_it(job: Job) -> bool:
    """Whether a run is under way, or as many rows are left as are worth one."""
    state, left = _state(job), ImportRow.pending(job.id, 1)
    if state["passes"]:
        return True
    return any(row.number >= state["from"] and job.total + 2 - row.number >= FEWEST for row in left)


def _run(admin: Admin, kind: DataType, job: Job) -> tuple[str, io.BytesIO]:
    """The next run (``"2-501"``) and its file of variables; none when it would be too short."""
    rows, lines = ImportRow.pending(job.id, MOST), io.BytesIO()
    first, count = rows[0].number, 0
    for variables in _creations(admin, kind, job, rows):
        lines.write(orjson.dumps(variables, option=orjson.OPT_APPEND_NEWLINE))
        count += 1
        if lines.tell() > MOST_BYTES:
            break
    if count < FEWEST:
        _note(job, {"from": first + count + 1})
        return "", lines
    lines.seek(0)
    return f"{first}-{first + count - 1}", lines


def _creations(admin: Admin, kind: DataType, job: Job, rows: list[ImportRow]) -> Iterator[dict]:
    """The variables of the rows from the first on that may be made in any order."""
    headers, keys = own(job.headers, kind), set()
    for place, row in enumerate(rows):
        if place % LOOKED_UP == 0:
            found = find(admin, kind, job, rows[place : place + LOOKED_UP])
        cells = row.by_header(headers)
        key = cells.get(key_header(kind), "")
        try:
            change = plan(kind, cells, found.of(gid(kind, cells.get("ID", "")), key))
        except BadRow:
            return
        alike = key.strip().casefold()
        if change.action != "create" or alike in keys or row.number != rows[0].number + place:
            return
        keys.add(alike)
        yield kind.writing.create.variables(value=change.input)


def _started(admin: Admin, kind: DataType, job: Job, run: str, lines: io.BytesIO) -> str:
    """Mark the rows and start; unmark them when Shopify says that it has not begun."""
    try:
        path = bulk.upload(admin, lines)
        _mark(job, run, "create")
        _note(job, {"passes": {run: ""}})
        operation = bulk.start_mutation(
            admin, kind.writing.create.document, path, _marker(job, run)
        )
    except (bulk.BulkBusy, bulk.BulkRefused) as error:
        _mark(job, run, None)
        busy = isinstance(error, bulk.BulkBusy)
        return _note(job, {"passes": {}, "from": _ends(run)[0] + LOOKED_UP if busy else NEVER})
    except ShopifyRefused:
        _mark(job, run, None)
        _note(job, {"passes": {}})
        raise
    return _note(job, {"passes": {run: operation["id"]}})


def _found(admin: Admin, job: Job, run: str) -> str:
    """The id of the operation that a step which was cut off had started."""
    operation = bulk.find(admin, _marker(job, run), job.created_at, "mutation")
    return operation["id"] if operation else ""


def _results(job: Job, first: int, last: int, operation: dict) -> list[dict]:
    """What is to be written of each row that the operation's result has a line for."""
    url = operation["url"] or operation["partialDataUrl"]
    if not url:
        return []
    kind = BY_NAME[job.types[0]]
    headers = own(job.headers, kind)
    query = db.select(ImportRow).filter_by(job_id=job.id, result=None, tried="create")
    query = query.where(ImportRow.number.between(first, last))
    rows = {row.number: row for row in db.session.scalars(query)}
    changes = []
    for line in map(orjson.loads, bulk.lines(url, int(operation["fileSize"]))):
        row = rows.get(first + line["__lineNumber"])
        result = (line.get("data") or {}).get("result")
        if row is not None and result:
            comment = plan(kind, row.by_header(headers), None).comment
            changes.append({"job_id": job.id, "number": row.number, **_result(result, comment)})
    return changes


def _result(result: dict, comment: str) -> dict:
    if errors := result["userErrors"]:
        words = "; ".join(error["message"] for error in errors)
        return {"result": "failed", "comment": words, "ref": None}
    return {"result": "created", "comment": comment, "ref": result["object"]["id"]}


def _mark(job: Job, run: str, tried: str | None) -> None:
    """Say of each row of the run that it is tried, or that it was not. Does not commit."""
    query = db.update(ImportRow).where(
        ImportRow.job_id == job.id,
        ImportRow.number.between(*_ends(run)),
        ImportRow.result.is_(None),
    )
    db.session.execute(query.values(tried=tried))


def _state(job: Job) -> dict:
    """``passes``: the run that is under way with its operation's id, empty until that is known;
    ``from``: the first row that may be in a run."""
    return {"passes": {}, "from": 0} | job.operations.get(job.types[0], {})


def _note(job: Job, state: dict) -> str:
    """Keep it, commit, and return the id of the operation that is under way."""
    kept = _state(job) | state
    job.operations = {job.types[0]: kept}
    db.session.commit()
    return next(iter(kept["passes"].values()), "")


def _marker(job: Job, run: str) -> str:
    return f"{job.id} {job.types[0]} {run}"


def _ends(run: str) -> tuple[int, int]:
    first, last = map(int, run.split("-"))
    return first, last
