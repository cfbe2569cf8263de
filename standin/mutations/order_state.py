"""What an order comes to: its payments, and what of it is sent, follow from its parts."""

from decimal import ROUND_HALF_UP, Decimal

from standin.context import Context, now

FULFILLABLE = ("OPEN", "IN_PROGRESS")
PAID = ("SALE", "CAPTURE")
WHOLE = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"),
    *("XAF", "XOF", "XPF"),
)
"""Currencies without decimals."""


def order_of(context: Context, gid: str | None) -> dict | None:
    record = context.record(gid) if gid else None
    return dict(record) if record and record["__typename"] == "Order" else None


def rounded(value: Decimal, currency: str) -> Decimal:
    """The amount with the decimals of its currency."""
    return value.quantize(Decimal(1 if currency in WHOLE else "0.01"), ROUND_HALF_UP)


def bag(value: Decimal, currency: str = "USD") -> dict:
    """A MoneyBag of which both sides are the same."""
    money = {"amount": f"{rounded(value, currency):.2f}", "currencyCode": currency}
    return {"shopMoney": money, "presentmentMoney": money}


def rate(order: dict) -> Decimal:
    """How much of the currency that the customer paid in one unit of the shop's is."""
    total = order["totalPriceSet"]
    shop, paid = (Decimal(total[name]["amount"]) for name in ("shopMoney", "presentmentMoney"))
    return paid / shop if shop else Decimal(1)


def both(order: dict, value: Decimal) -> dict:
    """A MoneyBag of the shop's money, with what that is in the currency of the customer."""
    paid = f"{value * rate(order):.2f}"
    made = bag(value, order["currencyCode"])
    code = order["presentmentCurrencyCode"]
    return made | {"presentmentMoney": {"amount": paid, "currencyCode": code}}


def paid(order: dict, value: Decimal) -> Decimal:
    """The shop's money for an amount in the currency of the customer."""
    return (value / rate(order)).quantize(Decimal("0.01"))


def amount(found: dict | None) -> Decimal:
    """The shop's side of a MoneyBag, 0 for none."""
    return Decimal(found["shopMoney"]["amount"]) if found else Decimal(0)


def records(context: Context, references: list | None) -> list[dict]:
    context.fetch(references or ())
    return [context.existing(one) for one in references or ()]


def can_mark_as_paid(order: dict) -> bool:
    due = amount(order.get("totalOutstandingSet"))
    return due > 0 and not order.get("cancelledAt")


def with_payments(context: Context, order: dict, transactions: list[dict]) -> dict:
    """The order with what its transactions make of it. ``transactions`` are all that it has."""
    currency = order["currencyCode"]
    good = [one for one in transactions if one["status"] == "SUCCESS"]
    received = sum((amount(one["amountSet"]) for one in good if one["kind"] in PAID), Decimal(0))
    returned = sum(
        (amount(one["amountSet"]) for one in good if one["kind"] == "REFUND"), Decimal(0)
    )
    total = amount(order["totalPriceSet"])
    refunds = [amount(one["totalRefundedSet"]) for one in records(context, order["refunds"])]
    refunded = max(returned, sum(refunds, Decimal(0)))
    due = max(total - received, Decimal(0)) if not order.get("cancelledAt") else Decimal(0)
    return order | {
        "transactions": [one["id"] for one in transactions],
        "totalReceivedSet": bag(received, currency),
        "netPaymentSet": bag(received - refunded, currency),
        "totalRefundedSet": bag(refunded, currency),
        "totalOutstandingSet": bag(due, currency),
        "currentTotalPriceSet": bag(total - refunded, currency),
        "fullyPaid": due == 0 and received > 0,
        "unpaid": received == 0,
        "displayFinancialStatus": _financial(order, transactions, received, refunded, total),
        "updatedAt": now(),
    }


def _financial(
    order: dict, transactions: list[dict], received: Decimal, refunded: Decimal, total: Decimal
) -> str:
    if received and refunded >= received:
        return "REFUNDED"
    if refunded:
        return "PARTIALLY_REFUNDED"
    if received and received >= total:
        return "PAID"
    if received:
        return "PARTIALLY_PAID"
    if order.get("cancelledAt") or any(one["kind"] == "VOID" for one in transactions):
        return "VOIDED"
    held = [t for t in transactions if t["kind"] == "AUTHORIZATION" and t["status"] == "SUCCESS"]
    return "AUTHORIZED" if held else "PENDING" if total else "PAID"


def payment(context: Context, order: dict, kind: str, value: Decimal, **more) -> dict:
    """A transaction that succeeded."""
    return {
        "__typename": "OrderTransaction",
        "id": context.shop.new_id("OrderTransaction"),
        "order": order["id"],
        "kind": kind,
        "status": "SUCCESS",
        "gateway": "manual",
        "formattedGateway": "Manual",
        "amountSet": both(order, value),
        "test": False,
        "fees": [],
        "createdAt": now(),
        "processedAt": now(),
        **more,
    }


def with_fulfillments(context: Context, order: dict, items: list[dict]) -> dict:
    """The order with what is sent of its lines, as they are now."""
    left = sum(one["unfulfilledQuantity"] for one in items)
    all_of_them = sum(one["currentQuantity"] for one in items)
    status = "FULFILLED" if not left else "UNFULFILLED" if left == all_of_them else None
    return order | {
        "displayFulfillmentStatus": status or "PARTIALLY_FULFILLED",
        "updatedAt": now(),
    }


def to_be_sent(context: Context, order: dict, items: list[dict], location: str | None) -> dict:
    """The fulfillment order of all that is still to be sent of these lines, at a location."""
    place = context.record(location) if location else None
    return {
        "__typename": "FulfillmentOrder",
        "id": context.shop.new_id("FulfillmentOrder"),
        "order": order["id"],
        "orderId": order["id"],
        "orderName": order["name"],
        "status": "OPEN",
        "requestStatus": "UNSUBMITTED",
        "assignedLocation": {
            "__typename": "FulfillmentOrderAssignedLocation",
            "name": place["name"] if place else "",
            "location": location,
        },
        "lineItems": [
            {
                "__typename": "FulfillmentOrderLineItem",
                "id": context.shop.new_id("FulfillmentOrderLineItem"),
                "lineItem": one["id"],
                "totalQuantity": one["unfulfilledQuantity"],
                "remainingQuantity": one["unfulfilledQuantity"],
            }
            for one in items
            if one["unfulfilledQuantity"] and one["requiresShipping"] is not None
        ],
        "fulfillments": [],
        "createdAt": now(),
        "updatedAt": now(),
    }
