"""The Admin API of a shop in our database, with its token kept fresh."""

from flask import current_app
from sqlalchemy.orm import Session

from models import db
from models.shop import Shop
from shopify.access_token import (
    AccessTokenRefused,
    IdTokenRefused,
    TokenServiceUnavailable,
    refresh,
)
from shopify.admin import Admin, ShopifyRefused, ShopifyUnavailable

REOPEN = "Altera has no access to the store any more. Open it once in the Shopify admin."


def admin_for(shop_id: int) -> Admin:
    """The shop's Admin API. The token is read for each request; see ``fresh_token``.

    It brings the app's context along, so that it works while an answer streams.
    """
    app = current_app._get_current_object()
    domain = db.session.scalar(db.select(Shop.domain).filter_by(id=shop_id))

    def token() -> str:
        with app.app_context():
            return fresh_token(shop_id)

    def renew(refused: str) -> None:
        with app.app_context():
            _renew(shop_id, refused)

    return Admin(_origin(domain), token=token, renew=renew)


def fresh_token(shop_id: int) -> str:
    """The shop's access token, refreshed first when it is nearly over.

    Raises ShopifyRefused when the shop is gone or its refresh token is over, ShopifyUnavailable
    when Shopify cannot be asked. A session of its own, so that the caller's work is not
    committed, and a lock on the row: of two processes one refreshes, the other finds it done.
    """
    with Session(db.engine) as session:
        shop = session.get(Shop, shop_id)
        if shop is not None and shop.uninstalled_at is None and not shop.needs_token():
            return shop.access_token
        session.rollback()
        _lock(session, shop_id)
        shop = session.get(Shop, shop_id)
        if shop is None or shop.uninstalled_at is not None:
            raise ShopifyRefused("The app is no longer installed in this store.")
        if shop.needs_token():
            shop.keep_tokens(**_new_pair(shop))
        token = shop.access_token
        session.commit()
        return token


def _renew(shop_id: int, refused: str) -> None:
    """Forget a token that Shopify does not take, unless another process has replaced it."""
    with Session(db.engine) as session:
        _lock(session, shop_id)
        shop = session.get(Shop, shop_id)
        if shop is not None and shop.access_token == refused:
            shop.drop_access_token()
        session.commit()


def _lock(session: Session, shop_id: int) -> None:
    """A write that changes nothing: it locks the row, on SQLite the file, until the commit."""
    session.execute(db.update(Shop).where(Shop.id == shop_id).values(id=shop_id))


def _new_pair(shop: Shop) -> dict:
    settings = current_app.config["SETTINGS"]
    refresh_token = shop.refresh_token
    if refresh_token is None:
        raise ShopifyRefused(REOPEN)
    try:
        return refresh(
            origin=_origin(shop.domain),
            client_id=settings.SHOPIFY_CLIENT_ID,
            client_secret=settings.SHOPIFY_CLIENT_SECRET,
            refresh_token=refresh_token,
        )
    except (AccessTokenRefused, IdTokenRefused) as error:
        raise ShopifyRefused(REOPEN) from error
    except TokenServiceUnavailable as error:
        raise ShopifyUnavailable("Shopify does not answer. Try again in a few minutes.") from error


def _origin(domain: str) -> str:
    return current_app.config["SETTINGS"].SHOPIFY_ORIGIN.format(shop=domain)
