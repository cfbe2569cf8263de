"""The many new objects of a large import, made by Shopify in one bulk mutation, not in a call each.

A bulk mutation takes its lines in any order. So a run is of objects that follow each other, all of
them to be created: no two have one key, as the second would be planned as an update. Line n of the
file is the run's n-th object. Each says that it is tried before the mutation starts: one that has
no line in the result is looked up in the store, like any that was cut off.
"""

import io
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

import orjson
from sqlalchemy import ColumnElement

from models import db, now
from models.import_object import CREATE, RESULTS, WRITES, ImportObject
from models.import_row import ImportRow
from models.import_state import BulkRun
from models.job import APPLYING, CANCELED, Job
from shopify import bulk
from shopify.admin import Admin, ShopifyRefused
from shops.access import admin_for
from transfer.importing.columns import FileColumns
from transfer.importing.completion import FAILED, WATCHED_AT_ONCE, Completion, has_files
from transfer.importing.completion import FETCHING as BEING_FETCHED
from transfer.importing.errors import refusal
from transfer.importing.later import names_in
from transfer.importing.placeholders import filled_in, numbers_in, placeholder_of, placeholders
from transfer.importing.references import resolve
from transfer.importing.staging import to_stage
from transfer.importing.store import columns_of
from transfer.importing.work import Work
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Input, Mutation

RUNNING, FETCHING = "running", "fetching"
FEWEST, MOST = 300, 5000
"""How many objects are worth a bulk mutation, and how many it may hold."""
MOST_BYTES = 20_000_000
AT_ONCE = 200
"""How many inputs are held at once to fill in ids."""
BUSY_FOR = 50
"""How many objects are written one by one before it is tried again, when Shopify is busy."""
PATIENCE = timedelta(minutes=10)
"""How long Shopify is waited for while it fetches what the mutations of a run name."""
NEVER = 2**31
"""A number that no object has: bulk is refused for all of them."""


def start(job_id: str) -> str:
    """Start a bulk mutation for the next objects, or find it started, and return its id; empty when
    they are written one by one."""
    job = Job.fresh(job_id)
    if job.status != APPLYING:
        return ""
    run = job.import_state.bulk
    if run is None and job.import_state.applied < job.import_state.one_by_one_to:
        return ""
    admin = admin_for(job.shop_id)
    if run is not None:
        operation = run.operation or _find_operation(admin, job, run)
        _commit_state(job, bulk=replace(run, operation=operation) if operation else None)
        if operation:
            return operation
    objects = _next_run(job)
    return _started(admin, job, objects) if objects else ""


def poll(job_id: str, operation_id: str) -> str:
    """What Shopify is still at, RUNNING the mutations or FETCHING files, if anything; it is asked
    to stop for a job that was canceled."""
    job = Job.fresh(job_id)
    admin = admin_for(job.shop_id)
    operation = bulk.poll(admin, operation_id)
    running = operation["status"] in bulk.RUNNING
    if running and job.status == CANCELED:
        bulk.cancel(admin, operation_id)
    if running:
        job.done = sum(job.counts.values()) + int(operation["objectCount"])
        db.session.commit()
        return RUNNING
    return FETCHING if _is_fetching(job, admin, operation) else ""


def _is_fetching(job: Job, admin: Admin, operation: dict[str, Any]) -> bool:
    """Whether Shopify may still be fetching what members of new objects are made of, some minutes
    after these were made."""
    run = job.import_state.bulk
    if run is None or job.status == CANCELED or not operation["completedAt"]:
        return False
    if now() - datetime.fromisoformat(operation["completedAt"]) > PATIENCE:
        return False
    writing = BY_NAME[job.sheet_of(run.first).type].writing
    watched = any(one.watched for one in writing.members) if writing else False
    return watched and has_files(admin, operation["createdAt"], BEING_FETCHED)


def collect(job_id: str, operation_id: str) -> None:
    """Keep what came of each object of a run that is over; the others stay to be looked up."""
    job = Job.fresh(job_id)
    state = job.import_state
    run = state.bulk
    if run is None or run.operation != operation_id:
        return
    admin = admin_for(job.shop_id)
    operation = bulk.poll(admin, operation_id)
    columns = columns_of(job, job.sheet_of(run.first), admin)
    changes = _results(job, run, operation, columns)
    _tell_failed(admin, columns, job_id, operation, changes)
    if changes:
        db.session.execute(db.update(ImportObject), changes)
    refused = operation["errorCode"] == "ACCESS_DENIED"
    end = run.last
    if left := ImportObject.next_writes(job_id, state.applied, 1):
        end = min(end, left[0][0] - 1)
    job.add_counts(ImportRow.counts(job_id, state.applied, end, WRITES))
    _commit_state(job, bulk=None, applied=end, one_by_one_to=NEVER if refused else run.last)


