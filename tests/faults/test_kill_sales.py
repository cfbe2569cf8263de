"""``kill -9`` of the worker while people, sales and content are imported by one file: nobody is
written to twice, and no order, payment, parcel, credit or draft is made twice."""

from collections import Counter
from typing import Any

import pytest

from models import db
from models.import_object import ImportObject
from tests.transfer.importing.files import Rows, exported, imported, text_of, zipped
from tests.transfer.store import Store
from transfer.permissions import IMPORTS

pytestmark = pytest.mark.slow

EACH = 4
OF = "Store Credit Transaction: "
UNSENT, UNPAID, OTHER = "#1003", "#1004", "#1009"
ORDERS = """query { orders(first: 50, sortKey: ID) { nodes { name cancelledAt
  displayFinancialStatus refunds { totalRefundedSet { shopMoney { amount } } }
  transactions { kind status } fulfillments { trackingInfo { number } } } } }"""
DRAFTS = "query { draftOrders(first: 50) { nodes { email status tags } } }"


def email(n: int) -> str:
    return f"person{n}@x.example"


def customers() -> Rows:
    """Customers who are there and new ones: two addresses each, consent, and credit in two calls of
    the same amount."""
    rows = []
    for n in range(2 * EACH):
        rows += [
            {
                "Email": email(n),
                "Note": "seen",
                "Email Marketing: Status": "subscribed",
                "Address Line 1": f"{n} Mill Rd",
                "Address Country Code": "US",
                "Store Credit: Adjust": "10",
                f"{OF}Command": "CREDIT",
                f"{OF}Amount": "10",
            },
            {
                "Email": email(n),
                "Address Line 1": f"{n} Lake Rd",
                "Address Country Code": "US",
                "Address Is Default": "true",
                f"{OF}Command": "DEBIT",
                f"{OF}Amount": "4",
            },
        ]
    return rows


def companies() -> Rows:
    return [
        {
            "Name": f"Club {n}",
            "Location: Name": place,
            "Customer: Email": person,
            "Customer: Location Role": "Ordering only",
            "Store Credit: Adjust": "5" if place == "Oslo" else "",
        }
        for n in range(EACH)
        for place, person in (
            ("Oslo", email(n)),
            ("Bergen", email(n)),
            ("Bergen", f"new{n}@x.example"),
        )
    ]


LINE = {"Line: Type": "Line Item", "Line: Title": "Cup", "Line: Quantity": "2", "Line: Price": "5"}
PARCEL = {"Line: Type": "Fulfillment Line", "Fulfillment: Send Receipt": "TRUE"}
NUMBER = "Fulfillment: Tracking Number"


def orders() -> Rows:
    """New orders, paid and sent with a mail; others are sent, paid and cancelled with one."""
    rows: Rows = []
    for n in range(EACH):
        own = {"Name": f"W-{n}", "Command": "NEW"}
        paid = {"Transaction: Kind": "sale", "Transaction: Amount": "10"}
        rows += [
            own | LINE | {"Email": email(n), "Send Receipt": "TRUE"},
            own | paid | {"Line: Type": "Transaction", "Transaction: Status": "success"},
            own | PARCEL | {NUMBER: f"N{n}", "Fulfillment: Tracking URL": "https://x.example/"},
        ]
    cancel = {"Cancel: Reason": "customer", "Cancel: Send Receipt": "TRUE", "Cancel: Refund": "1"}
    return [
        *rows,
        {"Name": UNSENT} | PARCEL | {NUMBER: "N-77"},
        {"Name": UNPAID, "Payment: Status": "paid"},
        {"Name": OTHER} | cancel,
    ]


def files() -> dict[str, Rows]:
    """A sheet of each type."""
    named = range(EACH)
    code = {"Title": "Spring", "Type": "Amount off Order", "Method": "Code"}
    return {
        "Customers": customers(),
        "Companies": companies(),
        "Orders": orders(),
        "Draft Orders": [
            {"Number": str(n), "Email": email(n), "Send Invoice": "TRUE"} | LINE for n in named
        ],
        "Discounts": [
            code | {"Code": f"SPRING{n}", "Value Type": "Percentage", "Value": "10"} for n in named
        ],
        "Blog Posts": [
            {"Title": f"Post {n}", "Handle": f"post-{n}", "Blog: Handle": "news"} for n in named
        ],
        "Pages": [{"Title": f"Page {n}", "Handle": f"page-{n}"} for n in named],
        "Menus": [
            {"Handle": "help", "Title": "Help", "Menu Item: Title": f"Page {n}",
             "Menu Item: Type": "PAGE", "Menu Item: Resource Handle": f"page-{n}"}
            for n in named
        ],
    }  # fmt: skip


