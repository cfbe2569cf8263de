"""Imports of catalogs: contexts, price lists, publications, products, fixed prices, rules."""

import pytest

from tests.transfer.importing.files import (
    came_of,
    check_commands,
    check_told,
    exported,
    results_of,
    unchanged,
)

TYPE = "catalogs"
VARIANTS = """query { products(first: 4) {
  nodes { handle variants(first: 3) { nodes { sku } } } } }"""
MARKETS = "query { markets(first: 9) { nodes { handle catalogs(first: 1) { nodes { id } } } } }"
OWN = {
    "Title": "Alps",
    "Type": "market",
    "Status": "Active",
    "Price List: Name": "Alpine prices",
    "Price List: Currency": "chf",
    "Price List: Adjustment Type": "Percentage Decrease",
    "Price List: Adjustment Value": "10",
    "Price List: Compare At Mode": "Adjusted",
}


def fill(store, folder) -> None:
    """Four catalogs, two of which go, so that their markets have none."""
    store.tell("seed", products=4, catalogs=4)
    titles = list(dict.fromkeys(row["Title"] for row in exported(store, TYPE) if
                                row["Type"] == "Market"))  # fmt: skip
    gone = [{"Title": title, "Command": "DELETE"} for title in titles[:2]]
    assert results_of(store, folder, TYPE, *gone) == ["deleted"] * 2


@pytest.fixture
def filled(store, tmp_path):
    store.given("four catalogs, two gone", lambda: fill(store, tmp_path))
    return store


def free_markets(store) -> list[str]:
    """The handles of markets that have no catalog."""
    nodes = store.graphql(MARKETS)["markets"]["nodes"]
    return [node["handle"] for node in nodes if not node["catalogs"]["nodes"]]


def own(store, **more: str) -> dict[str, str]:
    """The cells of a new catalog of a market that has none."""
    [handle, *_] = free_markets(store)
    return {**OWN, "Type Values": handle, **more}


def variants(store) -> list[tuple[str, str]]:
    """The handle and a SKU of each product."""
    nodes = store.graphql(VARIANTS)["products"]["nodes"]
    return [(one["handle"], one["variants"]["nodes"][0]["sku"]) for one in nodes]


def titles(store) -> set[str]:
    return {row["Title"] for row in exported(store, TYPE)}


@pytest.fixture
def priced(store, tmp_path):
    """A store with the catalog Alps, which has a price for the first product."""

    def make() -> None:
        fill(store, tmp_path)
        [one, *_] = variants(store)
        assert results_of(store, tmp_path, TYPE, own(store) | line(one, "19.5")) == ["created"]

    store.given("four catalogs, two gone, and Alps", make)
    return store


def lines(store, title: str = "Alps") -> list[dict[str, str]]:
    return [row for row in exported(store, TYPE) if row["Title"] == title]


def line(variant: tuple[str, str], price: str = "", **more: str) -> dict[str, str]:
    handle, sku = variant
    cells = {"Title": "Alps", "Product: Handle": handle, "Product: Command": "MERGE"}
    return {**cells, **({"Variant: SKU": sku, "Variant: Price": price} if price else {}), **more}


def test_a_catalog_is_created_with_all_that_belongs_to_it(filled, tmp_path):
    one, two, three, _ = variants(filled)
    rule = {"Variant: Quantity Minimum": "4", "Variant: Quantity Increment": "2"}
    rows = (
        own(filled) | line(one, "19.5", **{"Variant: Compare At Price": "25"}),
        line(two, "7", **rule),
        line(three),
    )
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"] * 3
    first, second, third = lines(filled)
    assert (first["Price List: Name"], first["Price List: Currency"]) == ("Alpine prices", "CHF")
    assert (first["Price List: Adjustment Type"], first["Price List: Adjustment Value"]) == (
        "Percentage Decrease",
        "10.0",
    )
    assert (first["Variant: Price"], first["Variant: Compare At Price"]) == ("19.50", "25.00")
    assert (second["Variant: Quantity Minimum"], second["Variant: Quantity Increment"]) == (
        "4",
        "2",
    )
    assert third["Product: Handle"] == three[0] and third["Variant: Price"] == ""
    assert {row["Product: Command"] for row in (first, second, third)} == {"MERGE"}
    unchanged(filled, tmp_path, TYPE)


def test_what_a_file_has_is_changed_and_nothing_else(filled, tmp_path):
    one, two, three, _ = variants(filled)
    results_of(filled, tmp_path, TYPE, own(filled) | line(one, "19.5"), line(two, "7"))
    rows = (
        {"Title": "Alps", "Status": "Active", "Price List: Adjustment Value": "15",
         "Product: Handle": one[0], "Variant: SKU": one[1], "Variant: Price": "18"},
        line(three),
    )  # fmt: skip
    assert results_of(filled, tmp_path, TYPE, *rows) == ["updated"] * 2
    found = {row["Product: Handle"]: row for row in lines(filled)}
    assert found[one[0]]["Variant: Price"] == "18.00"
    assert found[two[0]]["Variant: Price"] == "7.00" and three[0] in found
    [value] = {row["Price List: Adjustment Value"] for row in found.values()}
    assert value == "15.0"
    gone = line(two, "7", **{"Product: Command": "DELETE"})
    assert results_of(filled, tmp_path, TYPE, gone) == ["updated"]
    assert {row["Product: Handle"] for row in lines(filled)} == {one[0], three[0]}


def test_what_somebody_else_is_changing_is_sent_again(priced, tmp_path):
    """Shopify locks a price list and a publication while one person writes them."""
    priced.misbehave(locks=2)
    row = {"Title": "Alps", "Price List: Adjustment Value": "15"}
    assert results_of(priced, tmp_path, TYPE, row) == ["updated"]
    priced.misbehave()
    assert lines(priced)[0]["Price List: Adjustment Value"] == "15.0"


