"""The guides behind the Help links: public, whole, and each link in them leads somewhere."""

from urllib.parse import urljoin, urlsplit

import pytest

from blueprints.pages.help import GUIDES, RECIPES
from tests.cast import ALICE, Merchant
from tests.markup import one, select, text


def guide(app, name):
    answer = app.test_client().get(f"/help/{name}.md")
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("tab", ["keys", "jobs", "plan", "activity"])
def test_every_page_links_to_its_place_in_the_guide(app, shop, tab):
    page = Merchant(app, ALICE).get(f"/settings/{tab}/")
    link = one(page, "a.help")
    assert (link.get_text(), link["target"]) == ("Help", "_blank")
    address = urlsplit(str(link["href"]))
    answer = app.test_client().get(address.path)
    assert answer.status_code == 200
    if address.fragment:
        assert one(answer, f"h2#{address.fragment}")


@pytest.mark.parametrize("name", GUIDES + RECIPES)
def test_a_guide_is_a_page_for_everybody(app, name):
    page = guide(app, name)
    assert text(page, "title").endswith("· Altera")
    assert one(page, "article h1") and one(page, "article")["lang"] == "en"


@pytest.mark.parametrize("name", GUIDES + RECIPES)
def test_every_link_and_picture_of_a_guide_is_there(app, name):
    page = guide(app, name)
    fragments: dict[str, set[str]] = {}
    for link in select(page, "article a"):
        address = urlsplit(urljoin(f"/help/{name}.md", str(link["href"])))
        if not address.scheme:
            fragments.setdefault(address.path, set()).add(address.fragment)
    for path, wanted in fragments.items():
        there = app.test_client().get(path)
        assert there.status_code == 200, path
        there.close()
        if wanted := wanted - {""}:
            assert wanted - {found["id"] for found in select(there, "[id]")} == set(), path
    for picture in select(page, "article img"):
        there = app.test_client().get(urljoin(f"/help/{name}.md", str(picture["src"])))
        assert (there.status_code, there.mimetype) == (200, "image/png")
        there.close()


@pytest.mark.parametrize(
    "path",
    ["operate.md", "nothing.md", "../README.md", "%2e%2e/README.md", "images/nothing.png"]
    + ["recipes/nothing.md", "recipes/nothing.csv", "recipes/README.md", "recipes/../operate.md"],
)
def test_nothing_else_is_served(app, path):
    assert app.test_client().get(f"/help/{path}").status_code == 404
