"""What is held about a customer is found wherever it stands, and goes when it is to go."""

import pytest

from models import db
from models.activity import Activity, record
from models.import_chunk import ImportChunk
from models.import_object import ImportObject, sealed
from models.import_row import ImportRow
from models.import_sheet import ImportSheet
from models.job import EXPORT, IMPORT, Job, new_id
from models.notice import Notice
from shops.customer_data import ERASED, WHY, Customer, FileWaiting, erase, held
from tests.cast import make_key

pytestmark = pytest.mark.both_databases

JO = {"id": 207119551, "email": "jo@example.com", "phone": "+15550100123"}
PAYLOAD = {"customer": JO, "orders_to_redact": [299938280263]}
HEADERS = ["ID", "Email", "Phone", "Note"]
ROWS = {
    2: ["207119551", "", "", "regular"],
    3: ["", "Jo@Example.com", "", ""],
    4: ["", "", "+1 (555) 010-0123", ""],
    5: ["1299938280263", "ann@example.com", "+15550100124", "not jo@example.community"],
    6: ["", "", "", "gid://shopify/Order/299938280263"],
    7: ["", "not.jo@example.com", "", "jo@example.com.au"],
}
JOS = [2, 3, 4, 6]


def keep_import(shop, rows=ROWS, **more):
    key, _ = make_key(shop, "customers:import", name=f"Import of {shop.id}")
    job = Job(id=new_id(IMPORT), shop_id=shop.id, key_id=key.id, kind=IMPORT, types=["customers"])
    job.sheets = [ImportSheet("customers", headers=HEADERS)]
    db.session.add(job)
    db.session.flush()
    for number, cells in rows.items():
        db.session.add(ImportRow(job_id=job.id, number=number, object=number, cells=cells))
        if more:
            db.session.add(ImportObject(job_id=job.id, number=number, action="create", **more))
    db.session.commit()
    return job


def imported(job, table=ImportRow):
    rows = db.session.scalars(db.select(table).filter_by(job_id=job.id))
    return {row.number: row for row in rows.all()}


@pytest.mark.parametrize(
    ("told", "text", "named"),
    [
        ({"email": "jo@example.com"}, "email:JO@example.com status:open", True),
        ({"email": "jo@example.com"}, "banjo@example.com", False),
        ({"email": "j.o+a@example.com"}, "jxo+a@example.com", False),
        ({"email": "jö@example.com"}, "Jö@example.com", True),
        ({"phone": "+15550100123"}, "0015550100123", True),
        ({"phone": "+15550100123"}, "155501001234", False),
        ({"phone": "123"}, "123", False),
        ({"id": 7}, "gid://shopify/Customer/7", True),
        ({"id": 7}, "gid://shopify/Customer/71", False),
        ({"id": 7}, "7", False),
        ({"id": 207119551}, "customer_id:207119551", True),
        ({"id": 207119551}, 207119551, True),
        ({"id": None, "email": None, "phone": None}, "", False),
        ({}, "anything", False),
    ],
)
def test_a_customer_is_known_by_id_address_and_number(told, text, named):
    customer = Customer.of({"customer": told})
    assert list(customer.among({"deep": [text]})) == ([str(text)] if named else [])
    assert customer.without({"deep": [text]}) == {"deep": [ERASED if named else text]}


def test_rows_of_imports_are_found_with_their_columns(shop):
    job = keep_import(shop)
    found = held(shop.id, Customer.of(PAYLOAD)).rows
    assert [row.number for row in found] == JOS
    assert found[0].job_id == job.id
    assert found[0].cells == {"ID": "207119551", "Note": "regular"}


def test_rows_about_the_same_object_go_along(shop):
    job = keep_import(shop, {2: ["", "jo@example.com", "", ""], 3: ["", "", "", "line"]}, key="#9")
    assert erase(shop.id, Customer.of(PAYLOAD))["import_rows"] == 2
    assert {row.key for row in imported(job, ImportObject).values()} == {""}
    assert [row.cells for row in imported(job).values()] == [[], []]


def test_an_erased_row_keeps_its_place_and_is_never_imported(shop):
    job = keep_import(shop, tried=True, comment="of jo@example.com", waits=True)
    imported(job, ImportObject)[3].result = "created"
    imported(job, ImportObject)[2].input_box = sealed(job.id, 2, {"calls": []})
    db.session.commit()
    erase(shop.id, Customer.of({"customer": JO}))
    db.session.commit()
    db.session.expire_all()
    rows, objects = imported(job), imported(job, ImportObject)
    assert rows[3].cells == rows[2].cells == []
    assert (objects[3].result, objects[2].result) == ("created", "skipped")
    assert objects[2].comment == WHY and objects[2].ref is objects[2].input_box is None
    assert [objects[number].waits for number in JOS] == [False] * 4


