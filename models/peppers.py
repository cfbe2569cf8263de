"""Keyed hashing (HMAC-SHA-256) of API keys.

Without the pepper a leaked database cannot be brute-forced.

Each pepper has a version, stored in the key's row; new keys use the highest.
"""

import hmac
from functools import lru_cache

from flask import current_app


def versions() -> dict[int, bytes]:
    peppers: dict[int, bytes] = current_app.config["SETTINGS"].KEY_PEPPERS
    return peppers


def newest() -> tuple[int, bytes]:
    peppers = versions()
    version = max(peppers)
    return version, peppers[version]


def digest(pepper: bytes, text: str) -> bytes:
    keyed = _keyed(pepper).copy()
    keyed.update(text.encode())
    return keyed.digest()


@lru_cache(maxsize=16)
def _keyed(pepper: bytes) -> hmac.HMAC:
    """The hash after its key, which every call begins with; never updated itself."""
    return hmac.new(pepper, digestmod="sha256")
