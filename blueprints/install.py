"""A shop arrives: it is known from its first verified visit on, with a token that works."""

from sqlalchemy.exc import IntegrityError

from config import Settings
from models import db
from models.shop import Shop
from shopify import access_token
from shopify.admin import Admin, BadQuery, ShopifyRefused, ShopifyUnavailable

DETAILS = "query ShopDetails { shop { name ianaTimezone } }"


def arrive(domain: str, id_token: str, settings: Settings) -> Shop:
    """Return the shop of a verified ID token, exchanged for an access token when it has none.

    Raises IdTokenRefused, AccessTokenRefused or TokenServiceUnavailable.
    """
    shop = Shop.of_domain(domain) or _first_visit(domain)
    if shop.uninstalled_at is None and not shop.needs_token():
        return shop
    origin = settings.SHOPIFY_ORIGIN.format(shop=domain)
    answer = access_token.exchange(
        origin=origin,
        client_id=settings.SHOPIFY_CLIENT_ID,
        client_secret=settings.SHOPIFY_CLIENT_SECRET,
        id_token=id_token,
    )
    shop.welcome(answer)
    if not shop.name:
        _introduce(shop, origin)
    db.session.commit()
    return shop


def _first_visit(domain: str) -> Shop:
    """Make the row; when another request made it first, that one is the shop."""
    shop = Shop(domain=domain)
    db.session.add(shop)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        shop = Shop.of_domain(domain)
    return shop


def _introduce(shop: Shop, origin: str) -> None:
    """Learn the shop's name and time zone; until Shopify tells them its domain has to do."""
    token = shop.access_token
    try:
        with Admin(origin, token=lambda: token, renew=lambda refused: None) as admin:
            details = admin.query(DETAILS)["shop"]
    except (BadQuery, ShopifyRefused, ShopifyUnavailable):
        return
    shop.name, shop.timezone = details["name"], details["ianaTimezone"]
