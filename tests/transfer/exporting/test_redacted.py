"""What Shopify hides from the app is not told as empty: it is left out, and the job says so."""

import csv
import io

import orjson
import pytest

from models.job import COMPLETED

TYPES = ("customers", "orders", "draft_orders", "companies")
SEED = {"products": 6, "customers": 4, "companies": 2, "orders": 6, "draft_orders": 4}
HIDDEN = {
    "customers": {"Email", "First Name", "Phone", "Address Line 1", "Address Zip"},
    "orders": {"Email", "Order Status URL", "Customer: Email", "Billing: Name", "Shipping: Zip"},
    "draft_orders": {"Email", "Phone", "Customer: First Name", "Billing: Address 1"},
    "companies": {"Customer: Email", "Location: Shipping Recipient", "Location: Billing Last Name"},
}
SHOWN = {
    "customers": {"ID", "Note", "Address City", "Tags"},
    "orders": {"ID", "Name", "Billing: City", "Customer: ID", "Line: SKU"},
    "draft_orders": {"ID", "Name", "Shipping: Country", "Line: Title"},
    "companies": {"ID", "Name", "Location: Name", "Customer: ID"},
}


def headers(data: bytes) -> set[str]:
    return set(next(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))))


@pytest.mark.parametrize("bulk", [True, False], ids=["bulk", "pages"])
@pytest.mark.parametrize("name", TYPES)
def test_redacted_columns_are_left_out_and_told(store, name, bulk):
    store.tell("seed", **SEED)
    whole = headers(store.file(store.export(name)))
    assert HIDDEN[name] | SHOWN[name] <= whole
    store.misbehave(redact_customers=True, refuse_bulk=not bulk)
    job = store.export(name)
    assert (job.status, job.error) == (COMPLETED, None)
    left = headers(store.file(job))
    assert left & HIDDEN[name] == set()
    assert SHOWN[name] <= left
    told = "\n".join(job.warnings)
    assert [header for header in whole - left if header not in told] == []


def test_redacted_fields_are_not_in_the_lines_of_json(store):
    store.tell("seed", customers=3)
    store.misbehave(redact_customers=True)
    lines = store.file(store.export("customers", format="jsonl")).splitlines()
    for customer in map(orjson.loads, lines):
        assert "email" not in customer and "tags" in customer
        assert all("zip" not in address for address in customer["addressesV2"])


def test_nothing_is_left_out_where_nothing_is_hidden(store):
    store.tell("seed", customers=2)
    assert store.export("customers").warnings == []
