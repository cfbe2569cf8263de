"""Rotation: a key is replaced by one that may do the same, and works on for a chosen while."""

from datetime import timedelta

from models import db, now, rows_changed
from models.activity import SYSTEM, record
from models.api_key import ApiKey
from models.key_rules import latest_end
from models.shop import Shop
from translations import N_, _

OVERLAPS = {
    "none": (N_("Don’t keep it"), timedelta(0)),
    "hour": (N_("1 hour"), timedelta(hours=1)),
    "day": (N_("1 day"), timedelta(days=1)),
    "week": (N_("7 days"), timedelta(days=7)),
}


def why_not(key: ApiKey) -> str | None:
    """Why this key cannot be rotated, in a sentence; None when it can."""
    if key.retiring:
        return _("This key has already been rotated. Rotate the key that replaced it.")
    if key.expired:
        return _("This key has expired. Choose a later date or create a new key.")
    if key.disabled:
        return _("This key is disabled. Enable it first, or create a new key.")
    return None


def rotate(
    shop: Shop, key: ApiKey, overlap: timedelta, *, created_by: str, request_id: str | None
) -> tuple[ApiKey, str] | None:
    """The successor of this key, added to the session, and its full text; None when the key can
    no longer have one.

    It has the name, permissions, limits and expiry of the old key, unless the shop lets no key live
    so long, which ends after ``overlap``
    or when it would have ended anyway. Of rotations at the same time one succeeds.
    """
    at = now()
    ends = at + overlap if key.expires_at is None else min(at + overlap, key.expires_at)
    over = {"deleted_at": at, "secret_box": None} if overlap == timedelta(0) else {}
    claimed = rows_changed(
        db.update(ApiKey)
        .where(
            ApiKey.id == key.id,
            ApiKey.shop_id == shop.id,
            ApiKey.deleted_at.is_(None),
            ApiKey.disabled_at.is_(None),
            ApiKey.retires_at.is_(None),
            ApiKey.expires_at.is_(None) | (ApiKey.expires_at > at),
        )
        .values(retires_at=ends, **over)
    )
    if claimed != 1:
        return None
    db.session.refresh(key)
    successor, text = ApiKey.issue(
        shop,
        name=key.name,
        permissions=key.permissions_text.split(),
        expires_at=latest_end(shop.key_rules, key.expires_at),
        created_by=created_by,
        request_id=request_id,
        allowed_addresses=key.allowed_addresses,
        calls_per_minute=key.calls_per_minute,
        imports=key.imports,
        import_limits_text=key.import_limits_text,
        environment=key.environment,
        personal_data=key.personal_data,
    )
    db.session.flush()
    return successor, text


def end_retired() -> int:
    """Delete the keys whose retirement is over, in every shop; return how many. Commits nothing."""
    ended = ApiKey.delete_those(ApiKey.retires_at <= now())
    for key_id, shop_id, name in ended:
        record(shop_id, "key.retired", actor_kind=SYSTEM, key_id=key_id, subject=name)
    return len(ended)
