"""What came of an import's rows, as the file that a person downloads."""

from collections.abc import Iterator

import orjson
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models import db
from models.import_row import ImportRow
from models.job import Job
from transfer.formats.csv_writer import table

ADDED = ("Import Result", "Import Comment")
CHUNK = 1000


def results_name(job: Job) -> str:
    return f"{job.types[0]}-results.csv"


def results_csv(job: Job) -> Iterator[bytes]:
    """The file's columns and what came of each row, for a spreadsheet."""
    return table([*job.headers, *ADDED], _results(db.engine, job.id, len(job.headers)))


def results_jsonl(job: Job) -> Iterator[bytes]:
    """The same, an object a row."""
    names = [*job.headers, *ADDED]
    return (
        orjson.dumps(dict(zip(names, cells, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        for cells in _results(db.engine, job.id, len(job.headers))
    )


def _results(engine: Engine, job_id: str, width: int) -> Iterator[list[str]]:
    """On a connection of its own, because an answer streams after its call is over."""
    query = (
        db.select(ImportRow.cells, ImportRow.result, ImportRow.comment)
        .filter_by(job_id=job_id)
        .order_by(ImportRow.number)
        .execution_options(yield_per=CHUNK)
    )
    with Session(engine) as session:
        for cells, result, comment in session.execute(query):
            yield [*cells, *[""] * (width - len(cells)), result or "", comment]
