"""What is counted of the calls to Shopify: how they were answered, and how long was waited."""

import time
from typing import Any

from prometheus_client import Counter, Histogram

from shopify.responses import code_of

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
ANSWERS = Histogram(
    "altera_shopify_seconds",
    "Seconds until the Admin API answered, by its answer: a status, THROTTLED or nothing.",
    ("answer",),
    buckets=BUCKETS,
)
WAITED = Counter(
    "altera_shopify_waited_seconds", "Seconds waited for a store's limit, and before a repetition."
)
NOTHING, THROTTLED = "nothing", "THROTTLED"


def answered(status: int, body: dict[str, Any], seconds: float) -> None:
    """Count an answer; a throttled one comes with status 200."""
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else []
    codes = [code_of(error) for error in listed if isinstance(error, dict)]
    ANSWERS.labels(THROTTLED if THROTTLED in codes else status).observe(seconds)


def unanswered(seconds: float) -> None:
    """Count a call to which no answer came."""
    ANSWERS.labels(NOTHING).observe(seconds)


def wait(seconds: float) -> None:
    """Sleep, and count it. Before most calls there is nothing to wait for, and even a sleep of no
    time gives the processor away."""
    if seconds:
        WAITED.inc(seconds)
        time.sleep(seconds)
