"""Who comes in, and what those hear who do not."""

import re
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from models import db
from models.api_key import ApiKey
from models.import_limits import DEFAULTS
from shopify.id_token import LEEWAY
from tests.cast import (
    ALICE,
    BOB,
    CLIENT_SECRET,
    FETCH,
    Merchant,
    Script,
    id_token,
    make_key,
    shop_of,
)
from tests.markup import select
from tests.shopify.test_oracles import OLD_SECRET, address
from tests.test_review import PAGES

PAGE = "/settings/keys/"
RETRY = "X-Shopify-Retry-Invalid-Session-Request"
NEW_SHOP = "newcomer.myshopify.com"


def document(app, **query):
    return app.test_client().get(PAGE, query_string=query)


# -- merchants ---------------------------------------------------------------------------------


def test_a_document_comes_in_with_the_token_in_its_address(app, shop):
    answer = document(app, shop=ALICE, id_token=id_token(ALICE))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_document_without_a_good_token_goes_over_the_bounce_page(app, shop):
    answer = document(app, shop=ALICE, host="aG9zdA", id_token="stale")
    assert answer.status_code == 302
    target = urlsplit(answer.location)
    query = parse_qs(target.query)
    assert target.path == "/auth/id-token"
    assert query["shop"] == [ALICE]
    [again] = query["shopify-reload"]
    assert re.fullmatch(rf"{PAGE}\?shop={ALICE}&host=aG9zdA&bounced=\d+", again)
    assert "stale" not in answer.location

    page = app.test_client().get(answer.location)
    assert page.status_code == 200
    assert "app-bridge.js" in page.text
    assert (
        f"frame-ancestors https://{ALICE} https://admin.shopify.com"
        in page.headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize("wrong", [-300, 300], ids=["clock ahead", "clock behind"])
def test_a_clock_that_is_wrong_ends_in_words_not_in_a_circle(app, shop, wrong, caplog):
    """Shopify's fresh token is over, or not yet good, for a server whose clock is wrong."""
    moment = int(time.time()) + wrong
    fresh = {"shop": ALICE, "id_token": id_token(ALICE, exp=moment + 60, nbf=moment, iat=moment)}
    first = document(app, **fresh)
    assert first.status_code == 302 and caplog.text == ""
    [again] = parse_qs(urlsplit(first.location).query)["shopify-reload"]
    answer = app.test_client().get(f"{again}&id_token={fresh['id_token']}")
    assert answer.status_code == 401
    assert "Open Altera" in answer.text
    assert "see the clock" in caplog.text and fresh["id_token"] not in caplog.text


def test_a_page_that_was_bounced_long_ago_goes_over_the_bounce_page_again(app, shop):
    answer = document(app, shop=ALICE, bounced=str(int(time.time()) - 60), id_token="stale")
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        {"shop": "evil.example *", "shopify-reload": "/"},
        {"shop": "evil.example\r\nX: y", "shopify-reload": "/"},
        {"shop": ALICE, "shopify-reload": "//evil.example"},
        {"shop": ALICE, "shopify-reload": "/\\evil.example"},
        {"shop": ALICE, "shopify-reload": "/\t/evil.example"},
        {"shop": ALICE, "shopify-reload": "/.//evil.example"},
        {"shop": ALICE, "shopify-reload": "/a/..\\/evil.example"},
        {"shop": ALICE, "shopify-reload": "https://evil.example"},
        {"shop": ALICE},
        {},
    ],
    ids=str,
)
def test_the_bounce_page_bounces_nobody_elsewhere(app, query):
    answer = app.test_client().get("/auth/id-token", query_string=query)
    assert answer.status_code == 400
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["endpoint", "_external", "_scheme", "_anchor", "_method"])
def test_no_parameter_of_an_address_is_taken_for_our_own(app, name):
    for path in ("/", PAGE):
        answer = app.test_client().get(path, query_string={"shop": ALICE, name: "evil"})
        assert answer.status_code == 302
        assert answer.location.startswith("/") and f"{name}=evil" in answer.location


