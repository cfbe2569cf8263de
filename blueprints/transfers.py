"""How many uploads and downloads may run at once: of a key, of a shop, in this web process.

Each keeps a thread for as long as its client takes; short calls have threads of their own.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock

from flask import Flask, Response, current_app, g, request

from blueprints.errors import Problem
from models import db
from translations import N_

HELD = 1024 * 1024
"""Bytes of a body that the server receives before a thread has to wait for it: see http_worker."""
KEY_BUSY = N_("This key has too many uploads and downloads at once. Wait until one is done.")
SHOP_BUSY = N_("Your store has too many uploads and downloads at once. Wait until one is done.")
SERVER_BUSY = N_("There are too many uploads and downloads at the moment. Try again in a minute.")
Place = tuple[str, str, int]


class Running:
    """What runs in this process: how many transfers are at each place."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[Place] = Counter()

    def begin(self, most: dict[Place, int]) -> Place | None:
        """Take all of these places, or none: then the one that is full is returned."""
        with self._lock:
            full = next((place for place in most if self._counts[place] >= most[place]), None)
            if full is None:
                self._counts.update(most.keys())
            return full

    def end(self, places: list[Place]) -> None:
        with self._lock:
            self._counts.subtract(places)
            self._counts = +self._counts

    def reset(self) -> None:
        self._counts.clear()


def register(app: Flask) -> None:
    app.extensions["transfers"] = Running()


@contextmanager
def upload() -> Iterator[None]:
    """A place for the body of this request, if it may have to be waited for.

    Raises Problem where the key, the shop or the server has no place left.
    """
    length = request.content_length
    if length is not None and length <= HELD:
        yield
        return
    end = _begin("upload")
    db.session.rollback()  # its connection to the database is not to wait for a client
    try:
        yield
    finally:
        end()


def counted(response: Response) -> Response:
    """An answer that is streamed, in a place of its own until it is sent or broken off."""
    response.call_on_close(download())
    return response


def download() -> Callable[[], None]:
    """A place for the answer to this request; call what is returned when it is sent or broken off.

    Raises Problem where the key, the shop or the server has no place left.
    """
    return _begin("download")


def _begin(direction: str) -> Callable[[], None]:
    settings = current_app.config["SETTINGS"]
    places = {("shop", "any", g.shop_id): settings.TRANSFERS_PER_SHOP}
    if key_id := g.get("key_id"):
        places["key", direction, key_id] = settings.TRANSFERS_PER_KEY
    running: Running = current_app.extensions["transfers"]
    if full := running.begin(places):
        detail = SHOP_BUSY if full[0] == "shop" else KEY_BUSY
        raise Problem(429, "too_many_transfers", detail, headers={"Retry-After": "10"})
    end = partial(running.end, list(places))
    start_transfer = getattr(request.environ.get("gunicorn.socket"), "start_transfer", None)
    if start_transfer and not start_transfer():
        end()
        raise Problem(503, "server_busy", SERVER_BUSY, headers={"Retry-After": "30"})
    return end
