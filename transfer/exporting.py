"""An export's file: Shopify's result lines of a job, streamed into the rows of a spreadsheet."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from models.job import Job
from shopify import bulk
from shopify.admin import Admin
from transfer import pages
from transfer.filters import search
from transfer.formats import csv_file, jsonl_file, xlsx_file, zip_file
from transfer.join import Sorted, owner_number, parent_number, sorted_lines
from transfer.objects import together
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
        yield _bytes(job, types)


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


def _bytes(job: Job, types: list[tuple[DataType, Passes]]) -> Iterator[bytes]:
    if job.format == "xlsx":
        return xlsx_file.write(
            (sheet.name, _layout(job, kind, sheet), together(kind, passes))
            for kind, passes in types
            for sheet in kind.sheets
        )
    if len(types) == 1:
        kind, passes = types[0]
        return _plain(job, kind, kind.sheets[0], passes)
    return zip_file.write(
        (f"{sheet.name}.{job.format}", _plain(job, kind, sheet, passes))
        for kind, passes in types
        for sheet in kind.sheets
    )


def _plain(job: Job, kind: DataType, sheet: Sheet, passes: Passes) -> Iterator[bytes]:
    if job.format == "csv":
        return csv_file.write(_layout(job, kind, sheet), together(kind, passes))
    return jsonl_file.write(kind, job.operations[kind.name]["facts"], together(kind, passes))


def _layout(job: Job, kind: DataType, sheet: Sheet) -> Layout:
    return layout(sheet, job.operations[kind.name]["facts"])
