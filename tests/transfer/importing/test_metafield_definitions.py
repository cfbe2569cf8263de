"""Imports of metafield definitions."""

import time

import pytest

from tests.transfer.importing.files import (
    came_of,
    check_commands,
    check_told,
    exported,
    imported,
    results_of,
    unchanged,
)

TYPE = "metafield_definitions"
NEW = {
    "Owner Type": "Product",
    "Namespace": "care",
    "Key": "wash",
    "Name": "Washing",
    "Type: Name": "single_line_text_field",
    "Pinned: Is Pinned": "TRUE",
    "Access: Storefront API": "public read",
    "Validation: Name": "max",
    "Validation: Value": "80",
}
NAMED = {name: NEW[name] for name in ("Owner Type", "Namespace", "Key")}


@pytest.fixture
def filled(store):
    store.tell("seed", metafield_definitions=4)
    return store


@pytest.fixture
def defined(store, tmp_path):
    """A store with the definition NEW beside others."""

    def make() -> None:
        store.tell("seed", metafield_definitions=4)
        assert results_of(store, tmp_path, TYPE, NEW) == ["created"]

    store.given("a metafield definition", make)
    return store


def definition(store, key: str = "wash") -> list[dict[str, str]]:
    return [row for row in exported(store, TYPE) if row["Key"] == key]


def test_a_definition_is_created(filled, tmp_path):
    more = {**NAMED, "Validation: Name": "regex", "Validation: Value": "[a-z]+"}
    assert results_of(filled, tmp_path, TYPE, NEW, more) == ["created"] * 2
    first, second = definition(filled)
    assert {name: first[name] for name in NEW} == NEW | {
        "Owner Type": "PRODUCT",
        "Pinned: Is Pinned": "true",
        "Access: Storefront API": "PUBLIC_READ",
    }
    assert (second["Validation: Name"], second["Validation: Value"]) == ("regex", "[a-z]+")
    unchanged(filled, tmp_path, TYPE)


def test_a_definition_of_shopifys_templates_is_made_of_its_template(filled, tmp_path):
    row = {
        **NEW,
        "Namespace": "descriptors",
        "Key": "subtitle",
        "Validation: Value": "70",
    }
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "created" and 'Name: Shopify keeps it as "Product subtitle".' in comment
    [made] = definition(filled, "subtitle")
    assert made["Name"] == "Product subtitle"
    assert (made["Pinned: Is Pinned"], made["Access: Storefront API"]) == ("true", "PUBLIC_READ")
    row["Name"] = "Product subtitle"
    assert results_of(filled, tmp_path, TYPE, row) == ["unchanged"]


def test_what_a_file_has_is_changed_and_nothing_else(defined, tmp_path):
    changed = {
        **NAMED,
        "Name": "Care",
        "Pinned: Is Pinned": "false",
        "Capability: Admin Filterable": "true",
        "Validation: Name": "min",
        "Validation: Value": "2",
    }
    assert results_of(defined, tmp_path, TYPE, changed) == ["updated"]
    one, other = definition(defined)
    assert (one["Name"], one["Pinned: Is Pinned"], one["Capability: Admin Filterable"]) == (
        "Care",
        "false",
        "true",
    )
    assert one["Access: Storefront API"] == "PUBLIC_READ"
    validations = {(row["Validation: Name"], row["Validation: Value"]) for row in (one, other)}
    assert validations == {("max", "80"), ("min", "2")}


def test_the_values_that_are_there_are_checked_before_an_import_goes_on(defined, tmp_path):
    """Other validations make Shopify look at every value, which takes its time."""
    defined.misbehave(slow_jobs_ms=1500)
    began = time.monotonic()
    assert results_of(defined, tmp_path, TYPE, NEW | {"Validation: Value": "90"}) == ["updated"]
    assert time.monotonic() - began >= 1.5
    defined.misbehave()
    assert [one["Validation: Value"] for one in definition(defined)] == ["90"]


