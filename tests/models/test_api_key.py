from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models import db, now
from models.api_key import MAX_NAME, ApiKey
from models.expiry import expiry, last_date
from models.key_check import is_use_due, record_use
from tests.cast import authenticate, caller_of, make_key, make_shop

pytestmark = pytest.mark.both_databases

ZONE = ZoneInfo("America/New_York")


def test_a_key_is_kept_as_a_digest_and_found_by_its_text(shop):
    key, text = make_key(shop, "products:export")

    caller = caller_of(text)
    assert (caller.key_id, caller.shop_id) == (key.id, shop.id)
    assert caller.permissions == {"products:export"}
    row = db.session.execute(db.text("SELECT * FROM api_keys")).one()
    assert text not in str(row._mapping)
    assert text.encode() not in key.secret_box


def test_the_stored_digest_is_no_key(shop):
    key, _ = make_key(shop, "products:export")
    assert authenticate(key.digest.hex()) is None
    assert authenticate(f"altera_{key.digest.hex()[:46]}") is None


def test_deleted_expired_and_uninstalled_keys_are_nobody(shop):
    deleted, deleted_text = make_key(shop, "products:export", name="a")
    expired, expired_text = make_key(shop, "products:export", name="b")
    _, text = make_key(shop, "products:export", name="c")
    deleted.delete()
    expired.expires_at = now() - timedelta(seconds=1)
    db.session.commit()

    assert authenticate(deleted_text) is None
    assert authenticate(expired_text) is None
    assert authenticate(text) is not None
    shop.uninstall()
    db.session.commit()
    assert authenticate(text) is None


def test_a_reinstalled_shop_does_not_revive_its_keys(shop):
    _, text = make_key(shop, "products:export")
    shop.uninstall()
    ApiKey.delete_those(ApiKey.shop_id == shop.id)
    shop.uninstalled_at = None
    db.session.commit()
    assert authenticate(text) is None


@pytest.mark.parametrize("stored", ["", " ", "\x00", "null", "*", "products", "products:"])
def test_empty_or_garbled_permissions_are_none_that_anything_asks_for(shop, stored):
    key, text = make_key(shop, "products:export")
    if stored == "\x00" and db.engine.name == "postgresql":
        stored = "\x01"
    key.permissions_text = stored
    db.session.commit()
    assert "products:export" not in caller_of(text).permissions


def test_a_key_under_an_older_pepper_still_works(app, shop):
    _, text = make_key(shop, "products:export")
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(
        update={"KEY_PEPPERS": settings.KEY_PEPPERS | {2: b"\x07" * 32}}
    )
    try:
        newer, newer_text = make_key(shop, "products:export", name="newer")
        assert newer.pepper_version == 2
        assert authenticate(text) and authenticate(newer_text)
    finally:
        app.config["SETTINGS"] = settings


def test_the_use_of_a_key_is_noted_once_a_minute_and_touches_nothing_else(shop):
    key, text = make_key(shop, "products:export")
    caller = caller_of(text)
    key.delete()
    db.session.commit()

    record_use(caller, "203.0.113.7", "altera-cli/0.1.0")
    db.session.refresh(key)
    noted = key.last_used_at
    assert noted is not None and key.deleted_at is not None
    assert (key.last_address, key.last_client) == ("203.0.113.7", "altera-cli/0.1.0")

    assert is_use_due(caller)
    assert not is_use_due(caller._replace(last_used_at=now() - timedelta(seconds=59)))
    assert is_use_due(caller._replace(last_used_at=now() - timedelta(seconds=61)))
    record_use(caller, "::1", "curl")
    db.session.refresh(key)
    assert key.last_used_at > noted
    assert (key.last_address, key.last_client) == ("::1", "curl")


def test_the_full_key_can_be_revealed_for_a_while_and_is_then_erased(shop):
    key, text = make_key(shop, "products:export")
    assert key.reveal() == text

    key.reveal_until = now() - timedelta(seconds=1)
    db.session.commit()
    assert key.reveal() is None
    assert key.secret_box is not None
    assert ApiKey.purge_revealed() == 1
    db.session.commit()
    db.session.refresh(key)
    assert key.secret_box is None


