"""The points that a store lets the app spend: how long to wait so that no call is thrown back.

https://shopify.dev/docs/api/usage/limits
"""

import math
import random
import threading
import time
from typing import Any

REFILL = (0.25, 0.75)
"""Between which parts of the bucket a program that found it empty lets it fill before its turn."""
TURN = 0.5
"""The part of what a turn begins with that it may spend."""


class Throttle:
    """One client's view of a store's bucket, as the last answer told it.

    Other processes take from the same bucket, and nobody tells how many. While it is full enough
    all take what they like. Who finds it empty goes on in turns: it waits for a level drawn by
    lot, spends half of it, and waits again. The lot keeps two programs from waking in a rhythm in
    which one always takes all; turns are of points, not of calls, so small queries do not starve
    large ones. No point is lost: a bucket that is not full fills at the same rate at any level.

    Threads may share one: what a call is expected to cost is taken until the next answer tells.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._costs: dict[str, float] = {}
        self._maximum = self._rate = self._available = 0.0
        self._at = 0.0
        self._turn = math.inf

    def learn(self, document: str, extensions: dict[str, Any]) -> None:
        """Learn from the ``extensions`` of an answer to this document."""
        cost = extensions.get("cost") or {}
        status = cost.get("throttleStatus") or {}
        if not status.get("restoreRate"):
            return
        with self._lock:
            self._costs[document] = cost.get("requestedQueryCost") or 0
            self._turn -= cost.get("actualQueryCost") or 0
            self._maximum, self._rate = status["maximumAvailable"], status["restoreRate"]
            self._available, self._at = status["currentlyAvailable"], time.monotonic()

    def pause(self, document: str) -> float:
        """Seconds to wait before this document is sent; 0 when nothing is known of it."""
        with self._lock:
            cost = self._costs.get(document, 0)
            if not self._rate:
                return 0.0
            level = self._available + (time.monotonic() - self._at) * self._rate
            self._available -= cost
            if level >= cost and self._turn >= cost / 2:
                return 0.0
            start = max(cost, random.uniform(*REFILL) * self._maximum)
            self._turn = max(cost, TURN * start)
            return max(0.0, (start - level) / self._rate)
