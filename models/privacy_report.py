"""What was answered to each privacy request, for the operator: counts and numbers, no data."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, insert_into, now


class PrivacyReport(Model):
    """``id`` is that of the webhook; ``counts`` says of which table how many rows were found or
    erased. It outlives the shop that it tells of, so it belongs to none."""

    __tablename__ = "privacy_reports"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    shop_domain: Mapped[str] = mapped_column(String(255))
    customer: Mapped[str] = mapped_column(String(32), default="")
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime] = mapped_column(default=now, index=True)
    outcome: Mapped[str] = mapped_column(String(200))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @classmethod
    def add(
        cls,
        delivery_id: str,
        *,
        topic: str,
        shop_domain: str,
        customer: str = "",
        asked_at: datetime,
        outcome: str,
        counts: dict[str, int] | None = None,
    ) -> None:
        """Write it into the caller's transaction, unless it was written before."""
        values = {
            "id": delivery_id,
            "topic": topic,
            "shop_domain": shop_domain,
            "customer": customer,
            "asked_at": asked_at,
            "done_at": now(),
            "outcome": outcome,
            "counts": {name: count for name, count in (counts or {}).items() if count},
        }
        statement = insert_into(cls).values(values)
        db.session.execute(statement.on_conflict_do_nothing(index_elements=["id"]))

    @classmethod
    def purge(cls, *, before: datetime) -> None:
        """Erase older ones. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.done_at < before))
