"""Imports of pages: written, shown at their time, and as they were after an undo."""

import pytest

from models import db
from models.import_object import ImportObject
from tests.transfer.importing.files import (
    came_of,
    exported,
    newest_undone,
    results_of,
    text_of,
    unchanged,
    undone,
    zipped,
)
from transfer.permissions import IMPORTS

TYPE = "pages"
LATER, PAST = "2099-05-01 10:00:00 +0000", "2024-05-01 10:00:00 +0000"
TITLE_TAG = "Metafield: title_tag [string]"


def page(store, handle: str) -> dict[str, str]:
    return next(row for row in exported(store, TYPE) if row["Handle"] == handle)


def without_dates(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row | {"Updated At": ""} for row in rows]


def test_a_page_is_created_with_all_that_a_file_can_say(store, tmp_path):
    store.tell("seed", metafield_definitions=21)
    lead = "Metafield: custom.lead [multi_line_text_field]"
    row = {
        "Handle": "About us",
        "Title": "About us",
        "Body HTML": "<p>We bend ash.</p>",
        "Published": "TRUE",
        "Published At": PAST,
        "Template Suffix": "wide",
        "SEO Title": "About the workshop",
        "Metafield: description_tag [string]": "Who we are",
        lead: "Slow\nand good",
    }
    store.tell("sent")
    assert results_of(store, tmp_path, TYPE, row) == ["created"]
    assert [one["field"] for one in store.changes_sent()] == ["pageCreate"]
    found = page(store, "about-us")
    assert found["Body HTML"] == "<p>We bend ash.</p>" and found["Template Suffix"] == "wide"
    assert (found["Published"], found["Published At"][:10]) == ("true", "2024-05-01")
    assert found[TITLE_TAG] == "About the workshop" and found[lead] == "Slow\nand good"
    assert results_of(store, tmp_path, TYPE, row) == ["unchanged"]
    unchanged(store, tmp_path, TYPE)


def test_what_is_missing_or_refused_is_told_and_other_pages_are_made(store, tmp_path):
    """What Shopify refuses in its own words; a handle that is missing is made of the title."""
    rows = [
        {"Handle": "a"},
        {"Handle": "long", "Title": "Long", "Body HTML": "x" * 600_000},
        {"Handle": "", "Title": "Size guide"},
    ]
    [untitled, (refused, why), (made, _)] = came_of(store, tmp_path, TYPE, *rows)
    assert untitled == ("failed", "The Title is empty.")
    assert refused == "failed" and "too big" in why.lower()
    assert made == "created"
    [only] = exported(store, TYPE)
    assert (only["Handle"], only["Published"]) == ("size-guide", "true")


def test_a_page_whose_time_is_to_come_is_hidden_until_then(store, tmp_path):
    row = {"Handle": "sale", "Title": "Sale", "Published": "true", "Published At": LATER}
    assert results_of(store, tmp_path, TYPE, row) == ["created"]
    found = page(store, "sale")
    assert (found["Published"], found["Published At"][:10]) == ("false", "2099-05-01")
    assert results_of(store, tmp_path, TYPE, row) == ["unchanged"]
    unchanged(store, tmp_path, TYPE)
    hidden = row | {"Published": "false", "Published At": PAST}
    assert results_of(store, tmp_path, TYPE, hidden) == ["updated"]
    found = page(store, "sale")
    assert (found["Published"], found["Published At"]) == ("false", "")
    assert results_of(store, tmp_path, TYPE, hidden) == ["unchanged"]
    assert results_of(store, tmp_path, TYPE, row | {"Published At": PAST}) == ["updated"]
    found = page(store, "sale")
    assert (found["Published"], found["Published At"][:10]) == ("true", "2024-05-01")


def test_a_page_that_was_hidden_has_its_time_again_after_an_undo(store, tmp_path):
    row = {"Handle": "a", "Title": "A", "Published At": PAST}
    results_of(store, tmp_path, TYPE, row)
    before = exported(store, TYPE)
    hidden = {"Handle": "a", "Published": "no"}
    assert results_of(store, tmp_path, TYPE, hidden) == ["updated"]
    assert page(store, "a")["Published At"] == ""
    assert undone(store) == ["updated"]
    assert without_dates(exported(store, TYPE)) == without_dates(before)


@pytest.mark.everything
def test_every_cell_is_as_it_was_after_an_undo(store, tmp_path):
    store.tell("seed", pages=3, metafield_definitions=21)
    before = exported(store, TYPE)
    rows = [
        {
            "ID": row["ID"],
            "Handle": f"new-{number}",
            "Title": f"New {number}",
            "Body HTML": "",
            "Template Suffix": "other",
            TITLE_TAG: "",
            "SEO Description": "Other",
        }
        for number, row in enumerate(before)
    ]
    assert results_of(store, tmp_path, TYPE, *rows, blank="clear") == ["updated"] * 3
    changed = exported(store, TYPE)
    assert {row["Body HTML"] for row in changed} == {row[TITLE_TAG] for row in changed} == {""}
    assert [row["Handle"] for row in changed] == ["new-0", "new-1", "new-2"]
    assert undone(store) == ["updated"] * 3
    assert without_dates(exported(store, TYPE)) == without_dates(before)


