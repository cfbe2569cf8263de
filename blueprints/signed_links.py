"""Links over which a browser fetches a file itself: it sends no ID token then, the link vouches.

A link is signed for one endpoint, shop and choice of what it fetches, and good for a minute in
every process. What it holds can be read by whoever has it, so no secret belongs in it.
"""

from datetime import timedelta
from typing import Any

from flask import current_app, g, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from models import now
from translations import language

GOOD_FOR = timedelta(minutes=1)


def fetch(endpoint: str, **asked: Any) -> tuple[str, int, dict[str, str]]:
    """Have the browser of the merchant in front of the page download this, the page staying.

    ``asked`` is what the endpoint's view finds in ``g.asked``, as JSON keeps it. The view is one
    under ``guards.signed_link``.
    """
    facts = {"shop": g.shop.id, "user": g.user, "asked": asked}
    link = url_for(endpoint, token=_signer(endpoint).dumps(facts), locale=language())
    return "", 204, {"HX-Redirect": link}


def facts() -> tuple[dict[str, Any] | None, bool]:
    """What the link of this request holds, None when it was not signed for it; whether its
    minute is over."""
    try:
        held, made_at = _signer(request.endpoint).loads(
            request.args.get("token", ""), return_timestamp=True
        )
    except BadData:
        return None, False
    return held, now() - made_at > GOOD_FOR


def _signer(endpoint: str) -> URLSafeTimedSerializer:
    secret = current_app.config["SETTINGS"].SECRET_KEY
    return URLSafeTimedSerializer(secret, salt=f"download {endpoint}")
