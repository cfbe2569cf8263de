"""Imports of metaobject definitions."""

import pytest

from tests.transfer.importing.files import (
    came_of,
    check_commands,
    check_told,
    exported,
    results_of,
    unchanged,
    undone,
)

TYPE = "metaobject_definitions"
MAKER = {"Type": "producer", "Name": "Producer"}
NAME = {
    "Field: Key": "name",
    "Field: Type": "single_line_text_field",
    "Field: Name": "Name",
    "Field: Required": "true",
    "Field: Is Display Name": "true",
}
TOWN = {
    "Field: Key": "town",
    "Field: Type": "single_line_text_field",
    "Field: Name": "Town",
    "Field: Validations": "max: 80\nmin: 2",
}
NEW = (
    {**MAKER, "Description": "Who makes it", "Access: Storefront API": "PUBLIC_READ", **NAME},
    {**MAKER, **TOWN},
)


def define(store, folder) -> None:
    assert results_of(store, folder, TYPE, *NEW) == ["created"] * 2


@pytest.fixture
def filled(store, tmp_path):
    store.given("a definition", lambda: define(store, tmp_path))
    return store


def fields(store) -> dict[str, dict[str, str]]:
    return {r["Field: Key"]: r for r in exported(store, TYPE) if r["Type"] == "producer"}


def test_a_definition_is_created_with_its_fields(filled, tmp_path):
    name, town = fields(filled).values()
    assert {key: name[key] for key in NEW[0]} == NEW[0]
    assert {key: town[key] for key in NEW[1]} == NEW[1]
    assert (town["Field: Is Display Name"], name["Metaobject Count"]) == ("false", "0")
    unchanged(filled, tmp_path, TYPE)


def test_what_a_file_has_is_changed_and_nothing_else(filled, tmp_path):
    rows = (
        {"Type": "producer", "Name": "Maker", "Capability: Active-draft status": "TRUE",
         "Field: Key": "town", "Field: Name": "City", "Field: Is Display Name": "true"},
        {"Type": "producer", "Field: Key": "since", "Field: Type": "date"},
    )  # fmt: skip
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    found = fields(filled)
    assert list(found) == ["name", "town", "since"]
    assert (found["town"]["Name"], found["town"]["Field: Name"]) == ("Maker", "City")
    assert found["town"]["Capability: Active-draft status"] == "true"
    assert found["town"]["Description"] == "Who makes it"
    named = {key: row["Field: Is Display Name"] for key, row in found.items()}
    assert named == {"name": "false", "town": "true", "since": "false"}


def test_a_new_field_that_does_not_name_entries_leaves_the_one_that_does(filled, tmp_path):
    since = {"Field: Key": "since", "Field: Type": "date", "Field: Is Display Name": "false"}
    assert results_of(filled, tmp_path, TYPE, MAKER | since) == ["updated"]
    named = {key: row["Field: Is Display Name"] for key, row in fields(filled).items()}
    assert named == {"name": "true", "town": "false", "since": "false"}


