"""The ID token that App Bridge adds to every request: who acts, in which shop.

https://shopify.dev/docs/apps/build/authentication-authorization/id-tokens
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shopify.shop_domain import is_shop_domain

LEEWAY = 10
"""Seconds of clock difference allowed, as in Shopify's own libraries."""


class InvalidIdToken(Exception):
    """The token is not one that Shopify made for this app and that is good now."""


@dataclass(frozen=True)
class Identity:
    """``shop`` is ``<name>.myshopify.com``; ``user`` is Shopify's id of the staff member."""

    shop: str
    user: str


def verify(token: str, *, client_id: str, client_secrets: Iterable[str]) -> Identity:
    """Return whom the token speaks for, or raise InvalidIdToken.

    It may be signed with any of the secrets: during a rotation there are two.
    """
    reason = InvalidIdToken("no secret")
    for secret in client_secrets:
        try:
            return _verify(token, client_id, secret)
        except InvalidIdToken as error:
            reason = error
    raise reason


def _verify(token: str, client_id: str, secret: str) -> Identity:
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        nbf={"essential": True},
        sub={"essential": True},
    )
    try:
        key = OctKey.import_key(secret)
        claims = jwt.decode(token, key, algorithms=["HS256"]).claims
        rules.validate(claims)
        if claims["aud"] != client_id:
            raise ValueError("an audience of several")
        shop = _host(claims.get("dest"))
        issuer = _host(claims.get("iss"))
    except (JoseError, ValueError, TypeError) as error:
        raise InvalidIdToken(type(error).__name__) from error
    if shop != issuer or not is_shop_domain(shop):
        raise InvalidIdToken("dest and iss do not name one shop")
    return Identity(shop=shop, user=str(claims["sub"]))


def _host(url: object) -> str:
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        raise ValueError("not an address")  # urlsplit drops tabs and line breaks
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise ValueError("not an https address")
    return parts.netloc
