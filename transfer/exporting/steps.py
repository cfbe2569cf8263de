"""The steps of an export, each short and safe to repeat: what is known stands in the job's row."""

from dataclasses import replace
from typing import Any, NamedTuple

from flask.globals import app_ctx

from models import db
from models.job import CANCELED, COMPLETED, FAILED, IMPORT, QUEUED, RUNNING, Job
from shopify import bulk
from shopify.admin import AccessDenied, Admin
from shops.access import admin_for
from transfer.exporting.file import PAGES, facts_of, read_through, run_of, search_of
from transfer.reading import queries, shop_facts
from transfer.reading.filters import in_words, narrowed, search
from transfer.reading.pages import samples
from transfer.reading.side_by_side import side_by_side
from transfer.rows.chosen_columns import check
from transfer.rows.counting import Counted
from transfer.rows.layout import redacted
from transfer.types import BY_NAME
from transfer.types.base import DataType, Item, Pass
from transfer.types.shop_facts import ShopFacts

RETRYING = "Shopify answers with errors, trying again."
"""Stands among a job's warnings as long as it is so."""


def prepare(job_id: str) -> list[list[str | int]]:
    """Ask the shop's facts, note the expected objects; return ``[type, run]`` to start.

    A run is one bulk operation: of a pass (``"0"``), or of a pass for one fact (``"0:m4"``).
    """
    job = Job.fresh(job_id)
    if not job.move(RUNNING, among=(QUEUED, RUNNING)):
        return []
    filters, columns = job.filters, job.options.get("columns", {})
    admin = _admin(job)
    names = [fact for name in job.types for fact in BY_NAME[name].facts]
    always, asked = shop_facts.ask(admin, names)

    def prepared(name: str) -> _Prepared:
        data_type = BY_NAME[name]
        known, left_out = shop_facts.among(asked, data_type.facts, always)
        known, unknown = narrowed(data_type, filters.get(name, {}), known)
        check(data_type, columns.get(name, []), known)
        return _prepared(admin, data_type, known, filters.get(name, {}), [*left_out, *unknown])

    types = dict(zip(job.types, side_by_side(prepared, job.types), strict=True))
    operations = {name: of_type.operation for name, of_type in types.items()}
    warnings = [warning for of_type in types.values() for warning in of_type.warnings]
    job.operations, job.warnings = operations, [*_exported_whole(job), *warnings]
    progress = {
        name: {"done": 0, "total": of_type.total, "rows": None} for name, of_type in types.items()
    }
    _set_progress(job, progress)
    db.session.commit()
    return [
        [name, run]
        for name, state in operations.items()
        for run, how in state["passes"].items()
        if how == ""
    ]


class _Prepared(NamedTuple):
    """How a type is read, how many objects to expect, and what is told of it."""

    operation: dict[str, Any]
    total: int | None
    warnings: list[str]


def _prepared(
    admin: Admin, data_type: DataType, known: ShopFacts, filters: Item, warnings: list[str]
) -> _Prepared:
    passes, known, unread = readable_passes(admin, data_type, known)
    operation: dict[str, Any] = {"facts": known.as_json(), "passes": passes}
    total = total_of(admin, data_type, search(data_type, filters))
    if filters:
        operation["of"] = total_of(admin, data_type, "")
    return _Prepared(operation, total, [*warnings, *unread, *_redacted(data_type, known)])


def begin(job_id: str, runs: list[tuple[str, str, int]]) -> list[tuple[str, str]]:
    """Start these runs (type, run, attempt), or find them started; return those that Shopify has
    no room for yet."""
    job = Job.fresh(job_id)
    if job.status == CANCELED:
        return []
    markers = [f"{job.id} {name} {run} {attempt}" for name, run, attempt in runs]
    admin = _admin(job)
    started = bulk.find_all(admin, markers, job.created_at)
    for place, (marker, (name, run, _)) in enumerate(zip(markers, runs, strict=True)):
        try:
            operation = started.get(marker) or _start(admin, job, name, run, marker)
        except bulk.BulkBusy:
            return [(name, run) for name, run, _ in runs[place:]]
        except bulk.BulkRefused:
            operation = {"id": PAGES}
        _save_run(job, name, run, operation["id"])
    return []


