"""How often one may call: each key has a budget of its own, strangers have one by their address.

The engine is Flask-Limiter's, ``limits``, called where the key is known instead of before every
request; its counts are in memory or in Redis.
"""

import logging
import time
from functools import lru_cache

from flask import Flask, Response, current_app, g
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from blueprints.errors import Problem

WINDOW = 60
UNKNOWN_KEYS, LEAK_REPORTS = RateLimitItemPerMinute(60), RateLimitItemPerMinute(30)
per_minute = lru_cache(RateLimitItemPerMinute)
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    url = app.config["SETTINGS"].RATE_LIMIT_STORAGE_URL
    storage = storage_from_string(url, wrap_exceptions=True)
    app.extensions["limits"] = FixedWindowRateLimiter(storage)
    app.after_request(_tell)


def charge_key(key_id: int, calls_per_minute: int) -> None:
    """Count this call; stop it when the key has used up its minute."""
    _charge(per_minute(calls_per_minute), "key", str(key_id), "This key made more calls")


def charge_stranger(address: str) -> None:
    """Count a call whose key does not work; stop it when there were too many from its address."""
    _charge(
        UNKNOWN_KEYS,
        "unknown",
        address,
        "More calls with keys that do not work came from your address",
    )


def charge_report(address: str) -> None:
    """Count a report of leaked keys by its address."""
    _charge(LEAK_REPORTS, "leaked", address, "Your address sent more reports")


def _charge(item: RateLimitItem, bucket: str, whose: str, what: str) -> None:
    limits = current_app.extensions["limits"]
    try:
        allowed = limits.hit(item, bucket, whose)
        ends, left = limits.get_window_stats(item, bucket, whose)
    except StorageError as error:
        log.error("The storage of rate limits does not answer; the call is let through: %s", error)
        return
    wait = max(1, min(WINDOW, int(ends - time.time()) + 1))
    g.limit = (bucket, item.amount, left, wait)
    if not allowed:
        raise Problem(
            429,
            "rate_limited",
            f"{what} than {item.amount} in a minute. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )


def _tell(response: Response) -> Response:
    """The headers of draft-ietf-httpapi-ratelimit-headers-10."""
    if (limit := g.get("limit")) is not None:
        bucket, amount, left, wait = limit
        headers = response.headers
        headers.add("RateLimit-Policy", f'"{bucket}";q={amount};w={WINDOW}')
        headers.add("RateLimit", f'"{bucket}";r={left};t={wait}')
    return response
