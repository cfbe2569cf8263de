"""Security headers of every response: CSP, HSTS, caching; and compression of pages."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_compress import Compress

HSTS = "max-age=31536000"
"""Browsers come with TLS alone for a year, to this host."""
compress = Compress()


def register(app: Flask) -> None:
    compress.init_app(app)
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.add("X-Content-Type-Options", "nosniff")
    if current_app.config["SETTINGS"].APP_URL.startswith("https:"):
        headers.add("Strict-Transport-Security", HSTS)
    if request.endpoint == "static":
        return _compressed(response)
    if "Cache-Control" not in headers:
        headers.add("Cache-Control", "no-store")
    if headers.get("Content-Type", "").startswith("text/html"):
        headers.add("Content-Security-Policy", _policy())
        headers.add("Referrer-Policy", "no-referrer")
        return _compressed(response)
    return response


def _compressed(response: Response) -> Response:
    return compress.after_request(response)


def _policy() -> str:
    """Strict, and frameable by the one verified shop only.

    https://shopify.dev/docs/apps/build/security/app-server/set-up-iframe-protection
    """
    settings = current_app.config["SETTINGS"]
    bridge = "{0.scheme}://{0.netloc}".format(urlsplit(settings.APP_BRIDGE_URL))
    framers = "'none'"
    if shop := g.get("framed_by"):
        framers = f"https://{shop} https://admin.shopify.com {settings.FRAME_ANCESTOR}".strip()
    return (
        f"default-src 'none'; script-src 'self' {bridge}; style-src 'self'; "
        f"img-src 'self' data:; font-src 'self'; connect-src 'self' {bridge}; form-action 'self'; "
        f"base-uri 'none'; frame-ancestors {framers}"
    )
