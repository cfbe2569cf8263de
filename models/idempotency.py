"""Calls that a program may repeat: under one key of its choice the first answer is given again."""

from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, insert_into, now

REMEMBERED = timedelta(hours=24)
LONGEST = 255


class RepeatableCall(Model):
    """``name`` is what the program calls it, each API key for itself. ``digest`` is of the whole
    request, which is not kept itself. Without one the first call is not answered yet."""

    __tablename__ = "repeatable_calls"

    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    digest: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    location: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)

    @classmethod
    def claim(cls, key_id: int, shop_id: int, name: str) -> Self | None:
        """The call that came before under this name, None if this is the first. Commits."""
        this = (cls.key_id == key_id, cls.name == name)
        db.session.execute(db.delete(cls).where(*this, cls.created_at < now() - REMEMBERED))
        values = {"key_id": key_id, "shop_id": shop_id, "name": name, "created_at": now()}
        insert = insert_into(cls).values(**values, answer={}, location="")
        insert = insert.on_conflict_do_nothing(index_elements=["key_id", "name"])
        is_first = db.session.execute(insert.returning(cls.name)).first() is not None
        db.session.commit()
        return None if is_first else db.session.get(cls, (key_id, name))

    @classmethod
    def store_answer(
        cls, key_id: int, name: str, digest: str, status: int, answer: dict[str, Any], location: str
    ) -> None:
        """Keep the first answer. Commits."""
        values = {"digest": digest, "status": status, "answer": answer, "location": location}
        this = (cls.key_id == key_id, cls.name == name)
        db.session.execute(db.update(cls).where(*this).values(values))
        db.session.commit()

    @classmethod
    def release(cls, key_id: int, name: str) -> None:
        """Forget a call that was refused: it may be made again. Commits."""
        db.session.execute(db.delete(cls).where(cls.key_id == key_id, cls.name == name))
        db.session.commit()

    @classmethod
    def purge(cls) -> None:
        """Forget what is older than a day. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.created_at < now() - REMEMBERED))
