"""Many keys in a browser: searched, paged, filtered, and cleaned up."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import now
from tests.browser.test_axe import SIZES

MONTH_AGO = now() - timedelta(days=31)


@pytest.fixture
def many(newcomer):
    """A merchant with 22 keys, of which one was used."""
    newcomer.has_address()
    for number in range(22):
        newcomer.has_key(f"Script {number}")
        newcomer.change_key(f"Script {number}", created_at=MONTH_AGO)
    newcomer.change_key("Script 5", last_used_at=now())
    return newcomer.open()


@SIZES
def test_keys_are_searched_paged_and_cleaned_up(many):
    expect(many.rows).to_have_count(20)
    assert many.faults() == []
    many.button("Next page").press("Enter")
    expect(many.rows).to_have_count(2)
    expect(many.rows.first).to_be_in_viewport()
    expect(many.button("Previous page")).to_be_focused()

    many.app.get_by_label("Search keys").fill("script 5")
    expect(many.rows).to_have_count(1)
    many.app.get_by_label("State").select_option("Never used")
    expect(many.app.get_by_text("No key fits")).to_be_visible()
    assert many.faults() == []

    many.button("Delete all never-used or expired keys").click()
    expect(many.dialog).to_contain_text("Script 21")
    assert many.faults() == []
    many.button("Delete ticked keys").click()
    expect(many.toasts).to_contain_text("21 API keys deleted")
    expect(many.dialog).to_be_hidden()
    expect(many.rows).to_have_count(1)
    expect(many.row("Script 5")).to_be_visible()


@SIZES
def test_a_search_survives_a_reload_moves_nothing_in_sight_and_leaves_no_desert(many):
    below = many.app.get_by_role("heading", name="Connect the command line")
    many.app.get_by_label("Search keys").fill("script 5")
    expect(many.rows).to_have_count(1)
    assert not below.evaluate("node => node.getBoundingClientRect().top < innerHeight")
    assert below.evaluate("node => node.getBoundingClientRect().top < innerHeight + 100")
    many.page.reload()
    expect(many.app.get_by_label("Search keys")).to_have_value("script 5")
    expect(many.rows).to_have_count(1)
    many.button("Disable Script 5").click()
    expect(many.toasts).to_contain_text("disabled")
    expect(many.rows).to_have_count(1)
