"""What came of an import's rows, as the file that a person downloads."""

from collections.abc import Iterator

import orjson
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models import db
from models.import_object import RESULTS, ImportObject
from models.import_row import ImportRow
from models.import_sheet import ImportSheet
from models.job import WAITING, Job
from transfer.formats import zip_writer
from transfer.formats.csv_writer import table
from transfer.importing.header_check import ADDED
from transfer.rows.headers import visible_text
from transfer.types import BY_NAME
from transfer.types.base import Block
from transfer.types.forms import Form
from transfer.types.shop_facts import ShopFacts

CHUNK = 1000
ID = "ID"
SHEET, ROW = "Import Sheet", "Import Row"
"""In JSONL they say where a row of an import of several sheets stands."""


def results_name(job: Job) -> str:
    """The name of the file: a CSV, or a zip of one for each sheet."""
    if len(job.sheets) > 1:
        return "import-results.zip"
    return f"{job.types[0]}-results.csv"


def results_mimetype(job: Job) -> str:
    return "application/zip" if len(job.sheets) > 1 else "text/csv"


def results_file(job: Job, only: str | None = None) -> Iterator[bytes]:
    """The file's columns, the object's ID and what came of each row, or of those with ``only`` this
    result. The files in a zip are called as their sheets, so that it can be imported as it is."""
    engine = db.engine
    if len(job.sheets) > 1:
        files = _file_names(job.sheets)
        return zip_writer.write(
            (file, _csv(engine, job, sheet, only))
            for file, sheet in zip(files, job.sheets, strict=True)
        )
    [sheet] = job.sheets
    return _csv(engine, job, sheet, only)


def results_jsonl(job: Job, only: str | None = None) -> Iterator[bytes]:
    """The same, an object a row."""
    return _lines(db.engine, job, only)


def _lines(engine: Engine, job: Job, only: str | None) -> Iterator[bytes]:
    several = len(job.sheets) > 1
    for sheet in job.sheets:
        names = _names(sheet)
        for number, cells in _results(engine, job, sheet, only):
            place = {SHEET: sheet.name, ROW: sheet.line(number)} if several else {}
            found = dict(zip(names, cells, strict=False))
            yield orjson.dumps(place | found, option=orjson.OPT_APPEND_NEWLINE)


def _csv(engine: Engine, job: Job, sheet: ImportSheet, only: str | None) -> Iterator[bytes]:
    return table(_names(sheet), (cells for _, cells in _results(engine, job, sheet, only)))


def _file_names(sheets: list[ImportSheet]) -> list[str]:
    """A name for each sheet that says what it holds, each once."""
    names: list[str] = []
    for sheet in sheets:
        name = sheet.of or BY_NAME[sheet.type].sheets[0].name
        number = 1
        while (file := f"{name} ({number}).csv" if number > 1 else f"{name}.csv") in names:
            number += 1
        names.append(file)
    return names


def _names(sheet: ImportSheet) -> list[str]:
    own = [sheet.headers[place] for place in _places(sheet)]
    adds_id = _id_form(sheet) and _place_of_id(sheet) is None
    return [*own, *([ID] if adds_id else []), *ADDED]


def _id_form(sheet: ImportSheet) -> Form | None:
    """What the ID of an object of the sheet looks like; None where the type has no such column."""
    blocks = (block for one in BY_NAME[sheet.type].sheets for block in one.blocks)
    columns = (one for block in blocks if isinstance(block, Block) for one in block.columns)
    return next((one.form for one in columns if one.header == ID), None)


def _place_of_id(sheet: ImportSheet) -> int | None:
    """Where the file's own column of IDs is."""
    places = (n for n, name in enumerate(sheet.headers) if visible_text(name).upper() == ID)
    return next(places, None)


def _places(sheet: ImportSheet) -> list[int]:
    """Where the file's own columns are, without the results of an import before."""
    return [place for place, name in enumerate(sheet.headers) if name.strip() not in ADDED]


def _results(
    engine: Engine, job: Job, sheet: ImportSheet, only: str | None
) -> Iterator[tuple[int, list[str]]]:
    """The numbers of a sheet's rows with their cells and what came of them, on a connection of its
    own, because an answer streams after its call is over. Of a plan that waits: what will come of
    them.

    A row that does not say which object it is about gets its ID, by which it is found when it is
    sent again: what was made by half is not made twice. Cells beyond the header stay at the end of
    their row: sent again it fails again.
    """
    form, at = _id_form(sheet), _place_of_id(sheet)
    show = form.render(ShopFacts()) if form else None
    places, stopped, planned = _places(sheet), job.stopped, job.status in WAITING
    width = len(sheet.headers)
    of_row = db.and_(
        ImportObject.job_id == ImportRow.job_id, ImportObject.number == ImportRow.object
    )
    columns = (ImportRow.number, ImportRow.cells)
    query = (
        db.select(
            *columns,
            ImportObject.result,
            ImportObject.comment,
            ImportObject.tried,
            ImportObject.action,
            ImportObject.ref,
        )
        .outerjoin(ImportObject, of_row)
        .where(ImportRow.job_id == job.id, ImportRow.number > sheet.offset)
        .order_by(ImportRow.number)
        .execution_options(yield_per=CHUNK)
    )
    if sheet != job.sheets[-1]:
        query = query.where(ImportRow.number <= sheet.last)
    with Session(engine) as session:
        for number, cells, result, comment, tried, action, ref in session.execute(query):
            if result is None and planned:
                result = RESULTS.get(action, action)
            elif result is None:
                result, comment = _unfinished(stopped, tried)
            if only is None or result == only:
                named = show(ref) if show and ref else ""
                own = [
                    (cells[place] if place < len(cells) else "") or (named if place == at else "")
                    for place in places
                ]
                more = [named] if show and at is None else []
                yield number, [*own, *more, result, comment, *cells[width:]]


def _unfinished(stopped: str, tried: bool | None) -> tuple[str, str]:
    """Result and comment of a row that was not finished: what is true of it once its import is
    over, nothing before."""
    if not stopped:
        return "", ""
    if tried:
        return "failed", f"{stopped} It is not known whether Shopify made this change."
    return "skipped", stopped
