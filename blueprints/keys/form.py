"""The form of the key dialog: parsing, validation, and the values to save."""

import re
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from blueprints.keys.shared import request_id_of
from models.addresses import ranges_typed
from models.api_key import MOST_CALLS_PER_MINUTE, ApiKey
from models.expiry import expiry
from transfer.permissions import known, unknown
from translations import _, number

KEEP = "keep"
FIELDS = ("name", "expires", "day", "allowed_addresses", "calls_per_minute", "permissions")


@dataclass
class KeyForm:
    """``errors`` holds a sentence per field of FIELDS, or under ``form`` for the whole form.

    ``allowed_addresses`` and ``calls_per_minute`` are as typed, or None when they were not sent;
    then they stay unchanged. No calls per minute means no limit.
    """

    name: str = ""
    expires: str = "90"
    day: str = ""
    request_id: str = ""
    allowed_addresses: str | None = None
    calls_per_minute: str | None = None
    permissions: list[str] = field(default_factory=list)
    unknown_permissions: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def blank(cls, request_id: str) -> "KeyForm":
        form = cls(request_id=request_id)
        form._fill_in_limits("", MOST_CALLS_PER_MINUTE)
        return form

    @classmethod
    def from_key(cls, key: ApiKey) -> "KeyForm":
        form = cls(name=key.name, expires=KEEP, permissions=known(key.permissions))
        form._fill_in_limits(key.allowed_addresses, key.calls_per_minute)
        return form

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> "KeyForm":
        ticked = data.getlist("permission")
        return cls(
            name=_normal_name(data.get("name", "")),
            expires=data.get("expires", ""),
            day=data.get("day", ""),
            request_id=request_id_of(data),
            allowed_addresses=data.get("allowed_addresses"),
            calls_per_minute=data.get("calls_per_minute"),
            permissions=known(ticked),
            unknown_permissions=unknown(ticked),
        )

    @property
    def focus(self) -> str:
        """The field that gets the focus: the first wrong one, else the name."""
        return next((name for name in FIELDS if name in self.errors), FIELDS[0])

    def validate(self, others: list[ApiKey], zone: ZoneInfo, key: ApiKey | None = None) -> bool:
        """Fill ``values``, or ``errors`` and return False; ``others`` are the shop's other keys."""
        name = self.name or (key.name if key else ApiKey.free_name(others))
        keeps_shared_name = key is not None and key.retiring and name == key.name
        if not keeps_shared_name and (error := ApiKey.name_error(name, others)):
            self.errors["name"] = error
        if self.unknown_permissions:
            self.errors["permissions"] = _("Unknown permission. Reload the page.")
        elif not self.permissions:
            self.errors["permissions"] = _("Tick at least one permission.")
        if key and self.expires == KEEP:
            ends, error = key.expires_at, None
        else:
            ends, error = expiry(self.expires, self.day, zone)
        if error:
            self.errors["day" if self.expires == "date" else "expires"] = error
        self.values = {"name": name, "permissions": self.permissions, "expires_at": ends}
        self._validate_limits(key)
        return not self.errors

    def _validate_limits(self, key: ApiKey | None) -> None:
        self._fill_in_limits(
            key.allowed_addresses if key else "",
            key.calls_per_minute if key else MOST_CALLS_PER_MINUTE,
        )
        ranges, error = ranges_typed(self.allowed_addresses or "")
        if error:
            self.errors["allowed_addresses"] = error
        typed = (self.calls_per_minute or "").strip() or str(MOST_CALLS_PER_MINUTE)
        calls = int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0
        if not 1 <= calls <= MOST_CALLS_PER_MINUTE:
            most = number(MOST_CALLS_PER_MINUTE)
            error = _("Enter a number from 1 to %(most)s, or leave the field empty.", most=most)
            self.errors["calls_per_minute"] = error
        self.values |= {"allowed_addresses": ranges, "calls_per_minute": calls}

    def _fill_in_limits(self, allowed_addresses: str, calls_per_minute: int) -> None:
        """Fill in the limits that were not sent; the highest rate is shown as none."""
        if self.allowed_addresses is None:
            self.allowed_addresses = "\n".join(allowed_addresses.split())
        if self.calls_per_minute is None:
            limited = calls_per_minute < MOST_CALLS_PER_MINUTE
            self.calls_per_minute = str(calls_per_minute) if limited else ""


def _normal_name(name: str) -> str:
    """NFC, with runs of spaces collapsed, so that two keys cannot have names that look alike."""
    return " ".join(part for part in normalize("NFC", name).split(" ") if part).strip()
