"""The lines of a bulk query are exactly what an ordinary query answers."""

import tracemalloc

import orjson
import pytest

from standin import execute
from standin.bulk_rules import check_query
from standin.bulk_walk import Walk
from standin.graphql_api import make_context

REDIRECTS = "{ urlRedirects { edges { node { id path } } } }"


@pytest.fixture
def context_of(running):
    """A function that gives the context of a call for a shop."""
    with running.app_context():
        yield lambda shop: make_context(shop, frozenset())


def lines(context, query, group=False):
    walk = Walk(context, check_query(query)[0], group)
    return [orjson.loads(line) for line, _ in walk.lines()]


@pytest.mark.parametrize(
    ("root", "fields"),
    [
        (
            "products",
            "t: title handle status tags totalInventory createdAt legacyResourceId seo { title }"
            " category { id fullName } options { name values position optionValues { name } }"
            " priceRangeV2 { minVariantPrice { amount currencyCode } } care: metafield(namespace:"
            ' "custom", key: "care") { value jsonValue } featuredMedia { id __typename ... on'
            " MediaImage { image { url } } } variantsCount { count } isGiftCard publishedAt",
        ),
        (
            "productVariants",
            "sku barcode price compareAtPrice position inventoryQuantity product { title }"
            " selectedOptions { name value } inventoryItem { tracked unitCost { amount }"
            " measurement { weight { unit value } } }",
        ),
        (
            "customers",
            "firstName email tags defaultAddress { city countryCodeV2 } ... on Customer { note"
            " numberOfOrders amountSpent { amount } addresses { city } }",
        ),
        ("orders", "name currencyCode totalPriceSet { shopMoney { amount } } customer { id }"),
        ("files", "fileStatus createdAt ... on MediaImage { mimeType image { url width } }"),
        ("discountNodes", "discount { __typename ... on DiscountCodeBasic { title status } }"),
        ("events", "message createdAt ... on BasicEvent { action subjectType }"),
        ("metaobjectDefinitions", "type name fieldDefinitions { key type { name } }"),
    ],
)
def test_lines_are_what_graphql_core_answers(running, context_of, root, fields):
    """The walker takes short cuts; graphql-core says what the lines have to be."""
    query = "{ %s { edges { node { id __typename " + fields + " } } } }"
    shop = running.extensions["standin"].store.shop("demo.myshopify.com")
    document, problems = execute.prepare(query % f"{root}(first: 250)")
    assert document and problems == []
    answer = execute.run(document, context_of(shop), {}, None)
    assert answer.data and answer.errors is None
    expected = [edge["node"] for edge in answer.data[root]["edges"]]

    found = lines(context_of(shop), query % root)[:250]

    assert found and found == expected
    assert [list(line) for line in found] == [list(node) for node in expected]


@pytest.mark.parametrize("group", [True, False])
def test_children_at_two_levels_find_their_parents(running, context_of, group):
    shop = running.extensions["standin"].store.shop("demo.myshopify.com")
    query = """{ products { edges { node { id title variants { edges { node { id sku
        inventoryItem { id inventoryLevels { edges { node { id } } } } } } } } } } }"""

    found = lines(context_of(shop), query, group)

    parents = {line["id"]: line.get("__parentId") for line in found}
    levels = [line for line in found if "InventoryLevel/" in line["id"]]
    assert levels
    for level in levels:
        assert "/ProductVariant/" in level["__parentId"]
        assert "/Product/" in parents[level["__parentId"]]
    assert all("inventoryLevels" not in line.get("inventoryItem", {}) for line in found)
    adrift = [
        line
        for before, line in zip(found, found[1:], strict=False)
        if line.get("__parentId") not in (None, before["id"], before.get("__parentId"))
        and not group
    ]
    assert bool(adrift) != group


def test_redacted_fields_are_null(running, context_of):
    shop = running.extensions["standin"].store.shop("demo.myshopify.com")
    context = context_of(shop)
    context.redact = context.in_bulk = True
    query = "{ customers { edges { node { id firstName email tags } } } }"
    found = lines(context, query)
    assert found and all(line["email"] is None for line in found)
    assert any(line["tags"] for line in found)


def test_any_number_of_lines_takes_little_memory(alice, context_of):
    alice.store.put_many(
        {
            "__typename": "UrlRedirect",
            "id": f"gid://shopify/UrlRedirect/{n}",
            "path": f"/{n}",
            "target": "/",
        }
        for n in range(30_000)
    )
    walk = Walk(context_of(alice.store), check_query(REDIRECTS)[0], group=False)
    tracemalloc.start()
    count = sum(1 for _ in walk.lines())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 30_000 and peak < 8_000_000
