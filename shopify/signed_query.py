"""Addresses that Shopify opens: whether it signed their parameters.

That is no proof of a person: the address can be used again. Only the ID token in it is.
https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
"""

import hmac
import time
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

MAX_AGE = 90
"""Seconds, in both directions, as in Shopify's own libraries."""


def genuine(
    params: Mapping[str, str], *, client_secrets: Iterable[str], max_age: float | None = MAX_AGE
) -> bool:
    """Whether ``hmac`` fits all other parameters under any secret, and ``timestamp`` is recent.

    ``max_age`` is in seconds; None takes an address of any age.
    """
    given = params.get("hmac", "").encode()
    signed = _encoded({name: value for name, value in params.items() if name != "hmac"})
    if not any(_fits(signed, given, secret) for secret in client_secrets):
        return False
    return max_age is None or _age(params.get("timestamp", "")) <= max_age


def _fits(signed: bytes, given: bytes, secret: str) -> bool:
    return hmac.compare_digest(hmac.digest(secret.encode(), signed, "sha256").hex().encode(), given)


def _encoded(params: Mapping[str, str]) -> bytes:
    """The parameters in their order, encoded as a browser encodes a form."""
    return urlencode(sorted(params.items()), safe="*").replace("~", "%7E").encode()


def _age(timestamp: str) -> float:
    return abs(time.time() - int(timestamp)) if timestamp.isdecimal() else float("inf")
