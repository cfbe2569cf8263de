"""Where a variant is stocked: its InventoryItem and an InventoryLevel at each location."""

from standin.seeds.base import Seeder, money, timestamp
from standin.seeds.families import GIFT_CARD, Family
from standin.store import number

UNITS = {"GRAMS": 1, "KILOGRAMS": 1000, "POUNDS": 453.592, "OUNCES": 28.3495}  # in grams


def make(
    seeder: Seeder, locations: list[dict], i: int, v: int, family: Family, sku: str, gid: str
) -> tuple[dict, list[dict], int]:
    """The item of variant v of product i, its levels, and what is available in all."""
    card = family is GIFT_CARD
    tracked = not card and i % 10 != 6
    stocked = [] if card else locations[: 2 + (i + v) % 2]
    levels = [
        _level(seeder, gid, location, i, v, place, tracked)
        for place, location in enumerate(stocked)
    ]
    hs_code, country, province = family.customs
    item = {
        "__typename": "InventoryItem",
        "id": gid,
        "sku": sku,
        "tracked": tracked,
        "trackedEditable": {"locked": False},
        "requiresShipping": not card,
        "unitCost": None if card else money(family.cents * 2 // 5 + 100 * v),
        "harmonizedSystemCode": hs_code or None,
        "countryCodeOfOrigin": country,
        "provinceCodeOfOrigin": province,
        "measurement": _measurement(gid, i, family),
        "inventoryLevels": [level["id"] for level in levels],
        "locationsCount": len(levels),
        "duplicateSkuCount": 0,
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i, days=2),
    }
    return item, levels, sum(_available(i, v, place, tracked) for place in range(len(levels)))


def _measurement(item_gid: str, i: int, family: Family) -> dict:
    unit = list(UNITS)[i % len(UNITS)]
    return {
        "__typename": "InventoryItemMeasurement",
        "id": f"gid://shopify/InventoryItemMeasurement/{number(item_gid)}",
        "weight": {"unit": unit, "value": round(family.grams / UNITS[unit], 3)},
    }


def _available(i: int, v: int, place: int, tracked: bool) -> int:
    """How many are for sale at one location: sometimes none, sometimes oversold."""
    if not tracked:
        return 0
    if i % 6 == 5 and v == 1 and place == 0:
        return -2
    return (i * 7 + v * 5 + place * 11) % 43


def _level(seeder: Seeder, item: str, location: dict, i, v, place, tracked) -> dict:
    held = {
        "available": _available(i, v, place, tracked),
        "committed": (i + v) % 4 if tracked else 0,
        "reserved": 1 if tracked and i % 15 == 4 and place == 0 else 0,
        "damaged": 1 if tracked and i % 11 == 2 and place == 1 else 0,
        "safety_stock": 2 if tracked and i % 13 == 8 else 0,
        "quality_control": 0,
    }
    held["on_hand"] = sum(held.values())
    held["incoming"] = 24 if tracked and i % 9 == 7 else 0
    level = number(seeder.id("InventoryLevel"))
    of_item = f"?inventory_item_id={number(item)}"
    return {
        "__typename": "InventoryLevel",
        "id": f"gid://shopify/InventoryLevel/{level}{of_item}",
        "item": item,
        "location": location["id"],
        "isActive": True,
        "canDeactivate": True,
        "quantities": [
            {
                "__typename": "InventoryQuantity",
                "id": f"gid://shopify/InventoryQuantity/{level}{of_item}&name={name}",
                "name": name,
                "quantity": quantity,
                "updatedAt": timestamp(i, days=2),
            }
            for name, quantity in held.items()
        ],
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i, days=2),
    }
