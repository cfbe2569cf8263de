"""The form of the key dialog: parsing, validation, and the values to save."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from werkzeug.datastructures import MultiDict

from blueprints.keys.shared import request_id_of, version_of_edited
from models import now
from models.addresses import ranges_typed
from models.api_key import ENVIRONMENTS, MOST_CALLS_PER_MINUTE, ApiKey
from models.expiry import expiry
from models.import_limits import DEFAULTS, MODES, WITHIN_LIMITS, most, written
from models.key_rules import ADDRESSES, LONGEST, NOT_ALL, broken, broken_by, sentence
from models.personal_data import ALL
from models.personal_data import MODES as PERSONAL_MODES
from models.shop import Shop
from transfer.permissions import PERMISSIONS, known_permissions, unknown
from translations import N_, _, number

KEEP = "keep"
CHANGED = N_(
    "This was changed while you had it open, in another tab or by somebody else. Save again to "
    "replace that with what stands here, or cancel and open it again to see it."
)
LIMIT = "limit_"
"""What the name of a field for one of the numbers of ``import_limits`` begins with."""
FIELDS = (
    "name",
    "environment",
    "expires",
    "day",
    "allowed_addresses",
    "calls_per_minute",
    "personal_data",
    "imports",
    *(LIMIT + name for name in DEFAULTS),
    "permissions",
)


@dataclass
class KeyForm:
    """``errors`` holds a sentence per field of FIELDS, or under ``form`` for the whole form.

    ``version`` is of what the dialog showed when it was opened, see ``version_of_edited``.
    What may be None is as typed, or None when it was not sent; then it stays unchanged, as does a
    number that ``limits`` lacks. No calls per minute means no limit.
    """

    name: str = ""
    expires: str = "90"
    day: str = ""
    request_id: str = ""
    version: str | None = None
    allowed_addresses: str | None = None
    calls_per_minute: str | None = None
    environment: str | None = None
    personal_data: str | None = None
    imports: str | None = None
    limits: dict[str, str] = field(default_factory=dict)
    permissions: list[str] = field(default_factory=list)
    unknown_permissions: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def blank(cls, request_id: str) -> "KeyForm":
        form = cls(request_id=request_id)
        form._fill_in(None)
        return form

    @classmethod
    def from_key(cls, key: ApiKey) -> "KeyForm":
        form = cls(name=key.name, expires=KEEP, permissions=known_permissions(key.permissions))
        form.version = version_of_edited(key)
        form._fill_in(key)
        return form

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> "KeyForm":
        ticked = data.getlist("permission")
        return cls(
            name=_normal_name(data.get("name", "")),
            expires=data.get("expires", ""),
            day=data.get("day", ""),
            request_id=request_id_of(data),
            version=data.get("version"),
            allowed_addresses=data.get("allowed_addresses"),
            calls_per_minute=data.get("calls_per_minute"),
            environment=data.get("environment"),
            personal_data=data.get("personal_data"),
            imports=data.get("imports"),
            limits={name: data[LIMIT + name] for name in DEFAULTS if LIMIT + name in data},
            permissions=known_permissions(ticked),
            unknown_permissions=unknown(ticked),
        )

    @property
    def focus(self) -> str:
        """What gets the focus: the first wrong field, else the button where the whole form is
        refused, else the name."""
        first = "form" if "form" in self.errors else FIELDS[0]
        return next((name for name in FIELDS if name in self.errors), first)

    def keep_up(self, version: str) -> None:
        """Say so if what is changed has another version than the one that the dialog showed, so
        that nobody undoes unseen what somebody else has saved meanwhile."""
        if self.version not in (None, version):
            self.errors["form"] = _(CHANGED)
        self.version = version

    def validate(
        self,
        others: list[ApiKey],
        shop: Shop,
        key: ApiKey | None = None,
        for_workload: bool = False,
    ) -> bool:
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
            ends, error = expiry(self.expires, self.day, shop.zone)
        if error:
            self.errors["day" if self.expires == "date" else "expires"] = error
        self.values = {"name": name, "permissions": self.permissions, "expires_at": ends}
        self._fill_in(key)
        self._validate_limits()
        self._validate_imports()
        self._keep_to_rules(shop.key_rules, key, for_workload)
        return not self.errors

    def _validate_limits(self) -> None:
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

    def _validate_imports(self) -> None:
        if self.environment not in ("", *ENVIRONMENTS):
            self.errors["environment"] = _("Choose one of these.")
        if self.personal_data not in PERSONAL_MODES:
            self.errors["personal_data"] = _("Choose one of these.")
        if self.imports not in MODES:
            self.errors["imports"] = _("Choose one of these.")
        numbers = {}
        for name, text in self.limits.items():
            typed = text.strip() or str(DEFAULTS[name])
            numbers[name] = int(typed) if re.fullmatch("[0-9]{1,9}", typed) else -1
            if not 0 <= numbers[name] <= most(name):
                error = _("Enter a number from 0 to %(most)s.", most=number(most(name)))
                self.errors[LIMIT + name] = error
        self.values |= {
            "environment": self.environment,
            "personal_data": self.personal_data,
            "imports": self.imports,
            "import_limits_text": written(numbers),
        }

    def _keep_to_rules(
        self, rules: Mapping[str, Any], key: ApiKey | None, for_workload: bool
    ) -> None:
        """Say which rules of the shop such a key would break and did not break before."""
        breaks = broken(
            rules,
            expires_at=self.values["expires_at"],
            created_at=key.created_at if key else now(),
            allowed_addresses=self.values["allowed_addresses"],
            has_all=set(PERMISSIONS) <= set(self.permissions),
            for_workload=for_workload,
        )
        before = broken_by(key, rules, frozenset(PERMISSIONS)) if key else []
        fields = {
            LONGEST: "day" if self.expires == "date" else "expires",
            ADDRESSES: "allowed_addresses",
            NOT_ALL: "permissions",
        }
        for rule in breaks:
            if rule not in before:
                self.errors.setdefault(fields[rule], sentence(rule, rules))

    def _fill_in(self, key: ApiKey | None) -> None:
        """Fill in what was not sent as the key has it, or as a new one does; the highest rate is
        shown as none."""
        if self.allowed_addresses is None:
            self.allowed_addresses = "\n".join(key.allowed_addresses.split()) if key else ""
        if self.calls_per_minute is None:
            calls = key.calls_per_minute if key else MOST_CALLS_PER_MINUTE
            self.calls_per_minute = str(calls) if calls < MOST_CALLS_PER_MINUTE else ""
        if self.environment is None:
            self.environment = key.environment if key else ""
        if self.personal_data is None:
            self.personal_data = key.personal_data if key else ALL
        if self.imports is None:
            self.imports = key.imports if key else WITHIN_LIMITS
        numbers = key.import_limits if key else DEFAULTS
        self.limits = {name: str(value) for name, value in numbers.items()} | self.limits

    @property
    def limit_fields(self) -> list[str]:
        """The fields for the numbers of its imports."""
        return [LIMIT + name for name in DEFAULTS]


def _normal_name(name: str) -> str:
    """NFC, with runs of spaces collapsed, so that two keys cannot have names that look alike."""
    return " ".join(part for part in normalize("NFC", name).split(" ") if part).strip()
