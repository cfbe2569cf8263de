"""How what is to be sent of an order becomes fulfillments, and how those are followed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from transfer.types.base import Item
from transfer.types.forms import BadCell
from transfer.types.writing import (
    Input,
    Json,
    Key,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Trace,
    of_object,
)

Made = Iterator[tuple[Mutation, Input]]
TYPE = "Line: Type"
SENDABLE = ("OPEN", "IN_PROGRESS", "SCHEDULED")


def _tracking(fulfillment: Item) -> tuple[str | None, list[str]]:
    """The company and the numbers of a fulfillment."""
    found = fulfillment.get("trackingInfo") or []
    company = next((one["company"] for one in found if one["company"]), None)
    return company, [one["number"] for one in found if one["number"]]


def _left_by(fulfillment: Item, variables: Input) -> bool:
    """Whether a fulfillment may be what a call with these variables has made."""
    given: Any = variables["fulfillment"]
    info = given.get("trackingInfo") or {}
    return _tracking(fulfillment) == (info.get("company"), info.get("numbers") or [])


def _is_tracked(item: Item, variables: Input) -> bool:
    wanted: Any = variables["trackingInfoInput"]
    return any(
        one["id"] == variables["fulfillmentId"]
        and _tracking(one) == (wanted.get("company"), wanted.get("numbers") or [])
        for one in item.get("fulfillments") or ()
    )


def _has_status(item: Item, variables: Input) -> bool:
    event: Any = variables["fulfillmentEvent"]
    return any(
        one["id"] == event["fulfillmentId"] and one["displayStatus"] == event["status"]
        for one in item.get("fulfillments") or ()
    )


def _is_called_off(item: Item, variables: Input) -> bool:
    return any(
        one["id"] == variables["id"] and one["status"] == "CANCELLED"
        for one in item.get("fulfillments") or ()
    )


FULFILL = Mutation(
    "fulfillmentCreate",
    ("fulfillment: FulfillmentInput!",),
    input="fulfillment",
    saved="fulfillment",
    notifies=("fulfillment.notifyCustomer",),
    done=Trace(of=lambda order: order.get("fulfillments") or [], same=_left_by),
)
TRACK = Mutation(
    "fulfillmentTrackingInfoUpdate",
    (
        "fulfillmentId: ID!",
        "trackingInfoInput: FulfillmentTrackingInput!",
        "notifyCustomer: Boolean",
    ),
    target="fulfillmentId",
    notifies=("notifyCustomer",),
    done=_is_tracked,
)
CALL_OFF = Mutation("fulfillmentCancel", ("id: ID!",), target="id", done=_is_called_off)
EVENT = Mutation(
    "fulfillmentEventCreate",
    ("fulfillmentEvent: FulfillmentEventInput!",),
    input="fulfillmentEvent",
    done=_has_status,
)
MOVE = Mutation(
    "fulfillmentOrderMove",
    ("id: ID!", "newLocationId: ID!"),
    target="id",
    errors="userErrors { field message code }",
)
BEGIN = Mutation("fulfillmentOrderOpen", ("id: ID!",), target="id")
EVENTS = {
    *("ATTEMPTED_DELIVERY", "CARRIER_PICKED_UP", "CONFIRMED", "DELAYED", "DELIVERED", "FAILURE"),
    *("IN_TRANSIT", "LABEL_PRINTED", "LABEL_PURCHASED", "OUT_FOR_DELIVERY", "READY_FOR_PICKUP"),
}
"""What Shopify takes for an event; other words of a shipment follow from what is done with it."""
TRACKING = ("company", "numbers", "urls")
OF_FULFILLMENTS: Mapping[str, str] = {
    "Fulfillment: ID": "fulfillment",
    "Fulfillment: Status": "status",
    "Fulfillment: Tracking Company": "company",
    "Fulfillment: Location": "location",
    "Fulfillment: Shipment Status": "event",
    "Fulfillment: Processed At": "happenedAt",
    "Fulfillment: Tracking Number": "numbers",
    "Fulfillment: Tracking URL": "urls",
    "Fulfillment: Send Receipt": "notify",
    "Line: ID": "line",
    "Line: SKU": "sku",
    "Line: Quantity": "quantity",
}
FULFILLMENTS = Members(
    of="rows",
    only=(TYPE, "Fulfillment Line"),
    kept=True,
    part="fulfillment",
    also=("Line Item",),
    keys=(
        Key(("Fulfillment: ID", "Line: ID")),
        Key(("Fulfillment: ID", "Line: SKU")),
        Key(("Fulfillment: ID",)),
        Key(("Fulfillment: Tracking Number", "Line: ID")),
        Key(("Fulfillment: Tracking Number", "Line: SKU")),
        Key(("Fulfillment: Tracking Number",), unless=("Line: ID", "Line: SKU")),
    ),
    paths=OF_FULFILLMENTS,
    only_new=("fulfillment", "location", "happenedAt", "line", "sku", "quantity"),
    options=("notify",),
    several=True,
    called_off={"Fulfillment: Status": "cancelled"},
)


def parcel_of(member: MemberValues) -> tuple[str, ...]:
    """What rows of one fulfillment have in common."""
    token = member.all.get("fulfillment")
    if token:
        return (str(token),)
    return tuple(str(member.all.get(name) or "") for name in (*TRACKING, "location"))


def _followed(gid: str, written: Mapping[str, Json], whole: Mapping[str, Json]) -> Made:
    """What changes of a fulfillment that is there."""
    if written.get("status") == "CANCELLED":
        yield CALL_OFF, CALL_OFF.variables(gid)
        return
    if not written.keys().isdisjoint(TRACKING):
        info = {name: whole.get(name) for name in TRACKING if whole.get(name)}
        notify = written.get("notify") is True
        given: Input = {"trackingInfoInput": info, "notifyCustomer": notify}
        yield TRACK, TRACK.variables(gid, given)
    if written.get("event") in EVENTS:
        event: Input = {"fulfillmentId": gid, "status": written["event"]}
        yield EVENT, EVENT.variables(None, event)


def _open_orders(item: Item) -> list[Item]:
    """The fulfillment orders of which something may be sent."""
    if item.get("cancelledAt"):
        raise BadCell("The order is cancelled, so nothing of it is sent.")
    if "fulfillmentOrders" not in item:
        raise BadCell(
            "Altera may not see what is to be sent of this order. Open the app in the Shopify "
            "admin and accept the permissions for fulfillment orders."
        )
    found = [one for one in item["fulfillmentOrders"] if one["status"] in SENDABLE]
    if _held(item) and not found:
        raise BadCell("The order is on hold. Release the hold in the Shopify admin first.")
    return [
        {**one, "lineItems": [dict(line) for line in one.get("lineItems") or ()]} for one in found
    ]


def _held(item: Item) -> dict[str, int]:
    """How many of each line are on hold."""
    return {
        line["lineItem"]["id"]: line["remainingQuantity"]
        for one in item["fulfillmentOrders"]
        for line in (one.get("lineItems") or () if one["status"] == "ON_HOLD" else ())
        if line["remainingQuantity"]
    }


def _sent(item: Item, rows: list[MemberValues], open_orders: list[Item], count: int) -> Made:
    """The calls that send what these rows of one fulfillment name, each for one location, counted
    off ``open_orders``. The order has ``count`` fulfillments before them."""
    wanted = _quantities(item, rows)
    if _held(item) and not wanted:
        raise BadCell(
            "A part of the order is on hold. Release the hold in the Shopify admin first, or name "
            "the lines that are sent."
        )
    place = next((row.all["location"] for row in rows if row.all.get("location")), None)
    info: Input = {name: value for name in TRACKING if (value := first_of(rows, name))}
    notify = any(row.all.get("notify") is True for row in rows)
    by_place: dict[Json, list[Json]] = {}
    left = dict(wanted) if wanted else None
    for one in open_orders:
        named = _named(one, left)
        if named is None:
            continue
        if one["status"] == "SCHEDULED":
            yield BEGIN, BEGIN.variables(one["id"])
        location = ((one.get("assignedLocation") or {}).get("location") or {}).get("id")
        if place and place != location:
            yield MOVE, MOVE.variables(one["id"], {"newLocationId": place})
            location = place
        by_place.setdefault(location, []).append(named)
    if left is None:
        open_orders.clear()
    short = {line: count for line, count in (left or {}).items() if count}
    if short.keys() & _held(item).keys():
        raise BadCell(
            f"{_titles(item, short)}: it is on hold. Release the hold in the Shopify admin first."
        )
    if short:
        raise BadCell(f"{_titles(item, short)}: more is to be sent than is left on the order.")
    if info and not by_place:
        raise BadCell(
            "Nothing is left to be sent. To change how a fulfillment is tracked, fill in its "
            "Fulfillment: ID."
        )
    for chosen in by_place.values():
        given: Input = {"lineItemsByFulfillmentOrder": chosen, "notifyCustomer": notify}
        if info:
            given["trackingInfo"] = info
        yield FULFILL, FULFILL.variables(None, given)
        yield from happened(rows, count)
        count += 1


def happened(rows: Iterable[MemberValues], place: int) -> Made:
    """What the rows say of the shipment of a new fulfillment, the order's one at this place."""
    event = first_of(rows, "event")
    if event in EVENTS:
        made: Input = {"fulfillmentId": of_object(f"fulfillments.{place}.id"), "status": event}
        if at := event in ("DELIVERED", "FAILURE") and first_of(rows, "happenedAt"):
            made["happenedAt"] = at
        yield EVENT, EVENT.variables(None, made)


