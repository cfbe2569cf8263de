"""Imports of draft orders: quotes with their lines, sent by mail only where a cell asks for it."""

from typing import Any

import pytest

from models import db
from models.import_object import ImportObject
from models.job import COMPLETED
from tests.transfer.importing.files import came_of, exported, results_of, text_of, unchanged, undone
from tests.transfer.store import Store
from transfer.importing.planning import PREVIEWED

TYPE = "draft_orders"
DRAFTS = """query { draftOrders(first: 50, sortKey: ID, reverse: true) { nodes { id name status
  note2 tags email customer { email } invoiceSentAt
  totalPriceSet { shopMoney { amount } } appliedDiscount { title value valueType }
  shippingLine { title discountedPriceSet { shopMoney { amount } } }
  lineItems(first: 5) { nodes { id title sku quantity variant { id }
    originalUnitPriceSet { shopMoney { amount } } } } } } }"""
QUOTE = [
    {
        "Number": "7",
        "Email": "ann@x.example",
        "Note": "As agreed",
        "Tags": "quote",
        "Line: Type": "Line Item",
        "Line: Title": "Kettle",
        "Line: Quantity": "2",
        "Line: Price": "50.00",
    },
    {"Number": "7", "Line: Type": "Line Item", "Line: Title": "Cup", "Line: Quantity": "3",
     "Line: Price": "4.00"},
    {"Number": "7", "Line: Type": "Shipping Line", "Line: Title": "Post", "Line: Price": "8.00"},
    {"Number": "7", "Line: Type": "Discount", "Line: Title": "percentage", "Line: Name": "Ten",
     "Line: Price": "10"},
]  # fmt: skip


@pytest.fixture
def filled(store):
    store.tell("seed", products=6, customers=2)
    store.tell("sent")
    return store


def quote(store: Store, folder) -> None:
    store.given("a quote", lambda: results_of(store, folder, TYPE, *QUOTE))


def newest(store: Store) -> dict[str, Any]:
    found: dict[str, Any] = store.graphql(DRAFTS)["draftOrders"]["nodes"][0]
    return found


