"""Imports of orders that are there: what people do with them every day."""

from typing import Any

import pytest

from models.job import APPLYING, Job
from tests.transfer.importing.files import (
    came_of,
    imported,
    results_of,
    unchanged,
    undone,
    undone_rows,
)
from tests.transfer.importing.test_store import points_spent
from transfer.exporting.file import PAGES
from transfer.importing import steps
from transfer.importing.store import prepare
from transfer.types import BY_NAME
from transfer.types.orders import REFUNDED

TYPE = "orders"
ORDERS = """query { orders(first: 50, sortKey: ID) { nodes { id name tags note poNumber closed
  cancelledAt cancelReason displayFinancialStatus displayFulfillmentStatus email
  customAttributes { key value } shippingAddress { address1 city countryCodeV2 lastName }
  fulfillments { id status displayStatus trackingInfo { company number url }
    fulfillmentLineItems(first: 5) { nodes { quantity lineItem { sku } } } }
  lineItems(first: 5) { nodes { id sku quantity unfulfilledQuantity } } } } }"""
TO_BE_SENT = """query { orders(first: 50) {
  nodes { name fulfillmentOrders(first: 2) { nodes { status } } } } }"""
NUMBER = """mutation ($id: ID!) { fulfillmentTrackingInfoUpdate(fulfillmentId: $id,
  trackingInfoInput: {company: "UPS", numbers: ["1Z777"]}) { userErrors { message } } }"""
OPEN = {"status": "OPEN"}
SENT, UNSENT, UNPAID, UNSENT_TOO = "#1002", "#1003", "#1004", "#1009"
TRACKED: dict[str, str] = {
    "Name": UNSENT,
    "Command": "UPDATE",
    "Line: Type": "Fulfillment Line",
    "Fulfillment: Status": "success",
    "Fulfillment: Tracking Company": "UPS",
    "Fulfillment: Tracking Number": "1Z999",
    "Fulfillment: Send Receipt": "",
}


@pytest.fixture
def filled(store):
    store.tell("seed", products=6, customers=4, orders=12)
    store.tell("sent")
    return store


def order(store, name: str) -> dict[str, Any]:
    nodes = store.graphql(ORDERS)["orders"]["nodes"]
    return next(node for node in nodes if node["name"] == name)


