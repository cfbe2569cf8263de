"""Edits of orders: begun, changed as a calculated order, and committed as a whole.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderEditBegin
"""

from decimal import Decimal

from standin import customer_mail
from standin.context import Context, now
from standin.mutations import order_create, stock_of_orders
from standin.mutations.order_state import (
    amount,
    bag,
    order_of,
    records,
    with_fulfillments,
    with_payments,
)
from standin.mutations.user_errors import refused, user_error

NO_SESSION = "The calculated order does not exist, or was committed."
NAMES = ("calculatedOrder", "calculatedLineItem")


def begin(context: Context, args: dict) -> dict:
    order = order_of(context, args["id"])
    if not order:
        return refused([user_error(["id"], "Order does not exist")], "calculatedOrder")
    if order.get("cancelledAt") or order.get("closed"):
        text = "The order cannot be edited."
        return refused([user_error(["id"], text)], "calculatedOrder")
    record = {
        "__typename": "CalculatedOrder",
        "id": context.shop.new_id("CalculatedOrder"),
        "originalOrder": order["id"],
        "committed": False,
        "edits": [],
    }
    return {"calculatedOrder": context.shop.put(record), "userErrors": []}


def _session(context: Context, gid: str) -> dict | None:
    record = context.record(gid)
    is_open = record and record["__typename"] == "CalculatedOrder" and not record["committed"]
    return dict(record) if record and is_open else None


def _staged(context: Context, session: dict, edit: dict) -> dict:
    session["edits"] = [*session["edits"], edit]
    made = context.shop.put(session)
    return {"calculatedOrder": made, "calculatedLineItem": None, "userErrors": []}


def set_quantity(context: Context, args: dict) -> dict:
    session = _session(context, args["id"])
    if not session:
        return refused([user_error(["id"], NO_SESSION)], *NAMES)
    line = args["lineItemId"].replace("CalculatedLineItem", "LineItem")
    order = order_of(context, session["originalOrder"]) or {}
    if line not in order["lineItems"]:
        return refused([user_error(["lineItemId"], "Line item does not exist")], *NAMES)
    item = context.existing(line)
    sent = item["currentQuantity"] - item["unfulfilledQuantity"]
    if args["quantity"] < sent:
        text = "Items that were fulfilled cannot be removed"
        return refused([user_error(["quantity"], text)], *NAMES)
    edit = {"line": line, "quantity": args["quantity"], "restock": bool(args.get("restock"))}
    return _staged(context, session, edit)


def add_variant(context: Context, args: dict) -> dict:
    session = _session(context, args["id"])
    if not session:
        return refused([user_error(["id"], NO_SESSION)], *NAMES)
    variant = context.record(args["variantId"])
    if not variant or args["quantity"] < 1:
        return refused([user_error(["variantId"], "Variant can't be added")], *NAMES)
    if not args.get("allowDuplicates") and variant["id"] in _variants(context, session):
        text = "The variant is on the order already"
        return refused([user_error(["variantId"], text)], *NAMES)
    given = {"variantId": variant["id"], "quantity": args["quantity"]}
    return _staged(context, session, {"new": given})


def _variants(context: Context, session: dict) -> list:
    """The variants of the order as it is to be."""
    order = order_of(context, session["originalOrder"]) or {}
    lines = [one.get("variant") for one in records(context, order["lineItems"])]
    return [*lines, *(edit["new"].get("variantId") for edit in session["edits"] if "new" in edit)]


def add_custom_item(context: Context, args: dict) -> dict:
    session = _session(context, args["id"])
    if not session:
        return refused([user_error(["id"], NO_SESSION)], *NAMES)
    if not args["title"].strip() or args["quantity"] < 1:
        return refused([user_error(["title"], "Title can't be blank")], *NAMES)
    given = {name: args.get(name) for name in ("title", "quantity", "requiresShipping", "taxable")}
    given["priceSet"] = {"shopMoney": args["price"]}
    return _staged(context, session, {"new": given})


def commit(context: Context, args: dict) -> dict:
    session = _session(context, args["id"])
    if not session:
        return refused([user_error(["id"], NO_SESSION)], "order")
    order = order_of(context, session["originalOrder"]) or {}
    items = {one["id"]: dict(one) for one in records(context, order["lineItems"])}
    made: list[dict] = []
    for edit in session["edits"]:
        if "new" in edit:
            defaults = {"requiresShipping": True, "taxable": True, "giftCard": False}
            item = order_create.line(context, defaults | edit["new"], order["currencyCode"])
            items[item["id"]] = item
            made.append(item)
            continue
        item = items[edit["line"]]
        off = item["currentQuantity"] - edit["quantity"]
        item["currentQuantity"] = edit["quantity"]
        item["unfulfilledQuantity"] -= off
        if edit["restock"]:
            stock_of_orders.move(context, [item | {"quantity": off}], 1)
    worth = sum(
        (amount(one["originalUnitPriceSet"]) * one["currentQuantity"] for one in items.values()),
        Decimal(0),
    )
    before = amount(order["subtotalPriceSet"]) + amount(order.get("totalDiscountsSet"))
    change = worth - before
    order["lineItems"] = list(items)
    for name in ("subtotalPriceSet", "currentSubtotalPriceSet", "totalPriceSet"):
        order[name] = bag(amount(order[name]) + change, order["currencyCode"])
    committed = session | {"committed": True}
    context.shop.put_many([*items.values(), committed])
    context.forget()
    order = with_fulfillments(context, order, list(items.values()))
    order = with_payments(context, order, records(context, order["transactions"]))
    context.shop.put(order | {"updatedAt": now()})
    if args.get("notifyCustomer") is not False:
        customer_mail.record(context.shop, "order edited", order.get("email"))
    return {"order": order["id"], "successMessages": [], "userErrors": []}


MUTATIONS = {
    "orderEditBegin": begin,
    "orderEditSetQuantity": set_quantity,
    "orderEditAddVariant": add_variant,
    "orderEditAddCustomItem": add_custom_item,
    "orderEditCommit": commit,
}
