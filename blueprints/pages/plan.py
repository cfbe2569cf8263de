"""Settings > Plan: the shop's plan, what each plan gives, and the way to Shopify's plan page."""

from datetime import timedelta

from flask import Blueprint, current_app, g, render_template

from blueprints.plan_gate import why_no_key
from models import now

JUST_NOW = timedelta(minutes=1)

bp = Blueprint("plan", __name__, url_prefix="/settings/plan")
bp.add_app_template_global(why_no_key)


@bp.get("/")
def page():
    """The guard has asked Shopify for the plan just now; when it told nothing, the page says so."""
    settings = current_app.config["SETTINGS"]
    checked = g.shop.plan_checked_at
    return render_template(
        "plan/page.html",
        plans=settings.PLANS,
        asked=checked is not None and now() - checked < JUST_NOW,
        change=f"{g.shop.admin_url}/charges/{settings.APP_HANDLE}/pricing_plans",
    )
