"""An export's file: Shopify's result lines of a job, streamed into the rows of a spreadsheet."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models import db, now
from models.job import IMPORT, Job
from models.personal_data import ALL, NONE, REPLACED, Personal
from models.shop import Shop, stand_ins_secret
from shopify import bulk
from shopify.admin import Admin
from transfer.exporting import summary
from transfer.exporting.summary import Summary, Written
from transfer.formats import csv_writer, jsonl_writer, xlsx_writer, zip_writer
from transfer.reading import pages, queries, undefined
from transfer.reading.completeness import complete
from transfer.reading.external_sort import Sorted
from transfer.reading.filters import search
from transfer.reading.lookup import as_exported, for_writing
from transfer.reading.objects import ids_within, sorted_pass, together
from transfer.reading.personal import Hiding
from transfer.reading.references import resolved
from transfer.reading.stand_ins import StandIns
from transfer.rows.chosen_columns import check, chosen_sheets, unknown
from transfer.rows.counting import Counted, count
from transfer.rows.layout import layout, layouts
from transfer.rows.personal import personal_columns
from transfer.types import BY_NAME
from transfer.types.base import DataType, Pass, Sheet
from transfer.types.shop_facts import Fact, ShopFacts

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}

PAGES = "pages"
"""How a pass is read that no bulk operation reads."""

Passes = dict[int, Sorted]
Operations = dict[str, dict[str, Any]]


def file_name(job: Job) -> str:
    """``products.csv``, ``collections.zip`` where a type has several sheets; of several types
    ``export.zip`` or ``export.xlsx``."""
    if len(job.types) > 1:
        return "export.xlsx" if job.format == "xlsx" else "export.zip"
    [name] = job.types
    facts = facts_of(job, name, job.personal_data)
    single = len(chosen_sheets(BY_NAME[name], facts, _wanted(job, name))) == 1
    return f"{name}.{job.format if single or job.format == 'xlsx' else 'zip'}"


def media_type(job: Job) -> str:
    return MEDIA_TYPES[file_name(job).rpartition(".")[2]]


@dataclass(frozen=True)
class ExportFile:
    """``chunks`` are the bytes; ``sheets`` what is known of each sheet when they are read."""

    chunks: Iterator[bytes]
    sheets: list[Written]


@contextmanager
def opened(job: Job, admin: Admin) -> Iterator[ExportFile]:
    """The file of a completed export.

    Everything is read from Shopify before the block begins, so that what goes wrong there
    (ShopifyUnavailable, ShopifyRefused, ResultGone) is known before the first byte.
    """
    with ExitStack() as stack:
        operations, seen = bulk_operations(job, admin), job.personal_data
        types = []
        for name in job.types:
            data_type, facts = BY_NAME[name], facts_of(job, name, seen)
            passes = stack.enter_context(passes_of(job, data_type, facts, admin, operations))
            types.append(_Read(data_type, facts, passes))
        yield _file(job, admin, types, seen)


def bulk_operations(job: Job, admin: Admin) -> Operations:
    """Shopify's bulk operations of a job by their ids."""
    runs = (how for state in job.operations.values() for how in state["passes"].values())
    return bulk.poll_all(admin, [how for how in runs if how and how != PAGES])


@contextmanager
def passes_of(
    job: Job,
    data_type: DataType,
    facts: ShopFacts,
    admin: Admin,
    operations: Operations,
    without: Collection[int] = (),
) -> Iterator[Passes]:
    """The sorted lines of each pass that was run, by its place in the type; of those without
    some."""
    with ExitStack() as stack:
        passes: Passes = {}
        for number, step in enumerate(data_type.passes):
            if number in without:
                continue
            ids = ids_within(passes[0], step.ids) if step.ids else ()
            lines = pass_lines(job, data_type, facts, number, admin, operations, ids)
            if lines is not None and number and passes[0].is_empty:
                lines = iter(())  # of no objects nothing more is asked
            if lines is not None:
                passes[number] = stack.enter_context(sorted_pass(lines, step, data_type.passes[0]))
        yield passes


