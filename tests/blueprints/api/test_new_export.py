"""What an export may be asked beyond its types: columns, changes, all types, no mark."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest

from models import db, now
from models.job import COMPLETED, Job
from tests.blueprints.api.test_exports import done, start
from tests.cast import Script, make_key, problem
from tests.transfer.exporting.test_file import records

UPDATE = """mutation ($product: ProductUpdateInput!) {
  productUpdate(product: $product) { product { id } userErrors { message } }
}"""


def file(program, job: Job) -> bytes:
    answer = program.get(f"/exports/{job.id}/file", buffered=True)
    assert answer.status_code == 200, answer.text
    return answer.data


def test_all_is_every_type_that_the_key_may_export(app, program, store):
    answer = program.post("/exports", json={"types": "all"})
    job = db.session.get_one(Job, answer.json["id"])
    assert job.types == ["products", "redirects"]
    nothing = make_key(store.shop, "redirects:import", name="Nothing")[1]
    problem(Script(app, nothing).post("/exports", json={"types": "all"}), 403, "permission_missing")


def test_columns_are_those_that_were_asked_for(program, store):
    store.tell("seed", products=2)
    job = done(program, store, "products", columns={"products": ["ID", "Title", "Category"]})
    rows = records(file(program, job))
    assert list(rows[0]) == ["ID", "Title", "Category: ID", "Category: Name", "Category"]
    assert len(rows) == job.rows == 2
    assert program.get(f"/exports/{job.id}").json["columns"] == job.options["columns"]


def test_a_workbook_has_them_too(program, store):
    store.add_redirect("/a", "/b")
    asked = {"format": "xlsx", "columns": {"redirects": ["Path"]}}
    assert file(program, done(program, store, "redirects", **asked)).startswith(b"PK")


def test_a_column_that_only_the_store_can_deny_ends_the_export_in_words(program, store):
    job = start(program, "products", columns={"products": ["Inventory Available: Atlantis"]})
    with pytest.raises(Exception, match="no column “Inventory Available: Atlantis”"):
        store.run_export(job)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"columns": {"products": ["Colour"]}}, "columns.products"),
        ({"columns": {"redirects": ["Path"]}}, "columns.redirects"),
        ({"columns": {"products": []}}, "columns.products"),
        ({"columns": {"products": [""]}}, "columns.products.0"),
        ({"columns": {"products": ["ID"]}, "format": "jsonl"}, "columns"),
        ({"bom": False, "format": "xlsx"}, "bom"),
        ({"bom": "no"}, "bom"),
        ({"updated_since": "yesterday"}, "updated_since"),
        ({"updated_since": "2026-01-31'08:00"}, "updated_since"),
        ({"updated_since": "2026-01-31", "since_last": True}, "since_last"),
        ({"filters": {"products": {"updated_since": "soon"}}}, "filters.products"),
        ({"filters": {"products": {"updated_since": ["2026-01-31"]}}}, "filters.products"),
    ],
)
def test_an_option_that_is_wrong_is_told_by_its_field(program, body, field):
    answer = problem(program.post("/exports", json={"types": ["products"]} | body), 422, "invalid")
    assert [error["field"] for error in answer["errors"]] == [field]


def test_all_is_a_word_of_its_own(program):
    answer = problem(program.post("/exports", json={"types": "every"}), 422, "invalid")
    assert [error["field"] for error in answer["errors"]] == ["types"]


def test_a_file_without_its_mark(program, store):
    store.add_redirect("/a", "/b")
    data = file(program, done(program, store, "redirects", bom=False))
    assert data.startswith(b'"ID","Path"')
    both = file(program, done(program, store, "products", "redirects", bom=False))
    with zipfile.ZipFile(io.BytesIO(both)) as archive:
        assert {archive.read(name)[:1] for name in archive.namelist()} == {b'"'}


def changed(store) -> str:
    """Change one product; its number."""
    nodes = store.graphql("query { products(first: 1) { nodes { id } } }")["products"]["nodes"]
    answer = store.graphql(UPDATE, product={"id": nodes[0]["id"], "title": "Renamed"})
    assert answer["productUpdate"]["userErrors"] == []
    return nodes[0]["id"].rpartition("/")[2]


@pytest.mark.parametrize(
    "asked", [{"updated_since": None}, {"filters": {"products": {"updated_since": None}}}]
)
def test_only_what_has_changed_since_a_moment(program, store, asked):
    store.tell("seed", products=3)
    moment = (now() - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    number = changed(store)
    filters = {"products": {"updated_since": moment}}
    more = {"updated_since": moment} if "updated_since" in asked else {"filters": filters}
    job = done(program, store, "products", **more)
    assert {row["ID"] for row in records(file(program, job))} == {number}
    assert job.filters == filters


@pytest.mark.both_databases
def test_the_next_export_of_the_kind_brings_what_has_changed_since(program, store):
    store.tell("seed", products=3)
    first = done(program, store, "products", since_last=True)
    assert first.total == 3 and first.filters == {}
    earlier(first)
    number = changed(store)
    second = done(program, store, "products", since_last=True, format="jsonl")
    assert (second.total, second.rows is not None) == (1, True)
    assert number.encode() in file(program, second)
    assert second.filters == {
        "products": {"updated_since": f"{first.started_at:%Y-%m-%dT%H:%M:%SZ}"}
    }


def earlier(job: Job) -> None:
    """Let it have started a minute ago."""
    assert job.started_at
    job.started_at -= timedelta(minutes=1)
    db.session.commit()


@pytest.mark.both_databases
def test_another_kind_another_key_another_shop_and_a_failed_one_are_not_the_last(
    app, program, store, bobs_program, other_store
):
    def since(who, **more) -> dict:
        answer = who.post("/exports", json={"types": ["products"], "since_last": True} | more)
        return answer.json["filters"]

    done(program, store, "products")
    assert "updated_since" in since(program)["products"]
    assert since(program, columns={"products": ["ID"]}) == {}
    active = {"products": {"status": "active"}}
    assert since(program, filters=active) == active
    other = make_key(store.shop, "products:export", name="Other")[1]
    assert since(Script(app, other)) == {}
    assert since(bobs_program) == {}
    db.session.execute(db.update(Job).values(status="failed"))
    db.session.commit()
    assert since(program) == {}


def test_what_cannot_tell_its_changes_comes_whole_and_says_so(program, store):
    store.add_redirect("/a", "/b")
    job = done(program, store, "redirects", updated_since="2026-11-01")
    assert (job.status, job.rows, job.filters) == (COMPLETED, 1, {})
    [warning] = program.get(f"/exports/{job.id}").json["warnings"]
    assert warning.startswith("Redirects: all of it")


def test_the_summary_tells_what_was_exported(program, store):
    store.tell("seed", products=2, redirects=3)
    filters = {"products": {"status": "active"}}
    job = done(program, store, "products", "redirects", filters=filters)
    with zipfile.ZipFile(io.BytesIO(file(program, job))) as archive:
        text = archive.read("Export Summary.csv").decode("utf-8-sig")
        products = records(archive.read("Products.csv"))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Sheet"] for row in rows] == ["Products", "Redirects"]
    assert {row["Shopify Domain"] for row in rows} == {store.domain}
    assert {row["Job ID"] for row in rows} == {job.id}
    assert rows[0]["Exported"] == f"{len({row['ID'] for row in products})} of 2"
    assert rows[1]["Exported"] == "3" and rows[1]["Columns"] == "ID, Path, Command, Target"
    assert rows[0]["Filters"] == "status: active" and rows[1]["Filters"] == ""
    assert rows[0]["Column Groups"].startswith(
        "Base, Category, Collections, Images, Variants, Variant Cost, Customs Information, "
        "Inventory Levels"
    )
    assert rows[1]["Column Groups"] == "Base"
    assert len(rows[0]["Duration"]) == 8 and rows[0]["Started At"] <= rows[0]["Finished At"]
