"""How rows of transactions become payments of an order that is there."""

from decimal import Decimal
from typing import Any

from transfer.types.base import Item
from transfer.types.codes import rounded
from transfer.types.forms import BadCell
from transfer.types.order_sending import TYPE, Made
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Json,
    Key,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Trace,
)

PAID = ("SALE", "CAPTURE")
"""Kinds of transactions that bring money."""
AMOUNT = "amountSet.presentmentMoney.amount"
SHOP_AMOUNT = "amountSet.shopMoney.amount"
TRANSACTION_PATHS = {
    "Transaction: Kind": "kind",
    "Transaction: Processed At": "processedAt",
    "Transaction: Amount": AMOUNT,
    "Transaction: Currency": "amountSet.presentmentMoney.currencyCode",
    "Transaction: Shop Currency Amount": SHOP_AMOUNT,
    "Transaction: Shop Currency": "amountSet.shopMoney.currencyCode",
    "Transaction: Status": "status",
    "Transaction: Gateway": "gateway",
    "Transaction: Force Gateway": "=force",
    "Transaction: Test": "test",
    "Transaction: Authorization": "authorizationCode",
    "Transaction: Parent ID": "=parent",
    "Refund: ID": "=refund",
}
TRANSACTIONS = Members(
    of="rows",
    only=(TYPE, "Transaction"),
    part="transaction",
    also=("Line Item",),
    into="transactions",
    keys=(
        Key(("Transaction: ID",)),
        Key(("Transaction: Kind", "Transaction: Amount", "Transaction: Processed At")),
        Key(("Transaction: Kind", "Transaction: Amount"), unless=("Transaction: Processed At",)),
    ),
    paths=TRANSACTION_PATHS,
    only_new=tuple(TRANSACTION_PATHS.values()),
    past="Transaction: ID",
    repeats=True,
    lasting=True,
)


def currency_of(parts: Parts) -> str:
    """The currency that the order is in: that of its new cells, else of the store."""
    known = parts.item.get("currencyCode") or parts.values.get("currency")
    return str(known or parts.facts.currency)


def rate(parts: Parts) -> Decimal:
    """How much of the currency that the customer pays in one unit of the shop's is. New orders are
    made in the shop's."""
    shop = _amount_on(parts.item.get("totalPriceSet"), "shopMoney")
    paid = _amount_on(parts.item.get("presented"), "presentmentMoney")
    return paid / shop if shop and paid else Decimal(1)


def foreign_currency(parts: Parts) -> str:
    """The currency that the customer pays in, empty where it is the shop's."""
    money = (parts.item.get("presented") or {}).get("presentmentMoney") or {}
    code = str(money.get("currencyCode") or "")
    return "" if code == parts.item.get("currencyCode") else code


def in_paid(parts: Parts, amount: Decimal) -> Decimal:
    """The shop's money in the currency that the customer pays in."""
    foreign = foreign_currency(parts)
    return rounded(amount * rate(parts), foreign) if foreign else amount


def amount_of(parts: Parts, row: MemberValues) -> Decimal:
    """What a row of a transaction comes to, in the currency that the customer pays in."""
    paid, shop = (abs(Decimal(str(row.all.get(name) or 0))) for name in (AMOUNT, SHOP_AMOUNT))
    if foreign := foreign_currency(parts):
        same = row.all.get("amountSet.presentmentMoney.currencyCode") in (None, "", foreign)
        return paid if paid and same else in_paid(parts, shop or paid)
    return shop or paid


def _amount_on(found: Item | None, side: str) -> Decimal:
    return Decimal(((found or {}).get(side) or {}).get("amount") or 0)


def with_success(member: MemberValues) -> bool:
    """Whether a row is of a transaction that went well, as one without a status is."""
    return member.all.get("status") in (None, "SUCCESS")


def _is_paid(item: Item, variables: Input) -> bool:
    return not item.get("canMarkAsPaid")


def _transactions(order: Item) -> list[Item]:
    return list(order.get("transactions") or ())


def _is(transaction: Item, kind: str, amount: Json) -> bool:
    there = _amount_on(transaction["amountSet"], "presentmentMoney")
    return transaction["kind"] == kind and there == Decimal(str(amount))


def _is_manual(transaction: Item, variables: Input) -> bool:
    amount: Any = variables["amount"]
    return _is(transaction, "SALE", amount["amount"])


