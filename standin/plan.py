"""The app's plans: the page where a merchant picks one, and the route that picks for a program."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from standin import control
from standin.shops import shop_of

PLANS = {"Free": 0, "Pro": 19}  # dollars a month
FIRST = "Pro"

bp = Blueprint("plan", __name__)


@bp.post("/_standin/<shop>/plan")
def set_plan(shop):
    name = control.body().get("name")
    _choose(shop, name)
    return {"name": name}


@bp.get("/store/<name>/charges/altera/pricing_plans")
def page(name):
    shop = shop_of(name)
    return render_template(
        "plan.html",
        name=shop.domain.removesuffix(".myshopify.com"),
        plans=PLANS,
        current=shop.setting("plan", FIRST),
    )


@bp.post("/store/<name>/charges/altera/pricing_plans")
def pick(name):
    """A click on the page; Shopify then opens the app again, as the plan's welcome link."""
    chosen = request.form.get("name", "")
    _choose(name, chosen)
    return redirect(url_for("admin.app", name=name, plan_handle=chosen.lower()), 303)


def _choose(shop: str, name) -> None:
    if name not in list(PLANS):
        abort(422, f"The plans are {' and '.join(PLANS)}.")
    shop_of(shop).set_setting("plan", name)
