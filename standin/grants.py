"""The access and refresh tokens given to the app, kept per shop as the setting "tokens".

Several are valid at once. A used refresh token may be tried again until the pair it gave is
refreshed in turn, for at most 30 days, and never beyond its own 90.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from standin.store import ShopStore

ACCESS_SECONDS = 3600
ONLINE_SECONDS = 86_399
REFRESH_SECONDS = 90 * 86_400
RETRY_SECONDS = 30 * 86_400

_lock = threading.Lock()


def issue_offline(shop: ShopStore) -> dict:
    """A new pair: {"access", "access_until", "refresh", "refresh_until", ...}, times in seconds
    since 1970."""
    with _changing(shop) as grants:
        return _issue(grants, replaces=None)


def issue_online(shop: ShopStore) -> dict:
    """A new access token that has no refresh token."""
    with _changing(shop) as grants:
        grant = {"access": _random("shpat"), "access_until": time.time() + ONLINE_SECONDS}
        grants.append(grant)
        return grant


def refresh(shop: ShopStore, refresh_token: str) -> dict | None:
    """A new pair for a refresh token; None when it is unknown, expired or retired."""
    now = time.time()
    with _changing(shop) as grants:
        by_refresh = {grant["refresh"]: grant for grant in grants if "refresh" in grant}
        old = by_refresh.get(refresh_token)
        if not old or old["retired"] or now >= old["refresh_until"]:
            return None
        old.setdefault("first_used", now)
        if now >= old["first_used"] + RETRY_SECONDS:
            return None
        if before := by_refresh.get(old["replaces"]):
            before["retired"] = True
        return _issue(grants, replaces=refresh_token)


def is_valid(shop: ShopStore, access_token: str) -> bool:
    now = time.time()
    return any(
        grant["access"] == access_token and now < grant["access_until"]
        for grant in reversed(shop.setting("tokens", []))
    )


def expire_access(shop: ShopStore) -> None:
    """End every access token now; refresh tokens stay good."""
    with _changing(shop) as grants:
        for grant in grants:
            grant["access_until"] = 0


def forget(shop: ShopStore) -> None:
    """The app is uninstalled: no token of the shop is good any more."""
    with _changing(shop) as grants:
        grants.clear()


def _issue(grants: list[dict], replaces: str | None) -> dict:
    now = time.time()
    grant = {
        "access": _random("shpat"),
        "access_until": now + ACCESS_SECONDS,
        "refresh": _random("shprt"),
        "refresh_until": now + REFRESH_SECONDS,
        "replaces": replaces,
        "retired": False,
    }
    grants.append(grant)
    return grant


def _random(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(16)}"


@contextmanager
def _changing(shop: ShopStore) -> Iterator[list[dict]]:
    """The shop's grants to change in place, without those that can do nothing any more."""
    with _lock:
        now = time.time()
        grants = [
            {**grant}
            for grant in shop.setting("tokens", [])
            if now < max(grant["access_until"], grant.get("refresh_until", 0))
        ]
        yield grants
        shop.set_setting("tokens", grants)
