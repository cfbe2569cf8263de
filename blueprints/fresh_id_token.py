"""What a request gets whose ID token does not work: the way to a fresh one."""

import logging
import time
from urllib.parse import urlencode

from flask import Response, current_app, redirect, render_template, request, url_for

from shopify import signed_query

log = logging.getLogger(__name__)

RETRY = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
BOUNCED, JUST_NOW = "bounced", 20
"""The parameter that says when a document went over the bounce page, and how many seconds that
holds: a second time would go on for ever."""
OF_ONE_VISIT = {"id_token", "hmac", "timestamp", "session"}


def ask() -> Response:
    """A fetch is repeated by App Bridge with a fresh token; a document goes over the bounce page.

    The signature of Shopify's own address holds however old that is: a tab may be opened again.
    https://shopify.dev/docs/apps/build/authentication-authorization/id-tokens
    """
    if "Authorization" in request.headers or "HX-Request" in request.headers:
        return Response("Open this page again from your Shopify admin.", 401, RETRY)
    if request.method != "GET" or not request.args.get("shop"):
        return Response(render_template("auth/closed.html"), 401)
    secrets = current_app.config["SETTINGS"].client_secrets
    if "hmac" in request.args and not signed_query.genuine(
        request.args, client_secrets=secrets, max_age=None
    ):
        return Response(render_template("auth/closed.html"), 401)
    if abs(time.time() - request.args.get(BOUNCED, 0, type=int)) < JUST_NOW:
        log.error("A fresh ID token does not work: see the clock and SHOPIFY_CLIENT_SECRET")
        return Response(render_template("auth/closed.html"), 401)
    kept = {name: value for name, value in request.args.items() if name not in OF_ONE_VISIT}
    kept[BOUNCED] = str(int(time.time()))
    kept["shopify-reload"] = f"{request.path}?{urlencode(kept)}"
    return redirect(f"{url_for('auth.bounce')}?{urlencode(kept)}")
