"""The keys of a shop as a list: searched, filtered by state, sorted, in pages."""

from collections.abc import Callable
from datetime import timedelta

from models import now
from models.api_key import ApiKey
from translations import N_

PER_PAGE = 20
SOON = timedelta(days=7)
UNNEEDED_AFTER = timedelta(days=30)


def unneeded(key: ApiKey) -> bool:
    """Whether nobody would miss the key: for 30 days it was never used, or has been expired."""
    long_ago = now() - UNNEEDED_AFTER
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


STATES: dict[str, tuple[str, Callable[[ApiKey], object]]] = {
    "active": (N_("Active"), _active),
    "expiring": (N_("Expires in 7 days"), _expiring),
    "expired": (N_("Expired"), lambda key: key.expired),
    "disabled": (N_("Disabled"), lambda key: key.disabled_at),
    "retiring": (N_("Retiring"), _retiring),
    "unused": (N_("Never used"), lambda key: key.last_used_at is None),
}


def _moment_first(key: ApiKey, column: str, sign: int) -> tuple:
    """Keys without that moment stand last."""
    at = getattr(key, column)
    return (at is None, sign * at.timestamp() if at else 0)


ORDERS: dict[str, tuple[str, Callable[[ApiKey], object]]] = {
    "newest": (N_("Newest first"), lambda key: (-key.created_at.timestamp(), -key.id)),
    "name": (N_("Name"), lambda key: key.name.casefold()),
    "used": (N_("Last used"), lambda key: _moment_first(key, "last_used_at", -1)),
    "expires": (N_("Expires first"), lambda key: _moment_first(key, "expires_at", 1)),
}


class KeyList:
    """One page of a shop's keys; what is asked for and does not exist is as if not asked."""

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
        """``showing`` is a key whose page is wanted, whatever ``page``, ``search`` and ``state``
        say."""
        self.long = len(keys) >= PER_PAGE
        self.unneeded = sum(map(unneeded, keys))
        self.search, self.state = search.strip(), state if state in STATES else ""
        self.order = order if order in ORDERS else "newest"
        if showing and not self._fits(showing):
            self.search = self.state = ""
        found = sorted(filter(self._fits, keys), key=ORDERS[self.order][1])
        self.found = len(found)
        self.pages = max(1, -(-len(found) // PER_PAGE))
        if showing in found:
            page = found.index(showing) // PER_PAGE + 1
        self.page = min(max(page, 1), self.pages)
        self.keys = found[(self.page - 1) * PER_PAGE : self.page * PER_PAGE]

    def _fits(self, key: ApiKey) -> bool:
        of_state = not self.state or STATES[self.state][1](key)
        return of_state and self.search.casefold() in f"{key.name}\n{key.preview}".casefold()

    def as_arguments(self) -> dict[str, str]:
        """What is asked for as it stands in an address."""
        order = "" if self.order == "newest" else self.order
        page = str(self.page) if self.page > 1 else ""
        named = {"q": self.search, "state": self.state, "order": order, "page": page}
        return {name: value for name, value in named.items() if value}

    @property
    def first(self) -> int:
        """The number of the first key of this page."""
        return (self.page - 1) * PER_PAGE + 1
