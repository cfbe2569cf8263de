"""POST /webhooks: what Shopify tells us of its own accord. Kept, answered, done by a worker."""

from datetime import UTC, datetime
from hashlib import sha256

from flask import Blueprint, abort, request

from models import db, now
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery
from shopify.shop_domain import is_shop_domain
from shopify.webhook import header
from shops.webhook_bodies import is_about
from shops.webhooks import COMPLIANCE, HANDLED, ask, nothing_held

bp = Blueprint("webhooks", __name__)


@bp.post("/webhooks")
@bp.post("/webhooks/compliance")
def receive():
    topic, domain = _header("Topic"), _header("Shop-Domain")
    if topic not in HANDLED or not is_shop_domain(domain):
        return "", 200
    payload = request.get_json(force=True, silent=True)
    payload = payload if isinstance(payload, dict) else {}
    if not is_about(topic, domain, payload):
        abort(400, "The body is not of this topic, or not about this shop.")
    _take(topic, domain, payload)
    return "", 200


def _take(topic: str, domain: str, payload: dict) -> None:
    """Keep the delivery, unless it was kept before, and hand it to the workers."""
    delivery_id, shop = _delivery_id(), Shop.of_domain(domain)
    if shop is None:
        if topic in COMPLIANCE:
            nothing_held(delivery_id, topic, domain, now())
            db.session.commit()
        return
    triggered_at = _moment(_header("Triggered-At"))
    new = WebhookDelivery.add(
        delivery_id, shop_id=shop.id, topic=topic, triggered_at=triggered_at, payload=payload
    )
    db.session.commit()
    if new:
        ask(delivery_id)


def _header(name: str) -> str:
    return header(request.headers, name)


def _delivery_id() -> str:
    """Shopify's id of this delivery, else one made from all that it says."""
    if given := _header("Webhook-Id"):
        return given[: WebhookDelivery.ID_LENGTH]
    said = [_header(name).encode() for name in ("Topic", "Shop-Domain", "Triggered-At")]
    return sha256(b"\0".join([*said, request.get_data()])).hexdigest()


def _moment(text: str) -> datetime | None:
    """The moment in UTC; None for what is none, or is beyond the years that there are in UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
