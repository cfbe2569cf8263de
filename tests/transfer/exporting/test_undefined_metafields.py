"""Metafields that nobody has made a definition for are exported too, after everything else."""

import csv
import io

import orjson
import pytest

from models.job import COMPLETED
from transfer.reading import undefined
from transfer.rows.chosen_columns import UnknownColumn

SET = """mutation ($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { userErrors { message } } }"""
FIRST = """query { products(first: 2, sortKey: ID) { nodes { id handle
  variants(first: 2) { nodes { id } } } } }"""
COLOR = "Metafield: app.color [color]"
FRIEND = "Metafield: app.friend [product_reference]"
FRIENDS = "Metafield: app.friends [list.product_reference]"
SIZE = "Variant Metafield: fit.size\\.eu [single_line_text_field]"


@pytest.fixture
def products(store):
    """Two products, the first of which has metafields that another program set; their nodes."""
    store.tell("seed", metafield_definitions=13, products=2)
    one, two = nodes = store.graphql(FIRST)["products"]["nodes"]
    variant = one["variants"]["nodes"][0]["id"]
    put(store, two["id"], "app", "color", "color", "#102A43")
    put(store, one["id"], "app", "friend", "product_reference", two["id"])
    both = orjson.dumps([two["id"], one["id"]]).decode()
    put(store, one["id"], "app", "friends", "list.product_reference", both)
    put(store, variant, "fit", "size.eu", "single_line_text_field", "38")
    return nodes


def put(store, owner, namespace, key, type, value):
    given = {"ownerId": owner, "namespace": namespace, "key": key, "type": type, "value": value}
    answer = store.graphql(SET, metafields=[given])["metafieldsSet"]
    assert answer["userErrors"] == []


def rows(store, job):
    assert (job.status, job.error, job.warnings) == (COMPLETED, None, [])
    text = store.file(job).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_they_are_the_last_columns_in_the_order_of_their_names(store, products):
    found = rows(store, store.export("products"))
    headers = list(found[0])
    variants = headers.index("Variant Metafield: custom.pack_size [number_integer]")
    points = "loyalty.points [number_integer]"
    assert headers[variants + 1 :] == [
        *(COLOR, FRIEND, FRIENDS, f"Metafield: {points}"),
        *(SIZE, f"Variant Metafield: {points}"),
    ]


def test_they_are_written_as_those_with_a_definition(store, products):
    one, two = products
    found = rows(store, store.export("products"))
    tops = {row["Handle"]: row for row in found if row["Top Row"]}
    assert tops[two["handle"]][COLOR] == "#102A43" and tops[one["handle"]][COLOR] == ""
    assert tops[one["handle"]][FRIEND] == two["handle"]
    assert tops[one["handle"]][FRIENDS] == f"{two['handle']}, {one['handle']}"
    first = one["variants"]["nodes"][0]["id"].rpartition("/")[2]
    sizes = {row["Variant ID"]: row[SIZE] for row in found if row["Variant ID"]}
    assert sizes.pop(first) == "38" and set(sizes.values()) == {""}


def test_page_by_page_they_are_the_same(store, products):
    whole = store.file(store.export("products"))
    store.misbehave(refuse_bulk=True)
    assert store.file(store.export("products")) == whole


def test_jsonl_has_them_by_their_names_and_nothing_twice(store, products):
    job = store.export("products", format="jsonl")
    one, two = map(orjson.loads, store.file(job).splitlines())
    assert two["metafields"]["app.color [color]"] == {"value": "#102A43"}
    assert one["metafields"]["app.friend [product_reference]"]["value"] == products[1]["id"]
    assert "app.color [color]" not in one["metafields"]
    variant = one["variants"][0]
    assert variant["metafields"]["fit.size\\.eu [single_line_text_field]"] == {"value": "38"}
    assert isinstance(variant["metafields"], dict)


@pytest.mark.parametrize("wanted", [COLOR, "Metafield", SIZE])
def test_they_can_be_chosen_as_columns(store, products, wanted):
    job = store.start("products")
    job.options = {"columns": {"products": ["Handle", wanted]}}
    found = rows(store, store.run_export(job))
    assert job.rows == len(found)
    assert any(row.get(wanted) for row in found) or wanted == "Metafield"
    assert all(header == "Handle" or header.startswith(wanted) for header in found[0])


WRONG = "Metafield: app.colour [color]"


def test_a_column_that_no_object_has_is_left_out_with_a_warning(store, products):
    """It may be there when other objects have changed: an export since the last one goes on."""
    job = store.start("products")
    job.options = {"columns": {"products": ["Handle", WRONG]}}
    assert store.run_export(job).status == COMPLETED
    assert job.warnings == [f"Products: no exported object has “{WRONG}”, so it is left out."]
    assert store.file(job).decode("utf-8-sig").splitlines()[0] == '"Handle"'


def test_an_export_of_no_column_that_is_there_fails_in_words(store, products):
    job = store.start("products")
    job.options = {"columns": {"products": [WRONG]}}
    with pytest.raises(UnknownColumn, match="no column “Metafield: app.colour"):
        store.run_export(job)


def test_a_filter_leaves_columns_of_other_objects_out(store, products):
    job = store.start("products", filters={"products": {"handle": products[0]["handle"]}})
    [headers] = {tuple(row) for row in rows(store, store.run_export(job))}
    assert FRIEND in headers and SIZE in headers and COLOR not in headers


def test_too_many_are_left_out_with_a_warning(store, products, monkeypatch):
    monkeypatch.setattr(undefined, "MOST", 2)
    job = store.export("products")
    assert job.status == COMPLETED
    assert job.warnings == [
        "Products: only 2 metafields without a definition have a column, the others of PRODUCT "
        "are left out."
    ]
    text = store.file(job).decode("utf-8-sig")
    headers = next(csv.reader(io.StringIO(text, newline="")))
    assert sum(header in (COLOR, FRIEND, FRIENDS) for header in headers) == 2


def test_another_shops_metafields_are_not_in_the_file(store, other_store, products):
    other_store.tell("seed", products=2)
    found = rows(other_store, other_store.export("products"))
    assert not {COLOR, FRIEND, SIZE} & set(found[0])
