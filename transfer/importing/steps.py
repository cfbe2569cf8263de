"""The steps of an import, each safe to repeat: how far it is stands in the job's row.

The file is unpacked, every object of it is planned, and what is planned is written, in the order of
the file and each exactly once. Rows are looked at a few times each, however many there are.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

from models import db
from models.api_key import ApiKey
from models.import_object import (
    CREATE,
    WRITES,
    ImportObject,
    sealed,
    short_key,
)
from models.import_row import ImportRow
from models.import_sheet import ImportSheet
from models.job import APPLYING, COMPLETED, FAILED, MOVING, PLANNING, QUEUED, WAITING, Job
from shopify.admin import Admin
from shops.access import admin_for
from transfer.formats.bad_file import BadFile
from transfer.importing import receive
from transfer.importing.apply import Batch
from transfer.importing.cells import Options
from transfer.importing.changes import stored_after, stored_before
from transfer.importing.columns import FileColumns, file_columns
from transfer.importing.inputs import calls
from transfer.importing.lookup import own_domains, store_snapshot
from transfer.importing.members import Row
from transfer.importing.plan import Change, id_of, plan
from transfer.importing.snapshot import Known, Snapshot
from transfer.reading import shop_facts
from transfer.types import BY_NAME
from transfer.types.forms import BadCell
from transfer.types.shop_facts import ShopFacts

KEY_ENDED = "The key does not work any more, so its plan was not applied."
MAY_NOT = "The key may not import this any more: {}. Nothing was changed."
COMMAND, REPLACE = "Command", "REPLACE"
TOO_MANY_CELLS = "The row has more cells than the header. Is a quote missing?"
PLANNED_AT_ONCE, WRITTEN_AT_ONCE = 100, 50


def begin(job_id: str) -> bool:
    """Whether the import may start, or go on: with its plan, or with applying that."""
    job = Job.fresh(job_id)
    status = APPLYING if job.plan else PLANNING
    if not job.move(status, among=(QUEUED, status)):
        return False
    if status == APPLYING and (refusal := _refusal(job)):
        _end(job_id, FAILED, refusal)
        return False
    job.count_rows()
    db.session.commit()
    return True


def _refusal(job: Job) -> str:
    """Why a plan that was looked at first may not be applied any more; empty when it may. Whoever
    manages the store may apply what its key may not."""
    if job.options.get("applied_by"):
        return ""
    key = db.session.get_one(ApiKey, job.key_id)
    if not key.works:
        return KEY_ENDED
    missing = [name for name in job.types if f"{name}:import" not in key.permissions]
    return MAY_NOT.format(", ".join(missing)) if missing else ""


def unpack(job_id: str) -> bool:
    """Make rows of the job's file; whether it can go on."""
    job = Job.fresh(job_id)
    if job.status != PLANNING:
        return job.status == APPLYING
    try:
        receive.unpack(job, partial(_shop_facts, job))
    except BadFile as error:
        db.session.rollback()
        receive.erase_rows(job_id)
        Job.fresh(job_id).move(FAILED, among=(QUEUED, PLANNING), error=str(error), rows=None)
        return False
    return True


def _shop_facts(job: Job, type_name: str) -> ShopFacts:
    with admin_for(job.shop_id) as admin:
        return ShopFacts.from_json(_facts_of(job, type_name, admin))


def make_plan(job_id: str) -> bool:
    """Plan the next rows; whether there are more."""
    job = Job.fresh(job_id)
    if job.status != PLANNING:
        return False
    planned = job.import_state.planned
    sheet = job.sheet_after(planned)
    if sheet is None:
        return False
    rows, more = ImportRow.of_objects(job_id, planned, PLANNED_AT_ONCE, sheet.last)
    planned_to = rows[-1].object if more else sheet.last
    with admin_for(job.shop_id) as admin:
        columns = columns_of(job, sheet, admin)
        _plan_rows(admin, columns, job, sheet, rows, planned_to)
    return True


def apply(job_id: str) -> bool:
    """Write the next objects; whether there may be more. Nothing after a cancel."""
    job = Job.fresh(job_id)
    if job.status != APPLYING:
        return False
    state = job.import_state
    objects = ImportObject.to_write(job_id, state.applied, WRITTEN_AT_ONCE)
    if not objects:
        return False
    sheet = job.sheet_of(objects[0].number)
    objects = [planned for planned in objects if planned.number <= sheet.last]
    with admin_for(job.shop_id) as admin:
        columns = columns_of(job, sheet, admin)
        snapshot = _before_writing(admin, columns, job, objects)
        batch = Batch(
            admin,
            columns,
            snapshot,
            refs=lambda numbers: ImportObject.refs(job_id, numbers),
            goes_on=lambda: Job.status_of(job_id) == APPLYING,
        )
        if not batch.write(objects):
            return False
    last = objects[-1].number
    job.add_counts(ImportRow.counts(job_id, state.applied, last, WRITES))
    job.import_state = replace(state, applied=last)
    db.session.commit()
    return True


def complete(job_id: str) -> None:
    """End an import that was applied; nothing where only its plan was made."""
    if Job.status_of(job_id) not in WAITING:
        _end(job_id, COMPLETED)


def fail(job_id: str, sentence: str) -> None:
    """End the import badly; the rows that were not reached say so."""
    db.session.rollback()
    _end(job_id, FAILED, sentence)


