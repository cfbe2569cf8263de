"""Imports of refunds and payments of orders: money moves once, and only where a row says so."""

from typing import Any

import pytest

from models.job import COMPLETED, HELD
from tests.transfer.importing.files import came_of, results_of, text_of, unchanged
from tests.transfer.importing.test_new_orders import HISTORY, row
from tests.transfer.store import Store

TYPE = "orders"
ORDERS = """query { orders(first: 50, sortKey: ID) { nodes { id name cancelledAt
  displayFinancialStatus canMarkAsPaid
  totalRefundedSet { shopMoney { amount } } totalOutstandingSet { shopMoney { amount } }
  transactions { id kind gateway amountSet { shopMoney { amount } } parentTransaction { id } }
  refunds { note createdAt totalRefundedSet { shopMoney { amount } }
    refundLineItems(first: 5) { nodes { quantity restockType lineItem { sku } } } } } } }"""
STOCK = "query { productVariants(first: 50) { nodes { sku inventoryQuantity } } }"
PAID, UNPAID = "#1003", "#1001"
REFUND = {
    "Name": PAID,
    "Line: Type": "Refund Line",
    "Line: SKU": "00005-03",
    "Line: Quantity": "-1",
    "Refund: ID": "r1",
    "Refund: Note": "Came broken",
    "Refund: Restock": "FALSE",
    "Refund: Generate Transaction": "TRUE",
}


@pytest.fixture
def filled(store):
    store.tell("seed", products=6, customers=4, orders=12)
    store.tell("sent")
    store.tell("customer-mail")
    return store


def order(store: Store, name: str) -> dict[str, Any]:
    nodes = store.graphql(ORDERS)["orders"]["nodes"]
    return next(node for node in nodes if node["name"] == name)


