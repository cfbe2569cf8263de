"""A shop arrives: it is known from its first verified visit on, with a token that works."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from config import Settings
from models import db
from models.shop import Shop
from shopify import access_token
from shopify.admin import Admin, BadQuery, ShopifyRefused, ShopifyUnavailable
from shops import plan
from shops.access import locked
from shops.webhooks import handle_uninstall

PATIENCE = 4.0
"""Seconds that a person waits for the shop's name, which the domain can stand for."""
DETAILS = "query ShopDetails { shop { name ianaTimezone } }"


def arrive(
    domain: str, id_token: str, settings: Settings, plan_age: timedelta = plan.FRESH
) -> Shop:
    """Return the shop of a verified ID token, exchanged for an access token when it has none,
    with its plan asked for when what is known of it is older than ``plan_age``.

    Raises IdTokenRefused, AccessTokenRefused or TokenServiceUnavailable.
    """
    shop = Shop.by_domain(domain) or _first_visit(domain)
    if _is_outside(shop) or not plan.is_known(shop, plan_age):  # Shopify is asked in any case
        handle_uninstall(shop)
    if _is_outside(shop):
        shop = _let_in(shop.id, id_token, settings)
    plan.refresh(shop, older_than=plan_age)
    return shop


def _is_outside(shop: Shop) -> bool:
    return shop.uninstalled_at is not None or shop.needs_token()


def _let_in(shop_id: int, id_token: str, settings: Settings) -> Shop:
    """Keep the tokens that Shopify gives for the refresh token or, where it takes that no more, for
    the ID token of a visit.

    The row is locked meanwhile: of visits and workers at once one asks, and one pair is kept.
    """
    shop = locked(shop_id)
    if shop is None:
        raise access_token.AccessTokenRefused("the shop was erased meanwhile")
    origin = settings.shopify_origin(shop.domain)
    if _is_outside(shop):
        asking = {
            "origin": origin,
            "client_id": settings.SHOPIFY_CLIENT_ID,
            "client_secret": settings.SHOPIFY_CLIENT_SECRET,
        }
        if not _refreshed(shop, asking):
            shop.welcome(access_token.exchange(**asking, id_token=id_token))
    db.session.commit()
    if not shop.name:
        _introduce(shop, origin, settings.RETRY_SECONDS)
        db.session.commit()
    return shop


def _refreshed(shop: Shop, asking: dict[str, str]) -> bool:
    """Renew the tokens without the visit; False where Shopify takes the refresh token no more.

    Else nobody would know that the app was gone in between, when the message of an uninstall comes
    after the visit. Does not commit.
    """
    refresh_token = shop.refresh_token
    if refresh_token is None:
        return False
    try:
        shop.save_tokens(**access_token.refresh(**asking, refresh_token=refresh_token))
    except access_token.RefreshTokenOver:
        shop.need_merchant()
        return False
    return True


def _first_visit(domain: str) -> Shop:
    """Make the row; when another request made it first, that one is the shop."""
    shop = Shop(domain=domain)
    db.session.add(shop)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        shop = db.session.scalars(db.select(Shop).filter_by(domain=domain)).one()
    return shop


def _introduce(shop: Shop, origin: str, retry_seconds: float) -> None:
    """Learn the shop's name and time zone; until Shopify tells them its domain has to do."""
    token = shop.access_token or ""
    try:
        admin = Admin(
            origin,
            token=lambda: token,
            renew=lambda refused: None,
            patience=PATIENCE,
            retry_seconds=retry_seconds,
        )
        details = admin.query(DETAILS)["shop"]
    except (BadQuery, ShopifyRefused, ShopifyUnavailable):
        return
    shop.name, shop.timezone = details["name"], details["ianaTimezone"]
