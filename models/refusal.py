"""Refused calls in the activity: the first of a key and reason in a day, never a flood."""

from datetime import timedelta
from time import monotonic

from models import db, now
from models.activity import KEY, Activity, record
from models.api_key import ApiKey

KIND, ONCE_IN = "key.refused", timedelta(days=1)
KNOWN_FOR, MAX_KNOWN = 60.0, 10_000
_known: dict[tuple[int, str], float] = {}
"""When this process last saw that a refusal is recorded, so that a flood asks no database."""


def record_refusal(
    *, key_id: int, shop_id: int, name: str, reason: str, needs: str | None, address: str
) -> None:
    """Record that a call with this key was refused, and commit; at most once a day and reason."""
    moment = monotonic()
    if moment - _known.get((key_id, reason), -KNOWN_FOR) < KNOWN_FOR:
        return
    if len(_known) >= MAX_KNOWN:
        _known.clear()
    _known[key_id, reason] = moment
    ApiKey.hold(ApiKey.id == key_id)
    recent = db.session.scalars(
        db.select(Activity.detail).where(
            Activity.key_id == key_id, Activity.kind == KIND, Activity.at > now() - ONCE_IN
        )
    )
    if all(detail.get("reason") != reason for detail in recent):
        record(
            shop_id,
            KIND,
            actor_kind=KEY,
            actor=name,
            key_id=key_id,
            subject=name,
            address=address,
            reason=reason,
            needs=needs,
        )
    db.session.commit()


def forget() -> None:
    """Forget what this process knows to be recorded."""
    _known.clear()
