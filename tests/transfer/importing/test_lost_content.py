"""Answers of Shopify that are lost while content is imported: nothing is made twice."""

import pytest

from tests.transfer.importing.files import came_of, exported, imported, results_of
from transfer.importing.apply import DONE_ALREADY

THERE = """query {
  articles(first: 9) { nodes { id } } blogs(first: 9) { nodes { id } }
  pages(first: 9) { nodes { id } } menus(first: 9) { nodes { id } }
  discounts: discountNodes(first: 9) { nodes { id discount {
    ... on DiscountCodeBasic { codesCount { count } } } } } }"""
POST = {"Handle": "hello", "Title": "Hello", "Blog: Handle": "news"}
CODE = {"Title": "Spring", "Type": "Amount off Order", "Method": "Code"}
CODE |= {"Value Type": "Percentage", "Value": "10"}
AUTOMATIC = {**CODE, "Method": "Automatic"}
LINK = {"Handle": "help", "Title": "Help", "Menu Item: Title": "A", "Menu Item: URL": "/a"}
ARTICLE = {"blogs": 1, "articles": 1}
FILES = {
    "blog and article": ("articles", [POST], 1, ARTICLE),
    "article": ("articles", [POST], 2, ARTICLE),
    "page": ("pages", [{"Handle": "hello", "Title": "Hello"}], 1, {"pages": 1}),
    "page without a handle": ("pages", [{"Handle": "", "Title": "Hello"}] * 2, 1, {"pages": 2}),
    "article without a handle": ("articles", [POST | {"Handle": ""}], 2, ARTICLE),
    "menu": ("menus", [LINK], 1, {"menus": 1}),
    "discount": ("discounts", [CODE | {"Code": "SPRING"}], 1, {"discounts": 1, "codes": 1}),
    "automatic": ("discounts", [AUTOMATIC], 1, {"discounts": 1}),
    "codes": (
        "discounts",
        [CODE | {"Code": f"SPRING{n}"} for n in range(3)],
        2,
        {"discounts": 1, "codes": 3},
    ),
}
"""The rows of a file of a type, how many answers are lost, and what the store has in the end."""


def there(store) -> dict[str, int]:
    """How many of each kind the store has, where it has any."""
    found = {name: answer["nodes"] for name, answer in store.graphql(THERE).items()}
    codes = [one["discount"].get("codesCount", {"count": 0}) for one in found["discounts"]]
    counts = {name: len(nodes) for name, nodes in found.items()}
    counts["codes"] = sum(one["count"] for one in codes)
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("lag", [0, 60_000])
def test_nothing_is_made_twice(store, tmp_path, name, lag):
    of, rows, lost, made = FILES[name]
    store.misbehave(lose_answer=lost, search_lag_ms=lag)
    results = results_of(store, tmp_path, of, *rows, tries=4)
    store.misbehave()
    assert set(results) == {"created"}
    assert there(store) == made


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


def test_what_the_store_shows_already_is_not_sent_again(store, tmp_path):
    """An update whose answer was lost is looked up first."""
    imported(store, tmp_path, "pages", {"Handle": "hello", "Title": "Hello"})
    store.changes_sent()
    store.misbehave(lose_answer=1)
    row = {"Handle": "hello", "Title": "Good morning"}
    assert came_of(store, tmp_path, "pages", row, tries=2) == [("updated", DONE_ALREADY)]
    assert [one["field"] for one in store.changes_sent()] == ["pageUpdate"]
