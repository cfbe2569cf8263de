"""POST /_standin/<shop>/customer-mail: the mails that Shopify would have sent to the shop's
customers since it was asked last, each as ``{"kind", "to"}``."""

import threading

from flask import Blueprint

from standin.shops import shop_of
from standin.store import ShopStore

bp = Blueprint("customer_mail", __name__)
_lock = threading.Lock()
_sent: dict[str, list[dict]] = {}


@bp.post("/_standin/<shop>/customer-mail")
def customer_mail(shop):
    with _lock:
        return {"mails": _sent.pop(shop_of(shop).domain, [])}


def note(shop: ShopStore, kind: str, to: str | None) -> None:
    """Remember a mail, or a text message, to a customer."""
    with _lock:
        _sent.setdefault(shop.domain, []).append({"kind": kind, "to": to})
