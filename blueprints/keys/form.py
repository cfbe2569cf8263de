"""The form of the key dialog: what was typed, what is wrong with it, what it comes to."""

import re
from dataclasses import dataclass, field
from unicodedata import normalize
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from blueprints.keys.shared import request_id_of
from models.addresses import ranges_typed
from models.api_key import CALLS_PER_MINUTE, MOST_CALLS_PER_MINUTE, ApiKey
from models.expiry import expiry
from transfer.permissions import known, unknown
from translations import _, number

KEEP = "keep"
FIELDS = ("name", "expires", "day", "allowed_addresses", "calls_per_minute", "permissions")


@dataclass
class KeyForm:
    """``errors`` is by field, one of FIELDS, or form for the whole.

    ``allowed_addresses`` and ``calls_per_minute`` are as typed, or None when they were not sent;
    then they stay as they are.
    """

    name: str = ""
    expires: str = "90"
    day: str = ""
    request_id: str = ""
    allowed_addresses: str | None = None
    calls_per_minute: str | None = None
    permissions: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    values: dict = field(default_factory=dict)

    @classmethod
    def blank(cls, request_id: str) -> "KeyForm":
        form = cls(request_id=request_id)
        form._show_limits("", CALLS_PER_MINUTE)
        return form

    @classmethod
    def of(cls, key: ApiKey) -> "KeyForm":
        form = cls(name=key.name, expires=KEEP, permissions=known(key.permissions))
        form._show_limits(key.allowed_addresses, key.calls_per_minute)
        return form

    @classmethod
    def typed(cls, sent: MultiDict) -> "KeyForm":
        ticked = sent.getlist("permission")
        return cls(
            name=_as_seen(sent.get("name", "")),
            expires=sent.get("expires", ""),
            day=sent.get("day", ""),
            request_id=request_id_of(sent),
            allowed_addresses=sent.get("allowed_addresses"),
            calls_per_minute=sent.get("calls_per_minute"),
            permissions=known(ticked),
            strange=unknown(ticked),
        )

    @property
    def focus(self) -> str:
        """The field to deal with first: the topmost wrong one, else the name."""
        return next((field for field in FIELDS if field in self.errors), FIELDS[0])

    def valid(self, others: list[ApiKey], zone: ZoneInfo, key: ApiKey | None = None) -> bool:
        """Judge the form beside the shop's other keys; fill ``values`` or ``errors``."""
        name = self.name or (key.name if key else ApiKey.free_name(others))
        left_behind = key is not None and key.retiring and name == key.name
        if not left_behind and (error := ApiKey.name_error(name, others)):
            self.errors["name"] = error
        if self.strange:
            self.errors["permissions"] = _("There is no such permission. Reload the page.")
        elif not self.permissions:
            self.errors["permissions"] = _("Tick at least one permission.")
        if key and self.expires == KEEP:
            ends, error = key.expires_at, None
        else:
            ends, error = expiry(self.expires, self.day, zone)
        if error:
            self.errors["day" if self.expires == "date" else "expires"] = error
        self.values = {"name": name, "permissions": self.permissions, "expires_at": ends}
        self._judge_limits(key)
        return not self.errors

    def _judge_limits(self, key: ApiKey | None) -> None:
        if self.allowed_addresses is None or self.calls_per_minute is None:
            self._show_limits(
                key.allowed_addresses if key else "",
                key.calls_per_minute if key else CALLS_PER_MINUTE,
            )
        ranges, error = ranges_typed(self.allowed_addresses)
        if error:
            self.errors["allowed_addresses"] = error
        typed = self.calls_per_minute.strip()
        calls = int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0
        if not 1 <= calls <= MOST_CALLS_PER_MINUTE:
            most = number(MOST_CALLS_PER_MINUTE)
            error = _("Enter a number from 1 to %(most)s.", most=most)
            self.errors["calls_per_minute"] = error
        self.values |= {"allowed_addresses": ranges, "calls_per_minute": calls}

    def _show_limits(self, allowed_addresses: str, calls_per_minute: int) -> None:
        """Fill in what was not sent."""
        if self.allowed_addresses is None:
            self.allowed_addresses = "\n".join(allowed_addresses.split())
        if self.calls_per_minute is None:
            self.calls_per_minute = str(calls_per_minute)


def _as_seen(name: str) -> str:
    """The one way to write a name that looks like this: a page shows many spaces as one, and a
    letter alike however it is put together."""
    return " ".join(part for part in normalize("NFC", name).split(" ") if part).strip()