@pytest.fixture
def filled(store):
    store.tell("seed", products=6, customers=4, orders=12)
    store.key.permissions = list(IMPORTS)
    db.session.commit()
    return store


def test_each_type_is_imported_once_and_each_mail_sent_once(
    filled, complete_despite_kills, tmp_path
):
    imported(filled, tmp_path, "customers", *({"Email": email(n)} for n in range(EACH)))
    filled.tell("customer-mail")
    data = zipped({f"{name}.csv": text_of(rows) for name, rows in files().items()})
    job = filled.keep(tmp_path, data, name="all.zip", confirm={"changes": True})
    complete_despite_kills(job)
    query = db.select(ImportObject).filter_by(job_id=job.id)
    told = [(one.result, one.comment) for one in db.session.scalars(query)]
    assert [one for one in told if one[0] not in ("created", "updated")] == []
    check_people(filled)
    check_orders(filled)
    check_content(filled)
    mails = Counter(one["kind"] for one in filled.tell("customer-mail")["mails"])
    assert mails == {
        "order confirmation": EACH,
        "shipping confirmation": EACH + 1,
        "cancellation": 1,
        "invoice": EACH,
    }


def check_people(store: Store) -> None:
    rows = exported(store, "customers")
    for n in range(2 * EACH):
        own = [row for row in rows if row["Email"] == email(n)]
        assert [row["Address Line 1"] for row in own][:2] == [f"{n} Mill Rd", f"{n} Lake Rd"]
        assert [row[f"{OF}Amount"] for row in own] == ["10.00", "10.00", "-4.00"]
        first = own[0]
        assert (first["Store Credit: Amount"], first["Note"]) == ("16.00", "seen")
        assert first["Email Marketing: Status"] == "subscribed"
    names = ("Name", "Location: Name", "Customer: Email", "Customer: Location Role")
    found = exported(store, "companies")
    assert [[row[n] for n in names] for row in found] == [
        [r[n] for n in names] for r in companies()
    ]
    credit = [row["Store Credit: Amount"] for row in found if row["Store Credit: Amount"]]
    assert credit == ["5.00"] * EACH


def check_orders(store: Store) -> None:
    nodes: list[dict[str, Any]] = store.graphql(ORDERS)["orders"]["nodes"]
    assert len(nodes) == len({node["name"] for node in nodes}) == 12 + EACH
    by_name = {node["name"]: node for node in nodes}
    for n in range(EACH):
        new = by_name[f"W-{n}"]
        assert [one["kind"] for one in new["transactions"]] == ["SALE"]
        assert numbers(new) == [f"N{n}"]
    assert numbers(by_name[UNSENT]) == ["N-77"]
    paid = [t for t in by_name[UNPAID]["transactions"] if t["status"] == "SUCCESS"]
    assert (len(paid), by_name[UNPAID]["displayFinancialStatus"]) == (1, "PAID")
    other = by_name[OTHER]
    assert (len(other["refunds"]), other["displayFinancialStatus"]) == (1, "REFUNDED")
    drafts = store.graphql(DRAFTS)["draftOrders"]["nodes"]
    assert sorted((d["email"], d["status"], *d["tags"]) for d in drafts) == [
        (email(n), "INVOICE_SENT") for n in range(EACH)
    ]


def numbers(order: dict[str, Any]) -> list[str]:
    return [one["number"] for sent in order["fulfillments"] for one in sent["trackingInfo"]]


def check_content(store: Store) -> None:
    wanted = range(EACH)
    codes = sorted(row["Code"] for row in exported(store, "discounts"))
    assert codes == [f"SPRING{n}" for n in wanted]
    for name, word in (("articles", "post"), ("pages", "page")):
        assert [row["Handle"] for row in exported(store, name)] == [f"{word}-{n}" for n in wanted]
    blogs = store.graphql("query { blogs(first: 5) { nodes { handle } } }")["blogs"]["nodes"]
    assert blogs == [{"handle": "news"}]
    items = [row["Menu Item: Title"] for row in exported(store, "menus")]
    assert items == [f"Page {n}" for n in wanted]
