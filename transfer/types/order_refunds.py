"""How rows of refunds become refunds of an order, each of which is made once.

What is given back is what the rows say: of lines, of shipping, as an adjustment. Money moves only
where a row of a transaction, or ``Refund: Generate Transaction``, asks for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from transfer.types.base import Item
from transfer.types.codes import rounded
from transfer.types.forms import BadCell
from transfer.types.order_creation import LINES, OF_REFUNDS, discount_share, payments_of
from transfer.types.order_payments import (
    PAID,
    TRANSACTIONS,
    amount_of,
    currency_of,
    foreign_currency,
    in_paid,
    with_success,
)
from transfer.types.order_sending import TYPE, Made, first_of
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

ZERO = Decimal(0)
OF_REFUND: Mapping[str, str] = {
    "Refund: ID": "refund",
    "Refund: Created At": "processedAt",
    "Refund: Note": "note",
    "Refund: Restock": "restock",
    "Refund: Restock Type": "restockType",
    "Refund: Restock Location": "location",
    "Refund: Send Receipt": "notify",
    "Refund: Generate Transaction": "generate",
}


def _rows(kind: str, paths: Mapping[str, str], *more: Key) -> Members:
    """The rows of a kind that are of refunds. Those of a refund that is there stay as they are."""
    every = {**OF_REFUND, **paths}
    return Members(
        of="rows",
        only=(TYPE, kind),
        part="refund",
        keys=(*more, Key(("Refund: ID",))),
        paths=every,
        only_new=tuple(every.values()),
        several=True,
        lasting=True,
        guarded=True,
    )


REFUND_LINES = _rows(
    "Refund Line",
    {"Line: ID": "line", "Line: SKU": "sku", "Line: Quantity": "quantity"},
    Key(("Refund: ID", "Line: ID")),
    Key(("Refund: ID", "Line: SKU")),
)
REFUND_SHIPPING = _rows("Refund Shipping", {"Shipping: Price": "amount"})
REFUND_ADJUSTMENTS = _rows("Refund Adjustment", {"Refund Adjustment: Amount": "amount"})
SETS = (REFUND_LINES, REFUND_SHIPPING, REFUND_ADJUSTMENTS)


# ---------------------------------------------------------------------------- what is there


def _money(bag: Item | None) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"]) if bag else ZERO


def _given_to_customer(bag: Item | None) -> Decimal:
    """The same in the currency that the customer paid in, in which a refund is."""
    return Decimal(bag["presentmentMoney"]["amount"]) if bag else ZERO


def _lines_of(refund: Item) -> list[tuple[str, int]]:
    """The lines of a refund of the store with their quantities."""
    parts = refund.get("refundLineItems") or ()
    return sorted((part["lineItem"]["id"], part["quantity"]) for part in parts)


def _lines_in(given: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The same of an input."""
    parts = given.get("refundLineItems") or ()
    return sorted((part["lineItemId"], part["quantity"]) for part in parts)


def _is_of_same(refund: Item, given: Mapping[str, Any]) -> bool:
    """Whether a refund of the store is of the same lines and shipping as an input."""
    shipping = sum(
        (
            _given_to_customer(one["subtotalAmountSet"])
            for one in refund.get("refundShippingLines") or ()
        ),
        ZERO,
    )
    wanted = given.get("shipping") or {}
    return _lines_of(refund) == _lines_in(given) and shipping == _amount(wanted.get("amount"))


def _left_by(refund: Item, variables: Input) -> bool:
    given = _input(variables)
    back = sum((_amount(one["amount"]) for one in given.get("transactions") or ()), ZERO)
    return _is_of_same(refund, given) and _given_to_customer(refund.get("totalRefundedSet")) == back


REFUND = Mutation(
    "refundCreate",
    ("input: RefundInput!",),
    input="input",
    target="input.orderId",
    idempotent=True,
    notifies=("input.notify",),
    final="refund",
    pays_back=lambda variables: bool(_input(variables).get("transactions")),
    done=Trace(of=lambda order: order.get("refunds") or [], same=_left_by),
)


