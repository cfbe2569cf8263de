"""What came of an import's rows, as the file that a person downloads."""

from collections.abc import Iterator

import orjson
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models import db
from models.import_object import RESULTS, ImportObject
from models.import_row import ImportRow
from models.job import WAITING, Job
from transfer.formats.csv_writer import table
from transfer.importing.header_check import ADDED

CHUNK = 1000


def results_name(job: Job) -> str:
    return f"{job.types[0]}-results.csv"


def results_csv(job: Job, only: str | None = None) -> Iterator[bytes]:
    """The file's columns and what came of each row, or of those with ``only`` this result."""
    return table(_names(job), _results(db.engine, job, only))


def results_jsonl(job: Job, only: str | None = None) -> Iterator[bytes]:
    """The same, an object a row."""
    names = _names(job)
    return (
        orjson.dumps(dict(zip(names, cells, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        for cells in _results(db.engine, job, only)
    )


def _names(job: Job) -> list[str]:
    headers = job.sheets[0].headers
    return [*(headers[place] for place in _places(job)), *ADDED]


def _places(job: Job) -> list[int]:
    """Where the file's own columns are, without the results of an import before."""
    return [place for place, name in enumerate(job.sheets[0].headers) if name.strip() not in ADDED]


def _results(engine: Engine, job: Job, only: str | None) -> Iterator[list[str]]:
    """On a connection of its own, because an answer streams after its call is over. Of a plan that
    waits: what will come of each row."""
    places, stopped, planned = _places(job), job.stopped, job.status in WAITING
    of_row = db.and_(
        ImportObject.job_id == ImportRow.job_id, ImportObject.number == ImportRow.object
    )
    query = (
        db.select(
            ImportRow.cells,
            ImportObject.result,
            ImportObject.comment,
            ImportObject.tried,
            ImportObject.action,
        )
        .outerjoin(ImportObject, of_row)
        .where(ImportRow.job_id == job.id)
        .order_by(ImportRow.number)
        .execution_options(yield_per=CHUNK)
    )
    with Session(engine) as session:
        for cells, result, comment, tried, action in session.execute(query):
            if result is None and planned:
                result = RESULTS.get(action, action)
            elif result is None:
                result, comment = _unfinished(stopped, tried)
            if only is None or result == only:
                own = (cells[place] if place < len(cells) else "" for place in places)
                yield [*own, result, comment]


def _unfinished(stopped: str, tried: bool | None) -> tuple[str, str]:
    """Result and comment of a row that was not finished: what is true of it once its import is
    over, nothing before."""
    if not stopped:
        return "", ""
    if tried:
        return "failed", f"{stopped} It is not known whether Shopify made this change."
    return "skipped", stopped