def _is_captured(transaction: Item, variables: Input) -> bool:
    given: Any = variables["input"]
    parent = (transaction.get("parentTransaction") or {}).get("id")
    return parent == given["parentTransactionId"] and _is(transaction, "CAPTURE", given["amount"])


def _is_voided(item: Item, variables: Input) -> bool:
    wanted = variables["parentTransactionId"]
    return any(
        one["kind"] == "VOID" and (one.get("parentTransaction") or {}).get("id") == wanted
        for one in _transactions(item)
    )


MARK_AS_PAID = Mutation(
    "orderMarkAsPaid",
    ("input: OrderMarkAsPaidInput!",),
    target="input.id",
    final="pay",
    done=_is_paid,
)
MANUAL_PAYMENT = Mutation(
    "orderCreateManualPayment",
    ("id: ID!", "amount: MoneyInput", "paymentMethodName: String", "processedAt: DateTime"),
    target="id",
    errors=WITH_CODE,
    final="pay",
    done=Trace(of=_transactions, same=_is_manual),
)
CAPTURE = Mutation(
    "orderCapture",
    ("input: OrderCaptureInput!",),
    input="input",
    target="input.id",
    final="pay",
    done=Trace(of=_transactions, same=_is_captured),
)
VOID = Mutation(
    "transactionVoid",
    ("parentTransactionId: ID!",),
    target="parentTransactionId",
    errors=WITH_CODE,
    final="pay",
    done=_is_voided,
)


def pays(parts: Parts) -> Made:
    """What rows of transactions ask for of an order that is there, and the rest of what is due
    where it is to be paid."""
    if parts.new:
        return
    due = in_paid(parts, _amount_on(parts.item.get("totalOutstandingSet"), "shopMoney"))
    for member in parts.members.get(TRANSACTIONS.name, ()):
        kind, amount = member.all.get("kind"), amount_of(parts, member)
        if member.action != "create" or not with_success(member):
            continue
        match kind:
            case "SALE":
                yield from _sale(parts, member, amount, due)
                due -= amount
            case "CAPTURE":
                given: Input = {"amount": f"{amount:f}"}
                given["parentTransactionId"] = _authorization(parts, member)
                if foreign := foreign_currency(parts):
                    given["currency"] = foreign
                yield CAPTURE, CAPTURE.variables(parts.target, given)
                due -= amount
            case "VOID":
                yield VOID, VOID.variables(_authorization(parts, member))
            case "REFUND" | "SUGGESTED_REFUND":
                continue  # it belongs to a refund
            case _:
                raise BadCell(
                    "Transaction: Kind: an order that is there takes sale, capture, void and "
                    "refund."
                )
    pays_all = parts.values.get("pay:=status") == "PAID" and parts.item.get("canMarkAsPaid")
    if pays_all and due > 0:
        yield MARK_AS_PAID, MARK_AS_PAID.variables(parts.target)


def _sale(parts: Parts, member: MemberValues, amount: Decimal, due: Decimal) -> Made:
    """A payment that somebody made elsewhere: of all that is due, or of a part."""
    if not amount:
        raise BadCell("Transaction: Amount: it is empty.")
    if due <= 0:
        raise BadCell("Nothing is left to pay on the order, so no payment can be added.")
    if amount >= due:
        yield MARK_AS_PAID, MARK_AS_PAID.variables(parts.target)
        return
    currency = foreign_currency(parts) or currency_of(parts)
    given: Input = {"amount": {"amount": f"{amount:f}", "currencyCode": currency}}
    if gateway := member.all.get("gateway"):
        given["paymentMethodName"] = gateway
    if at := member.all.get("processedAt"):
        given["processedAt"] = at
    yield MANUAL_PAYMENT, MANUAL_PAYMENT.variables(parts.target, given)


def _authorization(parts: Parts, member: MemberValues) -> str:
    """The authorization that a row names, else the only one."""
    held = [
        one
        for one in _transactions(parts.item)
        if one["kind"] == "AUTHORIZATION" and one["status"] == "SUCCESS"
    ]
    if wanted := member.all.get("=parent"):
        held = [one for one in held if one["id"] == wanted]
    if len(held) != 1:
        raise BadCell(
            "Transaction: Parent ID: write the ID of the authorization that is meant."
            if held
            else "The order has no authorization that can be captured or voided."
        )
    return str(held[0]["id"])
