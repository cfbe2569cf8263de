"""Where the stand-in sends its webhooks, as Shopify sends them to the app."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

BULK_FINISHED = "bulk_operations/finish"


class Webhooks:
    """Takes them at ``url``: that a bulk operation is over wakes whoever waits for it."""

    def __init__(self) -> None:
        self._over = over = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if self.headers["X-Shopify-Topic"] == BULK_FINISHED:
                    over.set()

            def log_message(self, *_: Any) -> None:
                """The benchmark prints its figures only."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def wait(self, seconds: float) -> None:
        """Wait until a bulk operation is over, at most so long."""
        self._over.wait(seconds)
        self._over.clear()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
