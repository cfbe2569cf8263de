"""Signed links for files that a browser downloads by itself, without an ID token.

A link is signed for one endpoint, shop and payload, and valid for a minute in every process. Its
payload can be read by whoever has the link, so no secret belongs in it.
"""

from datetime import timedelta
from typing import Any

from flask import current_app, g, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from models import now
from translations import language

VALID_FOR = timedelta(minutes=1)


def start_download(endpoint: str, **payload: Any) -> tuple[str, int, dict[str, str]]:
    """Answer that makes the browser download this while the page stays.

    The endpoint's view, guarded by ``guards.signed_link``, finds the payload in ``g.link``.
    """
    signed = {"shop": g.shop.id, "user": g.user, "payload": payload}
    link = url_for(endpoint, token=_signer(endpoint).dumps(signed), locale=language())
    return "", 204, {"HX-Redirect": link}


def read() -> tuple[dict[str, Any] | None, bool]:
    """What is signed in the link of this request, None when the signature is not valid for it; and
    whether the link has expired."""
    try:
        signed, signed_at = _signer(request.endpoint or "").loads(
            request.args.get("token", ""), return_timestamp=True
        )
    except BadData:
        return None, False
    return signed, now() - signed_at > VALID_FOR


def _signer(endpoint: str) -> URLSafeTimedSerializer:
    secret = current_app.config["SETTINGS"].SECRET_KEY
    return URLSafeTimedSerializer(secret, salt=f"download {endpoint}")
