"""How gunicorn serves the app: threads, because an export streams for minutes.

Two processes of eight threads suit two cores; ``WEB_CONCURRENCY`` sets another number.
"""

import os
import shutil
import sys
import tempfile

from gunicorn.workers.gthread import ThreadWorker

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


class Worker(ThreadWorker):
    """Takes what was connected and closes its door once it is to stop. gunicorn's own leaves it
    open until the last request is over, and then resets who has been waiting there."""

    def set_accept_enabled(self, enabled):
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                before = -1
                while before < self.nr_conns:
                    before = self.nr_conns
                    self.accept(listener)
                listener.close()


workers = settings.WEB_CONCURRENCY
worker_class = Worker
threads = 8
timeout = 60
graceful_timeout = 30
keepalive = 5
loglevel = "warning"
logger_class = logs.RequestLogger
control_socket_disable = True
logs.configure(settings.LOG_FORMAT, settings.LOG_LEVEL)


def post_worker_init(_worker):
    if settings.METRICS_PORT:
        metrics.serve_web(settings.METRICS_PORT)


def on_exit(_server):
    if settings.METRICS_PORT:
        shutil.rmtree(os.environ[FILES], ignore_errors=True)
