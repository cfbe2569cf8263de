"""JSON Lines: the objects, nested, without names of ours."""

import copy

import orjson

from tests.transfer.samples import FACTS, product, variant
from transfer.formats.jsonl_file import write
from transfer.types import BY_NAME


def test_an_object_is_one_line_with_its_children():
    level = {"location": {"id": "gid://shopify/Location/1"}, "__parentId": "gid://shopify/I/1"}
    child = variant(m0={"value": "x"}, levels={"1": level})
    item = product(variants=[child], m0=None, c0=True, pos=False)
    data = b"".join(write(BY_NAME["products"], FACTS, [copy.deepcopy(item), product(9002)]))
    first, second = map(orjson.loads, data.splitlines())
    assert first["title"] == "Tin Kettle" and second["id"].endswith("/9002")
    assert first["metafields"] == {"care.wash [single_line_text_field]": None}
    assert first["published"] == {"Point of Sale": False}
    assert first["included"] == {"Nordics": True}
    [found] = first["variants"]
    assert found["metafields"] == {"fit.match [product_reference]": {"value": "x"}}
    assert found["levels"] == [{"location": {"id": "gid://shopify/Location/1"}}]
    assert found["prices"] == []
    assert "m0" not in found


def test_nothing_is_an_empty_file():
    assert b"".join(write(BY_NAME["redirects"], {}, [])) == b""
