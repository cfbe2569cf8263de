"""An import's rows, from the file into the database and back out as results."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models import db
from models.import_row import ImportRow
from models.job import IMPORT, Job, new_id
from transfer.formats.bad_file import BadFile
from transfer.formats.csv_writer import table
from transfer.importing.plan import key_header
from transfer.importing.upload import opened
from transfer.rows.headers import own
from transfer.types.base import DataType

ADDED = ("Import Result", "Import Comment")
CHUNK = 1000


def keep(
    path: Path, kind: DataType, *, shop_id: int, key_id: int, dry_run: bool, max_bytes: int
) -> Job:
    """Keep a file's rows as a job to be run, or raise BadFile. Does not commit."""
    upload = opened(path, kind, max_bytes)
    job = Job(
        id=new_id(IMPORT),
        shop_id=shop_id,
        key_id=key_id,
        kind=IMPORT,
        types=[kind.name],
        dry_run=dry_run,
        headers=upload.headers,
        warnings=upload.warnings,
    )
    db.session.add(job)
    db.session.flush()
    columns = own(upload.headers, kind)
    key = key_header(kind)
    place = columns.index(key) if key in columns else None
    job.total = job.rows = _insert(job.id, upload.rows, place)
    if not job.total:
        raise BadFile("The file has a header and no rows.")
    return job


def _insert(job_id: str, rows: Iterator[list[str]], key_place: int | None) -> int:
    count = 0
    while chunk := list(islice(rows, CHUNK)):
        db.session.execute(
            db.insert(ImportRow),
            [
                {
                    "job_id": job_id,
                    "number": number,
                    "cells": cells,
                    "key": "" if key_place is None else cells[key_place][: ImportRow.KEY_LENGTH],
                }
                for number, cells in enumerate(chunk, count + 2)
            ],
        )
        count += len(chunk)
    return count


def results_name(job: Job) -> str:
    return f"{job.types[0]}-results.csv"


def results_csv(job: Job) -> Iterator[bytes]:
    """The file's columns and what came of each row, for a spreadsheet."""
    return table([*job.headers, *ADDED], _results(db.engine, job.id))


def results_jsonl(job: Job) -> Iterator[bytes]:
    """The same, an object a row."""
    names = [*job.headers, *ADDED]
    return (
        orjson.dumps(dict(zip(names, cells, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        for cells in _results(db.engine, job.id)
    )


def _results(engine: Engine, job_id: str) -> Iterator[list[str]]:
    """On a connection of its own, because an answer streams after its call is over."""
    query = (
        db.select(ImportRow.cells, ImportRow.result, ImportRow.comment)
        .filter_by(job_id=job_id)
        .order_by(ImportRow.number)
        .execution_options(yield_per=CHUNK)
    )
    with Session(engine) as session:
        for cells, result, comment in session.execute(query):
            yield [*cells, result or "", comment]
