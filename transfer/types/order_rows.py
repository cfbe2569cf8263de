"""The rows of an order, stacked below each other: lines, shipping, discounts, refunds, payments,
risks and fulfilments.

``Line: Type`` says what a row is. ``Line Item``, ``Shipping Line``, ``Discount``, ``Transaction``,
``Refund Line`` and ``Fulfillment Line`` are those of real files; ``Refund Shipping``,
``Refund Adjustment`` and ``Risk`` are named in the same style.
"""

from decimal import Decimal

from transfer.types.base import Item
from transfer.types.sale_columns import ZERO, amount, minus

PARTS = {"fulfillment": ("fulfillments",)}
"""Of what of an order the rows with this part are made. The others are beside payments and refunds,
which are made once: before these are written, orders are read whole."""


def rows(order: Item) -> list[Item]:
    """Each row as its ``type`` and the parts that it fills, with an ``id`` of its own where rows of
    its type can be changed. An order that is read in part has a part of its rows."""
    lines = {line["id"]: line for line in order.get("lineItems", ())}
    return [
        *({"type": "Line Item", "line": line, "id": line["id"]} for line in lines.values()),
        *({"type": "Shipping Line", "shipping": s} for s in order.get("shippingLines", ())),
        *(discount_row(d) for d in order.get("discountApplications", ())),
        *(row for refund in order.get("refunds", ()) for row in _refund(refund, lines)),
        *({"type": "Transaction", "transaction": t} for t in order.get("transactions", ())),
        *({"type": "Risk", "risk": risk} for risk in _risks(order.get("risk"))),
        *(row for f in order.get("fulfillments", ()) for row in _fulfillment(f, lines)),
    ]


def discount_row(application: Item) -> Item:
    """What was taken off the order: a code, an automatic discount or one given by hand."""
    value = application["value"]
    percentage = value.get("percentage")
    return {
        "type": "Discount",
        "discount": {
            "type": "percentage" if percentage is not None else "fixed_amount",
            "code": application.get("code") or application.get("title"),
            "value": value.get("amount"),
            "percentage": percentage,
        },
    }


def _refund(refund: Item, lines: Item) -> list[Item]:
    """A row for each line that was refunded, for shipping and for what else was paid back; one
    row when there is none of them."""
    found = []
    for part in refund.get("refundLineItems", ()):
        line = _part_of(lines.get(part["lineItem"]["id"], {}), -part["quantity"])
        line |= {"discountedTotalSet": _negative(part["subtotalSet"]), "pretax": None}
        line |= {"taxLines": [], "refundTax": minus(amount(part["totalTaxSet"]))}
        found.append({"type": "Refund Line", "line": line, "refund": refund | {"of": part}})
    for part in refund.get("refundShippingLines", ()):
        shipping = {
            "id": part["shippingLine"]["id"],
            "title": part["shippingLine"]["title"],
            "discountedPriceSet": _negative(part["subtotalAmountSet"]),
        }
        found.append({"type": "Refund Shipping", "shipping": shipping, "refund": refund})
    for part in refund.get("orderAdjustments", ()):
        found.append({"type": "Refund Adjustment", "refund": refund | {"adjustment": part}})
    return found or [{"type": "Refund Line", "refund": refund}]


def _fulfillment(fulfillment: Item, lines: Item) -> list[Item]:
    """A row for each line that was sent; one row when they may not be read."""
    found = {
        part["id"]: _part_of(lines.get(part["lineItem"]["id"], {}), part["quantity"])
        for part in fulfillment.get("fulfillmentLineItems", ())
    }
    row = {"type": "Fulfillment Line", "fulfillment": fulfillment, "id": fulfillment["id"]}
    return [
        row | {"line": line, "id": f"{fulfillment['id']}/{gid}"} for gid, line in found.items()
    ] or [row]


def _risks(summary: Item | None) -> list[Item]:
    if summary is None:
        return []
    return [assessment | {"order": summary} for assessment in summary["assessments"]]


PART_OF = ("id", "product", "title", "name", "variant", "variantTitle", "sku", "vendor")


def _part_of(line: Item, quantity: int) -> Item:
    """What names a line, with another quantity of it."""
    return {name: line[name] for name in PART_OF if name in line} | {"quantity": quantity}


def _negative(bag: Item) -> Item:
    value = amount(bag)
    return {"shopMoney": {"amount": f"{-value if value else ZERO:f}"}}


def total_of_lines(order: Item) -> Decimal:
    """What the lines cost before any discount."""
    return sum((amount(line["originalTotalSet"]) for line in order["lineItems"]), ZERO)