def _input(variables: Input) -> dict[str, Any]:
    given: Any = variables["input"]
    return dict(given)


# ---------------------------------------------------------------------------- what is asked for


@dataclass
class _Refund:
    """The rows of one refund, by the word that they share in ``Refund: ID``."""

    token: str
    lines: list[MemberValues]
    shipping: list[MemberValues]
    adjustments: list[MemberValues]
    payments: list[MemberValues]

    @property
    def rows(self) -> list[MemberValues]:
        return [*self.lines, *self.shipping, *self.adjustments]

    @property
    def of_lines(self) -> list[MemberValues]:
        """Those of its rows that name a line."""
        return [row for row in self.lines if row.all.get("line") or row.all.get("sku")]

    @property
    def is_generated(self) -> bool:
        """Whether its amount is to be found here."""
        return first_of(self.rows, "generate") is True

    @property
    def at(self) -> str:
        return str(first_of(self.rows, "processedAt") or "")


def _asked_for(parts: Parts) -> list[_Refund]:
    """The refunds that the rows ask for, in their time's order."""
    found: dict[str, _Refund] = {}
    for members, into in zip(SETS, ("lines", "shipping", "adjustments"), strict=True):
        for one in parts.created(members.name):
            token = str(one.all.get("refund") or "")
            refund = found.setdefault(token, _Refund(token, [], [], [], []))
            getattr(refund, into).append(one)
    for one in parts.created(TRANSACTIONS.name):
        if one.all.get("kind") in OF_REFUNDS and with_success(one):
            token = str(one.all.get("=refund") or "")
            if token not in found and not token and found:
                token = _without_money(found.values()).token
            refund = found.setdefault(token, _Refund(token, [], [], [], []))
            refund.payments.append(one)
    return sorted(found.values(), key=lambda refund: refund.at)


def _without_money(refunds: Iterable[_Refund]) -> _Refund:
    """The first that no transaction belongs to yet, else the first."""
    listed = list(refunds)
    return next((one for one in listed if not one.payments), listed[0])


def refunds(parts: Parts) -> Made:
    """Refund what is to be given back, but for what the order has such a refund of."""
    there = [] if parts.new else list(parts.item.get("refunds") or ())
    left = _left(parts)
    for refund in _asked_for(parts):
        given = _given(parts, refund)
        same = next((one for one in there if _is_done_by(parts, one, refund, given)), None)
        if same is not None:
            there.remove(same)
            continue
        for gid, quantity in _lines_in(given):
            left[gid] -= quantity
            if left[gid] < 0:
                raise BadCell("The refund is for more than is left on the order.")
        given |= _money_back(parts, refund)
        for row, line in zip(refund.of_lines, _refunded_lines(given), strict=True):
            line |= _restock(parts, row, str(line["lineItemId"]))
        yield REFUND, REFUND.variables(parts.target, given)


def _refunded_lines(given: Input) -> list[dict[str, Json]]:
    lines: Any = given.get("refundLineItems") or []
    return list(lines)


def _is_done_by(parts: Parts, there: Item, refund: _Refund, given: Input) -> bool:
    """Whether the store has this refund: of the same lines, shipping and, as far as the rows say
    it, amount."""
    back = _given_to_customer(there.get("totalRefundedSet"))
    if refund.payments:
        amount_is_same = back == sum((amount_of(parts, one) for one in refund.payments), ZERO)
    else:
        amount_is_same = bool(back) or not refund.is_generated
    return _is_of_same(there, given) and amount_is_same


def _left(parts: Parts) -> dict[str, int]:
    """How many of each line were not refunded yet."""
    if parts.new:
        new = enumerate(parts.created(LINES.name))
        return {_at(place): int(str(one.all.get("quantity") or 0)) for place, one in new}
    found = {line["id"]: line["quantity"] for line in parts.item.get("lineItems") or ()}
    for refund in parts.item.get("refunds") or ():
        for gid, quantity in _lines_of(refund):
            found[gid] = found.get(gid, 0) - quantity
    return found


