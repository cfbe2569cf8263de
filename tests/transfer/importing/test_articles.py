"""Imports of articles into their blogs, with the state of their comments."""

import pytest

from tests.transfer.importing.files import came_of, exported, results_of, unchanged, undone
from transfer.importing import bulk, steps

TYPE = "articles"
BLOG, STATUS, COMMENT = "Blog: Handle", "Comment: Status", "Comment: ID"
PAST = "2024-05-01 10:00:00 +0000"


@pytest.fixture
def filled(store):
    store.tell("seed", metafield_definitions=21, articles=6)
    return store


def article(store, handle: str) -> dict[str, str]:
    return next(row for row in exported(store, TYPE) if row["Handle"] == handle)


def without_dates(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row | {"Updated At": ""} for row in rows]


def test_an_article_is_created_in_its_blog(filled, tmp_path):
    row = {
        "Handle": "Hello World",
        BLOG: "Journal",
        "Title": "Hello",
        "Author": "Ann",
        "Body HTML": "<p>Hello.</p>",
        "Summary HTML": "<p>Hi.</p>",
        "Tags": "b, a",
        "Published": "true",
        "Published At": PAST,
        "SEO Title": "Hello there",
        "Metafield: custom.minutes [number_integer]": "7",
    }
    filled.changes_sent()
    assert results_of(filled, tmp_path, TYPE, row) == ["created"]
    assert [one["field"] for one in filled.changes_sent()] == ["articleCreate"]
    found = article(filled, "hello-world")
    assert (found["Author"], found["Tags"], found[BLOG]) == ("Ann", "a, b", "journal")
    assert found["Metafield: title_tag [string]"] == "Hello there"
    assert found["Published At"][:10] == "2024-05-01"
    assert results_of(filled, tmp_path, TYPE, row) == ["unchanged"]
    unchanged(filled, tmp_path, TYPE)


def test_one_handle_in_two_blogs_is_two_articles_and_each_says_its_blog(filled, tmp_path):
    rows = [
        {"Handle": "same", BLOG: "journal", "Title": "One"},
        {"Handle": "same", BLOG: "kuche", "Title": "Two"},
    ]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * 2
    rows[1]["Title"] = "Three"
    assert results_of(filled, tmp_path, TYPE, *rows) == ["unchanged", "updated"]
    unclear = [{"Handle": "same", "Title": "Four"}, {"Handle": "a", "Title": "A"}]
    [(result, why), (other, told)] = came_of(filled, tmp_path, TYPE, *unclear)
    assert result == "failed" and "Several objects have this name" in why
    assert other == "failed" and told.startswith("Blog: Handle: it is empty")


BLOGS = "query { blogs(first: 9) { nodes { id handle title commentPolicy templateSuffix } } }"
ARTICLES = "query { articles(first: 50) { nodes { handle blog { handle } } } }"
BY_HAND = """mutation ($article: ArticleCreateInput!) {
  articleCreate(article: $article) { userErrors { message } }
}"""
POLICY, SUFFIX = "Blog: Commentable", "Blog: Template Suffix"
NEWS = {BLOG: "news", "Blog: Title": "News!", POLICY: "moderate", SUFFIX: "wide"}


def blogs(store) -> dict[str, tuple[str, str, str | None]]:
    """Title, comment policy and template of each blog by its handle."""
    nodes = store.graphql(BLOGS)["blogs"]["nodes"]
    return {b["handle"]: (b["title"], b["commentPolicy"], b["templateSuffix"]) for b in nodes}


def places(store) -> dict[str, str]:
    """The handle of the blog that each article is in."""
    nodes = store.graphql(ARTICLES)["articles"]["nodes"]
    return {one["handle"]: one["blog"]["handle"] for one in nodes}


def sent(store) -> list[str]:
    return [one["field"] for one in store.changes_sent()]


def test_a_blog_that_is_not_there_is_made_once_with_its_settings(store, tmp_path):
    rows = [{"Handle": f"a{n}", "Title": f"A {n}", **NEWS} for n in range(3)]
    rows.append({"Handle": "b", "Title": "B", BLOG: "other-news"})
    rows.append({"Handle": "c", "Title": "C", "Blog: Title": "Große Küche"})
    store.changes_sent()
    found = came_of(store, tmp_path, TYPE, *rows)
    assert [result for result, _ in found] == ["created"] * 5
    assert [why.startswith("The blog “news” is made first.") for _, why in found][:2] == [1, 0]
    assert sent(store) == [
        "blogCreate",
        *["articleCreate"] * 3,
        *["blogCreate", "articleCreate"] * 2,
    ]
    assert blogs(store) == {
        "news": ("News!", "MODERATED", "wide"),
        "other-news": ("Other news", "CLOSED", None),
        "groe-kuche": ("Große Küche", "CLOSED", None),
    }
    assert results_of(store, tmp_path, TYPE, *rows) == ["unchanged"] * 5
    unchanged(store, tmp_path, TYPE)
    assert sent(store) == []


