"""Exports from the stand-in: what it holds is in the file, whatever goes wrong on the way."""

import csv
import io
import time
import zipfile
from threading import Event, Thread

import openpyxl
import orjson
import pytest
from flask.globals import app_ctx
from sqlalchemy import event

from jobs.workflows import export
from models import db
from models.job import CANCELED, COMPLETED, FAILED, RUNNING, Job
from models.job_progress import progress
from shopify import bulk
from shops.access import admin_for
from transfer.exporting import steps

VARIANTS = """query { productVariants(first: 250) { nodes {
  id sku price product { title handle }
} } }"""
LEVELS = """query ($id: ID!) { productVariant(id: $id) { inventoryItem {
  inventoryLevels(first: 5) { nodes {
    location { name } quantities(names: ["available"]) { quantity }
  } }
} } }"""


def records(data: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_variant_of_the_store_is_in_the_file(store):
    store.tell("seed", products=6)
    job = store.export("products")
    rows = records(store.file(job))
    assert (job.status, job.rows, job.done, job.total) == (COMPLETED, len(rows), 6, 6)
    nodes = store.graphql(VARIANTS)["productVariants"]["nodes"]
    found = {row["Variant ID"]: row for row in rows if row["Variant ID"]}
    assert set(found) == {node["id"].rpartition("/")[2] for node in nodes}
    for node in nodes:
        row = found[node["id"].rpartition("/")[2]]
        assert row["Title"] == node["product"]["title"]
        assert row["Handle"] == node["product"]["handle"]
        assert row["Variant SKU"] == node["sku"]
        assert row["Variant Price"] == node["price"]


def test_the_bar_stands_short_of_its_end_and_its_total_does_not_grow(store):
    store.tell("seed", products=2, files=3)
    job = store.start("files", "products")
    runs = steps.prepare(job.id)
    assert {name: state["total"] for name, state in job.progress.items()} == {
        "files": None,
        "products": 2,
    }
    assert steps.begin(job.id, [(str(name), str(run), 1) for name, run in runs]) == []
    while steps.poll(job.id)["running"]:
        time.sleep(0.05)
    db.session.refresh(job)
    assert job.progress["files"]["done"] >= 3
    assert (job.done, job.total) == (1, 2), "short of its end as long as the job is"
    steps.complete(job.id)
    db.session.refresh(job)
    assert job.done == job.total == job.progress["files"]["done"] + 2


def test_of_nothing_that_can_be_counted_no_total_is_told(store):
    store.tell("seed", files=3)
    job = store.start("files")
    steps.prepare(job.id)
    assert job.total is None and progress(job)["seconds_left"] is None


def test_stock_stands_under_its_location(store):
    store.tell("seed", products=2)
    rows = [row for row in records(store.file(store.export("products"))) if row["Variant ID"]]
    for row in (rows[0], rows[-1]):
        gid = f"gid://shopify/ProductVariant/{row['Variant ID']}"
        item = store.graphql(LEVELS, id=gid)["productVariant"]["inventoryItem"]
        for level in item["inventoryLevels"]["nodes"]:
            [available] = level["quantities"]
            header = f"Inventory Available: {level['location']['name']}"
            assert row[header] == str(available["quantity"])


def test_objects_stand_in_the_order_of_their_ids_and_rows_are_counted(store):
    store.tell("seed", products=6)
    rows = records(store.file(store.export("products")))
    ids = [int(row["ID"]) for row in rows]
    assert ids == sorted(ids)
    assert [int(row["Row #"]) for row in rows] == list(range(1, len(rows) + 1))
    assert sum(row["Top Row"] == "true" for row in rows) == 6


def test_two_exports_of_an_unchanged_store_are_the_same(store):
    store.tell("seed", products=3)
    job = store.export("products")
    assert store.file(job) == store.file(job) == store.file(store.export("products"))


@pytest.mark.parametrize(
    "trouble",
    [
        {"refuse_bulk": True},
        {"throttle": 3},
        {"http_500": 1},
        {"cut_download_after": 5000},
        {"expire_tokens": True},
    ],
    ids=lambda trouble: next(iter(trouble)),
)
def test_the_file_is_the_same_when_things_go_wrong(store, trouble):
    store.tell("seed", products=2, redirects=3)
    expected = store.file(store.export("products", "redirects"))
    store.misbehave(**trouble)
    job = store.export("products", "redirects")
    assert (job.status, job.error) == (COMPLETED, None)
    assert sheets(store.file(job)) == sheets(expected)
    assert job.rows == len(records(unzip(expected)["Products.csv"])) + 3


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheets(data: bytes) -> dict[str, bytes]:
    """The files of a zip but the summary, which tells of the one job."""
    return {name: text for name, text in unzip(data).items() if name != "Export Summary.csv"}


def test_several_types_are_one_workbook_or_a_zip(store):
    store.tell("seed", products=1, redirects=2)
    book = openpyxl.load_workbook(io.BytesIO(store.file(store.export(*BOTH, format="xlsx"))))
    assert book.sheetnames == ["Products", "Redirects", "Export Summary"]
    assert book["Redirects"].max_row == 3
    names = ["Products.csv", "Redirects.csv", "Export Summary.csv"]
    assert list(unzip(store.file(store.export(*BOTH)))) == names
    lines = unzip(store.file(store.export(*BOTH, format="jsonl")))["Redirects.jsonl"].splitlines()
    assert [set(orjson.loads(line)) for line in lines] == [{"id", "path", "target"}] * 2


BOTH = ("products", "redirects")


def test_a_filter_leaves_out_the_rest(store):
    store.add_redirect("/a", "/b")
    store.add_redirect("/c", "/d")
    job = store.export("redirects", filters={"redirects": {"path": "/c"}})
    assert [row["Path"] for row in records(store.file(job))] == ["/c"]
    assert (job.rows, job.total) == (1, 1)


def test_a_store_of_nothing_is_a_file_of_headers(store):
    job = store.export("products")
    assert (job.status, job.rows) == (COMPLETED, 0)
    assert store.file(job).count(b"\n") == 1


def test_a_step_that_runs_twice_starts_nothing_twice(store):
    store.tell("seed", redirects=3)
    job = store.export("redirects")
    before = job.operations
    steps.begin(job.id, [("redirects", "0", 1)])
    assert job.operations == before
    admin = admin_for(store.shop.id)
    found = admin.query("query { bulkOperations(first: 50) { nodes { query } } }")
    texts = [node["query"] for node in found["bulkOperations"]["nodes"]]
    assert sum(job.id in text for text in texts) == 1


def test_a_shopify_that_is_full_is_asked_for_room_once_at_a_time():
    runs = [[f"type {number}", "0"] for number in range(8)]
    room, asked = iter([5, 0, 1, 2]), list[str | list[str]]()

    def step(function, *arguments):
        if function is steps.prepare:
            return runs
        if function is steps.begin:
            names = [name for name, _, _ in arguments[1]]
            asked.append(names)
            return [(name, "0") for name in names[next(room) :]]
        asked.append(function.__name__)
        return {"running": False, "bad": []}

    export(step, lambda seconds: asked.append("wait"), "exp_1")
    names = [name for name, _ in runs]
    full = ["poll", "wait"]
    assert asked == [
        names[:5],
        *(names[5:], *full),
        *(names[5:], *full),
        *(names[6:], "poll", "complete"),
    ]
    assert next(room, None) is None


def test_a_canceled_export_stops_at_shopify_and_stays_canceled(store):
    store.tell("seed", redirects=3)
    job = store.export("redirects")
    job.status, job.finished_at = RUNNING, None
    job.cancel()
    assert steps.poll(job.id) == {"running": False, "bad": []}
    steps.complete(job.id)
    steps.fail(job.id, "no")
    assert (job.status, job.error) == (CANCELED, None)


def test_a_shop_without_the_app_ends_the_export_with_a_sentence(store):
    store.shop.uninstall()
    with pytest.raises(Exception, match="no longer installed"):
        store.export("redirects")


def test_bobs_export_has_nothing_of_alices(store, other_store):
    store.add_redirect("/alice", "/a")
    other_store.add_redirect("/bob", "/b")
    assert [r["Path"] for r in records(other_store.file(other_store.export("redirects")))] == [
        "/bob"
    ]


def test_a_result_that_shopify_forgot_is_told(store):
    job = store.export("redirects")
    state = job.operations["redirects"]
    job.operations = {"redirects": state | {"passes": {"0": "gid://shopify/BulkOperation/1"}}}
    with pytest.raises(bulk.ResultGone, match="Start a new one"):
        store.file(job)


def test_a_job_that_failed_stays_failed(store):
    job = store.export("redirects")
    job.status = RUNNING
    steps.fail(job.id, "Shopify was away.")
    steps.complete(job.id)
    assert (job.status, job.error) == (FAILED, "Shopify was away.")


def test_filters_that_match_nothing_are_told(store):
    store.tell("seed", products=2)
    job = store.export("products", filters={"products": {"vendor": "Nobody", "price": ">=10"}})
    assert (job.status, job.rows) == (COMPLETED, 0)
    assert job.warnings == ["Products: nothing matches vendor: Nobody; price: >=10."]
    assert store.export("products").warnings == []


def test_a_sheet_of_the_summary_has_its_own_times(store):
    store.tell("seed", redirects=3, products=2)
    store.misbehave(slow_bulk_ms=1200)
    job = store.start("redirects", "products")
    redirects, *others = [(str(name), str(run), 1) for name, run in steps.prepare(job.id)]
    steps.begin(job.id, [redirects])
    while steps.poll(job.id)["running"]:
        time.sleep(0.05)
    store.misbehave()
    steps.begin(job.id, others)
    while steps.poll(job.id)["running"]:
        time.sleep(0.05)
    steps.complete(job.id)
    text = unzip(store.file(job))["Export Summary.csv"].decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["Sheet"], second["Sheet"]) == ("Redirects", "Products")
    assert first["Duration"] >= "00:00:01" and first["Finished At"] <= second["Started At"]
    assert float(first["Seconds per Item"]) == pytest.approx(1.3 / 3, rel=0.9)


