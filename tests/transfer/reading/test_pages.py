"""Reading page by page, past the objects that Shopify pages through."""

import re

import orjson
import pytest

from transfer.reading import pages
from transfer.reading.queries import LARGEST_PAGE
from transfer.types import BY_NAME

IDS = range(7, 7 + 2 * pages.MOST_OBJECTS + 300)


class Shelf:
    """Redirects by the page, as the Admin API gives them: none beyond the 25,000th."""

    def __init__(self):
        self.searches = []

    def query(self, document: str, variables: dict, denied: list) -> dict:
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
        return {"page": {"nodes": nodes, "pageInfo": page}}


@pytest.mark.parametrize("search", ["", "path:/a OR path:/b"])
def test_paging_goes_on_past_25000_objects(search):
    shelf, [step] = Shelf(), BY_NAME["redirects"].passes
    lines = pages.lines(shelf, step, {}, search)
    assert [int(orjson.loads(line)["id"].rpartition("/")[2]) for line in lines] == list(IDS)
    assert shelf.searches[0] == search
    assert len(shelf.searches) == 3
    for again in shelf.searches[1:]:
        assert again.startswith(f"({search}) AND id:>" if search else "id:>")
