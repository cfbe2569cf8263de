"""What is known of customers stays sealed, in their shop, and goes when they ask for it."""

import logging

import orjson

from models import db
from models.import_object import ImportObject
from models.import_row import ImportRow
from models.job import IMPORT, Job
from shops.customer_data import Customer, erase
from tests.transfer.importing.files import exported, imported, text_of
from tests.transfer.importing.test_rows import results
from transfer.importing.plan_file import objects
from transfer.importing.rows import results_file
from transfer.permissions import IMPORTS

ANN = {"Email": "ann@x.example", "First Name": "Ann", "Note": "Secret of Ann"}
BOB = {"Email": "bob@x.example", "First Name": "Bob", "Note": "Note of Bob"}
CLUB = {"Name": "Club", "Location: Name": "Oslo", "Customer: Location Role": "Ordering only"}


def jobs(store) -> list[Job]:
    query = db.select(Job).filter_by(shop_id=store.shop.id, kind=IMPORT)
    return list(db.session.scalars(query))


def kept(store) -> str:
    """All that is kept of imports, opened."""
    found: list[object] = []
    for job in jobs(store):
        query = db.select(ImportObject).filter_by(job_id=job.id)
        for one in db.session.scalars(query):
            found += [one.before, one.after, one.input, one.comment, one.key, one.ref]
        rows = db.select(ImportRow.cells).filter_by(job_id=job.id)
        found += db.session.scalars(rows)
        found.append(b"".join(results_file(job)).decode())
        found += [str(each.changes) for each in objects(job)]
    return orjson.dumps(found).decode()


def test_a_customer_who_asks_is_forgotten_in_plans_and_files(store, tmp_path):
    store.key.permissions = list(IMPORTS)
    imported(store, tmp_path, "customers", ANN, BOB)
    rows = [CLUB | {"Customer: Email": one["Email"]} for one in (ANN, BOB)]
    imported(store, tmp_path, "companies", *rows)
    other = {"Name": "Others", "Location: Name": "Bergen"}
    imported(store, tmp_path, "companies", other)
    assert "Secret of Ann" in kept(store) and "ann@x.example" in kept(store)
    [row] = [row for row in exported(store, "customers") if row["First Name"] == "Ann"]
    payload = {"customer": {"id": int(row["ID"]), "email": "ann@x.example"}}
    erase(store.shop.id, Customer.of(payload))
    db.session.commit()
    left = kept(store)
    assert "Secret of Ann" not in left and "ann@x.example" not in left
    assert "Note of Bob" in left and "Bergen" in left


def test_cells_of_customers_are_sealed_and_reach_no_log(store, tmp_path, caplog):
    store.key.permissions = list(IMPORTS)
    caplog.set_level(logging.DEBUG)
    wrong = {"Email": "cleo@x.example", "Phone": "0151 99887766"}
    imported(store, tmp_path, "customers", ANN, wrong)
    for secret in ("ann@x.example", "Secret of Ann", "cleo@x.example", "99887766"):
        assert secret not in caplog.text
    [job] = jobs(store)
    for one in db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id)):
        boxes = (one.before_box, one.after_box, one.input_box)
        assert not any(b"Secret" in bytes(box) for box in boxes if box)


def test_customers_of_another_shop_are_neither_found_nor_changed(store, other_store, tmp_path):
    for each in (store, other_store):
        each.key.permissions = list(IMPORTS)
    imported(store, tmp_path, "customers", ANN)
    [row] = exported(store, "customers")
    store.tell("sent")
    text = text_of([{"ID": row["ID"], "Email": "ann@x.example", "Note": "Taken"}])
    job = other_store.run_import(other_store.keep(tmp_path, text, type="customers"))
    assert [one["Import Result"] for one in results(job)] == ["created"]
    assert store.changes_sent() == []
    assert exported(store, "customers")[0]["Note"] == "Secret of Ann"
    assert exported(other_store, "customers")[0]["ID"] != row["ID"]


LINE = {"Line: Type": "Line Item", "Line: Title": "Cup", "Line: Quantity": "1", "Line: Price": "5"}
SALES = {
    "orders": {"Name": "W-{}", "Command": "NEW", "Shipping: First Name": "{}"} | LINE,
    "draft_orders": {"Name": "{}", "Note": "For {}", "Billing: First Name": "{}"} | LINE,
}


def test_a_customer_who_asks_is_forgotten_in_orders_and_drafts(store, tmp_path):
    """Cells before and after, and the plans of both types; of others everything stays."""
    store.key.permissions = list(IMPORTS)
    for type_, row in SALES.items():
        rows = [
            {header: cell.format(name) for header, cell in row.items()} | {"Email": email}
            for name, email in (("Ann", "ann@x.example"), ("Bob", "bob@x.example"))
        ]
        imported(store, tmp_path, type_, *rows)
    assert "ann@x.example" in kept(store)
    erase(store.shop.id, Customer.of({"customer": {"id": 1, "email": "ann@x.example"}}))
    db.session.commit()
    left = kept(store)
    assert "ann@x.example" not in left and "For Ann" not in left and "W-Ann" not in left
    assert "bob@x.example" in left and "For Bob" in left
