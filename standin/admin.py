"""The admin around the app: its frame, its navigation, and where shopify://admin links lead."""

import base64
import time
from pathlib import Path
from urllib.parse import urlencode, urljoin

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from standin.config import Config
from standin.shops import domain_of, shop_of
from standin.signing import query_hmac
from standin.tokens import id_token, session_id

OWN_PARAMETERS = {
    *("embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp"),
    "shopify-reload",
}
BRIDGE = Path(__file__).parent / "static" / "app-bridge"
BRIDGE_PARTS = ("channel", "page", "fetch", "nav", "save-bar", "links", "shopify")

bp = Blueprint("admin", __name__)


@bp.before_request
def use_localhost():
    """The app may be framed by one origin only: leave 127.0.0.1 for it."""
    config = current_app.extensions["standin"].config
    if request.host == f"127.0.0.1:{config.port}" and request.method == "GET":
        return redirect(config.origin + request.full_path.removesuffix("?"))


@bp.get("/")
def home():
    return redirect(url_for("admin.app", name="demo"))


@bp.get("/app-bridge.js")
def app_bridge():
    """The parts in one script, in a scope of their own, as the app's pages load it."""
    parts = "\n".join((BRIDGE / f"{part}.js").read_text() for part in BRIDGE_PARTS)
    body = f'"use strict";\n(() => {{\n{parts}\n}})();\n'
    return Response(body, content_type="text/javascript; charset=utf-8")


@bp.get("/store/<name>")
def store(name):
    return redirect(url_for("admin.app", name=name))


@bp.get("/store/<name>/apps/altera")
@bp.get("/store/<name>/apps/altera/<path:path>")
def app(name, path=""):
    config = current_app.extensions["standin"].config
    shop = shop_of(name)
    return render_template(
        "app.html",
        name=shop.domain.removesuffix(".myshopify.com"),
        domain=shop.domain,
        app_origin=urljoin(config.app_url, "/").rstrip("/"),
        src=frame_url(config, shop.domain, path, request.args.to_dict()),
    )


@bp.get("/store/<name>/<path:path>")
def elsewhere(name, path):
    """Any other page of the admin: says what Shopify would show."""
    name = domain_of(name).removesuffix(".myshopify.com")
    return render_template("elsewhere.html", name=name, path=path)


def frame_url(config: Config, domain: str, path: str, extra: dict[str, str]) -> str:
    """The address Shopify gives the app's iframe: the app's page with a signed query.

    `extra` are parameters of the admin page; those that are not Shopify's own go through, and so
    does locale.
    """
    params = {name: value for name, value in extra.items() if name not in OWN_PARAMETERS}
    params |= {
        "embedded": "1",
        "host": host_of(domain),
        "id_token": id_token(config, domain),
        "locale": extra.get("locale", "en"),
        "session": session_id(config, domain),
        "shop": domain,
        "timestamp": str(int(time.time())),
    }
    params["hmac"] = query_hmac(params, config.client_secret)
    return f"{config.app_url}/{path}?{urlencode(sorted(params.items()))}"


def host_of(domain: str) -> str:
    """The `host` parameter: base64, without padding, of the admin's address of the shop."""
    address = f"admin.shopify.com/store/{domain.removesuffix('.myshopify.com')}"
    return base64.b64encode(address.encode()).rstrip(b"=").decode()
