"""Refunds: what is given back of an order's lines, shipping and payments, and what goes back into
stock.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/refundCreate
"""

from decimal import Decimal

from standin.context import Context, now
from standin.mutations import stock_of_orders
from standin.mutations.order_state import (
    PAID,
    amount,
    bag,
    both,
    order_of,
    paid,
    payment,
    records,
    with_payments,
)
from standin.mutations.user_errors import refused, user_error

NO_PAYMENT = "Unable to find a transaction to refund."
TOO_MUCH = "Refund amount {:.2f} is more than the {:.2f} that is left of the payment."
NOWHERE = "Location can't be blank when items are restocked."


def create(context: Context, args: dict) -> dict:
    given = args["input"]
    order = order_of(context, given["orderId"])
    if not order:
        return refused([user_error(["orderId"], "Order does not exist")], "refund", "order")
    items = {one["id"]: one for one in records(context, order["lineItems"])}
    wanted = given.get("refundLineItems") or []
    errors = _line_errors(context, items, wanted, refunded_of(context, order))
    errors += _money_errors(context, order, given)
    if not (wanted or given.get("shipping") or given.get("transactions")):
        errors.append(user_error(["refundLineItems"], "There is nothing to refund."))
    if errors:
        return refused(errors, "refund", "order")
    transactions = [
        payment(
            context,
            order,
            "REFUND",
            paid(order, Decimal(one["amount"])),
            gateway=one["gateway"],
            parentTransaction=one["parentId"],
        )
        for one in given.get("transactions") or ()
    ]
    refund = _refund(context, order, items, given, transactions)
    changed = _given_back(context, items, wanted)
    context.shop.put_many([refund, *transactions, *changed])
    context.forget()
    there = records(context, order["transactions"])
    order["refunds"] = [*order["refunds"], refund["id"]]
    made = context.shop.put(with_payments(context, order, [*there, *transactions]))
    return {"refund": refund, "order": made, "userErrors": []}


def refunded_of(context: Context, order: dict) -> dict[str, int]:
    """How many of each line were refunded."""
    found: dict[str, int] = {}
    for refund in records(context, order["refunds"]):
        for part in refund["refundLineItems"]:
            found[part["lineItem"]] = found.get(part["lineItem"], 0) + part["quantity"]
    return found


def _line_errors(
    context: Context, items: dict[str, dict], wanted: list[dict], refunded: dict[str, int]
) -> list[dict]:
    errors = []
    left = {gid: one["quantity"] - refunded.get(gid, 0) for gid, one in items.items()}
    for index, one in enumerate(wanted):
        place = ["refundLineItems", str(index)]
        gid, quantity = one["lineItemId"], one["quantity"]
        if gid not in items:
            errors.append(user_error([*place, "lineItemId"], "Line item does not exist"))
            continue
        left[gid] -= quantity
        if quantity < 1 or left[gid] < 0:
            text = "Refund quantity cannot refund more items than were purchased"
            errors.append(user_error([*place, "quantity"], text))
        kind = one.get("restockType") or "NO_RESTOCK"
        if kind == "CANCEL" and quantity > items[gid]["unfulfilledQuantity"]:
            text = "Restock type cancel is for items that were not sent"
            errors.append(user_error([*place, "restockType"], text))
        if kind != "NO_RESTOCK" and not context.record(one.get("locationId") or ""):
            errors.append(user_error([*place, "locationId"], NOWHERE))
    return errors


def _money_errors(context: Context, order: dict, given: dict) -> list[dict]:
    errors = []
    there = {one["id"]: one for one in records(context, order["transactions"])}
    left = _left_of_payments(there)
    back = Decimal(0)
    if order["presentmentCurrencyCode"] != order["currencyCode"] and not given.get("currency"):
        errors.append(user_error(["currency"], "Currency can't be blank"))
    if given.get("currency") not in (None, order["presentmentCurrencyCode"]):
        errors.append(user_error(["currency"], "Currency must be that of the customer"))
    for index, one in enumerate(given.get("transactions") or ()):
        place = ["transactions", str(index)]
        parent = there.get(one.get("parentId") or "")
        if not parent or parent["kind"] not in PAID or parent["status"] != "SUCCESS":
            errors.append(user_error([*place, "parentId"], NO_PAYMENT))
        elif one["kind"] != "REFUND" or one["gateway"] != parent["gateway"]:
            errors.append(user_error([*place, "gateway"], "Gateway is not that of the payment"))
        elif Decimal(one["amount"]) <= 0:
            errors.append(user_error([*place, "amount"], "Amount must be greater than 0"))
        elif (wanted := paid(order, Decimal(one["amount"]))) > left[parent["id"]] and not given.get(
            "allowOverRefunding"
        ):
            text = TOO_MUCH.format(wanted, left[parent["id"]])
            errors.append(user_error([*place, "amount"], text))
        else:
            left[parent["id"]] -= wanted
        back += paid(order, Decimal(one["amount"]))
    most = amount(order.get("totalReceivedSet")) - amount(order.get("totalRefundedSet"))
    if back > most and not given.get("allowOverRefunding"):
        text = f"Refund amount {back:.2f} is more than the {most:.2f} that can be refunded."
        errors.append(user_error(["transactions"], text))
    shipping = paid(order, Decimal((given.get("shipping") or {}).get("amount") or 0))
    before = sum(
        (
            amount(line["subtotalAmountSet"])
            for refund in records(context, order["refunds"])
            for line in refund.get("refundShippingLines") or ()
        ),
        Decimal(0),
    )
    if shipping and before + shipping > amount(order.get("totalShippingPriceSet")):
        errors.append(user_error(["shipping", "amount"], "Shipping amount is more than is left"))
    return errors


