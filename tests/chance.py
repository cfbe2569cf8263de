"""Chance in tests: another each day, and the same again with KILL_SEED."""

import os
from datetime import UTC, datetime
from random import Random


def seed() -> str:
    """The setting KILL_SEED, else today's date."""
    return os.environ.get("KILL_SEED") or f"{datetime.now(UTC):%Y-%m-%d}"


def chance(what: str) -> Random:
    """The day's random numbers for one purpose."""
    return Random(f"{seed()} {what}")
