"""The name of a staff member, asked of Shopify at a visit: its ID token has only a number.

Any app may exchange the ID token for an online access token, whose answer names the person. The
token itself is not kept.
https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
"""

import logging
from datetime import timedelta

from config import Settings
from models.shop import Shop
from models.staff_member import ASKED_EVERY, LONGEST_NAME
from shopify.access_token import (
    AccessTokenRefused,
    IdTokenRefused,
    TokenServiceUnavailable,
    staff_name,
)

RETRY = timedelta(hours=1)

log = logging.getLogger(__name__)


def ask_name(shop: Shop, id_token: str, settings: Settings) -> tuple[str | None, timedelta]:
    """The name of whom a verified ID token speaks for, and when to ask again. None where Shopify
    does not tell it: nobody is kept from the page for that."""
    try:
        name = staff_name(
            origin=settings.shopify_origin(shop.domain),
            client_id=settings.SHOPIFY_CLIENT_ID,
            client_secret=settings.SHOPIFY_CLIENT_SECRET,
            id_token=id_token,
        )
    except (AccessTokenRefused, IdTokenRefused, TokenServiceUnavailable) as error:
        log.warning("Shopify does not tell who visits %s: %s", shop.domain, error)
        return None, RETRY
    shown = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(shown.split())[:LONGEST_NAME], ASKED_EVERY