def columns_of(job: Job, sheet: ImportSheet, admin: Admin) -> FileColumns:
    """A sheet's columns for this store, whose facts are asked once for each type of a job."""
    facts = _facts_of(job, sheet.type, admin)
    return file_columns(BY_NAME[sheet.type], sheet.headers, facts, sheet.of)


def _facts_of(job: Job, type_name: str, admin: Admin) -> Mapping[str, Any]:
    """The facts of the store for a data type, as JSON."""
    data_type, state = BY_NAME[type_name], job.import_state
    if type_name not in state.facts:
        known = replace(shop_facts.always(admin), domains=own_domains(admin))
        more = data_type.writing.facts if data_type.writing else ()
        facts, left_out = shop_facts.ask(admin, (*data_type.facts, *more), known)
        job.warnings = [*job.warnings, *left_out]
        state = replace(state, facts={**state.facts, type_name: facts.as_json()})
        job.import_state = state
        db.session.commit()
    return state.facts[type_name]


def _plan_rows(
    admin: Admin,
    columns: FileColumns,
    job: Job,
    sheet: ImportSheet,
    rows: list[ImportRow],
    last: int,
) -> None:
    """Plan the objects of these rows, up to the number ``last``, one after the other, each beside
    what those before it leave."""
    job_id, state = job.id, job.import_state
    objects = {
        number: [(row.number, columns.cells(row.cells)) for row in of_object]
        for number, of_object in groupby(rows, key=lambda row: row.object)
    }
    snapshot = _before_planning(admin, columns, job_id, list(objects.values()))
    done = ImportObject.numbers(job_id, state.planned, last)
    too_wide = {row.number for row in rows if len(row.cells) > columns.width}
    options = Options.of(job.options)
    values = []
    blanks = Counter(state.blanks)
    for number, of_object in objects.items():
        if number in done:
            continue  # erased at a customer's request
        change = plan(columns, of_object, snapshot, options, offset=sheet.offset)
        if number in too_wide:
            change = Change("failed", comment=TOO_MANY_CELLS)
        values.append(_object(columns, job, number, change, _notes(change, of_object)))
        blanks.update(change.blanks)
        if change.action in WRITES:
            creator = change.known.creator if change.known else number
            ref = change.known.ref if change.known else None
            snapshot.change(change.action, Known(ref, creator, change.after, change.leaves))
    if values:
        db.session.execute(db.insert(ImportObject), values)
    job.add_counts(ImportRow.counts(job_id, state.planned, last))
    job.import_state = replace(state, planned=last, blanks=dict(blanks))
    db.session.commit()


def _notes(change: Change, rows: list[Row]) -> dict[str, object]:
    """What the plan tells of an object beside what it changes."""
    commands = {
        cell.strip().upper()
        for _, cells in rows
        for header, cell in cells.items()
        if header.endswith(COMMAND)
    }
    notes = {
        "warnings": list(change.warnings),
        "blanks": list(change.blanks),
        "replaces": REPLACE in commands,
    }
    return {name: note for name, note in notes.items() if note}


def _object(
    columns: FileColumns, job: Job, number: int, change: Change, notes: dict[str, object]
) -> dict[str, object]:
    """The row of a planned object. What is not to be written has its result at once."""
    known = change.known
    item = known.item if known else None
    sent = [call.as_json() for call in calls(columns, change, item, {})]
    return {
        "job_id": job.id,
        "number": number,
        "key": short_key(change.key),
        "ref": known and known.ref,
        "follows": known and known.creator,
        "action": change.action,
        "before_box": sealed(job.id, number, stored_before(change)),
        "after_box": sealed(job.id, number, stored_after(change)),
        "input_box": sealed(job.id, number, {"calls": sent} if sent else {}),
        "result": None if change.action in WRITES else change.action,
        "comment": change.comment,
        "notes": notes,
    }


def _before_planning(
    admin: Admin, columns: FileColumns, job_id: str, objects: list[list[Row]]
) -> Snapshot:
    """The objects that these rows may be about, as the rows before them leave them."""
    refs, keys = set(), set()
    for rows in objects:
        for _, cells in rows:
            keys.update(columns.keys_of(cells))
            with suppress(BadCell):
                if ref := id_of(columns, cells):
                    refs.add(ref)
    snapshot = store_snapshot(admin, columns, refs, keys)
    refs |= set(snapshot.refs)
    short_keys = {short_key(key) for key in keys}
    planned = ImportObject.planned(job_id, keys=short_keys, refs=refs)
    missing = {one.ref for one in planned if one.ref and one.ref not in refs}
    if missing:
        snapshot.merge(store_snapshot(admin, columns, missing, ()))
    snapshot.overlay(planned)
    return snapshot


def _before_writing(
    admin: Admin, columns: FileColumns, job: Job, objects: list[ImportObject]
) -> Snapshot:
    """The objects as the store has them now."""
    known = ImportObject.refs(job.id, {one.follows for one in objects if one.follows})
    refs = {one.ref for one in objects if one.ref} | set(known.values())
    keys = {columns.key_of(one.after["cells"]) for one in objects if one.action == CREATE}
    return store_snapshot(admin, columns, refs, keys)


def _end(job_id: str, status: str, error: str | None = None) -> None:
    job = Job.fresh(job_id)
    job.count_to_the_end()
    db.session.commit()
    job.move(status, among=MOVING, error=error)
