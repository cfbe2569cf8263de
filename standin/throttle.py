"""The points a shop lets the app spend: a bucket that leaks back at a steady rate."""

import threading
import time

MAXIMUM = 2000.0
RESTORE_RATE = 100.0  # points a second


class Bucket:
    def __init__(self):
        self._lock = threading.Lock()
        self._left = MAXIMUM
        self._at = time.monotonic()

    def take(self, points: int) -> bool:
        """Reserve the points; False when there are not so many."""
        with self._lock:
            self._restore()
            if points > self._left:
                return False
            self._left -= points
            return True

    def give_back(self, points: int) -> None:
        with self._lock:
            self._restore()
            self._left = min(MAXIMUM, self._left + points)

    def status(self) -> dict:
        with self._lock:
            self._restore()
            return status(int(self._left))

    def _restore(self) -> None:
        now = time.monotonic()
        self._left = min(MAXIMUM, self._left + (now - self._at) * RESTORE_RATE)
        self._at = now


def status(available: int) -> dict:
    return {
        "maximumAvailable": MAXIMUM,
        "currentlyAvailable": available,
        "restoreRate": RESTORE_RATE,
    }


class Buckets:
    """One bucket a shop, full at first."""

    def __init__(self):
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}

    def of(self, domain: str) -> Bucket:
        with self._lock:
            return self._buckets.setdefault(domain, Bucket())
