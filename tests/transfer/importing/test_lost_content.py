"""Answers of Shopify that are lost while content is imported: nothing is made twice."""

import pytest

from tests.transfer.importing.files import exported, results_of

BLOGS = "query { blogs(first: 9) { nodes { id } } }"
POST = {"Handle": "hello", "Title": "Hello", "Blog: Handle": "news"}
CODE = {"Title": "Spring", "Type": "Amount off Order", "Method": "Code"}
CODE |= {"Value Type": "Percentage", "Value": "10"}
AUTOMATIC = {**CODE, "Method": "Automatic"}
LINK = {"Handle": "help", "Title": "Help", "Menu Item: Title": "A", "Menu Item: URL": "/a"}
FILES = {
    "blog and article": ("articles", [POST], 1),
    "article": ("articles", [POST], 2),
    "page": ("pages", [{"Handle": "hello", "Title": "Hello"}], 1),
    "page without a handle": ("pages", [{"Handle": "", "Title": "Hello"}] * 2, 1),
    "article without a handle": ("articles", [POST | {"Handle": ""}], 2),
    "menu": ("menus", [LINK], 1),
    "discount": ("discounts", [CODE | {"Code": "SPRING"}], 1),
    "automatic": ("discounts", [AUTOMATIC], 1),
    "codes": ("discounts", [CODE | {"Code": f"SPRING{n}"} for n in range(3)], 2),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("lag", [0, 60_000])
def test_nothing_is_made_twice(store, tmp_path, name, lag):
    of, rows, lost = FILES[name]
    store.misbehave(lose_answer=lost, search_lag_ms=lag)
    results = results_of(store, tmp_path, of, *rows, tries=4)
    store.misbehave()
    assert set(results) == {"created"}
    assert len(exported(store, of)) == len(rows)
    if of == "articles":
        assert len(store.graphql(BLOGS)["blogs"]["nodes"]) == 1


def test_a_discount_that_is_made_again_is_deleted_and_made_once(store, tmp_path):
    assert results_of(store, tmp_path, "discounts", CODE | {"Code": "SPRING"}) == ["created"]
    store.changes_sent()
    store.misbehave(lose_answer=2)  # those of the deletion and of the creation
    row = AUTOMATIC | {"Command": "REPLACE"}
    assert results_of(store, tmp_path, "discounts", row, tries=4) == ["updated"]
    store.misbehave()
    sent = [one["field"] for one in store.changes_sent()]
    assert sent == ["discountCodeDelete", "discountAutomaticBasicCreate"]
    [found] = exported(store, "discounts")
    assert (found["Title"], found["Method"]) == ("Spring", "Automatic")
