"""A shop's jobs, newest first, in pages: whoever started them."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import Select, tuple_

from models import db
from models.api_key import ApiKey
from models.job import OVER, Job
from models.shop import Shop

PAGE = 20


@dataclass(frozen=True)
class JobList:
    """``more``: whether there are older ones."""

    jobs: list[Job]
    more: bool

    @classmethod
    def first(cls, shop: Shop, *, down_to: str = "") -> Self:
        """The newest page; with the id of a job, all from the newest to that one."""
        last = Job.named(down_to, shop_id=shop.id)
        if last is None:
            return cls._page(_all(shop))
        found = _all(shop).where(_place >= tuple_(last.created_at, last.id))
        older = _all(shop).where(_place < tuple_(last.created_at, last.id)).limit(1)
        return cls(list(db.session.scalars(found)), db.session.scalar(older) is not None)

    @classmethod
    def before(cls, shop: Shop, job_id: str) -> Self:
        """The page after the one that ends with this job."""
        last = Job.named(job_id, shop_id=shop.id)
        if last is None:
            return cls([], False)
        return cls._page(_all(shop).where(_place < tuple_(last.created_at, last.id)))

    @classmethod
    def _page(cls, query: Select[tuple[Job]]) -> Self:
        found = list(db.session.scalars(query.limit(PAGE + 1)))
        return cls(found[:PAGE], len(found) > PAGE)

    @property
    def moving(self) -> bool:
        """Whether one of them is not over yet."""
        return any(job.status not in OVER for job in self.jobs)

    def keys(self) -> dict[int, ApiKey]:
        """The keys that the jobs were started with, by their ids."""
        wanted = {job.key_id for job in self.jobs}
        found = db.session.scalars(db.select(ApiKey).where(ApiKey.id.in_(wanted)))
        return {key.id: key for key in found}


_place = tuple_(Job.created_at, Job.id)


def _all(shop: Shop) -> Select[tuple[Job]]:
    newest = (Job.created_at.desc(), Job.id.desc())
    return db.select(Job).filter_by(shop_id=shop.id).order_by(*newest)
