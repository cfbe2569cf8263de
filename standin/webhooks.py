"""Webhooks: signed messages to the app, as Shopify sends them."""

import json
import threading
import time
import uuid
from datetime import UTC, datetime
from functools import cache

import httpx
from flask import Blueprint, abort, current_app

from standin import control, grants, scopes
from standin.config import Config
from standin.shops import shop_of
from standin.signing import body_hmac
from standin.store import ShopStore, number

API_VERSION = "2026-10"
COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")
TIMEOUT = httpx.Timeout(5, connect=1)
RETRY_AFTER = (1, 5, 30)  # seconds; Shopify tries eight times in four hours

bp = Blueprint("webhooks", __name__)


def send(shop: ShopStore, topic: str, payload: dict) -> None:
    """Send it in the background, a few times until the app answers 2xx; where no app has an
    address, nothing. Needs an app context."""
    config = current_app.extensions["standin"].config
    if not config.app_url:
        return
    message = _message(config, shop.domain, topic, payload)
    threading.Thread(target=_send_until_taken, args=message, daemon=True).start()


@bp.post("/_standin/<shop>/webhook")
def send_now(shop):
    """Send it once, and answer with the status that the app gave.

    ``triggered_at`` makes it late, ``webhook_id`` one that was sent before, and ``old_names``
    false leaves the ``X-`` off its headers, as the newer deliveries do.
    """
    asked = control.body()
    topic = asked.get("topic")
    if not isinstance(topic, str) or "/" not in topic:
        abort(422, 'Send {"topic": "app/uninstalled"}, or another topic of Shopify.')
    shop = shop_of(shop)
    if topic == "app/uninstalled":
        grants.forget(shop)
    payload = asked.get("payload", example(shop, topic))
    config = current_app.extensions["standin"].config
    try:
        url, body, headers = _message(config, shop.domain, topic, payload)
        status = _post(url, body, _with_overrides(headers, asked)).status_code
    except httpx.HTTPError as error:
        return {"error": f"The app at {config.app_url} did not answer: {error}"}, 502
    return {"status": status}, status


def example(shop: ShopStore, topic: str) -> dict:
    """The payload of a topic that needs no particulars."""
    config = current_app.extensions["standin"].config
    records = shop.all("Shop")
    shop_id = number(records[0]["id"]) if records else 1
    shop_part = {"shop_id": shop_id, "shop_domain": shop.domain}
    customer = {"id": 207119551, "email": "jo@example.com", "phone": "+15550100"}
    return {
        "app/uninstalled": {
            "id": shop_id,
            "name": records[0].get("name") if records else shop.domain,
            "email": records[0].get("email") if records else None,
            "domain": shop.domain,
            "myshopify_domain": shop.domain,
            "country": "US",
            "currency": "USD",
            "plan_name": "basic",
            "created_at": _now(),
            "updated_at": _now(),
        },
        "app/scopes_update": {
            "id": shop_id,
            "previous": [],
            "current": sorted(config.scopes) or scopes.existing(),
            "updated_at": _now(),
        },
        "shop/redact": shop_part,
        "customers/redact": shop_part | {"customer": customer, "orders_to_redact": []},
        "customers/data_request": shop_part
        | {"customer": customer, "orders_requested": [], "data_request": {"id": 9999}},
    }.get(topic, {})


def _with_overrides(headers: dict[str, str], asked: dict) -> dict[str, str]:
    named = {"X-Shopify-Triggered-At": "triggered_at", "X-Shopify-Webhook-Id": "webhook_id"}
    headers = headers | {name: str(asked[key]) for name, key in named.items() if key in asked}
    if asked.get("old_names", True):
        return headers
    return {name.removeprefix("X-"): value for name, value in headers.items()}


def _message(config: Config, domain: str, topic: str, payload: dict):
    """The address, body and headers of one delivery."""
    path = "/webhooks/compliance" if topic in COMPLIANCE else "/webhooks"
    body = json.dumps(payload, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": body_hmac(body, config.client_secret),
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": str(uuid.uuid4()),
        "X-Shopify-Event-Id": str(uuid.uuid4()),
        "X-Shopify-Triggered-At": _now(),
    }
    return config.app_url + path, body, headers


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


@cache
def _client() -> httpx.Client:
    """One for all deliveries: to read the certificates takes longer than a delivery."""
    return httpx.Client(timeout=TIMEOUT, trust_env=False)


def _post(url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return _client().post(url, content=body, headers=headers)


def _send_until_taken(url: str, body: bytes, headers: dict[str, str]) -> None:
    for wait in (*RETRY_AFTER, None):
        try:
            if _post(url, body, headers).is_success:
                return
        except httpx.HTTPError:
            pass
        if wait:
            time.sleep(wait)
