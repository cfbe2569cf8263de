"""A row of an imported file: its cells, and the object that it is about."""

from itertools import zip_longest
from typing import Self

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db
from models.import_object import ImportObject


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
    def following(cls, job_id: str, after: int, count: int, to: int) -> list[Self]:
        """The next rows in the order of the file, up to a number."""
        query = db.select(cls).where(cls.job_id == job_id, cls.number > after, cls.number <= to)
        return list(db.session.scalars(query.order_by(cls.number).limit(count)))

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
