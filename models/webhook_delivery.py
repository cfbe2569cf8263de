"""A webhook that Shopify delivered, from its arrival until a worker has done what it asks."""

from datetime import datetime
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, insert_into, now, partial_index
from models.fair_order import oldest_of_each_shop


class WebhookDelivery(Model):
    """``id`` is Shopify's own of this delivery, the same however often it is sent again.

    ``payload`` may hold a customer's data: it is emptied as soon as the work is done.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        partial_index(
            "ix_webhook_deliveries_waiting", "shop_id", "received_at", where="handled_at IS NULL"
        ),
    )
    ID_LENGTH = 100

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    topic: Mapped[str] = mapped_column(String(60))
    triggered_at: Mapped[datetime | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(default=now, index=True)
    handled_at: Mapped[datetime | None]

    @classmethod
    def add(
        cls,
        delivery_id: str,
        *,
        shop_id: int,
        topic: str,
        triggered_at: datetime | None,
        payload: dict[str, Any],
    ) -> bool:
        """Write it into the caller's transaction; whether it is new, whoever else writes it."""
        values = {
            "id": delivery_id,
            "shop_id": shop_id,
            "topic": topic,
            "triggered_at": triggered_at,
            "payload": payload,
            "received_at": now(),
        }
        insert = insert_into(cls).values(values)
        unless_known = insert.on_conflict_do_nothing(index_elements=["id"]).returning(cls.id)
        return db.session.scalar(unless_known) is not None

    @classmethod
    def waiting(cls, limit: int) -> list[Self]:
        """Those whose work is not done, in an order that is fair to every shop."""
        query = oldest_of_each_shop(
            db.select(cls), cls.id, cls.shop_id, cls.received_at, cls.handled_at.is_(None)
        )
        return list(db.session.scalars(query.limit(limit)))

    @classmethod
    def of_topic_waiting(cls, shop_id: int, topic: str) -> list[Self]:
        """The deliveries of this topic about the shop that are not handled yet, oldest first."""
        query = db.select(cls).filter_by(shop_id=shop_id, topic=topic, handled_at=None)
        return list(db.session.scalars(query.order_by(cls.received_at)))

    @classmethod
    def purge(cls, *, before: datetime) -> None:
        """Erase those that came earlier, in every shop. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.received_at < before))

    def close(self) -> None:
        """Note that the work is done. Does not commit."""
        self.handled_at, self.payload = now(), {}
