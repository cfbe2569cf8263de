"""Webhooks: whether Shopify sent these bytes.

https://shopify.dev/docs/apps/build/webhooks/subscribe
"""

import base64
import hmac


def genuine(body: bytes, signature: str, *, client_secret: str) -> bool:
    """Whether the base64 signature is the HMAC-SHA256 of exactly this body."""
    digest = hmac.digest(client_secret.encode(), body, "sha256")
    return hmac.compare_digest(base64.b64encode(digest), signature.encode())
