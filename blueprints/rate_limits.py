"""Rate limits: a fixed window of a minute for each API key, and for unknown callers by address.

The engine is Flask-Limiter's, ``limits``, called where the key is known instead of before every
request; its counts are in memory or in Redis.
"""

import logging
import time
from ipaddress import IPv6Network
from threading import Lock

from flask import Flask, Response, current_app, g
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string

from blueprints.errors import Problem

WINDOW = 60
UNKNOWN_KEYS, LEAK_REPORTS, EXCHANGES, LOOKUPS = 600, 30, 600, 60
"""Calls a minute from one address; the last, of one shop's people."""
CLIENT_PREFIX = 64
"""Bits of an IPv6 address that identify its network; the owner chooses the others at will."""
PATIENCE = 1
"""Seconds that a call waits for the storage, before it goes on uncounted."""
EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded"
log = logging.getLogger(__name__)


class Memory(MemoryStorage):
    """The library's counts in memory, swept by a call once a window.

    Its own ``incr`` keeps a timer's thread going for the sweep, which would cost a call a tenth
    of its time.
    """

    _lock, _swept = Lock(), 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        timestamp = time.time()
        with self._lock:
            if timestamp >= self._swept + WINDOW:
                self._sweep(timestamp)
            if self.expirations.get(key, 0) <= timestamp:
                self.storage[key], self.expirations[key] = 0, timestamp + expiry
            self.storage[key] += amount
            return self.storage[key]

    def _sweep(self, timestamp: float) -> None:
        for key in [key for key, ends in self.expirations.items() if ends <= timestamp]:
            del self.storage[key], self.expirations[key]
        self._swept = timestamp


def register(app: Flask) -> None:
    url = app.config["SETTINGS"].RATE_LIMIT_STORAGE_URL
    patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    app.extensions["limits"] = (
        Memory()
        if url.startswith("memory")
        else storage_from_string(url, wrap_exceptions=True, **patience)
    )
    app.after_request(_add_headers)


def charge_key(key_id: int, calls_per_minute: int) -> None:
    """Count this call; stop it when the key has used up its minute."""
    _charge(calls_per_minute, "key", key_id, "This key made more calls")


def charge_elsewhere(key_id: int, calls_per_minute: int, address: str) -> None:
    """Count a call from an address that the key does not allow, apart from those that it does:
    whoever found the key cannot use up the minute of its owner."""
    most = min(calls_per_minute, UNKNOWN_KEYS)
    whose = f"{key_id}/{_client_network(address)}"
    _charge(most, "elsewhere", whose, "This key made more calls from your address")


def charge_stranger(address: str) -> None:
    """Count a call whose key does not work; stop it when there were too many from its address."""
    _charge(
        UNKNOWN_KEYS,
        "unknown",
        _client_network(address),
        "More calls with keys that do not work came from your address",
    )


def charge_report(address: str) -> None:
    """Count a report of leaked keys by its address."""
    _charge(LEAK_REPORTS, "leaked", _client_network(address), "Your address sent more reports")


def charge_exchange(address: str) -> None:
    """Count an ID token that is handed in, by its address."""
    _charge(EXCHANGES, "token", _client_network(address), "Your address sent more ID tokens")


def charge_lookup(shop_id: int) -> None:
    """Count what a shop has us ask another server."""
    _charge(LOOKUPS, "lookup", shop_id, "Your store asked for more")


def _client_network(address: str) -> str:
    """The address to count by: itself, or the /64 network of an IPv6 address."""
    if ":" not in address:
        return address
    return str(IPv6Network((address, CLIENT_PREFIX), strict=False))


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
            type=EXCEEDED,
            **{"violated-policies": [bucket]},
        )


def _add_headers(response: Response) -> Response:
    """Add the headers of draft-ietf-httpapi-ratelimit-headers-11."""
    if (limit := g.get("limit")) is not None:
        (bucket, amount, left, wait), headers = limit, response.headers
        headers.add("RateLimit-Policy", f'"{bucket}";q={amount};w={WINDOW}')
        headers.add("RateLimit", f'"{bucket}";r={left};t={wait}')
    return response
