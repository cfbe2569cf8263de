"""The steps of an import, each safe to repeat: how far it is stands in the job's row.

The file is unpacked, every object of it is planned (``transfer/importing/planning.py``), and what
is planned is written, in the order of the file and each exactly once. Rows are looked at a few
times each, however many there are. A worker runs three steps, ``take_up``, ``plan`` and ``write``,
the last two again and again: a small import is over after one of each.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import takewhile

from models import commits_keep_rows, db
from models.api_key import ApiKey
from models.approval import SENTENCES, approval_of
from models.import_object import CREATE, RESULTS, UPDATE, WRITES, ImportObject
from models.import_row import ImportRow
from models.job import APPLYING, COMPLETED, FAILED, MOVING, PLANNING, QUEUED, WAITING, Job
from shopify.admin import Admin
from shops.access import admin_for
from transfer.formats.bad_file import BadFile
from transfer.importing import bulk, planning, receive, store, undo
from transfer.importing.access import hold_for_access, lacking, without_sentence
from transfer.importing.apply import Batch
from transfer.importing.changes import changes
from transfer.importing.columns import FileColumns
from transfer.importing.lookup import store_snapshot
from transfer.importing.settle import settle
from transfer.importing.snapshot import Known, Snapshot
from transfer.importing.store import columns_of
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts

KEY_ENDED = "The key does not work any more, so its plan was not applied."
SEES_LESS = (
    "The key saw more personal data when this was planned, so it was not applied. Import the file "
    "again."
)
MAY_NOT = "The key may not import this any more: {}. Nothing was changed."
WRITTEN_AT_ONCE = 100
"""Objects are read once more together before they are written: the more, the fewer points for each,
and the longer until the last of them is written."""


@commits_keep_rows()
def take_up(job_id: str) -> tuple[str, list[tuple[str, str]]]:
    """Begin the import, or go on with it; its status then, and the bulk queries to be started
    before it is planned, each a type and which of its queries."""
    job = Job.fresh(job_id)
    queries = store.prepare(job_id) if _begin(job) and _unpack(job) else []
    return _status(job), queries


@commits_keep_rows()
def plan(job_id: str) -> str:
    """Plan the next objects, and settle the plan behind the last; the import's status then."""
    job = Job.fresh(job_id)
    if planning.plan_next(job):
        return PLANNING
    settle(job_id)
    return _status(job)


@commits_keep_rows()
def write(job_id: str) -> tuple[str, str]:
    """Write the next objects; the import's status then, and the id of the bulk mutation that makes
    them, where Shopify has to be waited for."""
    job = Job.fresh(job_id)
    is_large = job.plan.get("counts", {}).get(RESULTS[CREATE], 0) >= bulk.FEWEST
    if is_large and (operation := bulk.start(job_id)):
        return APPLYING, operation
    if _write_next(job):
        return APPLYING, ""
    _end(job, COMPLETED)
    return job.status, ""


def _status(job: Job) -> str:
    """Where this step has brought the import; the rows of one that goes no further are counted."""
    if job.status not in (PLANNING, APPLYING, *WAITING):
        complete(job.id)
    return job.status


@commits_keep_rows()
def begin(job_id: str) -> bool:
    """Whether the import may start, or go on: with its plan, or with applying that."""
    return _begin(Job.fresh(job_id))


def _begin(job: Job) -> bool:
    status = APPLYING if job.plan else PLANNING
    if not job.move(status, among=(QUEUED, status)):
        return False
    if status == APPLYING and (refusal := _refusal(job)):
        _end(job, FAILED, refusal)
        return False
    if status == APPLYING and (sentence := lacking(job)):
        decided = ("applied", "accepted")
        plan = {name: value for name, value in job.plan.items() if name not in decided}
        hold_for_access(job, sentence, (APPLYING,), plan)
        return False
    if (warnings := without_sentence(job.warnings)) != job.warnings:
        job.warnings = warnings
    if job.import_state.planned:
        job.count_rows()
    db.session.commit()
    return True


def _refusal(job: Job) -> str:
    """Why a plan that was looked at first may not be applied any more; empty when it may. Whoever
    manages the store may apply what its key may not."""
    if job.options.get("applied_by") or job.key_id is None:
        return ""
    key = db.session.get_one(ApiKey, job.key_id)
    if not key.works:
        return KEY_ENDED
    if why := approval_of(job):
        return SENTENCES[why]
    if job.sees_less_now:
        return SEES_LESS
    missing = [name for name in job.types if f"{name}:import" not in key.permissions]
    return MAY_NOT.format(", ".join(missing)) if missing else ""


@commits_keep_rows()
def unpack(job_id: str) -> bool:
    """Make rows of the job's file; whether it can go on."""
    return _unpack(Job.fresh(job_id))


def _unpack(job: Job) -> bool:
    job_id = job.id
    if job.status != PLANNING:
        return job.status == APPLYING
    if job.undoes:
        undo.list_rows(job, Job.fresh(job.undoes))
        return True
    try:
        receive.unpack(job, partial(_shop_facts, job))
    except BadFile as error:
        db.session.rollback()
        receive.erase_rows(job_id)
        Job.fresh(job_id).move(FAILED, among=(QUEUED, PLANNING), error=str(error), rows=None)
        return False
    return True


def _shop_facts(job: Job, type_name: str) -> ShopFacts:
    admin = admin_for(job.shop_id)
    return store.facts_of(job, type_name, admin)


@commits_keep_rows()
def apply(job_id: str) -> bool:
    """Write the next objects one by one; whether there may be more. Nothing after a cancel."""
    job = Job.fresh(job_id)
    more = _write_next(job)
    if not more:
        job.count_rows()
    return more