@pytest.mark.parametrize(("minutes", "kept", "ends"), [(0, False, False), ("forever", True, False)])
def test_how_long_a_key_can_be_revealed_is_a_setting(app, shop, minutes, kept, ends):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"KEY_REVEAL_MINUTES": minutes})
    try:
        key, text = make_key(shop, "products:export")
        assert key.reveal() == (text if kept else None)
        assert (key.reveal_until is not None) == ends
    finally:
        app.config["SETTINGS"] = settings


def test_a_box_copied_to_another_key_does_not_open(shop):
    victim, _ = make_key(shop, "products:export", name="a")
    thief, _ = make_key(make_shop("bob.myshopify.com"), "products:export", name="b")
    thief.secret_box = victim.secret_box
    assert thief.reveal() is None


def test_names_are_judged_in_words(shop):
    others = [make_key(shop, name="Nightly")[0]]
    assert ApiKey.name_error("Weekly", others) is None
    assert "60" in (ApiKey.name_error("x" * (MAX_NAME + 1), others) or "")
    assert "already" in (ApiKey.name_error("NIGHTLY", others) or "")
    assert ApiKey.name_error("a\nb", others)


INVISIBLE = ("\u3164", "\u115f", "\uffa0", "\u2800", "\u034f", "\ufe0e", "\ufe0f", "\U000e0100")


@pytest.mark.parametrize("letter", INVISIBLE, ids=ascii)
def test_a_name_has_no_letter_that_nobody_sees(app, letter):
    for name in (letter, f"Nightly{letter}", f"Nightly {letter}", f"{letter}Nightly"):
        assert ApiKey.name_error(name, [])


@pytest.mark.parametrize("name", ["\u2764\ufe0f sync", "1\ufe0f\u20e3", "한국어", "ខ្មែរ"])
def test_a_name_may_have_emoji_and_any_script(app, name):
    assert ApiKey.name_error(name, []) is None


def test_a_key_without_a_name_gets_the_first_free_number(shop):
    assert ApiKey.free_name([]) == "Key 1"
    named = [make_key(shop, name=name)[0] for name in ("Key 1", "key 2", "Nightly")]
    assert ApiKey.free_name(named) == "Key 3"


def test_expiry_by_days_by_date_and_never():
    assert expiry("never", "", ZONE) == (None, None)
    ends, _ = expiry("30", "", ZONE)
    assert ends and timedelta(days=29, hours=23) < ends - now() <= timedelta(days=30)
    ends, _ = expiry("date", "2999-12-31", ZONE)
    assert ends == datetime(3000, 1, 1, 5, tzinfo=UTC)


def test_today_is_the_first_last_day_that_can_be_chosen():
    today = datetime.now(ZONE).date()
    ends, _ = expiry("date", today.isoformat(), ZONE)
    assert ends and now() < ends <= now() + timedelta(
        hours=25
    )  # a day is longer when clocks go back
    ends, error = expiry("date", (today - timedelta(days=1)).isoformat(), ZONE)
    assert ends is None and "today or a later day" in (error or "")


def test_the_last_day_is_the_one_that_was_chosen():
    """Midnight, when the key ends, belongs to the next day already."""
    ends, _ = expiry("date", "2999-12-31", ZONE)
    assert ends and last_date(ends, ZONE) == date(2999, 12, 31)
    assert last_date(ends + timedelta(hours=1), ZONE) == date(3000, 1, 1)


@pytest.mark.parametrize(
    ("choice", "day"),
    [("date", "2001-01-01"), ("date", ""), ("date", "soon"), ("date", "9999-12-31"), ("31", "")],
)
def test_a_wrong_expiry_says_what_to_do(choice, day):
    ends, error = expiry(choice, day, ZONE)
    assert ends is None and error and error.endswith(".")
