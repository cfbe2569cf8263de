"""An export's file: Shopify's result lines of a job, streamed into the rows of a spreadsheet."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from models.job import Job
from shopify import bulk
from shopify.admin import Admin
from transfer import pages
from transfer.filters import search
from transfer.formats import csv_file, jsonl_file, xlsx_file, zip_file
from transfer.join import Sorted, owner_number, parent_number, sorted_lines
from transfer.objects import together
from transfer.references import resolved
from transfer.rows import Layout, layout
from transfer.types import BY_NAME
from transfer.types.base import DataType, Sheet

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}

Passes = dict[int, Sorted]


def file_name(job: Job) -> str:
    """``products.csv``; ``export.zip`` or ``export.xlsx`` for several types."""
    several = len(job.types) > 1
    ending = "zip" if several and job.format != "xlsx" else job.format
    return f"{'export' if several else job.types[0]}.{ending}"


def media_type(job: Job) -> str:
    return MEDIA_TYPES[file_name(job).rpartition(".")[2]]


@contextmanager
def opened(job: Job, admin: Admin) -> Iterator[Iterator[bytes]]:
    """The bytes of a completed export's file.

    Everything is read from Shopify before the block begins, so that what goes wrong there
    (ShopifyUnavailable, ShopifyRefused, ResultGone) is known before the first byte.
    """
    with ExitStack() as stack:
        types = [
            (BY_NAME[name], stack.enter_context(_passes(job, BY_NAME[name], admin)))
            for name in job.types
        ]
        yield _bytes(job, admin, types)


@contextmanager
def _passes(job: Job, kind: DataType, admin: Admin) -> Iterator[Passes]:
    """The sorted lines of each pass that was run, by its place in the type."""
    with ExitStack() as stack:
        passes = {}
        for number, step in enumerate(kind.passes):
            lines = pass_lines(job, kind, number, admin)
            if lines is not None:
                by = parent_number if step.attach is None else owner_number
                passes[number] = stack.enter_context(sorted_lines(lines, by))
        yield passes


def pass_lines(job: Job, kind: DataType, number: int, admin: Admin) -> Iterator[bytes] | None:
    """The result lines of a pass as it was read, or None for one that was left out."""
    state = job.operations[kind.name]
    how = state["passes"][str(number)]
    if how == "pages":
        text = search(kind, job.filters.get(kind.name, {}))
        return pages.lines(admin, kind.passes[number], state["facts"], text)
    if how is None:
        return None
    operation = bulk.look(admin, how)
    url = operation["url"]
    return bulk.lines(url, int(operation["fileSize"])) if url else iter(())


def _bytes(job: Job, admin: Admin, types: list[tuple[DataType, Passes]]) -> Iterator[bytes]:
    sheets = [
        _Sheet(sheet, kind, job.operations[kind.name]["facts"], passes, admin)
        for kind, passes in types
        for sheet in kind.sheets
    ]
    if job.format == "xlsx":
        return xlsx_file.write((s.sheet.name, s.layout(), s.items()) for s in sheets)
    write = _csv if job.format == "csv" else _jsonl
    if len(sheets) == 1:
        return write(sheets[0])
    return zip_file.write((f"{s.sheet.name}.{job.format}", write(s)) for s in sheets)


@dataclass(frozen=True)
class _Sheet:
    sheet: Sheet
    kind: DataType
    facts: dict
    passes: Passes
    admin: Admin

    def layout(self) -> Layout:
        return layout(self.sheet, self.facts)

    def items(self) -> Iterable[dict]:
        return resolved(together(self.kind, self.passes), self.kind, self.facts, self.admin)


def _csv(s: _Sheet) -> Iterator[bytes]:
    return csv_file.write(s.layout(), s.items())


def _jsonl(s: _Sheet) -> Iterator[bytes]:
    return jsonl_file.write(s.kind, s.facts, s.items())
