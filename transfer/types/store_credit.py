"""Store credit of customers and company locations: given and taken, each time as a transaction.

Shopify has no key by which a call that is sent again could be told. What a call has left is found
among the owner's transactions before it is sent again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from transfer.types.base import Item
from transfer.types.forms import BadCell, Form, money, parse_decimal, same_decimal
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import WITH_CODE, Input, Json, Mutation, Trace

CREDITS = tuple(
    f"StoreCreditAccount{kind}Transaction"
    for kind in ("Credit", "Debit", "DebitRevert", "Expiration")
)
"""The GraphQL types of transactions."""


@dataclass(frozen=True)
class Adjustment:
    """A MoneyInput of credit that is given, or taken where it is below 0 or ``takes``; or what the
    balance is to be, with ``sets``. A credit may expire, and its owner be told."""

    amount: Json
    takes: bool = False
    sets: bool = False
    expires: Json = None
    notify: bool = False


def amount_of(value: Json) -> str:
    """The amount of a MoneyInput."""
    return str(value["amount"]) if isinstance(value, dict) else str(value)


def _parse(cell: str, facts: ShopFacts) -> Input:
    return {"amount": parse_decimal(cell), "currencyCode": facts.currency}


def _balance(given: list[Item] | Input | str) -> str:
    """``12.00``; in several currencies ``12.00 USD, 5.00 EUR``."""
    if not isinstance(given, list):
        return money(amount_of(given))
    balances = [account["balance"] for account in given]
    if len(balances) == 1:
        return money(balances[0]["amount"])
    return ", ".join(f"{money(b['amount'])} {b['currencyCode']}" for b in balances)


def _same_amount(text: str) -> str:
    return text if "," in text else _no_zero(text)


def _no_zero(text: str) -> str:
    number = same_decimal(text)
    return "" if number == "0" else number


def _adjustment(given: list[Item] | Input | str) -> str:
    """Of accounts, to be adjusted by nothing; of a cell, its amount."""
    return amount_of(given) if isinstance(given, dict) else "0" * bool(given)


AMOUNT = Form(lambda facts: _balance, "money", parse=_parse, canonical=_same_amount)
"""An amount, or the balance of accounts."""
ADJUST = Form(lambda facts: _adjustment, "number", parse=_parse, canonical=_no_zero)


def transactions_of(owner: Item) -> list[Item]:
    """All transactions of an owner's accounts."""
    return [t for account in owner.get("storeCredit") or () for t in account["transactions"]]


def _left_by(kind: str, of: Callable[[Item], list[Item]]) -> Trace:
    """The transaction of a call: its kind, currency aside, and its amount tell it, and its
    ``owner`` where an object has several."""

    def same(transaction: Item, variables: Input) -> bool:
        input: Any = variables[f"{kind.lower()}Input"]
        amount = Decimal(input[f"{kind.lower()}Amount"]["amount"])
        typename = f"StoreCreditAccount{kind}Transaction"
        there = Decimal(transaction["amount"]["amount"])
        ours = transaction.get("owner", variables["id"]) == variables["id"]
        return ours and transaction["__typename"] == typename and abs(there) == amount

    return Trace(of, same)


def mutations(of: Callable[[Item], list[Item]]) -> tuple[Mutation, Mutation]:
    """What gives credit and what takes it, where ``of`` finds an object's transactions."""
    credit = Mutation(
        "storeCreditAccountCredit",
        ("id: ID!", "creditInput: StoreCreditAccountCreditInput!"),
        input="creditInput",
        target="id",
        errors=WITH_CODE,
        notifies=("creditInput.notify",),
        done=_left_by("Credit", of),
    )
    debit = Mutation(
        "storeCreditAccountDebit",
        ("id: ID!", "debitInput: StoreCreditAccountDebitInput!"),
        input="debitInput",
        target="id",
        errors=WITH_CODE,
        done=_left_by("Debit", of),
    )
    return credit, debit


def adjustments(
    owner: str,
    accounts: Sequence[Item],
    wanted: Sequence[Adjustment],
    sent: tuple[Mutation, Mutation],
) -> Iterator[tuple[Mutation, Input]]:
    """The calls that adjust an owner's credit in turn, by one of the two ``mutations``: in the
    currency of its only account, else in that of the amounts, which is the shop's."""
    if not wanted:
        return
    give, take = sent
    given: Any = wanted[0].amount
    currency = _currency(accounts[0]) if len(accounts) == 1 else given["currencyCode"]
    balance = sum(
        (Decimal(one["balance"]["amount"]) for one in accounts if _currency(one) == currency),
        Decimal(0),
    )
    for one in wanted:
        by = Decimal(amount_of(one.amount)) * (-1 if one.takes else 1)
        if one.sets:
            if len(accounts) > 1:
                raise BadCell("Store Credit: Amount: there is credit in several currencies.")
            if by < 0:
                raise BadCell("Store Credit: Amount: it is below 0.")
            by -= balance
        balance += by
        if balance < 0:
            raise BadCell(f"Store Credit: only {money(str(balance - by))} is there to be taken.")
        amount: Input = {"amount": f"{abs(by):f}", "currencyCode": currency}
        if by > 0:
            credit: Input = {"creditAmount": amount, "notify": one.notify}
            if one.expires:
                credit["expiresAt"] = one.expires
            yield give, give.variables(owner, credit)
        elif by < 0:
            yield take, take.variables(owner, {"debitAmount": amount})


def _currency(account: Mapping[str, Any]) -> str:
    return str(account["balance"]["currencyCode"])
