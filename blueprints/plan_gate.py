"""What the plan of the shop in hand allows on the pages."""

from flask import current_app, g

from models import db
from models.api_key import ApiKey


def why_no_key() -> str | None:
    """Why this shop's plan lets nobody create a key now, in a sentence; None when it does."""
    live = db.select(db.func.count()).where(
        ApiKey.shop_id == g.shop.id, ApiKey.deleted_at.is_(None)
    )
    return _refusal(db.session.scalar(live))


def why_no_rotation() -> str | None:
    """The same for a key that takes the place of another: the plan needs API access."""
    return _refusal(0)


def _refusal(keys: int) -> str | None:
    return current_app.config["SETTINGS"].PLANS.refusal(g.shop.plan, keys)