def fields(store: Store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def money(bag: dict[str, Any]) -> str:
    return str(bag["shopMoney"]["amount"])


def test_a_quote_is_made_of_its_rows_and_nobody_is_told(filled, tmp_path):
    found = came_of(filled, tmp_path, TYPE, *QUOTE)
    assert {result for result, _ in found} == {"created"}, found
    assert fields(filled) == ["draftOrderCreate", "tagsRemove"]
    draft = newest(filled)
    assert (draft["tags"], draft["note2"], draft["status"]) == (["quote"], "As agreed", "OPEN")
    assert [(one["title"], one["quantity"]) for one in draft["lineItems"]["nodes"]] == [
        ("Kettle", 2),
        ("Cup", 3),
    ]
    assert draft["appliedDiscount"] == {"title": "Ten", "value": 10.0, "valueType": "PERCENTAGE"}
    assert draft["shippingLine"]["title"] == "Post"
    assert money(draft["totalPriceSet"]) == "108.80"
    unchanged(filled, tmp_path, TYPE)


def test_a_dry_run_tells_what_a_quote_would_come_to_and_makes_nothing(filled, tmp_path):
    job = filled.run_import(filled.keep(tmp_path, text_of(QUOTE), type=TYPE, dry_run=True))
    [planned] = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    told = "Shopify would make the total 108.80 USD."
    assert (planned.action, planned.notes["warnings"]) == ("create", [told])
    assert planned.comment.endswith(told)
    assert filled.graphql(DRAFTS)["draftOrders"]["nodes"] == []
    assert fields(filled) == ["draftOrderCalculate"]
    filled.shop.scopes = "read_draft_orders"  # nothing is asked that the store has not granted
    unasked = filled.run_import(filled.keep(tmp_path, text_of(QUOTE), type=TYPE, dry_run=True))
    assert (unasked.counts, fields(filled)) == ({"created": len(QUOTE)}, [])
    filled.shop.scopes = ""
    worse = text_of([QUOTE[0] | {"Line: Quantity": "0"}])
    job = filled.run_import(filled.keep(tmp_path, worse, type=TYPE, dry_run=True))
    [planned] = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    assert planned.notes["warnings"] == ["Quantity must be at least 1"]


def test_a_dry_run_asks_of_the_first_new_drafts_only(filled, tmp_path):
    """A call for each of many would hold a worker for long."""
    fields(filled)
    many = text_of([QUOTE[0] | {"Number": str(number)} for number in range(PREVIEWED + 1)])
    job = filled.run_import(filled.keep(tmp_path, many, type=TYPE, dry_run=True))
    assert job.counts == {"created": PREVIEWED + 1}
    assert fields(filled) == ["draftOrderCalculate"] * (PREVIEWED - 1)


def test_a_number_that_holds_rows_together_is_not_told_as_unwritten(filled, tmp_path):
    job = filled.run_import(filled.keep(tmp_path, text_of(QUOTE), type=TYPE))
    [told] = job.warnings
    assert (job.status, told.partition(":")[0]) == (
        COMPLETED,
        "Draft orders without an ID are new ones",
    )


def test_a_quote_goes_out_by_mail_only_where_a_cell_says_so(filled, tmp_path):
    known = filled.graphql("query { customers(first: 1) { nodes { email } } }")
    [customer] = known["customers"]["nodes"]
    variants = filled.graphql("query { productVariants(first: 1) { nodes { id sku } } }")
    [variant] = variants["productVariants"]["nodes"]
    row = {
        "Name": "Q-1",
        "Customer: Email": customer["email"],
        "Line: Type": "Line Item",
        "Line: SKU": variant["sku"],
        "Line: Quantity": "2",
        "Send Invoice": "TRUE",
        "Send Invoice: To": "buyer@x.example",
    }
    assert results_of(filled, tmp_path, TYPE, row) == ["created"]
    create, invoice, _ = filled.changes_sent()
    assert create["field"] == "draftOrderCreate" and invoice["field"] == "draftOrderInvoiceSend"
    assert invoice["arguments"]["email"]["to"] == "buyer@x.example"
    draft = newest(filled)
    assert draft["customer"] == {"email": customer["email"]}
    assert draft["lineItems"]["nodes"][0]["variant"] == {"id": variant["id"]}
    assert draft["status"] == "INVOICE_SENT"
    told = {"ID": draft["id"], "Send Invoice": "FALSE", "Send Invoice: To": "other@x.example"}
    assert results_of(filled, tmp_path, TYPE, told) == ["unchanged"]
    assert fields(filled) == []


def test_one_line_changes_and_the_others_stay(filled, tmp_path):
    quote(filled, tmp_path)
    filled.tell("sent")
    draft = newest(filled)
    row = {"ID": draft["id"], "Line: Type": "Line Item", "Line: Title": "Cup",
           "Line: Quantity": "5"}  # fmt: skip
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    assert fields(filled) == ["draftOrderUpdate"]
    lines = [
        (one["title"], one["quantity"], money(one["originalUnitPriceSet"]))
        for one in newest(filled)["lineItems"]["nodes"]
    ]
    assert lines == [("Kettle", 2, "50.00"), ("Cup", 5, "4.00")]
    gone = {**row, "Line: Command": "DELETE"}
    assert results_of(filled, tmp_path, TYPE, gone) == ["updated"]
    assert [one["title"] for one in newest(filled)["lineItems"]["nodes"]] == ["Kettle"]


def test_a_draft_becomes_an_order_and_is_then_history(filled, tmp_path):
    quote(filled, tmp_path)
    ref = newest(filled)["id"]
    assert results_of(filled, tmp_path, TYPE, {"ID": ref, "Status": "completed"}) == ["updated"]
    assert newest(filled)["status"] == "COMPLETED"
    [(result, comment)] = came_of(filled, tmp_path, TYPE, {"ID": ref, "Note": "Too late"})
    assert result == "unchanged"
    assert comment == ("Note: The draft order is completed; change the order that was made of it.")
    assert (
        len(filled.graphql("query { orders(first: 5) { nodes { id } } }")["orders"]["nodes"]) == 1
    )


def test_a_draft_is_completed_as_paid_where_a_cell_says_so(filled, tmp_path):
    """The order that is made of it does not keep the mark of the import."""
    cases = {"paid": "PAID", "": "PENDING"}
    rows = []
    for said in cases:
        first, *others = ({**row, "Number": f"7{said}"} for row in QUOTE)
        first |= {"Status": "completed", "Payment: Status": said, "Email": f"a{said}@x.example"}
        rows += [first, *others]
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"created"}
    states = "query { orders(first: 5) { nodes { email displayFinancialStatus tags } } }"
    orders = filled.graphql(states)["orders"]["nodes"]
    found = {one["email"]: (one["displayFinancialStatus"], one["tags"]) for one in orders}
    assert found == {f"a{said}@x.example": (state, ["quote"]) for said, state in cases.items()}
    drafts = filled.graphql(DRAFTS)["draftOrders"]["nodes"]
    assert [one["tags"] for one in drafts] == [["quote"], ["quote"]]


