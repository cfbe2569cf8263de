"""Fulfillments: what is sent of an order, by its fulfillment orders, and how it can be followed.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentCreate
"""

from standin.context import Context, now
from standin.mutations.order_state import (
    FULFILLABLE,
    order_of,
    records,
    to_be_sent,
    with_fulfillments,
)
from standin.mutations.user_errors import refused, user_error

MOST_LINES = 512
PLACE = ["fulfillment", "lineItemsByFulfillmentOrder"]


def create(context: Context, args: dict) -> dict:
    given = args["fulfillment"]
    wanted, errors = _wanted(context, given["lineItemsByFulfillmentOrder"])
    if errors:
        return refused(errors, "fulfillment")
    fulfillment_orders = [one for one, _ in wanted]
    [gid] = {one["order"] for one in fulfillment_orders}
    order = order_of(context, gid) or {}
    place = fulfillment_orders[0]["assignedLocation"]["location"]
    sent: dict[str, int] = {}
    for _, quantities in wanted:
        for line, quantity in quantities.items():
            sent[line] = sent.get(line, 0) + quantity
    record = fulfillment_of(context, order, sent, place, given.get("trackingInfo"))
    for one, quantities in wanted:
        lines = [
            line | {"remainingQuantity": line["remainingQuantity"] - quantities[line["lineItem"]]}
            if line["lineItem"] in quantities
            else line
            for line in one["lineItems"]
        ]
        left = any(line["remainingQuantity"] for line in lines)
        one |= {"lineItems": lines, "fulfillments": [*one["fulfillments"], record["id"]]}
        one |= {"status": "IN_PROGRESS" if left else "CLOSED", "updatedAt": now()}
    context.shop.put_many(fulfillment_orders)
    return {"fulfillment": attached(context, order, record, sent), "userErrors": []}


def _wanted(context: Context, given: list[dict]) -> tuple[list[tuple[dict, dict]], list[dict]]:
    """Each fulfillment order with the quantities that are to be sent of its lines; userErrors."""
    found: list[tuple[dict, dict]] = []
    for index, one in enumerate(given):
        place = [*PLACE, str(index)]
        record = context.record(one["fulfillmentOrderId"])
        if not record or record["__typename"] != "FulfillmentOrder":
            return [], [user_error(place, "Fulfillment order does not exist.")]
        if record["status"] not in FULFILLABLE:
            text = f"Fulfillment order {record['id']} has an unfulfillable status= "
            return [], [user_error(place, f"{text}{record['status'].lower()}.")]
        chosen = one.get("fulfillmentOrderLineItems")
        left = {line["id"]: line for line in record["lineItems"] if line["remainingQuantity"]}
        quantities = {line["lineItem"]: line["remainingQuantity"] for line in left.values()}
        if chosen:
            if len(chosen) > MOST_LINES:
                return [], [user_error(place, f"No more than {MOST_LINES} line items.")]
            wrong = [
                line
                for line in chosen
                if line["id"] not in left
                or not 0 < line["quantity"] <= left[line["id"]]["remainingQuantity"]
            ]
            if wrong:
                return [], [user_error(place, "Invalid fulfillment order line item quantity.")]
            quantities = {left[line["id"]]["lineItem"]: line["quantity"] for line in chosen}
        if not quantities:
            return [], [user_error(place, "There is nothing left to fulfill.")]
        found.append((dict(record), quantities))
    if len({one["order"] for one, _ in found}) != 1:
        return [], [user_error(PLACE, "All fulfillment orders must be of the same order.")]
    if len({one["assignedLocation"]["location"] for one, _ in found}) != 1:
        text = "All fulfillment orders must be assigned to the same location."
        return [], [user_error(PLACE, text)]
    return found, []


