"""Calls of orders that are cut off, before they arrive or after: each refund, payment and parcel is
made once, also where another of the same object looks like it."""

from typing import Any

import pytest

from models import db
from models.import_object import ImportObject
from tests.transfer.importing.files import Rows, came_of, text_of
from tests.transfer.store import Store
from transfer.importing.placeholders import THIS_OBJECT, filled_in
from transfer.importing.work import REFUSED_CALLS, SEEN
from transfer.types.order_refunds import REFUND
from transfer.types.order_sending import FULFILL

FAULTS = ("nothing", "lose_answer")
ORDERS = """query { orders(first: 9) { nodes {
  refunds { note totalRefundedSet { shopMoney { amount } } }
  transactions { kind amountSet { shopMoney { amount } } }
  fulfillments(first: 9) { fulfillmentLineItems(first: 5) { nodes { lineItem { sku } } } } } } }"""
NAME = "W-1"
LINES = [
    {"Name": NAME, "Currency": "USD", "Line: Type": "Line Item", "Line: Title": sku}
    | {"Line: SKU": sku, "Line: Quantity": "4", "Line: Price": "5"}
    for sku in ("KEY", "CUP")
]
"""An order of 40.00 of which nothing is paid."""


def sale(amount: str) -> dict[str, str]:
    cells = {"Transaction: Kind": "sale", "Transaction: Amount": amount}
    return {"Name": NAME, "Line: Type": "Transaction"} | cells


def refund(token: str, sku: str) -> dict[str, str]:
    cells = {"Line: SKU": sku, "Line: Quantity": "-1", "Refund: ID": token, "Refund: Note": token}
    money = {"Refund: Generate Transaction": "TRUE"}
    return {"Name": NAME, "Line: Type": "Refund Line"} | cells | money


def parcel(token: str, sku: str) -> dict[str, str]:
    cells = {"Fulfillment: ID": token, "Line: SKU": sku, "Line: Quantity": "1"}
    return {"Name": NAME, "Line: Type": "Fulfillment Line"} | cells


FILES: dict[str, tuple[Rows, Rows]] = {
    "refunds": ([sale("40")], [refund("a", "KEY"), refund("b", "KEY"), refund("c", "CUP")]),
    "payments": ([], [sale("5"), sale("5"), sale("6")]),
    "parcels": ([], [parcel("a", "KEY"), parcel("b", "CUP"), parcel("c", "KEY")]),
}
"""What an order is given besides its lines, and then the file that is disturbed."""


def made(store: Store) -> dict[str, Any]:
    """What an order has of refunds, payments and parcels."""
    [found] = store.graphql(ORDERS)["orders"]["nodes"]
    return {name: sorted(map(str, nodes)) for name, nodes in found.items()}


@pytest.mark.parametrize("name", FILES)
def test_each_is_made_once(store, tmp_path, pytestconfig, name):
    """In the short run the call in the middle, which looks like the first, and the last one."""
    given, rows = FILES[name]
    store.key.permissions = ["orders:import"]
    parent = [one | {"Command": "NEW"} for one in LINES]
    assert {one for one, _ in came_of(store, tmp_path, "orders", *parent, *given)} == {"created"}
    store.tell("keep")
    store.changes_sent()
    store.misbehave(plus=True)
    found = came_of(store, tmp_path, "orders", *rows)
    calls, wanted = len(store.changes_sent()), made(store)
    assert ({one for one, _ in found}, calls) == ({"updated"}, len(rows)), found
    cases = [(number, fault) for number in range(1, calls + 1) for fault in FAULTS]
    if not pytestconfig.option.everything:
        cases = [(2, fault) for fault in FAULTS] + cases[-1:]
    for number, fault in cases:
        store.tell("restore")
        store.misbehave(**{fault: 1, "from_mutation": number}, plus=True)
        assert came_of(store, tmp_path, "orders", *rows, tries=4) == found
        assert made(store) == wanted, (number, fault)


@pytest.mark.parametrize(
    ("name", "arrived", "refused"),
    [
        ("refunds", [0, 1], []),
        ("refunds", [0], []),
        ("parcels", [1], [0]),
        ("parcels", [], [0]),
    ],
)
def test_the_second_call_is_not_taken_for_the_first(store, tmp_path, name, arrived, refused):
    """A worker died over the second call, which had arrived or had not; the first had arrived or
    had been refused. What both leave looks alike: only a note or the lines tell it."""
    store.key.permissions = ["orders:import"]
    given, rows = FILES[name]
    parent = [one | {"Command": "NEW"} for one in LINES]
    came_of(store, tmp_path, "orders", *parent, *given)
    job = store.keep(tmp_path, text_of(rows), type="orders", confirm={"changes": True})
    job.dry_run = True
    store.run_import(job)
    [planned] = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    calls = planned.input["calls"]
    mutation = next(one for one in (REFUND, FULFILL) if one.name == calls[0]["mutation"])
    for place in arrived:
        variables = filled_in(calls[place]["variables"], {THIS_OBJECT: planned.ref})
        store.graphql(mutation.document, **variables)
    planned.tried, planned.sending, planned.sent = True, "cut off", 1
    planned.notes = {**planned.notes, SEEN: {mutation.name: []}, REFUSED_CALLS: refused}
    store.changes_sent()
    job.dry_run = False
    job.apply({"refunds": 3})
    store.run_import(job)
    assert len(store.changes_sent()) == 2 - (1 in arrived)
    assert len(made(store)["refunds" if name == "refunds" else "fulfillments"]) == 3 - len(refused)