def test_a_job_tells_that_shopify_answers_with_errors_as_long_as_it_does(store):
    store.tell("seed", redirects=2)
    job = store.start("redirects")
    store.misbehave(http_500=4)
    app, job_id, seen, over = app_ctx.app, job.id, [], Event()

    def watch():
        with app.app_context():
            while not over.wait(0.1):
                seen.append(list(Job.fresh(job_id).warnings))
                db.session.rollback()

    watcher = Thread(target=watch)
    watcher.start()
    try:
        store.run_export(job)
    finally:
        over.set()
        watcher.join()
    assert [steps.RETRYING] in seen and seen[0] == []
    assert (job.status, job.warnings) == (COMPLETED, [])


def test_the_rows_of_jsonl_are_its_lines(store):
    """A product is one line; in a sheet it has a row for each variant and image."""
    store.tell("seed", products=5)
    job, sheet = store.export("products", format="jsonl"), store.export("products")
    assert job.rows == job.progress["products"]["rows"] == 5 < sheet.rows
    assert len(store.file(job).splitlines()) == job.rows


def test_a_file_of_many_types_takes_as_many_statements_as_one_of_a_few(store):
    statements: dict[str, list[str]] = {}
    for names in ("pages redirects", "pages redirects menus files articles products orders"):
        job, sent = store.export(*names.split()), statements.setdefault(names, [])

        def note(_connection, _cursor, sql, *_, sent=sent):
            sent.append(sql)

        event.listen(db.engine, "before_cursor_execute", note)
        store.file(job)
        event.remove(db.engine, "before_cursor_execute", note)
    few, many = statements.values()
    assert many == few != []
