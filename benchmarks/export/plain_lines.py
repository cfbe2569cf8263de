"""What both plain loops read lines with, and the few forms of cells that they share."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from benchmarks.export.facts import ZONE

HERE = ZoneInfo(ZONE)


def groups(path: Path) -> Iterator[list[dict[str, Any]]]:
    """Each object of an ordered file with the lines below it."""
    group: list[dict[str, Any]] = []
    with path.open("rb") as lines:
        for line in lines:
            node = orjson.loads(line)
            if "__parentId" not in node and group:
                yield group
                group = []
            group.append(node)
    if group:
        yield group


def tail(gid: str) -> str:
    return gid.rpartition("/")[2]


def moment(text: str | None) -> str:
    if text is None:
        return ""
    return datetime.fromisoformat(text).astimezone(HERE).strftime("%Y-%m-%d %H:%M:%S %z")


def yes(value: bool) -> str:
    return "true" if value else "false"


def money(text: str | None) -> str:
    return "" if text is None else f"{float(text):.2f}"


def shop(bag: dict[str, Any] | None) -> str:
    return "" if bag is None else f"{float(bag['shopMoney']['amount']):.2f}"


def total(bags: Iterable[dict[str, Any]]) -> str:
    return f"{sum(float(bag['shopMoney']['amount']) for bag in bags):.2f}"
