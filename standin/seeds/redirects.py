"""URL redirects: old addresses of the shop and where they lead now."""

from collections.abc import Iterator

from standin.search_fields import SEARCH_VALUES
from standin.seeds.base import Seeder, timestamp

OLD = (
    ("/shop/item-{n}.html", "/collections/all"),
    ("/products/old-{n}", "/products/fjord-t-shirt"),
    ("/blog/{n}/kiln-news", "/blogs/journal"),
    ("/catalogue/page/{n}", "/collections/kitchen?page={n}"),
    ("/help/question-{n}", "https://help.example.com/articles/{n}"),
    ("/Größentabelle/{n}", "/pages/sizes#t-{n}"),
)
FIRST = 1000  # redirects start at this number, so that the paths look grown


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    ids = seeder.ids("UrlRedirect", how_many)
    for i, gid in enumerate(ids, start=first):
        path, target = OLD[i % len(OLD)]
        yield {
            "__typename": "UrlRedirect",
            "id": gid,
            "path": path.format(n=FIRST + i),
            "target": target.format(n=FIRST + i),
            SEARCH_VALUES: {"created_at": [timestamp(i)]},
        }
