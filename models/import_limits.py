"""What an import with a key may do before a person has to decide, and the limits of each key."""

from collections.abc import Mapping
from functools import lru_cache

from translations import N_

APPLY, WITHIN_LIMITS, APPROVAL = MODES = ("apply", "within_limits", "approval")
"""How imports of a key are applied: always; unless they are over a limit which nobody accepted; or
only by a person who applies them on the page."""
DEFAULTS = {
    "deletes": 10,
    "deletes_percent": 5,
    "prices_percent": 50,
    "stock_percent": 20,
    "unpublished_percent": 20,
    "blanks_percent": 20,
    "replaced": 0,
    "refunds": 0,
    "pending": 0,
}
"""Each number that a key may have another of. One that counts is how many are allowed, a percentage
how many of all; of ``prices`` how far one may fall."""
LABELS = {
    "deletes": N_("Objects that are deleted"),
    "deletes_percent": N_("Deleted objects, percent of the store’s"),
    "prices_percent": N_("Fall of a price, percent"),
    "stock_percent": N_("Stock levels set to 0, percent of the rows"),
    "unpublished_percent": N_("Unpublished or archived objects, percent"),
    "blanks_percent": N_("Emptied cells of a column, percent"),
    "replaced": N_("Objects that lose values or members by REPLACE"),
    "refunds": N_("Orders for which the customer gets money back"),
    "pending": N_("Customers whom Shopify may ask by mail to confirm marketing"),
}
"""What each number limits, on screen."""
MODE_LABELS = {
    APPLY: N_("Apply without limits"),
    WITHIN_LIMITS: N_("Apply within limits"),
    APPROVAL: N_("Wait for approval"),
}
MOST, ALL = 1_000_000, 100


def most(name: str) -> int:
    """The highest value of this number."""
    return ALL if name.endswith("_percent") else MOST


@lru_cache
def parse(text: str) -> dict[str, int]:
    """Every number of a key, from those that it has of its own: ``deletes=20 replaced=3``. Not to
    be changed."""
    own = (part.split("=") for part in text.split())
    return DEFAULTS | {name: int(value) for name, value in own}


def loosened(mode: str, numbers: Mapping[str, int], was: str, had: Mapping[str, int]) -> bool:
    """Whether imports may do more than before without a person's decision."""
    freer = MODES.index(mode) < MODES.index(was)
    raised = any(numbers[name] > had[name] for name in DEFAULTS)
    return freer or (mode == was == WITHIN_LIMITS and raised)


def written(limits: Mapping[str, int]) -> str:
    """The numbers as they are stored: those that differ from the defaults."""
    return " ".join(
        f"{name}={limits[name]}"
        for name, value in DEFAULTS.items()
        if limits.get(name, value) != value
    )
