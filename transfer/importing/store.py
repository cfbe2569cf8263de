"""What an import asks the store before it plans: facts, and all objects of a type where that costs
less than to look each of them up.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models import commits_keep_rows, db
from models.import_row import ImportRow
from models.import_sheet import ImportSheet
from models.job import PLANNING, Job
from models.personal_data import ALL
from models.shop import Shop
from shopify.admin import Admin
from shops.access import admin_for
from transfer.exporting.file import PAGES, bulk_operations, pass_lines, passes_of
from transfer.exporting.file import facts_of as facts_read_with
from transfer.exporting.steps import readable_passes, total_of
from transfer.importing.columns import FileColumns, file_columns
from transfer.importing.lookup import is_looked_up
from transfer.importing.named_columns import with_dated_channels, with_undefined
from transfer.importing.planned_definitions import with_planned
from transfer.importing.store_index import StoreIndex
from transfer.reading import shop_facts
from transfer.reading.lookup import as_exported
from transfer.reading.objects import together
from transfer.reading.references import resolved
from transfer.rows.headers import Headers, own_headers, visible_text
from transfer.rows.layout import redacted
from transfer.rows.personal import personal_columns
from transfer.types import BY_NAME
from transfer.types.base import DataType, Pass
from transfer.types.forms import short
from transfer.types.shop_facts import ShopFacts

FEW, FEW_WITH_CHILDREN = 250, 10
"""So many objects of a file are looked up; of more, all that the store has are read. An object with
children costs some hundred points to look up, which Shopify restores in seconds; a bulk operation
costs the same for any number."""
FEW_IN_STORE = 500
"""So many of the store are read page by page if they have no children; more by a bulk operation."""
_indexes: dict[tuple[str, int], StoreIndex] = {}
"""By the job, and the offset of the sheet in it."""


def columns_of(job: Job, sheet: ImportSheet, admin: Admin) -> FileColumns:
    """A sheet's columns for this store. Those that Shopify redacts are none."""
    data_type = BY_NAME[sheet.type]
    facts = with_planned(job, sheet, facts_of(job, sheet.type, admin))
    facts = with_undefined(data_type, sheet.headers, facts)
    return file_columns(data_type, sheet.headers, facts.as_json(), sheet.of)


def facts_of(job: Job, type_name: str, admin: Admin) -> ShopFacts:
    """The facts of the store for a data type, which are asked once for a job."""
    data_type, state = BY_NAME[type_name], job.import_state
    if type_name not in state.facts:
        more = data_type.writing.facts if data_type.writing else ()
        names = (*data_type.facts, *more)
        known, asked = shop_facts.ask(admin, names)
        facts, left_out = shop_facts.among(asked, names, known)
        of_type = (sheet for sheet in job.sheets if sheet.type == type_name)
        headers = [header for sheet in of_type for header in sheet.headers]
        facts = with_dated_channels(data_type, headers, facts)
        passes, facts, unread = readable_passes(admin, data_type, facts, writing=True)
        job.warnings = [*job.warnings, *left_out, *unread]
        job.import_state = state = replace(
            state,
            facts={**state.facts, type_name: facts.as_json()},
            passes={**state.passes, type_name: passes},
        )
        db.session.commit()
    facts = ShopFacts.from_json(state.facts[type_name])
    sees_all = job.options.get("personal_data", ALL) == ALL
    personal = tuple(personal_columns(data_type))
    return replace(
        facts,
        hidden=() if sees_all else personal,
        stand_ins=bool(personal) and Shop.has_had_stand_ins(job.shop_id),
    )


@commits_keep_rows()
def prepare(job_id: str) -> list[tuple[str, str]]:
    """Decide which types are read whole; return the bulk queries to start for that, each a type and
    which of its queries."""
    job = Job.fresh(job_id)
    if job.status != PLANNING:
        return []
    operations: dict[str, dict[str, Any]] = {}
    admin = admin_for(job.shop_id)
    for sheet in job.sheets:
        columns = columns_of(job, sheet, admin)
        hidden = (_hidden(sheet, columns), _left_alone(columns))
        for warning in (_without_a_fact(sheet, columns), *hidden):
            if warning and warning not in job.warnings:
                job.warnings = [*job.warnings, warning]
        if sheet.type in operations or _is_few(job, sheet, columns):
            continue
        state, total = job.import_state, total_of(admin, columns.data_type, "")
        most = FEW_WITH_CHILDREN if _has_children(columns.data_type) else FEW_IN_STORE
        small = total is not None and total <= most
        passes = {
            run: PAGES if how == "" and (small or ":" in run) else how
            for run, how in _without_others(job, sheet, columns, state.passes[sheet.type]).items()
        }
        operations[sheet.type] = {"facts": state.facts[sheet.type], "passes": passes}
    if operations != job.operations:
        job.operations = operations
    db.session.commit()
    return [
        (name, run)
        for name, read in operations.items()
        for run, how in read["passes"].items()
        if how == ""
    ]


def index_of(job: Job, sheet: ImportSheet, columns: FileColumns, admin: Admin) -> StoreIndex | None:
    """All objects of a sheet's type, where they are read whole. What one step has made of them the
    next ones find, unless they are another worker's: that makes it again."""
    if sheet.type not in job.operations:
        return None
    index = _indexes.get((job.id, sheet.offset))
    if index is None:
        index = StoreIndex(columns)
        try:
            _fill(index, job, sheet, admin)
        except BaseException:
            index.close()
            raise
        keep_index(job, sheet, index)
    return index


def keep_index(job: Job, sheet: ImportSheet, index: StoreIndex) -> None:
    """Have the next steps find what was read for a sheet."""
    _indexes[job.id, sheet.offset] = index


