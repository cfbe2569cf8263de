"""What the plan of the merchant's shop allows on the pages."""

from flask import current_app, g

from models.api_key import ApiKey


def why_no_key() -> str | None:
    """Why the shop's plan allows no new key, in a sentence; None when it does."""
    live, _ = g.get("key_counts") or ApiKey.counted(g.shop.id)
    return _refusal(live)


def why_no_rotation() -> str | None:
    """The same for a key that replaces another: the plan needs API access, however many keys."""
    return _refusal(0)


def _refusal(keys: int) -> str | None:
    refusal: str | None = current_app.config["SETTINGS"].PLANS.refusal(g.shop.plan, keys)
    return refusal
