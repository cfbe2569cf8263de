"""Independent questions to Shopify, asked a few at a time instead of one after the other."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")
AT_ONCE = 5
"""So many threads ask one store: an answer takes a tenth of a second and costs little work."""


def side_by_side(ask: Callable[[Given], Found], items: Iterable[Given]) -> list[Found]:
    """What ``ask`` returns for each item, in their order. The first error ends it, and what has not
    begun by then is left. ``ask`` runs without an app context."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(ask, items))
