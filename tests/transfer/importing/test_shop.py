"""Imports of the shop: its metafields, and nothing else."""

import pytest

from tests.transfer.importing.files import came_of, exported, results_of, unchanged

MOTTO = "Metafield: custom.motto [multi_line_text_field]"
DOMAIN = {"Shopify Domain": "alice.myshopify.com"}


@pytest.fixture
def filled(store):
    store.tell("seed", metafield_definitions=21)
    return store


def motto(store) -> str:
    [row] = exported(store, "shop")
    return row[MOTTO]


def test_a_metafield_is_created_changed_and_cleared(filled, tmp_path):
    assert results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: "Slow\nis fast"}) == ["updated"]
    assert motto(filled) == "Slow\nis fast"
    assert results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: "Fast"}) == ["updated"]
    assert motto(filled) == "Fast"
    assert results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: ""}) == ["unchanged"]
    assert motto(filled) == "Fast"
    cleared = results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: ""}, blank="clear")
    assert cleared == ["updated"] and motto(filled) == ""


def test_an_export_changes_nothing(filled, tmp_path):
    results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: "Slow"})
    unchanged(filled, tmp_path, "shop")


def test_the_row_of_another_store_fails(filled, tmp_path):
    row, before = {"Shopify Domain": "bob.myshopify.com", MOTTO: "Bob's"}, motto(filled)
    [(result, comment)] = came_of(filled, tmp_path, "shop", row)
    assert result == "failed"
    assert comment == "Shopify Domain: “bob.myshopify.com” is another store."
    assert motto(filled) == before


def test_the_letter_case_of_a_domain_does_not_count(filled, tmp_path):
    row = {"Shopify Domain": "Alice.MyShopify.com", MOTTO: "Slow"}
    assert results_of(filled, tmp_path, "shop", row) == ["updated"]


def test_the_shop_is_neither_replaced_nor_deleted(filled, tmp_path):
    """What other programs keep of it is in no file of one's own."""
    results_of(filled, tmp_path, "shop", {**DOMAIN, MOTTO: "Slow"})
    for command in ("REPLACE", "DELETE", "NEW", "IGNORE"):
        row = {**DOMAIN, "Command": command, "Metafield: custom.other [boolean]": "true"}
        [(result, comment)] = came_of(filled, tmp_path, "shop", row)
        assert result == "skipped", (command, comment)
        assert command != "REPLACE" or "Write the Command MERGE." in comment
    assert motto(filled) == "Slow"


def test_what_shopify_does_not_let_change_is_told_and_left(filled, tmp_path):
    [(result, comment)] = came_of(filled, tmp_path, "shop", {**DOMAIN, "Name": "Another"})
    assert result == "unchanged" and "Another" not in comment
