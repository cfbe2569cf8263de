"""What the staff member in front of the page did, recorded with the change itself."""

from typing import Any

from flask import g

from blueprints.client_address import client_address
from models.activity import STAFF, record
from models.api_key import ApiKey


def did(kind: str, key: ApiKey | None = None, **detail: Any) -> None:
    """Record it in the caller's transaction; ``key`` is the one it is about, with an id."""
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
