"""Answers that are none, for as many calls of the Admin API as the stand-in was told."""

from collections.abc import Iterator
from socket import SHUT_RDWR

from flask import Response, request

from standin import misbehave
from standin.store import ShopStore

JSON, HTML = "application/json", "text/html"
PAGE = "<html><body><h1>Something went wrong</h1></body></html>"
HALF = b'{"data":{"shop":{"na'


def take(shop: ShopStore) -> Response | None:
    """What this call is answered with in place of an answer; None when it is to go well."""
    if state := misbehave.take(shop, "shop_state"):
        return Response('{"errors":"Unavailable Shop"}', state, mimetype=JSON)
    for kind, make in KINDS.items():
        if misbehave.take(shop, kind):
            return make()
    return None


def lost() -> Response:
    """What was asked is done, and nobody hears of it."""
    return _cut(500, b"")


def _cut(whole: int, part: bytes) -> Response:
    """A response that promises more than it gives, and breaks off."""

    environ = request.environ
    connection = environ.get("gunicorn.socket") or environ["werkzeug.socket"]

    def body() -> Iterator[bytes]:
        if part:
            yield part
        connection.shutdown(SHUT_RDWR)
        raise ConnectionAbortedError("The answer is cut, as asked.")

    return Response(body(), 200, {"Content-Length": str(whole)}, mimetype=JSON)


KINDS = {
    "http_500": lambda: Response('{"errors":"Internal Server Error"}', 500, mimetype=JSON),
    "http_429": lambda: Response("Too many requests", 429, {"Retry-After": "0.5"}),
    "http_403": lambda: Response(PAGE, 403, mimetype=HTML),
    "html": lambda: Response(PAGE, 200, mimetype=HTML),
    "half": lambda: _cut(500, HALF),
    "nothing": lambda: _cut(500, b""),
}
