"""Orders that are there: their details, closing, cancelling and payments.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderUpdate
"""

import re
from decimal import Decimal

from standin import misbehave
from standin.context import Context, now
from standin.errors import error
from standin.installation import shop_record
from standin.mutations import metafields, stock_of_orders, tags, work
from standin.mutations.mailing import record_of
from standin.mutations.order_state import (
    amount,
    bag,
    can_mark_as_paid,
    order_of,
    paid,
    payment,
    rate,
    records,
    with_payments,
)
from standin.mutations.user_errors import refused, user_error

PLAIN = ("email", "phone", "note", "poNumber", "customAttributes")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+?[\d\s().-]{5,20}")
MISSING = "Order does not exist"


def update(context: Context, args: dict) -> dict:
    given = args["input"]
    order = order_of(context, given["id"])
    if not order:
        return refused([user_error(["id"], MISSING)], "order")
    errors = contact_errors(given, [])
    order |= {name: given[name] or None for name in PLAIN if name in given}
    if "customAttributes" in given:
        order["customAttributes"] = given["customAttributes"] or []
    if "tags" in given:
        order["tags"] = tags.normal(given["tags"] or [])
    address = None
    if "shippingAddress" in given:
        address = record_of(context, given["shippingAddress"])
        order["shippingAddress"] = address["id"] if address else None
    errors += metafields.write_into(context, order, given.get("metafields") or [], [])
    if errors:
        return refused(errors, "order")
    order["updatedAt"] = now()
    context.shop.put_many([order, *([address] if address else [])])
    return {"order": order, "userErrors": []}


def contact_errors(given: dict, place: list[str]) -> list[dict]:
    """What Shopify says of an address or a number that can be none."""
    errors = []
    if given.get("email") and not EMAIL.fullmatch(given["email"]):
        errors.append(user_error([*place, "email"], "Email is invalid", "INVALID"))
    if given.get("phone") and not PHONE.fullmatch(given["phone"]):
        errors.append(user_error([*place, "phone"], "Phone is invalid", "INVALID"))
    return errors


def close(context: Context, args: dict) -> dict:
    return _closed(context, args["input"]["id"], now())


def reopen(context: Context, args: dict) -> dict:
    return _closed(context, args["input"]["id"], None)


def _closed(context: Context, gid: str, at: str | None) -> dict:
    order = order_of(context, gid)
    if not order:
        return refused([user_error(["id"], MISSING)], "order")
    order |= {"closed": at is not None, "closedAt": at, "updatedAt": now()}
    return {"order": context.shop.put(order), "userErrors": []}


def mark_as_paid(context: Context, args: dict) -> dict:
    order = order_of(context, args["input"]["id"])
    if not order:
        return refused([user_error(["id"], MISSING)], "order")
    if not can_mark_as_paid(order):
        return refused([user_error(["id"], "Order cannot be marked as paid.")], "order")
    sale = payment(context, order, "SALE", amount(order["totalOutstandingSet"]))
    return {"order": _with(context, order, sale), "userErrors": []}


def create_manual_payment(context: Context, args: dict) -> dict:
    order = order_of(context, args["id"])
    if not order:
        return refused([user_error(["id"], MISSING, "ORDER_NOT_FOUND")], "order")
    due = amount(order["totalOutstandingSet"])
    code = order["presentmentCurrencyCode"]
    given = args.get("amount") or {"amount": due * rate(order), "currencyCode": code}
    wanted = paid(order, Decimal(given["amount"]))
    if wanted <= 0 and due:
        text = "The amount must be more than 0."
        return refused([user_error(["amount"], text, "AMOUNT_NOT_POSITIVE")], "order")
    if not can_mark_as_paid(order) or wanted > due:
        text = "The amount is more than what is due."
        return refused([user_error(["amount"], text, "AMOUNT_EXCEEDS_BALANCE")], "order")
    if given["currencyCode"] != order["presentmentCurrencyCode"]:
        text = "The order is in another currency."
        return refused([user_error(["amount"], text, "CURRENCY_MISMATCH")], "order")
    if (args.get("processedAt") or "") > now():
        text = "The payment is in the future."
        return refused([user_error(["processedAt"], text, "PROCESSED_AT_INVALID")], "order")
    if args.get("amount") and not shop_record(context.shop)["plan"]["shopifyPlus"]:
        raise error("The amount can be given by stores on Shopify Plus.", "ACCESS_DENIED")
    name = args.get("paymentMethodName") or "manual"
    more = {"gateway": name, "processedAt": args.get("processedAt") or now()}
    sale = payment(context, order, "SALE", wanted, **more)
    return {"order": _with(context, order, sale), "userErrors": []}


