"""POST /_standin/<shop>/misbehave: tell the stand-in how the next calls go wrong.

COUNTED are the calls of the Admin API that are spoiled; expire_tokens happens once; the others last
until the next POST, which replaces them all. CHOSEN have one of some values. With FROM what counts
down begins with a later mutation than the next.
"""

import threading
import time

from flask import Blueprint, abort

from standin import control
from standin.shops import shop_of
from standin.store import ShopStore

COUNTED = {
    "throttle",
    "http_500",
    "http_429",
    "http_403",
    "html",
    "half",
    "nothing",
    "lose_answer",
    "userErrors",
    "media_fails",
    "locks",
    "order_limit",
    "cancel_fails",
    "uploads_503",
    "uploads_expired",
}
FROM = "from_mutation"
ONCE = {"expire_tokens"}
LASTING = {
    "bulk_children",
    "bulk_fails",
    "bulk_missing_lines",
    "cut_download_after",
    "development",
    "plus",
    "preorders",
    "redact_customers",
    "refuse_bulk",
    "search_lag_ms",
    "shop_state",
    "slow_bulk_ms",
    "slow_jobs_ms",
    "slow_ms",
    "tokens_500",
}
NUMBERS = COUNTED | {
    FROM,
    "bulk_children",
    "bulk_missing_lines",
    "cut_download_after",
    "search_lag_ms",
    "slow_bulk_ms",
    "slow_jobs_ms",
    "slow_ms",
}
CHOSEN = {
    "bulk_fails": ("INTERNAL_SERVER_ERROR", "TIMEOUT", "ACCESS_DENIED"),
    "shop_state": (402, 423),
}
KINDS = sorted(COUNTED | ONCE | LASTING | {FROM})

bp = Blueprint("misbehave", __name__)
_lock = threading.Lock()


@bp.post("/_standin/<shop>/misbehave")
def misbehave(shop):
    asked = control.body()
    if unknown := sorted(set(asked) - set(KINDS)):
        abort(422, f"Unknown: {', '.join(unknown)}. Use any of {', '.join(KINDS)}.")
    for kind, value in asked.items():
        if kind in CHOSEN:
            if value not in CHOSEN[kind]:
                abort(422, f"{kind} is one of {', '.join(map(str, CHOSEN[kind]))}.")
            continue
        wanted = int if kind in NUMBERS else bool
        if type(value) is not wanted or value < 0:
            abort(422, f"{kind} is {'a number, 0 or more' if wanted is int else 'true or false'}.")
    with _lock:
        shop_of(shop).set_setting("misbehave", {k: v for k, v in asked.items() if v})
    return asked


def stop(shop: ShopStore) -> None:
    """All goes well from now on."""
    with _lock:
        shop.set_setting("misbehave", {})


def begin_mutation(shop: ShopStore) -> None:
    """A mutation has arrived: with the last that is waited for, what counts down begins."""
    with _lock:
        left = {**shop.setting("misbehave", {})}
        if left.get(FROM):
            left[FROM] -= 1
            shop.set_setting("misbehave", left)


def number(shop: ShopStore, kind: str) -> int:
    """Like ``take`` for what is a number: 0 when nothing is set."""
    value = take(shop, kind)
    return value if isinstance(value, int) else 0


def take(shop: ShopStore, kind: str) -> int | bool | str | None:
    """What is set for this kind, using up one of a counted kind; None when nothing is set."""
    if kind not in shop.setting("misbehave", {}):
        return None  # as it nearly always is: each call asks for a dozen kinds
    with _lock:
        left = {**shop.setting("misbehave", {})}
        value = left.get(kind)
        if kind in COUNTED and left.get(FROM):
            return None
        if value and kind in COUNTED | ONCE:
            left[kind] = value - 1 if kind in COUNTED else 0
            shop.set_setting("misbehave", {k: v for k, v in left.items() if v})
        return value


def pause(shop: ShopStore, kind: str) -> None:
    """Wait as many milliseconds as are set for this kind, if any: even none would let other
    programs go first."""
    if wait := number(shop, kind):
        time.sleep(wait / 1000)
