"""When a key ends: the choices of its dialog, judged in words."""

from datetime import date, datetime, time, timedelta, tzinfo

from models import now
from translations import _

LIFETIMES = {"30": 30, "90": 90, "365": 365}
"""Days, by the choice's name."""


def expiry(choice: str, day: str, zone: tzinfo) -> tuple[datetime | None, str | None]:
    """When a key chosen to expire so ends, and what is wrong with the choice, if anything.

    ``choice`` is a number of days (30, 90, 365), ``"never"`` or ``"date"``; then ``day`` is
    ``YYYY-MM-DD`` and the key works until that day is over in the shop's time ``zone``.
    """
    if choice == "never":
        return None, None
    if choice in LIFETIMES:
        return now() + timedelta(days=LIFETIMES[choice]), None
    if choice != "date":
        return None, _("Choose when the key expires.")
    try:
        last = date.fromisoformat(day)
        end = datetime.combine(last + timedelta(days=1), time(), zone)
    except (ValueError, OverflowError):
        return None, _("Enter the last day on which the key works.")
    if end <= now():
        return None, _("Choose a day that is not over yet.")
    return end, None