def capture(context: Context, args: dict) -> dict:
    given = args["input"]
    order = order_of(context, given["id"])
    if not order:
        return refused([user_error(["id"], MISSING)], "transaction")
    there = records(context, order["transactions"])
    held = next((t for t in there if t["id"] == given["parentTransactionId"]), None)
    if not held or held["kind"] != "AUTHORIZATION" or held["status"] != "SUCCESS":
        text = "The transaction is no authorization that can be captured."
        return refused([user_error(["parentTransactionId"], text)], "transaction")
    taken = [t for t in there if t.get("parentTransaction") == held["id"]]
    left = amount(held["amountSet"]) - sum((amount(t["amountSet"]) for t in taken), Decimal(0))
    if order["presentmentCurrencyCode"] != order["currencyCode"] and not given.get("currency"):
        return refused([user_error(["currency"], "Currency can't be blank")], "transaction")
    wanted = paid(order, Decimal(given["amount"]))
    if wanted > left or wanted <= 0:
        return refused(
            [user_error(["amount"], "Amount exceeds what is authorized.")], "transaction"
        )
    more = {"gateway": held["gateway"], "parentTransaction": held["id"]}
    made = payment(context, order, "CAPTURE", wanted, **more)
    _with(context, order, made)
    return {"transaction": made, "userErrors": []}


def void(context: Context, args: dict) -> dict:
    held = context.record(args["parentTransactionId"])
    order = order_of(context, held["order"]) if held else None
    if not held or not order or held["kind"] != "AUTHORIZATION":
        text = "The transaction is no authorization that can be voided."
        code = "TRANSACTION_NOT_FOUND"
        return refused([user_error(["parentTransactionId"], text, code)], "transaction")
    there = records(context, order["transactions"])
    if any(one.get("parentTransaction") == held["id"] for one in there):
        text = "The authorization was captured or voided."
        return refused(
            [user_error(["parentTransactionId"], text, "AUTH_NOT_VOIDABLE")], "transaction"
        )
    more = {"gateway": held["gateway"], "parentTransaction": held["id"]}
    made = payment(context, order, "VOID", amount(held["amountSet"]), **more)
    _with(context, order, made)
    return {"transaction": made, "userErrors": []}


def _with(context: Context, order: dict, made: dict) -> dict:
    """The order, stored, with one more transaction."""
    there = records(context, order["transactions"])
    context.shop.put(made)
    return context.shop.put(with_payments(context, order, [*there, made]))


def set_customer(context: Context, args: dict) -> dict:
    order, customer = order_of(context, args["orderId"]), context.record(args["customerId"])
    if not order:
        return refused([user_error(["orderId"], MISSING, "NOT_FOUND")], "order")
    if not customer or customer["__typename"] != "Customer":
        text = "Customer does not exist"
        return refused([user_error(["customerId"], text, "NOT_FOUND")], "order")
    order |= {"customer": customer["id"], "updatedAt": now()}
    return {"order": context.shop.put(order), "userErrors": []}


def cancel(context: Context, args: dict) -> dict:
    """Cancel it in a job; whatever its payload says of errors stands under two names."""
    order = order_of(context, args["orderId"])
    if not order:
        return _not_cancelled("orderId", MISSING, "NOT_FOUND")
    if order.get("cancelledAt"):
        return _not_cancelled("orderId", "Order has already been cancelled", "INVALID")
    sent = records(context, order["fulfillments"])
    if any(one["status"] != "CANCELLED" for one in sent):
        return _not_cancelled("orderId", "Cannot cancel a fulfilled order", "INVALID")
    method = args.get("refundMethod") or {}
    refunds = bool(args.get("refund") or method.get("originalPaymentMethodsRefund"))

    def work_of(inside: Context) -> dict:
        if misbehave.take(inside.shop, "cancel_fails"):
            errors = [user_error(["orderId"], "A refund of the payment was declined.", "INVALID")]
            return {"status": "FAILED", "errors": errors, "order": args["orderId"]}
        _cancelled(inside, args["orderId"], args["reason"], refunds, args["restock"])
        return {"status": "SUCCEEDED", "order": args["orderId"]}

    result = work.begin(context, "OrderCancelJobResult", work_of)
    job = {"__typename": "Job", "id": result["id"].replace("OrderCancelJobResult", "Job")}
    job = context.shop.put(job | {"done": result["done"]})
    return {"job": job, "jobResult": result, "orderCancelUserErrors": [], "userErrors": []}


