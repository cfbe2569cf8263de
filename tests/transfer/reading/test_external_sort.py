"""Lines find their object, wherever they stand and however many there are."""

import random
import tracemalloc

import orjson
import pytest

from transfer.reading.external_sort import (
    KEPT_BYTES,
    RUN_BYTES,
    owner_number,
    parent_number,
    sorted_lines,
)

PRODUCT = "gid://shopify/Product/"


def line(**fields) -> bytes:
    return orjson.dumps(fields)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (line(id=f"{PRODUCT}42", title="x"), 42),
        (line(id=f"{PRODUCT}1/2/42"), 42),
        (line(title="x", id=f"{PRODUCT}42"), 42),
        (line(id="gid://shopify/ProductVariant/7", __parentId=f"{PRODUCT}42"), 42),
        (line(__parentId=f"{PRODUCT}42", id="gid://shopify/ProductVariant/7"), 42),
        (b'{ "id": "gid://shopify/Product/42" }', 42),
        (b'{"id":"gid://shopify/A/7", "__parentId" : "gid://shopify/Product/42" }', 42),
        (line(id=f"{PRODUCT}42", title='","__parentId":"gid://shopify/Product/7"}'), 42),
        (line(id=f"{PRODUCT}42", inner={"__parentId": f"{PRODUCT}7"}), 42),
        (line(id=f"{PRODUCT}{2**62}"), 2**62),
    ],
)
def test_the_number_of_a_line(text, number):
    assert parent_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (line(item={"variant": {"owner": {"id": f"{PRODUCT}42"}}}), 42),
        (b'{"a": [1, {"b": 2}], "variant": {"owner": {"id": "gid://shopify/Product/42"}}}', 42),
        (line(id="gid://shopify/InventoryItem/7"), None),
        (line(title='"owner":{"id":"gid://shopify/Product/7"'), None),
    ],
)
def test_the_owner_of_a_line(text, number):
    assert owner_number(text) == number


def groups(lines):
    with sorted_lines(lines, parent_number) as found:
        return [(number, orjson.loads(b"[%b]" % joined)) for number, joined in found]


def test_strays_are_brought_to_their_parent_in_the_order_they_came():
    lines = [
        line(id=f"{PRODUCT}2", n=0),
        line(id=f"{PRODUCT}10", n=1),
        line(id="gid://shopify/V/1", n=2, __parentId=f"{PRODUCT}10"),
        line(id="gid://shopify/V/2", n=3, __parentId=f"{PRODUCT}2"),
        line(id=f"{PRODUCT}1", n=4),
        line(id="gid://shopify/V/3", n=5, __parentId=f"{PRODUCT}10"),
        line(id="gid://shopify/V/4", n=6, __parentId=f"{PRODUCT}2"),
    ]
    assert [(number, [i["n"] for i in items]) for number, items in groups(lines)] == [
        (1, [4]),
        (2, [0, 3, 6]),
        (10, [1, 2, 5]),
    ]


def test_more_than_memory_should_hold_is_sorted_all_the_same():
    filler = "é".encode() * 20_000
    count = 2 * RUN_BYTES // len(filler)
    order = [number for number in range(count) for _ in range(2)]
    random.Random(7).shuffle(order)
    start = f'{{"id":"{PRODUCT}'.encode()
    lines = (b'%s%d","n":%d,"f":"%s"}' % (start, n, i, filler) for i, n in enumerate(order))
    tracemalloc.start()
    with sorted_lines(lines, parent_number) as found:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 3 * RUN_BYTES < len(order) * len(filler)
        for _ in range(2):
            seen = 0
            for number, joined in found:
                places = [item["n"] for item in orjson.loads(b"[%b]" % joined)]
                assert number == seen
                assert places == [place for place, n in enumerate(order) if n == number]
                seen += 1
            assert seen == count


def test_a_pass_that_was_read_keeps_little_in_memory():
    filler = "x" * 1000
    lines = (line(id=f"{PRODUCT}{n}", f=filler) for n in range(8 * KEPT_BYTES // len(filler)))
    tracemalloc.start()
    with sorted_lines(lines, parent_number):
        held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 2 * KEPT_BYTES


def test_no_lines_are_no_groups():
    assert groups([]) == []


def test_what_belongs_to_nothing_is_left_out():
    lines = [line(id="x"), line(v={"owner": {"id": f"{PRODUCT}3"}}, n=1)]
    with sorted_lines(lines, owner_number) as found:
        assert [number for number, _ in found] == [3]