HANDLES = """query {
  pages(first: 1) { nodes { id handle } } articles(first: 1) { nodes { id handle blog { handle } } }
  products(first: 1) { nodes { id handle } } collections(first: 1) { nodes { id handle } } }"""


def handles(store) -> dict[str, dict]:
    """The first object of each type whose handle is part of an address."""
    return {type: answer["nodes"][0] for type, answer in store.graphql(HANDLES).items()}


def test_an_undo_of_other_handles_takes_their_redirects_along(store, tmp_path):
    """And an undo of that brings them back; one that somebody else made stays."""
    store.tell("seed", products=2, pages=1, articles=1, collections=1)
    store.key.permissions = list(IMPORTS)
    store.add_redirect("/elsewhere", "/else")
    before, others = handles(store), {"/elsewhere": "/else"}
    files, redirects = {}, {}
    for type, one in before.items():
        path = f"/blogs/{one['blog']['handle']}" if "blog" in one else f"/{type}"
        redirects[type] = (f"{path}/{one['handle']}", f"{path}/other")
        sheet = "smart collections" if type == "collections" else type
        files[f"{sheet}.csv"] = text_of([{"ID": one["id"], "Handle": "other"}])
    job = store.run_import(store.keep(tmp_path, zipped(files), name="all.zip"))
    assert job.counts == {"updated": 4}
    assert store.redirects() == others | dict(redirects.values())
    undoing = newest_undone(store)
    assert undoing.counts == {"updated": 4}
    for one in db.session.scalars(db.select(ImportObject).filter_by(job_id=undoing.id)):
        source, target = redirects[undoing.sheet_of(one.number).type]
        told = f"The redirect from {source} to {target} is deleted."
        assert one.comment.endswith(told) and one.notes == {"warnings": [told]}
    planned = db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id))
    assert [one.notes for one in planned if one.notes] == []
    assert (store.redirects(), handles(store)) == (others, before)
    assert newest_undone(store).counts == {"updated": 4}
    assert store.redirects() == others | dict(redirects.values())


def test_a_changed_handle_leaves_a_redirect_and_that_of_another_page_is_refused(store, tmp_path):
    pages = [{"Handle": handle, "Title": handle} for handle in ("old", "a", "b")]
    results_of(store, tmp_path, TYPE, *pages)
    nodes = store.graphql("query { pages(first: 9) { nodes { id handle } } }")["pages"]["nodes"]
    ids = {node["handle"]: node["id"] for node in nodes}
    rows = [{"ID": ids["old"], "Handle": "new"}, {"ID": ids["b"], "Handle": "A"}]
    [(result, _), refused] = came_of(store, tmp_path, TYPE, *rows)
    assert result == "updated" and store.redirects() == {"/pages/old": "/pages/new"}
    assert refused == ("failed", "Handle: “a” is that of another object.")


def test_pages_are_deleted_and_come_back_under_another_id(store, tmp_path):
    store.tell("seed", pages=2)
    before = exported(store, TYPE)
    row = {"ID": before[0]["ID"], "Command": "DELETE"}
    assert results_of(store, tmp_path, TYPE, row) == ["deleted"]
    assert len(exported(store, TYPE)) == 1
    assert undone(store) == ["created"]
    back = page(store, before[0]["Handle"])
    assert back["ID"] != before[0]["ID"]
    own = {"Handle", "Title", "Body HTML", "Published", "Published At", TITLE_TAG}
    assert {h: back[h] for h in own} == {h: before[0][h] for h in own}


def test_replace_empties_what_the_row_leaves_blank_and_keeps_the_id(store, tmp_path):
    store.tell("seed", pages=1)
    [before] = exported(store, TYPE)
    row = {"ID": before["ID"], "Command": "REPLACE", "Title": "Only this", "Body HTML": ""}
    assert results_of(store, tmp_path, TYPE, row) == ["updated"]
    [after] = exported(store, TYPE)
    assert (after["ID"], after["Title"], after["Body HTML"]) == (before["ID"], "Only this", "")


def test_replace_without_a_time_leaves_a_page_shown(store, tmp_path):
    row = {"Handle": "about", "Title": "About", "Body HTML": "<p>We bend ash.</p>"}
    results_of(store, tmp_path, TYPE, row | {"Published": "true", "Published At": PAST})
    before = page(store, "about")
    replacing = {"Handle": "about", "Title": "About", "Command": "REPLACE"}
    assert results_of(store, tmp_path, TYPE, replacing) == ["updated"]
    after = page(store, "about")
    assert (after["Published"], after["Body HTML"]) == ("true", "")
    assert after["Published At"] == before["Published At"]
