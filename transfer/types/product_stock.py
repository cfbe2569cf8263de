"""How the stock of variants is written: set or adjusted, for each location and kind of quantity."""

from collections.abc import Callable
from typing import Any

from transfer.types.base import Item
from transfer.types.shop_facts import Location, ShopFacts
from transfer.types.writing import WITH_CODE, Input, Json, Mutation, Step

LEDGER = "altera://import"
"""Shopify wants to know for which document stock other than what is available is adjusted."""
MOST_PLACES = 10
"""At so many locations Shopify stocks a variant that is added to a product."""
SET_STOCK, ADJUST_STOCK = (
    Mutation(
        f"inventory{verb}Quantities",
        (f"input: Inventory{verb}QuantitiesInput!",),
        input=f"input.{items}",
        errors=WITH_CODE,
        idempotent=True,
    )
    for verb, items in (("Set", "quantities"), ("Adjust", "changes"))
)
ACTIVATE = Mutation(
    "inventoryActivate",
    ("inventoryItemId: ID!", "locationId: ID!", "available: Int", "onHand: Int"),
    idempotent=True,
)


def quantities(variant: Item, location: Location) -> dict[str, int] | None:
    """A variant's quantities at a location, by name; None where it is not stocked."""
    level = (variant.get("levels") or {}).get(location.id)
    return level and {one["name"]: one["quantity"] for one in level["quantities"]}


def the_location(facts: ShopFacts) -> Location | None:
    """The location of a shop that has one; stock without a location's name is there."""
    return facts.locations[0] if len(facts.locations) == 1 else None


def _stored(name: str) -> Callable[[Item, Location], Json]:
    def stored(variant: Item, location: Location) -> Json:
        held = quantities(variant, location)
        return None if held is None else held.get(name, 0)

    return stored


def _unless_changed(item: Input, stored: Json) -> Json:
    """Set a quantity only where it still is what it was."""
    return {**item, "changeFromQuantity": stored}


def _difference(item: Input, stored: Json) -> Json:
    """What a quantity that no mutation sets is to be, as an adjustment."""
    there = stored if isinstance(stored, int) else 0
    wanted = _number(item.pop("quantity"))
    return _adjusted({**item, "delta": wanted - there}, stored)


def _adjusted(item: Input, stored: Json) -> Json:
    if not item["delta"]:
        return None
    return {**item, "changeFromQuantity": stored}


def _with_document(make: Callable[[Input, Json], Json]) -> Callable[[Input, Json], Json]:
    def made(item: Input, stored: Json) -> Json:
        found = make(item, stored if stored is not None else 0)
        return {**found, "ledgerDocumentUri": LEDGER} if isinstance(found, dict) else None

    return made


def _on_hand_after(item: Input, stored: Json) -> Json:
    """What is on hand can be set, not adjusted."""
    delta = _number(item.pop("delta"))
    there = stored if isinstance(stored, int) else 0
    return {**item, "quantity": there + delta, "changeFromQuantity": stored} if delta else None


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _begun(quantity: str = "", at: str = "") -> Callable[[Input], Input]:
    """How an item is stocked at a location for the first time."""

    def begun(item: Input) -> Input:
        made = {name: item[name] for name in ("inventoryItemId", "locationId")}
        return made | ({at: item[quantity]} if at else {})

    return begun


def _first_stock(name: str) -> Callable[[Input], Json]:
    def made(item: Input) -> Json:
        return {"locationId": item["locationId"], "name": name, "quantity": item["quantity"]}

    return made


def _first_available(item: Input) -> Json:
    return {"locationId": item["locationId"], "availableQuantity": item["quantity"]}


def _stock(name: str, of: str, **how: Any) -> Step:
    """A step for the quantity ``of`` at each location."""
    return Step(
        name,
        item=lambda location: {"locationId": location.id},
        owner="inventoryItemId",
        at="inventoryItem.id",
        variables=lambda location: {"input.name": of, "input.reason": "correction"},
        stored=_stored(of),
        begin=ACTIVATE,
        **how,
    )


SETTING: dict[str, Any] = {
    "send": SET_STOCK,
    "finish": _unless_changed,
    "instead": True,
    "into": "inventoryQuantities",
}
AVAILABLE: dict[str, Any] = {
    **SETTING,
    "begun": _begun("quantity", "available"),
    "creation": _first_stock("available"),
    "addition": _first_available,
    "most_added": MOST_PLACES,
}
ADJUSTING: dict[str, Any] = {
    "send": ADJUST_STOCK,
    "finish": _adjusted,
    "begun": _begun("delta", "available"),
    "instead": True,
}
OTHER = ("damaged", "safety_stock", "quality_control")
"""Quantities that are only adjusted."""
STOCK = (
    _stock("here", "available", fact=the_location, unless="available", **AVAILABLE),
    _stock("available", "available", **AVAILABLE),
    _stock(
        "on_hand",
        "on_hand",
        **SETTING,
        unless="available",
        begun=_begun("quantity", "onHand"),
        creation=_first_stock("on_hand"),
    ),
    *(
        _stock(name, name, send=ADJUST_STOCK, finish=_with_document(_difference), begun=_begun())
        for name in OTHER
    ),
    _stock("here_adjust", "available", fact=the_location, against="here", **ADJUSTING),
    _stock("available_adjust", "available", against="available", **ADJUSTING),
    _stock(
        "on_hand_adjust",
        "on_hand",
        send=SET_STOCK,
        finish=_on_hand_after,
        against="on_hand",
        begun=_begun("quantity", "onHand"),
        instead=True,
    ),
    *(
        _stock(
            f"{name}_adjust",
            name,
            send=ADJUST_STOCK,
            finish=_with_document(_adjusted),
            against=name,
            begun=_begun(),
        )
        for name in OTHER
    ),
)
