"""The peer of the products export: parse each line with orjson, write its cells with csv.

It does nothing else: it trusts that a product's children follow it, keeps no order of its own,
makes no cell harmless, and knows this one sheet. ``python -m benchmarks.plain_loop in out``
"""

import csv
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson

from benchmarks.peak import peak
from transfer.rows import layout
from transfer.types import BY_NAME

ZONE = ZoneInfo("America/New_York")
FACTS = {
    "zone": ZONE.key,
    "locations": [],
    "catalogs": [],
    "channels": [],
    "metafields:PRODUCT": [],
    "metafields:PRODUCTVARIANT": [],
}
NO_VARIANT, NO_IMAGE = [""] * 30, [""] * 7


def main(source: str, target: str) -> None:
    with open(source, "rb") as lines, open(target, "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(layout(BY_NAME["products"].sheets[0], FACTS).headers)
        number = 0
        item, variants, images = None, [], []
        for line in lines:
            node = orjson.loads(line)
            if "__parentId" not in node:
                if item is not None:
                    number = write(writer, number, item, variants, images)
                item, variants, images = node, [], []
            elif "price" in node:
                variants.append(variant_cells(node))
            else:
                images.append(image_cells(node, len(images) + 1))
        write(writer, number, item, variants, images)


def write(writer, number: int, p: dict, variants: list, images: list) -> int:
    published = p["publishedAt"]
    category = p["category"] or {}
    seo = p["seo"]
    body, title_tag, description_tag = p["descriptionHtml"], seo["title"], seo["description"]
    start = [p["id"][22:], p["handle"], "MERGE", p["title"]]
    rest = [
        p["vendor"],
        p["productType"],
        ", ".join(sorted(p["tags"])),
        "REPLACE",
        moment(p["createdAt"]),
        moment(p["updatedAt"]),
        p["status"].capitalize(),
        "true" if published else "false",
        moment(published) if published else "",
        "web",
        p["templateSuffix"],
        "true" if p["isGiftCard"] else "false",
        p["onlineStoreUrl"],
        p["totalInventory"] if p["tracksInventory"] else "",
    ]
    further = [
        category.get("id", "/").rpartition("/")[2],
        category.get("name"),
        category.get("fullName"),
        "",
        "",
    ]
    for place in range(max(1, len(variants), len(images))):
        number += 1
        top = place == 0
        writer.writerow(
            [
                *start,
                body if top else "",
                *rest,
                number,
                "true" if top else "",
                *further,
                *(images[place] if place < len(images) else NO_IMAGE),
                *(variants[place] if place < len(variants) else NO_VARIANT),
                title_tag if top else "",
                description_tag if top else "",
            ]
        )
    return number


def variant_cells(v: dict) -> list:
    item = v["inventoryItem"]
    weight = item["measurement"]["weight"]
    cost = item["unitCost"]
    options = [
        cell for option in v["selectedOptions"] for cell in (option["name"], option["value"])
    ]
    options += [""] * (6 - len(options))
    return [
        item["id"][28:],
        v["id"][29:],
        "MERGE",
        *options,
        v["position"],
        v["sku"],
        v["barcode"],
        v["image"]["url"] if v["image"] else "",
        weight["value"],
        {"GRAMS": "g", "KILOGRAMS": "kg", "POUNDS": "lb", "OUNCES": "oz"}[weight["unit"]],
        v["price"],
        v["compareAtPrice"],
        "true" if v["taxable"] else "false",
        v["taxCode"],
        "shopify" if item["tracked"] else "",
        v["inventoryPolicy"].lower(),
        "gift_card" if v["product"]["isGiftCard"] else "manual",
        "true" if item["requiresShipping"] else "false",
        v["deliveryProfile"]["name"],
        v["inventoryQuantity"] if item["tracked"] else "",
        "0",
        f"{float(cost['amount']):.2f}" if cost else "",
        item["harmonizedSystemCode"],
        item["countryCodeOfOrigin"],
        item["provinceCodeOfOrigin"],
    ]


def image_cells(node: dict, place: int) -> list:
    image = node["image"]
    return [
        node["mediaContentType"],
        image["url"],
        "MERGE",
        place,
        image["width"],
        image["height"],
        node["alt"],
    ]


def moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S %z")


if __name__ == "__main__":
    main(*sys.argv[1:])
    print(peak())
