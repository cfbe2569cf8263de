"""``kill -9`` of the worker while orders and drafts are imported: each order, refund, payment and
parcel is made once, however late Shopify's search is."""

import pytest

from models import db
from models.import_object import ImportObject
from tests.transfer.importing.files import imported, text_of, zipped
from transfer.permissions import known_permissions

pytestmark = pytest.mark.slow

COUNT = 6
ORDERS = """query { orders(first: 50, sortKey: ID) { nodes { name tags cancelledAt
  totalRefundedSet { shopMoney { amount } }
  transactions { kind amountSet { shopMoney { amount } } }
  fulfillments { trackingInfo { number } }
  refunds { note refundLineItems(first: 5) { nodes { quantity lineItem { sku } } } } } } }"""
DRAFTS = "query { draftOrders(first: 50) { nodes { tags note2 } } }"
SALE = {"Line: Type": "Transaction", "Transaction: Kind": "sale", "Transaction: Amount": "40.00"}


def lines(name: str) -> list[dict[str, str]]:
    parent = {"Name": name, "Command": "NEW", "Currency": "USD"}
    return [
        parent | {"Line: Type": "Line Item", "Line: SKU": sku, "Line: Title": sku,
                  "Line: Quantity": "4", "Line: Price": "5.00"}
        for sku in ("K-1", "C-1")
    ]  # fmt: skip


def refund(name: str, token: str, sku: str) -> dict[str, str]:
    cells = {"Line: SKU": sku, "Line: Quantity": "-1", "Refund: ID": token, "Refund: Note": token}
    money = {"Refund: Generate Transaction": "TRUE"}
    return {"Name": name, "Line: Type": "Refund Line"} | cells | money


def parcel(name: str, number: str, sku: str) -> dict[str, str]:
    cells = {"Fulfillment: Tracking Number": number, "Line: SKU": sku, "Line: Quantity": "1"}
    return {"Name": name, "Line: Type": "Fulfillment Line"} | cells


def changes() -> list[dict[str, str]]:
    """Orders that are there and new ones, each with two refunds of the same, a third, and two
    parcels; the new ones with their lines and payment."""
    rows = []
    for n in range(2 * COUNT):
        name = f"W-{n}"
        if n >= COUNT:
            rows += [*lines(name), SALE | {"Name": name}]
        rows += [refund(name, "a", "K-1"), refund(name, "b", "K-1"), refund(name, "c", "C-1")]
        rows += [parcel(name, "P1", "K-1"), parcel(name, "P2", "C-1")]
    return rows


def quotes() -> list[dict[str, str]]:
    return [
        {
            "Number": str(n),
            "Note": f"quote {n}",
            "Line: Title": "Cup",
            "Line: Quantity": "1",
            "Line: Price": "4.00",
        }
        for n in range(2 * COUNT)
    ]


def test_sales_are_imported_once(store, complete_despite_kills, tmp_path):
    names = ("orders:import", "draft_orders:import")
    store.key.permissions = known_permissions({*store.key.permissions, *names})
    db.session.commit()
    there = [row for n in range(COUNT) for row in [*lines(f"W-{n}"), SALE | {"Name": f"W-{n}"}]]
    imported(store, tmp_path, "orders", *there)
    files = {"orders.csv": text_of(changes()), "draft_orders.csv": text_of(quotes())}
    job = store.keep(tmp_path, zipped(files), name="sales.zip", confirm={"changes": True})
    complete_despite_kills(job, search_lag_ms=60_000)
    found = list(db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id)))
    told = [one.comment for one in found if one.result == "failed"]
    assert {one.result for one in found} == {"created", "updated"}, told
    orders = store.graphql(ORDERS)["orders"]["nodes"]
    assert sorted(one["name"] for one in orders) == sorted(f"W-{n}" for n in range(2 * COUNT))
    for order in orders:
        assert [one["note"] for one in order["refunds"]] == ["a", "b", "c"]
        assert [one["kind"] for one in order["transactions"]] == ["SALE", *["REFUND"] * 3]
        assert order["totalRefundedSet"]["shopMoney"]["amount"] == "15.00"
        numbers = [one["trackingInfo"][0]["number"] for one in order["fulfillments"]]
        assert numbers == ["P1", "P2"]
    drafts = store.graphql(DRAFTS)["draftOrders"]["nodes"]
    assert sorted(one["note2"] for one in drafts) == sorted(f"quote {n}" for n in range(2 * COUNT))
    assert [one["tags"] for one in drafts] == [[]] * (2 * COUNT)