def test_a_row_that_was_not_planned_never_is(shop):
    job = keep_import(shop)
    erase(shop.id, Customer.of(PAYLOAD))
    db.session.commit()
    objects = imported(job, ImportObject)
    assert sorted(objects) == JOS
    assert {(planned.action, planned.result) for planned in objects.values()} == {
        ("skipped", "skipped")
    }


@pytest.mark.parametrize("box", ["before_box", "after_box", "input_box"])
def test_encrypted_cells_are_searched_as_well(shop, box):
    job = keep_import(shop, {2: ["", "", "", "x"], 3: ["", "", "", "y"]})
    for number, email in ((2, "jo@example.com"), (3, "ann@example.com")):
        cells = sealed(job.id, number, {"Email": email})
        assert cells and b"jo@example" not in cells and b"ann@" not in cells
        planned = {"action": "update", "comment": "changed", box: cells}
        db.session.add(ImportObject(job_id=job.id, number=number, **planned))
    db.session.commit()
    customer = Customer.of({"customer": JO})
    assert [row.number for row in held(shop.id, customer).rows] == [2]
    erase(shop.id, customer)
    db.session.commit()
    assert not held(shop.id, customer).rows
    objects = imported(job, ImportObject)
    assert objects[3].comment == "changed" and getattr(objects[2], box) is None


def test_a_file_that_waits_is_searched_once_it_is_unpacked(shop, other_shop):
    db.session.add(ImportChunk(job_id="imp_1", number=0, shop_id=shop.id, data=b"jo@example.com"))
    db.session.commit()
    for search in (held, erase):
        with pytest.raises(FileWaiting):
            search(shop.id, Customer.of(PAYLOAD))
        assert search(other_shop.id, Customer.of(PAYLOAD))
    ImportChunk.erase("imp_1")
    assert not any(held(shop.id, Customer.of(PAYLOAD)).counts.values())


def test_words_in_any_table_are_found_and_erased(shop):
    key, _ = make_key(shop, "orders:export", name="For jo@example.com")
    filters = {"orders": {"email": "jo@example.com", "status": ["open", "207119551"]}}
    job = Job(id=new_id(EXPORT), shop_id=shop.id, key_id=key.id, kind=EXPORT, types=["orders"])
    job.filters, job.error = filters, "Order of jo@example.com"
    job.operations = {"orders": {"passes": {"0": "gid://shopify/BulkOperation/207119551"}}}
    db.session.add(job)
    record(shop.id, "job.finished", actor_kind="key", actor=key.name, error="jo@example.com?")
    Notice.add(shop.id, "job.failed", "jo@example.com", {"detail": {"error": "jo@example.com"}})
    db.session.commit()
    customer = Customer.of(PAYLOAD)
    found = {name: count for name, count in held(shop.id, customer).counts.items() if count}
    assert found == {"activities": 2, "api_keys": 1, "jobs": 3, "notices": 1}
    assert held(shop.id, customer).texts["jobs"].count("jo@example.com") == 1
    erase(shop.id, customer)
    db.session.commit()
    db.session.expire_all()
    assert not any(held(shop.id, customer).counts.values())
    assert job.filters == {"orders": {"email": ERASED, "status": ["open", ERASED]}}
    assert (job.error, key.name) == (ERASED, ERASED)
    assert job.operations["orders"]["passes"]["0"].endswith("/207119551")
    notice = db.session.scalar(db.select(Notice))
    assert notice.recipient == "jo@example.com"  # the merchant's own address
    assert notice.payload == {"detail": {"error": ERASED}}
    assert db.session.scalar(db.select(Activity.detail))["error"] == ERASED


def test_another_shops_rows_are_neither_told_nor_touched(shop, other_shop):
    job = keep_import(other_shop)
    record(other_shop.id, "job.finished", actor_kind="key", error="jo@example.com")
    db.session.commit()
    customer = Customer.of(PAYLOAD)
    assert not any(held(shop.id, customer).counts.values())
    assert not any(erase(shop.id, customer).values())
    assert [row.cells for row in imported(job).values()] == list(ROWS.values())
    assert held(other_shop.id, customer).counts["import_rows"] == len(JOS)


def test_what_a_plan_says_of_the_customer_is_found_and_erased(shop):
    job = keep_import(shop, {2: ["", "", "", ""]}, notes={"warnings": ["jo@example.com is odd."]})
    customer = Customer.of(PAYLOAD)
    assert [row.number for row in held(shop.id, customer).rows] == [2]
    erase(shop.id, customer)
    db.session.commit()
    db.session.expire_all()
    assert db.session.get_one(ImportObject, (job.id, 2)).notes == {}
