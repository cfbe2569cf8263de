"""How often one may call: each key has a budget of its own, strangers have one by their address.

The engine is Flask-Limiter's, ``limits``, called where the key is known instead of before every
request; its counts are in memory or in Redis.
"""

import logging
import time

from flask import Flask, Response, current_app, g
from limits.errors import StorageError
from limits.storage import storage_from_string

from blueprints.errors import Problem
from models.api_key import MOST_CALLS_PER_MINUTE

WINDOW = 60
UNKNOWN_KEYS, LEAK_REPORTS = 600, 30
"""Calls a minute from one address."""
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    url = app.config["SETTINGS"].RATE_LIMIT_STORAGE_URL
    app.extensions["limits"] = storage_from_string(url, wrap_exceptions=True)
    app.after_request(_tell)


def charge_key(key_id: int, calls_per_minute: int) -> None:
    """Count this call; stop it when the key has used up its minute.

    A key at the most there is, as keys are made, is not counted: no server of ours answers so
    many calls, and the count would cost each of them time.
    """
    if calls_per_minute < MOST_CALLS_PER_MINUTE:
        _charge(calls_per_minute, "key", key_id, "This key made more calls")


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


def _charge(most: int, bucket: str, whose: object, what: str) -> None:
    """Count in a window of a minute that its first call opens."""
    storage, counter = current_app.extensions["limits"], f"{bucket}/{whose}"
    try:
        count, ends = storage.incr(counter, WINDOW), storage.get_expiry(counter)
    except StorageError as error:
        log.error("The storage of rate limits does not answer; the call is let through: %s", error)
        return
    wait = max(1, min(WINDOW, int(ends - time.time()) + 1))
    g.limit = (bucket, most, max(0, most - count), wait)
    if count > most:
        raise Problem(
            429,
            "rate_limited",
            f"{what} than {most} in a minute. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )


def _tell(response: Response) -> Response:
    """The headers of draft-ietf-httpapi-ratelimit-headers-10."""
    if (limit := g.get("limit")) is not None:
        (bucket, amount, left, wait), headers = limit, response.headers
        headers.add("RateLimit-Policy", f'"{bucket}";q={amount};w={WINDOW}')
        headers.add("RateLimit", f'"{bucket}";r={left};t={wait}')
    return response
