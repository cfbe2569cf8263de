"""Orders and quotes, as the recipes have people import them.

That each file is understood is shown in ``test_plans.py``, in the short run too.
"""

import csv
from typing import Any

import pytest

from tests.recipes.conftest import RECIPES

pytestmark = pytest.mark.everything

ORDERS = """query { orders(first: 50, sortKey: ID) { nodes { name tags note closed cancelReason
  displayFinancialStatus displayFulfillmentStatus totalPriceSet { shopMoney { amount } }
  fulfillments { trackingInfo { number } } } } }"""
DRAFTS = """query { draftOrders(first: 5, sortKey: ID) { nodes { status tags email
  lineItems(first: 5) { nodes { title quantity } } } } }"""
STOCK = "query { products(first: 50) { nodes { totalInventory } } }"


@pytest.fixture
def shop(store):
    store.tell("seed", products=6, customers=4, orders=12)
    store.tell("sent")
    return store


def headers(name: str) -> list[str]:
    with (RECIPES / name).open(newline="") as file:
        return next(csv.reader(file))


def orders(store) -> dict[str, dict[str, Any]]:
    return {node["name"]: node for node in store.graphql(ORDERS)["orders"]["nodes"]}


def arguments(store, field: str) -> list[dict[str, Any]]:
    return [one["arguments"] for one in store.changes_sent() if one["field"] == field]


def test_tracking_numbers(shop, altera):
    assert headers("tracking-numbers.csv") == [
        *("Name", "Command", "Line: Type", "Fulfillment: Status", "Fulfillment: Tracking Company"),
        *("Fulfillment: Tracking Number", "Fulfillment: Send Receipt"),
    ]
    command = ("import", "create", "tracking-numbers.csv", "--type", "orders")
    altera(*command, "--dry-run")
    assert shop.changes_sent() == []
    altera(*command)
    sent = arguments(shop, "fulfillmentCreate")
    assert [one["fulfillment"]["notifyCustomer"] for one in sent] == [False, True]
    found = orders(shop)
    numbers = [found[name]["fulfillments"][0]["trackingInfo"][0]["number"] for name in ("#1003",)]
    assert numbers == ["1Z12345E0205271688"]
    assert found["#1009"]["displayFulfillmentStatus"] == "FULFILLED"
    assert "2 unchanged" in altera(*command).stderr
    assert shop.changes_sent() == []


def test_orders_are_cancelled(shop, altera, again):
    assert headers("cancel-orders.csv") == [
        *("Name", "Cancel: Reason", "Cancel: Send Receipt", "Cancel: Refund"),
    ]
    command = ("import", "create", "cancel-orders.csv", "--type", "orders")
    assert "1 order for which the customer gets money back" in altera(*command, code=7).stderr
    assert arguments(shop, "orderCancel") == []
    altera(*command, "--yes")
    sent = arguments(shop, "orderCancel")
    assert [one["notifyCustomer"] for one in sent] == [False, False]
    found = orders(shop)
    states = [
        (found[n]["cancelReason"], found[n]["displayFinancialStatus"]) for n in ("#1003", "#1009")
    ]
    assert states == [("CUSTOMER", "REFUNDED"), ("INVENTORY", "PAID")]
    assert again("cancel-orders.csv", "orders") == {"unchanged": 2}


def test_orders_are_marked_as_paid(shop, altera, again):
    assert headers("mark-as-paid.csv") == ["Name", "Payment: Status"]
    altera("import", "create", "mark-as-paid.csv", "--type", "orders")
    assert orders(shop)["#1004"]["displayFinancialStatus"] == "PAID"
    assert again("mark-as-paid.csv", "orders") == {"unchanged": 1}


def test_orders_are_refunded(shop, altera, again):
    command = ("import", "create", "refunds.csv", "--type", "orders")
    assert "2 orders for which the customer gets money back" in altera(*command, code=7).stderr
    altera(*command, "--yes")
    sent = [one["input"] for one in arguments(shop, "refundCreate")]
    assert [one["notify"] for one in sent] == [False, False]
    assert [one["transactions"][0]["amount"] for one in sent] == ["21.36", "28.74"]
    assert orders(shop)["#1003"]["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert again("refunds.csv", "orders") == {"unchanged": 3}


def test_orders_are_archived_and_reopened(shop, altera):
    assert headers("archive-orders.csv") == ["Name", "Archived"]
    altera("import", "create", "archive-orders.csv", "--type", "orders")
    found = orders(shop)
    assert (found["#1003"]["closed"], found["#1002"]["closed"]) == (True, False)


def test_tags_and_notes_of_orders(shop, altera):
    assert headers("order-tags.csv") == ["Name", "Tags", "Tags Command", "Note"]
    altera("import", "create", "order-tags.csv", "--type", "orders")
    found = orders(shop)
    assert found["#1001"]["tags"] == ["checked", "gift", "phone order", "rush"]
    assert (found["#1001"]["note"], found["#1003"]["tags"]) == ("Call before delivery", ["rush"])


def test_orders_come_from_another_shop(shop, altera, again):
    before = shop.graphql(STOCK)
    altera("import", "create", "historical-orders.csv", "--type", "orders")
    [sent] = arguments(shop, "orderCreate")
    assert sent["options"]["sendReceipt"] is False
    order = orders(shop)["W-1042"]
    assert order["totalPriceSet"]["shopMoney"]["amount"] == "123.50"
    assert order["displayFinancialStatus"] == "PAID"
    assert order["displayFulfillmentStatus"] == "FULFILLED"
    assert shop.graphql(STOCK) == before
    again("historical-orders.csv", "orders")
    assert shop.changes_sent() == []


def test_quotes_go_out_by_mail(shop, altera):
    assert headers("quotes.csv") == [
        *("Number", "Customer: Email", "Line: Type", "Line: SKU", "Line: Title", "Line: Quantity"),
        *("Line: Price", "Send Invoice", "Send Invoice: To"),
    ]
    command = ("import", "create", "quotes.csv", "--type", "draft_orders")
    planned = altera(*command, "--dry-run")
    assert "another import of this file creates them" in planned.stdout + planned.stderr
    altera(*command)
    [invoice] = arguments(shop, "draftOrderInvoiceSend")
    assert invoice["email"]["to"] == "buyer@example.com"
    found = shop.graphql(DRAFTS)["draftOrders"]["nodes"]
    assert [(one["status"], one["tags"]) for one in found] == [("INVOICE_SENT", []), ("OPEN", [])]
    assert [one["title"] for one in found[0]["lineItems"]["nodes"]] == ["Kettle", "Cup"]
