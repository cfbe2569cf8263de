"""A piece of an uploaded file, kept until a worker has unpacked it.

Web server and worker may run on different machines, so the file travels through the database that
they share, in pieces: on SQLite nobody else can write while one is being written.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, now, rows_changed


class ImportChunk(Model):
    """``job_id`` is no foreign key: the job is added once its whole file is here, so that no
    worker starts on half of one."""

    SIZE = 256 * 1024

    __tablename__ = "import_chunks"

    job_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def of_job(cls, job_id: str) -> Iterator[bytes]:
        """The pieces of a file in their order, read one at a time."""
        query = db.select(cls.data).filter_by(job_id=job_id)
        for number in count():
            if data := db.session.scalar(query.filter_by(number=number)):
                yield data
            if len(data or b"") < cls.SIZE:  # the last one, or none
                return

    @classmethod
    def store(cls, job_id: str, shop_id: int, number: int, data: bytes) -> None:
        """Keep a piece; its sender may not have seen that it was kept. Does not commit."""
        db.session.merge(cls(job_id=job_id, number=number, shop_id=shop_id, data=data))

    @classmethod
    def count(cls, job_id: str, shop_id: int) -> int:
        """How many pieces of this file of the shop's are here, from its beginning on."""
        query = db.select(db.func.count()).select_from(cls)
        return db.session.scalar(query.filter_by(job_id=job_id, shop_id=shop_id)) or 0

    @classmethod
    def any_of_shop(cls, shop_id: int) -> bool:
        """Whether a file of the shop waits to be unpacked."""
        query = db.select(cls.job_id).filter_by(shop_id=shop_id).limit(1)
        return db.session.scalar(query) is not None

    @classmethod
    def erase(cls, job_id: str) -> bool:
        """Erase a job's file, and return whether there was one. Does not commit."""
        return rows_changed(db.delete(cls).filter_by(job_id=job_id)) > 0
