"""How gunicorn serves the app: threads, because an export streams for minutes."""

import os
import sys

from config import BadSettings, read

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 5
keepalive = 5
loglevel = "warning"


def on_starting(_server):
    try:
        read(os.environ)
    except BadSettings as error:
        sys.exit(str(error))


control_socket_disable = True
