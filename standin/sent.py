"""POST /_standin/<shop>/sent: the mutations that the shop was sent since it was asked last.

``mutations`` are their fields and arguments in order, ``points`` what they cost in direct calls.
"""

import threading

from flask import Blueprint

from standin.shops import shop_of
from standin.store import ShopStore

MOST = 20_000
"""So many are remembered of a shop."""

bp = Blueprint("sent", __name__)
_lock = threading.Lock()
_mutations: dict[str, list[dict]] = {}
_points: dict[str, int] = {}


@bp.post("/_standin/<shop>/sent")
def sent(shop):
    domain = shop_of(shop).domain
    with _lock:
        return {"mutations": _mutations.pop(domain, []), "points": _points.pop(domain, 0)}


def record(shop: ShopStore, field: str, arguments: dict) -> None:
    """Remember a mutation."""
    with _lock:
        listed = _mutations.setdefault(shop.domain, [])
        if len(listed) < MOST:
            listed.append({"field": field, "arguments": arguments})


def note_points(shop: ShopStore, points: int) -> None:
    """Remember what a call with mutations cost."""
    with _lock:
        _points[shop.domain] = _points.get(shop.domain, 0) + points