def fields(store: Store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def back(found: dict[str, Any]) -> list[tuple]:
    """Each refund as its amount and lines."""
    return [
        (
            one["totalRefundedSet"]["shopMoney"]["amount"],
            [
                (part["lineItem"]["sku"], part["quantity"], part["restockType"])
                for part in one["refundLineItems"]["nodes"]
            ],
        )
        for one in found["refunds"]
    ]


def stock(store: Store, sku: str) -> int:
    nodes = store.graphql(STOCK)["productVariants"]["nodes"]
    return int(next(one["inventoryQuantity"] for one in nodes if one["sku"] == sku))


def test_a_refund_gives_back_what_its_rows_say_once_and_writes_to_nobody(filled, tmp_path):
    before = stock(filled, "00005-03")
    assert results_of(filled, tmp_path, TYPE, REFUND) == ["updated"]
    [sent] = filled.changes_sent()
    assert (sent["field"], sent["arguments"]["input"]["notify"]) == ("refundCreate", False)
    found = order(filled, PAID)
    assert back(found)[1:] == [("21.36", [("00005-03", 1, "NO_RESTOCK")])]
    assert found["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert found["transactions"][1]["parentTransaction"] == {"id": found["transactions"][0]["id"]}
    assert results_of(filled, tmp_path, TYPE, REFUND) == ["unchanged"]
    assert fields(filled) == [] and filled.tell("customer-mail")["mails"] == []
    assert stock(filled, "00005-03") == before
    unchanged(filled, tmp_path, TYPE)


def test_goods_go_back_to_the_location_that_is_named_and_the_customer_is_told(filled, tmp_path):
    places = filled.graphql("query { locations(first: 5) { nodes { name } } }")
    place = places["locations"]["nodes"][0]["name"]
    before = stock(filled, "00005-03")
    rows = [
        REFUND | {
            "Refund: Restock": "TRUE",
            "Refund: Restock Location": place,
            "Refund: Send Receipt": "TRUE",
            "Refund: Generate Transaction": "",
        },
        {"Name": PAID, "Line: Type": "Refund Shipping", "Refund: ID": "r1",
         "Shipping: Price": "-5.00"},
        {"Name": PAID, "Line: Type": "Transaction", "Refund: ID": "r1",
         "Transaction: Kind": "refund", "Transaction: Amount": "25.00"},
    ]  # fmt: skip
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert {result for result, _ in found} == {"updated"}, found
    [sent] = filled.changes_sent()
    given = sent["arguments"]["input"]
    assert given["shipping"] == {"amount": "5.00"}
    assert (given["discrepancyReason"], given["transactions"][0]["amount"]) == ("OTHER", "25.00")
    assert back(order(filled, PAID))[1:] == [("25.00", [("00005-03", 1, "CANCEL")])]
    assert stock(filled, "00005-03") == before + 1
    assert [one["kind"] for one in filled.tell("customer-mail")["mails"]] == ["refund"]
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert {result for result, _ in found} == {"unchanged"}, found
    assert fields(filled) == []


REFUSED = [
    ({"Line: SKU": "none"}, "The order has no line “none” to refund."),
    ({"Line: Quantity": "3"}, "The refund is for more than is left on the order."),
    (
        {"Line: Quantity": ""},
        "Line: Quantity: it is empty, so it is not known how many are refunded.",
    ),
    (
        {"Refund: Restock": "TRUE"},
        "Refund: Restock Location: it is empty, and the store has several.",
    ),
    (
        {"Name": "#1004"},
        "Nothing is left of the payments, so no money can be given back.",
    ),
]


def test_what_cannot_be_refunded_is_told_before_anything_is_sent(filled, tmp_path):
    """Each case has an order of its own, of which the money is paid but for the last one."""
    before = filled.graphql(ORDERS)
    paid = iter(one for one in before["orders"]["nodes"] if one["displayFinancialStatus"] == "PAID")
    skus = {
        one["name"]: one["lineItems"]["nodes"][0]["sku"]
        for one in filled.graphql(LINES)["orders"]["nodes"]
    }
    rows = []
    for cells, _ in REFUSED:
        name = cells.get("Name") or next(paid)["name"]
        rows.append(REFUND | {"Name": name, "Line: SKU": skus[name]} | cells)
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert found == [("failed", words) for _, words in REFUSED]
    assert (fields(filled), filled.graphql(ORDERS)) == ([], before)


def test_money_that_goes_back_holds_the_import_until_somebody_accepts_it(filled, tmp_path):
    rows = [REFUND, {"Name": "#1005", "Cancel: Reason": "customer", "Cancel: Refund": "TRUE"},
            {"Name": "#1001", "Note": "Not of it"}]  # fmt: skip
    filled.key.permissions = ["orders:import"]
    job = filled.run_import(filled.keep(tmp_path, text_of(rows), type=TYPE))
    assert (job.status, fields(filled)) == (HELD, [])
    assert (job.plan["limits"]["refunds"]["count"], job.plan["limits"]["refunds"]["over"]) == (
        2,
        True,
    )
    job.apply({"refunds": 2})
    filled.run_import(job)
    assert (job.status, fields(filled)[:1]) == (COMPLETED, ["refundCreate"])


def test_what_somebody_else_refunds_meanwhile_is_a_conflict(filled, tmp_path):
    filled.key.permissions = ["orders:import"]
    job = filled.run_import(filled.keep(tmp_path, text_of([REFUND]), type=TYPE, dry_run=True))
    other = REFUND | {"Refund: ID": "r2", "Refund: Note": "By somebody else"}
    assert results_of(filled, tmp_path, TYPE, other) == ["updated"]
    filled.tell("sent")
    job.apply({"refunds": 1})
    filled.run_import(job)
    assert (job.status, job.counts, fields(filled)) == (COMPLETED, {"conflict": 1}, [])


def test_refunds_of_history_are_made_in_their_time_and_bring_nothing_back(filled, tmp_path):
    nodes = filled.graphql("query { productVariants(first: 1) { nodes { sku } } }")
    sku = nodes["productVariants"]["nodes"][0]["sku"]
    before = stock(filled, sku)
    parent = HISTORY[0] | {"Line: SKU": sku}
    later = row(
        "Refund Line",
        Refund__ID="9",
        Line__SKU="C-1",
        Line__Quantity="-1",
        Refund__Created_At="2024-05-01 10:00:00 +0000",
        Refund__Generate_Transaction="TRUE",
    )
    sooner = row(
        "Refund Line",
        Refund__ID="8",
        Line__SKU=sku,
        Line__Quantity="-1",
        Refund__Created_At="2024-04-01 10:00:00 +0000",
        Refund__Restock="TRUE",
        Refund__Restock_Location="Anywhere",
    )
    money = row("Transaction", Refund__ID="8", Transaction__Kind="refund",
                Transaction__Amount="61.25", Transaction__Status="success")  # fmt: skip
    rows = [parent, *HISTORY[1:], later, sooner | {"Refund: Restock Location": ""}, money]
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert {result for result, _ in found} == {"created"}, found
    made = order(filled, "W-77")
    assert [one["createdAt"][:7] for one in made["refunds"]] == ["2024-04", "2024-05"]
    assert back(made) == [
        ("61.25", [(sku, 1, "NO_RESTOCK")]),
        ("18.33", [("C-1", 1, "NO_RESTOCK")]),
    ]
    assert [one["kind"] for one in made["transactions"]] == ["SALE", "REFUND", "REFUND"]
    assert stock(filled, sku) == before
    again = [{**one, "Command": "MERGE"} if "Command" in one else one for one in rows]
    filled.tell("sent")
    found = came_of(filled, tmp_path, TYPE, *again)
    assert {result for result, _ in found} == {"unchanged"}, found
    assert fields(filled) == []


@pytest.mark.parametrize(
    "lost", [2, *(pytest.param(n, marks=pytest.mark.everything) for n in (1, 3))]
)
def test_refunds_whose_answers_are_lost_are_made_once(filled, tmp_path, lost):
    rows = [
        REFUND,
        REFUND | {"Refund: ID": "r2"},  # another of the same
        REFUND | {"Refund: ID": "r3", "Line: SKU": "00001-05", "Refund: Note": "Another"},
    ]
    filled.misbehave(lose_answer=lost)
    found = came_of(filled, tmp_path, TYPE, *rows, tries=5)
    assert {result for result, _ in found} == {"updated"}, found
    made = [lines[0][0] for _, lines in back(order(filled, PAID))[1:]]
    assert made == ["00005-03", "00005-03", "00001-05"]


PAYMENT = {"Line: Type": "Transaction", "Transaction: Gateway": "bank", "Transaction: Kind": "sale"}


def test_payments_pay_an_order_in_part_or_wholly(filled, tmp_path):
    part = PAYMENT | {"Name": "#1004", "Transaction: Amount": "44.05"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, part)
    assert (result, fields(filled)) == ("failed", ["orderCreateManualPayment"])
    assert "Plus" in comment
    whole = part | {"Transaction: Amount": "144.05"}
    assert results_of(filled, tmp_path, TYPE, whole) == ["updated"]
    assert fields(filled) == ["orderMarkAsPaid"]
    assert order(filled, "#1004")["displayFinancialStatus"] == "PAID"
    assert results_of(filled, tmp_path, TYPE, whole) == ["unchanged"]
    assert fields(filled) == []
    elsewhere = part | {"Transaction: ID": "77"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, elsewhere)
    assert (result, fields(filled)) == ("unchanged", [])
    assert comment.endswith(
        "its Transaction: ID is not known here. Leave that cell empty to make it."
    )


def test_an_authorization_is_captured_or_voided(filled, tmp_path):
    held = row("Transaction", Transaction__Kind="authorization", Transaction__Amount="140.50",
               Transaction__Status="success", Transaction__Gateway="bogus")  # fmt: skip
    parent = {**HISTORY[0], "Payment: Status": "authorized"}
    of_one = (parent, *HISTORY[1:4], held)
    rows = [{**one, "Name": name} for name in ("W-1", "W-2") for one in of_one]
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"created"}
    filled.tell("sent")
    rows = [
        {"Name": "W-1", "Line: Type": "Transaction", "Transaction: Kind": "capture",
         "Transaction: Amount": "100"},
        {"Name": "W-2", "Line: Type": "Transaction", "Transaction: Kind": "void",
         "Transaction: Amount": "140.50"},
    ]  # fmt: skip
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    assert fields(filled) == ["orderCapture", "transactionVoid"]
    assert order(filled, "W-1")["displayFinancialStatus"] == "PARTIALLY_PAID"
    assert results_of(filled, tmp_path, TYPE, *rows) == ["unchanged"] * 2


LINES = """query { orders(first: 50, sortKey: ID) { nodes { name
  lineItems(first: 9) { nodes { title sku quantity currentQuantity } } } } }"""


def lines_of(store: Store, name: str) -> list[tuple]:
    nodes = store.graphql(LINES)["orders"]["nodes"]
    found = next(one["lineItems"]["nodes"] for one in nodes if one["name"] == name)
    return [(one["sku"] or one["title"], one["currentQuantity"]) for one in found]


@pytest.mark.parametrize(
    "lost", [2, *(pytest.param(n, marks=pytest.mark.everything) for n in (0, 4))]
)
def test_lines_come_and_go_only_where_a_command_says_so(filled, tmp_path, lost):
    line = {"Name": PAID, "Line: Type": "Line Item", "Line: Quantity": "2"}
    rows = [
        line | {"Line: SKU": "00006-04", "Line: Command": "DELETE"},
        line | {"Line: Title": "Gift wrap", "Line: Price": "3.00", "Line: Command": "NEW"},
        line | {"Line: SKU": "00002-01", "Line: Command": "NEW"},
        line | {"Line: Title": "Unasked", "Line: Price": "3.00", "Line: Command": ""},
    ]
    filled.misbehave(lose_answer=lost)
    [(result, comment), *_] = came_of(filled, tmp_path, TYPE, *rows, tries=6)
    filled.misbehave()
    assert result == "updated" and "“Unasked” is not there." in comment, comment
    assert lines_of(filled, PAID) == [
        *(("00005-03", 3), ("00006-04", 0), ("00001-05", 2)),
        *(("Gift wrap", 2), ("00002-01", 2)),
    ]
    sent = fields(filled)
    assert (sent[0], sent[-1]) == ("orderEditBegin", "orderEditCommit")
    assert sent.count("orderEditCommit") == 1
    assert filled.tell("customer-mail")["mails"] == []


def test_a_cancel_that_fails_later_is_the_result_of_its_row(filled, tmp_path):
    filled.misbehave(cancel_fails=1, slow_jobs_ms=300)
    row = {"Name": PAID, "Cancel: Reason": "customer", "Note": "Wanted"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "failed"
    assert comment.startswith("The order was not cancelled: A refund of the payment was declined.")
    assert order(filled, PAID)["cancelledAt"] is None


IN_EUROS = """mutation ($order: OrderCreateOrderInput!) { orderCreate(order: $order) {
  order { id } userErrors { message } } }"""
MONEY = """query { orders(first: 1, sortKey: ID, reverse: true) { nodes { displayFinancialStatus
  transactions { kind amountSet { shopMoney { amount } presentmentMoney { amount currencyCode } } }
  refunds { totalRefundedSet { presentmentMoney { amount currencyCode } } } } } }"""


def in_euros(dollars: str, euros: str) -> dict[str, Any]:
    return {
        "shopMoney": {"amount": dollars, "currencyCode": "USD"},
        "presentmentMoney": {"amount": euros, "currencyCode": "EUR"},
    }


def foreign(store: Store, name: str, **payment: str) -> None:
    """An order of two cups for 100 dollars each, or 90 euros, in which the customer pays."""
    made = {
        "name": name,
        "currency": "USD",
        "presentmentCurrency": "EUR",
        "lineItems": [
            {"title": "Cup", "sku": "C1", "quantity": 2, "priceSet": in_euros("100", "90")}
        ],
    }
    if payment:
        paid = {"amountSet": in_euros("200", "180"), "status": "SUCCESS"}
        made["transactions"] = [payment | paid]
    assert store.graphql(IN_EUROS, order=made)["orderCreate"]["userErrors"] == []
    store.changes_sent()


def test_a_refund_of_an_order_in_another_currency_is_in_that_currency(filled, tmp_path):
    foreign(filled, "#E1", kind="SALE", gateway="card")
    row = {"Name": "#E1", "Line: Type": "Refund Line", "Refund: ID": "r1", "Line: SKU": "C1"}
    row |= {"Line: Quantity": "-1", "Refund: Generate Transaction": "TRUE"}
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    [sent] = filled.changes_sent()
    given = sent["arguments"]["input"]
    assert (given["currency"], given["transactions"][0]["amount"]) == ("EUR", "90.00")
    assert results_of(filled, tmp_path, TYPE, row) == ["unchanged"]
    rest = row | {"Refund: ID": "r2", "Refund: Generate Transaction": ""}
    paid = {"Name": "#E1", "Line: Type": "Transaction", "Transaction: Kind": "refund"}
    paid |= {"Refund: ID": "r2", "Transaction: Amount": "50", "Transaction: Currency": "EUR"}
    found = came_of(filled, tmp_path, TYPE, rest, paid)
    assert [result for result, _ in found] == ["updated"] * 2, found
    [order_now] = filled.graphql(MONEY)["orders"]["nodes"]
    backs = [one["totalRefundedSet"]["presentmentMoney"] for one in order_now["refunds"]]
    assert backs == [
        {"amount": "90.00", "currencyCode": "EUR"},
        {"amount": "50.00", "currencyCode": "EUR"},
    ]
    assert results_of(filled, tmp_path, TYPE, rest, paid) == ["unchanged"] * 2


def test_what_is_captured_in_another_currency_is_said_in_that(filled, tmp_path):
    foreign(filled, "#E2", kind="AUTHORIZATION", gateway="card")
    row = {"Name": "#E2", "Line: Type": "Transaction", "Transaction: Kind": "capture"}
    found = came_of(filled, tmp_path, TYPE, row | {"Transaction: Shop Currency Amount": "200"})
    assert [result for result, _ in found] == ["updated"], found
    [sent] = filled.changes_sent()
    assert (sent["arguments"]["input"]["amount"], sent["arguments"]["input"]["currency"]) == (
        "180.00",
        "EUR",
    )
    [order_now] = filled.graphql(MONEY)["orders"]["nodes"]
    assert order_now["displayFinancialStatus"] == "PAID"
