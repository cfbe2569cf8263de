"""A row of an imported file: its cells, and the object that it is about."""

from collections.abc import Collection
from itertools import zip_longest
from typing import NamedTuple

import orjson
from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db
from models.import_object import RESULTS, ImportObject

FETCHED_AT_ONCE, MOST_CHARACTERS = 100, 8_000_000
"""Rows that the database hands out at once, and characters of rows, as JSON, that are planned
together."""

MOST_OF_ONE = 100_000
"""The rows of one object that are planned: they are held in memory together."""


class StoredRow(NamedTuple):
    """A row as planning reads it: many at a time, and none of them changed."""

    number: int
    object: int
    cells: list[str]


class ImportRow(Model):
    """``number`` is the row's line in a spreadsheet: the first row below the header is 2. ``cells``
    are without the empty ones at their end. ``object`` is the number of its ImportObject, which is
    there once the row is planned."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_job_id_object", "job_id", "object"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    object: Mapped[int]
    cells: Mapped[list[str]] = mapped_column(JSON)

    def by_header(self, headers: list[str]) -> dict[str, str]:
        """Its cells by the headers of the file."""
        return dict(zip_longest(headers, self.cells, fillvalue=""))

    @classmethod
    def last_number(cls, job_id: str) -> int:
        """The number of the last row that is stored; 0 when there is none."""
        query = db.select(db.func.max(cls.number)).filter_by(job_id=job_id)
        return db.session.scalar(query) or 0

    @classmethod
    def count(cls, job_id: str) -> int:
        """How many rows are stored."""
        query = db.select(db.func.count()).select_from(cls).filter_by(job_id=job_id)
        return db.session.scalar(query) or 0

    @classmethod
    def of_objects(
        cls, job_id: str, after: int, count: int, to: int
    ) -> tuple[list[StoredRow], bool]:
        """The rows of the next whole objects, whose numbers are behind one and up to another, and
        whether there are more: about so many rows, fewer where they are long, or those of one
        object, at most one more than can be planned."""
        text = db.cast(cls.cells, db.Text)
        query = db.select(cls.number, cls.object, text).where(cls.job_id == job_id)
        query = query.order_by(cls.object, cls.number)
        next_ones = query.where(cls.object > after, cls.object <= to).limit(count + 1)
        rows: list[StoredRow] = []
        characters = 0
        options = {"yield_per": FETCHED_AT_ONCE}
        with db.session.execute(next_ones, execution_options=options) as found:
            for number, about, cells in found:
                rows.append(StoredRow(number, about, orjson.loads(cells)))
                characters += len(cells)
                if characters > MOST_CHARACTERS:
                    break
        if len(rows) <= count and characters <= MOST_CHARACTERS:
            return rows, False
        whole = [row for row in rows if row.object != rows[-1].object]
        if not whole:
            of_one = db.session.execute(
                query.where(cls.object == rows[0].object).limit(MOST_OF_ONE + 1)
            )
            whole = [StoredRow(n, about, orjson.loads(cells)) for n, about, cells in of_one]
        return whole, True

    @classmethod
    def cells_at(cls, job_id: str, after: int, to: int, place: int) -> set[str]:
        """What the rows behind a number up to another have in a column, whatever its case."""
        query = db.select(cls.cells).where(cls.job_id == job_id, cls.number > after)
        rows = db.session.scalars(query.where(cls.number <= to).execution_options(yield_per=1000))
        return {cells[place].strip().casefold() for cells in rows if place < len(cells)}

    @classmethod
    def objects(cls, job_id: str, after: int, to: int) -> int:
        """How many objects the rows behind a number up to another are about."""
        query = db.select(db.func.count(db.distinct(cls.object)))
        query = query.where(cls.job_id == job_id, cls.object > after, cls.object <= to)
        return db.session.scalar(query) or 0

    @classmethod
    def counts(
        cls, job_id: str, after: int = 0, to: int | None = None, actions: tuple[str, ...] = ()
    ) -> dict[str, int]:
        """How many rows came to each result: of all objects, or of those behind a number up to
        another, or with these actions."""
        query = (
            db.select(ImportObject.result, db.func.count())
            .join(
                cls, db.and_(cls.job_id == ImportObject.job_id, cls.object == ImportObject.number)
            )
            .where(ImportObject.job_id == job_id, ImportObject.result.is_not(None))
            .where(ImportObject.number > after)
        )
        if to is not None:
            query = query.where(ImportObject.number <= to)
        if actions:
            query = query.where(ImportObject.action.in_(actions))
        rows = db.session.execute(query.group_by(ImportObject.result))
        return {result: count for result, count in rows if result}

    @classmethod
    def numbers_of(cls, job_id: str, objects: Collection[int]) -> dict[int, list[int]]:
        """The numbers of the rows about each of the objects with these numbers."""
        query = db.select(cls.object, cls.number).where(
            cls.job_id == job_id, cls.object.in_(objects)
        )
        found: dict[int, list[int]] = {}
        for about, number in db.session.execute(query.order_by(cls.object, cls.number)):
            found.setdefault(about, []).append(number)
        return found

    @classmethod
    def cells_of(cls, job_id: str, numbers: Collection[int]) -> dict[int, list[str]]:
        """The cells of the rows with these numbers."""
        query = db.select(cls.number, cls.cells)
        query = query.where(cls.job_id == job_id, cls.number.in_(numbers))
        return {row.number: row.cells for row in db.session.execute(query)}

    @classmethod
    def planned_counts(cls, job_id: str) -> dict[str, int]:
        """How many rows will come to each result if all goes as planned."""
        query = (
            db.select(ImportObject.action, db.func.count())
            .join(
                cls, db.and_(cls.job_id == ImportObject.job_id, cls.object == ImportObject.number)
            )
            .where(ImportObject.job_id == job_id)
        )
        rows = db.session.execute(query.group_by(ImportObject.action))
        return {RESULTS.get(action, action): count for action, count in rows}

    @classmethod
    def cut_off(cls, job_id: str) -> int:
        """How many rows are about objects that were tried and have no result."""
        query = (
            db.select(db.func.count())
            .select_from(ImportObject)
            .join(
                cls, db.and_(cls.job_id == ImportObject.job_id, cls.object == ImportObject.number)
            )
            .where(ImportObject.job_id == job_id, ImportObject.result.is_(None))
            .where(ImportObject.tried.is_(True))
        )
        return db.session.scalar(query) or 0
