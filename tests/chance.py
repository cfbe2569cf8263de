"""Chance in tests: another each day, and the same again with KILL_SEED. How many random examples a
property is tried with.
"""

import os
from datetime import UTC, datetime
from random import Random

from hypothesis import settings

SHORT, LONG = "short run", "long run"
"""Profiles of hypothesis: the same examples everywhere, a third of them in the short run."""
settings.register_profile(LONG, max_examples=100, deadline=None, derandomize=True)
settings.register_profile(SHORT, settings.get_profile(LONG), max_examples=33)


def examples(number: int) -> int:
    """So many random examples in the long run, a third of them in the short one."""
    return max(number * settings().max_examples // 100, 1)


def seed() -> str:
    """The setting KILL_SEED, else today's date."""
    return os.environ.get("KILL_SEED") or f"{datetime.now(UTC):%Y-%m-%d}"


def chance(what: str) -> Random:
    """The day's random numbers for one purpose."""
    return Random(f"{seed()} {what}")
