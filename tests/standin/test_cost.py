"""Queries cost what Shopify's rules say, and a shop's points run out and come back."""

import time
from typing import Any

import pytest
from graphql import parse

from standin import execute
from standin.cost import Pricing
from standin.throttle import MAXIMUM, Bucket


def requested(text, **given):
    document = parse(text)
    operation = execute.operation_of(document, None)
    return Pricing(document, operation, execute.variables(operation, given)).requested()


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ shop { name currencyCode } }", 1),
        ("{ shop { name plan { publicDisplayName } } }", 2),
        ("{ products(first: 10) { edges { node { title } } } }", 6),
        ("{ products(first: 10) { nodes { title } pageInfo { hasNextPage } } }", 6),
        ("{ products(last: 5) { nodes { seo { title } } } }", 8),
        ("{ products(first: 10) { nodes { variants(first: 5) { nodes { id } } } } }", 26),
        ("{ products(first: 1) { nodes { id } } }", 3),
        ("{ products(first: 250) { nodes { id } } }", 13),
        ("{ a: shop { id } b: shop { id } }", 2),
        ("{ ...F } fragment F on QueryRoot { shop { id } }", 1),
        (
            "{ shop @skip(if: true) { id } products(first: 2) @include(if: true)"
            " { nodes { id } } }",
            3,
        ),
        (
            '{ node(id: "x") { ... on Product { seo { title } category { id } }'
            " ... on Order { id } } }",
            3,
        ),
        ("mutation { urlRedirectCreate(urlRedirect: {}) { urlRedirect { id } } }", 10),
        ("{ __schema { types { name fields { name } } } }", 0),
        ("{ product(id: 1) { options { optionValues { name } } } }", 3),
        ("{ order(id: 1) { transactions(first: 5) { device { id } } } }", 11),
        ('{ nodes(ids: ["a", "b", "c"]) { ... on Product { seo { title } } id } }', 6),
    ],
)
def test_requested_cost(query, cost):
    assert requested(query) == cost


def test_page_sizes_may_come_from_variables():
    query = "query ($n: Int! = 3) { products(first: $n) { nodes { id } } }"
    assert (requested(query), requested(query, n=20)) == (4, 7)


def test_the_same_text_costs_by_its_variables_each_time():
    document = parse(
        "query ($n: Int, $ids: [ID!]!, $seo: Boolean!) { products(first: $n) { nodes { id } }"
        " nodes(ids: $ids) { ... on Product { id seo @include(if: $seo) { title } } } }"
    )
    operation = execute.operation_of(document, None)

    def cost(n: int, ids: list[str], seo: bool) -> int:
        given = execute.variables(operation, {"n": n, "ids": ids, "seo": seo})
        return Pricing(document, operation, given).requested()

    asked = [(20, ["a"], False), (3, ["a"], False), (3, ["a", "b"], False), (3, ["b", "a"], True)]
    assert [cost(*one) for one in asked] == [8, 5, 6, 8]
    assert [cost(*one) for one in reversed(asked)] == [8, 6, 5, 8]


VARIANT: dict[str, Any] = {"optionValues": []}
WITH_MORE = VARIANT | {"file": {"originalSource": "https://a.example/b.png"}}
WITH_MORE = WITH_MORE | {"metafields": [{"key": "a"}, {"key": "b"}]}
SET = """mutation ($input: ProductSetInput!) {
  productSet(input: $input) { product { id } userErrors { message } } }"""
CHANGE = """mutation ($variants: [ProductVariantsBulkInput!]!, $media: [CreateMediaInput!]) {
  productVariantsBulkUpdate(productId: "gid://shopify/Product/1", variants: $variants, media: $media
  ) { userErrors { message } } }"""
MEDIUM = {"originalSource": "https://a.example/c.png", "mediaContentType": "IMAGE"}
FIELDS, FILES = [{"key": "k"}] * 20, [{"originalSource": "https://a.example/d.png"}] * 10


