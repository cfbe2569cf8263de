"""The points a shop lets the app spend: a bucket that leaks back at a steady rate."""

import threading
import time

MAXIMUM = 2000.0
RESTORE_RATE = 100.0  # points a second


class Bucket:
    def __init__(self, maximum: float = MAXIMUM, rate: float = RESTORE_RATE):
        self._lock = threading.Lock()
        self._maximum, self._rate = maximum, rate
        self._left = maximum
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
            self._left = min(self._maximum, self._left + points)

    def status(self) -> dict:
        with self._lock:
            self._restore()
            return self._as_json(int(self._left))

    def empty(self) -> dict:
        """The status of a bucket with nothing in it."""
        return self._as_json(0)

    def _as_json(self, available: int) -> dict:
        return {
            "maximumAvailable": self._maximum,
            "currentlyAvailable": available,
            "restoreRate": self._rate,
        }

    def _restore(self) -> None:
        now = time.monotonic()
        self._left = min(self._maximum, self._left + (now - self._at) * self._rate)
        self._at = now


class Buckets:
    """One bucket a shop, full at first."""

    def __init__(self, maximum: float = MAXIMUM, rate: float = RESTORE_RATE):
        self._lock = threading.Lock()
        self._size = maximum, rate
        self._buckets: dict[str, Bucket] = {}

    def for_shop(self, domain: str) -> Bucket:
        with self._lock:
            return self._buckets.setdefault(domain, Bucket(*self._size))
