"""So many mails a shop gets in an hour; the rest is one mail."""

from datetime import timedelta
from typing import Any

import pytest

from mail import outbox
from models import db
from models.activity import record
from models.notice import MAILS_AN_HOUR, Notice

pytestmark = pytest.mark.usefixtures("jobs_database")


@pytest.fixture
def sent(mailing, post):
    def deliver():
        db.session.expire_all()
        for notice in Notice.unsent(100):
            outbox.send(notice.id)
        return [mail for _, mail in post.mails]

    return deliver


def make(shop, count, first=0):
    for number in range(first, first + count):
        subject = f"Key {number}"
        record(shop.id, "key.created", subject=subject, actor_kind="staff", actor="8811")
    db.session.commit()


def an_hour_passes():
    for notice in db.session.scalars(db.select(Notice)):
        notice.created_at -= timedelta(minutes=61)
    db.session.commit()


@pytest.mark.both_databases
def test_what_is_too_much_for_an_hour_comes_as_one_mail(shop, sent):
    make(shop, MAILS_AN_HOUR + 11)
    outbox.sweep()
    assert len(sent()) == MAILS_AN_HOUR

    an_hour_passes()
    make(shop, 1, first=90)
    outbox.sweep()
    *_, single, digest = sorted(sent(), key=lambda mail: "More" in mail["Subject"])
    assert digest["Subject"] == "More notices about the API keys of Alice"
    text = digest.get_body(("plain",)).get_content()
    assert "11 in all" in text
    for number in range(MAILS_AN_HOUR, MAILS_AN_HOUR + 11):
        assert f"API key “Key {number}” was created for Alice" in text
    assert f"“Key {MAILS_AN_HOUR - 1}”" not in text and "“Key 90”" not in text
    outbox.sweep()
    assert len(sent()) == MAILS_AN_HOUR + 2


def test_a_digest_names_the_first_and_counts_the_others(shop, sent):
    make(shop, MAILS_AN_HOUR + outbox.IN_DIGEST + 5)
    an_hour_passes()
    outbox.sweep()
    [digest] = [mail for mail in sent() if "More" in mail["Subject"]]
    text = digest.get_body(("plain",)).get_content()
    assert text.count("was created") == outbox.IN_DIGEST
    assert f"{outbox.IN_DIGEST + 5} in all" in text


def test_one_shops_flood_takes_nothing_from_another(shop, other_shop, sent):
    make(shop, MAILS_AN_HOUR + 1)
    make(other_shop, 1)
    assert [m["Subject"] for m in sent() if "for Bob" in m["Subject"]] == [
        "API key “Key 0” was created for Bob"
    ]


def test_a_change_of_the_address_is_told_at_once_however_much_there_was(shop, sent):
    make(shop, MAILS_AN_HOUR + 1)
    moved: dict[str, Any] = {
        "old": "ops@example.com",
        "new": "new@example.com",
        "old_confirmed": True,
    }
    record(shop.id, "email.changed", actor_kind="staff", actor="8811", **moved)
    shop.contact_email, shop.contact_confirmed_at = "new@example.com", None
    db.session.commit()
    assert "now go to a different address" in sent()[-1]["Subject"]

    an_hour_passes()
    outbox.sweep()
    assert not [mail for mail in sent() if "More notices" in mail["Subject"]], "to nobody"