@pytest.mark.parametrize(("changed", "status"), [({}, 302), ({"locale": "de"}, 401)])
def test_an_address_that_shopify_signed_has_to_be_as_it_was(app, changed, status):
    old = address(age=3600, host="aG9zdA", id_token="stale")
    answer = document(app, **old | changed)
    assert answer.status_code == status
    assert not {"hmac", "timestamp", "id_token"} & parse_qs(answer.location or "").keys()
    assert old["hmac"] not in (answer.location or "")


def test_a_token_of_the_secret_before_is_good_during_a_rotation(app, shop):
    token, settings = id_token(ALICE, secret=OLD_SECRET), app.config["SETTINGS"]
    assert document(app, shop=ALICE, id_token=token).status_code == 302
    app.config["SETTINGS"] = settings.model_copy(update={"SHOPIFY_OLD_CLIENT_SECRET": OLD_SECRET})
    try:
        assert document(app, shop=ALICE, id_token=token).status_code == 200
        assert document(app, shop=ALICE, id_token=id_token(ALICE)).status_code == 200
    finally:
        app.config["SETTINGS"] = settings


def test_every_address_of_a_page_keeps_shop_and_host(app, merchant):
    """Fragments too: what comes to a page by fetch knows the page's parameters."""
    page = f"http://localhost{PAGE}?shop={ALICE}&host=aG9zdA&id_token=stale&locale=en"
    headers = {"HX-Request": "true", "HX-Current-URL": page}
    answers = [
        document(app, shop=ALICE, host="aG9zdA", id_token=id_token(ALICE)),
        *(merchant.get(path, headers=headers) for path in PAGES),
    ]
    for answer in answers:
        links = [link["href"] for link in select(answer, "[href^='/settings/']")]
        assert links
        for link in links:
            query = parse_qs(urlsplit(str(link)).query)
            assert (query["shop"], query["host"]) == ([ALICE], ["aG9zdA"])
            assert "id_token" not in query


@pytest.mark.parametrize("token", ["", "garbage", id_token(ALICE, secret="z" * 64)])
def test_a_fetch_without_a_good_token_is_asked_to_try_again(app, shop, token):
    headers = FETCH | {"Authorization": f"Bearer {token}"}
    answer = app.test_client().get(PAGE, headers=headers)
    assert answer.status_code == 401
    assert answer.headers[RETRY] == "1"
    assert token == "" or token not in answer.text


def test_an_expired_token_is_asked_to_try_again(app, shop):
    stale = id_token(ALICE, exp=int(time.time()) - LEEWAY - 5)
    answer = app.test_client().get(PAGE, headers={"Authorization": f"Bearer {stale}"})
    assert (answer.status_code, answer.headers[RETRY]) == (401, "1")


def test_a_shop_in_the_address_that_is_not_the_tokens_is_refused(app, shop, other_shop):
    assert document(app, shop=BOB, id_token=id_token(ALICE)).status_code == 400


def test_nobody_at_all_is_told_to_open_the_app_from_shopify(app):
    answer = app.test_client().get(PAGE)
    assert answer.status_code == 401
    assert "Open Altera from Shopify" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_first_visit_exchanges_the_token_and_learns_the_shops_name(app, standin):
    assert Merchant(app, NEW_SHOP).get(PAGE).status_code == 200

    shop = shop_of(NEW_SHOP)
    assert shop.access_token and shop.access_token.startswith("shpat_")
    assert shop.name
    assert not shop.needs_token()
    row = db.session.execute(db.text("SELECT * FROM shops")).one()
    assert shop.access_token not in str(row._mapping)
    kept = shop.access_token
    assert Merchant(app, NEW_SHOP).get(PAGE).status_code == 200
    db.session.expire_all()
    assert shop_of(NEW_SHOP).access_token == kept


def test_the_home_page_leads_to_the_keys_and_keeps_every_parameter(app):
    answer = app.test_client().get("/?shop=x&host=y&id_token=z&embedded=1")
    assert answer.status_code == 302
    assert answer.location == f"{PAGE}?shop=x&host=y&id_token=z&embedded=1"


# -- programs ----------------------------------------------------------------------------------