def close(job_id: str) -> None:
    """Forget the objects that were read for a job."""
    for name in [name for name in _indexes if name[0] == job_id]:
        _indexes.pop(name).close()


def _is_few(job: Job, sheet: ImportSheet, columns: FileColumns) -> bool:
    most = FEW_WITH_CHILDREN if _has_children(columns.data_type) else FEW
    if _has_parts(job, sheet):
        return False
    if not is_looked_up(columns):
        return False
    is_short = sheet.last - sheet.offset <= most  # it has no more objects than rows
    return is_short or ImportRow.objects(job.id, sheet.offset, sheet.last) <= most


def _has_parts(job: Job, sheet: ImportSheet) -> bool:
    return any(sheet.offset < int(number) <= sheet.last for number in job.import_state.parts)


def _without_a_fact(sheet: ImportSheet, columns: FileColumns) -> str:
    """A sentence about the columns of locations, catalogs and the like that the store does not
    have; empty where it has all of them."""
    known = Headers(columns.data_type)
    named = own_headers(sheet.headers, columns.data_type, columns.facts)
    of_none = [
        visible_text(header)
        for header, name in zip(sheet.headers, named, strict=True)
        if name not in columns.columns and (found := known.find(header)) and found.repeated_for
    ]
    if not of_none:
        return ""
    listed = ", ".join(f"“{short(header)}”" for header in dict.fromkeys(of_none))
    return f"The store has nothing by these names, so the columns are ignored: {listed}."


def _without_others(
    job: Job, sheet: ImportSheet, columns: FileColumns, passes: Mapping[str, str | None]
) -> Mapping[str, str | None]:
    """The passes, without those that bring rows of parts, or columns, of which the file has none:
    what is asked for each member costs points for each."""
    parts = {step.part for step in columns.data_type.passes if step.part}
    if parts and not job.undoes:
        parts -= {columns.columns[header].block.part for header in columns.places}
    else:
        parts = set()
    if parts:
        parts -= _parts_of_rows(job, sheet, columns)
    steps = {run: columns.data_type.passes[int(run.partition(":")[0])] for run in passes}
    unnamed = columns.endless_unnamed if not (job.undoes or _deletes(job, sheet, columns)) else ()
    return {
        run: how
        if columns.shows(steps[run])
        and steps[run].part not in parts
        and not any(_brings(steps[run], of) for of in unnamed)
        else None
        for run, how in passes.items()
    }


def _deletes(job: Job, sheet: ImportSheet, columns: FileColumns) -> bool:
    """Whether any row deletes its object, so that an undo has to know all of it."""
    place = columns.places.get("Command")
    if place is None:
        return False
    cells = ImportRow.cells_at(job.id, sheet.offset, sheet.last, place)
    return any(cell.strip().upper() == "DELETE" for cell in cells)


def _parts_of_rows(job: Job, sheet: ImportSheet, columns: FileColumns) -> set[str]:
    """The parts of the nested sets that any row of the file says it is of."""
    of_sets = [of_set.members for of_set in columns.sets.values() if of_set.members.only]
    named: dict[str, set[str]] = {}
    for header in {members.only[0] for members in of_sets if members.only} & columns.places.keys():
        place = columns.places[header]
        named[header] = ImportRow.cells_at(job.id, sheet.offset, sheet.last, place)
    return {
        members.part
        for members in of_sets
        if members.only and members.only[1].casefold() in named.get(members.only[0], ())
    }


def _hidden(sheet: ImportSheet, columns: FileColumns) -> str:
    """A sentence about the file's columns that Shopify hides from the app; empty without any."""
    data_type, named = (
        columns.data_type,
        own_headers(sheet.headers, columns.data_type, columns.facts),
    )
    hidden = [h for h in redacted(data_type.sheet(sheet.of), columns.facts) if h in named]
    if not hidden:
        return ""
    listed = ", ".join(f"“{header}”" for header in hidden)
    return f"Shopify hides this customer data from the app, so the columns are ignored: {listed}."


def _left_alone(columns: FileColumns) -> str:
    """A sentence about the file's columns of lists that have personal data, which a key that does
    not see it leaves as they are; empty without any."""
    if not columns.left_alone:
        return ""
    listed = ", ".join(f"“{header}”" for header in columns.left_alone)
    return (
        "These columns stand in one list with personal data, which the key does not see, so they "
        f"are ignored: {listed}."
    )


def _has_children(data_type: DataType) -> bool:
    return len(data_type.passes) > 1 or bool(data_type.passes[0].connections)


def _fill(index: StoreIndex, job: Job, sheet: ImportSheet, admin: Admin) -> None:
    data_type, facts = index.columns.data_type, index.columns.facts
    beside = _beside(job, sheet, index.columns)
    without = {n for n, step in enumerate(data_type.passes) if _brings(step, beside)}
    operations = bulk_operations(job, admin)
    asked = facts_read_with(job, data_type.name, job.personal_data)
    with passes_of(job, data_type, asked, admin, operations, without) as passes:
        items = as_exported(together(data_type, passes), data_type, facts)
        index.fill(resolved(items, data_type, facts, admin))
    for number in without:
        lines = pass_lines(job, data_type, asked, number, admin, operations)
        index.fill_members(beside, lines or ())


def _beside(job: Job, sheet: ImportSheet, columns: FileColumns) -> str:
    """The set whose members are kept beside their objects, as the rows of one are in parts; empty
    where none are."""
    sets = columns.sets.items() if _has_parts(job, sheet) else ()
    return next((name for name, of_set in sets if of_set.members.endless), "")


def _brings(step: Pass, of: str) -> bool:
    return bool(of) and any(connection.name == of for connection in step.connections)
