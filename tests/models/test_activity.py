"""Activities: kept with what they record or not at all, in words, for 180 days."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import g

from blueprints.pages.activity_wording import changes, sentence, who
from jobs.workflows import erase
from models import db, now
from models.activity import Activity, record
from models.job import CANCELED, COMPLETED, EXPORT, FAILED, IMPORT, QUEUED, RUNNING, Job, new_id
from tests.cast import make_key
from transfer.permissions import words

pytestmark = pytest.mark.both_databases


def trail():
    return list(db.session.scalars(db.select(Activity).order_by(Activity.id)))


def activity(kind, **facts):
    """An activity of a staff member about the key Nightly, in no database."""
    columns = {"actor_kind": "staff", "actor": "8812", "subject": "Nightly"}
    columns |= {name: facts.pop(name) for name in [*columns] if name in facts}
    return Activity(kind=kind, detail=facts, **columns)


def told(kind, **facts):
    return sentence(activity(kind, **facts), words)


def difference(kind, **facts):
    return changes(activity(kind, **facts), words, lambda moment: f"{moment:%d.%m.%Y}")


@pytest.fixture
def job(shop):
    """Start a job of Alice's key."""
    key, _ = make_key(shop, "products:export", "redirects:import")

    def start(kind=EXPORT, **columns):
        facts = {"types": ["products"], "shop_id": shop.id, "key_id": key.id} | columns
        job = Job(id=new_id(kind), kind=kind, **facts)
        db.session.add(job)
        job.record("job.started", "192.0.2.1")
        db.session.commit()
        return job

    return start


def test_what_is_rolled_back_did_not_happen(shop):
    record(shop.id, "key.deleted", actor_kind="staff", actor="1", subject="Nightly")
    db.session.rollback()
    assert trail() == []


def test_activities_are_erased_after_180_days(shop):
    for days in (181, 179):
        happened = record(shop.id, "key.deleted", actor_kind="system", subject=f"{days} days")
        happened.at = now() - timedelta(days=days)
    db.session.commit()
    erase()
    assert [left.subject for left in trail()] == ["179 days"]


@pytest.mark.parametrize(
    ("actor_kind", "actor", "name"),
    [("staff", "8812", "Staff 8812"), ("key", "CI", "Key “CI”"), ("system", "", "Altera")],
)
def test_who_did_it(app, shop, actor_kind, actor, name):
    with app.app_context():
        g.shop = shop
        assert who(activity("key.deleted", actor_kind=actor_kind, actor=actor)) == name


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"reason": "permission", "needs": "products:import"}, "needs Products: import"),
        ({"reason": "address"}, "its IP address is not allowed"),
        ({"reason": "expired"}, "it has expired"),
    ],
)
def test_why_a_call_was_refused(facts, said):
    assert told("key.refused", **facts) == f"was refused: {said}"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"job": "export", "status": "completed", "rows": 18204}, "exported products, 18,204 rows"),
        ({"job": "export", "status": "completed", "rows": 0}, "exported products, 0 rows"),
        ({"job": "import", "status": "completed", "rows": 1}, "imported products, 1 row"),
        (
            {"job": "import", "status": "completed", "rows": 3, "dry_run": True},
            "finished a dry run of products, 3 rows",
        ),
        ({"job": "export", "status": "failed"}, "could not export products"),
        ({"job": "import", "status": "canceled"}, "canceled an import of products"),
        ({"job": "import", "dry_run": True}, "ended a dry run of products"),
    ],
)
def test_how_a_job_ended(facts, said):
    assert told("job.finished", types=["products"], **facts) == said


def test_types_are_named_as_people_do():
    assert told("job.started", job="export", types=["draft_orders", "menus"]) == (
        "started an export of draft orders, menus"
    )


