"""python -m standin: serve on STANDIN_HOST:STANDIN_PORT until stopped."""

import gc
import select
import sys
from types import FrameType

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from standin import config
from standin.schema import admin
from standin.server import create_standin

AT_ONCE = 0.05
"""Seconds within which a client's next call belongs to the one before."""


class Worker(ThreadWorker):
    def handle(self, conn: TConn) -> bool:
        """Answer a call and those that follow at once: the way of a connection to the main loop
        and back takes longer than a short answer."""
        kept = super().handle(conn)
        while kept is True and self.alive and _is_readable(conn, AT_ONCE):
            kept = super().handle(conn)
        return kept if self.alive else False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop without waiting for idle connections, of which the app keeps some."""
        for connection in self.keepalived_conns:
            connection.timeout = 0.0
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """Stop as on SIGTERM. ThreadWorker takes the lock of its pool while it handles the signal:
        where the signal interrupts the thread that holds it, neither goes on."""
        self.handle_exit(sig, frame)


def _is_readable(conn: TConn, seconds: float) -> bool:
    waiter = select.poll()
    waiter.register(conn.sock, select.POLLIN)
    return bool(waiter.poll(seconds * 1000))


class Server(BaseApplication):
    """One gunicorn process with threads: background work and the store live in it."""

    def __init__(self, settings: config.Config):
        self.settings = settings
        super().__init__()

    def load_config(self):
        self.cfg.set("bind", f"{self.settings.host}:{self.settings.port}")
        self.cfg.set("workers", 1)
        self.cfg.set("worker_class", Worker)
        self.cfg.set("threads", 32)
        self.cfg.set("keepalive", 75)  # longer than the app keeps an idle connection, as Shopify
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)

    def load(self):
        app = create_standin(self.settings)
        admin()
        gc.collect()
        gc.freeze()  # the schema stays: to look at it again and again takes a tenth of each answer
        gc.set_threshold(10_000, 20, 20)
        return app


if __name__ == "__main__":
    try:
        settings = config.read()
    except config.BadSetting as error:
        sys.exit(str(error))
    Server(settings).run()
