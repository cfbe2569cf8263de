"""inventorySetQuantities, AdjustQuantities, Activate, Deactivate and ItemUpdate.

https://shopify.dev/docs/apps/build/orders-fulfillment/inventory-management-apps
"""

from standin.context import Context, now
from standin.errors import error
from standin.mutations.user_errors import refused, user_error
from standin.seeds.base import CURRENCY
from standin.store import number

MAX_QUANTITY = 1_000_000_000
SETTABLE = {"available", "on_hand"}
ADJUSTABLE = {"available", "damaged", "quality_control", "reserved", "safety_stock", "incoming"}
ON_HAND = ("available", "committed", "reserved", "damaged", "safety_stock", "quality_control")
NAMES = (*ON_HAND, "on_hand", "incoming")
REASONS = {
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_created",
    "movement_updated",
    "movement_received",
    "movement_canceled",
    "other",
    "promotion",
    "quality_control",
    "received",
    "reservation_created",
    "reservation_deleted",
    "reservation_updated",
    "restock",
    "safety_stock",
    "shrinkage",
}
GROUP = "inventoryAdjustmentGroup"
STALE = (
    "The changeFromQuantity argument no longer matches the persisted quantity.",
    "CHANGE_FROM_QUANTITY_STALE",
)


def set_quantities(context: Context, args: dict) -> dict:
    given = args["input"]
    name = given["name"]
    errors = _reason_errors(given)
    if name not in SETTABLE:
        text = "The quantity name must be either 'available' or 'on_hand'."
        errors.append(user_error(["input", "name"], text, "INVALID_NAME"))
        return refused(errors, GROUP)
    seen, changes = set(), []
    for index, one in enumerate(given["quantities"]):
        _demand_change_from(one, "InventoryQuantityInput")
        place = ["input", "quantities", str(index)]
        pair = (one["inventoryItemId"], one["locationId"])
        if pair in seen:
            text = "The combination of inventoryItemId and locationId must be unique."
            errors.append(user_error(place, text, "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"))
        seen.add(pair)
        problem, level = _level(context, *pair, place)
        if problem:
            errors.append(problem)
            continue
        current = quantities_of(level)[name]
        if one["changeFromQuantity"] not in (None, current):
            errors.append(user_error([*place, "changeFromQuantity"], *STALE))
        if one["quantity"] > MAX_QUANTITY:
            text = "The quantity is too high."
            errors.append(user_error([*place, "quantity"], text, "INVALID_QUANTITY_TOO_HIGH"))
        changes.append((level, {"available": one["quantity"] - current}, None))
    if errors:
        return refused(errors, GROUP)
    return {GROUP: apply(context, given, name, changes), "userErrors": []}


def adjust_quantities(context: Context, args: dict) -> dict:
    given = args["input"]
    name = given["name"]
    errors = _reason_errors(given)
    if name not in ADJUSTABLE:
        text = "The quantity name is not valid."
        errors.append(user_error(["input", "name"], text, "INVALID_QUANTITY_NAME"))
        return refused(errors, GROUP)
    documents = {one.get("ledgerDocumentUri") for one in given["changes"]}
    if len(documents) > 1:
        text = "All changes must have the same ledger document URI."
        errors.append(user_error(["input", "changes"], text, "MAX_ONE_LEDGER_DOCUMENT"))
    changes = []
    for index, one in enumerate(given["changes"]):
        _demand_change_from(one, "InventoryChangeInput")
        place = ["input", "changes", str(index)]
        document = one.get("ledgerDocumentUri")
        if name == "available" and document:
            text = "A ledger document URI is not allowed when adjusting available."
            place_of = [*place, "ledgerDocumentUri"]
            errors.append(user_error(place_of, text, "INVALID_AVAILABLE_DOCUMENT"))
        if name != "available" and not document:
            text = "A ledger document URI is required except when adjusting available."
            place_of = [*place, "ledgerDocumentUri"]
            errors.append(user_error(place_of, text, "INVALID_QUANTITY_DOCUMENT"))
        if document and document.startswith("gid://shopify"):
            text = "The ledger document URI cannot be of Shopify's own scheme."
            errors.append(user_error(place, text, "INTERNAL_LEDGER_DOCUMENT"))
        problem, level = _level(context, one["inventoryItemId"], one["locationId"], place)
        if problem:
            errors.append(problem)
            continue
        if one["changeFromQuantity"] not in (None, quantities_of(level)[name]):
            errors.append(user_error(place, *STALE))
        changes.append((level, {name: one["delta"]}, document))
    if errors:
        return refused(errors, GROUP)
    return {GROUP: apply(context, given, name, changes), "userErrors": []}


