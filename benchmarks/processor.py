"""Processor time of other programs, as Linux accounts it."""

import os
from pathlib import Path


def seconds_of(pid: int) -> float:
    """What a program has had until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds_of_all(pid: int) -> float:
    """What a program and those that it has started, and they, have had until now. Of those that
    are over nothing counts."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    below = [int(one) for listed in children for one in listed.read_text().split()]
    return seconds_of(pid) + sum(map(seconds_of_all, below))