def _not_cancelled(field: str, message: str, code: str) -> dict:
    errors = [user_error([field], message, code)]
    none = {"job": None, "jobResult": None}
    return none | {"orderCancelUserErrors": errors, "userErrors": errors}


def _cancelled(context: Context, gid: str, reason: str, refunds: bool, restock: bool) -> None:
    order = order_of(context, gid) or {}
    items = records(context, order["lineItems"])
    transactions = records(context, order["transactions"])
    received = amount(order.get("totalReceivedSet")) - amount(order.get("totalRefundedSet"))
    order |= {"cancelledAt": now(), "cancelReason": reason, "updatedAt": now()}
    kind = "CANCEL" if restock else "NO_RESTOCK"
    made: list[dict] = []
    if items:
        refund = refund_of(context, order, items, kind, received if refunds else Decimal(0))
        order["refunds"] = [*order["refunds"], refund["id"]]
        made.append(refund)
    if refunds and received:
        back = payment(context, order, "REFUND", received)
        transactions.append(back)
        made.append(back)
    if restock:
        stock_of_orders.move(context, items, 1)
    for one in records(context, order.get("fulfillmentOrders")):
        made.append(one | {"status": "CLOSED"})
    context.shop.put_many([*made, *(item | {"unfulfilledQuantity": 0} for item in items)])
    context.forget()
    order["displayFulfillmentStatus"] = "UNFULFILLED"
    context.shop.put(with_payments(context, order, transactions))


def refund_of(
    context: Context, order: dict, items: list[dict], restock: str, money: Decimal
) -> dict:
    """A refund of all that is left of these lines."""
    return {
        "__typename": "Refund",
        "id": context.shop.new_id("Refund"),
        "order": order["id"],
        "note": None,
        "totalRefundedSet": bag(money, order["currencyCode"]),
        "refundLineItems": [
            {
                "__typename": "RefundLineItem",
                "id": context.shop.new_id("RefundLineItem"),
                "lineItem": one["id"],
                "quantity": one["quantity"],
                "priceSet": one["originalUnitPriceSet"],
                "subtotalSet": one["discountedTotalSet"],
                "totalTaxSet": bag(Decimal(0), order["currencyCode"]),
                "restockType": restock,
                "restocked": restock != "NO_RESTOCK",
            }
            for one in items
        ],
        "transactions": [],
        "createdAt": now(),
        "processedAt": now(),
        "updatedAt": now(),
    }


def delete(context: Context, args: dict) -> dict:
    order = order_of(context, args["orderId"])
    if not order:
        return refused([user_error(["orderId"], MISSING, "NOT_FOUND")], "deletedId")
    gateways = {one["gateway"] for one in records(context, order["transactions"])}
    if gateways & {"shopify_payments"}:
        text = "Orders that were paid through Shopify cannot be deleted."
        return refused([user_error(["orderId"], text, "INVALID")], "deletedId")
    for gid in (*order["lineItems"], *order["transactions"], *order["fulfillments"]):
        context.shop.delete(gid)
    for gid in (*order.get("fulfillmentOrders", ()), *order["refunds"]):
        context.shop.delete(gid)
    context.shop.delete(order["id"])
    return {"deletedId": order["id"], "userErrors": []}


MUTATIONS = {
    "orderUpdate": update,
    "orderClose": close,
    "orderOpen": reopen,
    "orderMarkAsPaid": mark_as_paid,
    "orderCreateManualPayment": create_manual_payment,
    "orderCapture": capture,
    "transactionVoid": void,
    "orderCustomerSet": set_customer,
    "orderCancel": cancel,
    "orderDelete": delete,
}
