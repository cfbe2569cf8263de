"""Refused calls in the activity trail: one a day for each key and reason."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from models import db, limit_lock_wait, now
from models.activity import KEY, Activity, record
from models.api_key import ApiKey

KIND, ONCE_IN = "key.refused", timedelta(days=1)
KNOWN_FOR, MAX_KNOWN = 60.0, 10_000
_known: dict[tuple[int, str], float] = {}
"""When this process last recorded a refusal, so that a flood of calls asks no database."""


@dataclass(frozen=True)
class Refusal:
    """A call that was refused to a key; ``needs`` is the permission that it lacks, if any."""

    key_id: int
    shop_id: int
    key_name: str
    reason: str
    needs: str | None = None


def is_new(refusal: Refusal) -> bool:
    """Whether this process has not recorded the same in the last minute. From now on it has."""
    seen, at = (refusal.key_id, refusal.reason), monotonic()
    if at - _known.get(seen, -KNOWN_FOR) < KNOWN_FOR:
        return False
    if len(_known) >= MAX_KNOWN:
        _known.clear()
    _known[seen] = at
    return True


def record_refusal(refusal: Refusal, address: str) -> None:
    """Record the refused call and commit, unless that was done in the last day."""
    limit_lock_wait(db.session.connection())
    ApiKey.lock(ApiKey.id == refusal.key_id)
    recent = db.session.scalars(
        db.select(Activity.detail).where(
            Activity.key_id == refusal.key_id,
            Activity.kind == KIND,
            Activity.at > now() - ONCE_IN,
        )
    )
    if all(detail.get("reason") != refusal.reason for detail in recent):
        record(
            refusal.shop_id,
            KIND,
            actor_kind=KEY,
            actor=refusal.key_name,
            key_id=refusal.key_id,
            subject=refusal.key_name,
            address=address,
            reason=refusal.reason,
            needs=refusal.needs,
        )
    db.session.commit()


def forget() -> None:
    """Forget what this process has recorded."""
    _known.clear()
