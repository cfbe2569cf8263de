"""A row of an imported file: its cells, what was tried with it, and what came of it."""

from itertools import zip_longest
from typing import Self

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db


class ImportRow(Model):
    """``number`` is the row's line in a spreadsheet: the first row below the header is 2.

    ``tried`` is the change that was about to be sent; with no ``result`` beside it nobody saw
    Shopify's answer. ``key`` is the beginning of the natural key as written and ``ref`` the id of
    the object, by which later rows about the same object find it at once.
    """

    KEY_LENGTH = 255

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_job_id_key", "job_id", "key"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[list[str]] = mapped_column(JSON)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), default="")
    ref: Mapped[str | None] = mapped_column(String(64))
    tried: Mapped[str | None] = mapped_column(String(8))
    result: Mapped[str | None] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text, default="")

    def by_header(self, headers: list[str]) -> dict[str, str]:
        """Its cells by the headers of the file; empty cells at the end are not stored."""
        return dict(zip_longest(headers, self.cells, fillvalue=""))

    @classmethod
    def last_number(cls, job_id: str) -> int:
        """The number of the last row that is stored; 0 when there is none."""
        query = db.select(db.func.max(cls.number)).filter_by(job_id=job_id)
        return db.session.scalar(query) or 0

    @classmethod
    def pending(cls, job_id: str, count: int) -> list[Self]:
        """The next rows without a result, in the order of the file."""
        query = db.select(cls).filter_by(job_id=job_id, result=None)
        return list(db.session.scalars(query.order_by(cls.number).limit(count)))

    @classmethod
    def refs(cls, job_id: str, keys: set[str]) -> dict[str, str]:
        """The ids of objects that earlier rows of a job had to do with, by their keys."""
        query = db.select(cls.key, cls.ref).where(
            cls.job_id == job_id, cls.key.in_(keys), cls.ref.is_not(None)
        )
        return dict(db.session.execute(query.order_by(cls.number)).all())

    @classmethod
    def counts(cls, job_id: str) -> dict[str, int]:
        """How many rows came to each result."""
        query = db.select(cls.result, db.func.count()).where(
            cls.job_id == job_id, cls.result.is_not(None)
        )
        return dict(db.session.execute(query.group_by(cls.result)).all())

    @classmethod
    def close(cls, job_id: str, why: str) -> None:
        """Give every row that was not finished the result that is true of it. Does not commit."""
        unknown = f"{why} It is not known whether Shopify made this change."
        for tried, result, comment in (
            (cls.tried.is_not(None), "failed", unknown),
            (cls.tried.is_(None), "skipped", why),
        ):
            db.session.execute(
                db.update(cls)
                .where(cls.job_id == job_id, cls.result.is_(None), tried)
                .values(result=result, comment=comment)
            )