def fulfillment_of(
    context: Context, order: dict, sent: dict[str, int], place: str | None, tracking: dict | None
) -> dict:
    items = {one["id"]: one for one in records(context, list(sent))}
    return {
        "__typename": "Fulfillment",
        "id": context.shop.new_id("Fulfillment"),
        "order": order["id"],
        "name": f"{order['name']}.{len(order['fulfillments']) + 1}",
        "status": "SUCCESS",
        "displayStatus": "FULFILLED",
        "location": place,
        "trackingInfo": tracked(tracking or {}),
        "totalQuantity": sum(sent.values()),
        "requiresShipping": True,
        "fulfillmentLineItems": [
            {
                "__typename": "FulfillmentLineItem",
                "id": context.shop.new_id("FulfillmentLineItem"),
                "lineItem": line,
                "quantity": quantity,
                "originalTotalSet": items[line]["originalTotalSet"],
                "discountedTotalSet": items[line]["discountedTotalSet"],
            }
            for line, quantity in sent.items()
        ],
        "createdAt": now(),
        "updatedAt": now(),
    }


def attached(context: Context, order: dict, record: dict, sent: dict[str, int]) -> dict:
    """The fulfillment, stored, with what it leaves of the order's lines."""
    items = [
        one | {"unfulfilledQuantity": max(one["unfulfilledQuantity"] - sent.get(one["id"], 0), 0)}
        for one in records(context, order["lineItems"])
    ]
    order["fulfillments"] = [*order["fulfillments"], record["id"]]
    context.shop.put_many([record, *items, with_fulfillments(context, order, items)])
    return record


def tracked(given: dict) -> list[dict]:
    """The numbers of an input, each with its company and address."""
    numbers = given.get("numbers") or ([given["number"]] if given.get("number") else [])
    urls = given.get("urls") or ([given["url"]] if given.get("url") else [])
    company = given.get("company")
    if not numbers and not company and not urls:
        return []
    return [
        {"company": company, "number": number, "url": urls[n] if n < len(urls) else None}
        for n, number in enumerate(numbers or [None])
    ]


def update_tracking(context: Context, args: dict) -> dict:
    record = _fulfillment(context, args["fulfillmentId"])
    if not record:
        return refused(
            [user_error(["fulfillmentId"], "Fulfillment does not exist.")], "fulfillment"
        )
    if record["status"] == "CANCELLED":
        text = "The fulfillment is cancelled."
        return refused([user_error(["fulfillmentId"], text)], "fulfillment")
    record |= {"trackingInfo": tracked(args["trackingInfoInput"]), "updatedAt": now()}
    return {"fulfillment": context.shop.put(record), "userErrors": []}


def cancel(context: Context, args: dict) -> dict:
    """What it sent is to be sent again, by a new fulfillment order."""
    record = _fulfillment(context, args["id"])
    if not record or record["status"] == "CANCELLED":
        text = "The fulfillment does not exist, or is cancelled already."
        return refused([user_error(["id"], text)], "fulfillment")
    order = order_of(context, record["order"]) or {}
    back = {one["lineItem"]: one["quantity"] for one in record["fulfillmentLineItems"]}
    items = [
        one | {"unfulfilledQuantity": one["unfulfilledQuantity"] + back.get(one["id"], 0)}
        for one in records(context, order["lineItems"])
    ]
    again = [one | {"unfulfilledQuantity": back[one["id"]]} for one in items if one["id"] in back]
    made = to_be_sent(context, order, again, record.get("location"))
    order["fulfillmentOrders"] = [*order.get("fulfillmentOrders", ()), made["id"]]
    record |= {"status": "CANCELLED", "displayStatus": "CANCELED", "updatedAt": now()}
    context.shop.put_many([record, made, *items, with_fulfillments(context, order, items)])
    return {"fulfillment": record, "userErrors": []}


def create_event(context: Context, args: dict) -> dict:
    given = args["fulfillmentEvent"]
    record = _fulfillment(context, given["fulfillmentId"])
    if not record:
        text = "Fulfillment does not exist."
        return refused([user_error(["fulfillmentId"], text)], "fulfillmentEvent")
    context.shop.put(record | {"displayStatus": given["status"], "updatedAt": now()})
    event = {
        "__typename": "FulfillmentEvent",
        "id": context.shop.new_id("FulfillmentEvent"),
        "status": given["status"],
        "happenedAt": given.get("happenedAt") or now(),
        "createdAt": now(),
    }
    return {"fulfillmentEvent": context.shop.put(event), "userErrors": []}


