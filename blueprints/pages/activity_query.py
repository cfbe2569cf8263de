"""Query of a shop's activities: filtered by key, kind, day and words, newest first, in pages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from sqlalchemy import Select, or_
from werkzeug.datastructures import MultiDict

from blueprints.pages.activity_wording import KINDS
from models import db
from models.activity import STAFF, Activity
from models.shop import Shop
from models.staff_member import StaffMember

PAGE = 50
SEARCHED = ("types", "new", "old", "was_named", "needs", "error")
"""The fields of an activity's detail that are searched, beside its own columns."""


@dataclass(frozen=True)
class ActivityQuery:
    """``day`` is in the shop's time zone; ``before`` is the last id of the page before."""

    key_id: int | None = None
    kind: str = ""
    day: date | None = None
    words: str = ""
    before: int | None = None

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self:
        """The filters of a form or URL; unknown values filter nothing."""
        kind = data.get("kind", "")
        return cls(
            key_id=_number(data.get("key", "")),
            kind=kind if kind in KINDS else "",
            day=_day(data.get("day", "")),
            words=data.get("words", "").replace("\0", "").strip()[:60],
            before=_number(data.get("before", "")),
        )

    def as_arguments(self) -> dict[str, str]:
        """The query arguments of these filters in a URL, without the page."""
        named = {"key": self.key_id, "kind": self.kind, "day": self.day, "words": self.words}
        return {name: str(value) for name, value in named.items() if value}

    def select(self, shop: Shop) -> Select[Activity]:
        found = db.select(Activity).filter_by(shop_id=shop.id).order_by(Activity.id.desc())
        if self.key_id is not None:
            found = found.filter_by(key_id=self.key_id)
        if self.kind:
            found = found.where(Activity.kind.startswith(f"{self.kind}.", autoescape=True))
        if self.day is not None:
            start = datetime.combine(self.day, time(), shop.zone)
            end = datetime.combine(self.day + timedelta(days=1), time(), shop.zone)
            found = found.where(Activity.at >= start, Activity.at < end)
        if self.words:
            texts = [Activity.detail[name].as_string() for name in SEARCHED]
            texts += [Activity.actor, Activity.subject, Activity.address]
            mentions = [text.icontains(self.words, autoescape=True) for text in texts]
            of_staff = Activity.actor.in_(StaffMember.named(shop.id, self.words))
            found = found.where(or_(*mentions, (Activity.actor_kind == STAFF) & of_staff))
        return found

    def page(self, shop: Shop) -> tuple[list[Activity], int | None]:
        """A page, and the ``before`` of the page after it, if there is one."""
        found = self.select(shop).limit(PAGE + 1)
        if self.before is not None:
            found = found.where(Activity.id < self.before)
        rows = list(db.session.scalars(found))
        return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None

    def last_shown(self, shop: Shop) -> Activity | None:
        """The last activity of the page before."""
        if self.before is None:
            return None
        return db.session.scalar(db.select(Activity).filter_by(id=self.before, shop_id=shop.id))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2999, 1, 1) else None
