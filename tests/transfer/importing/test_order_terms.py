"""Imports of the payment terms of orders, which Shopify keeps apart from them."""

import pytest

from models.job import Job
from tests.transfer.importing.files import came_of, results_of, undone
from transfer.importing import steps
from transfer.importing.store import prepare
from transfer.types import BY_NAME
from transfer.types.payment_terms import OF_ORDERS

TYPE = "orders"
UNPAID, PAID = "#1004", "#1003"
TERMS = """query { orders(first: 50) { nodes { name paymentTerms { paymentTermsName
  paymentSchedules(first: 2) { nodes { issuedAt dueAt } } } } } }"""
NET_30 = {
    "Name": UNPAID,
    "Payment Terms: Name": "net 30",
    "Payment Terms: Issued At": "2026-12-01 00:00:00 +0000",
}


@pytest.fixture
def filled(store):
    store.tell("seed", products=6, customers=4, orders=12)
    store.tell("sent")
    return store


def terms(store, name: str = UNPAID) -> tuple[str, str] | None:
    """The name and the due day of an order's terms."""
    nodes = store.graphql(TERMS)["orders"]["nodes"]
    found = next(node["paymentTerms"] for node in nodes if node["name"] == name)
    if found is None:
        return None
    [schedule] = found["paymentSchedules"]["nodes"] or [{"dueAt": ""}]
    return found["paymentTermsName"], schedule["dueAt"][:10]


def fields(store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def test_an_order_gets_terms_other_ones_and_none(filled, tmp_path):
    assert results_of(filled, tmp_path, TYPE, NET_30) == ["updated"]
    assert (fields(filled), terms(filled)) == (["paymentTermsCreate"], ("Net 30", "2026-12-31"))
    assert results_of(filled, tmp_path, TYPE, NET_30) == ["unchanged"]
    longer = {"Name": UNPAID, "Payment Terms: Type": "net", "Payment Terms: Due In Days": "60"}
    assert results_of(filled, tmp_path, TYPE, longer) == ["updated"]
    assert (fields(filled), terms(filled)) == (["paymentTermsUpdate"], ("Net 60", "2027-01-30"))
    fixed = {"Name": UNPAID, "Payment Terms: Name": "Fixed", "Payment Terms: Due At": "2027-03-01"}
    assert results_of(filled, tmp_path, TYPE, fixed) == ["updated"]
    assert terms(filled) == ("Fixed", "2027-03-01")
    filled.changes_sent()
    blank = {"Name": UNPAID, "Payment Terms: Name": ""}
    assert results_of(filled, tmp_path, TYPE, blank) == ["unchanged"]
    assert results_of(filled, tmp_path, TYPE, blank, blank="clear") == ["updated"]
    assert (fields(filled), terms(filled)) == (["paymentTermsDelete"], None)
    assert undone(filled) == ["updated"]
    assert terms(filled) == ("Fixed", "2027-03-01")


def test_an_undo_takes_terms_off_again(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, NET_30)
    assert undone(filled) == ["updated"]
    assert terms(filled) is None


def test_a_new_order_gets_its_terms(filled, tmp_path):
    row = NET_30 | {"Name": "#9001", "Command": "NEW", "Line: Type": "Line Item"}
    row |= {"Line: Title": "Desk", "Line: Quantity": "1", "Line: Price": "90"}
    found = came_of(filled, tmp_path, TYPE, row)
    assert [result for result, _ in found] == ["created"], found
    assert terms(filled, "#9001") == ("Net 30", "2026-12-31")


REFUSED = (
    (
        {"Name": PAID, "Payment Terms: Name": "Net 30"},
        "Payment Terms: Name: Nothing is due on the order, so Shopify takes no payment terms for "
        "it.",
    ),
    (
        {"Name": UNPAID, "Payment Terms: Name": "Net 30"},
        "Payment Terms: Issued At: it is empty. These payment terms count from that day.",
    ),
    (
        {"Name": UNPAID, "Payment Terms: Name": "Fixed", "Payment Terms: Issued At": "2027-01-01"},
        "Payment Terms: Due At: it is empty. These payment terms count from that day.",
    ),
    (
        {"Name": UNPAID, "Payment Terms: Due At": "2027-01-01"},
        "Payment Terms: Name: it is empty, so it is not known which terms are meant.",
    ),
)


def test_terms_that_cannot_be_given_say_what_is_missing(filled, tmp_path):
    for row, words in REFUSED:
        [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
        assert result == ("unchanged" if row["Name"] == PAID else "failed")
        assert words in comment
    unknown = {"Name": UNPAID, "Payment Terms: Name": "Net 31"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, unknown)
    assert (result, fields(filled)) == ("failed", []) and "Net 31" in comment


def test_terms_are_read_only_for_a_file_that_has_them(store, tmp_path):
    run = str(BY_NAME[TYPE].passes.index(OF_ORDERS))

    def how(header: str) -> object:
        text = f"Name,{header}\n" + "".join(f"#{n},\n" for n in range(1001, 1013))
        job = store.keep(tmp_path, text, type=TYPE)
        assert steps.begin(job.id) and steps.unpack(job.id)
        prepare(job.id)
        return Job.fresh(job.id).operations[TYPE]["passes"][run]

    assert how("Note") is None and how("Payment Terms: Name") is not None
