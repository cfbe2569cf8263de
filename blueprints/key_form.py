"""The form of the key dialog: what was typed, what is wrong with it, what it comes to."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from models.api_key import ApiKey
from models.expiry import expiry
from transfer.permissions import known, unknown

KEEP = "keep"
FIELDS = ("name", "expires", "day", "permissions")
CHOICES = {
    "30": "In 30 days",
    "90": "In 90 days",
    "365": "In a year",
    "date": "On a date",
    "never": "Never",
}


@dataclass
class KeyForm:
    """``errors`` is by field: name, expires, day, permissions, or form for the whole."""

    name: str = ""
    expires: str = "90"
    day: str = ""
    request_id: str = ""
    permissions: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    values: dict = field(default_factory=dict)

    @classmethod
    def blank(cls, request_id: str) -> "KeyForm":
        return cls(request_id=request_id)

    @classmethod
    def of(cls, key: ApiKey) -> "KeyForm":
        return cls(name=key.name, expires=KEEP, permissions=known(key.permissions))

    @classmethod
    def typed(cls, sent: MultiDict) -> "KeyForm":
        ticked = sent.getlist("permission")
        return cls(
            name=" ".join(sent.get("name", "").split(" ")).strip(),
            expires=sent.get("expires", ""),
            day=sent.get("day", ""),
            request_id=sent.get("request_id", "")[:64],
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
        if error := ApiKey.name_error(name, others):
            self.errors["name"] = error
        if self.strange:
            self.errors["permissions"] = "There is no such permission. Reload the page."
        elif not self.permissions:
            self.errors["permissions"] = "Tick at least one permission."
        if key and self.expires == KEEP:
            ends, error = key.expires_at, None
        else:
            ends, error = expiry(self.expires, self.day, zone)
        if error:
            self.errors["day" if self.expires == "date" else "expires"] = error
        self.values = {"name": name, "permissions": self.permissions, "expires_at": ends}
        return not self.errors
