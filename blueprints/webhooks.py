"""POST /webhooks: what Shopify tells us of its own accord."""

from datetime import datetime

from flask import Blueprint, request

from models import db
from models.api_key import ApiKey
from models.shop import Shop
from shopify.shop_domain import is_shop_domain

bp = Blueprint("webhooks", __name__)


@bp.post("/webhooks")
def receive():
    topic, domain = _header("Topic"), _header("Shop-Domain")
    if topic == "app/uninstalled" and is_shop_domain(domain):
        _uninstalled(domain, _header("Triggered-At"))
    return "", 200


def _header(name: str) -> str:
    """Shopify sends webhooks with and newer events without the ``X-``."""
    return request.headers.get(f"X-Shopify-{name}") or request.headers.get(f"Shopify-{name}", "")


def _uninstalled(domain: str, triggered_at: str) -> None:
    """End the shop's tokens and keys, unless the news is older than its installation."""
    shop = Shop.of_domain(domain)
    if shop is None or _older(triggered_at, shop.installed_at):
        return
    shop.uninstall()
    ApiKey.delete_all(shop)
    db.session.commit()


def _older(triggered_at: str, moment: datetime) -> bool:
    try:
        return datetime.fromisoformat(triggered_at) < moment
    except (ValueError, TypeError):
        return False
