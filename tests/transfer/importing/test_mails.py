"""Mails to customers: those that cells ask for are sent, once, and no other."""

import pytest

from models import db
from tests.transfer.importing.files import results_of
from tests.transfer.store import Store

SENT = "#1001"
UNSENT, OTHER = "#1003", "#1009"
TRACKING = {"Line: Type": "Fulfillment Line", "Fulfillment: Tracking Number": "1Z77"}
LINE = {"Line: Type": "Line Item", "Line: Title": "Kettle", "Line: Quantity": "1"}
ROWS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("orders", "Send Receipt", {"Name": "W-1", "Command": "NEW", **LINE, "Line: Price": "5"}),
    ("orders", "Fulfillment: Send Receipt", {"Name": UNSENT, **TRACKING}),
    ("orders", "Fulfillment: Send Receipt", {"Name": SENT, **TRACKING, "Fulfillment: ID": "="}),
    ("orders", "Cancel: Send Receipt", {"Name": OTHER, "Cancel: Reason": "customer"}),
    ("draft_orders", "Send Invoice", {"Number": "7", **LINE, "Line: Price": "5"}),
    ("customers", "Send Account Activation Email", {"First Name": "Ann"}),
    (
        "customers",
        "Store Credit Transaction: Send Receipt",
        {"Store Credit Transaction: Command": "CREDIT", "Store Credit Transaction: Amount": "5"},
    ),
)
KINDS = [
    *("order confirmation", "shipping confirmation", "shipping update", "cancellation"),
    *("invoice", "account invite", "store credit"),
]
FULFILLMENT = f"""query {{ orders(first: 1, query: "name:'{SENT}'") {{ nodes {{
  fulfillments {{ id }} }} }} }}"""


@pytest.fixture
def filled(store):
    store.tell("seed", products=6, customers=4, orders=12)
    store.shop.scopes = f"{store.shop.scopes},read_all_orders"
    db.session.commit()
    store.tell("customer-mail")
    return store


def mails(store: Store) -> list[dict[str, str]]:
    found: list[dict[str, str]] = store.tell("customer-mail")["mails"]
    return found


@pytest.mark.parametrize("asked", ["TRUE", "FALSE"])
def test_mails_are_those_that_cells_ask_for(filled, tmp_path, asked):
    [order] = filled.graphql(FULFILLMENT)["orders"]["nodes"]
    number = order["fulfillments"][0]["id"].rpartition("/")[2]
    files: dict[str, list[dict[str, str]]] = {}
    for place, (type_, header, cells) in enumerate(ROWS):
        row = {h: number if cell == "=" else cell for h, cell in cells.items()}
        if "Name" not in row or row["Name"] == "W-1":
            row["Email"] = f"ann{place}@x.example"
        files.setdefault(type_, []).append(row | {header: asked})
    for type_, rows in files.items():
        results = results_of(filled, tmp_path, type_, *rows)
        assert set(results) <= {"created", "updated"}, (type_, results)
    sent = mails(filled)
    assert [one["kind"] for one in sent] == (KINDS if asked == "TRUE" else [])
    assert all(one["to"] for one in sent)
