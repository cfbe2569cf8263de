"""A stand-in inside the test's own process, and small apps for it to frame and call."""

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from standin.config import Config
from standin.server import create_standin
from tests.cast import CLIENT_ID, CLIENT_SECRET, free_port

SHOP = "demo.myshopify.com"


def settings(data: Path, **changes) -> Config:
    whole: dict[str, Any] = {
        "port": 8001,
        "host": "127.0.0.1",
        "data": data,
        "app_url": "http://localhost:1",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scopes": frozenset({"read_products", "write_online_store_navigation"}),
        "mail_folder": None,
    }
    return Config(**whole | changes)


@contextmanager
def served(app: Flask, port: int = 0):
    """Serve the app on 127.0.0.1 until the block ends; gives the port."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def standin(data: Path, **changes):
    """A stand-in that answers at its own origin; gives the app object, which has its store."""
    port = free_port()
    app = create_standin(settings(data, port=port, **changes))
    with served(app, port):
        yield app
    app.extensions["standin"].store.close()
