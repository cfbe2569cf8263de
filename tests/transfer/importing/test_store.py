"""What an import reads of the store before it plans, and what its plan tells of the whole file."""

import csv
import io
import re

import pytest

from models.import_object import ImportObject
from models.job import COMPLETED, PLANNED
from shops.access import admin_for
from tests.transfer.importing.boxes import BOX_7, BOXES, gid
from tests.transfer.importing.test_rows import results
from transfer.importing import lookup, planning, steps
from transfer.importing import store as stores
from transfer.importing.columns import compiled
from transfer.importing.lookup import store_snapshot
from transfer.importing.named_columns import with_undefined
from transfer.importing.store_index import StoreIndex
from transfer.types import BY_NAME
from transfer.types.shop_facts import MetafieldDefinition, ShopFacts

QUERIES = """query { bulkOperations(first: 50, query: "operation_type:query") { nodes { id } } }"""
HEADERS = ("ID", "Handle", "Title", "SKU", "Price", "Updated At")
ROWS = [
    ["7", "tee", "Tee", "007", "1.00"],
    ["7", "tee", "Tee", "B-2", "1.00"],
    ["7", "tee", "Tee", "B-3", "1.00"],
]


def bulk_queries(store) -> int:
    return len(store.graphql(QUERIES)["bulkOperations"]["nodes"])


@pytest.fixture
def index():
    made = StoreIndex(compiled(BOXES, HEADERS, ShopFacts()))
    made.fill([BOX_7, BOX_7 | {"id": gid(8, "Product"), "handle": "other", "variants": []}])
    yield made
    made.close()


def test_rows_like_an_exports_are_known_by_id_or_key(index):
    by_id, by_key = gid(7, "Product"), "tee"
    found = index.unchanged({by_id: ROWS, by_key: ROWS, "none": ROWS})
    assert found == {by_id: (by_id, "tee"), by_key: (by_id, "tee")}


def test_rows_as_a_spreadsheet_program_keeps_them_are_known(index):
    rows = [[*row[:4], number] for row, number in zip(ROWS, ("1", "1.0", " 1.00"), strict=True)]
    assert index.unchanged({"tee": rows}) == {"tee": (gid(7, "Product"), "tee")}


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[:2],
        ROWS[::-1],
        [ROWS[0], ROWS[1], [*ROWS[2][:4], "1.01"]],
        [["7", "tee", "Tee", "7", "1.00"], *ROWS[1:]],
        [["7", "tee", "Tee"], *ROWS[1:]],
    ],
)
def test_other_rows_are_not(index, rows):
    assert index.unchanged({"tee": rows}) == {}


def test_a_name_that_two_have_tells_neither(index):
    assert index.unchanged({"1\x1eTee": ROWS}) == {}
    assert {item["handle"] for item in index.items(["1\x1eTee"])} == {"tee", "other"}


def planned(store, folder, text: str, **options):
    job = store.run_import(store.keep(folder, text, dry_run=True, **options))
    assert (job.status, job.error) == (PLANNED, None)
    return job


def test_of_many_objects_all_of_a_large_store_is_read_in_bulk(store, small_batches, tmp_path):
    store.tell("seed", redirects=stores.FEW_IN_STORE + 10)
    job = store.export("redirects")
    rows = list(csv.reader(io.StringIO(store.file(job).decode("utf-8-sig"))))
    before = bulk_queries(store)
    rows[5][-1] = "/changed"
    text = "\n".join(",".join(row) for row in rows)
    job = planned(store, tmp_path, text)
    assert bulk_queries(store) == before + 1
    assert job.counts == {"unchanged": len(rows) - 2, "updated": 1}
    few = planned(store, tmp_path, "\n".join(",".join(row) for row in rows[: stores.FEW]))
    assert bulk_queries(store) == before + 1
    assert few.counts == {"unchanged": stores.FEW - 2, "updated": 1}


def test_more_keys_than_one_search_takes_are_all_found(store, small_batches, tmp_path):
    count = 2 * lookup.KEYS_AT_ONCE + 1
    text = "Path,Target\n" + "".join(f"/p{number},/x\n" for number in range(count))
    assert store.run_import(store.keep(tmp_path, text)).counts == {"created": count}
    assert planned(store, tmp_path, text).counts == {"unchanged": count}


def test_objects_with_children_are_read_in_bulk_from_a_dozen_on(store, tmp_path):
    store.tell("seed", products=stores.FEW_WITH_CHILDREN + 1)
    text = store.read("products").decode("utf-8-sig")
    before = bulk_queries(store)
    job = planned(store, tmp_path, text, type="products")
    assert set(job.counts) == {"unchanged"} and bulk_queries(store) > before

    header, *rows = csv.reader(io.StringIO(text))
    handles = list(dict.fromkeys(row[header.index("Handle")] for row in rows))
    before = bulk_queries(store)
    few = "Handle,Vendor\n" + "".join(f"{handle},Acme\n" for handle in handles[:-1])
    job = planned(store, tmp_path, few, type="products")
    assert job.counts == {"updated": len(handles) - 1} and bulk_queries(store) == before


def points_spent(caplog) -> int:
    """What the calls cost that the app has logged; forgets them."""
    costs = [re.search(r"cost (\d+) of", record.getMessage()) for record in caplog.records]
    caplog.clear()
    return sum(int(cost[1]) for cost in costs if cost)


