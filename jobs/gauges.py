"""Gauges that a worker exports to Prometheus, read from the database at each scrape."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import InstrumentedAttribute

from metrics import Gauge
from models import db, now
from models.heartbeat import Heartbeat
from models.job import MOVING, STATUSES, Job
from models.notice import Notice
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery


def gauges() -> Iterator[Gauge]:
    """All gauges. Every worker exports the same values: take the maximum."""
    yield from _jobs()
    yield from _waiting("mail", Notice.sent_at, Notice.created_at)
    yield from _waiting("webhooks", WebhookDelivery.handled_at, WebhookDelivery.received_at)
    yield "altera_workers", "Workers that are alive.", {}, len(Heartbeat.alive())
    installed = db.select(db.func.count()).where(Shop.uninstalled_at.is_(None))
    yield "altera_shops", "Shops that have the app.", {}, db.session.scalar(installed)


def _jobs() -> Iterator[Gauge]:
    query = db.select(Job.status, db.func.count(), db.func.min(Job.created_at))
    found = {
        status: (count, at) for status, count, at in db.session.execute(query.group_by(Job.status))
    }
    for status in STATUSES:
        count = found.get(status, (0, None))[0]
        yield "altera_jobs", "Jobs of the last 30 days by state.", {"status": status}, count
    for status in MOVING:
        about = "Age of the oldest job in this state."
        oldest = _age(found.get(status, (0, None))[1])
        yield "altera_oldest_job_seconds", about, {"status": status}, oldest


def _waiting(
    what: str, done: InstrumentedAttribute[datetime | None], since: InstrumentedAttribute[datetime]
) -> Iterator[Gauge]:
    query = db.select(db.func.count(), db.func.min(since)).where(done.is_(None))
    count, oldest = db.session.execute(query).one()
    yield f"altera_{what}_waiting", f"How many {what} wait.", {}, count
    yield f"altera_{what}_waiting_seconds", "Age of the oldest.", {}, _age(oldest)


def _age(since: datetime | None) -> float:
    return (now() - since).total_seconds() if since else 0.0