def pass_lines(
    job: Job,
    data_type: DataType,
    facts: ShopFacts,
    number: int,
    admin: Admin,
    operations: Operations,
    ids: Iterable[str] = (),
) -> Iterator[bytes] | None:
    """The result lines of a pass as it was read, or None for one that was left out."""
    state = job.operations[data_type.name]
    runs = [key for key in state["passes"] if key.partition(":")[0] == str(number)]
    if runs and all(state["passes"][key] is None for key in runs):
        return None
    lines = chain.from_iterable(
        _run_lines(job, data_type, facts, key, admin, operations, ids) for key in runs
    )
    return iter(undefined.without_defined(lines, data_type.passes[number], facts))


def _run_lines(
    job: Job,
    data_type: DataType,
    facts: ShopFacts,
    key: str,
    admin: Admin,
    operations: Operations,
    ids: Iterable[str],
) -> Iterator[bytes]:
    state = job.operations[data_type.name]
    how = state["passes"][key]
    if how == PAGES:
        step, fact = run_of(data_type, key, facts, writing=job.kind == IMPORT)
        return pages.lines(admin, step, facts, search_of(job, data_type, step), fact, ids)
    return bulk.result(operations[how])


def run_of(
    data_type: DataType, key: str, facts: ShopFacts, *, writing: bool = False
) -> tuple[Pass, Fact | None]:
    """The pass that a run's key names (``"1"``, or ``"1:m4"`` for a fact), and the fact. It brings
    also what only ``writing`` needs, if that is what it is for."""
    number, _, alias = key.partition(":")
    step = data_type.passes[int(number)]
    found = facts.named(step.each) if alias else ()
    fact = next((fact for fact in found if fact.alias == alias), None)
    return for_writing(data_type, step) if writing else step, fact


def search_of(job: Job, data_type: DataType, step: Pass) -> str:
    """The search that goes with a pass: its own, and what was asked of the objects it brings."""
    asked = ""
    if step.root == data_type.passes[0].root and queries.searchable(step):
        asked = search(data_type, job.filters.get(data_type.name, {}))
    return f"({asked}) ({step.search})" if asked and step.search else asked or step.search


@dataclass(frozen=True)
class Reading:
    """What reading all of a type once has shown; ``facts`` have what only this tells, too.
    ``times`` are when Shopify began with the type and when all of it was read, in ISO 8601."""

    counted: Counted
    facts: ShopFacts
    warnings: list[str]
    times: tuple[str, str]


def read_through(job: Job, admin: Admin) -> dict[str, Reading]:
    """What the file will have of each type. Everything is read once, which shows that it can be."""
    operations, seen = bulk_operations(job, admin), job.personal_data
    return {name: _read_through(job, name, seen, admin, operations) for name in job.types}


def _read_through(
    job: Job, name: str, seen: Personal, admin: Admin, operations: Operations
) -> Reading:
    data_type, facts, wanted = BY_NAME[name], facts_of(job, name, seen), _wanted(job, name)
    found, warnings, began = undefined.Found(data_type), [], now().isoformat()
    with passes_of(job, data_type, facts, admin, operations) as passes:
        items = complete(found.among(together(data_type, passes)), data_type)
        if wanted:
            for _ in items:
                """Which rows there are depends on the columns, and those on all objects."""
            facts = found.added_to(facts)
            missing = unknown(data_type, wanted, facts)
            if len(missing) == len(wanted):
                check(data_type, wanted, facts)
            warnings = [
                f"{data_type.label}: no exported object has “{header}”, so it is left out."
                for header in missing
            ]
            items = together(data_type, passes)
        counted = count(layouts(data_type, facts, wanted), items)
    times = _times(list(job.operations[name]["passes"].values()), operations, began)
    return Reading(counted, found.added_to(facts), [*found.warnings(), *warnings], times)


