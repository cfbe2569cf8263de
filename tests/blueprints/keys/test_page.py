"""Settings > API Keys: what a merchant does there, and what another shop's merchant may not."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from models import db, now
from models.activity import Activity
from models.api_key import MOST_CALLS_PER_MINUTE, ApiKey
from models.notice import Notice
from tests.cast import ALICE, Merchant, authenticate, caller_of, make_key, make_shop, shop_of
from tests.markup import one, select, text
from transfer.permissions import EXPORTS, IMPORTS, PERMISSIONS

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
    assert one(alice.get(PAGE), "#create-key button[disabled]")["aria-describedby"] == "create-why"

    answer = alice.put(EMAIL, data={"email": " ops@MyStore.com "})

    assert answer.status_code == 200
    assert "Email saved" in answer.headers["HX-Trigger"]
    assert one(answer, "#email")["value"] == "ops@mystore.com"
    for place in ("#create-key", "#create-workload"):
        assert one(answer, f"hx-partial[hx-target='{place}'] button:not([disabled])")
    assert select(alice.get(PAGE), "#create-key button[disabled]") == []


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
    field = one(answer, "#email[aria-invalid=true]")
    assert field["value"] == address.strip()
    assert one(answer, f"#{field['aria-describedby']}").get_text()
    assert select(answer, "script") == []
    db.session.expire_all()
    assert shop_of(ALICE).contact_email == "ops@example.com"


# -- making a key ------------------------------------------------------------------------------


def test_create_shows_the_key_and_stores_only_its_digest(merchant):
    answer = merchant.post(KEYS, data=form())

    [text] = re.findall(r"altera_\w{46}", answer.text)
    [key] = keys()
    assert caller_of(text).key_id == key.id
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
    assert one(answer, "input[name=name]")["value"] == "Nightly"
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
    assert "Unknown permission." in answer.text
    assert keys() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "a\x07b"}, "letters, digits"),
        ({"expires": "soon"}, "Choose when"),
        ({"expires": "date", "day": "2001-01-01"}, "today or a later day"),
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
    for page in (answer, merchant.get(PAGE)):
        assert select(page, "img") == []
        assert text(page, "td.name > strong") == name


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
    return {box["value"] for box in select(answer, "input[name=permission][checked]")}


def test_the_dialog_lists_19_types_and_36_boxes(merchant):
    answer = merchant.get("/settings/keys/new")
    assert len(select(answer, "input[name=permission]")) == 36
    assert len(select(answer, ".grants tbody th[scope=row]")) == 19
    assert answer.text.count("Export only") == 2
    assert one(answer, "input[aria-label='Draft Orders: import']")["value"] == "draft_orders:import"
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
        box = one(answer, "input[aria-label='Import: all']")
        return box.has_attr("checked"), box.has_attr("data-some")

    assert header([]) == (False, False)
    assert header(["files:import"]) == (False, True)
    assert header(list(IMPORTS)) == (True, False)


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
    assert caller_of(text).permissions == {"files:export"}
    assert "Narrow" in answer.text


def test_what_another_tab_saved_is_not_undone_unseen(merchant, shop):
    key, text = make_key(shop, "products:export", name="Nightly")
    path = f"{KEYS}{key.id}"
    stale, fresh = (
        {"version": one(merchant.get(f"{path}/permissions"), "[name=version]")["value"]}
        for _ in range(2)
    )
    assert merchant.put(path, data=form(permission=["files:export"]) | fresh).status_code == 200

    told = merchant.put(path, data=form(permission=["orders:export"]) | stale)
    assert told.status_code == 422 and "Save again to replace that" in told.text
    assert ticked(told) == {"orders:export"}
    assert caller_of(text).permissions == {"files:export"}

    assert [found["type"] for found in select(told, "[data-focus]")] == ["submit"]
    seen = {"version": one(told, "[name=version]")["value"]}
    assert merchant.put(path, data=form(permission=["orders:export"]) | seen).status_code == 200
    assert caller_of(text).permissions == {"orders:export"}


def test_a_change_to_nothing_is_refused_and_keeps_what_was(merchant, shop):
    key, text = make_key(shop, "products:export")
    answer = merchant.put(f"{KEYS}{key.id}", data={"name": "n", "expires": "keep"})
    assert answer.status_code == 422
    assert caller_of(text).permissions == {"products:export"}


def test_the_eye_shows_the_full_key_until_its_time_is_over(merchant, shop):
    key, text = make_key(shop, "products:export")
    shown = merchant.get(f"{KEYS}{key.id}/reveal")
    assert text in shown.text
    assert one(shown, "button[aria-label='Hide key']")
    assert text not in merchant.get(f"{KEYS}{key.id}/hide").text

    key.reveal_until = now() - timedelta(seconds=1)
    db.session.commit()
    over = merchant.get(f"{KEYS}{key.id}/reveal")
    assert text not in over.text
    assert key.preview in over.text
    assert "The full key is no longer stored." in over.text


def test_who_saw_the_full_key_is_recorded(merchant, shop):
    key, _ = make_key(shop, "products:export", name="Nightly")
    merchant.get(f"{KEYS}{key.id}/reveal")
    key.reveal_until = now() - timedelta(seconds=1)
    db.session.commit()
    merchant.get(f"{KEYS}{key.id}/reveal")
    [shown] = db.session.scalars(db.select(Activity).filter_by(shop_id=shop.id))
    assert (shown.kind, shown.subject, shown.key_id) == ("key.revealed", "Nightly", key.id)


def test_delete_asks_with_name_and_last_use_and_then_ends_the_key(merchant, shop):
    key, full = make_key(shop, "products:export", name="Nightly backup")
    key.last_used_at = now() - timedelta(minutes=4)
    db.session.commit()
    question = merchant.get(f"{KEYS}{key.id}/delete")
    assert "Delete “Nightly backup”?" in question.text
    assert "Still in use: last used 4 minutes ago." in text(question)
    assert authenticate(full)

    answer = merchant.delete(f"{KEYS}{key.id}")

    assert answer.status_code == 200
    assert "No keys yet" in answer.text
    assert authenticate(full) is None


def test_a_key_deleted_in_another_tab_is_told_and_the_list_is_fresh(merchant, shop):
    key, _ = make_key(shop, "products:export")
    merchant.delete(f"{KEYS}{key.id}")
    answer = merchant.delete(f"{KEYS}{key.id}")
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#keys"
    assert "no longer exists" in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "{}/permissions"),
        ("GET", "{}/reveal"),
        ("GET", "{}/hide"),
        ("GET", "{}/delete"),
        ("PUT", "{}"),
        ("DELETE", "{}"),
    ],
)
def test_another_shops_key_is_not_there(stranger, shop, method, path):
    key, text = make_key(shop, "products:export", name="Alices")
    answer = stranger._send(method, KEYS + path.format(key.id), data=form(name="Mine"))
    assert answer.status_code == 404
    assert "Alices" not in answer.text
    assert caller_of(text).permissions == {"products:export"}


# -- the page ----------------------------------------------------------------------------------


def test_the_page_shows_the_two_commands_for_this_shop(merchant):
    page = merchant.get(PAGE)
    assert text(page, "#command-add").startswith(f"npx altera shop add {ALICE} --url http")
    assert text(page, "#command-test") == "npx altera shop test"


def test_a_new_key_has_no_limits_and_one_without_a_limit_shows_none(merchant):
    dialog = merchant.get("/settings/keys/new")
    assert one(dialog, "#key-calls")["value"] == ""
    assert (
        text(dialog, ".fold:has(#key-calls) summary") == "Limits: from any address, no rate limit"
    )
    limits = {"allowed_addresses": "", "calls_per_minute": ""}
    assert merchant.post(KEYS, data=form(**limits)).status_code == 200
    [key] = keys()
    assert key.calls_per_minute == MOST_CALLS_PER_MINUTE
    assert one(merchant.get(f"{KEYS}{key.id}/permissions"), "#key-calls")["value"] == ""


def test_of_a_key_that_exists_only_the_permissions_are_unfolded(merchant, shop):
    key, _ = make_key(shop, "products:export", days=None)
    dialog = merchant.get(f"{KEYS}{key.id}/permissions")
    [fold] = select(dialog, "details:has(#key-name)")
    assert not fold.has_attr("open") and fold.select("#key-calls")
    summary = "Name and limits: never expires, from any address, no rate limit"
    assert text(dialog, ".fold:has(#key-calls) summary") == summary
    refused = merchant.put(f"{KEYS}{key.id}", data=form(name="x" * 61, expires="keep"))
    assert select(refused, "details[open]:has(#key-name)")


def test_the_card_is_fetched_again_only_after_a_change_elsewhere(merchant, shop):
    make_key(shop, "products:export", name="Here")

    def refresh(page):
        return merchant.get(one(page, "#keys")["hx-get"])

    page = merchant.get(PAGE)
    assert (refresh(page).status_code, refresh(page).text) == (204, "")
    make_key(shop, "products:export", name="There")
    fresh = refresh(page)
    assert [name.get_text() for name in select(fresh, "td.name > strong")] == ["There", "Here"]
    assert refresh(fresh).status_code == 204
    shop.plan = "Free"
    db.session.commit()
    assert one(refresh(fresh), "#create-key button[disabled]")


def test_another_shops_keys_are_not_in_the_refreshed_card(stranger, shop):
    make_key(shop, "products:export", name="Alices")
    assert "Alices" not in stranger.get("/settings/keys/card").text


def test_a_plan_that_changed_elsewhere_is_told_at_the_click_on_create(merchant, shop):
    shop.plan = "Free"
    db.session.commit()
    answer = merchant.get("/settings/keys/new")
    assert answer.headers["HX-Retarget"] == "#keys"
    assert text(answer, "[role=alert]") == "API keys need the Pro plan."
    assert one(answer, "#create-key button[disabled]") and select(answer, "dialog") == []


@pytest.mark.both_databases
def test_a_hundred_keys_take_at_most_four_statements(merchant, shop):
    for number in range(100):
        make_key(shop, "products:export", name=f"Key {number}")
    shop.plan_checked_at = now()  # the keys may take longer than a plan counts as known
    db.session.commit()
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


# -- how its imports are applied, and its label ------------------------------------------------


def test_a_key_gets_a_label_and_a_way_in_which_its_imports_are_applied(merchant):
    more = {"environment": "staging", "imports": "approval", "limit_deletes": "3"}
    answer = merchant.post(KEYS, data=form(permission=["products:import"], **more))
    assert answer.status_code == 200
    [key] = keys()
    assert (key.environment, key.imports, key.import_limits["deletes"]) == (
        "staging",
        "approval",
        3,
    )
    page = merchant.get(PAGE)
    assert one(page, ".keys .badge.staging").get_text() == "Staging"
    assert "Imports: Wait for approval" in text(page)
    dialog = merchant.get(f"/settings/keys/{key.id}/permissions")
    assert one(dialog, "#key-imports option[selected]")["value"] == "approval"
    assert one(dialog, "#limit-deletes")["value"] == "3"
    assert one(dialog, "#limit-replaced")["value"] == "0"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("environment", "prod"),
        ("imports", "always"),
        ("limit_deletes", "-1"),
        ("limit_deletes", "1000001"),
        ("limit_stock_percent", "101"),
        ("limit_replaced", "٣"),
    ],
)
def test_a_wrong_choice_or_number_stands_beside_its_field(merchant, field, typed):
    answer = merchant.post(KEYS, data=form(**{field: typed}))
    assert answer.status_code == 422
    wrong = one(answer, f"[name={field}][aria-invalid=true]")
    assert one(answer, f"#{field}-error").get_text()
    assert wrong["aria-describedby"] == f"{field}-error"
    assert keys() == []


def last_change() -> Activity:
    query = db.select(Activity).filter_by(kind="key.changed").order_by(Activity.id.desc())
    return db.session.scalars(query.limit(1)).one()


def test_a_change_of_its_imports_is_recorded_and_mailed_where_more_is_allowed(merchant, shop):
    key, _ = make_key(shop, "products:import")
    path, same = f"/settings/keys/{key.id}", form(expires="keep", permission=["products:import"])

    def mails() -> int:
        return db.session.scalar(db.select(db.func.count()).select_from(Notice)) or 0

    def save(**changes: str) -> dict[str, object]:
        assert merchant.put(path, data=same | changes).status_code == 200
        return last_change().detail

    detail = save(imports="approval", limit_deletes="3", environment="production")
    assert detail == {
        "imports": "approval",
        "import_limits": {"deletes": 3},
        "environment": "production",
    }
    assert mails() == 0
    assert save(imports="within_limits")["loosened"] and mails() == 1
    assert save(limit_deletes="4")["import_limits"] == {"deletes": 4} and mails() == 2
    said = text(merchant.get("/settings/activity/"))
    assert "imports: Wait for approval" in said and "Objects that are deleted: 3" in said
    assert "label: Production" in said


def test_another_shops_merchant_loosens_no_imports(stranger, shop):
    key, _ = make_key(shop, "products:import")
    key.imports = "approval"
    db.session.commit()
    stranger.put(f"/settings/keys/{key.id}", data=form(imports="apply"))
    assert keys()[0].imports == "approval"


def test_what_a_form_leaves_out_stays_as_it_is(merchant, shop):
    key, _ = make_key(shop, "products:import")
    key.imports, key.import_limits_text, key.environment = "approval", "deletes=3", "staging"
    db.session.commit()
    merchant.put(f"/settings/keys/{key.id}", data=form(expires="keep", name="Other"))
    [key] = keys()
    kept = (key.imports, key.import_limits_text, key.environment)
    assert kept == ("approval", "deletes=3", "staging")
