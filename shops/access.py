"""The Admin API of a shop in our database, with its token kept fresh."""

import logging
import time
from collections.abc import Callable
from typing import Any

from flask import current_app
from flask.globals import app_ctx

from models import db
from models.activity import SYSTEM, record
from models.notices import ACCESS_LOST
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery
from shopify.access_token import (
    AccessTokenRefused,
    AddressRefused,
    IdTokenRefused,
    RefreshTokenOver,
    TokenServiceUnavailable,
    refresh,
)
from shopify.admin import PATIENCE, Admin, ShopifyRefused, ShopifyUnavailable
from shopify.responses import BARRED, Barred
from translations import N_

REOPEN = N_("Altera no longer has access to the store. Open it once in the Shopify admin.")
UNINSTALLED = N_("The app is no longer installed in this store.")
SILENT = N_("Shopify is not responding. Try again in a few minutes.")
NO_TOKEN = N_("Shopify denies this app access to the store. We have to fix this on our side.")

REMEMBERED = 5.0
"""Seconds for which a token is not read again: it lives for an hour, and one that is replaced or
taken back meanwhile is refused, and read then."""

log = logging.getLogger(__name__)


def admin_for(
    shop_id: int,
    *,
    patience: float = PATIENCE,
    on_trouble: Callable[[bool], None] = lambda in_trouble: None,
) -> Admin:
    """The shop's Admin API. The token is read again every few seconds; see ``fresh_token``.

    It brings the app's context along, so that it works while an answer streams.
    """
    app = app_ctx.app
    domain, known = Shop.with_token(shop_id)
    read_at = time.monotonic()

    def token() -> str:
        nonlocal known, read_at
        if not known or time.monotonic() - read_at > REMEMBERED:
            with app.app_context():
                known = fresh_token(shop_id)
            read_at = time.monotonic()
        return known

    def renew(refused: str) -> None:
        nonlocal known
        known = None
        with app.app_context():
            _forget(shop_id, refused)

    settings = app.config["SETTINGS"]
    return Admin(
        settings.shopify_origin(domain),
        token=token,
        renew=renew,
        patience=patience,
        retry_seconds=settings.RETRY_SECONDS,
        on_trouble=on_trouble,
    )


def fresh_token(shop_id: int) -> str:
    """The shop's access token, refreshed first when it is nearly over.

    Raises ShopifyRefused when the shop is gone, its refresh token is over or Shopify refuses this
    server, ShopifyUnavailable when Shopify cannot be asked. Refreshed in a context of its own, so
    that the caller's work is not committed, and with a lock on the row: of two processes one
    refreshes, the other finds it done.
    """
    if token := Shop.good_token(shop_id):
        return token
    with app_ctx.app.app_context():
        shop = locked(shop_id)
        if shop is None or shop.uninstalled_at is not None:
            raise ShopifyRefused(UNINSTALLED)
        if shop.needs_token():
            shop.save_tokens(**_new_pair(shop))
        token = shop.access_token
        db.session.commit()
        return token or ""


def new_token(shop_id: int) -> str:
    """A new pair for the shop, whatever the age of the one it has; raises as ``fresh_token``."""
    with app_ctx.app.app_context():
        _forget(shop_id, db.session.get_one(Shop, shop_id).access_token)
    return fresh_token(shop_id)


def _forget(shop_id: int, refused: str | None) -> None:
    """Drop a token that Shopify does not take, unless another process has replaced it."""
    shop = locked(shop_id)
    if shop is not None and shop.access_token == refused:
        shop.drop_access_token()
    db.session.commit()


def locked(shop_id: int) -> Shop | None:
    """The shop as it is, locked until the commit by a write that changes nothing.

    On PostgreSQL that locks the row, on SQLite the file. What was read before is forgotten.
    """
    db.session.rollback()
    db.session.execute(db.update(Shop).where(Shop.id == shop_id).values(id=shop_id))
    return db.session.get(Shop, shop_id, populate_existing=True)


def _new_pair(shop: Shop) -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    refresh_token = shop.refresh_token
    if refresh_token is None:
        raise ShopifyRefused(REOPEN)
    try:
        return refresh(
            origin=settings.shopify_origin(shop.domain),
            client_id=settings.SHOPIFY_CLIENT_ID,
            client_secret=settings.SHOPIFY_CLIENT_SECRET,
            refresh_token=refresh_token,
        )
    except RefreshTokenOver as error:
        shop.need_merchant()
        if not WebhookDelivery.of_topic_waiting(shop.id, "app/uninstalled"):
            record(shop.id, ACCESS_LOST, actor_kind=SYSTEM)
        db.session.commit()
        raise ShopifyRefused(REOPEN) from error
    except (AccessTokenRefused, IdTokenRefused) as error:
        log.error("Shopify refuses a token for %s: %s", shop.domain, error)
        if isinstance(error, AddressRefused):
            raise Barred(BARRED[403]) from error
        raise ShopifyRefused(NO_TOKEN) from error
    except TokenServiceUnavailable as error:
        raise ShopifyUnavailable(SILENT) from error
