"""The plan of each shop: asked of Shopify, kept in the shop's row, read from there by all else.

When Shopify cannot be asked the last known plan stands, for PLAN_GRACE_HOURS.
"""

import logging
from datetime import datetime, timedelta

from flask import current_app

from config import Settings
from models import db, now, rows_changed
from models.activity import SYSTEM, record
from models.api_key import ApiKey
from models.shop import Shop
from shopify import plan as shopify_plan
from shopify.admin import BadQuery, ShopifyRefused, ShopifyUnavailable
from shops.access import fresh_token

FRESH = timedelta(minutes=5)
SWEPT = timedelta(hours=1)
RETRY = timedelta(minutes=1)
SWEPT_AT_ONCE = 50
FIXED = "fixed:"

log = logging.getLogger(__name__)
_failed: dict[tuple[int, datetime], datetime] = {}
"""When this process last asked in vain for the plan of a shop (its id, when it was installed), so
that not every visit waits for the same silence."""
_asked: dict[tuple[int, datetime], datetime] = {}
"""When this process last learned a shop's plan: one that is unchanged is not written at each page,
so that pages can be read while the database cannot be written."""


def is_known(shop: Shop, older_than: timedelta = FRESH) -> bool:
    """Whether the shop's plan was asked for lately."""
    checks = filter(None, (shop.plan_checked_at, _asked.get(_visit(shop))))
    return any(now() - checked < older_than for checked in checks)


def refresh(shop: Shop, *, older_than: timedelta = FRESH) -> None:
    """Ask for the shop's plan unless that was done lately, keep it and commit.

    Never raises for Shopify's sake. A zero ``older_than`` asks in any case.
    """
    if is_known(shop, older_than):
        return
    if older_than and now() - _failed.get(_visit(shop), shop.installed_at - RETRY) < RETRY:
        return
    try:
        name = _ask(shop)
    except (BadQuery, ShopifyRefused, ShopifyUnavailable) as error:
        log.warning("The plan of %s is not known: %s", shop.domain, error)
        _failed[_visit(shop)] = now()
        grace = timedelta(hours=current_app.config["SETTINGS"].PLAN_GRACE_HOURS)
        if now() - (shop.plan_checked_at or shop.installed_at) >= grace:
            _store(shop, current_app.config["SETTINGS"].PLANS.free.name)
            db.session.commit()
        return
    _failed.pop(_visit(shop), None)
    _asked[_visit(shop)] = now()
    if name == shop.plan and shop.plan_checked_at and now() - shop.plan_checked_at < FRESH:
        return
    _store(shop, name)
    shop.plan_checked_at = now()
    db.session.commit()


def refresh_all() -> None:
    """Ask for the plans of shops whose keys may be in use, each about once an hour."""
    stale = db.session.scalars(
        db.select(Shop)
        .where(
            Shop.uninstalled_at.is_(None),
            Shop.plan_checked_at.is_(None) | (Shop.plan_checked_at < now() - SWEPT),
            db.exists().where(ApiKey.shop_id == Shop.id, ApiKey.deleted_at.is_(None)),
        )
        .order_by(Shop.plan_checked_at)
    ).all()
    tried_lately = {visit for visit, at in _failed.items() if now() - at < FRESH}
    for shop in [shop for shop in stale if _visit(shop) not in tried_lately][:SWEPT_AT_ONCE]:
        refresh(shop, older_than=SWEPT)


def _visit(shop: Shop) -> tuple[int, datetime]:
    return shop.id, shop.installed_at


def _ask(shop: Shop) -> str:
    """The name of the plan, from where PLAN_SOURCE says."""
    settings: Settings = current_app.config["SETTINGS"]
    source, plans = settings.PLAN_SOURCE, settings.PLANS
    if source.startswith(FIXED):
        return source.removeprefix(FIXED)
    origin, token = settings.shopify_origin(shop.domain), fresh_token(shop.id)
    if source == "admin":
        found = shopify_plan.names_from_admin(origin, token)
    else:
        handles = shopify_plan.handles_from_partner(
            settings.PARTNER_URL.format(org=settings.PARTNER_ORG_ID),
            settings.PARTNER_TOKEN,
            app_id=settings.PARTNER_APP_ID,
            shop_id=shopify_plan.shop_number(origin, token),
        )
        found = [plans.of_handle(handle) for handle in handles]
    known = [name for name in found if plans.named(name)]
    if found and not known:
        log.warning("PLANS does not have the plan %r of %s", found[0], shop.domain)
    return [*known, *found, plans.free.name][0][:60]


def _store(shop: Shop, name: str) -> None:
    """Store the plan; of two processes that see a change one records it."""
    before = shop.plan
    if name == before:
        return
    changed = rows_changed(
        db.update(Shop).where(Shop.id == shop.id, Shop.plan == before).values(plan=name)
    )
    if changed and before:
        record(shop.id, "plan.changed", actor_kind=SYSTEM, old=before, new=name)
