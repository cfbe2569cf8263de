"""Records in the activity log what the signed-in staff member did."""

from typing import Any

from flask import g

from blueprints.client_address import client_address
from models.activity import STAFF, record
from models.api_key import ApiKey


def record_activity(kind: str, key: ApiKey | None = None, **detail: Any) -> None:
    """Add an activity of this kind to the caller's transaction; ``key``, already flushed, is the
    API key that it is about."""
    record(
        g.shop.id,
        kind,
        actor_kind=STAFF,
        actor=g.user,
        key_id=key.id if key else None,
        subject=key.name if key else "",
        address=client_address(),
        **detail,
    )
