"""The public flattener of Shopify's bulk results, shopify-bulk, over the same products.

It is handed the file that its own query would give: all in one, each child after its parent, with
stock levels below their variant and the fields that it knows a line by. Its preset ``products``
writes some thirty columns, a row a variant. It knows products alone; moments, numbers and texts
stay as they come, metafields and collections are left out, formulas are not made harmless, and
children that stray are given to the wrong product.
``python -m benchmarks.export.flattener TYPE FORMAT FILE FILE`` prints its peak memory.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
from shopify_jsonl.configs import load_config
from shopify_jsonl.expander import expand_products
from shopify_jsonl.exporter import write_csv, write_jsonl
from shopify_jsonl.parser import parse_jsonl_stream

from benchmarks.export.facts import LOCATIONS
from benchmarks.export.plain_lines import groups
from benchmarks.peak import peak

NAMES = {location["id"]: location["name"] for location in LOCATIONS}


def main(name: str, format: str, source: str, target: str) -> None:
    with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as out:
        rows = expand_products(parse_jsonl_stream(lines))
        if format == "csv":
            write_csv(rows, out, fieldnames=load_config("products").fields)
        else:
            write_jsonl(rows, out)


def prepare(folder: Path, target: Path) -> None:
    """Write what it reads, of the ordered lines of both passes."""
    with target.open("wb") as file:
        for line in _lines(folder):
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def _lines(folder: Path) -> Iterator[dict]:
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


if __name__ == "__main__":
    main(*sys.argv[1:])
    print(peak())
