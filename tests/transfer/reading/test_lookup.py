"""A few objects of the store, as an export would read them."""

import pytest

from shops.access import admin_for
from tests.transfer.samples import NO_FACTS
from transfer.reading.lookup import by_ids, by_search
from transfer.types import BY_NAME

TYPE = BY_NAME["products"]
HANDLES = "query { products(first: 5) { nodes { id handle variantsCount { count } } } }"


@pytest.fixture
def products(store):
    store.tell("seed", products=3)
    return store.graphql(HANDLES)["products"]["nodes"]


def test_objects_come_by_their_ids_with_their_children_in_lists(store, products):
    first, second, third = products
    with admin_for(store.shop.id) as admin:
        missing = "gid://shopify/Product/99999999"
        found = by_ids(admin, TYPE, NO_FACTS, [third["id"], missing, first["id"]], "Product")
    found.sort(key=lambda item: item["id"] != third["id"])
    assert [item["handle"] for item in found] == [third["handle"], first["handle"]]
    for item, seeded in zip(found, (third, first), strict=True):
        assert len(item["variants"]) == seeded["variantsCount"]["count"] > 0
        assert item["media"] and all(child["id"] for child in item["media"])


def test_objects_come_by_a_search(store, products):
    handle = products[1]["handle"]
    with admin_for(store.shop.id) as admin:
        [found] = by_search(admin, TYPE, NO_FACTS, f"handle:'{handle}'")
    assert found["handle"] == handle and found["variants"]


def test_no_ids_ask_nothing(store):
    with admin_for(store.shop.id) as admin:
        assert by_ids(admin, TYPE, NO_FACTS, [], "Product") == []