def _given(parts: Parts, refund: _Refund) -> Input:
    """The input of a refund, but for the money and for what goes back on the shelf."""
    made: Input = {"notify": first_of(refund.rows, "notify") is True}
    for name in ("note", "processedAt"):
        if value := first_of(refund.rows, name):
            made[name] = value
    if lines := [_line(parts, row) for row in refund.of_lines]:
        made["refundLineItems"] = [*lines]
    if shipping := sum((_amount(row.all.get("amount")) for row in refund.shipping), ZERO):
        made["shipping"] = {"amount": f"{in_paid(parts, shipping):f}"}
    if foreign := foreign_currency(parts):
        made["currency"] = foreign
    return made


def _money_back(parts: Parts, refund: _Refund) -> Input:
    """The transactions of a refund: as its rows have them, else, where these are to be generated,
    what it is worth."""
    worth = sum((_worth(parts, row) for row in refund.of_lines), ZERO)
    worth += sum((_amount(row.all.get("amount")) for row in refund.shipping), ZERO)
    worth = in_paid(parts, worth)
    extra = sum((_amount(row.all.get("amount")) for row in refund.adjustments), ZERO)
    extra = in_paid(parts, extra)
    paid = [amount for one in refund.payments if (amount := amount_of(parts, one))]
    if not paid and refund.is_generated and worth + extra:
        paid = [_within(worth + extra, parts)]
    if not paid:
        return {}
    made: Input = {"transactions": [_back(parts, amount, refund) for amount in paid]}
    if sum(paid, ZERO) != worth:
        made["discrepancyReason"] = "OTHER"
    return made


def _amount(value: Json) -> Decimal:
    return abs(Decimal(str(value or 0)))


def _line(parts: Parts, row: MemberValues) -> dict[str, Json]:
    gid, _ = _place_and_price(parts, row)
    return {"lineItemId": gid, "quantity": _count(row)}


def _worth(parts: Parts, row: MemberValues) -> Decimal:
    """What the refunded part of a line was paid: after discounts, with taxes."""
    _, price = _place_and_price(parts, row)
    return rounded(price * _count(row), currency_of(parts))


def _count(row: MemberValues) -> int:
    quantity = row.all.get("quantity")
    if not isinstance(quantity, int) or not quantity:
        raise BadCell("Line: Quantity: it is empty, so it is not known how many are refunded.")
    return abs(quantity)


def _place_and_price(parts: Parts, row: MemberValues) -> tuple[str, Decimal]:
    return _new_line(parts, row) if parts.new else _line_there(parts, row)


def _line_there(parts: Parts, row: MemberValues) -> tuple[str, Decimal]:
    """The line of an order that is there, and what one of it was paid."""
    token, sku = str(row.all.get("line") or ""), row.all.get("sku")
    lines = {line["id"]: line for line in parts.item.get("lineItems") or ()}
    gid = token if token in lines else ""
    if not gid:
        alike = [one for one, line in lines.items() if sku and line.get("sku") == sku]
        gid = alike[0] if len(alike) == 1 else ""
    if not gid:
        raise BadCell(f"The order has no line “{sku or token.rpartition('/')[2]}” to refund.")
    line = lines[gid]
    shares = line.get("discountAllocations") or ()
    off = sum((_money(one["allocatedAmountSet"]) for one in shares), ZERO)
    whole = _money(line["originalTotalSet"]) - max(off, _money(line.get("totalDiscountSet")))
    if not parts.item.get("taxesIncluded"):
        whole += sum((_money(tax["priceSet"]) for tax in line.get("taxLines") or ()), ZERO)
    return gid, whole / max(line["quantity"], 1)