@pytest.mark.parametrize(
    ("kind", "facts", "parts"),
    [
        ("key.created", {"permissions": ["products:export"]}, ["+ Products: export"]),
        (
            "key.changed",
            {"added": ["files:export"], "removed": ["menus:import"]},
            ["+ Files: export", "− Menus: import"],
        ),
        ("email.changed", {"new": "a@x.com", "old": None}, ["a@x.com"]),
        ("email.changed", {"new": "a@x.com", "old": "b@x.com"}, ["a@x.com, was b@x.com"]),
        ("plan.changed", {"new": "Pro", "old": "Free"}, ["was Free"]),
        ("key.changed", {"expires_at": "never"}, ["never expires"]),
        (
            "key.changed",
            {"expires_at": datetime(2027, 2, 22, tzinfo=UTC).isoformat()},
            ["expires 22.02.2027"],
        ),
        ("key.changed", {"addresses": ["any"]}, ["from any address"]),
        ("key.changed", {"calls_per_minute": 6000}, ["6,000 calls per minute"]),
        ("key.rotated", {"overlap": "day"}, ["the old key keeps working for 1 day"]),
        (
            "job.finished",
            {"counts": {"created": 1200, "failed": 1}, "error": "Too slow."},
            ["1,200 created", "1 failed", "Too slow."],
        ),
    ],
)
def test_the_difference(kind, facts, parts):
    assert difference(kind, **facts) == parts


def test_a_job_that_is_over_is_recorded_once_with_its_rows(job):
    export = job()
    export.move(RUNNING, among=(QUEUED,))
    export.move(COMPLETED, among=(RUNNING,), rows=7, error=None)
    export.move(COMPLETED, among=(RUNNING,), rows=7, error=None)
    export.cancel()
    started, finished = trail()
    assert (started.kind, started.address) == ("job.started", "192.0.2.1")
    assert (finished.kind, finished.actor_kind, finished.actor) == (
        "job.finished",
        "key",
        "Nightly",
    )
    assert (finished.detail["status"], finished.detail["rows"]) == (COMPLETED, 7)
    assert finished.detail["types"] == ["products"]


@pytest.mark.parametrize("end", [COMPLETED, FAILED])
def test_what_became_of_a_job_tells_from_where_it_was_started(job, end):
    job().record("job.started", "192.0.2.9")
    export = job()
    job().record("job.started", "192.0.2.9")
    export.move(end, among=(QUEUED,))
    assert (trail()[-1].kind, trail()[-1].address) == ("job.finished", "192.0.2.1")


def test_a_job_that_is_canceled_tells_from_where(job):
    job().cancel(by="8812", address="198.51.100.4")
    assert (trail()[-1].actor, trail()[-1].address) == ("8812", "198.51.100.4")


def test_a_job_that_failed_tells_why(job):
    job().move(FAILED, among=(QUEUED, RUNNING), error="Shopify refused.")
    assert trail()[-1].detail["error"] == "Shopify refused."
    assert told("job.finished", **trail()[-1].detail) == "could not export products"


def test_a_dry_run_is_told_as_one_with_what_would_come_of_the_rows(job):
    tried = job(IMPORT, types=["redirects"], dry_run=True, rows=3, counts={"created": 3})
    tried.move(COMPLETED, among=(QUEUED,))
    assert [told(a.kind, **a.detail) for a in trail()] == [
        "started a dry run of redirects",
        "finished a dry run of redirects, 3 rows",
    ]
    assert difference("job.finished", **trail()[-1].detail) == ["3 created"]


def test_a_job_that_starts_or_waits_records_nothing_more(job):
    export = job()
    export.move(RUNNING, among=(QUEUED,))
    export.move(RUNNING, among=(QUEUED, RUNNING))
    assert [happened.kind for happened in trail()] == ["job.started"]


def test_a_canceled_job_cannot_complete(job):
    export = job()
    export.cancel()
    export.move(COMPLETED, among=(RUNNING,), rows=7)
    assert [happened.detail.get("status") for happened in trail()] == [None, CANCELED]
