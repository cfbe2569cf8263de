"""Lists of references are named, whichever store they point into."""

import pytest

from shops.access import admin_for
from tests.transfer.samples import NO_FACTS, product, variant
from transfer.reading.references import resolved
from transfer.rows.layout import CELL, layout
from transfer.types import BY_NAME
from transfer.types.base import Item
from transfer.types.metafields import FRAGMENTS, listed
from transfer.types.shop_facts import MetafieldDefinition

PRODUCTS = BY_NAME["products"]
HANDLES = "query { products(first: 5, sortKey: ID) { nodes { id handle } } }"


def definition(kind: str) -> MetafieldDefinition:
    return MetafieldDefinition("m0", f"x.y [{kind}]", "x", "y", kind)


def cells(store, kind: str, value: str, owner: str = "metafields:PRODUCT") -> str:
    facts = NO_FACTS.having(owner, [definition(kind)])
    metafield: Item = {"m0": {"value": value}}
    item = (
        product(**metafield)
        if owner.endswith("PRODUCT")
        else product(variants=[variant(**metafield)])
    )
    admin = admin_for(store.shop.id)
    [item] = resolved([item], PRODUCTS, facts, admin)
    sheet = layout(PRODUCTS.sheets[0], facts)
    row = dict(zip(sheet.headers, sheet.rows(item, 1)[0].split(CELL), strict=True))
    start = "Metafield" if owner.endswith("PRODUCT") else "Variant Metafield"
    return row[f"{start}: x.y [{kind}]"]


@pytest.mark.parametrize("owner", ["metafields:PRODUCT", "metafields:PRODUCTVARIANT"])
def test_products_are_named_by_their_handles_in_the_lists_order(store, owner):
    store.tell("seed", products=2)
    first, second = store.graphql(HANDLES)["products"]["nodes"]
    gone = "gid://shopify/Product/1"
    value = f'["{second["id"]}", "{gone}", "{first["id"]}"]'
    found = cells(store, "list.product_reference", value, owner)
    assert found == f"{second['handle']}, {first['handle']}"


def test_an_empty_list_is_an_empty_cell(store):
    assert cells(store, "list.product_reference", "[]") == ""


def test_other_lists_stay_as_they_are(store):
    assert cells(store, "list.single_line_text_field", '["Red"]') == '["Red"]'
    assert cells(store, "list.customer_reference", '["gid://shopify/Customer/1"]') == (
        '["gid://shopify/Customer/1"]'
    )


def test_only_lists_of_what_has_a_name_are_looked_up():
    assert all(listed(f"list.{kind}") for kind in FRAGMENTS)
    assert listed("product_reference") is None
    assert listed("list.color") is None