def first_of(rows: Iterable[MemberValues], name: str) -> Json:
    return next((row.all[name] for row in rows if row.all.get(name)), None)


def _quantities(item: Item, rows: list[MemberValues]) -> dict[str, int]:
    """How many of each line are to be sent; empty where no row names a line, which means all."""
    lines = {line["id"]: line for line in item.get("lineItems") or ()}
    found: dict[str, int] = {}
    for row in rows:
        ref, sku = row.all.get("line"), row.all.get("sku")
        if not (ref or sku):
            continue
        gid = str(ref) if str(ref) in lines else _with_sku(lines, sku)
        if gid is None:
            raise BadCell(f"The order has no line “{sku or str(ref).rpartition('/')[2]}”.")
        quantity = row.all.get("quantity")
        whole = lines[gid].get("unfulfilledQuantity") or 0
        found[gid] = found.get(gid, 0) + (quantity if isinstance(quantity, int) else whole)
    if found and any(not (row.all.get("line") or row.all.get("sku")) for row in rows):
        return {}
    return found


def _with_sku(lines: Mapping[str, Item], sku: Json) -> str | None:
    found = [gid for gid, line in lines.items() if sku and line.get("sku") == sku]
    return found[0] if len(found) == 1 else None


def _named(one: Item, left: dict[str, int] | None) -> Json:
    """What a call takes of a fulfillment order: all that is left, or its part of what is wanted;
    None where there is none of it. What is taken is counted off."""
    if left is None:
        return {"fulfillmentOrderId": one["id"]}
    chosen: list[Json] = []
    for line in one.get("lineItems") or ():
        gid = line["lineItem"]["id"]
        count = min(left.get(gid, 0), line["remainingQuantity"])
        if count > 0:
            left[gid] -= count
            line["remainingQuantity"] -= count
            chosen.append({"id": line["id"], "quantity": count})
    if not chosen:
        return None
    return {"fulfillmentOrderId": one["id"], "fulfillmentOrderLineItems": chosen}


def _titles(item: Item, lines: Iterable[str]) -> str:
    named = {line["id"]: line for line in item.get("lineItems") or ()}
    return ", ".join(named[gid].get("sku") or named[gid]["title"] for gid in lines)


def sent(parts: Parts) -> Made:
    """Send what is still to be sent, and change how it is followed."""
    members = parts.members.get(FULFILLMENTS.name, ())
    changed: dict[Json, dict[str, Json]] = {}
    whole: dict[Json, dict[str, Json]] = {}
    new: dict[tuple[str, ...], list[MemberValues]] = {}
    for member in members:
        if member.action == "update":
            gid = member.all["fulfillment"]
            changed.setdefault(gid, {}).update(member.written)
            whole.setdefault(gid, {}).update(member.all)
        elif member.action == "create" and member.all.get("status") != "CANCELLED":
            new.setdefault(parcel_of(member), []).append(member)
    for gid, written in changed.items():
        yield from _followed(str(gid), written, whole[gid])
    open_orders = _open_orders(parts.item) if new else []
    count = len(parts.item.get("fulfillments") or ())
    for of_one in new.values():
        for mutation, variables in _sent(parts.item, of_one, open_orders, count):
            count += mutation is FULFILL
            yield mutation, variables