def _start(admin: Admin, job: Job, name: str, run: str, marker: str) -> dict[str, Any]:
    data_type, known = BY_NAME[name], facts_of(job, name, job.personal_data)
    step, fact = run_of(data_type, run, known, writing=job.kind == IMPORT)
    text = search_of(job, data_type, step)
    return bulk.start(admin, queries.bulk(step, known, text, fact), marker)


def poll(job_id: str) -> dict[str, Any]:
    """See how far Shopify is, and cancel there what was canceled here.

    ``{"running": bool, "bad": [[type, run]]}``: bad ones ended without a result.
    """
    job = Job.fresh(job_id)
    running, bad = False, []
    found: dict[str, int] = {}
    admin = _admin(job)
    runs = _operations(job)
    operations = bulk.poll_all(admin, [gid for _, _, gid in runs])
    for name, run, gid in runs:
        operation = operations[gid]
        over = operation["status"] not in bulk.RUNNING
        if job.status == CANCELED:
            if not over:
                bulk.cancel(admin, gid)
            continue
        running = running or not over
        if run.partition(":")[0] == "0":
            found[name] = found.get(name, 0) + int(operation["rootObjectCount"])
        if operation["errorCode"] == "ACCESS_DENIED":
            _save_run(job, name, run, PAGES)
        elif over and operation["status"] != "COMPLETED":
            bad.append([name, run])
    if job.status != CANCELED and job.progress:
        done = {name: _with_done(job.progress[name], objects) for name, objects in found.items()}
        _set_progress(job, job.progress | done)
        db.session.commit()
    return {"running": running, "bad": bad}


def complete(job_id: str) -> None:
    """Count the rows of the file to come, which shows as well that it can be read."""
    job = Job.fresh(job_id)
    if job.status == CANCELED:
        return
    admin = _admin(job)
    found = read_through(job, admin)
    counts = {name: reading.counted for name, reading in found.items()}
    for name, count in counts.items():
        _check(admin, job, name, count.objects)
    operations = {
        name: state | {"facts": found[name].facts.as_json(), "times": found[name].times}
        for name, state in job.operations.items()
    }
    rows = {
        name: objects if job.format == "jsonl" else sheet_rows
        for name, (objects, sheet_rows) in counts.items()
    }
    progress = {
        name: {"done": objects, "total": objects, "rows": rows[name]}
        for name, (objects, _) in counts.items()
    }
    job.move(
        COMPLETED,
        among=(RUNNING,),
        rows=sum(rows.values()),
        done=(objects := sum(objects for objects, _ in counts.values())),
        total=objects,
        operations=operations,
        warnings=[
            *_lasting(job),
            *(warning for reading in found.values() for warning in reading.warnings),
            *_unmatched(job, counts),
        ],
        progress=progress,
        error=None,
    )


def fail(job_id: str, sentence: str) -> None:
    """End the job badly, with words for the person who reads them."""
    job = Job.fresh(job_id)
    job.move(FAILED, among=(QUEUED, RUNNING), error=sentence, warnings=_lasting(job))


def _admin(job: Job) -> Admin:
    """The Admin API of the job's shop; trouble with it is told in the job while it lasts."""
    app, job_id, shown = app_ctx.app, job.id, RETRYING in job.warnings

    def tell(in_trouble: bool) -> None:
        nonlocal shown
        if in_trouble == shown:
            return
        with app.app_context():
            fresh = Job.fresh(job_id)
            fresh.warnings = [*_lasting(fresh), *([RETRYING] if in_trouble else [])]
            db.session.commit()
        shown = in_trouble

    return admin_for(job.shop_id, on_trouble=tell)


def _lasting(job: Job) -> list[str]:
    """The job's warnings but for those that are over with it."""
    return [warning for warning in job.warnings if warning != RETRYING]


