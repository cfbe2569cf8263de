"""Who may come in. A guard sets ``g`` or stops the request; each blueprint has exactly one."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from time import perf_counter
from typing import Any, NoReturn, TypeVar, cast

from flask import Response, abort, current_app, g, request
from werkzeug.wrappers import Response as WerkzeugResponse

from blueprints import fresh_id_token, idempotency, signed_links
from blueprints.client_address import client_address
from blueprints.errors import Problem
from blueprints.rate_limits import charge_elsewhere, charge_key, charge_stranger
from blueprints.refusals import refused
from blueprints.staff import learn_name
from blueprints.workload_identity import identify
from models import db, now
from models.addresses import address, networks, within
from models.api_key import ApiKey
from models.key_check import Caller, find, is_use_due
from models.key_rules import broken_by, sentence
from models.personal_data import ALL
from models.shop import Shop
from shopify import id_token
from shopify.access_token import AccessTokenRefused, IdTokenRefused, TokenServiceUnavailable
from shopify.webhook import genuine, header
from shops.arrival import arrive
from shops.plan import FRESH
from transfer.permissions import PERMISSIONS, words
from translations import _

SHOWS_PLAN = {"keys.page", "keys.refresh", "keys.ask_new"}
NEXT_CLICK = timedelta(seconds=5)
View = TypeVar("View", bound=Callable[..., Any])
MAX_WEBHOOK = 1024 * 1024


def public() -> None:
    """Anybody: the view shows nothing of a shop."""


def merchant() -> WerkzeugResponse | None:
    """A person in the Shopify admin, by the ID token; sets g.shop, g.shop_id and g.user."""
    settings = current_app.config["SETTINGS"]
    token = _bearer() or request.args.get("id_token", "")
    try:
        identity = id_token.verify(
            token,
            client_id=settings.SHOPIFY_CLIENT_ID,
            client_secrets=settings.client_secrets,
        )
    except id_token.InvalidIdToken:
        return fresh_id_token.ask()
    g.framed_by = identity.shop
    if request.args.get("shop", identity.shop) != identity.shop:
        abort(400, _("This link belongs to another store. Open Altera from your Shopify admin."))
    try:
        g.shop = arrive(identity.shop, token, settings, _plan_age())
    except IdTokenRefused:
        return fresh_id_token.ask()
    except AccessTokenRefused:
        abort(
            403,
            _(
                "Shopify rejected this app for your store. "
                "Install it again from your Shopify admin."
            ),
        )
    except TokenServiceUnavailable:
        abort(503, _("Shopify is not responding at the moment. Try again in a minute."))
    g.shop_id, g.user = g.shop.id, identity.user
    if (request.endpoint or "").endswith(".page"):
        learn_name(token)
    return None


def signed_link() -> None:
    """A browser that downloads a file by a signed link; sets g.shop, g.shop_id, g.user, g.link."""
    signed, expired = signed_links.read()
    shop = Shop.by_id(signed["shop"]) if signed else None
    if signed is None or shop is None or shop.uninstalled_at is not None:
        abort(404, _("This file does not exist. Open Altera from your Shopify admin."))
    g.shop, g.user, g.link = shop, signed["user"], signed["payload"]
    g.shop_id, g.framed_by = shop.id, shop.domain
    if expired:
        abort(403, _("This link has expired. Go back to Altera and download the file again."))


def api_key() -> Response | None:
    """A program with a key; sets g.caller, and g.key_id, g.shop_id and g.permissions of it. A call
    that it repeats gets the first answer again.

    ``g.use_due`` says whether ``key_use`` should write that the key was used.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if not text.strip():
        raise Problem(
            401,
            "key_missing",
            "Send an API key as `Authorization: Bearer altera_…`.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    begun = perf_counter()
    caller = find(text.strip()) if scheme.lower() == "bearer" else None
    if caller is None or caller.over:
        _refuse_key(caller, client_address())
    context = g._get_current_object()
    context.begun = begun
    context.caller, context.key_id = caller, caller.key_id
    context.shop_id, context.permissions = caller.shop_id, caller.permissions
    _require_api_plan(caller)
    if caller.rule_ends_at is not None and caller.rule_ends_at <= now():
        _refuse_by_rule(caller)
    if caller.allowed_addresses:
        _require_allowed_address(caller, client_address())
    charge_key(caller.key_id, caller.calls_per_minute)
    context.use_due = is_use_due(caller)
    return idempotency.replay()


def _refuse_key(caller: Caller | None, here: str) -> NoReturn:
    """One answer for every key that does not work, charged to the address that tries it."""
    if caller is not None and caller.over:
        refused(caller, caller.over)
    charge_stranger(here)
    raise Problem(
        401,
        "key_invalid",
        "This API key does not work: it is unknown, deleted, disabled or expired. "
        "Look under Settings > API Keys in Altera.",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


def _refuse_by_rule(caller: Caller) -> NoReturn:
    """The answer to a key that has broken rules of its shop for longer than it may."""
    refused(caller, "rule")
    charge_key(caller.key_id, caller.calls_per_minute)
    key = db.session.get_one(ApiKey, caller.key_id)
    rules = db.session.get_one(Shop, caller.shop_id).key_rules
    asked = [sentence(name, rules) for name in broken_by(key, rules, frozenset(PERMISSIONS))]
    raise Problem(
        403,
        "rule_broken",
        f"This key breaks a rule of its store. {' '.join(asked)} "
        "Change the key under Settings > API Keys in Altera.",
    )


def _require_allowed_address(caller: Caller, here: str) -> None:
    """Stop the call unless it comes from an address that the key allows."""
    if within(address(here), networks(caller.allowed_addresses)):
        return
    refused(caller, "address")
    charge_elsewhere(caller.key_id, caller.calls_per_minute, here)
    raise Problem(
        403,
        "address_not_allowed",
        f"This key may not be used from {here or 'here'}. "
        "Add the address to the key under Settings > API Keys in Altera.",
    )


def workload() -> None:
    """A job of a platform that a shop trusts, by its ID token; sets g.workload."""
    g.workload = identify()


def webhook() -> None:
    """Shopify itself, by the signature over the raw body."""
    request.max_content_length = MAX_WEBHOOK
    settings = current_app.config["SETTINGS"]
    signature = header(cast("Mapping[str, str]", request.headers), "Hmac-Sha256")
    if not genuine(request.get_data(), signature, client_secrets=settings.client_secrets):
        abort(401, "The signature does not fit the body.")


def needs_none(view: View) -> View:
    """Mark an API view that any working key may call."""
    cast("Any", view).permission = None
    return view


def checks_permission(view: View) -> View:
    """Mark an API view whose permission depends on what is asked: it calls ``need`` itself."""
    cast("Any", view).permission = "checked in the view"
    return view


def need(permission: str) -> None:
    """Stop the call unless the key holds exactly this permission."""
    if permission in g.permissions:
        g.setdefault("needed", set()).add(permission)
        return
    refused(g.caller, "permission", permission)
    raise Problem(
        403,
        "permission_missing",
        f"This key may not do this: it needs {words(permission)}. "
        "Tick it under Settings > API Keys in Altera.",
        needs=permission,
    )


def need_personal_data(sentence: str) -> None:
    """Stop the call with this sentence unless the key sees all personal data."""
    if g.caller.personal_data != ALL:
        refused(g.caller, "personal_data")
        raise Problem(403, "personal_data", sentence)


def _require_api_plan(caller: Caller) -> None:
    """Stop the call unless the shop's plan, as last stored, includes the API."""
    plans = current_app.config["SETTINGS"].PLANS
    if caller.plan not in plans.with_api:
        refused(caller, "plan")
        charge_key(caller.key_id, caller.calls_per_minute)
        raise Problem(
            403,
            "plan_without_api",
            f"API access needs the {plans.needed} plan, and this store is on {caller.plan}. "
            "Change it under Settings > Plan in Altera.",
        )


def _plan_age() -> timedelta:
    """How old the stored plan may be. The plan page and a return from Shopify's always ask Shopify;
    what depends on the plan asks after a few seconds, so that a change shows at the next click.

    The value of ``plan_handle`` is never trusted.
    """
    if request.endpoint == "plan.page" or "plan_handle" in request.args:
        return timedelta(0)
    return NEXT_CLICK if request.endpoint in SHOWS_PLAN else FRESH


def _bearer() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
