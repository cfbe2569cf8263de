"""A shop's jobs, newest first, filtered and in pages, whoever started them."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, tuple_
from werkzeug.datastructures import MultiDict

from models import db
from models.api_key import ApiKey
from models.job import CANCELED, COMPLETED, EXPORT, FAILED, HELD, IMPORT, MOVING, PLANNED, Job
from models.shop import Shop
from models.staff_member import StaffMember
from transfer.types import ALL
from translations import N_, _

PAGE = 20
MAX_SHOWN = 500
"""On one page, however far back its reader has gone."""
MAX_WORDS = 60
_failed_rows = Job.counts["failed"].as_integer() > 0
KINDS: dict[str, tuple[str, ColumnElement[bool] | None]] = {
    "": (N_("All jobs"), None),
    "export": (N_("Exports"), Job.kind == EXPORT),
    "import": (N_("Imports"), and_(Job.kind == IMPORT, Job.dry_run.is_(False))),
    "dry_run": (N_("Dry runs"), Job.dry_run.is_(True)),
}
STATUSES: dict[str, tuple[str, ColumnElement[bool] | None]] = {
    "": (N_("All statuses"), None),
    "unfinished": (N_("Waiting or running"), Job.status.in_(MOVING)),
    "held": (N_("Held"), Job.status == HELD),
    "planned": (N_("Planned"), Job.status == PLANNED),
    "completed": (N_("Completed"), Job.status == COMPLETED),
    "failed_rows": (N_("Completed with failed rows"), (Job.status == COMPLETED) & _failed_rows),
    "failed": (N_("Failed"), Job.status == FAILED),
    "canceled": (N_("Canceled"), Job.status == CANCELED),
}


@dataclass(frozen=True)
class JobFilter:
    """``words`` are searched for in ids, data types, keys, filters and errors."""

    kind: str = ""
    status: str = ""
    words: str = ""

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self:
        """The filter of a form or URL; unknown values filter nothing."""
        kind, status = data.get("kind", ""), data.get("status", "")
        words = data.get("words", "").replace("\0", "").strip()
        return cls(
            kind=kind if kind in KINDS else "",
            status=status if status in STATUSES else "",
            words=words[:MAX_WORDS],
        )

    def as_arguments(self) -> dict[str, str]:
        """The query arguments of this filter in a URL."""
        named = {"kind": self.kind, "status": self.status, "words": self.words}
        return {name: value for name, value in named.items() if value}

    def conditions(self, shop: Shop) -> list[ColumnElement[bool]]:
        wanted = [KINDS[self.kind][1], STATUSES[self.status][1]]
        if self.words:
            wanted.append(_mentions(shop, self.words))
        return [condition for condition in wanted if condition is not None]


def _mentions(shop: Shop, words: str) -> ColumnElement[bool]:
    """Whether a job has these words in what its row shows."""
    texts = [Job.id, Job.format, Job.error, Job.started_by, cast(Job.filters, String)]
    found = [text.icontains(words, autoescape=True) for text in texts]
    labelled = (each.name for each in ALL if words.casefold() in _(each.label).casefold())
    found += [cast(Job.types, String).contains(f'"{name}"', autoescape=True) for name in labelled]
    key = db.select(ApiKey.id).where(
        ApiKey.id == Job.key_id, ApiKey.name.icontains(words, autoescape=True)
    )
    found.append(Job.started_by.in_(StaffMember.named(shop.id, words)))
    return or_(*found, (Job.started_by == "") & key.exists())


@dataclass(frozen=True)
class JobList:
    """``more``: whether there are older ones."""

    jobs: list[Job]
    more: bool

    @classmethod
    def first(cls, shop: Shop, wanted: JobFilter, *, down_to: str = "") -> Self:
        """The newest page; with the id of a job, everything from the newest down to that one, as
        far as one page goes."""
        last = Job.named(down_to, shop_id=shop.id)
        if last is None:
            return cls._page(_all(shop, wanted))
        shown = _all(shop, wanted).where(_position >= tuple_(last.created_at, last.id))
        found = list(db.session.scalars(shown.limit(MAX_SHOWN)))
        end = found[-1] if len(found) == MAX_SHOWN else last
        older = _all(shop, wanted).where(_position < tuple_(end.created_at, end.id)).limit(1)
        return cls(found, db.session.scalar(older) is not None)

    @classmethod
    def before(cls, shop: Shop, wanted: JobFilter, job_id: str) -> Self:
        """The page after the one that ends with this job."""
        last = Job.named(job_id, shop_id=shop.id)
        if last is None:
            return cls([], False)
        return cls._page(_all(shop, wanted).where(_position < tuple_(last.created_at, last.id)))

    @classmethod
    def _page(cls, query: Select[Job]) -> Self:
        found = list(db.session.scalars(query.limit(PAGE + 1)))
        return cls(found[:PAGE], len(found) > PAGE)

    @property
    def moving(self) -> bool:
        """Whether any of them is unfinished."""
        return any(job.status in MOVING for job in self.jobs)

    def keys(self) -> dict[int, ApiKey]:
        """The keys that the jobs were started with, by their ids."""
        wanted = {job.key_id for job in self.jobs}
        found = db.session.scalars(db.select(ApiKey).where(ApiKey.id.in_(wanted)))
        return {key.id: key for key in found}


_position = tuple_(Job.created_at, Job.id)


def _all(shop: Shop, wanted: JobFilter) -> Select[Job]:
    newest = (Job.created_at.desc(), Job.id.desc())
    query = db.select(Job).filter_by(shop_id=shop.id).order_by(*newest)
    return query.where(*wanted.conditions(shop))