def activate(context: Context, args: dict) -> dict:
    """Stock an item at a location; one that is stocked there already must not get a quantity."""
    item = context.record(args["inventoryItemId"])
    place = context.record(args["locationId"])
    if not item or item["__typename"] != "InventoryItem":
        text = "The inventory item couldn't be found."
        return refused([user_error(["inventoryItemId"], text)], "inventoryLevel")
    if not place or place["__typename"] != "Location" or not place.get("isActive", True):
        text = "The location couldn't be found."
        return refused([user_error(["locationId"], text)], "inventoryLevel")
    if found := level_at(context, item, place["id"]):
        if args.get("available") is not None or args.get("onHand") is not None:
            text = "Not allowed to set available quantity when the item is already active"
            return refused(
                [user_error(["available"], f"{text} at the location.")], "inventoryLevel"
            )
        return {"inventoryLevel": found, "userErrors": []}
    first = args.get("onHand") if args.get("available") is None else args["available"]
    level = new_level(context, item, place["id"], first or 0)
    context.shop.put_many([stocked(item, level), level])
    _recount(context, [item["id"]])
    return {"inventoryLevel": level, "userErrors": []}


def deactivate(context: Context, args: dict) -> dict:
    level = context.record(args["inventoryLevelId"])
    if not level or level["__typename"] != "InventoryLevel":
        text = "The inventory level couldn't be found."
        return refused([user_error(["inventoryLevelId"], text)])
    held = quantities_of(level)
    if held["committed"] or held["incoming"]:
        text = "Couldn't unstock the item because it has committed or incoming quantities."
        return refused([user_error(None, text)])
    item = dict(context.existing(level["item"]))
    item["inventoryLevels"] = [gid for gid in item["inventoryLevels"] if gid != level["id"]]
    context.shop.put(item | {"locationsCount": len(item["inventoryLevels"])})
    context.shop.delete(level["id"])
    _recount(context, [item["id"]])
    return {"userErrors": []}


def item_update(context: Context, args: dict) -> dict:
    item = context.record(args["id"])
    if not item or item["__typename"] != "InventoryItem":
        text = "The inventory item couldn't be found."
        return refused([user_error(["id"], text)], "inventoryItem")
    changed = dict(item)
    if errors := write_item(changed, args["input"], ["input"]):
        return refused(errors, "inventoryItem")
    variant = context.existing(item["variant"])
    context.shop.put_many([changed, {**variant, "sku": changed["sku"], "updatedAt": now()}])
    return {"inventoryItem": changed, "userErrors": []}


def write_item(item: dict, given: dict, place: list[str]) -> list[dict]:
    """Put an InventoryItemInput into the item; its userErrors."""
    errors = []
    plain = ("tracked", "requiresShipping", "countryCodeOfOrigin", "provinceCodeOfOrigin")
    item.update({name: given[name] for name in plain if name in given})
    if "sku" in given:
        item["sku"] = given["sku"]
    if "cost" in given:
        cost = given["cost"]
        if cost is not None and float(cost) < 0:
            text = "Unit cost must be greater than or equal to 0"
            errors.append(user_error([*place, "cost"], text))
        amount = {"amount": f"{float(cost):.2f}", "currencyCode": CURRENCY} if cost else None
        item["unitCost"] = amount
    if "harmonizedSystemCode" in given:
        code = given["harmonizedSystemCode"] or None
        if code and not (code.isdecimal() and 6 <= len(code) <= 13):
            text = "Harmonized system code must be a number between 6 and 13 digits"
            errors.append(user_error([*place, "harmonizedSystemCode"], text))
        item["harmonizedSystemCode"] = code
    if (weight := (given.get("measurement") or {}).get("weight")) is not None:
        gid = f"gid://shopify/InventoryItemMeasurement/{number(item['id'])}"
        item["measurement"] = {
            "__typename": "InventoryItemMeasurement",
            "id": gid,
            "weight": {"unit": weight["unit"], "value": weight["value"]},
        }
    item["updatedAt"] = now()
    return errors


def level_at(context: Context, item: dict, location: str) -> dict | None:
    """The item's inventory level at a location."""
    for gid in item.get("inventoryLevels") or ():
        level = context.record(gid)
        if level and level["location"] == location:
            return level
    return None


