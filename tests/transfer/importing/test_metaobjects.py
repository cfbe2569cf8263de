"""Imports of metaobjects: entries with a row for each field."""

import pytest

from tests.transfer.importing.files import (
    came_of,
    check_commands,
    check_told,
    exported,
    results_of,
    unchanged,
)

TYPE = "metaobjects"


@pytest.fixture
def filled(store):
    store.tell("seed", files=2, metaobject_definitions=3, metaobjects=6)
    return store


def rows(handle: str, kind: str, fields: dict[str, str], **own: str) -> list[dict[str, str]]:
    cells = {"Handle": handle, "Definition: Handle": kind, **own}
    return [{**cells, "Field": key, "Value": value} for key, value in fields.items()]


def entry(store, handle: str) -> dict[str, str]:
    found = [row for row in exported(store, TYPE) if row["Handle"] == handle]
    return {row["Field"]: row["Value"] for row in found}


def test_an_entry_is_created_with_its_references(filled, tmp_path):
    maker = next(r for r in exported(filled, TYPE) if r["Definition: Handle"] == "maker")["Handle"]
    fields = {
        "name": "Ann",
        "portrait": "banner-001.png",
        "friends": f"maker.{maker}, maker.ann",
    }
    ann = rows("Ann", "maker", fields, Status="draft")
    assert results_of(filled, tmp_path, TYPE, *ann[:2]) == ["created"] * 2
    assert results_of(filled, tmp_path, TYPE, ann[2]) == ["updated"]
    found = entry(filled, "ann")
    assert {key: found[key] for key in fields} == fields
    [status] = {row["Status"] for row in exported(filled, TYPE) if row["Handle"] == "ann"}
    assert status == "Draft"
    unchanged(filled, tmp_path, TYPE)


def test_an_entry_with_a_handle_is_upserted_and_one_without_is_created(filled, tmp_path):
    filled.changes_sent()
    named = rows("ann", "maker", {"name": "Ann"}, Status="draft")
    assert results_of(filled, tmp_path, TYPE, *named) == ["created"]
    unnamed = {"Handle": "", "Definition: Handle": "maker", "Field": "name", "Value": "Bob"}
    assert results_of(filled, tmp_path, TYPE, unnamed) == ["created"]
    assert [one["field"] for one in filled.changes_sent()] == [
        "metaobjectUpsert",
        "metaobjectCreate",
    ]
    [status] = {row["Status"] for row in exported(filled, TYPE) if row["Handle"] == "ann"}
    assert (entry(filled, "ann")["name"], status) == ("Ann", "Draft")


def make_tweed(store, folder) -> None:
    store.tell("seed", files=2, metaobject_definitions=3, metaobjects=6)
    fields = {"name": "Wool", "swatch": "#FFAA00", "recycled": "YES"}
    tweed = rows("tweed", "material", fields)
    assert set(results_of(store, folder, TYPE, *tweed)) == {"created"}


@pytest.fixture
def tweed(store, tmp_path):
    """A store with a material beside other entries."""
    store.given("tweed", lambda: make_tweed(store, tmp_path))
    return store


FIELDS = """query { metaobjectByHandle(handle: {type: "material", handle: "tweed"}) {
  fields { key value } } }"""


def material(store) -> dict[str, str]:
    """The fields of the material in the store."""
    found = store.graphql(FIELDS)["metaobjectByHandle"]["fields"]
    return {field["key"]: field["value"] or "" for field in found}


def test_values_are_read_by_the_type_of_their_field(tweed, tmp_path):
    found = entry(tweed, "tweed")
    assert (found["swatch"], found["recycled"]) == ("#FFAA00", "true")
    same = {"swatch": "#ffaa00", "recycled": "1"}
    assert set(results_of(tweed, tmp_path, TYPE, *rows("tweed", "material", same))) == {"unchanged"}


def test_fields_that_a_file_does_not_name_stay_or_go_with_replace(tweed, tmp_path):
    changed = rows("tweed", "material", {"recycled": "false"})
    assert results_of(tweed, tmp_path, TYPE, *changed) == ["updated"]
    found = material(tweed)
    assert (found["swatch"], found["recycled"]) == ("#FFAA00", "false")
    whole = rows("tweed", "material", {"name": "Wool"}, Command="REPLACE")
    assert results_of(tweed, tmp_path, TYPE, *whole) == ["updated"]
    found = material(tweed)
    assert (found["name"], found["swatch"], found["recycled"]) == ("Wool", "", "")


def test_a_blank_value_is_kept_or_cleared(tweed, tmp_path):
    blank = rows("tweed", "material", {"swatch": ""})
    assert results_of(tweed, tmp_path, TYPE, *blank) == ["unchanged"]
    assert results_of(tweed, tmp_path, TYPE, *blank, blank="clear") == ["updated"]
    found = material(tweed)
    assert (found["name"], found["swatch"]) == ("Wool", "")


def test_an_entry_is_found_by_its_id_and_gets_another_handle(filled, tmp_path):
    known = exported(filled, TYPE)[0]
    row = {"ID": known["ID"], "Handle": "another-name"}
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    assert {r["Handle"] for r in exported(filled, TYPE) if r["ID"] == known["ID"]} == {
        "another-name"
    }


def test_commands(filled, tmp_path):
    def named(name: str) -> dict[str, str]:
        [row] = rows(name, "material", {"name": "Wool"})
        return row

    before = exported(filled, TYPE)
    check_commands(filled, tmp_path, TYPE, named)
    assert exported(filled, TYPE) == before


WRONG = [
    ({"name": "Wool", "swatch": "red"}, "Value: “red” is not a color."),
    ({"name": "Wool", "recycled": "maybe"}, "neither true nor false"),
    ({"name": "Wool", "source": "maker.nobody"}, "The store has no metaobject “maker.nobody”."),
    ({"name": "Wool", "weight": "2"}, "does not exist"),
    ({"swatch": "#FFAA00"}, "Name can't be blank"),
]


def test_wrong_cells_are_told_and_the_rest_goes_on(filled, tmp_path):
    bad = [rows(f"tweed-{n}", "material", fields) for n, (fields, _) in enumerate(WRONG)]
    unknown, good = (
        rows("linen", "cloth", {"name": "Linen"}),
        rows("tin", "material", {"name": "Tin"}),
    )
    rows_of_all = [row for one in (unknown, *bad, good) for row in one]
    (result, comment), *found = came_of(filled, tmp_path, TYPE, *rows_of_all)
    assert result == "failed" and "cloth" in comment
    assert found[-1][0] == "created"
    firsts = [sum(map(len, bad[:n])) for n in range(len(bad))]
    check_told([found[place] for place in firsts], WRONG)


def test_the_file_of_another_shop_is_understood(filled, other_store, tmp_path):
    other_store.tell("reset", ids_after=9_000_000)
    other_store.tell("seed", files=2, metaobject_definitions=3, metaobjects=6)
    theirs = exported(other_store, TYPE)
    assert set(results_of(filled, tmp_path, TYPE, *theirs)) == {"unchanged"}
    own = {row["ID"] for row in exported(filled, TYPE)}
    assert not own & {row["ID"] for row in theirs}
    maker = next(row for row in theirs if row["Definition: Handle"] == "maker")["Handle"]
    ann = rows("ann", "maker", {"name": "Ann", "friends": f"maker.{maker}"})
    results_of(other_store, tmp_path, TYPE, *ann)
    found = [row for row in exported(other_store, TYPE) if row["Handle"] == "ann"]
    assert set(results_of(filled, tmp_path, TYPE, *found)) == {"created"}
    assert entry(filled, "ann")["friends"] == f"maker.{maker}"
