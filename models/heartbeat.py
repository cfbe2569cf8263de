"""That a worker is alive: it says so itself, every few seconds."""

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, insert_into, now

BEAT = 10
"""Seconds from one sign of life to the next."""
ALIVE_FOR = timedelta(seconds=60)
"""How long a sign of life counts."""
FORGOTTEN = timedelta(days=1)


class Heartbeat(Model):
    __tablename__ = "heartbeats"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]

    @classmethod
    def beat(cls, worker: str) -> None:
        """Write that this worker is alive, forget those long gone, and commit."""
        values = {"worker": worker, "at": now()}
        statement = insert_into(cls).values(values)
        statement = statement.on_conflict_do_update(index_elements=["worker"], set_=values)
        db.session.execute(statement)
        db.session.execute(db.delete(cls).where(cls.at < now() - FORGOTTEN))
        db.session.commit()

    @classmethod
    def stop(cls, worker: str) -> None:
        """Write that this worker has stopped, and commit."""
        db.session.execute(db.delete(cls).where(cls.worker == worker))
        db.session.commit()

    @classmethod
    def alive(cls) -> list[str]:
        """The names of the workers that are alive."""
        query = db.select(cls.worker).where(cls.at > now() - ALIVE_FOR)
        return list(db.session.scalars(query.order_by(cls.worker)))
