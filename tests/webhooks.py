"""Webhooks as Shopify sends them, for tests to send."""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import timedelta

from models import now
from tests.cast import ALICE, CLIENT_SECRET


def delivery(topic, domain=ALICE, payload=None, *, secret=CLIENT_SECRET, prefix="X-", **headers):
    """Body and headers of one delivery; keyword arguments replace headers, None removes one."""
    body = json.dumps({"myshopify_domain": domain} if payload is None else payload).encode()
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
