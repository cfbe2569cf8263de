"""POST /webhooks: stores what Shopify sends and answers at once; a worker handles it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast

from flask import Blueprint, abort, request

from models import db, now
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery
from shopify.shop_domain import is_shop_domain
from shopify.webhook import header
from shops.webhook_bodies import is_about
from shops.webhooks import COMPLIANCE, HANDLED, enqueue_delivery, nothing_held

bp = Blueprint("webhooks", __name__)


@bp.post("/webhooks")
@bp.post("/webhooks/compliance")
def receive() -> tuple[str, int]:
    topic, domain = _header("Topic"), _header("Shop-Domain")
    if topic not in HANDLED or not is_shop_domain(domain):
        return "", 200
    payload = request.get_json(force=True, silent=True)
    payload = payload if isinstance(payload, dict) else {}
    if not is_about(topic, domain, payload):
        abort(400, "The body is not of this topic, or not about this shop.")
    _store(topic, domain, payload)
    return "", 200


def _store(topic: str, domain: str, payload: dict[str, Any]) -> None:
    """Store the delivery, unless it came before, and hand it to the workers."""
    delivery_id, shop = _delivery_id(), Shop.by_domain(domain)
    if shop is None:
        if topic in COMPLIANCE:
            nothing_held(delivery_id, topic, domain, now())
            db.session.commit()
        return
    triggered_at = _utc_time(_header("Triggered-At"))
    new = WebhookDelivery.add(
        delivery_id, shop_id=shop.id, topic=topic, triggered_at=triggered_at, payload=payload
    )
    db.session.commit()
    if new:
        enqueue_delivery(delivery_id)


def _header(name: str) -> str:
    return header(cast("Mapping[str, str]", request.headers), name)


def _delivery_id() -> str:
    """Shopify's id of this delivery, else one made from all that it says."""
    if given := _header("Webhook-Id"):
        return given[: WebhookDelivery.ID_LENGTH]
    signed_headers = [_header(name).encode() for name in ("Topic", "Shop-Domain", "Triggered-At")]
    return sha256(b"\0".join([*signed_headers, request.get_data()])).hexdigest()


def _utc_time(text: str) -> datetime | None:
    """The time in UTC; None for text that is no time, or one beyond the years of a datetime."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