def test_replace_leaves_the_validations_of_the_file(defined, tmp_path):
    row = {**NAMED, "Command": "REPLACE", "Validation: Name": "min", "Validation: Value": "2"}
    assert results_of(defined, tmp_path, TYPE, row) == ["updated"]
    [left] = definition(defined)
    assert (left["Validation: Name"], left["Name"]) == ("min", "Washing")


def test_commands(filled, tmp_path):
    before = exported(filled, TYPE)
    check_commands(filled, tmp_path, TYPE, lambda name: NEW | {"Key": name})
    assert exported(filled, TYPE) == before


def test_its_type_and_its_names_stay(defined, tmp_path):
    [known] = definition(defined)
    for command in ("MERGE", "REPLACE"):  # which would lose every value of it
        other = NEW | {"Type: Name": "date", "Command": command}
        [(result, comment)] = came_of(defined, tmp_path, TYPE, other)
        assert result == "failed"
        assert comment.startswith("Type: Name: it cannot be changed, the store has “single_line_t")
        assert "delete the definition in one import and create it in the next" in comment
    row = {"ID": known["ID"], "Key": "other", "Name": "Other"}
    [(result, comment)] = came_of(defined, tmp_path, TYPE, row)
    assert result == "failed" and comment.startswith("Key: it cannot be changed, the store has “w")
    assert results_of(defined, tmp_path, TYPE, {"ID": known["ID"], "Name": "Other"}) == ["updated"]


WRONG = [
    ({"Owner Type": "TABLE"}, "Owner Type: “TABLE” owns no metafields."),
    ({"Pinned: Is Pinned": "maybe"}, "Pinned: Is Pinned: “maybe” is neither true nor false."),
    ({"Type: Name": "money_bag"}, "Type name money_bag is not a valid type."),
    ({"Name": ""}, "The Name is empty."),
    ({"Key": "a"}, "Key must be 2 to 64"),
    ({"Key": "wa🧼sh"}, "Key must be 2 to 64"),
    ({"Access: Storefront API": "everybody"}, "is none of NONE, PUBLIC_READ"),
    ({"ID": "x"}, "ALYS008"),
]


def test_wrong_cells_are_told_and_the_rest_goes_on(filled, tmp_path):
    other = NEW | {"Key": "other"}
    bad = [NEW | {"Key": f"wash-{n}"} | cells for n, (cells, _) in enumerate(WRONG)]
    *failed, good = came_of(filled, tmp_path, TYPE, *bad, other)
    assert good[0] == "created"
    check_told(failed, WRONG)


def test_a_metaobject_definition_is_found_by_its_type(filled, tmp_path):
    filled.tell("seed", metaobject_definitions=2)
    row = {
        **NEW,
        "Type: Name": "metaobject_reference",
        "Validation: Name": "metaobject_definition_id",
        "Validation: Value": "maker",
    }
    assert results_of(filled, tmp_path, TYPE, row) == ["created"]
    assert [one["Validation: Value"] for one in definition(filled)] == ["maker"]
    unchanged(filled, tmp_path, TYPE)
    row |= {"Key": "other", "Validation: Value": "nobody"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "failed"
    assert "The store has no metaobject definition “nobody”." in comment


def test_the_file_of_another_shop_is_understood(filled, other_store, tmp_path):
    other_store.tell("reset", ids_after=9_000_000)
    other_store.tell("seed", metafield_definitions=6)
    rows = exported(other_store, TYPE)
    found = imported(filled, tmp_path, TYPE, *rows)
    results = {row["Key"]: row["Import Result"] for row in found}
    assert [(r["Key"], r["Import Comment"]) for r in found if r["Import Result"] == "failed"] == []
    assert set(results.values()) == {"unchanged", "created"}
    ours = {row["Key"]: row["ID"] for row in exported(filled, TYPE)}
    assert ours.keys() == results.keys()
    assert not set(ours.values()) & {row["ID"] for row in rows}
