"""How long a search does not find what was just made: Shopify's index follows the store by seconds.

What is asked for by its id, or listed without a search, is there at once.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable

MOST = 20_000
"""So many of the newest records are remembered."""

_lock = threading.Lock()
_born: OrderedDict[str, float] = OrderedDict()


def record(ids: Iterable[str]) -> None:
    """Remember when these records got their ids."""
    now = time.monotonic()
    with _lock:
        _born.update(dict.fromkeys(ids, now))
        while len(_born) > MOST:
            _born.popitem(last=False)


def hides(gid: str, lag_ms: int) -> bool:
    """Whether a search does not find the record yet."""
    born = _born.get(gid)
    return born is not None and time.monotonic() - born < lag_ms / 1000