def _times(runs: list[str | None], operations: Operations, began: str) -> tuple[str, str]:
    """From the start of the first bulk operation to the end of the last, or of what was read page
    by page, which ``began`` when everything else was over."""
    own = [operations[how] for how in runs if how in operations]
    start = min((operation["createdAt"] for operation in own), default=began)
    if PAGES in runs or not own:
        return start, now().isoformat()
    return start, max(operation["completedAt"] for operation in own)


def facts_of(job: Job, name: str, seen: Personal) -> ShopFacts:
    """The facts of the shop that a type of the job was read with, and the headers of columns that a
    key which sees so much personal data does not see."""
    headers = personal_columns(BY_NAME[name]) if seen == NONE else ()
    return replace(ShopFacts.from_json(job.operations[name]["facts"]), hidden=tuple(headers))


def _wanted(job: Job, name: str) -> list[str]:
    """The columns that the job asks for; none means all."""
    chosen: list[str] = job.options.get("columns", {}).get(name, [])
    return chosen


class _Read(NamedTuple):
    """A type as Shopify has told it."""

    data_type: DataType
    facts: ShopFacts
    passes: Passes


def _file(job: Job, admin: Admin, types: list[_Read], seen: Personal) -> ExportFile:
    domain = db.session.scalar(db.select(Shop.domain).filter_by(id=job.shop_id))
    summed = Summary.of(job, domain)
    stand_ins = StandIns(stand_ins_secret(job.shop_id)) if seen == REPLACED else None
    drop = seen == NONE and job.format == "jsonl"
    sheets = []
    for read in types:
        wanted = _wanted(job, read.data_type.name)
        for sheet in chosen_sheets(read.data_type, read.facts, wanted):
            hides = None
            if seen != ALL:
                hides = Hiding(read.data_type, read.facts, stand_ins, drop=drop)
            sheets.append(_Sheet(sheet, read, wanted, admin, hides))
    written = [sheet.written for sheet in sheets]
    return ExportFile(_bytes(job.format, job.options.get("bom", True), sheets, summed), written)


def _bytes(format: str, bom: bool, sheets: list["_Sheet"], summed: Summary) -> Iterator[bytes]:
    written = [sheet.written for sheet in sheets]
    if format == "xlsx":
        pages = (
            xlsx_writer.SheetOf(s.sheet.name, s.layout, s.items(), cut=s.written.cut)
            for s in sheets
        )
        rows = summed.rows(written)
        last = xlsx_writer.SheetOf(summary.NAME, summary.layout(summed), rows, (1, 0))
        return xlsx_writer.write(chain(pages, [last]))
    if format == "jsonl":
        files = [
            (s.sheet.name, jsonl_writer.write(s.data_type, s.facts, s.items())) for s in sheets
        ]
    else:
        files = [(s.sheet.name, csv_writer.write(s.layout, s.items(), bom=bom)) for s in sheets]
    if len(files) == 1:
        return files[0][1]
    if format == "csv":
        last_file = csv_writer.write(summary.layout(summed), summed.rows(written), bom=bom)
        files.append((summary.NAME, last_file))
    return zip_writer.write((f"{name}.{format}", chunks) for name, chunks in files)


class _Sheet:
    """A sheet of the file to be; what is known of it is ``written`` down as its objects pass."""

    def __init__(
        self, sheet: Sheet, read: _Read, wanted: list[str], admin: Admin, hides: Hiding | None
    ):
        self.sheet, self.data_type, self.facts = sheet, read.data_type, read.facts
        self.layout = layout(sheet, self.facts, wanted)
        zone = ZoneInfo(self.facts.zone)
        self.written = Written(sheet.name, self.data_type.name, zone, self.layout.headers)
        self._passes, self._admin, self._hides = read.passes, admin, hides

    def items(self) -> Iterator[dict[str, Any]]:
        items = as_exported(together(self.data_type, self._passes), self.data_type, self.facts)
        items = resolved(items, self.data_type, self.facts, self._admin)
        if self._hides:
            items = self._hides.among(items)
        only = self.sheet.only
        for item in items if only is None else filter(only, items):
            self.written.objects += 1
            yield item
