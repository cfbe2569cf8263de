"""The answer to a request whose ID token is missing or no longer valid: a way to a fresh one."""

import logging
import time
from urllib.parse import urlencode

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from shopify import signed_query

log = logging.getLogger(__name__)

RETRY = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
BOUNCED, JUST_NOW = "bounced", 20
"""The query argument with the time of the last trip over the bounce page, and how many seconds
such a trip counts as recent: another one then would be an endless loop."""
PER_VISIT = {"id_token", "hmac", "timestamp", "session"}
"""Shopify's query arguments that belong to one visit."""


def ask() -> WerkzeugResponse:
    """Have App Bridge repeat a fetch with a fresh token; send a document over the bounce page.

    Shopify's signature of a URL is accepted however old it is: a tab may be reopened much later.
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
    kept = {name: value for name, value in request.args.items() if name not in PER_VISIT}
    kept[BOUNCED] = str(int(time.time()))
    kept["shopify-reload"] = f"{request.path}?{urlencode(kept)}"
    return redirect(f"{url_for('auth.bounce')}?{urlencode(kept)}")
