"""Which activity makes which mail: to the right shop, in the same transaction, never a flood."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models import db, now
from models.activity import Activity, record
from models.notice import Notice
from tests.cast import make_key

pytestmark = pytest.mark.both_databases

STAFF: dict[str, Any] = {"actor_kind": "staff", "actor": "8811", "address": "203.0.113.9"}


def notices():
    return list(db.session.scalars(db.select(Notice).order_by(Notice.created_at)))


def tell(shop, kind, **more):
    happened = record(shop.id, kind, subject="Nightly", **STAFF | more)
    db.session.commit()
    return happened


@pytest.mark.parametrize(
    ("kind", "detail", "made"),
    [
        ("key.created", {"permissions": ["products:export"], "expires_at": None}, "key.created"),
        ("key.rotated", {"overlap": 3600}, "key.rotated"),
        ("key.changed", {"added": ["orders:export"], "removed": []}, "key.widened"),
        ("key.changed", {"added": [], "removed": ["orders:export"]}, None),
        ("key.changed", {"name": "New"}, None),
        ("key.deleted", {}, "key.deleted"),
        ("key.leaked", {}, "key.leaked"),
        ("key.disabled", {}, None),
        ("workload.created", {}, "workload.created"),
        ("workload.changed", {"claims": {"ref": "x"}}, "workload.widened"),
        ("workload.changed", {"added": [], "removed": ["orders:export"]}, None),
        ("workload.deleted", {}, "workload.deleted"),
        ("workload.exchanged", {"claims": {"ref": "x"}}, None),
        ("job.started", {"types": ["products"]}, None),
        ("job.finished", {"types": ["products"], "status": "completed"}, None),
        ("job.finished", {"types": ["products"], "status": "canceled"}, None),
        ("job.finished", {"types": ["products"], "status": "failed", "error": "No"}, "job.failed"),
        ("plan.changed", {}, None),
    ],
)
def test_an_activity_makes_its_mail(shop, kind, detail, made):
    tell(shop, kind, **detail)
    assert [(n.kind, n.recipient, n.shop_id) for n in notices()] == (
        [(made, "ops@example.com", shop.id)] if made else []
    )


def test_bob_never_gets_alices_mail(shop, other_shop):
    shop.contact_email, other_shop.contact_email = "alice@example.com", "bob@example.com"
    tell(shop, "key.created")
    tell(other_shop, "key.deleted")
    assert [(n.kind, n.recipient) for n in notices()] == [
        ("key.created", "alice@example.com"),
        ("key.deleted", "bob@example.com"),
    ]


def test_a_shop_without_an_address_gets_no_mail(shop):
    shop.contact_email = None
    tell(shop, "key.created")
    assert notices() == []


def test_the_old_address_is_told_of_the_new_one(shop):
    told = {"old": "old@example.com", "new": "ops@example.com"}
    tell(shop, "email.changed", **told, old_confirmed=True)
    tell(shop, "email.changed", **told, old_confirmed=False)
    tell(shop, "email.changed", old=None, new="ops@example.com")
    assert [(n.kind, n.recipient) for n in notices()] == [("email.changed", "old@example.com")]


def test_what_is_rolled_back_makes_no_mail(shop):
    record(shop.id, "key.created", subject="Nightly", **STAFF)
    db.session.rollback()
    assert notices() == []
    assert db.session.scalars(db.select(Activity)).all() == []


def test_only_the_first_refused_call_of_a_key_and_day_makes_mail(shop):
    nightly, weekly = make_key(shop)[0].id, make_key(shop, name="Weekly")[0].id
    for key_id in (nightly, nightly, weekly, nightly):
        tell(shop, "key.refused", key_id=key_id, reason="permission", needs="orders:export")
    assert len(notices()) == 2
    day = now().astimezone(ZoneInfo("UTC")).date()
    [first, _] = notices()
    assert first.once == f"key.refused:{nightly}:{day}"
    for notice in notices():
        notice.once = notice.once.replace(str(day), str(day - timedelta(days=1)))
    db.session.commit()
    tell(shop, "key.refused", key_id=nightly, reason="permission", needs="orders:export")
    assert len(notices()) == 3


def test_a_script_that_fails_every_minute_makes_one_mail_a_day_for_each_thing(shop):
    nightly, weekly = make_key(shop)[0].id, make_key(shop, name="Weekly")[0].id
    failed = {"job": "export", "types": ["products"], "status": "failed", "error": "No"}
    for _ in range(3):
        tell(shop, "job.finished", key_id=nightly, **failed)
        tell(shop, "job.finished", key_id=weekly, **failed)
        tell(shop, "job.finished", key_id=nightly, **failed | {"types": ["orders"]})
        tell(shop, "job.finished", key_id=nightly, **failed | {"job": "import"})
        tell(shop, "job.finished", key_id=nightly, **failed | {"job": "import", "dry_run": True})
    assert len(notices()) == 5
    assert db.session.scalar(db.select(db.func.count(Activity.id))) == 15
    day = str(now().astimezone(ZoneInfo("UTC")).date())
    for notice in notices():
        notice.once = notice.once.replace(day, "yesterday")
    db.session.commit()
    tell(shop, "job.finished", key_id=nightly, **failed)
    assert len(notices()) == 6


def test_two_transactions_write_one_of_the_same(shop):
    assert Notice.add(shop.id, "api.notice", "a@example.com", {}, once="same")
    assert not Notice.add(shop.id, "api.notice", "a@example.com", {}, once="same")
    db.session.commit()
    assert not Notice.add(shop.id, "api.notice", "a@example.com", {}, once="same")
    assert len(notices()) == 1


def test_what_is_old_is_erased(shop):
    for age, sent in ((91, 91), (91, None), (91, 89), (89, None)):
        Notice.add(shop.id, "api.notice", "a@example.com", {"age": age, "sent": sent})
    for notice in notices():
        notice.created_at = now() - timedelta(days=notice.payload["age"])
        if sent := notice.payload["sent"]:
            notice.sent_at = now() - timedelta(days=sent)
    db.session.flush()
    Notice.purge(before=now() - timedelta(days=90))
    db.session.commit()
    assert sorted(
        (n.payload["age"], n.payload["sent"]) for n in notices() if n.payload["sent"]
    ) == [(91, 89)]
    assert len(notices()) == 2
