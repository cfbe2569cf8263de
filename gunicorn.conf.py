"""How gunicorn serves the app: threads, because an export streams for minutes.

Two processes of eight threads for short calls suit two cores; ``WEB_CONCURRENCY`` sets another
number. Uploads and downloads have threads of their own, see ``http_worker``.
"""

import os
import resource
import shutil
import sys
import tempfile

from gunicorn.arbiter import Arbiter

from config import THREADS, BadSettings, read

FILES = "PROMETHEUS_MULTIPROC_DIR"
try:
    settings = read(os.environ)
except BadSettings as error:
    sys.exit(str(error))
if settings.METRICS_PORT:
    os.environ[FILES] = tempfile.mkdtemp(prefix="altera-metrics-")

import http_worker  # noqa: E402
import logs  # noqa: E402
import metrics  # noqa: E402


class Worker(http_worker.Worker):
    transfers = settings.TRANSFERS
    patience = settings.CLIENT_SECONDS


workers = settings.WEB_CONCURRENCY
worker_class = Worker
threads = THREADS
worker_connections = 4000
sendfile = False  # it would wait for a slow client outside of http_worker
timeout = 60
graceful_timeout = 30
keepalive = 5
loglevel = "warning"
logger_class = logs.RequestLogger
control_socket_disable = True
logs.configure(settings.LOG_FORMAT, settings.LOG_LEVEL)


def post_worker_init(_worker: Worker) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if settings.METRICS_PORT:
        metrics.serve_web(settings.METRICS_PORT)


def on_exit(_server: Arbiter) -> None:
    if settings.METRICS_PORT:
        shutil.rmtree(os.environ[FILES], ignore_errors=True)
