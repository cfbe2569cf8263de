"""How gunicorn serves the app: threads, because an export streams for minutes.

Two processes of eight threads suit two cores; ``WEB_CONCURRENCY`` sets another number.
"""

import os
import shutil
import sys
import tempfile

from config import BadSettings, read

FILES = "PROMETHEUS_MULTIPROC_DIR"
try:
    settings = read(os.environ)
except BadSettings as error:
    sys.exit(str(error))
if settings.METRICS_PORT:
    os.environ[FILES] = tempfile.mkdtemp(prefix="altera-metrics-")

import logs  # noqa: E402
import metrics  # noqa: E402

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 30
keepalive = 5
loglevel = "warning"
logger_class = logs.RequestLogger
control_socket_disable = True
logs.configure(settings.LOG_FORMAT)


def post_worker_init(_worker):
    if settings.METRICS_PORT:
        metrics.serve_web(settings.METRICS_PORT)


def on_exit(_server):
    if settings.METRICS_PORT:
        shutil.rmtree(os.environ[FILES], ignore_errors=True)
