"""How a key was used: calls and failures by day, and when each permission was last needed.

Days are days of UTC. The counts come from ``models.key_counter``.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models import Model, db, now
from models.api_key import ApiKey
from translations import _, ngettext, number

DAYS_SHOWN = 30
UNUSED_AFTER = timedelta(days=90)


class KeyDay(Model):
    __tablename__ = "key_days"

    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    calls: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)

    @classmethod
    def purge(cls) -> None:
        """Erase the days that no page shows any more, in every shop. Does not commit."""
        first = now().date() - timedelta(days=DAYS_SHOWN - 1)
        db.session.execute(db.delete(cls).where(cls.day < first))


class PermissionUse(Model):
    __tablename__ = "permission_uses"

    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(48), primary_key=True)
    last_used_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def purge(cls) -> None:
        """Erase what counts as not used any more, in every shop. Does not commit."""
        db.session.execute(db.delete(cls).where(cls.last_used_at <= now() - UNUSED_AFTER))

    @classmethod
    def of_shop(cls, shop_id: int) -> dict[int, set[str]]:
        """By key id of the shop the permissions that were needed in the last 90 days; one query."""
        query = (
            db.select(cls.key_id, cls.permission)
            .join(ApiKey, ApiKey.id == cls.key_id)
            .where(
                ApiKey.shop_id == shop_id,
                ApiKey.deleted_at.is_(None),
                cls.last_used_at > now() - UNUSED_AFTER,
            )
        )
        used: dict[int, set[str]] = {}
        for key_id, permission in db.session.execute(query):
            used.setdefault(key_id, set()).add(permission)
        return used

    @classmethod
    def of(cls, key: ApiKey) -> dict[str, datetime]:
        """When each permission of the key was last needed, those of the last 90 days only."""
        return dict(
            db.session.execute(
                db.select(cls.permission, cls.last_used_at).where(
                    cls.key_id == key.id, cls.last_used_at > now() - UNUSED_AFTER
                )
            ).all()
        )


def unused_permissions(key: ApiKey) -> list[str]:
    """The permissions that the key has had for 90 days and has not used in them."""
    return unused_of(key, PermissionUse.of(key))


def unused_of(key: ApiKey, used: Collection[str]) -> list[str]:
    """The permissions that the key has had for 90 days, without those ``used`` in them."""
    old = now() - UNUSED_AFTER
    return sorted(
        name for name in key.permissions if name not in used and key.granted_since(name) <= old
    )


class Day(NamedTuple):
    day: date
    calls: int
    failures: int


class Use(NamedTuple):
    """The last 30 days of a key, oldest first, days without a call included."""

    days: tuple[Day, ...]

    @classmethod
    def of_days(cls, counted: dict[date, Day]) -> Self:
        today = now().date()
        days = (today - timedelta(days=back) for back in reversed(range(DAYS_SHOWN)))
        return cls(tuple(counted.get(day, Day(day, 0, 0)) for day in days))

    @classmethod
    def of_shop(cls, shop_id: int) -> dict[int, Self]:
        """By key id, of the shop's keys that were called in these days; one query."""
        since = now().date() - timedelta(days=DAYS_SHOWN - 1)
        counted: dict[int, dict[date, Day]] = {}
        for key_id, *figures in db.session.execute(
            db.select(KeyDay.key_id, KeyDay.day, KeyDay.calls, KeyDay.failures)
            .join(ApiKey, ApiKey.id == KeyDay.key_id)
            .where(ApiKey.shop_id == shop_id, ApiKey.deleted_at.is_(None), KeyDay.day >= since)
        ):
            day = Day(*figures)
            counted.setdefault(key_id, {})[day.day] = day
        return {key_id: cls.of_days(days) for key_id, days in counted.items()}

    @property
    def calls(self) -> int:
        return sum(day.calls for day in self.days)

    @property
    def failures(self) -> int:
        return sum(day.failures for day in self.days)

    def __str__(self) -> str:
        """``1,204 calls in 30 days, 3 failed``."""
        calls = ngettext(
            "%(num)s call in %(days)s days",
            "%(num)s calls in %(days)s days",
            self.calls,
            days=DAYS_SHOWN,
        )
        if not self.failures:
            return calls
        return _("%(calls)s, %(failures)s failed", calls=calls, failures=number(self.failures))
