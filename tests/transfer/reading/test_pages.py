"""Reading page by page, past the objects that Shopify pages through."""

import re
from typing import Any

import orjson
import pytest

from shopify.admin import Admin
from shopify.responses import Answer, TooExpensive
from standin import execute
from standin.cost import Pricing
from transfer.reading import pages, queries
from transfer.reading.queries import LARGEST_PAGE
from transfer.types import ALL, BY_NAME
from transfer.types.shop_facts import ShopFacts

IDS = range(7, 7 + 2 * pages.MOST_OBJECTS + 300)


class Shelf(Admin):
    """Redirects by the page, as the Admin API gives them: none beyond the 25,000th."""

    def __init__(self):
        self.searches = []

    def ask(self, document: str, variables: dict[str, Any] | None = None) -> Answer:
        variables = variables or {}
        assert "after: $after" in document and "query: $query" in document
        search, after = variables["query"] or "", int(variables["after"] or 0)
        if not after:
            self.searches.append(search)
        start = re.search(r"id:>(\d+)", search)
        found = IDS[IDS.index(int(start[1])) + 1 :] if start else IDS
        assert after + LARGEST_PAGE <= 25_000
        nodes = [{"id": f"gid://shopify/UrlRedirect/{n}"} for n in found[after:][:LARGEST_PAGE]]
        end = after + LARGEST_PAGE
        page = {"hasNextPage": end < len(found), "endCursor": str(end)}
        return Answer({"page": {"nodes": nodes, "pageInfo": page}})


@pytest.mark.parametrize("search", ["", "path:/a OR path:/b"])
def test_paging_goes_on_past_25000_objects(search):
    shelf, [step] = Shelf(), BY_NAME["redirects"].passes
    lines = pages.lines(shelf, step, ShopFacts(), search)
    assert [int(orjson.loads(line)["id"].rpartition("/")[2]) for line in lines] == list(IDS)
    assert shelf.searches[0] == search
    assert len(shelf.searches) == 3
    for again in shelf.searches[1:]:
        assert again.startswith(f"({search}) AND id:>" if search else "id:>")


class Priced:
    """Redirects again; a page of ``first`` costs what ``cost(first)`` says."""

    def __init__(self, cost):
        self.cost, self.sizes = cost, []

    def ask(self, document: str, variables: dict[str, Any] | None = None) -> Answer:
        variables = variables or {}
        [first] = re.findall(r"first: (\d+)", document)
        size, after = int(first), int(variables["after"] or 0)
        self.sizes.append(size)
        if (cost := self.cost(size)) > 1000:
            raise TooExpensive("Query cost exceeds the limit.", cost)
        nodes = [{"id": f"gid://shopify/UrlRedirect/{n}"} for n in IDS[after : after + size]]
        info = {"hasNextPage": after + size < 2000, "endCursor": str(after + size)}
        page = {"page": {"nodes": nodes, "pageInfo": info}}
        return Answer(page, {"cost": {"requestedQueryCost": cost}})


def read(shop, monkeypatch, expected):
    [step] = BY_NAME["redirects"].passes
    monkeypatch.setattr(queries, "page_sizes", lambda part, facts: (10, expected))
    return [orjson.loads(line)["id"] for line in pages.lines(shop, step, ShopFacts(), "")]


def test_pages_grow_by_the_cost_that_comes_back(monkeypatch):
    shop = Priced(lambda size: 2 + 2 * size)
    assert len(set(read(shop, monkeypatch, 25))) == len(read(shop, monkeypatch, 25))
    assert shop.sizes[0] == 25
    assert set(shop.sizes) == {25, 250}


def test_pages_shrink_when_one_is_too_expensive_and_never_grow_beyond(monkeypatch):
    shop = Priced(lambda size: 10 * size)
    found = read(shop, monkeypatch, 250)
    assert found == [f"gid://shopify/UrlRedirect/{n}" for n in IDS[: len(found)]]
    assert len(found) >= 2000
    assert shop.sizes[0] == 250 and set(shop.sizes[1:]) == {90}


def test_one_object_that_is_too_expensive_is_an_error(monkeypatch):
    with pytest.raises(TooExpensive):
        read(Priced(lambda size: 2000), monkeypatch, 250)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_pages_are_large(kind):
    """Without columns of the store's own; 10 to 40 is what they were by a linear rule."""
    facts = ShopFacts()
    for step in kind.passes:
        if not step.ids:
            assert queries.page_sizes(step, facts)[1] >= 90


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_no_page_is_refused_for_its_price(kind):
    for step in kind.passes:
        if not (step.ids or step.each):
            document, _ = execute.prepare(queries.root_page(step, ShopFacts()))
            assert document
            operation = execute.operation_of(document, None)
            priced = Pricing(document, operation, execute.variables(operation, {}))
            assert priced.requested() <= 1000