def _next_run(job: Job) -> list[ImportObject]:
    """The objects of the next run; none when it would be too short."""
    state = job.import_state
    first = ImportObject.next_writes(job.id, state.applied, FEWEST)
    last = job.sheet_of(first[0][0]).last if first else 0
    creations = list(takewhile(lambda one: one[1] == CREATE and one[0] <= last, first))
    if len(creations) < FEWEST:
        if first:
            _commit_state(job, one_by_one_to=first[min(len(creations), len(first) - 1)][0])
        return []
    objects = ImportObject.to_write(job.id, state.applied, MOST)
    return list(takewhile(lambda one: one.action == CREATE and one.number <= last, objects))


def _lines(
    admin: Admin, mutation: Mutation, objects: list[ImportObject]
) -> tuple[io.BytesIO, int, bool]:
    """The file of the variables that create the objects; how many of them it holds: not those
    that refer to objects which have no id yet, have files that we must fetch, or are created by
    another mutation; and whether all of these have no other calls."""
    lines, count, whole = io.BytesIO(), 0, True
    for variables, is_only in _variables(admin, mutation, objects):
        if placeholders(variables) or any(to_stage(variables)):
            break
        lines.write(orjson.dumps(variables, option=orjson.OPT_APPEND_NEWLINE))
        count += 1
        whole = whole and is_only
        if lines.tell() > MOST_BYTES:
            break
    lines.seek(0)
    return lines, count, whole


def _variables(
    admin: Admin, mutation: Mutation, objects: list[ImportObject]
) -> Iterator[tuple[Input, bool]]:
    """The variables that create each object, with the ids that the import has got so far, up to the
    first that another mutation creates; and whether that is its only call."""
    for some in (objects[n : n + AT_ONCE] for n in range(0, len(objects), AT_ONCE)):
        calls = (one.input["calls"] for one in some)
        alike = takewhile(lambda of_one: of_one[0]["mutation"] == mutation.name, calls)
        inputs: list[tuple[Input, bool]] = [(of[0]["variables"], len(of) == 1) for of in alike]
        together: Input = {"inputs": [variables for variables, _ in inputs]}
        refs = ImportObject.refs(some[0].job_id, numbers_in(together))
        ids = {placeholder_of(number): ref for number, ref in refs.items()}
        if names := dict(names_in(together)):
            there, _ = resolve(admin, ShopFacts(), names.values())
            ids |= {text: there[one] for text, one in names.items() if one in there}
        yield from ((filled_in(variables, ids), is_only) for variables, is_only in inputs)
        if len(inputs) < len(some):
            return


def _started(admin: Admin, job: Job, objects: list[ImportObject]) -> str:
    """Mark the objects and start; unmark them when Shopify says that it has not begun."""
    mutation = _creation(job.sheet_of(objects[0].number).type)
    lines, count, whole = _lines(admin, mutation, objects)
    if count < FEWEST and lines.getbuffer().nbytes < MOST_BYTES:
        _commit_state(job, one_by_one_to=objects[min(count, len(objects) - 1)].number)
        return ""
    run = BulkRun(objects[0].number, objects[count - 1].number, whole=whole)
    try:
        path = bulk.upload(admin, lines)
        _mark(job, run, tried=True)
        _commit_state(job, bulk=run)
        operation = bulk.start_mutation(admin, mutation.document, path, _marker(job, run))
    except (bulk.BulkBusy, bulk.BulkRefused) as error:
        _mark(job, run, tried=False)
        busy = isinstance(error, bulk.BulkBusy)
        later = objects[min(BUSY_FOR, count) - 1].number if busy else NEVER
        _commit_state(job, bulk=None, one_by_one_to=later)
        return ""
    except ShopifyRefused:
        _mark(job, run, tried=False)
        _commit_state(job, bulk=None)
        raise
    _commit_state(job, bulk=replace(run, operation=operation["id"]))
    return str(operation["id"])


def _find_operation(admin: Admin, job: Job, run: BulkRun) -> str:
    """The id of the operation that a step which was cut off had started."""
    operation = bulk.find(admin, _marker(job, run), job.created_at, "mutation")
    return str(operation["id"]) if operation else ""


