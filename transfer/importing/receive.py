"""A file on its way: from the call that sends it into the database, and by a worker into rows.

Nobody else can write to SQLite during a transaction that writes. So everything here is done in
short ones, with a pause after each in which others have their turn.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import orjson

import scratch
from models import db
from models.import_chunk import ImportChunk
from models.import_row import ImportRow
from models.import_sheet import ImportSheet
from models.job import IMPORT, PLANNING, Job, new_id
from transfer.formats.bad_file import BadFile
from transfer.importing.columns import file_columns
from transfer.importing.grouping import object_numbers
from transfer.importing.limits import MEGABYTE, Limits
from transfer.importing.sheet_choice import Chosen, types_of
from transfer.importing.upload import NO_ROWS, TOO_MANY_ROWS, FactsOf, Upload, preview, read
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts

ROWS_AT_ONCE, BYTES_AT_ONCE = 1000, 1024 * 1024
"""How many rows, and bytes of their cells, are stored in one transaction."""
Stored: TypeAlias = tuple[str, int, int, str]
"""A row's values in the order of its table's columns; the cells as JSON."""
NO_ROOM = (
    "The imports of this store take up all of their {:,} MB. They are erased after 30 days; "
    "send the file in parts later."
)


def receive(
    path: Path,
    chosen: Chosen,
    *,
    shop_id: int,
    dry_run: bool,
    key_id: int | None = None,
    started_by: str = "",
    options: Mapping[str, Any] | None = None,
    job_id: str = "",
) -> Job:
    """Store an uploaded file as a job to be run with these options, or raise BadFile. ``chosen``
    are its sheets. A file that came in parts is stored already, under the ``job_id``.

    The pieces of the file are committed, the job itself is not: the caller does that.
    """
    beginning = preview(path, chosen, Limits.current())
    counts = [sheet.rows for sheet in beginning.sheets]
    total = None if None in counts else sum(filter(None, counts))
    is_stored, digest = bool(job_id), sha256()
    job_id = job_id or new_id(IMPORT)
    with path.open("rb") as file:
        for number in count():
            if not (data := file.read(ImportChunk.SIZE)):
                break
            digest.update(data)
            if not is_stored:
                store_piece(job_id, shop_id, number, data)
    job = Job(
        id=job_id,
        shop_id=shop_id,
        key_id=key_id,
        started_by=started_by,
        kind=IMPORT,
        types=types_of(beginning.sheets),
        dry_run=dry_run,
        options={**(options or {}), "sha256": digest.hexdigest()},
        sheets=beginning.sheets,
        warnings=beginning.warnings,
        rows=total,
        total=total,
        stored_bytes=path.stat().st_size,
    )
    db.session.add(job)
    return job


def store_piece(job_id: str, shop_id: int, number: int, data: bytes) -> None:
    """Keep a piece of the file of a job that is to be, and commit."""
    with _short_transaction():
        ImportChunk.store(job_id, shop_id, number, data)


def unpack(job: Job, facts_of: FactsOf) -> None:
    """Make rows of the job's file, or raise BadFile; of a canceled job no rows are kept.

    Goes on where a worker that was killed left off. A file that is unpacked is erased.
    """
    with scratch.folder() as folder:
        path = folder / "upload"
        if not write_file(path, job.id):
            return
        limits = Limits.current()
        _store_rows(job, read(path, job.sheets, limits, facts_of), limits)


def write_file(path: Path, job_id: str) -> int:
    """Put the pieces of a job's file together; its size, 0 when there are none."""
    with path.open("wb") as file:
        return sum(file.write(chunk) for chunk in ImportChunk.of_job(job_id))


def _store_rows(job: Job, uploads: Iterator[Upload], limits: Limits) -> None:
    """Store the rows of each sheet, their numbers going on from one to the next."""
    job_id = job.id
    bytes_left = limits.bytes_left(job.shop_id) + job.stored_bytes
    stored_to = ImportRow.last_number(job_id)
    sheets: list[ImportSheet] = []
    warnings: list[str] = []
    batch: list[Stored] = []
    size = batch_size = 0
    offset = 0
    parts: dict[str, int] = {}
    for upload in uploads:
        sheet, last = upload.sheet, 0
        data_type = BY_NAME[sheet.type]
        columns = file_columns(data_type, sheet.headers, ShopFacts().as_json(), sheet.of)
        for last, number, cells in object_numbers(upload.rows, columns, offset + 2, parts):
            text = orjson.dumps(cells)
            row_size = len(text)
            size += row_size
            if size > bytes_left:
                raise BadFile(NO_ROOM.format(limits.shop_bytes // MEGABYTE))
            if last > limits.rows + len(sheets) + 1:
                raise BadFile(TOO_MANY_ROWS.format(limits.rows))
            if last <= stored_to:
                continue
            batch.append((job_id, last, number, text.decode()))  # cells would take 4 KB more
            batch_size += row_size
            if len(batch) == ROWS_AT_ONCE or batch_size > BYTES_AT_ONCE:
                if Job.status_of(job_id) != PLANNING:
                    erase_rows(job_id)
                    return
                with _short_transaction():
                    _add(batch)
                batch, batch_size = [], 0
        if last:
            sheets.append(replace(sheet, offset=offset, rows=last - offset - 1))
            warnings += upload.warnings
            offset = last
    if not sheets:
        raise BadFile(NO_ROWS)
    with _short_transaction():
        if batch:
            _add(batch)
        job.sheets, job.types = sheets, types_of(sheets)
        job.warnings = list(dict.fromkeys([*job.warnings, *warnings]))
        job.total = job.rows = sum(sheet.rows or 0 for sheet in sheets)
        job.stored_bytes = size
        job.import_state = replace(job.import_state, parts=parts)
        ImportChunk.erase(job_id)


def _add(rows: list[Stored]) -> None:
    """Store rows by the driver itself: to prepare them takes SQLAlchemy as long as to store them.
    Drivers take a row's values in order, or by their names. Does not commit."""
    table = ImportRow.__table__
    connection = db.session.connection()
    statement = str(db.insert(table).compile(dialect=connection.dialect))
    if connection.dialect.positional:
        connection.exec_driver_sql(statement, rows)
    else:
        names = table.columns.keys()
        named = [dict(zip(names, row, strict=True)) for row in rows]
        connection.exec_driver_sql(statement, named)


def erase_rows(job_id: str) -> None:
    """Erase the rows of a file that turned out to be bad, or is no longer wanted."""
    while last := ImportRow.last_number(job_id):
        with _short_transaction():
            some = ImportRow.number > last - ROWS_AT_ONCE
            db.session.execute(db.delete(ImportRow).where(ImportRow.job_id == job_id, some))


@contextmanager
def _short_transaction() -> Iterator[None]:
    """Commit what the block writes. On SQLite wait as long as that took, so that every other
    writer has its turn."""
    start = time.monotonic()
    yield
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        time.sleep(time.monotonic() - start)
