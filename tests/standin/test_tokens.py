"""ID tokens, and the access tokens they are exchanged for. Shopify's own package is the judge."""

import time
from dataclasses import asdict
from typing import Any

import httpx
import pytest
from shopify_app.exchange.refresh_token import refresh_access_token
from shopify_app.exchange.token_exchange import token_exchange
from shopify_app.verify.app_home_req import verify_app_home_req

from standin import grants
from standin.server import create_standin
from standin.signing import decode_jwt, encode_jwt
from standin.store import Store
from standin.tokens import id_token, scopes_of
from tests.cast import CLIENT_ID, CLIENT_SECRET
from tests.standin.serving import SHOP, settings

APP: Any = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
EXCHANGE = APP | {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
    "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
    "expiring": 1,
}
DAY = 86_400


@pytest.fixture(scope="module")
def standin(tmp_path_factory):
    app = create_standin(settings(tmp_path_factory.mktemp("data")))
    yield app
    app.extensions["standin"].store.close()


@pytest.fixture
def shop(standin):
    shop = standin.extensions["standin"].store.shop(SHOP)
    shop.set_setting("tokens", [])
    return shop


@pytest.fixture
def client(standin, shop):
    """Speaks to the stand-in under the shop's own host name."""
    transport = httpx.WSGITransport(app=standin)
    with httpx.Client(transport=transport, base_url=f"https://{SHOP}") as client:
        yield client


@pytest.fixture
def ask(client):
    """POST to the token endpoint; gives status and JSON."""

    def ask(**body):
        answer = client.post("/admin/oauth/access_token", json=body)
        return answer.status_code, answer.json()

    return ask


@pytest.fixture
def config(standin):
    return standin.extensions["standin"].config


def is_valid(standin, shop, token):
    with standin.app_context():
        return scopes_of(shop, token) is not None


def age(shop, seconds, *keys):
    """Make all grants of the shop this much older."""
    old = shop.setting("tokens")
    for grant in old:
        for key in keys or grant.keys() & {"access_until", "refresh_until", "first_used"}:
            grant[key] -= seconds
    shop.set_setting("tokens", old)


def test_the_id_token_passes_shopifys_own_check(client):
    token = client.post(f"/_standin/{SHOP}/id-token").json()["id_token"]
    request: Any = {
        "method": "GET",
        "url": "https://app.example/settings",
        "headers": {"Authorization": f"Bearer {token}"},
        "body": "",
    }
    result = verify_app_home_req(request, APP, "/auth/session-token")

    assert result.ok, result.log
    assert (result.shop, result.user_id) == ("demo", "8811")
    assert result.id_token
    claims = result.id_token.claims
    assert claims["iss"] == f"https://{SHOP}/admin"
    assert claims["exp"] - claims["iat"] == 60
    assert {"jti", "sid", "nbf"} <= claims.keys()


def test_an_id_token_can_be_asked_for_another_staff_member_and_a_short_shop_name(client):
    token = client.post("/_standin/demo/id-token", json={"sub": "8812"}).json()["id_token"]
    claims = decode_jwt(token, CLIENT_SECRET)
    assert claims
    assert (claims["sub"], claims["dest"]) == ("8812", f"https://{SHOP}")


@pytest.mark.parametrize(
    ("shop", "body", "status"),
    [
        ("demo", {"sub": "alice"}, 422),
        ("demo", ["8812"], 422),
        ("evil.example%20", None, 404),
        ("-", None, 404),
    ],
)
def test_an_id_token_is_refused_for_what_cannot_be(client, shop, body, status):
    assert client.post(f"/_standin/{shop}/id-token", json=body).status_code == status


@pytest.mark.parametrize("mode", ["offline", "online"])
def test_shopifys_own_package_exchanges_the_token(client, config, mode):
    token = id_token(config, SHOP)
    details = {"exchangeable": True, "token": token, "claims": decode_jwt(token, CLIENT_SECRET)}
    refusal = {"status": 401, "body": "", "headers": {}}
    result = token_exchange(mode, APP, details, refusal, http_client=client)

    assert result.ok, result.log
    got = result.access_token
    assert got
    assert got.token.startswith("shpat_")
    assert got.scope == "read_products,write_online_store_navigation"
    assert bool(got.refresh_token) == (mode == "offline")
    assert bool(got.user) == (mode == "online")


def test_shopifys_own_package_refreshes_the_token(standin, shop, client, config, ask):
    _, given = ask(**EXCHANGE, subject_token=id_token(config, SHOP))
    old = {
        "shop": "demo",
        "token": given["access_token"],
        "expires": "2020-01-01T00:00:00Z",
        "scope": given["scope"],
        "access_mode": "offline",
        "refresh_token": given["refresh_token"],
        "refresh_token_expires": "2099-01-01T00:00:00Z",
        "user": None,
    }
    result = refresh_access_token(old, APP, http_client=client)

    assert result.ok, result.log
    assert result.access_token
    new = asdict(result.access_token)
    assert new["refresh_token"] != given["refresh_token"]
    assert is_valid(standin, shop, new["token"])


def test_an_exchange_gives_an_hour_and_ninety_days(ask, config):
    status, given = ask(**EXCHANGE, subject_token=id_token(config, SHOP))
    assert status == 200
    assert (given["expires_in"], given["refresh_token_expires_in"]) == (3600, 90 * DAY)


def test_a_form_is_as_good_as_json(client, config):
    body = EXCHANGE | {"subject_token": id_token(config, SHOP)}
    assert client.post("/admin/oauth/access_token", data=body).status_code == 200


