"""A few objects of the store, as an export would read them."""

import orjson
import pytest

from models import personal_data
from shops.access import admin_for
from tests.transfer.samples import NO_FACTS
from tests.transfer.store import sheets
from transfer.exporting.file import facts_of
from transfer.formats import jsonl_writer
from transfer.reading.lookup import by_ids, by_search, finds_a_few
from transfer.types import ALL, BY_NAME

TYPE = BY_NAME["products"]
HANDLES = "query { products(first: 5) { nodes { id handle variantsCount { count } } } }"


@pytest.fixture
def products(store):
    store.tell("seed", products=3)
    return store.graphql(HANDLES)["products"]["nodes"]


def test_objects_come_by_their_ids_with_their_children_in_lists(store, products):
    first, second, third = products
    admin = admin_for(store.shop.id)
    missing = "gid://shopify/Product/99999999"
    found = by_ids(admin, TYPE, NO_FACTS, [third["id"], missing, first["id"]], "Product")
    found.sort(key=lambda item: item["id"] != third["id"])
    assert [item["handle"] for item in found] == [third["handle"], first["handle"]]
    for item, seeded in zip(found, (third, first), strict=True):
        assert len(item["variants"]) == seeded["variantsCount"]["count"] > 0
        assert item["media"] and all(child["id"] for child in item["media"])


def test_objects_come_by_a_search(store, products):
    handle = products[1]["handle"]
    admin = admin_for(store.shop.id)
    [found] = by_search(admin, TYPE, NO_FACTS, f"handle:'{handle}'")
    assert found["handle"] == handle and found["variants"]


def test_no_ids_ask_nothing(store):
    admin = admin_for(store.shop.id)
    assert by_ids(admin, TYPE, NO_FACTS, [], "Product") == []


SEEDS = {
    "products": {"products": 12, "collections": 3, "catalogs": 4, "metafield_definitions": 16},
    "collections": {"products": 6, "collections": 6, "metafield_definitions": 16},
    "files": {"files": 9},
    "redirects": {"redirects": 5},
    "metaobjects": {"metaobjects": 8},
    "metafield_definitions": {"metafield_definitions": 16},
    "metaobject_definitions": {"metaobjects": 8},
    "articles": {"articles": 6},
    "companies": {"customers": 4, "companies": 5},
    "customers": {"customers": 5},
    "discounts": {"products": 3, "collections": 2, "discounts": 9},
    "draft_orders": {"products": 6, "customers": 4, "draft_orders": 5},
    "menus": {"menus": 5},
    "orders": {"products": 6, "customers": 4, "orders": 6},
    "pages": {"pages": 5},
}


def by_id(text: bytes) -> dict[str, dict]:
    return {line["id"]: line for line in map(orjson.loads, text.splitlines())}


@pytest.mark.parametrize("name", [data_type.name for data_type in ALL if finds_a_few(data_type)])
def test_the_types_that_can_be_looked_up(name):
    assert name in SEEDS or BY_NAME[name].writing is None


def without_more(read: object, exported: object) -> object:
    """What is read for writing, without the fields that an export does not ask for."""
    if isinstance(read, dict) and isinstance(exported, dict):
        return {name: without_more(read[name], value) for name, value in exported.items()}
    if isinstance(read, list) and isinstance(exported, list) and len(read) == len(exported):
        return [without_more(*pair) for pair in zip(read, exported, strict=True)]
    return read


@pytest.mark.parametrize("name", SEEDS)
def test_a_few_objects_have_what_all_passes_bring_of_an_export(store, name):
    data_type = BY_NAME[name]
    store.tell("seed", **SEEDS[name])
    job = store.export(name, format="jsonl")
    facts = facts_of(job, name, personal_data.ALL)
    file = store.file(job)
    text = b"".join(sheets(file).values()) if name == "collections" else file
    exported = by_id(text)
    ids = list(exported)
    typename = "File" if name == "files" else ids[0].split("/")[3]
    admin = admin_for(store.shop.id)
    found = by_ids(admin, data_type, facts, ids, typename)
    lines = jsonl_writer.write(data_type, facts, iter(found))
    again = by_id(b"".join(lines))
    assert len(again) == len(exported) > 3
    for gid, line in again.items():
        assert without_more(line, exported[gid]) == exported[gid]
