"""The rows of a file are known before it is made, whichever way it is read."""

import orjson

from transfer.counting import count_lines, count_pages
from transfer.store_access import admin_for
from transfer.types import BY_NAME

PRODUCTS, REDIRECTS = BY_NAME["products"], BY_NAME["redirects"]


def line(kind: str, number: int, parent: int | None = None) -> bytes:
    own = {"id": f"gid://shopify/{kind}/{number}"}
    return orjson.dumps(own | ({"__parentId": f"gid://shopify/Product/{parent}"} if parent else {}))


def test_an_object_has_as_many_rows_as_its_longest_list():
    lines = [
        line("ProductVariant", 11, 1),
        line("Product", 1),
        line("Product", 2),
        *[line("MediaImage", n, 2) for n in range(20, 23)],
        *[line("ProductVariant", n, 2) for n in range(30, 32)],
        line("Video", 40, 2),
        *[line("Collection", n, 2) for n in range(50, 60)],
        line("Product", 3),
        line("ProductVariant", 70, 999),
    ]
    assert count_lines(PRODUCTS, lines) == 1 + 4 + 1


def test_where_nothing_is_nested_every_line_is_a_row():
    assert count_lines(REDIRECTS, [line("UrlRedirect", n) for n in range(3)]) == 3
    assert count_lines(REDIRECTS, []) == 0


def test_pages_give_the_same_number(store):
    store.tell("seed", products=4)
    job = store.export("products")
    with admin_for(store.shop.id) as admin:
        assert count_pages(PRODUCTS, admin, "") == job.rows
        assert count_pages(PRODUCTS, admin, "id:1") == 0
