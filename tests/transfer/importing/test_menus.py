"""Imports of menus: trees of three levels, which Shopify takes as a whole."""

from collections.abc import Iterator
from itertools import chain

import pytest

from tests.transfer.importing.files import (
    came_of,
    check_told,
    exported,
    results_of,
    unchanged,
    undone,
)
from transfer.importing import planning, steps
from transfer.importing.settle import settle

TYPE = "menus"
TITLE, PARENT, KIND = "Menu Item: Title", "Menu Item: Parent Title", "Menu Item: Type"
URL, POSITION, COMMAND = "Menu Item: URL", "Menu Item: Position", "Menu Item: Command"


@pytest.fixture
def filled(store):
    store.tell("seed", products=2, collections=3, pages=3, articles=2, menus=4)
    return store


def item(title: str, parent: str = "", handle: str = "help", **more: str) -> dict[str, str]:
    own = {"Handle": handle, "Title": "Help", TITLE: title, PARENT: parent}
    return {**own, KIND: "HTTP", URL: f"https://help.example.com/{len(title)}", **more}


LEVELS = """query { menus(first: 20) { nodes {
  handle items { title items { title items { title } } } } } }"""


def tree(store, handle: str = "help") -> list[tuple[str, str, str]]:
    """The items that the store has with the title of that above and their positions."""
    menus = store.graphql(LEVELS)["menus"]["nodes"]
    items = [menu["items"] for menu in menus if menu["handle"] == handle]
    return list(chain(*(below(some, "") for some in items)))


def below(items: list[dict], parent: str) -> Iterator[tuple[str, str, str]]:
    for place, one in enumerate(items, 1):
        yield one["title"], parent, str(place)
        yield from below(one.get("items", []), one["title"])


def test_a_menu_of_three_levels_is_created(filled, tmp_path):
    rows = [
        item("Orders"),
        item("Returns", "Orders"),
        item("Costs", "Returns"),
        item("Contact", **{POSITION: "1"}),
        {"Handle": "help", TITLE: "Search", KIND: "search"},
    ]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * 5
    assert tree(filled) == [
        ("Contact", "", "1"),
        ("Orders", "", "2"),
        ("Returns", "Orders", "1"),
        ("Costs", "Returns", "1"),
        ("Search", "", "3"),
    ]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["unchanged"] * 5
    unchanged(filled, tmp_path, TYPE)


def test_items_lead_to_what_their_handles_name(filled, tmp_path):
    def handle(of: str) -> str:
        nodes = filled.graphql(f"query {{ {of}(first: 1) {{ nodes {{ handle }} }} }}")[of]["nodes"]
        return nodes[0]["handle"]

    kinds = {"PAGE": "pages", "collection": "collections", "Product": "products", "BLOG": "blogs"}
    rows = [
        {"Handle": "help", "Title": "Help", TITLE: kind, KIND: kind,
         "Menu Item: Resource ID": "1234", "Menu Item: Resource Handle": handle(of)}
        for kind, of in kinds.items()
    ]  # fmt: skip
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * 4
    found = [row for row in exported(filled, TYPE) if row["Handle"] == "help"]
    assert [row["Menu Item: Resource Handle"] for row in found] == [
        row["Menu Item: Resource Handle"] for row in rows
    ]
    assert "1234" not in [row["Menu Item: Resource ID"] for row in found]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["unchanged"] * 4
    unchanged(filled, tmp_path, TYPE)


def test_items_that_are_not_in_the_file_stay(filled, tmp_path):
    before = tree(filled, "main-menu")
    filled.changes_sent()
    row = item("New", handle="main-menu", **{"Title": "", POSITION: "2"})
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    [sent] = filled.changes_sent()
    assert sent["field"] == "menuUpdate"
    after = tree(filled, "main-menu")
    assert after[1] == ("New", "", "2")
    assert [(t, p) for t, p, _ in after if t != "New"] == [(t, p) for t, p, _ in before]
    assert undone(filled) == ["updated"]
    assert tree(filled, "main-menu") == before


