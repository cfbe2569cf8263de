"""The keys of a shop as a list: searched, filtered by state, sorted, in pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from models import now
from models.api_key import ApiKey
from translations import N_

PER_PAGE = 20
SOON = timedelta(days=7)
UNUSED_AFTER = timedelta(days=30)
"""How long a key was never used, or has been expired, before its deletion is suggested."""


def unneeded(key: ApiKey) -> bool:
    """Whether the key can probably go: for 30 days it was never used, or has been expired."""
    long_ago = now() - UNUSED_AFTER
    if key.last_used_at is None and key.created_at <= long_ago:
        return True
    return key.expires_at is not None and key.expires_at <= long_ago


def _retiring(key: ApiKey) -> bool:
    return key.retires_at is not None and key.retires_at > now()


def _active(key: ApiKey) -> bool:
    over = key.retires_at is not None and key.retires_at <= now()
    return not (key.expired or key.disabled_at or over)


def _expiring(key: ApiKey) -> bool:
    return not key.expired and key.expires_at is not None and key.expires_at <= now() + SOON


STATES: dict[str, tuple[str, Callable[[ApiKey], bool]]] = {
    "active": (N_("Active"), _active),
    "expiring": (N_("Expires in 7 days"), _expiring),
    "expired": (N_("Expired"), lambda key: key.expired),
    "disabled": (N_("Disabled"), lambda key: key.disabled),
    "retiring": (N_("Retiring"), _retiring),
    "unused": (N_("Never used"), lambda key: key.last_used_at is None),
}


def _by_time(at: datetime | None, *, newest_first: bool = False) -> tuple[bool, float]:
    """A sort key; keys without that time come last."""
    seconds = at.timestamp() if at else 0.0
    return at is None, -seconds if newest_first else seconds


ORDERS: dict[str, tuple[str, Callable[[ApiKey], Any]]] = {
    "newest": (N_("Newest first"), lambda key: (-key.created_at.timestamp(), -key.id)),
    "name": (N_("Name"), lambda key: key.name.casefold()),
    "used": (N_("Last used"), lambda key: _by_time(key.last_used_at, newest_first=True)),
    "expires": (N_("Expiring first"), lambda key: _by_time(key.expires_at)),
}


class KeyList:
    """One page of a shop's keys; an unknown state or order is ignored."""

    def __init__(
        self,
        keys: list[ApiKey],
        *,
        search: str = "",
        state: str = "",
        order: str = "",
        page: int = 1,
        showing: ApiKey | None = None,
    ):
        """``showing`` is a key whose page is wanted, overriding ``page``, ``search``, ``state``."""
        self.long = len(keys) >= PER_PAGE
        self.unneeded = sum(map(unneeded, keys))
        self.search, self.state = search.strip(), state if state in STATES else ""
        self.order = order if order in ORDERS else "newest"
        if showing and not self._matches(showing):
            self.search = self.state = ""
        found = sorted(filter(self._matches, keys), key=ORDERS[self.order][1])
        self.found = len(found)
        self.pages = max(1, -(-len(found) // PER_PAGE))
        if showing in found:
            page = found.index(showing) // PER_PAGE + 1
        self.page = min(max(page, 1), self.pages)
        self.keys = found[(self.page - 1) * PER_PAGE : self.page * PER_PAGE]

    def _matches(self, key: ApiKey) -> bool:
        in_state = not self.state or STATES[self.state][1](key)
        return bool(in_state) and self.search.casefold() in f"{key.name}\n{key.preview}".casefold()

    def as_arguments(self) -> dict[str, str]:
        """The query arguments of this list in a URL."""
        order = "" if self.order == "newest" else self.order
        page = str(self.page) if self.page > 1 else ""
        named = {"q": self.search, "state": self.state, "order": order, "page": page}
        return {name: value for name, value in named.items() if value}

    @property
    def first(self) -> int:
        """The position of this page's first key in the list."""
        return (self.page - 1) * PER_PAGE + 1