def _left_of_payments(there: dict[str, dict]) -> dict[str, Decimal]:
    """What of each payment was not given back."""
    left = {gid: amount(one["amountSet"]) for gid, one in there.items()}
    for one in there.values():
        parent = one.get("parentTransaction")
        if one["kind"] == "REFUND" and one["status"] == "SUCCESS" and parent in left:
            left[parent] -= amount(one["amountSet"])
    return left


def _refund(
    context: Context, order: dict, items: dict[str, dict], given: dict, transactions: list[dict]
) -> dict:
    currency = order["currencyCode"]
    back = sum((amount(one["amountSet"]) for one in transactions), Decimal(0))
    lines = [_line(context, items[one["lineItemId"]], one, order) for one in _wanted(given)]
    shipping = paid(order, Decimal((given.get("shipping") or {}).get("amount") or 0))
    worth = sum(
        (amount(line["subtotalSet"]) + amount(line["totalTaxSet"]) for line in lines), shipping
    )
    return {
        "__typename": "Refund",
        "id": context.shop.new_id("Refund"),
        "order": order["id"],
        "note": given.get("note"),
        "totalRefundedSet": both(order, back),
        "refundLineItems": lines,
        "refundShippingLines": _shipping(context, order, shipping),
        "orderAdjustments": _adjustments(context, back - worth, currency) if back else [],
        "transactions": [one["id"] for one in transactions],
        "createdAt": given.get("processedAt") or now(),
        "processedAt": given.get("processedAt") or now(),
        "updatedAt": now(),
    }


def _wanted(given: dict) -> list[dict]:
    return given.get("refundLineItems") or []


def _line(context: Context, item: dict, given: dict, order: dict) -> dict:
    quantity, currency = given["quantity"], order["currencyCode"]
    share = Decimal(quantity) / item["quantity"]
    off = sum(
        (amount(one["allocatedAmountSet"]) for one in item["discountAllocations"]), Decimal(0)
    )
    off = max(off, amount(item.get("totalDiscountSet")))
    tax = sum((amount(one["priceSet"]) for one in item.get("taxLines") or ()), Decimal(0))
    kind = given.get("restockType") or "NO_RESTOCK"
    return {
        "__typename": "RefundLineItem",
        "id": context.shop.new_id("RefundLineItem"),
        "lineItem": item["id"],
        "quantity": quantity,
        "priceSet": item["originalUnitPriceSet"],
        "subtotalSet": bag((amount(item["originalTotalSet"]) - off) * share, currency),
        "totalTaxSet": bag(Decimal(0) if order["taxesIncluded"] else tax * share, currency),
        "restockType": kind,
        "restocked": kind != "NO_RESTOCK",
        "location": given.get("locationId") if kind != "NO_RESTOCK" else None,
    }


def _shipping(context: Context, order: dict, value: Decimal) -> list[dict]:
    lines = order.get("shippingLines") or ()
    if not value or not lines:
        return []
    return [
        {
            "__typename": "RefundShippingLine",
            "id": context.shop.new_id("RefundShippingLine"),
            "shippingLine": lines[0],
            "subtotalAmountSet": both(order, value),
            "taxAmountSet": bag(Decimal(0), order["currencyCode"]),
        }
    ]


def _adjustments(context: Context, value: Decimal, currency: str) -> list[dict]:
    """What was given back beyond lines and shipping, or less."""
    if not value:
        return []
    return [
        {
            "__typename": "OrderAdjustment",
            "id": context.shop.new_id("OrderAdjustment"),
            "amountSet": bag(-value, currency),
            "taxAmountSet": bag(Decimal(0), currency),
            "reason": "REFUND_DISCREPANCY",
        }
    ]


def _given_back(context: Context, items: dict[str, dict], wanted: list[dict]) -> list[dict]:
    """The lines as the refund leaves them; what goes back on the shelf is put there."""
    changed = dict(items)
    for one in wanted:
        item, quantity = changed[one["lineItemId"]], one["quantity"]
        kind = one.get("restockType") or "NO_RESTOCK"
        item = item | {
            "currentQuantity": item["currentQuantity"] - quantity,
            "refundableQuantity": item["refundableQuantity"] - quantity,
        }
        if kind == "CANCEL":
            item["unfulfilledQuantity"] -= quantity
        changed[item["id"]] = item
        if kind != "NO_RESTOCK":
            stock_of_orders.put_back(context, item, quantity, one["locationId"])
    return [changed[one["lineItemId"]] for one in wanted]


MUTATIONS = {"refundCreate": create}
