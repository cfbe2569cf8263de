"""What orders take from stock, and what comes back."""

from collections.abc import Iterable

from standin.context import Context
from standin.mutations import stock


def move(context: Context, lines: Iterable[dict], sign: int) -> None:
    """Take the quantities of these lines from the first place that stocks each (-1), or put them
    back (1)."""
    for line in lines:
        variant = context.record(line.get("variant")) if line.get("variant") else None
        item = context.existing(variant["inventoryItem"]) if variant else None
        if not item or not item["tracked"] or not item["inventoryLevels"]:
            continue
        level = context.existing(item["inventoryLevels"][0])
        deltas = {"available": sign * line["quantity"]}
        stock.apply(context, {"reason": "other"}, "available", [(level, deltas, None)])


def put_back(context: Context, line: dict, quantity: int, location: str) -> None:
    """Put so many of what a line sold on the shelf of a location."""
    variant = context.record(line.get("variant")) if line.get("variant") else None
    item = context.existing(variant["inventoryItem"]) if variant else None
    if not item or not item["tracked"]:
        return
    levels = [context.existing(one) for one in item["inventoryLevels"]]
    level = next((one for one in levels if one["location"] == location), None)
    if level:
        stock.apply(
            context, {"reason": "restock"}, "available", [(level, {"available": quantity}, None)]
        )


def available(context: Context, line: dict) -> int | None:
    """How many there are of what a line sells; None where nobody counts."""
    variant = context.record(line.get("variant")) if line.get("variant") else None
    item = context.existing(variant["inventoryItem"]) if variant else None
    if not variant or not item or not item["tracked"] or variant["inventoryPolicy"] != "DENY":
        return None
    return int(variant["inventoryQuantity"])