def test_before_it_writes_prices_an_import_reads_no_stock_and_no_metafields(
    store, tmp_path, caplog
):
    store.tell("seed", products=8, metafield_definitions=16)
    header, *rows = csv.reader(io.StringIO(store.read("products").decode("utf-8-sig")))
    handle, sku, price = (header.index(f) for f in ("Handle", "Variant SKU", "Variant Price"))
    text = "Handle,Variant SKU,Variant Price\n"
    text += "".join(f"{r[handle]},{r[sku]},{float(r[price]) + 1}\n" for r in rows if r[sku])
    job = store.begun(tmp_path, text, type="products")
    objects = ImportObject.to_write(job.id, 0, 99)
    assert len(objects) == 8
    caplog.set_level("INFO", "shopify.admin")
    admin = admin_for(store.shop.id)
    columns = stores.columns_of(job, job.sheets[0], admin)
    refs = [one.ref for one in objects if one.ref]
    caplog.clear()
    whole = store_snapshot(admin, columns, refs, ())
    all_points = points_spent(caplog)
    narrow = store_snapshot(admin, columns, refs, (), {"Variant Price"})
    points = points_spent(caplog)
    assert 0 < points < all_points / 2
    for ref in refs:
        known, other = whole.with_ref(ref), narrow.with_ref(ref)
        assert known and other
        assert [m.cells["Variant Price"] for m in known.members["variants"]] == [
            m.cells["Variant Price"] for m in other.members["variants"]
        ]


def test_another_worker_reads_the_store_again_and_plans_on(store, tmp_path):
    store.tell("seed", redirects=300)
    text = store.read("redirects").decode("utf-8-sig") + '"","/new","MERGE","/t"\n'
    job = store.keep(tmp_path, text, dry_run=True)
    assert steps.begin(job.id) and steps.unpack(job.id)
    assert stores.prepare(job.id) == []
    [sheet] = job.sheets
    admin = admin_for(store.shop.id)
    columns = stores.columns_of(job, sheet, admin)
    first = stores.index_of(job, sheet, columns, admin)
    assert stores.index_of(job, sheet, columns, admin) is first
    stores.close(job.id)
    assert stores.index_of(job, sheet, columns, admin) is not first
    while planning.make_plan(job.id):
        pass
    assert job.counts == {"unchanged": 300}
    assert [name for name in stores._indexes if name[0] == job.id] == []


def test_columns_that_cannot_be_written_are_told_once_for_the_file(store, tmp_path):
    store.tell("seed", products=3)
    text = store.read("products").decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    places = {name: header.index(name) for name in ("Total Inventory Qty", "URL", "Updated At")}
    for row in rows:
        for place in places.values():
            row[place] = "9999"
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    job = planned(store, tmp_path, file.getvalue(), type="products")
    assert job.counts == {"unchanged": len(rows)}
    assert sorted(job.warnings) == [
        "“Total Inventory Qty” cannot be written; 3 rows differ.",
        "“URL” cannot be written; 3 rows differ.",
    ]


def test_blank_cells_that_are_kept_are_counted_by_column(store, tmp_path):
    store.tell("seed", products=3)
    text = store.read("products").decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    for row in rows:
        row[header.index("Vendor")] = ""
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    job = planned(store, tmp_path, file.getvalue(), type="products")
    assert job.import_state.blanks == {"Vendor": 3} and job.counts == {"unchanged": len(rows)}
    cleared = planned(store, tmp_path, file.getvalue(), type="products", blank="clear")
    assert cleared.counts["updated"] == len(rows) and cleared.import_state.blanks == {}


def test_what_is_referred_to_and_is_not_there_fails_its_object_alone(store, tmp_path):
    store.tell("seed", products=2)
    text = "Handle,Title,Custom Collections\nnew-one,New,no-such\nnew-two,Other,\n"
    job = store.run_import(store.keep(tmp_path, text, type="products"))
    assert job.status == COMPLETED
    first, second = results(job)
    assert (first["Import Result"], second["Import Result"]) == ("failed", "created")
    assert first["Import Comment"] == ("Custom Collections: The store has no collection “no-such”.")


def test_metafields_without_a_definition_are_columns_where_a_header_names_them():
    defined = MetafieldDefinition("m0", "care.wash [color]", "care", "wash", "color")
    facts = ShopFacts().having("metafields:PRODUCT", [defined])
    headers = [
        *("Metafield: care.wash [color]", "Metafield: app.size\\.eu [list.number_integer]"),
        *("metafield: points [number_integer]", "Metafield: title_tag [string]", "Metafield: x"),
        "Variant Metafield: fit.size [json]",
    ]
    found = with_undefined(BY_NAME["products"], headers, facts)
    assert found.named("metafields:PRODUCT/undefined") == (
        MetafieldDefinition(
            "u0", "app.size\\.eu [list.number_integer]", "app", "size.eu", "list.number_integer"
        ),
        MetafieldDefinition("u1", "points [number_integer]", "global", "points", "number_integer"),
    )
    [of_variants] = found.named("metafields:PRODUCTVARIANT/undefined")
    assert (of_variants.namespace, of_variants.key) == ("fit", "size")
