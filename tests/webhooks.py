"""Webhooks as Shopify sends them, for tests to send."""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import timedelta
from typing import Any

from models import now
from tests.cast import ALICE, CLIENT_SECRET


def body_of(topic: str, domain: str) -> dict[str, Any]:
    """What Shopify says under this topic about this shop."""
    about: dict[str, Any] = {"shop_id": 954889, "shop_domain": domain}
    customer = {"id": 191167, "email": "john@example.com", "phone": "555-625-1199"}
    bodies: dict[str, dict[str, Any]] = {
        "app/uninstalled": {
            "id": 954889,
            "name": "Super Toys",
            "email": "super@supertoys.com",
            "domain": "supertoys.com",
            "myshopify_domain": domain,
            "currency": "USD",
            "plan_name": "enterprise",
        },
        "app/scopes_update": {
            "id": 1,
            "previous": ["read_products"],
            "current": ["read_products", "write_products"],
            "updated_at": "2026-11-01T00:00:00.000Z",
        },
        "bulk_operations/finish": {
            "admin_graphql_api_id": "gid://shopify/BulkOperation/147595010",
            "completed_at": "2026-11-01T12:34:56-04:00",
            "created_at": "2026-11-01T12:34:56-04:00",
            "error_code": None,
            "status": "completed",
            "type": "query",
        },
        "customers/data_request": about
        | {"customer": customer, "orders_requested": [299938], "data_request": {"id": 9999}},
        "customers/redact": about | {"customer": customer, "orders_to_redact": [299938]},
        "shop/redact": about,
    }
    return bodies.get(topic, {"myshopify_domain": domain})


def delivery(topic, domain=ALICE, payload=None, *, secret=CLIENT_SECRET, prefix="X-", **headers):
    """Body and headers of one delivery; keyword arguments replace headers, None removes one."""
    body = json.dumps(body_of(topic, domain) if payload is None else payload).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    whole = {
        "Topic": topic,
        "Hmac-Sha256": base64.b64encode(digest).decode(),
        "Shop-Domain": domain,
        "Webhook-Id": secrets.token_hex(16),
        "Triggered-At": (now() + timedelta(seconds=1)).isoformat(),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    named = {f"{prefix}Shopify-{name}": value for name, value in whole.items() if value is not None}
    return body, named


def send(app, topic="app/uninstalled", domain=ALICE, payload=None, path="/webhooks", **more):
    body, headers = delivery(topic, domain, payload, **more)
    return app.test_client().post(path, data=body, headers=headers, content_type="application/json")
