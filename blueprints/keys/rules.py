"""Settings > API Keys: the rules of a shop for its keys, and which keys break them."""

from typing import Any

from flask import Blueprint, Flask, Response, g, render_template, request, url_for
from htmx_flask import make_response

from blueprints.keys.shared import EVERY, fingerprint, render_card
from blueprints.staff import record_activity
from models import db
from models.api_key import ApiKey
from models.key_rules import (
    ADDRESSES,
    LONGEST,
    NOT_ALL,
    SECOND_PERSON,
    broken_by,
    changed,
    sentence,
    set_end,
    wanted,
)
from models.workload import WorkloadRule
from translations import N_, _

bp = Blueprint("key_rules", __name__, url_prefix="/settings/keys/rules")

DAYS = (30, 90, 180, 365)
CHOICES = {
    ADDRESSES: N_("Every key needs a list of allowed IP addresses"),
    NOT_ALL: N_("No key may have every permission"),
    SECOND_PERSON: N_(
        "Imports of customers, orders, draft orders and companies need a second person"
    ),
}
CHANGED = N_(
    "The rules were changed in another tab or by somebody else. Look at them as they are now, and "
    "set them again."
)
NAMED = 50


def register(app: Flask) -> None:
    app.add_template_global(broken_keys)
    app.add_template_global(broken_rules)
    app.add_template_global(rules_version)
    app.jinja_env.globals |= {"RULE_DAYS": DAYS, "RULES": CHOICES}


def rules_version() -> str:
    """Of the shop's rules, so that nobody undoes unseen what somebody else has set meanwhile."""
    return fingerprint(wanted(g.shop.key_rules))


def broken_keys(keys: list[ApiKey]) -> list[tuple[ApiKey, str]]:
    """Those of the shop's keys and trusted workloads that break a rule of it, each with the address
    of the dialog that changes it; ``keys`` are its keys. Where no rule is set nothing is asked."""
    if not wanted(g.shop.key_rules):
        return []
    found = [(key, url_for("keys.ask_permissions", key_id=key.id)) for key in keys]
    trusted = WorkloadRule.of(g.shop)
    found += [(one.key, url_for("workloads.ask_edit", rule_id=one.id)) for one in trusted]
    return [(key, url) for key, url in found if _is_named(key)]


def _is_named(key: ApiKey) -> bool:
    return key.rule_ends_at is not None and not (key.expired or key.disabled)


def broken_rules(key: ApiKey) -> list[str]:
    """What the key would have to keep to, a sentence a rule."""
    rules = g.shop.key_rules
    return [sentence(name, rules) for name in broken_by(key, rules, EVERY)]


@bp.put("")
def save() -> Response | tuple[str, int]:
    asked, error = _parse_rules()
    if error:
        return render_template("keys/_rules.html", keys=ApiKey.of(g.shop), error=error), 422
    g.shop.lock()
    if request.form.get("version", rules_version()) != rules_version():
        db.session.commit()
        context = {"keys": ApiKey.of(g.shop), "changed": _(CHANGED)}
        return render_template("keys/_rules.html", **context), 422
    before, rules = g.shop.key_rules, changed(g.shop.key_rules, asked)
    g.shop.key_rules = rules
    ApiKey.lock(ApiKey.shop_id == g.shop.id)
    keys = [*ApiKey.of(g.shop), *(one.key for one in WorkloadRule.of(g.shop))]
    for key in keys:
        set_end(key, rules, EVERY)
    if wanted(rules) != wanted(before):
        stopped = [key for key in keys if _is_named(key)]
        detail: dict[str, Any] = {"rules": wanted(rules)}
        if stopped:
            ends = min(key.rule_ends_at for key in stopped if key.rule_ends_at)
            detail |= {"keys": [key.name for key in stopped[:NAMED]], "ends": ends.isoformat()}
        record_activity("key.rules_changed", **detail)
    db.session.commit()
    body = render_template("keys/_rules_saved.html", keys=ApiKey.of(g.shop), card=render_card())
    return make_response(body, trigger={"toast": _("Rules saved")})


def _parse_rules() -> tuple[dict[str, Any], str]:
    """The rules that the form asks for, and what is wrong with them."""
    days = request.form.get(LONGEST, "")
    if days not in ("", *map(str, DAYS)):
        return {}, _("Choose one of these.")
    ticked = {name: True for name in CHOICES if request.form.get(name) == "true"}
    return ({LONGEST: int(days)} if days else {}) | ticked, ""