def readable_passes(
    admin: Admin, data_type: DataType, known: ShopFacts, *, writing: bool = False
) -> tuple[dict[str, str | None], ShopFacts, list[str]]:
    """For each run ``""`` (to be started), PAGES, or None where there is nothing to read; the facts
    with what Shopify redacts; and a sentence for each pass that the app may not read."""
    passes: dict[str, str | None] = {}
    asked: list[tuple[Pass, list[str]]] = []
    for number, step in enumerate(data_type.passes):
        runs = [f"{number}"]
        if step.each:
            runs = [f"{number}:{fact.alias}" for fact in known.named(step.each)]
        passes |= dict.fromkeys(runs)
        needed = not step.needs or known.named(step.needs)
        if runs and needed and (writing or not step.writing):
            asked.append((step, runs))
    root = data_type.passes[0].root
    facts = (run_of(data_type, runs[0], known)[1] for _, runs in asked)
    steps = [(step, fact) for (step, _), fact in zip(asked, facts, strict=True)]
    hidden: set[str] = set()
    left_out = []
    for (step, runs), found in zip(asked, samples(admin, steps, known, root=root), strict=True):
        if not isinstance(found, AccessDenied):
            passes |= dict.fromkeys(runs, PAGES if step.plain or step.paged else "")
            hidden |= found if step.root == root else set()
        elif step.attach is None:
            raise found
        else:
            left_out.append(f"{data_type.label}: {step.about} left out, the app may not read it.")
    return passes, replace(known, redacted=tuple(sorted(hidden))), left_out


def _redacted(data_type: DataType, known: ShopFacts) -> list[str]:
    """One sentence on the columns that Shopify hides from the app."""
    headers = dict.fromkeys(
        header for sheet in data_type.sheets for header in redacted(sheet, known)
    )
    if not headers:
        return []
    return [
        f"{data_type.label}: left out, because Shopify hides this customer data from the app: "
        f"{', '.join(headers)}."
    ]


def _search(job: Job, data_type: DataType) -> str:
    return search(data_type, job.filters.get(data_type.name, {}))


def total_of(admin: Admin, data_type: DataType, text: str) -> int | None:
    """How many objects to expect; None where Shopify cannot tell."""
    document = queries.counting(data_type)
    searched = "$query" in document
    if not document or (text and not searched):
        return None
    answer = admin.query(document, {"query": text or None} if searched else {})
    counted: int = answer["count"]["count"]
    return counted


def _check(admin: Admin, job: Job, name: str, objects: int) -> None:
    """Raise ResultIncomplete when fewer objects were read than there were both before and after."""
    data_type, before = BY_NAME[name], job.progress[name]["total"]
    if before is None or objects >= before:
        return
    after = total_of(admin, data_type, _search(job, data_type))
    if after is not None and objects < after:
        raise bulk.ResultIncomplete(
            f"{data_type.label}: Shopify gave {objects:,} of {min(before, after):,} "
            "and said that it was done. Start a new export."
        )


def _operations(job: Job) -> list[tuple[str, str, str]]:
    return [
        (name, run, how)
        for name, state in job.operations.items()
        for run, how in state["passes"].items()
        if how and how != PAGES
    ]


def _with_done(state: dict[str, Any], objects: int) -> dict[str, Any]:
    """The last object is done when all of the type has been read, its stock and prices too."""
    total = state["total"]
    return state | {"done": objects if total is None else min(objects, max(total - 1, 0))}


def _set_progress(job: Job, progress: dict[str, Any]) -> None:
    """Keep how far each type is, and all of them together: those whose objects Shopify counted
    before, so that the total stays as it was told; None where it could count none."""
    job.progress = progress
    counted = [state for state in progress.values() if state["total"] is not None]
    job.done = sum(state["done"] for state in counted or progress.values())
    job.total = sum(state["total"] for state in counted) if counted else None


def _unmatched(job: Job, counts: dict[str, Counted]) -> list[str]:
    """A sentence for each type whose filters matched nothing, where nothing else tells why."""
    warnings = " ".join(job.warnings)
    return [
        f"{BY_NAME[name].label}: nothing matches {in_words(filters)}."
        for name, filters in job.filters.items()
        if filters
        and name in counts
        and not counts[name].objects
        and f"{BY_NAME[name].label}: the store has no" not in warnings
    ]


def _exported_whole(job: Job) -> list[str]:
    """A sentence for the types of which not only the changes can be exported."""
    if not (names := job.options.get("whole")):
        return []
    labels = ", ".join(BY_NAME[name].label for name in names)
    return [f"{labels}: all of it, because Shopify cannot tell what has changed."]


def _save_run(job: Job, name: str, run: str, how: str) -> None:
    """Keep how a run is read. The row is read again: runs are started one after another."""
    state = job.operations[name]
    passes = {**state["passes"], run: how}
    job.operations = {**job.operations, name: {**state, "passes": passes}}
    db.session.commit()
