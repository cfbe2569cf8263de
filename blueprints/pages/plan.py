"""Settings > Plan: the shop's plan, what each plan includes, and the link to change it."""

from datetime import timedelta

from flask import Blueprint, current_app, g, render_template

from blueprints.plan_gate import why_no_key
from models import now

JUST_NOW = timedelta(minutes=1)

bp = Blueprint("plan", __name__, url_prefix="/settings/plan")
bp.add_app_template_global(why_no_key)


@bp.get("/")
def page() -> str:
    """The guard has just asked Shopify for the plan; the page says when there was no answer."""
    settings = current_app.config["SETTINGS"]
    checked = g.shop.plan_checked_at
    return render_template(
        "plan/page.html",
        plans=settings.PLANS,
        is_current=checked is not None and now() - checked < JUST_NOW,
        on_top_plan=g.shop.plan == settings.PLANS.root[-1].name,
        change_url=f"{g.shop.admin_url}/charges/{settings.APP_HANDLE}/pricing_plans",
    )
