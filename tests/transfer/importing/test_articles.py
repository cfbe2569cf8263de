"""Imports of articles into their blogs, with the state of their comments."""

import pytest

from tests.transfer.importing.files import came_of, exported, results_of, unchanged, undone

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


def test_one_handle_in_two_blogs_is_two_articles(filled, tmp_path):
    rows = [
        {"Handle": "same", BLOG: "journal", "Title": "One"},
        {"Handle": "same", BLOG: "kuche", "Title": "Two"},
    ]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * 2
    rows[1]["Title"] = "Three"
    assert results_of(filled, tmp_path, TYPE, *rows) == ["unchanged", "updated"]
    [(result, why)] = came_of(filled, tmp_path, TYPE, {"Handle": "same", "Title": "Four"})
    assert result == "failed" and "Several objects have this name" in why


def test_an_article_says_which_blog_it_is_of(filled, tmp_path):
    [(result, why)] = came_of(filled, tmp_path, TYPE, {"Handle": "a", "Title": "A"})
    assert result == "failed" and why.startswith("Blog: Handle: it is empty")
    row = {"Handle": "a", "Title": "A", BLOG: "no-such-blog"}
    [(result, why)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "failed" and "The store has no blog “no-such-blog”." in why


def test_the_only_blog_and_the_store_stand_for_what_is_blank(store, tmp_path):
    store.graphql("""mutation { blogCreate(blog: { title: "News" }) { userErrors { message } } }""")
    name = store.graphql("query { shop { name } }")["shop"]["name"]
    assert results_of(store, tmp_path, TYPE, {"Handle": "a", "Title": "A"}) == ["created"]
    found = article(store, "a")
    assert (found[BLOG], found["Author"]) == ("news", name)


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
    assert results_of(filled, tmp_path, TYPE, {"ID": row["ID"], "Command": "DELETE"}) == ["deleted"]
    assert undone(filled) == ["created"]
    found = article(filled, row["Handle"])
    assert (found["Title"], found[BLOG], found[COMMENT]) == (row["Title"], row[BLOG], "")