def test_prices_are_cleared_when_that_is_asked_for(priced, tmp_path):
    one, *_ = variants(priced)
    blank = line(one, "19.5") | {"Variant: Price": ""}
    assert results_of(priced, tmp_path, TYPE, blank) == ["unchanged"]
    assert results_of(priced, tmp_path, TYPE, blank, blank="clear") == ["updated"]
    [left] = lines(priced)
    assert (left["Product: Handle"], left["Variant: Price"]) == (one[0], "")


def test_what_a_catalog_is_for_changes(filled, tmp_path):
    handle, other, *_ = free_markets(filled)
    results_of(filled, tmp_path, TYPE, own(filled))
    row = {"Title": "Alps", "Type Values": f"{other},{handle}"}
    assert results_of(filled, tmp_path, TYPE, row) == ["updated"]
    [found] = lines(filled)
    assert set(found["Type Values"].split(",")) == {handle, other}


def test_commands(filled, tmp_path):
    before = titles(filled)
    one, two, *_ = free_markets(filled)  # a market has one catalog

    def named(name: str) -> dict[str, str]:
        market = {"Type Values": two if name == "fifth" else one}
        return OWN | market | {"Title": name, "Price List: Name": name}

    check_commands(filled, tmp_path, TYPE, named)
    assert titles(filled) == before


WRONG = [
    ({"Type": "Planet"}, "Type: “Planet” is none of Market, Company Location, App."),
    ({"Type": "App"}, "The catalog of an app cannot be changed, only the app can."),
    ({"Type Values": "atlantis"}, "The store has no market “atlantis”."),
    ({"Type Values": ""}, "The Type Values is empty."),
    ({"Price List: Currency": ""}, "Price List: Currency is empty."),
    ({"Price List: Adjustment Value": "ten"}, "“ten” is not a number"),
    ({"Price List: Adjustment Value": "110"}, "Price List"),
    ({"Status": "Sleeping"}, "“Sleeping” is none of Active"),
]


def test_wrong_cells_are_told_and_the_rest_goes_on(filled, tmp_path):
    known = next(row for row in exported(filled, TYPE) if row["Type"] == "Market")
    other = {"Title": known["Title"], "Price List: Adjustment Value": "33"}
    bad = [own(filled, Title=f"Alps {n}") | cells for n, (cells, _) in enumerate(WRONG)]
    *failed, good = came_of(filled, tmp_path, TYPE, *bad, other)
    assert good[0] == "updated"
    check_told(failed, WRONG)


def test_a_product_that_is_not_there_is_named_and_the_others_are_priced(filled, tmp_path):
    one, *_ = variants(filled)
    rows = (own(filled) | line(("nowhere", "0"), "5"), line(one, "19.5"))
    [first, *_] = came_of(filled, tmp_path, TYPE, *rows)
    assert first[0] == "created" and "nowhere" in first[1]
    assert [row["Product: Handle"] for row in lines(filled)] == [one[0]]


def test_another_currency_would_cost_the_fixed_prices(priced, tmp_path):
    row = {"Title": "Alps", "Price List: Currency": "EUR"}
    [(result, comment)] = came_of(priced, tmp_path, TYPE, row)
    assert result == "failed" and "would delete the 1 fixed prices" in comment


def test_a_catalog_of_another_type_and_those_of_apps_stay(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, own(filled))
    row = {"Title": "Alps", "Type": "Company Location"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
    assert (result, comment) == ("failed", "Type: it cannot be changed, the store has “Market”.")
    [app, *_] = [row for row in exported(filled, TYPE) if row["Type"] == "App"]
    row = {"ID": app["ID"], "Type": "App", "Title": "Mine"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
    assert (result, comment) == (
        "failed",
        "The catalog of an app cannot be changed, only the app can.",
    )


def test_the_file_of_another_shop_is_understood(filled, other_store, tmp_path):
    other_store.tell("reset", ids_after=9_000_000)
    fill(other_store, tmp_path)
    one, two, *_ = variants(other_store)
    results_of(other_store, tmp_path, TYPE, own(other_store) | line(one, "19.5"), line(two))
    rows = lines(other_store)
    assert set(results_of(filled, tmp_path, TYPE, *rows)) == {"created"}
    ours = lines(filled)
    assert [row["Product: Handle"] for row in ours] == [one[0], two[0]]
    assert ours[0]["Variant: Price"] == "19.50"
    assert not {row["Product: ID"] for row in ours} & {row["Product: ID"] for row in rows}


def test_another_product_is_added_beside_the_only_one(priced, tmp_path):
    one, two, *_ = variants(priced)
    results_of(priced, tmp_path, TYPE, line(two, "29.5"))
    found = {row["Product: Handle"]: row["Variant: Price"] for row in lines(priced)}
    assert {name: float(price) for name, price in found.items()} == {one[0]: 19.5, two[0]: 29.5}


def test_the_first_product_of_a_catalog_that_shows_everything(filled, tmp_path):
    """It shows no other product then, which the plan says."""
    came_of(filled, tmp_path, TYPE, own(filled))
    automatic = {"Title": "Alps", "Publication: Autopublish": "true"}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, automatic)
    assert result == "failed" and "the catalog has no publication" in comment
    one, two, *_ = variants(filled)
    [(result, comment)] = came_of(filled, tmp_path, TYPE, line(one, "5"))
    assert result == "updated" and "then it shows only those that it is given" in comment
    [(result, comment)] = came_of(filled, tmp_path, TYPE, line(two, "5"))
    assert result == "updated" and "it shows only" not in comment