@pytest.mark.parametrize(
    ("mutation", "given", "cost"),
    [
        (SET, {"input": {"variants": [VARIANT]}}, 10),
        (SET, {"input": {"variants": [VARIANT] * 20, "metafields": FIELDS[:5]}}, 16),
        (SET, {"input": {"variants": [VARIANT] * 200, "files": FILES, "metafields": FIELDS}}, 77),
        (SET, {"input": {"variants": [WITH_MORE] * 10}}, 10 + 2 + 6 + 8),
        (CHANGE, {"variants": [{"price": "1"}] * 250}, 60),
        (CHANGE, {"variants": [{"price": "1"}], "media": [MEDIUM] * 2}, 14),
    ],
)
def test_mutations_of_products_cost_by_what_they_carry(mutation, given, cost):
    assert requested(mutation, **given) == cost


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        # What Shopify answered, with the selections that are known of these queries.
        (
            "{ product(id: 1) { variants(first: 3) { nodes { product { variants(first: 3) { nodes {"
            " inventoryItem { inventoryLevels(first: 3) { nodes { location { id }"
            ' quantities(names: ["available"]) { quantity } } } } } } } } } } }',
            51,
        ),
        ("{ product(id: 1) { variants(first: 250) { nodes { inventoryItem { id } } } } }", 25),
    ],
)
def test_connections_cost_what_shopify_answered(query, cost):
    assert requested(query) == cost


def test_actual_cost_counts_what_came_back(alice):
    alice.store.put({"__typename": "UrlRedirect", "id": "gid://shopify/UrlRedirect/1"})
    answer = alice.send("{ urlRedirects(first: 100) { edges { node { id } } } }").json()
    cost = answer["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (11, 3)
    assert cost["throttleStatus"]["maximumAvailable"] == 2000.0
    assert cost["throttleStatus"]["restoreRate"] == 100.0
    assert cost["throttleStatus"]["currentlyAvailable"] >= 1990


def test_no_query_costs_more_than_it_asked_for(alice):
    alice.control("seed", {"products": 8, "customers": 3, "orders": 12}).raise_for_status()
    found = alice.ask("{ products(first: 8) { nodes { id } } }")["products"]["nodes"]
    ids = [node["id"] for node in found]
    for query in (
        "{ products(first: 8) { nodes { options { optionValues { name } } } } }",
        "{ orders(first: 12) { nodes { taxLines { title } fulfillments { trackingInfo { url }"
        " fulfillmentLineItems(first: 3) { nodes { id } } } transactions(first: 1) { id } } } }",
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Product { options { id } } id } }",
    ):
        cost = alice.send(query, **({"ids": ids} if "$ids" in query else {})).json()["extensions"][
            "cost"
        ]
        assert 0 < cost["actualQueryCost"] <= cost["requestedQueryCost"] < 500


def test_a_query_over_1000_points_is_never_run(alice):
    levels = "inventoryItem { inventoryLevels(first: 50) { nodes { id location { id } } } }"
    variants = f"variants(first: 50) {{ nodes {{ {levels} }} }}"
    query = f"{{ products(first: 250) {{ nodes {{ {variants} }} }} }}"
    answer = alice.send(query).json()
    assert answer["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert "data" not in answer


def test_points_run_out_and_come_back():
    bucket = Bucket()
    assert bucket.take(int(MAXIMUM)) and not bucket.take(50)
    time.sleep(0.6)
    assert bucket.take(50)
    bucket.give_back(10_000)
    assert bucket.status()["currentlyAvailable"] == MAXIMUM


def test_a_shop_without_points_left_is_throttled_and_others_are_not(running, alice, bob):
    bucket = running.extensions["standin"].buckets.for_shop(alice.domain)
    bucket.take(1990)
    levels = "inventoryItem { inventoryLevels(first: 50) { nodes { id } } }"
    variants = f"variants(first: 50) {{ nodes {{ {levels} }} }}"
    answer = alice.send(f"{{ products(first: 50) {{ nodes {{ {variants} }} }} }}").json()

    assert answer["errors"][0]["extensions"]["code"] == "THROTTLED" and "data" not in answer
    cost = answer["extensions"]["cost"]
    assert cost["requestedQueryCost"] > cost["throttleStatus"]["currentlyAvailable"]
    assert cost["actualQueryCost"] is None
    assert bob.ask("{ shop { name } }")
