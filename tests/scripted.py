"""A server that answers from a script, for what the stand-in would never say."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

Reply = tuple[int, dict[str, str], Any]
"""Status, headers and body of an answer."""


class Scripted:
    """Answers each request with the next of ``answers``: (status, headers, body) or a function
    from the handler that writes everything itself. ``seen`` keeps (headers, body) of requests,
    ``ports`` whence each came. It closes a connection after each answer unless ``keeps_alive``."""

    def __init__(self, url: str):
        self.url = url
        self.answers: list[Any] = []
        self.seen: list[tuple[Any, bytes]] = []
        self.ports: list[int] = []
        self.keeps_alive = False

    def says(self, *answers) -> None:
        self.answers += answers


@contextmanager
def scripted_server():
    """Run it until the block ends; every answer of the script must have been asked for."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            size = int(self.headers.get("Content-Length", 0))
            script.ports.append(self.client_address[1])
            script.seen.append((self.headers, self.rfile.read(size)))
            answer = script.answers.pop(0)
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            data = body if isinstance(body, bytes) else orjson.dumps(body)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(data))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST

        def end_headers(self):
            if not script.keeps_alive:  # one that is kept would be answered after the end, too
                self.send_header("Connection", "close")
            super().end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script = Scripted(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert script.answers == []
