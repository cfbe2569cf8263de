"""The choices of an export that staff saved under a name, to be run again."""

from datetime import datetime
from typing import Self

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, now

LONGEST_NAME = 60
MOST = 50
"""For one shop."""
MOST_NUMBER = 2**31 - 1
"""The largest value of an id column."""


class SavedExport(Model):
    """``choices`` are the fields of the form for exports with their values."""

    __tablename__ = "saved_exports"
    __table_args__ = (UniqueConstraint("shop_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    choices: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    saved_by: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def all_of_shop(cls, shop_id: int) -> list[Self]:
        """Those of a shop, by name."""
        return list(
            db.session.scalars(db.select(cls).filter_by(shop_id=shop_id).order_by(cls.name))
        )

    @classmethod
    def find(cls, shop_id: int, **of: int | str) -> Self | None:
        """The one of a shop with this id or name."""
        found: Self | None = db.session.scalar(db.select(cls).filter_by(shop_id=shop_id, **of))
        return found
