"""Filters become Shopify's search text and nothing more."""

import pytest

from transfer.filters import BadFilter, quoted, search
from transfer.types import BY_NAME

PRODUCTS = BY_NAME["products"]


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({}, ""),
        ({"vendor": "Moss & Co"}, "vendor:'Moss & Co'"),
        ({"tag": ["camp", "tin"]}, "(tag:'camp' OR tag:'tin')"),
        ({"vendor": "A", "gift_card": True}, "vendor:'A' gift_card:true"),
        ({"gift_card": "No"}, "gift_card:false"),
        ({"price": [">=10", "<20.5"]}, "price:>=10 price:<20.5"),
        ({"updated_at": ">= 2026-01-31"}, "updated_at:>='2026-01-31'"),
        ({"created_at": "<2026-01-31T10:00:00Z"}, "created_at:<'2026-01-31T10:00:00Z'"),
        ({"id": 42}, "id:42"),
        ({"inventory_total": "-3"}, "inventory_total:'-3'"),
    ],
)
def test_filters_are_search_text(wanted, text):
    assert search(PRODUCTS, wanted) == text


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"colour": "red"}, "have no filter “colour”"),
        ({"vendor": ""}, "needs a value"),
        ({"vendor": []}, "needs a value"),
        ({"vendor": None}, "value is text"),
        ({"vendor": {"a": 1}}, "value is text"),
        ({"gift_card": "maybe"}, "is true or false"),
        ({"price": "cheap OR id:1"}, "takes a number or a date"),
        ({"price": ">"}, "takes a number or a date"),
    ],
)
def test_a_bad_filter_is_told_in_one_sentence(wanted, words):
    with pytest.raises(BadFilter, match=words):
        search(PRODUCTS, wanted)


def test_a_value_cannot_leave_its_quotes():
    assert quoted("a' OR id:>0 '") == r"'a\' OR id:>0 \''"
    assert quoted("a\\") == r"'a\\'"
