"""POST /_standin/<shop>/customer-mail: the mails that Shopify would have sent to the shop's
customers since it was asked last, each as ``{"kind", "to"}``."""

import threading
from typing import Any

from flask import Blueprint

from standin.context import Context
from standin.shops import shop_of
from standin.store import ShopStore

bp = Blueprint("customer_mail", __name__)
_lock = threading.Lock()
_sent: dict[str, list[dict]] = {}
ASKED = {
    "orderCreate": {
        "options.sendReceipt": "order confirmation",
        "options.sendFulfillmentReceipt": "shipping confirmation",
        "order.fulfillment.notifyCustomer": "shipping confirmation",
    },
    "fulfillmentCreate": {"fulfillment.notifyCustomer": "shipping confirmation"},
    "fulfillmentTrackingInfoUpdate": {"notifyCustomer": "shipping update"},
    "orderCancel": {"notifyCustomer": "cancellation"},
}
"""The arguments of mutations about orders that ask for a mail."""
UNLESS_REFUSED = {
    "refundCreate": {"input.notify": "refund"},
    "orderEditCommit": {"notifyCustomer": "order edited"},
}
"""Those without a default: a mail is sent unless they are false."""
ALWAYS = {"draftOrderComplete": "order confirmation", "draftOrderInvoiceSend": "invoice"}
"""Mutations after which Shopify writes whatever they say, as the notifications of a new store are
set."""


@bp.post("/_standin/<shop>/customer-mail")
def customer_mail(shop):
    with _lock:
        return {"mails": _sent.pop(shop_of(shop).domain, [])}


def record(shop: ShopStore, kind: str, to: str | None) -> None:
    """Remember a mail, or a text message, to a customer."""
    with _lock:
        _sent.setdefault(shop.domain, []).append({"kind": kind, "to": to})


def follow(context: Context, name: str, args: dict, payload: dict) -> None:
    """Remember the mails about orders that a mutation without errors sends."""
    if payload.get("userErrors"):
        return
    kinds = [kind for path, kind in ASKED.get(name, {}).items() if _at(args, path)]
    kinds += [k for path, k in UNLESS_REFUSED.get(name, {}).items() if _at(args, path) is not False]
    kinds += [ALWAYS[name]] if name in ALWAYS else []
    for kind in dict.fromkeys(kinds):
        record(context.shop, kind, _address(context, args, payload))


def _at(args: dict, path: str) -> Any:
    found: Any = args
    for name in path.split("."):
        found = (found or {}).get(name)
    return found


def _address(context: Context, args: dict, payload: dict) -> str | None:
    """The address of the order or draft that a mutation is about."""
    about = payload.get("order") or payload.get("draftOrder") or payload.get("fulfillment") or {}
    order = about.get("order") if about.get("__typename") == "Fulfillment" else args.get("orderId")
    if order:
        about = context.existing(order)
    return _at(args, "email.to") or about.get("email")