def test_a_key_says_whose_it_is_what_it_may_do_and_until_when(script):
    [key] = db.session.scalars(db.select(ApiKey))
    key.expires_at = datetime(2999, 12, 31, 23, 0, 1, 999, timezone(timedelta(hours=1)))
    db.session.commit()
    assert script.get("/key").json == {
        "shop": {"domain": ALICE, "name": "Alice"},
        "name": "Nightly",
        "preview": f"{script.key[:11]}…{script.key[-4:]}",
        "permissions": {"export": ["products", "redirects"], "import": []},
        "environment": None,
        "imports": {"mode": "within_limits", "limits": DEFAULTS},
        "personal_data": "all",
        "expires_at": "2999-12-31T22:00:01Z",
    }
    key.expires_at = None
    db.session.commit()
    assert script.get("/key").json["expires_at"] is None


@pytest.mark.parametrize("path", ["/key", "/exports", "/imports", "/exports/exp_x/file"])
def test_no_key_no_entry(app, path):
    answer = app.test_client().get(f"/api/v1{path}")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "key_missing"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    ["Bearer nonsense", "Bearer altera_" + "0" * 46, "Basic {}", "Token {}", "Bearer {}x", "{}"],
)
def test_every_wrong_key_hears_the_same(script, header):
    text = header.format(script.key)
    answer = script.client.get("/api/v1/key", headers={"Authorization": text})
    assert answer.status_code == 401
    assert answer.json["code"] in ("key_invalid", "key_missing")
    assert script.key not in answer.text


def test_revoked_expired_and_unknown_keys_hear_one_body(app, shop):
    deleted, deleted_text = make_key(shop, "products:export", name="deleted")
    _, expired_text = make_key(shop, "products:export", name="expired", days=-1)
    deleted.delete()
    db.session.commit()
    texts = (deleted_text, expired_text, "altera_" + "0" * 46)
    same = {"X-Request-Id": "a" * 16}
    bodies = {Script(app, text).get("/key", headers=same).text for text in texts}
    assert len(bodies) == 1


def test_an_id_token_is_no_key_and_a_key_is_no_id_token(app, script):
    assert Script(app, id_token(ALICE)).get("/key").status_code == 401
    headers = FETCH | {"Authorization": f"Bearer {script.key}"}
    assert script.client.get(PAGE, headers=headers).status_code == 401


def test_a_key_in_the_address_is_not_taken(script):
    answer = script.client.get(f"/api/v1/key?key={script.key}&access_token={script.key}")
    assert answer.status_code == 401


def test_a_missing_permission_is_named_with_where_to_tick_it(script):
    answer = script.post("/exports", json={"types": ["customers"]})
    assert answer.status_code == 403
    assert answer.json["code"] == "permission_missing"
    assert answer.json["needs"] == "customers:export"
    assert "Settings > API Keys" in answer.json["detail"]
    assert "Customers: export" in answer.json["detail"]


def test_last_used_is_noted(script, shop):
    script.get("/key")
    db.session.expire_all()
    [key] = ApiKey.of(shop)
    assert key.last_used_at is not None


@pytest.mark.parametrize("path", ["/nothing", "/exports/x/y/z"])
def test_an_unknown_address_of_the_api_is_a_problem_too(script, path):
    answer = script.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "not_found"


def test_a_wrong_method_is_a_problem_that_says_which_are_right(script):
    answer = script.open("PATCH", "/key")
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


# -- everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PAGE, "/settings/keys/new", "/settings/keys/999/delete"])
def test_every_html_answer_may_be_framed_by_its_shop_only(merchant, path):
    policy = merchant.get(path).headers["Content-Security-Policy"]
    assert f"frame-ancestors https://{ALICE} https://admin.shopify.com http://localhost:" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_nothing_of_a_shop_is_kept_by_caches(merchant, script):
    assert merchant.get(PAGE).headers["Cache-Control"] == "no-store"
    assert script.get("/key").headers["Cache-Control"] == "no-store"


def test_hashed_assets_are_kept_a_year(app, merchant):
    address = merchant.get(PAGE).text.split('rel="stylesheet" href="')[1].split('"')[0]
    with app.test_client().get(address.replace("&amp;", "&")) as answer:
        assert answer.status_code == 200
        assert answer.cache_control.max_age == 31_536_000


def test_secrets_do_not_show_in_the_repr_of_settings(app):
    assert CLIENT_SECRET not in repr(app.config["SETTINGS"])
