"""The points that a store lets the app spend: how long to wait so that no call is thrown back.

https://shopify.dev/docs/api/usage/limits
"""

import time

REFILL = 0.5
"""The part of the bucket that a program which emptied it lets come back before it goes on."""


class Throttle:
    """One client's view of a store's bucket, as the last answer told it.

    Other processes take from the same bucket. One with small queries would keep it so low that
    another's large query never fits; therefore who finds it empty waits until half of it is back,
    and the large query finds its moment on the way. No point is lost by that: a bucket that is
    not full fills at the same rate at any level.
    """

    def __init__(self):
        self._costs: dict[str, float] = {}
        self._maximum = self._rate = self._available = 0.0
        self._at = 0.0

    def note(self, document: str, extensions: dict) -> None:
        """Learn from the ``extensions`` of an answer to this document."""
        cost = extensions.get("cost") or {}
        status = cost.get("throttleStatus") or {}
        if not status.get("restoreRate"):
            return
        self._costs[document] = cost.get("requestedQueryCost") or 0
        self._maximum, self._rate = status["maximumAvailable"], status["restoreRate"]
        self._available, self._at = status["currentlyAvailable"], time.monotonic()

    def pause(self, document: str) -> float:
        """Seconds to wait before this document is sent; 0 when nothing is known of it."""
        cost = self._costs.get(document, 0)
        if not self._rate:
            return 0.0
        level = self._available + (time.monotonic() - self._at) * self._rate
        if level >= cost:
            return 0.0
        return (max(cost, REFILL * self._maximum) - level) / self._rate
