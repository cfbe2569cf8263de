"""Webhooks: whether Shopify sent these bytes.

https://shopify.dev/docs/apps/build/webhooks/subscribe
"""

import base64
import hmac
from collections.abc import Iterable, Mapping


def header(headers: Mapping[str, str], name: str) -> str:
    """``Topic``, ``Shop-Domain`` and so on, empty when it is not there. Shopify names the headers
    of webhooks ``X-Shopify-…`` and those of newer events ``Shopify-…``."""
    return headers.get(f"X-Shopify-{name}") or headers.get(f"Shopify-{name}", "")


def genuine(body: bytes, signature: str, *, client_secrets: Iterable[str]) -> bool:
    """Whether the base64 signature is the HMAC-SHA256 of exactly this body, under any secret.

    During a rotation Shopify signs with the oldest secret that is not revoked.
    """
    return any(_fits(body, signature, secret) for secret in client_secrets)


def _fits(body: bytes, signature: str, secret: str) -> bool:
    digest = hmac.digest(secret.encode(), body, "sha256")
    return hmac.compare_digest(base64.b64encode(digest), signature.encode())