def fields(store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def sent_of(fulfillment: dict[str, Any]) -> dict[str, int]:
    parts = fulfillment["fulfillmentLineItems"]["nodes"]
    return {part["lineItem"]["sku"]: part["quantity"] for part in parts}


def test_tags_notes_and_other_details_of_an_order(filled, tmp_path):
    row = {
        "Name": "1001",
        "Tags": "new, gift",
        "Tags Command": "MERGE",
        "Note": "Call first",
        "Purchase Order Number": "PO-7",
        "Email": "new@x.example",
        "Additional Details": "Gift note: For Al\nFloor: 3",
    }
    assert came_of(filled, tmp_path, TYPE, row)[0][0] == "updated"
    assert fields(filled) == ["orderUpdate"]
    found = order(filled, "#1001")
    assert (found["tags"], found["note"]) == (["gift", "new", "phone order"], "Call first")
    assert (found["poNumber"], found["email"]) == ("PO-7", "new@x.example")
    assert found["customAttributes"] == [
        {"key": "Gift note", "value": "For Al"},
        {"key": "Floor", "value": "3"},
    ]
    assert results_of(filled, tmp_path, TYPE, row) == ["unchanged"]
    assert fields(filled) == []


def test_tracking_numbers_send_the_rest_of_an_order_and_nobody_is_told(filled, tmp_path):
    assert results_of(filled, tmp_path, TYPE, TRACKED) == ["updated"]
    [sent] = filled.changes_sent()
    assert sent["field"] == "fulfillmentCreate"
    assert sent["arguments"]["fulfillment"]["notifyCustomer"] is False
    found = order(filled, UNSENT)
    [fulfillment] = found["fulfillments"]
    assert found["displayFulfillmentStatus"] == "FULFILLED"
    assert fulfillment["trackingInfo"] == [{"company": "UPS", "number": "1Z999", "url": None}]
    assert len(sent_of(fulfillment)) == 3


TO_HOLD = """query { orders(first: 50) { nodes { name fulfillmentOrders(first: 2) { nodes { id
  lineItems(first: 5) { nodes { lineItem { sku } } } } } } } }"""
HOLD = """mutation ($id: ID!) { fulfillmentOrderHold(id: $id,
  fulfillmentHold: {reason: INVENTORY_OUT_OF_STOCK}) { userErrors { message } } }"""
RELEASE = """mutation ($id: ID!) {
  fulfillmentOrderReleaseHold(id: $id) { userErrors { message } } }"""


def test_an_order_on_hold_fails_with_that_word_and_is_never_released(filled, tmp_path):
    nodes = filled.graphql(TO_HOLD)["orders"]["nodes"]
    [one] = next(o for o in nodes if o["name"] == UNSENT)["fulfillmentOrders"]["nodes"]
    filled.graphql(HOLD, id=one["id"])
    filled.changes_sent()
    assert came_of(filled, tmp_path, TYPE, TRACKED) == [
        ("failed", "The order is on hold. Release the hold in the Shopify admin first.")
    ]
    assert filled.changes_sent() == []
    filled.graphql(RELEASE, id=one["id"])
    filled.changes_sent()
    assert results_of(filled, tmp_path, TYPE, TRACKED) == ["updated"]
    assert fields(filled) == ["fulfillmentCreate"]


def test_of_an_order_that_is_partly_on_hold_only_named_lines_are_sent(filled, tmp_path):
    """What was called off is to be sent again by itself, so one part can be held alone."""
    first = next(iter(sent_line(filled)))
    assert results_of(filled, tmp_path, TYPE, TRACKED | {"Line: SKU": first}) == ["updated"]
    assert undone(filled) == ["updated"]
    nodes = filled.graphql(TO_HOLD)["orders"]["nodes"]
    parts = next(o for o in nodes if o["name"] == UNSENT)["fulfillmentOrders"]["nodes"]
    [held] = [one for one in parts if len(one["lineItems"]["nodes"]) == 1]
    filled.graphql(HOLD, id=held["id"])
    filled.changes_sent()
    [(result, why)] = came_of(filled, tmp_path, TYPE, TRACKED)
    assert (result, why[:37]) == ("failed", "A part of the order is on hold. Relea")
    [(result, why)] = came_of(filled, tmp_path, TYPE, TRACKED | {"Line: SKU": first})
    assert (result, why[:25]) == ("failed", f"{first}: it is on hold. R"[:25])
    assert filled.changes_sent() == []
    other = next(sku for sku in sent_line(filled) if sku != first)
    assert results_of(filled, tmp_path, TYPE, TRACKED | {"Line: SKU": other}) == ["updated"]
    assert fields(filled) == ["fulfillmentCreate"]


def sent_line(store) -> list[str]:
    return [line["sku"] for line in order(store, UNSENT)["lineItems"]["nodes"]]


def test_what_is_scheduled_is_opened_before_it_is_sent(filled, tmp_path):
    filled.misbehave(preorders=True)
    line = {"Name": "P-1", "Line: Type": "Line Item", "Line: Title": "Cup", "Command": "NEW"}
    line |= {"Line: Quantity": "1", "Line: Price": "5"}
    assert results_of(filled, tmp_path, TYPE, line) == ["created"]
    filled.changes_sent()
    assert results_of(filled, tmp_path, TYPE, TRACKED | {"Name": "P-1"}) == ["updated"]
    assert fields(filled) == ["fulfillmentOrderOpen", "fulfillmentCreate"]
    assert order(filled, "P-1")["displayFulfillmentStatus"] == "FULFILLED"


def test_parcels_cost_hardly_more_than_the_calls_that_send_them(store, tmp_path, caplog):
    """Before they are sent nothing is read of the orders but what was sent of them."""
    store.tell("seed", products=2, orders=50)
    nodes = store.graphql(TO_BE_SENT)["orders"]["nodes"]
    names = [one["name"] for one in nodes if one["fulfillmentOrders"]["nodes"] == [OPEN]]
    text = "Name,Line: Type,Fulfillment: Status,Fulfillment: Tracking Number\n"
    text += "".join(f"{name},Fulfillment Line,success,1Z{name[1:]}\n" for name in names)
    job = store.begun(tmp_path, text, type=TYPE)
    assert len(names) == 8 and job.status == APPLYING
    store.changes_sent()  # those of other tests
    caplog.set_level("INFO", "shopify.admin")
    while steps.apply(job.id):
        pass
    points = points_spent(caplog)
    assert len(store.changes_sent()) == len(names) and points <= 13 * len(names)


def test_refunded_lines_are_read_only_for_a_file_that_has_refunds(store, tmp_path):
    """Of many orders: they are asked for one by one, at some 20 points each."""
    run = str(BY_NAME[TYPE].passes.index(REFUNDED))

    def how(header: str, cell: str) -> str | None:
        text = f"Name,{header}\n" + "".join(f"#{n},{cell}\n" for n in range(1001, 1013))
        job = store.keep(tmp_path, text, type=TYPE)
        assert steps.begin(job.id) and steps.unpack(job.id)
        prepare(job.id)
        passes: dict[str, str | None] = Job.fresh(job.id).operations[TYPE]["passes"]
        return passes[run]

    assert how("Note", "Fragile") is None and how("Line: Type", "Fulfillment Line") is None
    assert how("Refund: ID", "") == PAGES
    assert how("Line: Type", "refund line") == PAGES


def test_a_daily_file_that_is_sent_twice_sends_nothing_twice(filled, tmp_path):
    row = TRACKED | {"Fulfillment: Send Receipt": "TRUE"}
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    [sent] = filled.changes_sent()
    assert sent["arguments"]["fulfillment"]["notifyCustomer"] is True
    assert results_of(filled, tmp_path, TYPE, row) == ["unchanged"]
    assert fields(filled) == []


def test_a_part_of_an_order_is_sent_by_sku_and_quantity(filled, tmp_path):
    part = {"Line: SKU": "00005-03", "Line: Quantity": "2"}
    assert results_of(filled, tmp_path, TYPE, TRACKED | part) == ["updated"]
    found = order(filled, UNSENT)
    assert found["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    assert sent_of(found["fulfillments"][0]) == {"00005-03": 2}
    rest = TRACKED | {"Fulfillment: Tracking Number": "1Z888"}
    assert results_of(filled, tmp_path, TYPE, rest) == ["updated"]
    found = order(filled, UNSENT)
    assert sent_of(found["fulfillments"][1]) == {"00005-03": 1, "00006-04": 1, "00001-05": 2}
    assert found["displayFulfillmentStatus"] == "FULFILLED"


def test_several_rows_of_one_number_are_one_parcel(filled, tmp_path):
    rows = [TRACKED | {"Line: SKU": sku, "Line: Quantity": "1"} for sku in ("00005-03", "00006-04")]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    [fulfillment] = order(filled, UNSENT)["fulfillments"]
    assert sent_of(fulfillment) == {"00005-03": 1, "00006-04": 1}


def test_the_tracking_of_a_fulfillment_that_is_there_changes(filled, tmp_path):
    fulfillment = order(filled, SENT)["fulfillments"][0]
    row = {
        "Name": SENT,
        "Line: Type": "Fulfillment Line",
        "Fulfillment: ID": fulfillment["id"].rpartition("/")[2],
        "Fulfillment: Tracking Company": "DHL",
        "Fulfillment: Tracking Number": "JD1, JD2",
        "Fulfillment: Tracking URL": "https://dhl.example/1, https://dhl.example/2",
        "Fulfillment: Shipment Status": "out_for_delivery",
    }
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    update, event = filled.changes_sent()
    assert update["field"] == "fulfillmentTrackingInfoUpdate"
    assert update["arguments"]["notifyCustomer"] is False
    assert event["field"] == "fulfillmentEventCreate"
    [found] = order(filled, SENT)["fulfillments"]
    assert [one["number"] for one in found["trackingInfo"]] == ["JD1", "JD2"]
    assert found["displayStatus"] == "OUT_FOR_DELIVERY"
    assert results_of(filled, tmp_path, TYPE, row) == ["unchanged"]


def test_an_order_is_cancelled_as_the_file_says(filled, tmp_path):
    row = {
        "Name": UNSENT,
        "Cancel: Reason": "customer",
        "Cancel: Send Receipt": "NO",
        "Cancel: Refund": "YES",
    }
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    [sent] = filled.changes_sent()
    assert sent["field"] == "orderCancel"
    given = sent["arguments"]
    assert given | {"orderId": "", "staffNote": None} == {
        "orderId": "",
        "staffNote": None,
        "reason": "CUSTOMER",
        "restock": True,
        "notifyCustomer": False,
        "refundMethod": {"originalPaymentMethodsRefund": True},
    }
    found = order(filled, UNSENT)
    assert (found["cancelReason"], found["displayFinancialStatus"]) == ("CUSTOMER", "REFUNDED")
    assert results_of(filled, tmp_path, TYPE, row) == ["unchanged"]
    assert fields(filled) == []


def test_a_date_alone_cancels_and_gives_no_money_back(filled, tmp_path):
    row = {"Name": UNSENT, "Cancelled At": "2026-10-01"}
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    [sent] = filled.changes_sent()
    assert sent["arguments"]["refundMethod"] == {"originalPaymentMethodsRefund": False}
    assert order(filled, UNSENT)["displayFinancialStatus"] == "PAID"


def test_nothing_is_sent_of_a_cancelled_order(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, {"Name": UNSENT, "Cancel: Reason": "customer"})
    [(result, comment)] = came_of(filled, tmp_path, TYPE, TRACKED)
    assert (result, comment) == ("failed", "The order is cancelled, so nothing of it is sent.")


def test_an_order_that_is_sent_is_not_cancelled_and_shopify_says_so(filled, tmp_path):
    [(result, comment)] = came_of(
        filled, tmp_path, TYPE, {"Name": SENT, "Cancel: Reason": "customer"}
    )
    assert (result, comment) == ("failed", "Cannot cancel a fulfilled order")


NO_TYPE = (
    "Fulfillment: Status was not imported: the Line: Type is empty. Write “Fulfillment Line” there."
)
FIRST_SKU = "the SKU of its first line"
NOTHING_IS_SENT: dict[str, tuple[str, list[dict[str, str]], str, str]] = {
    "two parcels of more than is left": (
        "UNFULFILLED",
        [
            TRACKED | {"Line: SKU": FIRST_SKU},
            TRACKED | {"Line: SKU": FIRST_SKU, "Fulfillment: Tracking Number": "1Z998"},
        ],
        "failed",
        ": more is to be sent than is left on the order.",
    ),
    "more than is left": (
        "UNFULFILLED",
        [TRACKED | {"Line: SKU": FIRST_SKU, "Line: Quantity": "9"}],
        "failed",
        ": more is to be sent than is left on the order.",
    ),
    "a number where nothing is left": (
        "FULFILLED",
        [TRACKED],
        "failed",
        "Nothing is left to be sent. To change how a fulfillment is tracked, fill in its "
        "Fulfillment: ID.",
    ),
    "no number where nothing is left": (
        "FULFILLED",
        [{"Line: Type": "Fulfillment Line", "Fulfillment: Status": "success"}],
        "unchanged",
        "",
    ),
    "no Line: Type": ("UNFULFILLED", [TRACKED | {"Line: Type": ""}], "unchanged", NO_TYPE),
    "no Line: Type beside a SKU": (
        "UNFULFILLED",
        [TRACKED | {"Line: Type": "", "Line: SKU": FIRST_SKU}],
        "unchanged",
        NO_TYPE,
    ),
    "another Line: Type": (
        "UNFULFILLED",
        [TRACKED | {"Line: Type": "Line Item", "Line: SKU": FIRST_SKU}],
        "unchanged",
        NO_TYPE.replace("empty", "“Line Item”"),
    ),
    "what is said of a mail alone": (
        "UNFULFILLED",
        [{"Cancel: Send Receipt": "TRUE", "Cancel: Refund": "TRUE"}],
        "unchanged",
        "",
    ),
    "a receipt that is asked for": (
        "UNFULFILLED",
        [{"Send Receipt": "TRUE"}],
        "unchanged",
        "Send Receipt: “false” stays. Shopify lets no app change it in an order that is there; "
        "edit the order in its admin.",
    ),
    "a receipt that is not": ("UNFULFILLED", [{"Send Receipt": "FALSE"}], "unchanged", ""),
}


def test_what_sends_nothing_is_told_with_the_reason(store, tmp_path):
    """Each case has an order of its own, which is as it says."""
    store.tell("seed", products=2, orders=50)
    nodes = store.graphql(ORDERS)["orders"]["nodes"]
    free = [one for one in nodes if not one["cancelledAt"]]
    rows, names = [], {}
    for case, (status, cells, *_) in NOTHING_IS_SENT.items():
        [it, *_] = [one for one in free if one["displayFulfillmentStatus"] == status]
        free.remove(it)
        names[case] = it["name"]
        for of_row in cells:
            sku = {"Line: SKU": it["lineItems"]["nodes"][0]["sku"]}
            named = of_row | (sku if of_row.get("Line: SKU") == FIRST_SKU else {})
            rows.append(named | {"Name": it["name"]})
    store.changes_sent()
    found = imported(store, tmp_path, TYPE, *rows)
    for case, (_, _, result, words) in NOTHING_IS_SENT.items():
        told = [
            (row["Import Result"], row["Import Comment"])
            for row in found
            if row["Name"] == names[case]
        ]
        assert {one for one, _ in told} == {result}, (case, told)
        exact = words[:1] != ":"
        assert told[0][1] == words if exact else told[0][1].endswith(words), (case, told)
    assert fields(store) == []
    assert store.graphql(ORDERS)["orders"]["nodes"] == nodes


def test_an_order_is_marked_as_paid_once(filled, tmp_path):
    row = {"Name": UNPAID, "Payment: Status": "paid"}
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    assert fields(filled) == ["orderMarkAsPaid"]
    assert order(filled, UNPAID)["displayFinancialStatus"] == "PAID"
    assert results_of(filled, tmp_path, TYPE, row) == ["unchanged"]
    assert fields(filled) == []


def test_another_payment_status_is_told_and_not_written(filled, tmp_path):
    [(result, comment)] = came_of(
        filled, tmp_path, TYPE, {"Name": UNPAID, "Payment: Status": "refunded", "Note": "Wait"}
    )
    assert result == "updated"
    assert comment.endswith(
        "Payment: Status: Shopify makes it of the payments; of an order that is there only paid "
        "can be said."
    )
    assert order(filled, UNPAID)["displayFinancialStatus"] == "PENDING"


def test_orders_are_archived_and_reopened(filled, tmp_path):
    rows = [{"Name": UNSENT, "Archived": "TRUE"}, {"Name": SENT, "Archived": "no"}]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    assert fields(filled) == ["orderClose", "orderOpen"]
    assert (order(filled, UNSENT)["closed"], order(filled, SENT)["closed"]) == (True, False)
    row = {"Name": SENT, "Closed At": "2026-11-01"}
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    assert order(filled, SENT)["closed"] is True
    cleared = {"Name": SENT, "Closed At": ""}
    assert results_of(filled, tmp_path, TYPE, cleared, blank="clear") == ["unchanged"]


@pytest.mark.everything
def test_an_export_of_orders_is_imported_unchanged(filled, tmp_path):
    unchanged(filled, tmp_path, TYPE)
    assert fields(filled) == []


def test_an_undo_calls_off_what_the_import_has_sent_and_nothing_else(filled, tmp_path):
    part = TRACKED | {"Line: SKU": "00005-03", "Line: Quantity": "2"}
    assert results_of(filled, tmp_path, TYPE, part) == ["updated"]
    rest = TRACKED | {"Fulfillment: Tracking Number": "1Z888", "Note": "Sent"}
    assert results_of(filled, tmp_path, TYPE, rest) == ["updated"]
    filled.changes_sent()
    assert undone(filled) == ["updated"]
    assert fields(filled) == ["orderUpdate", "fulfillmentCancel"]
    found = order(filled, UNSENT)
    assert [one["status"] for one in found["fulfillments"]] == ["SUCCESS", "CANCELLED"]
    assert (found["displayFulfillmentStatus"], found["note"]) == ("PARTIALLY_FULFILLED", None)
    assert results_of(filled, tmp_path, TYPE, rest) == ["updated"]  # it can be sent again
    assert order(filled, UNSENT)["displayFulfillmentStatus"] == "FULFILLED"


def test_an_undo_leaves_a_parcel_whose_number_somebody_has_changed(filled, tmp_path):
    unnumbered = {name: cell for name, cell in TRACKED.items() if "Tracking" not in name}
    rows = [TRACKED, unnumbered | {"Name": UNSENT_TOO}]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    filled.graphql(NUMBER, id=order(filled, UNSENT)["fulfillments"][0]["id"])
    filled.changes_sent()
    one, other = undone_rows(filled)
    assert (one["Import Result"], fields(filled)) == ("updated", ["fulfillmentCancel"])
    assert other["Import Result"] == "unchanged"
    assert other["Import Comment"] == "Changed since the import and left as it is: 1Z777."
    assert order(filled, UNSENT_TOO)["fulfillments"][0]["status"] == "CANCELLED"


def test_an_undo_of_a_cancelled_fulfillment_sends_nothing(filled, tmp_path):
    gid = order(filled, SENT)["fulfillments"][0]["id"].rpartition("/")[2]
    row = {"Name": SENT, "Line: Type": "Fulfillment Line", "Fulfillment: ID": gid}
    assert results_of(filled, tmp_path, TYPE, row | {"Fulfillment: Status": "cancelled"}) == [
        "updated"
    ]
    assert fields(filled) == ["fulfillmentCancel"]
    assert (undone(filled), fields(filled)) == (["unchanged"], [])
