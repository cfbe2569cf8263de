"""Columns that are chosen, for a type on its own."""

import sys

import pytest

from tests.transfer.samples import NO_FACTS, product, variant
from transfer.rows.chosen_columns import UnknownColumn, check, chosen_sheets
from transfer.rows.columns import exported_columns
from transfer.rows.layout import CELL, layout
from transfer.types import BY_NAME
from transfer.types.shop_facts import Location, ShopFacts

PRODUCTS = BY_NAME["products"]
FACTS = ShopFacts(
    locations=(
        Location("gid://shopify/Location/1", "Oslo, Norway"),
        Location("gid://shopify/Location/2", "Bergen"),
    )
)


def sheet(*wanted: str):
    return layout(PRODUCTS.sheets[0], FACTS, wanted)


@pytest.mark.parametrize(
    ("wanted", "headers"),
    [
        (["Title", "ID"], ("ID", "Title")),
        (["handle", " variant  sku"], ("Handle", "Variant SKU")),
        (["Category"], ("Category: ID", "Category: Name", "Category")),
        (["Category:"], ("Category: ID", "Category: Name", "Category")),
        (["ID", "Top Row"], ("ID", "Row #", "Top Row")),
        (
            ["Inventory Available"],
            (
                "Inventory Available: Oslo, Norway",
                "Inventory Available Adjust: Oslo, Norway",
                "Inventory Available: Bergen",
                "Inventory Available Adjust: Bergen",
            ),
        ),
        (["Inventory On Hand: Bergen"], ("Inventory On Hand: Bergen",)),
    ],
)
def test_columns_are_chosen_by_name_or_by_their_first_words(wanted, headers):
    assert sheet(*wanted).headers == headers


def test_children_without_a_column_have_no_rows():
    item = product(variants=[variant(1), variant(2), variant(3)])
    assert sheet("ID", "Title").rows(item, 1) == [CELL.join(("9001", item["title"]))]
    assert len(sheet("ID", "Variant ID").rows(item, 1)) == 3


def test_without_a_choice_nothing_changes():
    assert sheet().headers == tuple(
        bound.header for bound in exported_columns(PRODUCTS.sheets[0], FACTS)
    )
    assert "Variant Grams" not in sheet("Variant").headers


def test_a_sheet_without_a_chosen_column_is_left_out():
    collections = BY_NAME["collections"]
    smart, _ = collections.sheets
    assert chosen_sheets(collections, NO_FACTS, ["Rule: Condition"]) == (smart,)
    assert chosen_sheets(collections, NO_FACTS, []) == collections.sheets


@pytest.mark.parametrize("name", ["Colour", "Var", "", "Inventory Available: Rome", "ID,Title"])
def test_a_column_that_is_not_there_is_told(name):
    with pytest.raises(UnknownColumn, match=f"Products have no column “{name}”"):
        check(PRODUCTS, ["ID", name], FACTS)


def test_before_the_store_is_asked_its_own_names_count_as_there():
    check(PRODUCTS, ["Inventory Available: Rome", "Metafield: custom.care", "Variant"])
    with pytest.raises(UnknownColumn):
        check(PRODUCTS, ["Colour"])


def test_many_names_cost_no_more_than_few_each():
    """Whoever asks sends the names, 64 KB of them at most."""
    few, many = (calls(["no column"] * count) for count in (100, 10_000))
    assert many - few < 5 * 9_900


def calls(wanted: list[str]) -> int:
    """How many functions of Python a check of these names calls."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        check(PRODUCTS, wanted, FACTS)
    except UnknownColumn:
        return count
    finally:
        sys.setprofile(None)
    raise AssertionError("the names are known")
