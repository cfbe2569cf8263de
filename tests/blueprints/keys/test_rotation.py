"""Rotating, disabling, enabling and binding a key, by the merchant whose it is and by no other."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models import db, now
from models.activity import Activity
from models.api_key import MOST_CALLS_PER_MINUTE, ApiKey
from models.key_format import preview
from models.rotation import end_retired, rotate
from tests.cast import ALICE, Merchant, authenticate, caller_of, holder, make_key
from tests.markup import one, select, text

KEYS = "/settings/keys/"


def rotation(merchant, key, overlap="day", request_id="q1"):
    """``key`` is the row or its id."""
    data = {"overlap": overlap, "request_id": request_id}
    return merchant.post(f"{KEYS}{getattr(key, 'id', key)}/rotation", data=data)


def kinds():
    db.session.expire_all()
    return list(db.session.scalars(db.select(Activity.kind).order_by(Activity.id)))


def full_key(answer):
    [text] = re.findall(r"altera_\w{46}", answer.text)
    return text


@pytest.fixture
def nightly(shop):
    """A key with everything that a rotation has to carry over, and its text."""
    key, text = make_key(shop, "products:export", "files:import")
    key.allowed_addresses, key.calls_per_minute = "127.0.0.0/8", 42
    db.session.commit()
    return key, text


# -- rotating ----------------------------------------------------------------------------------


def test_a_rotated_key_has_a_successor_that_may_do_the_same(merchant, nightly):
    old, old_text = nightly
    question = merchant.get(f"{KEYS}{old.id}/rotation")
    assert "Rotate “Nightly”?" in question.text

    answer = rotation(merchant, old)

    assert answer.status_code == 200
    assert "API key rotated" in answer.headers["HX-Trigger"]
    new = caller_of(full_key(answer))
    before = caller_of(old_text)
    kept = ("name", "permissions", "allowed_addresses", "calls_per_minute", "expires_at")
    assert [getattr(new, f) for f in kept] == [getattr(before, f) for f in kept]
    assert new.key_id != before.key_id
    assert "Retiring: ends" in answer.text and "in 24 hours" in answer.text
    assert "End now" in answer.text
    db.session.refresh(old)
    assert timedelta(hours=23) < old.retires_at - now() <= timedelta(days=1)
    [activity] = db.session.scalars(db.select(Activity))
    assert activity.kind == "key.rotated"
    assert activity.detail["old_ends"] == old.retires_at.isoformat()


@pytest.mark.parametrize(
    ("overlap", "span"),
    [("hour", timedelta(hours=1)), ("day", timedelta(days=1)), ("week", timedelta(days=7))],
)
def test_the_old_key_works_on_for_as_long_as_was_chosen(merchant, nightly, overlap, span):
    old, old_text = nightly
    rotation(merchant, old, overlap)
    db.session.refresh(old)
    assert span - timedelta(minutes=1) < old.retires_at - now() <= span
    assert authenticate(old_text)

    old.retires_at = now()
    db.session.commit()
    assert holder(old_text).over == "retired"
    page = merchant.get(KEYS)
    assert "Retiring" not in page.text
    assert end_retired() == 1
    db.session.commit()
    assert kinds() == ["key.rotated", "key.retired"]
    assert end_retired() == 0


def test_without_an_overlap_the_old_key_ends_at_once(merchant, shop, nightly):
    old, old_text = nightly
    new_text = full_key(rotation(merchant, old, "none"))
    assert authenticate(old_text) is None
    assert authenticate(new_text)
    db.session.refresh(old)
    assert old.secret_box is None
    assert [key.id for key in ApiKey.of(shop)] == [holder(new_text).key_id]


def test_with_no_time_to_reveal_only_the_first_answers_show_a_key(app, merchant, shop):
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(update={"KEY_REVEAL_MINUTES": 0})
    try:
        typed = {"name": "Once", "expires": "90", "permission": "files:export", "request_id": "q0"}
        texts = [full_key(merchant.post(KEYS, data=typed))]
        assert "altera_" not in merchant.post(KEYS, data=typed).text.replace(preview(texts[0]), "")
        key_id = holder(texts[0]).key_id
        texts.append(full_key(rotation(merchant, key_id)))
        again = rotation(merchant, key_id).text + merchant.get(KEYS).text
        for text in texts:
            assert preview(text) in again and text not in again
            shown = merchant.get(f"{KEYS}{holder(text).key_id}/reveal").text
            assert text not in shown and preview(text) in shown
            assert authenticate(text)
    finally:
        app.config["SETTINGS"] = before
    assert [key.secret_box for key in ApiKey.of(shop)] == [None, None]


def test_a_plan_without_the_api_rotates_no_key_and_says_so_as_for_a_new_one(
    merchant, nightly, shop
):
    old, _ = nightly
    shop.plan = "Free"
    db.session.commit()
    for answer in (merchant.get(f"{KEYS}{old.id}/rotation"), rotation(merchant, old)):
        assert "API keys need the Pro plan." in answer.text
        assert "Rotate key" not in answer.text
    assert answer.status_code == 422
    assert "API keys need the Pro plan." in merchant.get(KEYS).text
    assert [key.id for key in ApiKey.of(shop)] == [old.id]
    db.session.refresh(old)
    assert not old.retiring and kinds() == []


def test_incident_9_rotation_lengthens_no_life_and_widens_nothing(merchant, nightly):
    old, _ = nightly
    ends = old.expires_at = now() + timedelta(hours=2)
    db.session.commit()
    data = {
        "overlap": "week",
        "request_id": "q1",
        "permission": "orders:export",
        "expires": "never",
        "name": "Other",
        "allowed_addresses": "",
        "calls_per_minute": "6000",
    }
    answer = merchant.post(f"{KEYS}{old.id}/rotation", data=data)
    new = caller_of(full_key(answer))
    db.session.refresh(old)
    assert old.retires_at == ends == new.expires_at == old.expires_at
    assert new.permissions == {"products:export", "files:import"}
    assert (new.name, new.allowed_addresses, new.calls_per_minute) == ("Nightly", "127.0.0.0/8", 42)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("expires_at", "has expired"),
        ("disabled_at", "is disabled"),
        ("retires_at", "already been rotated"),
    ],
)
def test_incident_9_a_key_that_is_over_or_retiring_is_not_rotated(merchant, nightly, column, words):
    old, _ = nightly
    ahead = timedelta(hours=1 if column == "retires_at" else -1)
    setattr(old, column, now() + ahead)
    db.session.commit()
    assert words in merchant.get(f"{KEYS}{old.id}/rotation").text
    answer = rotation(merchant, old)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalar(db.select(db.func.count(ApiKey.id))) == 1
    assert kinds() == []


def test_a_deleted_key_is_not_rotated(merchant, nightly):
    old, _ = nightly
    old.delete()
    db.session.commit()
    assert rotation(merchant, old).status_code == 404
    assert db.session.scalar(db.select(db.func.count(ApiKey.id))) == 1


def test_a_double_click_rotates_once(merchant, nightly):
    old, _ = nightly
    first, second = rotation(merchant, old), rotation(merchant, old)
    assert full_key(first) == full_key(second)
    assert rotation(merchant, old, request_id="another tab").status_code == 422
    assert db.session.scalar(db.select(db.func.count(ApiKey.id))) == 2
    assert kinds() == ["key.rotated"]


def test_an_overlap_that_is_not_offered_is_refused(merchant, nightly):
    old, text = nightly
    answer = rotation(merchant, old, "year")
    assert answer.status_code == 422
    assert "Choose how long" in answer.text
    assert authenticate(text)


@pytest.mark.both_databases
def test_rotations_at_the_same_time_make_one_key(app, shop, nightly):
    old = nightly[0].id
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda n: rotation(Merchant(app, ALICE), old, request_id=f"tab {n}").status_code,
                range(8),
            )
        )
    assert sorted(answers) == [200] + [422] * 7
    assert kinds() == ["key.rotated"]


def test_incident_10_the_old_key_of_a_pair_takes_nothing_from_the_new_one(merchant, nightly, app):
    old, old_text = nightly
    new_text = full_key(rotation(merchant, old, "none"))
    for _ in range(3):
        answer = app.test_client().get(
            "/api/v1/key", headers={"Authorization": f"Bearer {old_text}"}
        )
        assert answer.status_code == 401
    app.test_client().post("/api/v1/leaked-keys", json={"key": old_text})
    assert authenticate(new_text)


def test_incident_10_a_stranger_with_a_retiring_key_ends_that_one_only(merchant, nightly, app):
    old, old_text = nightly
    new_text = full_key(rotation(merchant, old))
    app.test_client().post("/api/v1/leaked-keys", json={"key": old_text})
    assert authenticate(old_text) is None
    assert authenticate(new_text)


def test_end_now_ends_the_old_key_only(merchant, nightly):
    old, old_text = nightly
    new_text = full_key(rotation(merchant, old))
    assert "End the old “Nightly” now?" in merchant.get(f"{KEYS}{old.id}/delete").text
    answer = merchant.delete(f"{KEYS}{old.id}")
    assert "Old API key ended" in answer.headers["HX-Trigger"]
    assert authenticate(old_text) is None
    assert authenticate(new_text)
    assert kinds() == ["key.rotated", "key.retired"]


def test_both_keys_of_a_pair_can_be_edited_under_their_common_name(merchant, nightly, shop):
    old, _ = nightly
    rotation(merchant, old)
    for key in ApiKey.of(shop):
        data = {"name": "Nightly", "expires": "keep", "permission": ["files:import"]}
        assert merchant.put(f"{KEYS}{key.id}", data=data).status_code == 200
    third = {"name": "nightly", "expires": "90", "permission": ["files:import"]}
    assert merchant.post(KEYS, data=third | {"request_id": "n"}).status_code == 422


def test_another_shop_may_use_the_same_names(merchant, nightly, other_shop):
    make_key(other_shop, "products:export", name="Weekly")
    assert edit(merchant, nightly[0], name="Weekly").status_code == 200


# -- disabling ---------------------------------------------------------------------------------


def test_a_disabled_key_works_again_when_it_is_enabled(merchant, nightly):
    key, full = nightly
    question = merchant.get(f"{KEYS}{key.id}/disabled")
    assert text(question, "h2") == "Disable “Nightly”?"
    assert authenticate(full) and kinds() == []
    answer = merchant.put(f"{KEYS}{key.id}/disabled")
    assert text(answer, ".badge.critical") == "Disabled"
    assert one(answer, "button[aria-label='Enable Nightly']")
    assert holder(full).over == "disabled"
    merchant.put(f"{KEYS}{key.id}/disabled")

    answer = merchant.delete(f"{KEYS}{key.id}/disabled")
    assert select(answer, ".badge.critical") == []
    assert authenticate(full)
    assert kinds() == ["key.disabled", "key.enabled"]


# -- limits in the dialog ----------------------------------------------------------------------


def edit(merchant, key, **changes):
    data = {"name": "Nightly", "expires": "keep", "permission": ["products:export"]}
    return merchant.put(f"{KEYS}{getattr(key, 'id', key)}", data=data | changes)


def test_addresses_and_calls_are_edited_kept_and_recorded(merchant, nightly, shop):
    key, text = nightly
    dialog = merchant.get(f"{KEYS}{key.id}/permissions")
    assert one(dialog, "#key-addresses").get_text().strip() == "127.0.0.0/8"
    assert one(dialog, "#key-calls")["value"] == "42"

    typed = "203.0.113.9/24\r\n2001:db8::1\r\n"
    answer = edit(merchant, key, allowed_addresses=typed, calls_per_minute="6000")
    assert "From 2 addresses only" in answer.text
    caller = holder(text)
    assert caller.allowed_addresses == "203.0.113.0/24 2001:db8::1"
    assert caller.calls_per_minute == 6000
    [activity] = db.session.scalars(db.select(Activity))
    assert activity.detail["addresses"] == ["203.0.113.0/24", "2001:db8::1"]
    assert activity.detail["calls_per_minute"] == 6000


def test_a_form_that_does_not_send_the_limits_leaves_them(merchant, nightly):
    key, text = nightly
    assert edit(merchant, key).status_code == 200
    assert (holder(text).allowed_addresses, holder(text).calls_per_minute) == ("127.0.0.0/8", 42)


def test_an_error_elsewhere_shows_the_limits_that_are_kept(merchant, nightly):
    key, _ = nightly
    answer = edit(merchant, key, name="x" * 61)
    assert answer.status_code == 422
    assert one(answer, "#key-addresses").get_text().strip() == "127.0.0.0/8"


def test_the_line_that_is_wrong_is_named_beside_the_field(merchant, nightly):
    key, text = nightly
    answer = edit(merchant, key, allowed_addresses="10.0.0.1\noffice")
    assert answer.status_code == 422
    assert "Line 2, “office”, is not an IP address." in answer.text
    field = one(answer, "#key-addresses[aria-invalid=true]")
    assert field.get_text().split() == ["10.0.0.1", "office"]
    assert "office" in one(answer, f"#{field['aria-describedby']}").get_text()
    assert holder(text).allowed_addresses == "127.0.0.0/8"


TOO_MANY = str(MOST_CALLS_PER_MINUTE + 1)


@pytest.mark.parametrize("typed", ["0", TOO_MANY, "-1", "1e3", "ten", "٣", "10.5"])
def test_calls_per_minute_go_from_1_to_the_most(merchant, nightly, typed):
    key, text = nightly
    answer = edit(merchant, key, calls_per_minute=typed)
    assert answer.status_code == 422
    assert f"Enter a number from 1 to {MOST_CALLS_PER_MINUTE:,}, or leave" in answer.text
    assert holder(text).calls_per_minute == 42


@pytest.mark.both_databases
def test_fifty_edits_at_the_same_time_leave_one_result_and_a_whole_trail(app, shop, nightly):
    key, text = nightly
    key_id = key.id

    def change(number):
        return edit(Merchant(app, ALICE), key_id, calls_per_minute=str(1000 + number)).status_code

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(change, range(50))) == [200] * 50
    db.session.expire_all()
    trail = list(db.session.scalars(db.select(Activity).order_by(Activity.id)))
    assert len(trail) == 50
    assert {a.detail["calls_per_minute"] for a in trail} == set(range(1000, 1050))
    assert trail[-1].detail["calls_per_minute"] == holder(text).calls_per_minute
    assert [a for a in trail if "removed" in a.detail] == trail[:1]


# -- what the page says ------------------------------------------------------------------------


def test_deleting_a_key_in_use_warns(merchant, nightly):
    key, _ = nightly
    key.last_used_at, key.last_address = now() - timedelta(days=6), "203.0.113.7"
    key.last_client = "altera-cli/1"
    db.session.commit()
    for question in ("delete", "disabled"):
        shown = text(merchant.get(f"{KEYS}{key.id}/{question}"))
        assert "Still in use: last used 6 days ago from 203.0.113.7 with altera-cli/1." in shown
    key.last_used_at = now() - timedelta(days=8)
    db.session.commit()
    assert "Still in use" not in merchant.get(f"{KEYS}{key.id}/delete").text


def test_a_guides_link_suggests_a_filled_dialog_and_makes_nothing(merchant, shop):
    page = merchant.get(f"{KEYS}?preset=files")
    assert text(page, "#suggested") == "Create API Key with File management"
    assert select(page, "dialog") == []
    dialog = merchant.get(f"{KEYS}new?preset=files")
    assert len(select(dialog, "input[name=permission][checked]")) == 2
    assert ApiKey.of(shop) == []


@pytest.mark.parametrize("preset", ["clear", "nonsense", "<b>", ""])
def test_a_link_to_no_scenario_suggests_nothing(merchant, preset):
    page = merchant.get(KEYS, query_string={"preset": preset})
    assert text(page, "#suggestion") == "" and select(page, "b") == []


# -- another shop ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "{}/rotation"),
        ("GET", "{}/disabled"),
        ("POST", "{}/rotation"),
        ("PUT", "{}/disabled"),
        ("DELETE", "{}/disabled"),
    ],
)
def test_another_shops_key_is_not_there(stranger, nightly, method, path):
    key, text = nightly
    data = {"overlap": "none", "request_id": "bob", "shop_id": key.shop_id}
    answer = stranger._send(method, KEYS + path.format(key.id), data=data)
    assert answer.status_code == 404
    assert "Nightly" not in answer.text
    assert authenticate(text)
    assert kinds() == []


def test_a_rotation_replaces_no_key_of_another_shop(nightly, other_shop):
    """Even past the page, which finds only its own shop's keys."""
    key, text = nightly
    assert rotate(other_shop, key, timedelta(0), created_by="8811", request_id=None) is None
    db.session.commit()
    assert authenticate(text)


def test_a_request_id_of_another_shop_shows_no_key(merchant, stranger, nightly, other_shop):
    key, _ = nightly
    text = full_key(rotation(merchant, key, request_id="shared"))
    bobs, _ = make_key(other_shop, "files:export", name="Bobs")
    answer = rotation(stranger, bobs, request_id="shared")
    assert answer.status_code == 200
    assert text not in answer.text
    assert full_key(answer) != text
