"""Metrics for Prometheus, on a port of their own (``METRICS_PORT``).

Web processes count calls; gunicorn's processes count together, in files that each of them can
add up. Workers tell what the database knows. Shopify's side is counted in ``shopify/meters.py``.
"""

import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import REGISTRY, CollectorRegistry, Histogram, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

Gauge = tuple[str, str, dict[str, str], float]
"""Name, description, labels, value."""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
CALLS = Histogram(
    "altera_calls_seconds",
    "Seconds from a request to the end of its answer, by endpoint and status.",
    ("endpoint", "status"),
    buckets=BUCKETS,
)
_observed: dict[tuple[str | None, int], Callable[[float], None]] = {}


def count_call(endpoint: str | None, status: int, seconds: float) -> None:
    """Count an answered request. The endpoint is Flask's, so there are only so many."""
    observe = _observed.get((endpoint, status))
    if observe is None:
        observe = CALLS.labels(endpoint or "none", status).observe
        _observed[endpoint, status] = observe
    observe(seconds)


def serve_web(port: int) -> None:
    """Answer ``GET /metrics`` for all of gunicorn's processes; each of them listens, one gets
    the call. Needs PROMETHEUS_MULTIPROC_DIR, set before this module is imported."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    _serve(port, registry)


def serve_worker(port: int, gauges: Callable[[], Iterable[Gauge]]) -> None:
    """Answer ``GET /metrics`` for a worker; see ``Gauges``."""
    REGISTRY.register(Gauges(gauges))
    _serve(port, REGISTRY)


class Gauges(Collector):
    """Gauges that are read at each scrape."""

    def __init__(self, ask: Callable[[], Iterable[Gauge]]):
        self._ask = ask

    def collect(self) -> Iterable[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for name, about, labels, value in self._ask():
            if name not in families:
                families[name] = GaugeMetricFamily(name, about, labels=list(labels))
            families[name].add_metric([str(label) for label in labels.values()], value)
        return families.values()

    def describe(self) -> list[GaugeMetricFamily]:
        return []


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_port = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


def _serve(port: int, registry: CollectorRegistry) -> None:
    server = make_server("", port, make_wsgi_app(registry), _Server, _Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