def _write_next(job: Job) -> bool:
    """As ``apply``, but that it does not commit how far the import is by then, nor counts the rows
    when nothing is left."""
    job_id = job.id
    if job.status != APPLYING:
        return False
    state = job.import_state
    objects = ImportObject.to_write(job_id, state.applied, _count_before_parts(job, _at_once(job)))
    waited = not objects
    if waited:
        objects = ImportObject.waiting(job_id, state.waited, WRITTEN_AT_ONCE)
    if not objects:
        return False
    sheet = job.sheet_of(objects[0].number)
    objects = [planned for planned in objects if planned.number <= sheet.last]
    was = [planned.result for planned in objects]
    admin = admin_for(job.shop_id)
    columns = columns_of(job, sheet, admin)
    snapshot = _before_writing(admin, columns, job, objects)
    batch = Batch(
        admin,
        columns,
        snapshot,
        refs=lambda numbers: ImportObject.refs(job_id, numbers),
        place_of=job.place_of,
        goes_on=lambda: Job.status_of(job_id) == APPLYING,
        others=any(one.type != sheet.type for one in job.sheets),
        undoes=bool(job.undoes),
        in_parts=state.is_in_parts(objects[0].number),
    )
    if not batch.write(objects, waited=waited):
        return False
    last = objects[-1].number
    if waited:
        if [planned.result for planned in objects] != was:
            job.count_rows()
        job.import_state = replace(state, waited=last)
        return True
    left = ImportObject.next_writes(job_id, last, 1)
    more = bool(left) or ImportObject.any_waits(job_id, state.waited)
    if more:
        job.add_counts(ImportRow.counts(job_id, state.applied, last, WRITES))
    job.import_state = replace(state, applied=last)
    return more


def _count_before_parts(job: Job, count: int) -> int:
    """How many of so many objects come before the first that is in parts; one where it is next."""
    state = job.import_state
    if not state.parts:
        return count
    numbers = [number for number, _ in ImportObject.next_writes(job.id, state.applied, count)]
    before = list(takewhile(lambda number: not state.is_in_parts(number), numbers))
    return max(1, len(before))


def _at_once(job: Job) -> int:
    """How many objects are written in one step: as many as one call of their type can write."""
    sheet = job.sheet_after(job.import_state.applied)
    writing = BY_NAME[sheet.type].writing if sheet else None
    own = (writing.create, writing.update, writing.delete) if writing else ()
    return max([WRITTEN_AT_ONCE, *(mutation.most for mutation in own if mutation)])


@commits_keep_rows()
def complete(job_id: str) -> None:
    """End an import that was applied; nothing where only its plan was made."""
    _end(Job.fresh(job_id), COMPLETED)


@commits_keep_rows()
def fail(job_id: str, sentence: str) -> None:
    """End the import badly; the rows that were not reached say so."""
    db.session.rollback()
    store.close(job_id)
    _end(Job.fresh(job_id), FAILED, sentence)


def _before_writing(
    admin: Admin, columns: FileColumns, job: Job, objects: list[ImportObject]
) -> Snapshot:
    """The objects as the store has them now."""
    known = ImportObject.refs(job.id, {one.follows for one in objects if one.follows})
    if job.import_state.is_in_parts(objects[0].number):  # it is alone
        return _of_part(admin, columns, objects[0], known)
    refs = {one.ref for one in objects if one.ref} | set(known.values())
    keys = {columns.key_of(one.after["cells"]) for one in objects if one.action == CREATE}
    headers = {change.column for one in objects for change in changes(one)}
    touched = {member["set"] for one in objects for member in one.before["members"]}
    headers |= {_plainest(columns, name) for name in touched if name in columns.sets}
    guarded = {name for one in objects for name in one.before.get("guarded", ())}
    headers |= {header for name in guarded for header in columns.sets[name].headers}
    return store_snapshot(admin, columns, refs, keys, headers)


def _of_part(
    admin: Admin, columns: FileColumns, planned: ImportObject, created: Mapping[int, str]
) -> Snapshot:
    """The object without the members of a set that is endless. Of one to which nothing but such
    members are added, or taken from, nothing is read: Shopify refuses what it must refuse."""
    ref = planned.ref or created.get(planned.follows or 0)
    endless = {name for name, one in columns.sets.items() if one.members.endless}
    only_members = planned.action == UPDATE and not (
        planned.before["cells"] or planned.after["cells"]
    )
    if only_members and {one["set"] for one in planned.before["members"]} <= endless:
        snapshot = Snapshot(columns)
        if ref:
            snapshot.add(Known(ref, None, {}, item={"id": ref}))
        return snapshot
    keys = {columns.key_of(planned.after["cells"])} if planned.action == CREATE else set()
    return store_snapshot(admin, columns, [ref] if ref else [], keys, without=endless)


def _plainest(columns: FileColumns, of_set: str) -> str:
    """The column of a nested set that costs least to read: it brings the members' ids along."""
    set_columns = columns.sets[of_set]
    part = set_columns.members.part
    own = [h for h in set_columns.headers if columns.columns[h].block.part == part]
    paths = {header: columns.columns[header].column.path for header in own or set_columns.headers}
    return min(paths, key=lambda header: (paths[header] != "id", "." in paths[header]))


def _end(job: Job, status: str, error: str | None = None) -> None:
    """End an import and count all of its rows; those of a plan that waits are not reached yet."""
    if job.status in WAITING:
        return
    job.count_to_the_end()
    if job.status not in MOVING:
        db.session.commit()
    elif not job.move(status, among=MOVING, error=error):  # it was canceled meanwhile
        job.count_to_the_end()
        db.session.commit()