def _new_line(parts: Parts, row: MemberValues) -> tuple[str, Decimal]:
    """The line of a new order, by the word or the SKU by which the rows call it, and its price."""
    token, sku = row.all.get("line"), row.all.get("sku")
    lines = parts.created(LINES.name)
    place = next((n for n, one in enumerate(lines) if token and one.all.get("=id") == token), None)
    if place is None:
        alike = [n for n, one in enumerate(lines) if sku and one.all.get("sku") == sku]
        place = alike[0] if alike else None
    if place is None:
        raise BadCell(f"The order has no line “{sku or token}” to refund.")
    line = lines[place].all
    price = _amount(line.get("priceSet.shopMoney.amount")) * (1 - discount_share(parts))
    quantity = line.get("quantity")
    tax = ZERO
    if not parts.values.get("taxesIncluded") and isinstance(quantity, int) and quantity:
        taxes = (_amount(line.get(f"taxLines.{n}.priceSet.shopMoney.amount")) for n in range(3))
        tax = sum(taxes, ZERO) / quantity
    return _at(place), price + tax


def _at(place: int) -> str:
    """Stands for the id of a new order's line."""
    return of_object(f"lineItems.{place}.id")


def _restock(parts: Parts, row: MemberValues, gid: str) -> dict[str, Json]:
    """Whether goods go back on the shelf, and where. Those of a new order that took none from it do
    not."""
    took = not parts.new or parts.values.get("=inventoryBehaviour", "BYPASS") != "BYPASS"
    kind = row.all.get("restockType")
    if not took or row.all.get("restock") is not True or kind == "NO_RESTOCK":
        return {"restockType": "NO_RESTOCK"}
    if kind not in ("CANCEL", "RETURN"):
        kind = "CANCEL" if _unsent(parts, gid) else "RETURN"
    place = row.all.get("location")
    if not place:
        places = parts.facts.locations
        if len(places) != 1:
            raise BadCell("Refund: Restock Location: it is empty, and the store has several.")
        place = places[0].id
    return {"restockType": kind, "locationId": place}


def _unsent(parts: Parts, gid: str) -> bool:
    lines = (line for line in parts.item.get("lineItems") or () if line["id"] == gid)
    return parts.new or any(line.get("unfulfilledQuantity") for line in lines)


def _within(amount: Decimal, parts: Parts) -> Decimal:
    """The amount, or what is left of the payments to be given back, if that is less."""
    if parts.new:
        return amount
    paid = (one for one in parts.item.get("transactions") or () if is_payment(one))
    received = sum((_given_to_customer(one["amountSet"]) for one in paid), ZERO)
    given = (one.get("totalRefundedSet") for one in parts.item.get("refunds") or ())
    left = received - sum(map(_given_to_customer, given), ZERO)
    if left <= 0:
        raise BadCell("Nothing is left of the payments, so no money can be given back.")
    return min(amount, left)


def is_payment(transaction: Item) -> bool:
    return transaction["kind"] in PAID and transaction["status"] == "SUCCESS"


def _back(parts: Parts, amount: Decimal, refund: _Refund) -> Json:
    """The transaction that gives an amount back the way that it was paid."""
    parent, gateway = _paid_by(parts, refund)
    return {
        "orderId": parts.target,
        "kind": "REFUND",
        "gateway": gateway,
        "amount": f"{amount:f}",
        "parentId": parent,
    }


def _paid_by(parts: Parts, refund: _Refund) -> tuple[str, str]:
    """The payment that is given back, and its gateway."""
    if parts.new:
        sent: Sequence[Mapping[str, Any]] = payments_of(parts)
        place = next((n for n, one in enumerate(sent) if one["kind"] in PAID), None)
        if place is None:
            raise BadCell("There is no payment to refund. Give the order a row of a Transaction.")
        return of_object(f"transactions.{place}.id"), str(sent[place].get("gateway") or "manual")
    wanted = first_of(refund.payments, "=parent")
    paid = [one for one in parts.item.get("transactions") or () if is_payment(one)]
    found = next((one for one in paid if one["id"] == wanted), None) or next(iter(paid), None)
    if found is None:
        raise BadCell("Nothing was paid on the order, so no money can be given back.")
    return str(found["id"]), str(found.get("gateway") or "manual")
