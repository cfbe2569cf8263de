"""What Shopify tells us, and what somebody else cannot tell us."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from models import db, now
from models.shop import Shop
from tests.cast import ALICE, BOB, CLIENT_SECRET, authenticate, make_key


def send(app, topic="app/uninstalled", domain=ALICE, secret=CLIENT_SECRET, prefix="X-", **headers):
    body = json.dumps({"domain": domain}).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    whole = {
        "Topic": topic,
        "Hmac-Sha256": base64.b64encode(digest).decode(),
        "Shop-Domain": domain,
        "Triggered-At": (now() + timedelta(seconds=1)).isoformat(),
    } | headers
    named = {f"{prefix}Shopify-{name}": value for name, value in whole.items()}
    return app.test_client().post(
        "/webhooks", data=body, headers=named, content_type="application/json"
    )


@pytest.mark.parametrize("prefix", ["X-", ""])
def test_uninstalling_ends_the_keys_at_once(app, shop, prefix):
    _, text = make_key(shop, "products:export")
    assert send(app, prefix=prefix).status_code == 200
    assert authenticate(text) is None
    db.session.expire_all()
    gone = Shop.of_domain(ALICE)
    assert gone.access_token is None and gone.refresh_token is None


def test_another_shops_uninstall_changes_nothing_here(app, shop, other_shop):
    _, text = make_key(shop, "products:export")
    assert send(app, domain=BOB).status_code == 200
    assert authenticate(text) is not None


def test_news_from_before_the_installation_changes_nothing(app, shop):
    _, text = make_key(shop, "products:export")
    late = {"Triggered-At": (shop.installed_at - timedelta(hours=1)).isoformat()}
    assert send(app, **late).status_code == 200
    assert authenticate(text) is not None


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "x" * 64}, {"Hmac-Sha256": ""}, {"Hmac-Sha256": "é"}, {"Hmac-Sha256": "AAAA"}],
    ids=str,
)
def test_a_wrong_signature_is_refused(app, shop, wrong):
    _, text = make_key(shop, "products:export")
    assert send(app, **wrong).status_code == 401
    assert authenticate(text) is not None


@pytest.mark.parametrize("domain", ["unknown.myshopify.com", "evil.example", ""])
def test_news_of_an_unknown_shop_is_taken_and_dropped(app, domain):
    assert send(app, domain=domain).status_code == 200