def _tell_failed(
    admin: Admin,
    columns: FileColumns,
    job_id: str,
    operation: dict[str, Any],
    changes: list[dict[str, Any]],
) -> None:
    """Tell in the comments of new objects which of their members Shopify could not complete: the
    images that it could not fetch. What each has is asked for only where some file has failed, and
    of the last ones, which a search may not find yet."""
    watched = {one.name for one in columns.writing.members if one.watched}
    made = {one["number"]: one for one in changes if one.get("ref")} if watched else {}
    if not made:
        return

    def works_of(numbers: Collection[int]) -> list[Work]:
        works = []
        for number, one in sorted(ImportObject.of_numbers(job_id, set(numbers)).items()):
            db.session.expunge(one)  # its row is changed with the others
            one.ref = made[number]["ref"]
            works.append(Work(one, one.input["calls"], {}, one.after, adds=watched))
        return works

    completion = Completion(admin, columns)
    works = works_of(sorted(made)[-WATCHED_AT_ONCE:])
    completion.wait(works)
    if has_files(admin, operation["createdAt"], FAILED):
        works = works_of(made)
    completion.note_failed(works)
    for work in works:
        if work.notes:
            words = (work.planned.comment, *work.notes)
            made[work.planned.number]["comment"] = " ".join(filter(None, words))


def _results(
    job: Job, run: BulkRun, operation: dict[str, Any], columns: FileColumns
) -> list[dict[str, Any]]:
    """What is to be written of each object that the operation's result has a line for."""
    url = operation["url"] or operation["partialDataUrl"]
    if not url:
        return []
    mutation = _creation(job.sheet_of(run.first).type)
    other = set(mutation.instead.codes) if mutation.instead else set()
    query = db.select(ImportObject.number, ImportObject.result, ImportObject.sent)
    query = query.where(_sent(job, run)).order_by(ImportObject.number)
    sent = db.session.execute(query).all()
    go_on = _going_on(job, run)
    changes = []
    for line in map(orjson.loads, bulk.lines(url, int(operation["fileSize"]))):
        number, known, calls_sent = sent[line["__lineNumber"]]
        result = (line.get("data") or {}).get("result")
        if result and other & {error.get("code") for error in result["userErrors"]}:
            continue  # another mutation may make it, in a call of its own
        if result and known is None and not calls_sent:
            if errors := result["userErrors"]:
                words = refusal(columns, mutation, errors)
                change: dict[str, Any] = {"result": "failed", "comment": words}
            else:
                made = None if number in go_on else RESULTS[CREATE]
                change = {"result": made, "ref": result["object"]["id"], "sent": 1}
            changes.append({"job_id": job.id, "number": number, **change})
    return changes


def _going_on(job: Job, run: BulkRun) -> set[int]:
    """The objects of a run that have calls behind their first, which are to be sent yet."""
    if run.whole:
        return set()
    query = db.select(ImportObject).where(_sent(job, run))
    return {one.number for one in db.session.scalars(query) if len(one.input["calls"]) > 1}


def _mark(job: Job, run: BulkRun, *, tried: bool) -> None:
    """Say of each object of the run that it is tried, or that it was not; those that are loaded
    are not told. Does not commit."""
    pending = db.and_(_of_run(job, run), ImportObject.result.is_(None))
    change = db.update(ImportObject).where(pending).values(tried=tried)
    db.session.execute(change, execution_options={"synchronize_session": False})


def _sent(job: Job, run: BulkRun) -> ColumnElement[bool]:
    """The condition on the objects of a run that have a line in its file."""
    return db.and_(_of_run(job, run), ImportObject.tried.is_(True))


def _of_run(job: Job, run: BulkRun) -> ColumnElement[bool]:
    """The condition on the objects of a run; by number they are in the order of its lines."""
    return db.and_(
        ImportObject.job_id == job.id,
        ImportObject.number.between(run.first, run.last),
        ImportObject.action == CREATE,
    )


def _commit_state(job: Job, **changed: Any) -> None:
    """Change the job's state, and commit."""
    job.import_state = replace(job.import_state, **changed)
    db.session.commit()


def _creation(type_name: str) -> Mutation:
    writing = BY_NAME[type_name].writing
    if writing is None or writing.create is None:
        raise LookupError(f"{type_name} cannot be created")
    return writing.create


def _marker(job: Job, run: BulkRun) -> str:
    return f"{job.id} {job.sheet_of(run.first).type} {run.first}-{run.last}"
