"""The signatures Shopify puts on ID tokens, page addresses and webhooks, all keyed with the client
secret. The standard library only, so that they stay independent of the app's own checks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping


def query_hmac(params: Mapping[str, str], secret: str) -> str:
    """The hex `hmac` parameter over all other parameters: sorted, k=v, joined with &."""
    message = "&".join(f"{name}={params[name]}" for name in sorted(params) if name != "hmac")
    return _digest(message.encode(), secret).hex()


def body_hmac(body: bytes, secret: str) -> str:
    """The base64 X-Shopify-Hmac-Sha256 of a webhook's raw body."""
    return base64.b64encode(_digest(body, secret)).decode()


def encode_jwt(claims: dict, secret: str) -> str:
    """An HS256 JWT."""
    signed = ".".join(_b64url(_json(part)) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{signed}.{_b64url(_digest(signed.encode(), secret))}"


def decode_jwt(token: str, secret: str) -> dict | None:
    """The claims of an HS256 JWT; None when it is malformed or not signed with the secret."""
    signed, _, signature = token.rpartition(".")
    right = _b64url(_digest(signed.encode(), secret))
    if not hmac.compare_digest(right.encode(), signature.encode()):
        return None
    header, _, claims = signed.partition(".")
    try:
        header, claims = (json.loads(_unb64url(part)) for part in (header, claims))
    except ValueError:
        return None
    return claims if header == {"alg": "HS256", "typ": "JWT"} else None


def _digest(message: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), message, hashlib.sha256)


def _json(value: dict) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