def test_an_item_is_renamed_and_moved_by_its_id(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, item("A"), item("B"), item("C", "A"))
    before = exported(filled, TYPE)
    ids = {row[TITLE]: row["Menu Item: ID"] for row in before}
    rows = [
        {"Handle": "help", "Menu Item: ID": ids["C"], PARENT: "B", TITLE: "Costs"},
        {"Handle": "help", "Menu Item: ID": ids["B"], PARENT: "", TITLE: "B", POSITION: "1"},
    ]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    assert tree(filled) == [("B", "", "1"), ("Costs", "B", "1"), ("A", "", "2")]
    after = {row[TITLE]: row["Menu Item: ID"] for row in exported(filled, TYPE)}
    assert (after["Costs"], after["A"]) == (ids["C"], ids["A"])
    assert undone(filled) == ["updated"]
    assert exported(filled, TYPE) == before


def test_an_item_that_is_deleted_takes_those_below_it_along(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, item("A"), item("B", "A"), item("C", "B"), item("D"))
    before = tree(filled)
    row = {"Handle": "help", TITLE: "A", COMMAND: "DELETE"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "updated"
    assert comment == "“A” is removed, “B / A” is removed, “C / B” is removed"
    assert tree(filled) == [("D", "", "1")]
    assert undone(filled) == ["updated"]
    assert sorted(tree(filled)) == sorted(before)


def test_replace_makes_the_file_the_whole_menu(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, item("A"), item("B"), item("C", "B"))
    rows = [item("B", Command="REPLACE"), item("E", "B", Command="REPLACE")]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    assert tree(filled) == [("B", "", "1"), ("E", "B", "1")]


WRONG: list[tuple[list[dict[str, str]], str]] = [
    (
        [item("Returns", "Orders"), item("B")],
        "Menu Item: Parent Title: “Returns” is to stand under “Orders”, which the menu does not "
        "have. Add a row for that item too.",
    ),
    ([item("A"), item("B", "A"), item("C", "B"), item("D", "C")], "below the third level"),
    (
        [item("A", **{KIND: "PAGE", "Menu Item: Resource Handle": "no-such-page", URL: ""})],
        "The store has no page “no-such-page”.",
    ),
    ([item("A", **{KIND: "PAGE", URL: ""})], "it is empty, so"),
    ([item("A", **{KIND: "HTTP", URL: ""})], "no address"),
    ([item("A", **{KIND: "no", URL: ""})], "none of"),
]
"""Items of a menu, and what is told of them."""


def test_wrong_items_are_told_and_other_menus_are_made(filled, tmp_path):
    menus = [[row | {"Handle": f"wrong-{n}"} for row in rows] for n, (rows, _) in enumerate(WRONG)]
    found = came_of(filled, tmp_path, TYPE, *chain(*menus), item("A", handle="good"))
    *_, (good, _) = found
    firsts = [sum(map(len, menus[:n])) for n in range(len(menus))]
    check_told([found[place] for place in firsts], WRONG)
    assert good == "created" and tree(filled, "good") == [("A", "", "1")]
    assert [tree(filled, f"wrong-{n}") for n in range(len(WRONG))] == [[]] * len(WRONG)


def test_many_items_and_two_of_one_title(filled, tmp_path, pytestconfig):
    """In the long run five hundred."""
    tops, below = (25, 19) if pytestconfig.option.everything else (6, 5)
    rows = [item(f"Top {n}") for n in range(tops)]
    rows += [item(f"Item {n} of {top}", f"Top {top}") for top in range(tops) for n in range(below)]
    rows += [item("Twice", "Top 3", **{URL: f"https://a.example.com/{n}"}) for n in (1, 2)]
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"created"}
    assert len(tree(filled)) == tops * (1 + below) + 2
    assert [row for row in tree(filled) if row[0] == "Twice"] == [
        ("Twice", "Top 3", str(below + 1)),
        ("Twice", "Top 3", str(below + 2)),
    ]
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"unchanged"}
    rows[-1][URL] = "https://a.example.com/3"
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"updated"}
    found = [row[URL] for row in exported(filled, TYPE) if row[TITLE] == "Twice"]
    assert found == ["https://a.example.com/1", "https://a.example.com/3"]


