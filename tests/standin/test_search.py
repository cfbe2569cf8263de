"""Shopify's search syntax finds what it should."""

import pytest

from standin import search
from standin.matching import matcher, unknown_fields
from standin.search import And, Not, Or, Term
from standin.store import Store

SHIRT = {
    "__typename": "Product",
    "id": "gid://shopify/Product/12",
    "title": "Green Hoodie",
    "status": "ACTIVE",
    "vendor": "Acme Inc",
    "tags": ["sale", "Winter Wear"],
    "totalInventory": 7,
    "createdAt": "2026-03-01T10:00:00Z",
    "isGiftCard": False,
    "category": {"id": "gid://shopify/TaxonomyCategory/aa-1-13"},
    "collections": ["gid://shopify/Collection/5"],
    "variants": ["gid://shopify/ProductVariant/1"],
    "metafields": [{"namespace": "custom", "key": "care", "value": "wash cold"}],
}
VARIANT = {
    "__typename": "ProductVariant",
    "id": "gid://shopify/ProductVariant/1",
    "sku": "GH-1",
    "title": "Large",
    "compareAtPrice": "30.00",
}


@pytest.fixture
def shop(tmp_path):
    store = Store(tmp_path)
    shop = store.shop("alice.myshopify.com")
    shop.put_many([SHIRT, VARIANT])
    yield shop
    store.close()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hoodie",
        "green hoodie",
        "gre*",
        "status:active",
        "status:DRAFT,ACTIVE",
        "status:draft OR vendor:'Acme Inc'",
        'vendor:"acme inc"',
        "title:hood*",
        "tag:sale",
        "tag:'winter wear'",
        "-tag:summer",
        "NOT tag:summer",
        "id:12",
        "id:>=12 id:<13",
        "created_at:2026-03-01",
        "created_at:>2026-02-28",
        "created_at:<='2026-03-01T10:00:00Z'",
        "inventory_total:>5",
        "inventory_total:7",
        "(status:draft OR status:active) AND vendor:Acme",
        "is_gift_card:false",
        "sku:GH-1",
        "metafields.custom.care:'wash cold'",
        "vendor:*",
        "colour:red",
        "tag_not:summer",
        "gift_card:false",
        "publishable_status:unpublished",
        "variant_id:1",
        "variant_title:large",
        "category_id:aa-1-13",
        "collection_id:5",
        "is_price_reduced:true",
    ],
)
def test_these_find_the_shirt(shop, query):
    assert matcher(search.parse(query), shop, "Product")(SHIRT)


@pytest.mark.parametrize(
    "query",
    [
        "trousers",
        "status:draft",
        "title:oodie",
        "-tag:sale",
        "NOT (status:active OR status:draft)",
        "id:13",
        "created_at:>2026-03-02",
        "created_at:2026-03-02",
        "inventory_total:<7",
        "status:active AND vendor:Other",
        "published_at:*",
        "sku:GH-2",
        "tag_not:sale",
        "gift_card:true",
        "published_status:published",
        "variant_id:2",
        "category_id:aa-1",
        "is_price_reduced:false",
        "-vendor:*",
    ],
)
def test_these_do_not(shop, query):
    assert not matcher(search.parse(query), shop, "Product")(SHIRT)


def test_quotes_keep_words_and_escapes_together():
    assert search.parse(r"path:'/it\'s here'") == Term("path", ":", "/it's here", quoted=True)


def test_a_query_is_a_tree():
    a, b, c = (Term(None, ":", letter) for letter in "abc")

    assert search.parse("a OR b c") == Or((a, And((b, c))))
    assert search.parse("-(a OR b) AND c") == And((Not(Or((a, b))), c))


@pytest.mark.parametrize(
    "query", ["(", ")", "a))b", "OR", "AND", "-", "NOT", "a OR", "'open", ":x"]
)
def test_malformed_queries_are_borne(shop, query):
    matcher(search.parse(query), shop, "Product")(SHIRT)


def test_paths_alone_are_known_as_such():
    assert search.exact_values(search.parse("path:'/a' OR path:/b"), "path") == ["/a", "/b"]
    assert search.exact_values(search.parse("path:/a OR target:/b"), "path") is None
    assert search.exact_values(search.parse("path:/a*"), "path") is None
    assert search.exact_values(search.parse("-path:/a"), "path") is None


def test_a_search_knows_what_shopify_documents_of_it_and_no_other_field(shop):
    found = search.terms(search.parse("email:a@b.test status:open source:pos fields.x:1"))
    assert unknown_fields(found, "DraftOrder", "QueryRoot.draftOrders") == ["email", "fields.x"]
    tree = search.parse("body_html:nothing")
    assert matcher(tree, shop, "Product", "QueryRoot.products")(SHIRT)
    assert unknown_fields(search.terms(tree), "Product", "QueryRoot.products") == ["body_html"]
    known = search.terms(search.parse("metafields.custom.care:x handle:y"))
    assert unknown_fields(known, "Product", "QueryRoot.products") == []


def test_fields_that_do_not_exist_are_named():
    found = search.terms(search.parse("colour:red title:x -size:9"))
    assert unknown_fields(found, "Product") == ["colour", "size"]