def test_fields_are_taken_away_by_their_command_or_with_replace(filled, tmp_path):
    row = {"Type": "producer", "Field: Key": "town", "Field: Command": "DELETE"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "updated" and "Values that entries have in a field go with it" in comment
    assert list(fields(filled)) == ["name"]
    row = {**MAKER, "Command": "REPLACE", **TOWN, "Field: Is Display Name": "true"}
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    assert list(fields(filled)) == ["town"]


def test_entries_as_web_pages_have_an_address(filled, tmp_path):
    column = "Capability: Publish entries as web pages"
    assert results_of(filled, tmp_path, TYPE, {**MAKER, column: "true"}) == ["updated"]
    assert {row[column] for row in fields(filled).values()} == {"true"}


def test_commands(filled, tmp_path):
    check_commands(filled, tmp_path, TYPE, lambda name: {"Type": name, "Name": "One"})
    assert {row["Type"] for row in exported(filled, TYPE)} == {"producer"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, {"Type": "producer", "Command": "DELETE"})
    assert result == "deleted" and fields(filled) == {}
    assert "Its entries, and metafields that refer to them, are deleted too" in comment


TWICE = {"Access: Storefront API": "PUBLIC_READ", "Capability: Storefronts API access": "false"}


WRONG = [
    ({"Field: Type": "date"}, "Field: Type: it cannot be changed, the store has"),
    ({"Field: Required": "maybe"}, "Field: Required: “maybe” is neither true nor false."),
    ({"ID": "42x"}, "ALYS008"),
    ({"Field: Key": "n", "Field: Type": "date"}, "Key must be 2 to 64"),
    ({"Field: Key": "new", "Field: Type": "bag"}, "Type bag is not a valid type"),
    (TWICE, "they contradict each other"),
]


def test_wrong_cells_are_told_and_the_rest_goes_on(filled, tmp_path):
    """All but the last are about definitions that are there."""
    known = [MAKER | TOWN | {"Type": f"producer_{n}"} for n in range(1, len(WRONG))]
    assert set(results_of(filled, tmp_path, TYPE, *known)) == {"created"}
    rows = [*known, MAKER | TOWN | {"Type": "third_one"}]
    bad = [row | cells for row, (cells, _) in zip(rows, WRONG, strict=True)]
    *failed, good = came_of(filled, tmp_path, TYPE, *bad, {"Type": "other_one"})
    assert good[0] == "created"
    check_told(failed, WRONG)


def test_shopifys_own_definitions_are_made_by_shopify(store, tmp_path):
    row = {"Type": "shopify--color-pattern", "Name": "Color"}
    assert results_of(store, tmp_path, TYPE, row) == ["created"]
    fields = {row["Field: Key"] for row in exported(store, TYPE)}
    assert fields == {"label", "color"}
    assert came_of(store, tmp_path, TYPE, row)[0] == ("unchanged", "")
    [(result, comment)] = came_of(store, tmp_path, TYPE, {**row, "Name": "Mine"})
    assert (result, comment) == ("failed", "This definition cannot be changed.")


def test_what_shopify_keeps_otherwise_in_its_own_definitions_is_told(store, tmp_path):
    row = {"Type": "shopify--color-pattern", "Name": "Mine"}
    [(result, comment)] = came_of(store, tmp_path, TYPE, row)
    assert result == "created" and 'Name: Shopify keeps it as "Color".' in comment


def test_shopify_has_no_such_definition(store, tmp_path):
    [(result, comment)] = came_of(store, tmp_path, TYPE, {"Type": "shopify--bag", "Name": "Bag"})
    assert (result, comment) == (
        "failed",
        "Type: A standard definition was not found for the type.",
    )


def test_the_file_of_another_shop_is_understood(filled, other_store, tmp_path):
    other_store.tell("reset", ids_after=9_000_000)
    assert set(results_of(other_store, tmp_path, TYPE, *NEW)) == {"created"}
    rows = exported(other_store, TYPE)
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"unchanged"}
    rows[0]["Name"] = "Changed"
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"updated"}


def test_rows_of_all_fields_give_their_order(filled, tmp_path):
    since = {"Type": "producer", "Field: Key": "since", "Field: Type": "date"}
    name, town = ({"Type": "producer", "Field: Key": key} for key in ("name", "town"))
    [first, *_] = came_of(filled, tmp_path, TYPE, town, since, name)
    assert first[0] == "updated" and 'town: Field: Position: "2" → "1"' in first[1], first
    assert list(fields(filled)) == ["town", "since", "name"]
    unchanged(filled, tmp_path, TYPE)
    assert results_of(filled, tmp_path, TYPE, name, town) == ["unchanged"] * 2
    rows = [{**name, "Field: Position": "1"}, {**town, "Field: Position": ""}]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    assert list(fields(filled)) == ["name", "town", "since"]
    assert undone(filled) == ["updated"]
    assert list(fields(filled)) == ["town", "since", "name"]
