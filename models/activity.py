"""What happened in a shop, and who did it: written in the same transaction as what it records."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, notices, now

STAFF, KEY, SYSTEM, WORKLOAD = "staff", "key", "system", "workload"
"""Who does something: ``actor_kind``."""


class Activity(Model):
    """``actor`` is the staff member's id or the key's name as it was; ``subject`` the name of the
    key it is about; ``detail`` what changed, as data, never a secret."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_shop_id_at", "shop_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    kind: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor: Mapped[str] = mapped_column(String(64), default="")
    key_id: Mapped[int | None] = mapped_column(ForeignKey("api_keys.id"), index=True)
    subject: Mapped[str] = mapped_column(String(64), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @classmethod
    def purge(cls, *, before: datetime) -> None:
        """Erase what is older, in every shop. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.at < before))


def record(
    shop_id: int,
    kind: str,
    *,
    actor_kind: str,
    actor: str = "",
    key_id: int | None = None,
    subject: str = "",
    address: str = "",
    **detail: Any,
) -> Activity:
    """Add what happened to the session, and the mail it calls for; kept when the caller commits.

    NUL is left out of sentences: PostgreSQL looks for no words in JSON that has one.
    """
    cleaned = {
        n: one.replace("\0", "") if isinstance(one, str) else one for n, one in detail.items()
    }
    activity = Activity(
        shop_id=shop_id,
        kind=kind,
        actor_kind=actor_kind,
        actor=actor,
        key_id=key_id,
        subject=subject,
        address=address,
        detail=cleaned,
        at=now(),
    )
    db.session.add(activity)
    notices.write_notice(activity)
    return activity
