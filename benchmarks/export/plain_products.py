"""Products, as whoever needs this one file would write the loop."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.export.facts import CHANNELS, FACTS, LOCATIONS
from benchmarks.export.plain_lines import groups, moment, money, tail, yes

NO_VARIANT, NO_IMAGE = [""] * 30, [""] * 7
NO_STOCK, NO_BATCH = [""] * 13 * len(LOCATIONS), [""]
UNITS = {"GRAMS": "g", "KILOGRAMS": "kg", "POUNDS": "lb", "OUNCES": "oz"}
NAMES = {
    owner: {fact.alias: fact.name for fact in FACTS.metafields[owner]}
    for owner in ("PRODUCT", "PRODUCTVARIANT")
}


def objects(folder: Path) -> Iterator[dict[str, Any]]:
    """Products with their children in lists; the levels stand in a file of their own."""
    levels = groups(folder / "1.jsonl")
    for product, *children in groups(folder / "0.jsonl"):
        variants: list[dict[str, Any]] = []
        media: list[dict[str, Any]] = []
        collections: list[dict[str, Any]] = []
        for child in children:
            del child["__parentId"]
            if "price" in child:
                _, *child["levels"] = next(levels)
                variants.append(child)
            else:
                (media if "mediaContentType" in child else collections).append(child)
        yield product | {"variants": variants, "media": media, "collections": collections}


def named(product: dict[str, Any]) -> dict[str, Any]:
    """As a line of JSONL, metafields by their names."""
    published = {channel.name: product.pop(channel.alias) for channel in CHANNELS}
    found = _metafields(product, "PRODUCT")
    product |= {"published": published, "included": {}, "metafields": found}
    for variant in product["variants"]:
        levels = variant.pop("levels")
        for level in levels:
            del level["__parentId"], level["item"]["variant"]
        found = _metafields(variant, "PRODUCTVARIANT")
        variant |= {"metafields": found, "levels": levels, "prices": []}
    return product


def _metafields(owner: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: owner.pop(alias) for alias, name in NAMES[kind].items()}


def rows(p: dict[str, Any], number: int) -> list[list[Any]]:
    published = p["publishedAt"]
    category = p["category"] or {}
    kinds = [(c["sources"][0]["inclusion"]["conditions"], c["handle"]) for c in p["collections"]]
    metafields = [p["m0"]["value"] if p["m0"] else "", p["m1"]["value"] if p["m1"] else ""]
    chart = p["m2"]["reference"] if p["m2"] else None
    metafields.append(f"{chart['type']}.{chart['handle']}" if chart else "")
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
        moment(published),
        "global" if p["pos"] else "web",
        p["templateSuffix"],
        yes(p["isGiftCard"]),
        p["onlineStoreUrl"],
        p["totalInventory"] if p["tracksInventory"] else "",
    ]
    further = [
        tail(category.get("id", "/")),
        category.get("name"),
        category.get("fullName"),
        ", ".join(handle for smart, handle in kinds if not smart),
        ", ".join(handle for smart, handle in kinds if smart),
    ]
    channels = [yes(p[channel.alias]) for channel in CHANNELS]
    variants = [_variant(v) for v in p["variants"]]
    images = [_image(m, place) for place, m in enumerate(p["media"], 1)]
    found = []
    for place in range(max(1, len(variants), len(images))):
        top = place == 0
        own = (NO_VARIANT, NO_STOCK, NO_BATCH) if place >= len(variants) else variants[place]
        found.append(
            [
                *start,
                p["descriptionHtml"] if top else "",
                *rest,
                number + place,
                "true" if top else "",
                *further,
                *(images[place] if place < len(images) else NO_IMAGE),
                *own[0],
                *own[1],
                *channels,
                *((p["seo"]["title"], p["seo"]["description"], *metafields) if top else [""] * 5),
                *own[2],
            ]
        )
    return found


def _variant(v: dict[str, Any]) -> tuple[list[Any], list[Any], list[Any]]:
    item = v["inventoryItem"]
    weight = item["measurement"]["weight"]
    options = [
        cell for option in v["selectedOptions"] for cell in (option["name"], option["value"])
    ]
    options += [""] * (6 - len(options))
    cells = [
        item["id"][28:],
        v["id"][29:],
        "MERGE",
        *options,
        v["position"],
        v["sku"],
        v["barcode"],
        v["image"]["url"] if v["image"] else "",
        weight["value"],
        UNITS[weight["unit"]],
        v["price"],
        v["compareAtPrice"],
        yes(v["taxable"]),
        v["taxCode"],
        "shopify" if item["tracked"] else "",
        v["inventoryPolicy"].lower(),
        "gift_card" if v["product"]["isGiftCard"] else "manual",
        yes(item["requiresShipping"]),
        v["deliveryProfile"]["name"],
        v["inventoryQuantity"] if item["tracked"] else "",
        "0",
        money(item["unitCost"]["amount"]) if item["unitCost"] else "",
        item["harmonizedSystemCode"],
        item["countryCodeOfOrigin"],
        item["provinceCodeOfOrigin"],
    ]
    levels = {level["location"]["id"]: _level(level) for level in v["levels"]}
    stock = [cell for location in LOCATIONS for cell in levels[location.id]]
    return cells, stock, [v["m0"]["value"] if v["m0"] else ""]


def _level(level: dict[str, Any]) -> list[Any]:
    n = [quantity["quantity"] for quantity in level["quantities"]]
    return [n[0], "0", n[1], "0", n[2], n[3], n[4], "0", n[5], "0", n[6], "0", n[7]]


def _image(node: dict[str, Any], place: int) -> list[Any]:
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
