"""Mail is delayed by trouble, never lost, and never another mail when it is sent twice."""

import time
from datetime import timedelta

import pytest

from background import queueing
from mail import outbox
from models import db, now
from models.activity import record
from models.notice import REFUSED, Notice
from queues import missing, tries
from tests import servers
from tests.cast import make_key, make_shop, midnight

PATIENCE = 240
pytestmark = pytest.mark.both_databases

ENOUGH = 20
"""Seconds in which a worker starts and sends a mail, however busy the machine is."""


def tell(shop, kind="key.created", **detail):
    record(shop.id, kind, actor_kind="staff", actor="8811", subject="Nightly", **detail)
    db.session.commit()
    return db.session.scalars(db.select(Notice).order_by(Notice.created_at.desc())).first()


def kinds():
    return sorted(db.session.scalars(db.select(Notice.kind)))


def worker(environment, post, tmp_path):
    """A worker that sends mail through this server, always under the same name."""
    mail = {"MAIL_URL": post.url, "MAIL_FROM": "Altera <altera@example.com>"}
    return servers.worker(environment, tmp_path, tmp_path.name, **mail)


def wait(until):
    for _ in range(PATIENCE * 20):
        db.session.rollback()
        if until():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_a_commit_has_the_mail_sent(mailing, jobs_database, shop, environment, post, tmp_path):
    notice = tell(shop)
    assert queueing.settle(60)
    assert missing([f"{notice.id}:0"]) == [], "it was left to the sweep of the worker's start"
    with worker(environment, post, tmp_path):
        wait(lambda: db.session.get_one(Notice, notice.id).sent_at)
    [(recipients, mail)] = post.mails
    assert recipients == ["ops@example.com"]
    assert notice.id in mail["Message-ID"]


def test_a_worker_killed_between_sending_and_noting_sends_the_same_mail(
    mailing, jobs_database, shop, environment, post, tmp_path
):
    notice = tell(shop)
    with worker(environment, post, tmp_path) as server:
        post.before_answer = server.process.kill
        server.process.wait(PATIENCE)
    assert len(post.mails) == 1
    db.session.rollback()
    assert db.session.get_one(Notice, notice.id).sent_at is None
    post.before_answer = lambda: None
    with worker(environment, post, tmp_path):
        wait(lambda: db.session.get_one(Notice, notice.id).sent_at)
    first, second = (mail for _, mail in post.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_a_dead_server_delays_the_mail_and_the_page_does_not_wait(
    mailing, jobs_database, shop, environment, post, tmp_path
):
    post.close()
    started = time.monotonic()
    notice = tell(shop)
    assert time.monotonic() - started < 2
    with worker(environment, post, tmp_path) as server:
        wait(lambda: "has to wait" in server.log.read_text())
        assert db.session.get_one(Notice, notice.id).sent_at is None
        post.open()
        notice = db.session.get_one(Notice, notice.id)
        notice.created_at -= timedelta(minutes=2)
        db.session.commit()
        outbox.sweep()
        wait(lambda: db.session.get_one(Notice, notice.id).sent_at)
    assert len(post.mails) == 1


def test_a_worker_sends_at_its_start_what_came_before_it_made_the_jobs_database(
    mailing, shop, environment, post, tmp_path
):
    """On the day of the installation the first page may be used before the first worker is up."""
    if (left := 60 - time.time() % 60) < ENOUGH:
        time.sleep(left)
    minute = time.time() // 60
    notice = tell(shop)
    with worker(environment, post, tmp_path):
        wait(lambda: db.session.get_one(Notice, notice.id).sent_at)
    assert time.time() // 60 == minute, "it was left to the sweep of a later minute"
    assert len(post.mails) == 1


def test_a_dead_jobs_database_loses_nothing(mailing, shop, post, tmp_path):
    settings = mailing.config["SETTINGS"]
    lost = {"JOBS_DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/jobs.db"}
    mailing.config["SETTINGS"] = settings.model_copy(update=lost)
    notice = tell(shop)
    assert notice in Notice.unsent(10)
    outbox.send(notice.id)
    assert notice.sent_at and len(post.mails) == 1


def test_a_mail_is_sent_once_and_a_final_refusal_is_kept(mailing, jobs_database, shop, post):
    post.to_recipient = "550 No such user"
    notice = tell(shop)
    for _ in range(2):
        outbox.send(notice.id)
        post.to_recipient = "250 OK"
    assert post.mails == []
    assert notice.payload[REFUSED] == "550 No such user"
    sent = tell(shop, "key.deleted")
    for _ in range(2):
        outbox.send(sent.id)
    assert len(post.mails) == 1
    assert REFUSED not in sent.payload
    outbox.send("gone")


def test_waits_grow_for_a_week(mailing, jobs_database, shop, post):
    assert [tries(now() - timedelta(minutes=m)) for m in (0, 1, 3, 7, 500)] == [
        0, 1, 2, 3, 9,
    ]  # fmt: skip
    post.close()
    notice = tell(shop)
    for days, given_up in ((6, False), (8, True)):
        notice.created_at = now() - timedelta(days=days)
        db.session.commit()
        outbox.send(notice.id)
        assert bool(notice.sent_at) == given_up
    assert notice.payload[REFUSED] == outbox.TOO_OLD


def test_without_a_mail_server_nothing_is_sent(app, shop):
    notice = tell(shop)
    outbox.send(notice.id)
    outbox.sweep()
    assert notice.sent_at is None


def test_keys_that_expire_are_told_of_twice_and_each_time_once(shop):
    key = make_key(shop, name="Week", days=30)[0]
    make_key(shop, name="Later", days=8)
    make_key(shop, name="Never", days=None)
    make_key(shop, name="Short", days=3)
    deleted = make_key(shop, name="Deleted", days=30)[0]
    deleted.delete()
    for each in (key, deleted):
        each.expires_at = now() + timedelta(days=6, hours=23)
        each.created_at = now() - timedelta(days=20)
    db.session.commit()
    for _ in range(2):
        outbox.sweep()
        assert kinds() == ["key.expires_soon"]
    key.expires_at = midnight(shop)
    db.session.commit()
    for _ in range(2):
        outbox.sweep()
        assert kinds() == ["key.expires_soon", "key.expires_today"]


def test_the_day_is_the_shops(shop):
    shop.timezone = "Pacific/Kiritimati"
    key = make_key(shop, days=30)[0]
    key.expires_at = midnight(shop)
    db.session.commit()
    outbox.sweep()
    assert kinds() == ["key.expires_today"]


def test_only_shops_that_have_the_app_and_a_confirmed_address_are_reminded(shop, other_shop):
    left = make_shop("carol.myshopify.com")
    for each in (shop, other_shop, left):
        make_key(each, days=30)[0].expires_at = midnight(each)
    shop.contact_confirmed_at = None
    left.uninstalled_at = now()
    db.session.commit()
    outbox.sweep()
    notices = db.session.scalars(db.select(Notice)).all()
    assert [(one.shop_id, one.kind) for one in notices] == [(other_shop.id, "key.expires_today")]
