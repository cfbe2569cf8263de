"""Several at work on one store: two imports, an import and a person, an import and an export."""

from uuid import uuid4

import pytest

from models.job import COMPLETED, FAILED
from tests.transfer.importing.files import exported, text_of
from tests.transfer.importing.test_rows import outcomes
from transfer.importing import steps
from transfer.permissions import IMPORTS

both_databases = pytest.mark.both_databases

PATHS = [f"/p{n}" for n in range(6)]
HEAD = "Handle,Title,Variant SKU,Variant Price\n"


def text(target: str) -> str:
    return "Path,Target\n" + "".join(f"{path},{target}\n" for path in PATHS)


@both_databases
def test_of_two_imports_with_plans_for_the_same_rows_the_second_tells_of_the_first(store, tmp_path):
    for path in PATHS:
        store.add_redirect(path, "/old")
    first = store.begun(tmp_path, text("/first"))
    second = store.begun(tmp_path, text("/second"))
    store.run_import(first)
    store.run_import(second)
    assert first.counts == {"updated": len(PATHS)}
    assert second.counts == {"conflict": len(PATHS)}
    assert '"/old" when planned, to be "/second", "/first" now' in outcomes(second)[0][2]
    assert set(store.redirects().values()) == {"/first"}


@both_databases
def test_two_imports_that_create_the_same_make_it_once(store, tmp_path):
    jobs = [store.begun(tmp_path, text(target)) for target in ("/first", "/second")]
    for job in jobs:
        store.run_import(job)
    assert [job.counts for job in jobs] == [{"created": len(PATHS)}, {"conflict": len(PATHS)}]
    assert store.redirects() == dict.fromkeys(PATHS, "/first")


@both_databases
def test_two_imports_that_take_turns_write_each_row_once(store, tmp_path):
    """Their steps one after the other, as two workers run them."""
    halves = [PATHS[:4], PATHS[2:]]
    jobs = [
        store.begun(tmp_path, "Path,Target\n" + "".join(f"{p},/{n}\n" for p in half))
        for n, half in enumerate(halves)
    ]
    going = list(jobs)
    while going:
        going = [job for job in going if steps.apply(job.id)]
    for job in jobs:
        store.run_import(job)
    assert jobs[0].counts == {"created": 4}
    assert jobs[1].counts == {"conflict": 2, "created": 2}
    assert store.redirects() == {p: "/0" if p in halves[0] else "/1" for p in PATHS}


def test_a_person_who_edits_other_fields_of_an_object_loses_nothing(store, tmp_path):
    store.key.permissions = list(IMPORTS)
    store.run_import(store.keep(tmp_path, f"{HEAD}mug,Mug,M-1,5\n", type="products"))
    text = "Handle,Variant SKU,Variant Price\nmug,M-1,6\n"
    job = store.begun(tmp_path, text, type="products")
    query = """{ productByIdentifier(identifier: {handle: "mug"}) {
      id title variants(first: 1) { nodes { price } } } }"""
    gid = store.graphql(query)["productByIdentifier"]["id"]
    store.graphql(
        """mutation ($product: ProductUpdateInput!) {
        productUpdate(product: $product) { userErrors { message } } }""",
        product={"id": gid, "title": "A better mug"},
    )
    store.run_import(job)
    mug = store.graphql(query)["productByIdentifier"]
    assert job.counts == {"updated": 1}
    assert (mug["title"], mug["variants"]["nodes"][0]["price"]) == ("A better mug", "6.00")


def test_an_export_that_runs_during_an_import_has_each_row_whole(store, tmp_path):
    for path in PATHS:
        store.add_redirect(path, "/old")
    job, export = store.begun(tmp_path, text("/new")), store.start("redirects")
    steps.apply(job.id)
    store.run_export(export)
    store.run_import(job)
    lines = store.file(export).decode().splitlines()[1:]
    assert (job.status, export.status) == (COMPLETED, COMPLETED)
    assert len(lines) == len(PATHS) and all("/new" in line for line in lines)


def test_a_person_who_sells_during_an_import_of_stock_is_not_overwritten(store, tmp_path):
    """Stock is set only where it still is what it was: Shopify compares it as it writes."""
    store.key.permissions = list(IMPORTS)
    store.tell("seed", products=1)
    [place, *_] = store.graphql("{ locations(first: 5) { nodes { id name } } }")["locations"][
        "nodes"
    ]
    column = f"Inventory Available: {place['name']}"
    new = f"Handle,Title,Variant SKU,{column}\nmug,Mug,M-1,5\n"
    store.run_import(store.keep(tmp_path, new, type="products"))
    job = store.begun(tmp_path, f"Handle,Variant SKU,{column}\nmug,M-1,9\n", type="products")
    query = """{ productByIdentifier(identifier: {handle: "mug"}) {
      variants(first: 1) { nodes { inventoryItem { id } } } } }"""
    [variant] = store.graphql(query)["productByIdentifier"]["variants"]["nodes"]
    change = {
        "inventoryItemId": variant["inventoryItem"]["id"],
        "locationId": place["id"],
        "delta": -2,
        "changeFromQuantity": 5,
    }
    store.graphql(
        """mutation ($input: InventoryAdjustQuantitiesInput!, $key: String!) {
        inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
        userErrors { message } } }""",
        input={"reason": "correction", "name": "available", "changes": [change]},
        key=str(uuid4()),
    )
    store.run_import(job)
    assert job.counts == {"conflict": 1}


LINE = {"Line: Type": "Line Item", "Line: Title": "Cup", "Line: Quantity": "1", "Line: Price": "5"}


def test_two_imports_of_the_same_new_orders_and_customers_make_each_once(store, tmp_path):
    store.key.permissions = list(IMPORTS)
    files = {
        "orders": [{"Name": f"W-{n}", "Command": "NEW"} | LINE for n in range(3)],
        "customers": [{"Email": f"person{n}@x.example", "Note": "a"} for n in range(3)],
    }
    for type_, rows in files.items():
        going = jobs = [store.begun(tmp_path, text_of(rows), type=type_) for _ in range(2)]
        while going:
            going = [job for job in going if steps.apply(job.id)]
        for job in jobs:
            store.run_import(job)
        assert [job.counts for job in jobs] == [{"created": 3}, {"conflict": 3}], type_
        assert len(exported(store, type_)) == 3


def test_a_key_that_lost_its_permission_since_the_plan_applies_nothing(store, tmp_path):
    store.tell("sent")
    job = store.run_import(store.keep(tmp_path, text("/new"), dry_run=True))
    store.key.permissions = ["products:import"]
    job.dry_run = False
    assert job.apply({})
    store.run_import(job)
    assert job.status == FAILED and "may not import this any more: redirects" in (job.error or "")
    assert store.changes_sent() == [] and store.redirects() == {}