def test_an_undo_deletes_the_blogs_that_the_import_made_where_they_are_empty(store, tmp_path):
    rows = [{"Handle": "a", "Title": "A", **NEWS}, {"Handle": "b", "Title": "B", BLOG: "mine"}]
    assert results_of(store, tmp_path, TYPE, *rows) == ["created"] * 2
    mine = next(b["id"] for b in store.graphql(BLOGS)["blogs"]["nodes"] if b["handle"] == "mine")
    store.graphql(BY_HAND, article={"blogId": mine, "title": "By hand", "author": {"name": "Ann"}})
    assert undone(store) == ["deleted"] * 2
    assert blogs(store).keys() == {"mine"}
    assert [row["Title"] for row in exported(store, TYPE)] == ["By hand"]


def test_what_the_first_row_says_of_a_blog_counts(filled, tmp_path):
    before = blogs(filled)
    rows = [row for row in exported(filled, TYPE) if row["Top Row"] == "true"]
    own = [row for row in rows if row[BLOG] == "journal"]
    own[0] |= {"Blog: Title": "Our journal", POLICY: "yes", SUFFIX: ""}
    filled.changes_sent()
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert [result for result, _ in found].count("updated") == 1
    told = [why for result, why in found if result == "unchanged" and why]
    assert len(told) == len(own) - 1
    assert told[0].startswith(
        "Blog: Title: an earlier row says “Our journal” of the blog “journal”"
    )
    assert sent(filled) == ["blogUpdate"]
    assert blogs(filled)["journal"] == ("Our journal", "AUTO_PUBLISHED", "wide")
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"unchanged"}
    cleared = results_of(filled, tmp_path, TYPE, *own[:1], blank="clear")
    assert cleared == ["updated"] and blogs(filled)["journal"][2] is None
    assert undone(filled) == ["updated"] and blogs(filled)["journal"][2] == "wide"
    assert blogs(filled)["kuche"] == before["kuche"]


def test_a_blog_is_found_by_its_handle_else_by_its_id_else_by_its_title(filled, tmp_path):
    row = next(row for row in exported(filled, TYPE) if row[BLOG] == "journal")
    number = row["Blog: ID"]
    rows = [
        {"Handle": "a", "Title": "A", BLOG: "renamed-since", "Blog: ID": number},
        {"Handle": "b", "Title": "B", BLOG: "kuche", "Blog: ID": number},
        {"Handle": "c", "Title": "C", "Blog: Title": "journal"},
    ]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * 3
    assert [places(filled)[handle] for handle in "abc"] == ["journal", "kuche", "journal"]
    assert blogs(filled).keys() == {"journal", "kuche"}


def test_a_blog_that_shopify_refuses_fails_its_articles_in_words(store, tmp_path):
    long = {"Blog: Title": "T" * 300, BLOG: "long"}
    rows = [{"Handle": n, "Title": n, **long} for n in "ab"]
    rows.append({"Handle": "c", "Title": "C", BLOG: "news"})
    found = came_of(store, tmp_path, TYPE, *rows)
    assert [result for result, _ in found] == ["failed", "failed", "created"]
    assert all("Title is too long" in why for _, why in found[:2])
    assert blogs(store).keys() == {"news"}


def test_an_article_moves_into_a_new_blog_and_back(filled, tmp_path):
    row = next(row for row in exported(filled, TYPE) if row[BLOG] == "journal")
    change = {"ID": row["ID"], BLOG: "stories", "Blog: Title": "Stories"}
    assert results_of(filled, tmp_path, TYPE, change) == ["updated"]
    assert places(filled)[row["Handle"]] == "stories"
    assert undone(filled) == ["updated"]
    assert places(filled)[row["Handle"]] == "journal"
    assert blogs(filled).keys() == {"journal", "kuche"}


def test_many_articles_of_a_new_blog_are_made_in_bulk(store, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk, "FEWEST", 3)
    monkeypatch.setattr(steps, "WRITTEN_AT_ONCE", 2)
    rows = [{"Handle": f"a{n}", "Title": f"A {n}", **NEWS} for n in range(9)]
    store.changes_sent()
    assert set(results_of(store, tmp_path, TYPE, *rows)) == {"created"}
    fields = sent(store)
    assert fields[:2] == ["blogCreate", "articleCreate"]
    assert "bulkOperationRunMutation" in fields and fields.count("blogCreate") == 1
    assert places(store) == {f"a{n}": "news" for n in range(9)}


def test_the_only_blog_and_the_store_stand_for_what_is_blank(store, tmp_path):
    store.graphql("""mutation { blogCreate(blog: { title: "News" }) { userErrors { message } } }""")
    name = store.graphql("query { shop { name } }")["shop"]["name"]
    assert results_of(store, tmp_path, TYPE, {"Handle": "a", "Title": "A"}) == ["created"]
    found = article(store, "a")
    assert (found[BLOG], found["Author"]) == ("news", name)


