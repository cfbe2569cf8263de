"""A mail to a shop's notification address, from the moment it is due until it is sent."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, insert_into, now
from models.fair_order import oldest_of_each_shop

HOUR, MAILS_AN_HOUR = timedelta(hours=1), 20
ADDED = "notices added"
"""Where a session keeps the ids of the notices that its transaction added."""
REFUSED = "refused"
PRIVACY_ANSWER = "webhook:"
"""What ``once`` begins with in a mail that answers a privacy request."""


class Notice(Model):
    """``id`` makes the Message-ID, so that a mail sent twice is one mail to its reader.

    ``sent_at`` is also set when the mail was given up; ``payload["refused"]`` then says why.
    """

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid4()))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(320))
    payload: Mapped[dict[str, Any]] = mapped_column("facts", JSON, default=dict)
    once: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    in_digest: Mapped[bool] = mapped_column(default=False)
    """Whether it is not sent by itself: the shop had its share of mails in that hour."""

    @classmethod
    def add(
        cls,
        shop_id: int,
        kind: str,
        recipient: str,
        payload: dict[str, Any],
        once: str | None = None,
        *,
        limited: bool = False,
    ) -> bool:
        """Write a notice into the caller's transaction; whether it is new.

        Of several with the same ``once`` only the first is kept, whoever writes it. Of those that
        are ``limited``, MAILS_AN_HOUR are sent for a shop; the others are kept for a digest.
        """
        if once and db.session.scalar(db.select(cls.id).filter_by(once=once)):
            return False
        values = {
            "id": str(uuid4()),
            "shop_id": shop_id,
            "kind": kind,
            "recipient": recipient,
            "facts": payload,
            "once": once,
            "created_at": now(),
            "in_digest": limited and cls.count_of_last_hour(shop_id) >= MAILS_AN_HOUR,
        }
        statement = insert_into(cls).values(values).on_conflict_do_nothing(index_elements=["once"])
        if db.session.scalar(statement.returning(cls.id)) is None:
            return False
        if not values["in_digest"]:
            db.session().info.setdefault(ADDED, []).append(values["id"])
        return True

    @classmethod
    def count_of_last_hour(cls, shop_id: int, kinds: Collection[str] = ()) -> int:
        """How many notices of these kinds, or of any, were written for the shop in the last hour
        to be sent by themselves."""
        query = db.select(db.func.count()).where(
            cls.shop_id == shop_id, cls.created_at > now() - HOUR, cls.in_digest.is_(False)
        )
        return db.session.scalar(query.where(cls.kind.in_(kinds)) if kinds else query) or 0

    @classmethod
    def digests_due(cls) -> dict[tuple[int, str], list[Self]]:
        """By shop and recipient the notices that have been kept for a digest for an hour, and
        those that were added to them since, oldest first."""
        kept = (cls.in_digest.is_(True), cls.sent_at.is_(None))
        shops = db.select(cls.shop_id).where(*kept).group_by(cls.shop_id)
        shops = shops.having(db.func.min(cls.created_at) <= now() - HOUR)
        query = db.select(cls).where(*kept, cls.shop_id.in_(shops)).order_by(cls.created_at)
        found: dict[tuple[int, str], list[Self]] = {}
        for notice in db.session.scalars(query):
            found.setdefault((notice.shop_id, notice.recipient), []).append(notice)
        return found

    @classmethod
    def unsent(cls, limit: int) -> list[Self]:
        """The notices that still wait to be sent, in an order that is fair to every shop."""
        query = oldest_of_each_shop(
            db.select(cls),
            cls.id,
            cls.shop_id,
            cls.created_at,
            cls.sent_at.is_(None),
            cls.in_digest.is_(False),
        )
        return list(db.session.scalars(query.limit(limit)))

    @classmethod
    def purge(cls, *, before: datetime) -> None:
        """Erase what was sent, or could not be sent at all, before then. Does not commit."""
        never_sent = cls.sent_at.is_(None) & (cls.created_at < before)
        db.session.execute(db.delete(cls).where((cls.sent_at < before) | never_sent))

    def close(self, refused: str = "") -> None:
        """Note that it was sent, or why it never will be. Does not commit.

        Of an answer to a privacy request no text is kept: it holds a customer's data.
        """
        self.sent_at = now()
        if (self.once or "").startswith(PRIVACY_ANSWER):
            self.payload = {}
        if refused:
            self.payload = self.payload | {REFUSED: refused}