def move(context: Context, args: dict) -> dict:
    """Have another location send what is left."""
    record, place = context.record(args["id"]), context.record(args["newLocationId"])
    names = ("movedFulfillmentOrder", "originalFulfillmentOrder", "remainingFulfillmentOrder")
    if not record or record["__typename"] != "FulfillmentOrder":
        text = "Fulfillment order does not exist."
        return refused([user_error(["id"], text, "FULFILLMENT_ORDER_NOT_FOUND")], *names)
    if not place or place["__typename"] != "Location" or record["status"] not in FULFILLABLE:
        text = "The fulfillment order cannot be moved there."
        return refused([user_error(["newLocationId"], text, "LOCATION_NOT_FOUND")], *names)
    assigned = {**record["assignedLocation"], "name": place["name"], "location": place["id"]}
    moved = context.shop.put({**record, "assignedLocation": assigned, "updatedAt": now()})
    return dict.fromkeys(names[1:]) | {names[0]: moved, "userErrors": []}


def hold(context: Context, args: dict) -> dict:
    """Keep a fulfillment order from being sent until the hold is released."""
    record = context.record(args["id"])
    names = ("fulfillmentOrder", "fulfillmentHold", "remainingFulfillmentOrder")
    if not record or record["__typename"] != "FulfillmentOrder":
        text = "Fulfillment order does not exist."
        return refused([user_error(["id"], text, "FULFILLMENT_ORDER_NOT_FOUND")], *names)
    if record["status"] not in (*FULFILLABLE, "SCHEDULED", "ON_HOLD"):
        text = "Fulfillment order is not in a holdable state."
        return refused([user_error(["id"], text, "FULFILLMENT_ORDER_NOT_HOLDABLE")], *names)
    held = {
        "__typename": "FulfillmentHold",
        "id": context.shop.new_id("FulfillmentHold"),
        "reason": args["fulfillmentHold"]["reason"],
        "reasonNotes": args["fulfillmentHold"].get("reasonNotes"),
        "before": record["status"],
    }
    holds = [*record.get("fulfillmentHolds", ()), held]
    changed = {"status": "ON_HOLD", "fulfillmentHolds": holds, "updatedAt": now()}
    order = context.shop.put({**record, **changed})
    return {names[0]: order, names[1]: held, names[2]: None, "userErrors": []}


def release_hold(context: Context, args: dict) -> dict:
    record = context.record(args["id"])
    if not record or record.get("status") != "ON_HOLD":
        text = "The fulfillment order is not on hold."
        error = user_error(["id"], text, "INVALID_ACCESS")
        return refused([error], "fulfillmentOrder")
    wanted = args.get("holdIds") or [one["id"] for one in record["fulfillmentHolds"]]
    left = [one for one in record["fulfillmentHolds"] if one["id"] not in wanted]
    status = "ON_HOLD" if left else record["fulfillmentHolds"][0]["before"]
    changed = {"status": status, "fulfillmentHolds": left, "updatedAt": now()}
    return {"fulfillmentOrder": context.shop.put({**record, **changed}), "userErrors": []}


def open_early(context: Context, args: dict) -> dict:
    record = context.record(args["id"])
    if not record or record.get("status") != "SCHEDULED":
        text = "The fulfillment order is not scheduled."
        return refused([user_error(["id"], text)], "fulfillmentOrder")
    opened = context.shop.put({**record, "status": "OPEN", "updatedAt": now()})
    return {"fulfillmentOrder": opened, "userErrors": []}


def _fulfillment(context: Context, gid: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == "Fulfillment" else None


MUTATIONS = {
    "fulfillmentCreate": create,
    "fulfillmentTrackingInfoUpdate": update_tracking,
    "fulfillmentCancel": cancel,
    "fulfillmentEventCreate": create_event,
    "fulfillmentOrderMove": move,
    "fulfillmentOrderHold": hold,
    "fulfillmentOrderOpen": open_early,
    "fulfillmentOrderReleaseHold": release_hold,
}
