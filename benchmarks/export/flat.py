"""Products as the public flattener's own query would bring them: all in one file, each child after
its parent, stock levels after their variant, with the fields that it knows a line by."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from benchmarks.export.facts import LOCATIONS
from benchmarks.export.plain_lines import groups

NAMES = {location.id: location.name for location in LOCATIONS}


def write(folder: Path, target: Path) -> None:
    """One file of the ordered lines of both passes."""
    with target.open("wb") as file:
        for line in _lines(folder):
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    levels = groups(folder / "1.jsonl")
    for product, *children in groups(folder / "0.jsonl"):
        yield {"__typename": "Product"} | product
        for child in children:
            parent = {"__parentId": child["__parentId"]}
            if "price" in child:
                yield {"__typename": "ProductVariant"} | child
                for level in next(levels)[1:]:
                    location = {"location": {"name": NAMES[level["location"]["id"]]}}
                    yield {"__typename": "InventoryLevel"} | level | location
            elif "image" in child:
                image = {"url": child["image"]["url"], "altText": child["alt"]}
                yield {"__typename": "Image", "id": child["id"]} | image | parent