@pytest.mark.everything
def test_every_cell_is_as_it_was_after_an_undo(filled, tmp_path):
    before = exported(filled, TYPE)
    tops = [row for row in before if row["Top Row"] == "true"]
    rows = [
        {
            "ID": row["ID"],
            "Handle": f"new-{number}",
            "Title": f"New {number}",
            "Author": "Other",
            "Summary HTML": "Short",
            "Tags": "x",
            "Published": "false",
            "Template Suffix": "other",
            "SEO Title": "Other",
        }
        for number, row in enumerate(tops)
    ]
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"updated"}
    assert {row["Tags"] for row in exported(filled, TYPE)} == {"x"}
    assert set(undone(filled)) == {"updated"}
    assert without_dates(exported(filled, TYPE)) == without_dates(before)


def test_tags_are_added_and_an_article_moves_to_another_blog(filled, tmp_path):
    row = next(row for row in exported(filled, TYPE) if row[BLOG] == "journal")
    tags = row["Tags"].split(", ")
    change = {"ID": row["ID"], "Tags": "zebra", "Tags Command": "MERGE", BLOG: "kuche"}
    assert results_of(filled, tmp_path, TYPE, change) == ["updated"]
    found = article(filled, row["Handle"])
    assert found["Tags"].split(", ") == [*tags, "zebra"] and found[BLOG] == "kuche"
    renamed = {"ID": row["ID"], "Handle": "renamed"}
    assert results_of(filled, tmp_path, TYPE, renamed) == ["updated"]
    assert filled.redirects()[f"/blogs/kuche/{row['Handle']}"] == "/blogs/kuche/renamed"


def comments(store) -> dict[str, str]:
    return {row[COMMENT]: row[STATUS] for row in exported(store, TYPE) if row[COMMENT]}


def test_comments_change_their_state_and_are_deleted(filled, tmp_path):
    rows = [row for row in exported(filled, TYPE) if row[COMMENT]]
    [shown, *_] = [row for row in rows if row[STATUS] == "published"]
    [waiting, *_] = [row for row in rows if row[STATUS] == "unapproved"]
    changes = [
        {"ID": shown["ID"], COMMENT: shown[COMMENT], STATUS: "spam"},
        {"ID": waiting["ID"], COMMENT: waiting[COMMENT], STATUS: "Published"},
    ]
    assert results_of(filled, tmp_path, TYPE, *changes) == ["updated"] * 2
    found = comments(filled)
    assert (found[shown[COMMENT]], found[waiting[COMMENT]]) == ("spam", "published")
    back = {"ID": shown["ID"], COMMENT: shown[COMMENT], STATUS: "unapproved"}
    assert results_of(filled, tmp_path, TYPE, back) == ["updated"]
    assert comments(filled)[shown[COMMENT]] == "unapproved"
    gone = {"ID": shown["ID"], COMMENT: shown[COMMENT], "Comment: Command": "DELETE"}
    assert results_of(filled, tmp_path, TYPE, gone) == ["updated"]
    assert shown[COMMENT] not in comments(filled)
    [(_, why)] = came_of(filled, tmp_path, TYPE, {"ID": shown["ID"], "Command": "DELETE"})
    assert why.startswith("Its 1 comment is deleted too.")


def test_comments_are_never_made_and_what_cannot_be_is_told(filled, tmp_path):
    row = next(row for row in exported(filled, TYPE) if row[STATUS] == "published")
    new = {"ID": row["ID"], COMMENT: "77", "Comment: Body": "Hi"}
    [(result, why)] = came_of(filled, tmp_path, TYPE, new)
    assert result == "unchanged" and "cannot be added here" in why
    back = {"ID": row["ID"], COMMENT: row[COMMENT], STATUS: "unapproved"}
    [(result, why)] = came_of(filled, tmp_path, TYPE, back)
    assert result == "failed" and "Comment: Status" in why


def test_replace_leaves_comments_alone(filled, tmp_path):
    before = comments(filled)
    row = next(row for row in exported(filled, TYPE) if row[COMMENT])
    change = {"ID": row["ID"], "Command": "REPLACE", "Title": "Only this", "Summary HTML": ""}
    assert results_of(filled, tmp_path, TYPE, change) == ["updated"]
    assert comments(filled) == before


def test_a_deleted_article_comes_back_without_its_comments(filled, tmp_path):
    row = next(row for row in exported(filled, TYPE) if row[COMMENT])
    [(result, why)] = came_of(filled, tmp_path, TYPE, {"ID": row["ID"], "Command": "DELETE"})
    assert result == "deleted"
    assert why == "Its 2 comments are deleted too. An undo does not bring comments back."
    assert undone(filled) == ["created"]
    found = article(filled, row["Handle"])
    assert (found["Title"], found[BLOG], found[COMMENT]) == (row["Title"], row[BLOG], "")
