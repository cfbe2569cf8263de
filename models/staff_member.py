"""The staff of a shop by name, where Shopify has told it: ID tokens have only a number."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Select, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, insert_into, now

LONGEST_NAME = 120
ASKED_EVERY = timedelta(days=30)
"""How often Shopify is asked for the name of somebody who visits: names change."""
KEPT = timedelta(days=180)
"""How long after that, as long as activities are."""


class StaffMember(Model):
    """``staff_id`` is Shopify's number; ``name`` is empty where Shopify does not tell it; from
    ``ask_after`` on a visit asks again."""

    __tablename__ = "staff_members"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    ask_after: Mapped[datetime] = mapped_column(index=True)

    @property
    def is_known(self) -> bool:
        """Whether Shopify was asked lately."""
        return now() < self.ask_after

    @classmethod
    def store(cls, shop_id: int, staff_id: str, name: str | None, ask_again: timedelta) -> None:
        """Note the answer; without a name the one of before stays. Does not commit."""
        of = {"shop_id": shop_id, "staff_id": staff_id}
        new = {"ask_after": now() + ask_again} | ({} if name is None else {"name": name})
        insert = insert_into(cls).values(**of, **{"name": ""} | new)
        db.session.execute(insert.on_conflict_do_update(index_elements=[*of], set_=new))

    @classmethod
    def names(cls, shop_id: int) -> dict[str, str]:
        """The names that are known, by Shopify's numbers."""
        known = db.select(cls.staff_id, cls.name).where(cls.shop_id == shop_id, cls.name != "")
        return dict(db.session.execute(known).all())

    @classmethod
    def named(cls, shop_id: int, words: str) -> Select[tuple[str]]:
        """The numbers of those whose name has these words."""
        named = cls.name.icontains(words, autoescape=True)
        found: Select[tuple[str]] = db.select(cls.staff_id).where(cls.shop_id == shop_id, named)
        return found

    @classmethod
    def purge(cls) -> None:
        """Erase who has not visited for long, in every shop. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.ask_after < now() - KEPT))
