"""Settings > API Keys: what a merchant does there, and what another shop's merchant may not."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from models.shop import Shop
from tests.cast import ALICE, Merchant, authenticate, make_key, make_shop
from transfer.permissions import EXPORTS, IMPORTS, PERMISSIONS

pytestmark = pytest.mark.both_databases

PAGE, KEYS, EMAIL = "/settings/keys/", "/settings/keys/", "/settings/email"
NEW = {"name": "Nightly", "expires": "90", "permission": ["products:export"], "request_id": "r1"}


def form(**changes):
    return NEW | changes


def keys():
    db.session.expire_all()
    return list(db.session.scalars(db.select(ApiKey).filter_by(deleted_at=None)))


# -- the notification email --------------------------------------------------------------------


def test_an_address_is_saved_and_makes_keys_possible(app):
    make_shop(ALICE, contact_email=None)
    alice = Merchant(app, ALICE)
    assert "disabled aria-describedby" in alice.get(PAGE).text

    answer = alice.put(EMAIL, data={"email": " ops@MyStore.com "})

    assert answer.status_code == 200
    assert "Email saved" in answer.headers["HX-Trigger"]
    assert 'value="ops@mystore.com"' in answer.text
    assert 'hx-target="#create-key"' in answer.text
    assert "disabled aria-describedby" not in alice.get(PAGE).text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ops",
        "ops@@mystore",
        "@mystore.com",
        "a b@mystore.com",
        "ops@mystore",
        "x@y.com\nBcc: z",
        "<script>@x.com",
        "a" * 65 + "@mystore.com",
        "jürgen@mystore.com",
        "ops@" + "m" * 300 + ".com",
    ],
)
def test_a_wrong_address_is_an_error_beside_the_field_and_nothing_is_saved(merchant, address):
    answer = merchant.put(EMAIL, data={"email": address})

    assert answer.status_code == 422
    assert 'aria-invalid="true" aria-describedby="email-error"' in answer.text
    assert "<script>@" not in answer.text
    db.session.expire_all()
    assert Shop.of_domain(ALICE).contact_email == "ops@example.com"


# -- making a key ------------------------------------------------------------------------------


def test_create_shows_the_key_and_stores_only_its_digest(merchant):
    answer = merchant.post(KEYS, data=form())

    [text] = re.findall(r"altera_\w{46}", answer.text)
    [key] = keys()
    assert authenticate(text).key_id == key.id
    assert (key.name, key.created_by, key.permissions) == ("Nightly", "8811", {"products:export"})
    assert "Copy the new key now." in answer.text
    assert "API key created" in answer.headers["HX-Trigger"]
    assert text not in merchant.get(PAGE).text
    assert key.preview in merchant.get(PAGE).text


def test_without_a_saved_address_the_server_refuses_too(app):
    make_shop(ALICE, contact_email=None)
    answer = Merchant(app, ALICE).post(KEYS, data=form())
    assert answer.status_code == 422
    assert "Save a notification email first." in answer.text
    assert keys() == []


def test_nothing_ticked_is_an_error_and_no_key(merchant):
    answer = merchant.post(KEYS, data=form(permission=[]))
    assert answer.status_code == 422
    assert "Tick at least one permission." in answer.text
    assert 'value="Nightly"' in answer.text
    assert keys() == []


@pytest.mark.parametrize(
    "permission",
    [
        "events:import",
        "payouts:import",
        "products",
        "*",
        "products:export ",
        "PRODUCTS:EXPORT",
        "products:export orders:export",
        "products:delete",
        "",
        "orders_drafts:export",
    ],
)
def test_a_permission_that_does_not_exist_makes_no_key(merchant, permission):
    answer = merchant.post(KEYS, data=form(permission=["products:export", permission]))
    assert answer.status_code == 422
    assert "no such permission" in answer.text
    assert keys() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "a\x07b"}, "letters, digits"),
        ({"expires": "soon"}, "Choose when"),
        ({"expires": "date", "day": "2001-01-01"}, "not over yet"),
        ({"expires": "date", "day": ""}, "last day"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(merchant, change, words):
    answer = merchant.post(KEYS, data=form(**change))
    assert answer.status_code == 422
    assert words in answer.text
    assert keys() == []


def test_a_name_is_unique_among_the_shops_keys(merchant, other_shop):
    make_key(other_shop, "products:export", name="Nightly")
    assert merchant.post(KEYS, data=form()).status_code == 200
    assert merchant.post(KEYS, data=form(request_id="r2", name="nightly")).status_code == 422


@pytest.mark.parametrize("alike", ["Cafe\u0301 sync", "Café  sync", " Café sync "])
def test_two_keys_do_not_have_names_that_look_the_same(merchant, alike):
    assert merchant.post(KEYS, data=form(name="Café sync")).status_code == 200
    assert merchant.post(KEYS, data=form(request_id="r2", name=alike)).status_code == 422


def test_a_key_without_a_name_is_called_key_1(merchant):
    merchant.post(KEYS, data=form(name="  "))
    assert [key.name for key in keys()] == ["Key 1"]


def test_markup_in_a_name_is_shown_as_text(merchant):
    name = "<img src=x onerror=alert(1)>\"'&"
    answer = merchant.post(KEYS, data=form(name=name))
    assert answer.status_code == 200
    for text in (answer.text, merchant.get(PAGE).text):
        assert "<img" not in text
        assert "&lt;img" in text


def test_a_double_click_makes_one_key(merchant):
    first, second = (merchant.post(KEYS, data=form()) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(keys()) == 1
    assert re.findall(r"altera_\w{46}", first.text) == re.findall(r"altera_\w{46}", second.text)


def test_extra_fields_are_ignored(merchant, other_shop):
    extra = {"shop_id": other_shop.id, "created_by": "1", "id": 7, "digest": "x", "user_id": 1}
    merchant.post(KEYS, data=form(**extra))
    [key] = keys()
    assert key.shop_id != other_shop.id
    assert key.created_by == "8811"


# -- the dialog: the server owns the ticks -----------------------------------------------------


def ticked(answer):
    boxes = re.findall(
        r'<input type="checkbox" name="permission" value="(\S+)"[^>]*?( checked)', answer.text
    )
    return {permission for permission, _ in boxes}


def test_the_dialog_lists_19_types_and_36_boxes(merchant):
    answer = merchant.get("/settings/keys/new")
    assert len(re.findall(r'name="permission"', answer.text)) == 36
    assert answer.text.count("Export only") == 2
    assert 'aria-label="Draft Orders: import"' in answer.text
    assert ticked(answer) == set()


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("files", {"files:export", "files:import"}),
        ("products", {"products:export", "products:import", "files:export"}),
        ("read-only", set(EXPORTS)),
        ("full", set(PERMISSIONS)),
        ("clear", set()),
    ],
)
def test_the_scenarios_of_the_guide_are_one_click(merchant, preset, expected):
    answer = merchant.post("/settings/keys/grants", query_string={"preset": preset}, data=form())
    assert ticked(answer) == expected
    assert f"{len(expected)} of 36 permissions" in answer.text


def test_a_column_header_ticks_and_clears_its_column_only(merchant):
    url, column = "/settings/keys/grants", {"column": "export"}
    mixed = form(permission=["files:import", "orders:export"])
    answer = merchant.post(url, query_string=column, data=mixed | {"all": ["export"]})
    assert ticked(answer) == {"files:import", *EXPORTS}
    answer = merchant.post(url, query_string=column, data=mixed)
    assert ticked(answer) == {"files:import"}


def test_a_header_has_three_states(merchant):
    def header(permissions):
        answer = merchant.post("/settings/keys/grants", data=form(permission=permissions))
        return re.search(r'aria-label="Import: all" ?([a-z-]*)', answer.text)[1]

    assert header([]) == ""
    assert header(["files:import"]) == "data-some"
    assert header(list(IMPORTS)) == "checked"


def test_ticking_saves_nothing(merchant):
    merchant.post("/settings/keys/grants", query_string={"preset": "full"}, data=form())
    assert keys() == []


# -- changing, revealing, deleting -------------------------------------------------------------


def test_a_change_bites_at_the_next_call(merchant, shop):
    key, text = make_key(shop, "products:export", "redirects:import")
    dialog = merchant.get(f"{KEYS}{key.id}/permissions")
    assert ticked(dialog) == {"products:export", "redirects:import"}

    answer = merchant.put(
        f"{KEYS}{key.id}",
        data={"name": "Narrow", "expires": "keep", "permission": ["files:export"]},
    )

    assert answer.status_code == 200
    assert authenticate(text).permissions == {"files:export"}
    assert "Narrow" in answer.text


def test_a_change_to_nothing_is_refused_and_keeps_what_was(merchant, shop):
    key, text = make_key(shop, "products:export")
    answer = merchant.put(f"{KEYS}{key.id}", data={"name": "n", "expires": "keep"})
    assert answer.status_code == 422
    assert authenticate(text).permissions == {"products:export"}


def test_the_eye_shows_the_full_key_until_its_time_is_over(merchant, shop):
    key, text = make_key(shop, "products:export")
    shown = merchant.get(f"{KEYS}{key.id}/reveal")
    assert text in shown.text
    assert 'aria-label="Hide key"' in shown.text
    assert text not in merchant.get(f"{KEYS}{key.id}/hide").text

    key.reveal_until = now() - timedelta(seconds=1)
    db.session.commit()
    over = merchant.get(f"{KEYS}{key.id}/reveal")
    assert text not in over.text
    assert key.preview in over.text
    assert "Only the preview is kept now." in over.text


def test_who_saw_the_full_key_is_recorded(merchant, shop):
    key, _ = make_key(shop, "products:export", name="Nightly")
    merchant.get(f"{KEYS}{key.id}/reveal")
    key.reveal_until = now() - timedelta(seconds=1)
    db.session.commit()
    merchant.get(f"{KEYS}{key.id}/reveal")
    [shown] = db.session.scalars(db.select(Activity).filter_by(shop_id=shop.id))
    assert (shown.kind, shown.subject, shown.key_id) == ("key.revealed", "Nightly", key.id)


def test_delete_asks_with_name_and_last_use_and_then_ends_the_key(merchant, shop):
    key, text = make_key(shop, "products:export", name="Nightly backup")
    key.last_used_at = now() - timedelta(minutes=4)
    db.session.commit()
    question = merchant.get(f"{KEYS}{key.id}/delete")
    assert "Delete “Nightly backup”?" in question.text
    assert "4 minutes ago" in question.text
    assert "Nightly backup" in merchant.get(f"{KEYS}{key.id}/row").text

    answer = merchant.delete(f"{KEYS}{key.id}")

    assert answer.status_code == 200
    assert "No keys yet" in answer.text
    assert authenticate(text) is None


def test_a_key_deleted_in_another_tab_is_told_and_the_list_is_fresh(merchant, shop):
    key, _ = make_key(shop, "products:export")
    merchant.delete(f"{KEYS}{key.id}")
    answer = merchant.delete(f"{KEYS}{key.id}")
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#keys"
    assert "no longer here" in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "{}/permissions"),
        ("GET", "{}/reveal"),
        ("GET", "{}/hide"),
        ("GET", "{}/delete"),
        ("GET", "{}/row"),
        ("PUT", "{}"),
        ("DELETE", "{}"),
    ],
)
def test_another_shops_key_is_not_there(stranger, shop, method, path):
    key, text = make_key(shop, "products:export", name="Alices")
    answer = stranger._send(method, KEYS + path.format(key.id), data=form(name="Mine"))
    assert answer.status_code == 404
    assert "Alices" not in answer.text
    assert authenticate(text).permissions == {"products:export"}


# -- the page ----------------------------------------------------------------------------------


def test_the_page_shows_the_two_commands_for_this_shop(merchant):
    text = merchant.get(PAGE).text
    assert f'npx altera shop add {ALICE} <span class="flag">--url</span> http' in text
    assert "npx altera shop test" in text


def test_a_hundred_keys_take_at_most_four_statements(merchant, shop):
    for number in range(100):
        make_key(shop, "products:export", name=f"Key {number}")
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    assert merchant.get(PAGE).status_code == 200
    assert 0 < len(statements) <= 4


def test_an_expired_key_says_so(merchant, shop):
    key, _ = make_key(shop, "products:export")
    key.expires_at = now() - timedelta(days=1)
    db.session.commit()
    assert "Expired" in merchant.get(PAGE).text


def test_a_body_of_ten_megabytes_is_refused(merchant):
    answer = merchant.post(KEYS, data={"name": "x" * 10_000_000})
    assert answer.status_code == 413
    assert keys() == []
