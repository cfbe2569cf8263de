"""What an edit changed of a key, as the detail of an activity."""

from datetime import datetime
from typing import NamedTuple

from models.api_key import ApiKey
from models.import_limits import loosened
from models.personal_data import ALL, Personal, widened
from transfer.permissions import known_permissions

NO_LABEL = "none"


class Before(NamedTuple):
    """A key before an edit."""

    permissions: frozenset[str]
    name: str
    expires_at: datetime | None
    allowed_addresses: str
    calls_per_minute: int
    environment: str
    personal_data: Personal
    imports: str
    import_limits: dict[str, int]

    @classmethod
    def of(cls, key: ApiKey) -> "Before":
        return cls(*(getattr(key, name) for name in cls._fields))


def difference(before: Before, key: ApiKey) -> dict[str, object]:
    """The detail of an activity "key.changed"; empty when nothing was changed."""
    changed: dict[str, object] = {
        "added": known_permissions(key.permissions - before.permissions),
        "removed": known_permissions(before.permissions - key.permissions),
        "was_named": before.name if key.name != before.name else None,
    }
    if key.expires_at != before.expires_at:
        changed |= expiry_of(key)
    if key.allowed_addresses != before.allowed_addresses:
        changed["addresses"] = key.allowed_addresses.split() or ["any"]
    if key.calls_per_minute != before.calls_per_minute:
        changed["calls_per_minute"] = key.calls_per_minute
    if key.environment != before.environment:
        changed["environment"] = key.environment or NO_LABEL
    if key.personal_data != before.personal_data:
        changed["personal_data"] = key.personal_data
        changed["sees_more"] = widened(key.personal_data, before.personal_data)
    numbers, had = key.import_limits, before.import_limits
    if key.imports != before.imports:
        changed["imports"] = key.imports
    if own := {name: value for name, value in numbers.items() if value != had[name]}:
        changed["import_limits"] = own
    changed["loosened"] = loosened(key.imports, numbers, before.imports, had)
    return {field: value for field, value in changed.items() if value}


def expiry_of(key: ApiKey) -> dict[str, str]:
    """The expiry in the detail of an activity: ISO 8601, or ``never``."""
    return {"expires_at": key.expires_at.isoformat() if key.expires_at else "never"}


def sees(key: ApiKey) -> dict[str, str]:
    """How much personal data a new key sees, in the detail of an activity; all goes unsaid."""
    return {} if key.personal_data == ALL else {"personal_data": key.personal_data}