def test_shopifys_own_menus_keep_their_handles_and_are_not_deleted(filled, tmp_path):
    row = {"Handle": "main-menu", "Command": "DELETE"}
    [(result, why)] = came_of(filled, tmp_path, TYPE, row)
    assert (result, why) == (
        "failed",
        "It is one of Shopify's own menus, which cannot be deleted.",
    )
    ID = next(row["ID"] for row in exported(filled, TYPE) if row["Handle"] == "main-menu")
    row = {"ID": ID, "Handle": "other", "Title": "Main"}
    [(result, why)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "updated" and "Handle: that of one of Shopify's own menus" in why
    assert results_of(filled, tmp_path, TYPE, {"Handle": "footer-menu", "Title": "Foot"})
    assert {row["Title"] for row in exported(filled, TYPE)} >= {"Main", "Foot"}


def test_a_menu_is_deleted_and_made_again(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, item("A"), item("B", "A"))
    before = tree(filled)
    assert results_of(filled, tmp_path, TYPE, {"Handle": "help", "Command": "DELETE"}) == [
        "deleted"
    ]
    assert tree(filled) == []
    assert undone(filled) == ["created"]
    assert tree(filled) == before


def test_items_that_others_add_after_the_plan_are_not_lost(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, item("A"))
    text = f"Handle,{TITLE},{KIND},{URL}\nhelp,B,HTTP,https://b.example.com\n"
    job = filled.keep(tmp_path, text, type=TYPE, dry_run=False)
    assert steps.begin(job.id) and steps.unpack(job.id)
    while planning.make_plan(job.id):
        pass
    settle(job.id)
    ID = next(row["ID"] for row in exported(filled, TYPE) if row["Handle"] == "help")
    filled.graphql(
        """mutation ($id: ID!) { menuUpdate(id: $id, title: "Help", items: [
          { title: "Theirs", type: SEARCH }]) { userErrors { message } } }""",
        id=f"gid://shopify/Menu/{ID}",
    )
    filled.run_import(job)
    assert job.counts == {"conflict": 1}
    assert tree(filled) == [("Theirs", "", "1")]


def test_entries_are_found_by_id_or_by_handle_and_articles_with_their_blog(store, tmp_path):
    store.tell("seed", metaobject_definitions=3, metaobjects=3, articles=8, collections=1)
    entry = store.graphql(
        "query { metaobjectDefinitions(first: 1) { nodes { metaobjects(first: 2) { nodes { id"
        " handle } } } } }"
    )["metaobjectDefinitions"]["nodes"][0]["metaobjects"]["nodes"][0]
    for blog in ("journal", "kuche"):
        row = {"Handle": "same", "Blog: Handle": blog, "Title": blog}
        assert results_of(store, tmp_path, "articles", row) == ["created"]
    resource, handle = "Menu Item: Resource ID", "Menu Item: Resource Handle"
    rows = [
        item("By ID", **{KIND: "METAOBJECT", URL: "", resource: entry["id"].rpartition("/")[2]}),
        item("By handle", **{KIND: "METAOBJECT", URL: "", handle: entry["handle"], resource: "1"}),
        item("Article", **{KIND: "ARTICLE", URL: "/blogs/kuche/same", handle: "same"}),
    ]
    assert results_of(store, tmp_path, TYPE, *rows) == ["created"] * 3
    found = [row for row in exported(store, TYPE) if row["Handle"] == "help"]
    assert [row[handle] for row in found] == [entry["handle"], entry["handle"], "same"]
    assert found[2][URL] == "/blogs/kuche/same"
    assert results_of(store, tmp_path, TYPE, *rows) == ["unchanged"] * 3
    alone = item("Which", **{KIND: "ARTICLE", URL: "", handle: "same"})
    [(result, why)] = came_of(store, tmp_path, TYPE, alone)
    assert result == "failed" and "The store has 2 articles “same”." in why


def test_pages_of_the_account_stay_what_they_are(filled, tmp_path):
    def ids() -> list[str]:
        rows = exported(filled, TYPE)
        kinds = (row["Menu Item: Resource Type"] for row in rows)
        return [
            row["Menu Item: Resource ID"]
            for row, kind in zip(rows, kinds, strict=True)
            if kind == "CUSTOMER_ACCOUNT_PAGE"
        ]

    before = ids()
    row = item("New", handle="main-menu", **{"Title": ""})
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    assert before and all(before) and ids() == before
