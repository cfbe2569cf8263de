"""How orders are written: what Shopify changes of one that is there, and what it never does.

An order's rows are of many kinds. Those of what is sent become fulfillments of its fulfillment
orders; what is closed, cancelled or paid has mutations of its own.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from transfer.types import payment_terms
from transfer.types.base import Item
from transfer.types.forms import parse_moment
from transfer.types.metafields import WRITTEN_ALONG as METAFIELDS
from transfer.types.order_buyers import SET_CUSTOMER, references, sets_customer
from transfer.types.order_creation import (
    CREATE,
    DISCOUNTS,
    LINES,
    MADE_ONCE,
    SHIPPING_LINES,
    SHIPPING_PATHS,
    STAYS,
    beside,
    complete,
    means,
    sent_in_parts,
)
from transfer.types.order_creation import DELETE as DELETE_ORDER
from transfer.types.order_edits import ADD_CUSTOM_ITEM, ADD_VARIANT, COMMIT, SET_QUANTITY, edits
from transfer.types.order_edits import BEGIN as BEGIN_EDIT
from transfer.types.order_payments import (
    CAPTURE,
    MANUAL_PAYMENT,
    MARK_AS_PAID,
    TRANSACTIONS,
    VOID,
    pays,
)
from transfer.types.order_refunds import REFUND, refunds
from transfer.types.order_refunds import SETS as REFUND_SETS
from transfer.types.order_sending import (
    BEGIN,
    CALL_OFF,
    EVENT,
    FULFILL,
    FULFILLMENTS,
    MOVE,
    TRACK,
    Made,
    sent,
)
from transfer.types.sale_columns import BOTH, PAID
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import (
    Follow,
    Input,
    Instead,
    Json,
    Key,
    Mutation,
    Parts,
    Step,
    Writing,
)

UPDATE = Mutation(
    "orderUpdate", ("input: OrderInput!",), input="input", target="input.id", saved="order"
)


# ---------------------------------------------------------------------------- closing


CLOSE, OPEN = (
    Mutation(f"order{verb}", (f"input: Order{verb}Input!",), target="input.id")
    for verb in ("Close", "Open")
)


def closes(parts: Parts) -> Made:
    """Archive the order, or take it out of the archive. A date that is emptied opens nothing."""
    closed = bool(parts.values.get("close:=at") if parts.new else parts.item.get("closed"))
    archived, at = parts.values.get("close:=archived"), parts.values.get("close:=at")
    if not closed and (archived or at):
        yield CLOSE, CLOSE.variables(parts.target)
    if closed and archived is False:
        yield OPEN, OPEN.variables(parts.target)


# ---------------------------------------------------------------------------- cancelling


def _is_cancelled(item: Item, variables: Input) -> bool:
    return bool(item.get("cancelledAt"))


def _gives_money_back(variables: Input) -> bool:
    method: Any = variables.get("refundMethod") or {}
    return bool(method.get("originalPaymentMethodsRefund"))


def _why_not_cancelled(result: Mapping[str, Any]) -> str:
    """Why an order stays although Shopify had begun to cancel it."""
    if result.get("status") == "FAILED":
        words = "; ".join(error["message"] for error in result.get("errors") or ())
        return f"The order was not cancelled: {words or 'Shopify does not say why.'}"
    if not result.get("done", True):
        return "Shopify has not finished cancelling the order; look at it in the admin."
    return ""


CANCEL = Mutation(
    "orderCancel",
    (
        "orderId: ID!",
        "reason: OrderCancelReason!",
        "restock: Boolean!",
        "notifyCustomer: Boolean",
        "refundMethod: OrderCancelRefundMethodInput",
    ),
    target="orderId",
    returns="jobResult { id done }",
    errors="userErrors: orderCancelUserErrors { field message code }",
    notifies=("notifyCustomer",),
    pays_back=_gives_money_back,
    final="cancel",
    done=_is_cancelled,
    follow=Follow(
        "jobResult",
        "query ($id: ID!) { node(id: $id) { ... on OrderCancelJobResult "
        "{ id done status errors { message } } } }",
        _why_not_cancelled,
    ),
)


def cancels(parts: Parts) -> Made:
    """Cancel it, with the goods back on the shelf that it took from there. Money goes back only
    where a cell says so."""
    at, reason = parts.values.get("cancel:=at"), parts.values.get("cancel:=reason")
    if parts.item.get("cancelledAt") or not (at or reason):
        return
    refunds = parts.values.get("cancel:=refund") is True
    took = not parts.new or parts.values.get("=inventoryBehaviour", "BYPASS") != "BYPASS"
    given: Input = {
        "reason": reason or "OTHER",
        "restock": took,
        "notifyCustomer": parts.values.get("cancel:=notify") is True,
        "refundMethod": {"originalPaymentMethodsRefund": refunds},
    }
    yield CANCEL, CANCEL.variables(parts.target, given)


DELETE = replace(
    DELETE_ORDER,
    instead=Instead(
        ("INVALID",),
        CANCEL,
        given={
            "reason": "OTHER",
            "restock": False,
            "refundMethod": {"originalPaymentMethodsRefund": False},
        },
        told="Shopify does not delete it, so it was canceled.",
        advice="Cancel it instead: write a Cancel: Reason.",
    ),
)


# ---------------------------------------------------------------------------- fulfillments


def fulfills(parts: Parts) -> Made:
    """Send what is asked to be sent, of a new order or of one that is there."""
    yield from sent_in_parts(parts) if parts.new else sent(parts)


# ---------------------------------------------------------------------------- all of it


def refuses(order: Item, path: str, value: Json) -> str:
    """Why Shopify does not take a value for an order that is there."""
    if path == "pay:=status":
        return _no_payment(order, value)
    if path == "cancel:=reason" and order.get("cancelledAt"):
        return "Shopify does not change it once an order is cancelled."
    if path.startswith("=terms.") and value is not None:
        return payment_terms.why_none(order)
    return ""


def _no_payment(order: Item, value: Json) -> str:
    if value != "PAID":
        return "Shopify makes it of the payments; of an order that is there only paid can be said."
    if not order.get("canMarkAsPaid"):
        return "Nothing is due, or the order is cancelled, so Shopify does not mark it as paid."
    return ""


DEFAULT_ADDRESS = (
    "Shopify makes the shipping address of a new order (else its billing address) the default "
    "address of its customer, also of one who is there already."
)
TO_COME = "Processed At: a date to come becomes the moment at which Shopify makes the order."


def warnings_of_new(cells: Mapping[str, str]) -> tuple[str, ...]:
    """What Shopify does to a customer who is there when a new order comes, and to dates."""
    found = []
    if any(cells.get(f"{name}: Address 1") for name in ("Shipping", "Billing")):
        found.append(DEFAULT_ADDRESS)
    at = cells.get("Processed At", "")
    if at and datetime.fromisoformat(parse_moment(at, ShopFacts())) > datetime.now(UTC):
        found.append(TO_COME)
    return tuple(found)


WRITING = Writing(
    typename="Order",
    keys=(
        Key(("Name",), "name", searched=lambda name: (name, f"#{name}")),
        Key(("Source Identifier",), "source_identifier"),
        Key(("Number",), "name", searched=lambda number: (number, f"#{number}")),
    ),
    create=CREATE,
    update=UPDATE,
    delete=DELETE,
    members=(LINES, SHIPPING_LINES, DISCOUNTS, *REFUND_SETS, TRANSACTIONS, FULFILLMENTS),
    only_new=MADE_ONCE,
    together=(SHIPPING_PATHS,),
    facts=("locations",),
    complete=complete,
    beside=beside,
    means=means,
    refers=lambda cells: (*references(cells), *payment_terms.references(cells)),
    empties=payment_terms.TAKEN,
    a_minute=5,
    seen_with="read_all_orders",
    once=STAYS,
    fields=f"canMarkAsPaid presented: totalPriceSet {PAID} refunds {{ totalRefundedSet {BOTH} }}",
    refuses=refuses,
    names_repeat=True,
    warnings_of_new=warnings_of_new,
    defaults={"Processed At": lambda facts, cells: cells.get("Created At", "")},
    options=("cancel:=notify", "cancel:=refund"),
    after=(
        METAFIELDS,
        Step("customer", send=SET_CUSTOMER, makes=sets_customer),
        Step("pay", send=MARK_AS_PAID, makes=pays, others=(MANUAL_PAYMENT, CAPTURE, VOID)),
        Step(
            "fulfill",
            send=FULFILL,
            makes=fulfills,
            others=(TRACK, CALL_OFF, EVENT, MOVE, BEGIN),
        ),
        Step(
            "edit",
            send=COMMIT,
            makes=edits,
            others=(BEGIN_EDIT, SET_QUANTITY, ADD_VARIANT, ADD_CUSTOM_ITEM),
        ),
        Step("refund", send=REFUND, makes=refunds),
        Step(
            "terms",
            send=payment_terms.CREATE,
            makes=payment_terms.of_order,
            others=(payment_terms.UPDATE, payment_terms.DELETE),
        ),
        Step("cancel", send=CANCEL, makes=cancels),
        Step("close", send=CLOSE, makes=closes, others=(OPEN,)),
    ),
)