def test_a_price_is_held_only_where_it_is_not_that_of_the_variant(filled, tmp_path):
    nodes = "query { productVariants(first: 2) { nodes { sku price } } }"
    own, other = filled.graphql(nodes)["productVariants"]["nodes"]
    line = {"Number": "7", "Line: Type": "Line Item", "Line: Quantity": "1"}
    rows = [line | {"Line: SKU": own["sku"]}, line | {"Line: SKU": other["sku"]}]
    rows[1]["Line: Price"] = "1.25"
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"created"}
    filled.changes_sent()
    more = {"ID": newest(filled)["id"], "Line: Type": "Line Item", "Line: Quantity": "3"}
    assert results_of(filled, tmp_path, TYPE, more | {"Line: SKU": own["sku"]}) == ["updated"]
    [sent] = filled.changes_sent()
    held = [one.get("priceOverride") for one in sent["arguments"]["input"]["lineItems"]]
    assert [one and one["amount"] for one in held] == [None, "1.25"]
    prices = [money(one["originalUnitPriceSet"]) for one in newest(filled)["lineItems"]["nodes"]]
    assert prices == [own["price"], "1.25"]


ORDERS = "query { orders(first: 5) { nodes { id tags } } }"


def test_no_second_order_is_made_where_the_deletion_of_a_completed_draft_is_undone(
    filled, tmp_path
):
    quote(filled, tmp_path)
    ref = newest(filled)["id"]
    results_of(filled, tmp_path, TYPE, {"ID": ref, "Status": "completed"})
    assert results_of(filled, tmp_path, TYPE, {"ID": ref, "Command": "DELETE"}) == ["deleted"]
    assert undone(filled) == ["created"]
    draft = newest(filled)
    assert (draft["note2"], draft["status"]) == ("As agreed", "OPEN")
    assert [one["title"] for one in draft["lineItems"]["nodes"]] == ["Kettle", "Cup"]
    assert money(draft["totalPriceSet"]) == "108.80"
    assert len(filled.graphql(ORDERS)["orders"]["nodes"]) == 1


def test_a_draft_of_another_store_that_became_an_order_is_not_ordered_again(filled, tmp_path):
    first, *others = QUOTE
    rows = [{**first, "Status": "completed", "Order ID": "7001"}, *others]
    for options, result in (({}, "skipped"), ({"strict": True}, "failed")):
        told = {(result, "It became the order 7001, so no draft is made: import the order.")}
        assert set(came_of(filled, tmp_path, TYPE, *rows, **options)) == told
    assert fields(filled) == [] and filled.graphql(ORDERS)["orders"]["nodes"] == []


def test_a_draft_is_deleted(filled, tmp_path):
    quote(filled, tmp_path)
    row = {"ID": newest(filled)["id"], "Command": "DELETE"}
    assert results_of(filled, tmp_path, TYPE, row) == ["deleted"]
    assert filled.graphql(DRAFTS)["draftOrders"]["nodes"] == []


def test_a_draft_without_a_line_is_refused(filled, tmp_path):
    [(result, comment)] = came_of(filled, tmp_path, TYPE, {"Number": "8", "Note": "Empty"})
    assert (result, comment) == ("failed", "Add at least 1 product")


def test_a_draft_whose_answer_is_lost_is_made_once_and_its_mark_goes(filled, tmp_path):
    filled.misbehave(lose_answer=1, search_lag_ms=60_000)
    assert set(results_of(filled, tmp_path, TYPE, *QUOTE, tries=5)) == {"created"}
    [draft] = filled.graphql(DRAFTS)["draftOrders"]["nodes"]
    assert draft["tags"] == ["quote"]


def test_an_invoice_whose_answer_is_lost_is_sent_once(filled, tmp_path):
    quote(filled, tmp_path)
    filled.tell("sent")
    filled.misbehave(lose_answer=1)
    row = {"ID": newest(filled)["id"], "Send Invoice": "TRUE"}
    came_of(filled, tmp_path, TYPE, row, tries=5)
    assert fields(filled) == ["draftOrderInvoiceSend"]


TERMS = {
    "Payment Terms: Name": "Net 30",
    "Payment Terms: Issued At": "2026-12-01 00:00:00 +0000",
}


def terms(store: Store) -> dict[str, Any]:
    query = """query { draftOrders(first: 1, sortKey: ID, reverse: true) { nodes { paymentTerms {
      paymentTermsName paymentSchedules(first: 2) { nodes { dueAt } } } } } }"""
    [draft] = store.graphql(query)["draftOrders"]["nodes"]
    found: dict[str, Any] = draft["paymentTerms"]
    return found


