"""JSON Lines: the objects, nested, without names of ours."""

import copy

import orjson

from tests.transfer.samples import FACTS, product, variant
from transfer.formats.jsonl_writer import write
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts

PRICES = "gid://shopify/PriceList/7"


def test_an_object_is_one_line_with_its_children():
    link = {"owner": {"id": "gid://shopify/Product/9001"}}
    stock = {"id": "gid://shopify/InventoryItem/1", "variant": link}
    place = {"id": "gid://shopify/Location/1"}
    level = {"location": place, "item": stock, "__parentId": stock["id"]}
    price = {"variant": {"id": "v"} | link, "price": {"amount": "1.0"}, "__parentId": PRICES}
    child = variant(m0={"value": "x"}, levels={"1": level}, prices={PRICES: price})
    item = product(variants=[child], m0=None, c0=True, pos=False)
    data = b"".join(write(BY_NAME["products"], FACTS, [copy.deepcopy(item), product(9002)]))
    first, second = map(orjson.loads, data.splitlines())
    assert first["title"] == "Tin Kettle" and second["id"].endswith("/9002")
    assert first["metafields"] == {"care.wash [single_line_text_field]": None}
    assert first["published"] == {"Point of Sale": False}
    assert first["included"] == {"Nordics": True}
    [found] = first["variants"]
    assert found["metafields"] == {"fit.match [product_reference]": {"value": "x"}}
    assert found["levels"] == [{"location": place, "item": {"id": stock["id"]}}]
    [price] = found["prices"]
    assert price == {
        "variant": {"id": "v"},
        "price": {"amount": "1.0"},
        "priceList": {"id": PRICES},
    }
    assert "m0" not in found


def test_nothing_is_an_empty_file():
    assert b"".join(write(BY_NAME["redirects"], ShopFacts(), [])) == b""