def test_several_tokens_are_good_at_once(standin, shop, ask, config):
    given = [ask(**EXCHANGE, subject_token=id_token(config, SHOP))[1] for _ in range(3)]
    assert all(is_valid(standin, shop, each["access_token"]) for each in given)
    assert len({each["access_token"] for each in given}) == 3


def forged(config, **changes):
    claims = decode_jwt(id_token(config, SHOP), CLIENT_SECRET)
    assert claims
    return encode_jwt(claims | changes, CLIENT_SECRET)


@pytest.mark.parametrize(
    "changes",
    [
        lambda now: {"exp": now - 1},
        lambda now: {"nbf": now + 600},
        lambda now: {"aud": "another-app"},
        lambda now: {"dest": "https://bob.myshopify.com"},
    ],
)
def test_a_token_that_is_stale_or_anothers_is_refused(ask, config, changes):
    token = forged(config, **changes(int(time.time())))
    status, answer = ask(**EXCHANGE, subject_token=token)
    assert (status, answer["error"]) == (400, "invalid_subject_token")


@pytest.mark.parametrize("token", ["", "a.b.c", "é", None, 7])
def test_what_is_no_token_is_refused(ask, token):
    status, answer = ask(**EXCHANGE, subject_token=token)
    assert (status, answer["error"]) == (400, "invalid_subject_token")


def test_a_token_signed_with_another_secret_is_refused(ask, config):
    claims = decode_jwt(id_token(config, SHOP), CLIENT_SECRET)
    assert claims
    status, answer = ask(**EXCHANGE, subject_token=encode_jwt(claims, "x" * 64))
    assert (status, answer["error"]) == (400, "invalid_subject_token")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client"),
        ({"expiring": 0}, "invalid_request"),
        ({"expiring": None}, "invalid_request"),
        ({"requested_token_type": "urn:other"}, "invalid_request"),
        ({"subject_token_type": "urn:other"}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "shprt_unknown"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_grant"),
    ],
)
def test_a_wrong_request_is_refused_by_name(ask, config, changes, error):
    status, answer = ask(**EXCHANGE | {"subject_token": id_token(config, SHOP)} | changes)
    assert (status, answer["error"]) == (400, error)
    assert answer["error_description"]


def test_an_access_token_ends_after_an_hour_but_can_be_refreshed(standin, shop, ask, config):
    _, given = ask(**EXCHANGE, subject_token=id_token(config, SHOP))
    age(shop, 3600)
    assert not is_valid(standin, shop, given["access_token"])

    status, new = refresh(ask, given)
    assert status == 200
    assert is_valid(standin, shop, new["access_token"])
    assert not is_valid(standin, shop, "shpat_unknown")


def refresh(ask, given):
    return ask(**APP, grant_type="refresh_token", refresh_token=given["refresh_token"])


def test_a_used_refresh_token_works_until_its_replacement_is_used(ask, config):
    _, first = ask(**EXCHANGE, subject_token=id_token(config, SHOP))
    _, lost = refresh(ask, first)
    status, second = refresh(ask, first)
    assert status == 200
    assert second["refresh_token"] != lost["refresh_token"]

    assert refresh(ask, second)[0] == 200
    status, answer = refresh(ask, first)
    assert (status, answer["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(("days", "status"), [(29, 200), (30, 400)])
def test_a_used_refresh_token_can_be_tried_again_for_thirty_days(shop, ask, config, days, status):
    _, first = ask(**EXCHANGE, subject_token=id_token(config, SHOP))
    refresh(ask, first)
    age(shop, days * DAY)
    assert refresh(ask, first)[0] == status


def test_a_refresh_token_ends_after_ninety_days(shop, ask, config):
    _, given = ask(**EXCHANGE, subject_token=id_token(config, SHOP))
    age(shop, 90 * DAY)
    status, answer = refresh(ask, given)
    assert (status, answer["error"]) == (400, "invalid_grant")
    assert shop.setting("tokens") == []


def test_a_misbehaving_shop_forgets_its_access_tokens_once(standin, shop, client, ask, config):
    _, given = ask(**EXCHANGE, subject_token=id_token(config, SHOP))
    client.post(f"/_standin/{SHOP}/misbehave", json={"expire_tokens": True})
    assert not is_valid(standin, shop, given["access_token"])

    _, new = refresh(ask, given)
    assert is_valid(standin, shop, new["access_token"])


def test_a_token_is_good_in_its_own_shop_only(standin, shop, ask, config):
    _, given = ask(**EXCHANGE, subject_token=id_token(config, SHOP))
    other = standin.extensions["standin"].store.shop("bob.myshopify.com")
    assert not is_valid(standin, other, given["access_token"])


def test_no_scopes_set_stand_for_all_that_exist(tmp_path):
    app = create_standin(settings(tmp_path, scopes=frozenset()))
    config = app.extensions["standin"].config
    with app.test_client() as client:
        body = EXCHANGE | {"subject_token": id_token(config, SHOP)}
        answer = client.post(f"/{SHOP}/admin/oauth/access_token", json=body)
        assert answer.json
        assert {"read_products", "write_discounts"} <= set(answer.json["scope"].split(","))
    app.extensions["standin"].store.close()


def test_tokens_outlive_a_restart(tmp_path):
    store = Store(tmp_path)
    given = grants.issue_offline(store.shop(SHOP))
    store.close()

    store = Store(tmp_path)
    assert grants.is_valid(store.shop(SHOP), given["access"])
    store.close()