def new_level(context: Context, item: dict, location: str, available: int) -> dict:
    """An inventory level that is not stored yet."""
    numbered = number(context.shop.new_id("InventoryLevel"))
    of_item = f"?inventory_item_id={number(item['id'])}"
    held = dict.fromkeys(NAMES, 0) | {"available": available, "on_hand": available}
    return {
        "__typename": "InventoryLevel",
        "id": f"gid://shopify/InventoryLevel/{numbered}{of_item}",
        "item": item["id"],
        "location": location,
        "isActive": True,
        "canDeactivate": True,
        "quantities": [
            {
                "__typename": "InventoryQuantity",
                "id": f"gid://shopify/InventoryQuantity/{numbered}{of_item}&name={name}",
                "name": name,
                "quantity": quantity,
                "updatedAt": now(),
            }
            for name, quantity in held.items()
        ],
        "createdAt": now(),
        "updatedAt": now(),
    }


def stocked(item: dict, level: dict) -> dict:
    """The item with one more level."""
    levels = [*(item.get("inventoryLevels") or ()), level["id"]]
    return {**item, "inventoryLevels": levels, "locationsCount": len(levels)}


def quantities_of(level: dict) -> dict[str, int]:
    held = dict.fromkeys(NAMES, 0)
    return held | {one["name"]: one["quantity"] for one in level["quantities"]}


def available_of(context: Context, item: dict) -> int:
    """What is available of an item at all locations together."""
    levels = [context.record(gid) for gid in item.get("inventoryLevels") or ()]
    return sum(quantities_of(level)["available"] for level in levels if level)


def _reason_errors(given: dict) -> list[dict]:
    if given["reason"] in REASONS:
        return []
    return [user_error(["input", "reason"], "The specified reason is invalid.", "INVALID_REASON")]


def _demand_change_from(given: dict, kind: str) -> None:
    if "changeFromQuantity" not in given:
        text = f"{kind} must include the following argument: changeFromQuantity."
        raise error(text, "INVALID_FIELD_ARGUMENTS")


def _level(context: Context, item: str, location: str, place: list[str]) -> tuple:
    """(userError or None, level) of an item at a location where it is stocked."""
    record = context.record(item)
    if not record or record["__typename"] != "InventoryItem":
        text = "The specified inventory item could not be found."
        return user_error([*place, "inventoryItemId"], text, "INVALID_INVENTORY_ITEM"), None
    found = context.record(location)
    if not found or found["__typename"] != "Location":
        text = "The specified location could not be found."
        return user_error([*place, "locationId"], text, "INVALID_LOCATION"), None
    level = level_at(context, record, location)
    if level is None:
        text = "The specified inventory item is not stocked at the location."
        return user_error([*place, "locationId"], text, "INVALID_LOCATION"), None
    return None, level


def apply(context: Context, given: dict, name: str, changes: list[tuple]) -> dict:
    """Move the quantities and tell what was changed."""
    levels: dict[str, dict] = {}
    reported: list[dict] = []
    for level, deltas, document in changes:
        level = levels.get(level["id"], level)
        held = quantities_of(level)
        for changed, delta in deltas.items():
            held[changed] += delta
        held["on_hand"] = sum(held[one] for one in ON_HAND)
        quantities = [
            {**one, "quantity": held[one["name"]], "updatedAt": now()}
            if one["quantity"] != held[one["name"]]
            else one
            for one in level["quantities"]
        ]
        levels[level["id"]] = {**level, "quantities": quantities, "updatedAt": now()}
        reported += [
            {
                "name": name,
                "delta": delta,
                "item": level["item"],
                "location": level["location"],
                "ledgerDocumentUri": document,
                "quantityAfterChange": held[name],
            }
            for delta in deltas.values()
            if delta
        ]
    context.shop.put_many(levels.values())
    context.forget()
    _recount(context, [level["item"] for level in levels.values()])
    return {
        "__typename": "InventoryAdjustmentGroup",
        "id": context.shop.new_id("InventoryAdjustmentGroup"),
        "reason": given["reason"],
        "referenceDocumentUri": given.get("referenceDocumentUri"),
        "createdAt": now(),
        "changes": reported,
    }


def _recount(context: Context, items: list[str]) -> None:
    """Let variants and products say again how many there are."""
    context.forget()
    products = {}
    for gid in dict.fromkeys(items):
        item = context.existing(gid)
        variant = context.existing(item["variant"])
        quantity = available_of(context, item)
        context.shop.put({**variant, "inventoryQuantity": quantity, "updatedAt": now()})
        products[variant["product"]] = True
    context.forget()
    for gid in products:
        product = context.existing(gid)
        variants = [context.existing(one) for one in product["variants"]]
        total = sum(variant["inventoryQuantity"] for variant in variants)
        context.shop.put({**product, "totalInventory": total})
    context.forget()


MUTATIONS = {
    "inventorySetQuantities": set_quantities,
    "inventoryAdjustQuantities": adjust_quantities,
    "inventoryActivate": activate,
    "inventoryDeactivate": deactivate,
    "inventoryItemUpdate": item_update,
}
