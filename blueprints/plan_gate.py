"""What the plan of the shop in hand allows on the pages."""

from flask import current_app, g

from models import db
from models.api_key import ApiKey


def why_no_key() -> str | None:
    """Why this shop's plan lets nobody create a key now, in a sentence; None when it does."""
    live = db.select(db.func.count()).where(
        ApiKey.shop_id == g.shop.id, ApiKey.deleted_at.is_(None)
    )
    plans = current_app.config["SETTINGS"].PLANS
    return plans.refusal(g.shop.plan, db.session.scalar(live))
