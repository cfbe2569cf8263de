"""What the plan of the merchant's shop allows on the pages."""

from flask import current_app, g

from models import db
from models.api_key import ApiKey


def why_no_key() -> str | None:
    """Why the shop's plan allows no new key, in a sentence; None when it does."""
    live = db.select(db.func.count()).where(
        ApiKey.shop_id == g.shop.id, ApiKey.deleted_at.is_(None)
    )
    return _refusal(db.session.scalar(live) or 0)


def why_no_rotation() -> str | None:
    """The same for a key that replaces another: the plan needs API access, however many keys."""
    return _refusal(0)


def _refusal(keys: int) -> str | None:
    refusal: str | None = current_app.config["SETTINGS"].PLANS.refusal(g.shop.plan, keys)
    return refusal
