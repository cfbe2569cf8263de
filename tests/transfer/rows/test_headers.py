"""The columns that a file's headers name; our own exports never have an unknown one."""

import pytest

from tests.transfer.samples import FACTS, named
from transfer.rows.columns import all_columns
from transfer.rows.headers import Headers, own_headers
from transfer.rows.layout import layouts
from transfer.types import ALL, BY_NAME

PRODUCTS = BY_NAME["products"]
PLACES = {"locations": "Oslo / Vest", "catalogs": "B2B [EU]", "channels": "Point of Sale"}
EVERYTHING = named(PLACES, definition=r"custom.size\.eu [single_line_text_field]")


@pytest.mark.parametrize("data_type", ALL, ids=lambda data_type: data_type.name)
@pytest.mark.parametrize("facts", [EVERYTHING, None], ids=["facts known", "before any facts"])
def test_every_column_of_an_export_is_found_in_its_file(data_type, facts):
    known = Headers(data_type, facts)
    for layout in layouts(data_type, EVERYTHING):
        for bound in layout.columns:
            for header in (bound.header, f" {bound.header.upper()}\u200b"):
                found = known.find(header)
                assert found is not None and found.column.header == bound.column.header


def test_a_bound_column_knows_what_it_stands_for():
    known = Headers(PRODUCTS, FACTS)
    stock = known.find("inventory available: north depot")
    assert stock
    assert (stock.fact, stock.block.of) == (FACTS.locations[0], "variants")
    wash = known.find("Metafield: care.wash [single_line_text_field]")
    assert wash
    assert wash.fact == FACTS.metafields["PRODUCT"][0]


def test_what_the_store_does_not_have_is_unknown_once_its_facts_are():
    header = "Inventory Available: Rome"
    assert Headers(PRODUCTS).find(header) and not Headers(PRODUCTS, FACTS).find(header)
    assert not Headers(PRODUCTS).find("Colour")


def test_aliases_name_the_same_column():
    assert own_headers(["body (html)", "SEO Title", "Colour "], PRODUCTS) == [
        "Body HTML",
        "Metafield: title_tag [string]",
        "Colour",
    ]


def test_an_alias_hides_no_column_of_its_own():
    for data_type in ALL:
        for bound in all_columns(data_type):
            found = Headers(data_type).find(bound.header)
            assert found and found.header == bound.header