def test_a_draft_gets_payment_terms_by_name_or_by_type_and_days(filled, tmp_path):
    first, *others = QUOTE
    found = came_of(filled, tmp_path, TYPE, first | TERMS, *others)
    assert {result for result, _ in found} == {"created"}, found
    whole = exported(filled, TYPE)
    row = whole[0]
    assert (row["Payment Terms: Type"], row["Payment Terms: Due In Days"]) == ("net", "30")
    assert row["Payment Terms: Due At"].startswith("2026-12-3")
    assert set(results_of(filled, tmp_path, TYPE, *whole)) == {"unchanged"}
    ref = newest(filled)["id"]
    longer = {"Payment Terms: Type": "net", "Payment Terms: Due In Days": "60"}
    longer["Payment Terms: Issued At"] = TERMS["Payment Terms: Issued At"]
    found = came_of(filled, tmp_path, TYPE, {"ID": ref} | longer)
    assert [result for result, _ in found] == ["updated"], found
    assert terms(filled)["paymentTermsName"] == "Net 60"
    fixed = {"Payment Terms: Type": "fixed", "Payment Terms: Due At": "2027-01-31"}
    assert results_of(filled, tmp_path, TYPE, {"ID": ref} | fixed) == ["updated"]
    fixed_terms = terms(filled)
    [schedule] = fixed_terms["paymentSchedules"]["nodes"]
    assert (fixed_terms["paymentTermsName"], schedule["dueAt"][:10]) == ("Fixed", "2027-01-31")
    unknown = {"ID": ref, "Payment Terms: Name": "Net 31"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, unknown)
    assert result == "failed" and "Net 31" in comment


def test_what_is_taken_off_a_whole_line_counts_for_each_of_it(filled, tmp_path):
    row = {"Number": "7", "Line: Type": "Line Item", "Line: Title": "Cup"}
    row |= {"Line: Quantity": "4", "Line: Price": "10", "Line: Discount": "-8"}
    assert results_of(filled, tmp_path, TYPE, row) == ["created"]
    found = exported(filled, TYPE)[0]
    assert (found["Line: Discount per Item"], found["Line: Total"]) == ("-2.00", "32.00")
    again = {"ID": found["ID"], **{h: found[h] for h in ("Line: ID", "Line: Discount")}}
    assert results_of(filled, tmp_path, TYPE, again) == ["unchanged"]


def test_a_mark_that_shopify_does_not_take_away_fails_no_row(store, tmp_path):
    store.misbehave(userErrors=1, from_mutation=2)
    [(result, comment), *_] = came_of(store, tmp_path, TYPE, *QUOTE)
    assert result == "created" and "The tag by which this import knows it stays on it: " in comment


@pytest.mark.parametrize(
    ("word", "price", "total"),
    [("Discount", "Discount: Value", "43.00"), ("Shipping Line", "Shipping: Price", "57.00")],
)
def test_of_what_a_draft_has_one_a_second_is_refused_and_another_takes_its_place(
    filled, tmp_path, word, price, total
):
    line = {"Number": "D1", "Line: Type": "Line Item", "Line: Title": "Cup"}
    line |= {"Line: Quantity": "1", "Line: Price": "50"}
    one = {"Number": "D1", "Line: Type": word, "Discount: Type": "fixed_amount", price: "5"}
    found = came_of(filled, tmp_path, TYPE, line, one, one | {price: "7"})
    words = f"Line: Type: a draft order has one {word}, here are 2."
    assert [told for told in found if told != ("failed", words)] == []
    assert set(results_of(filled, tmp_path, TYPE, line, one)) == {"created"}
    totals = "{ draftOrders(first: 9) { nodes { id totalPriceSet { shopMoney { amount } } } } }"
    draft = filled.graphql(totals)["draftOrders"]["nodes"][-1]
    changed = one | {"Number": "", "ID": draft["id"].rpartition("/")[2], price: "7"}
    assert results_of(filled, tmp_path, TYPE, changed) == ["updated"]
    after = filled.graphql(totals)["draftOrders"]["nodes"][-1]
    assert (after["id"], after["totalPriceSet"]["shopMoney"]["amount"]) == (draft["id"], total)


def test_a_dry_run_tells_what_shopify_cannot_read_and_calculates_the_others(filled, tmp_path):
    first = {**QUOTE[0], "Line: Quantity": "3000000000"}
    file = text_of([first, {**QUOTE[0], "Number": "8"}])
    job = filled.run_import(filled.keep(tmp_path, file, type=TYPE, dry_run=True))
    large, small = db.session.scalars(db.select(ImportObject).order_by(ImportObject.number))
    [told] = large.notes["warnings"]
    assert "Int cannot represent non 32-bit signed integer value: 3000000000" in told
    assert large.comment.endswith(told)
    assert small.notes["warnings"] == ["Shopify would make the total 100.00 USD."]
    assert job.counts == {"created": 2}
