"""When a key ends: the choices of its dialog, judged in words."""

from datetime import date, datetime, time, timedelta, tzinfo

from models import now
from translations import N_, _

CHOICES = {
    "30": N_("In 30 days"),
    "90": N_("In 90 days"),
    "365": N_("In a year"),
    "date": N_("On a date"),
    "never": N_("Never"),
}
"""What the dialog offers; a number counts days from now."""


def expiry(choice: str, day: str, zone: tzinfo) -> tuple[datetime | None, str | None]:
    """When a key chosen to expire so ends, and what is wrong with the choice, if anything.

    ``choice`` is one of CHOICES. For ``"date"`` ``day`` is ``YYYY-MM-DD``, and the key works until
    that day is over in the shop's time ``zone``.
    """
    if choice not in CHOICES:
        return None, _("Choose when the key expires.")
    if choice == "never":
        return None, None
    if choice != "date":
        return now() + timedelta(days=int(choice)), None
    try:
        last = date.fromisoformat(day)
        end = datetime.combine(last + timedelta(days=1), time(), zone)
    except (ValueError, OverflowError):
        return None, _("Enter the last day on which the key should work.")
    if end <= now():
        return None, _("Choose today or a later day.")
    return end, None


def last_date(end: datetime, zone: tzinfo) -> date:
    """The last day on which a key works that ends then: the one that is over at ``end``, or in
    which it falls."""
    return (end - timedelta(microseconds=1)).astimezone(zone).date()
