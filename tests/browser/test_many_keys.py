"""Many keys in a browser: searched, paged, filtered, and cleaned up."""

import pytest
from playwright.sync_api import expect

from models import now
from tests.browser.admin import LONG_AGO
from tests.browser.test_axe import ON_DESK, ON_PHONE


@pytest.fixture
def many(newcomer):
    """A merchant with 22 keys, of which one was used."""
    scripts = [f"Script {number}" for number in range(22)]
    newcomer.has_address().has_keys(scripts).change_key(*scripts, created_at=LONG_AGO)
    newcomer.change_key("Script 5", last_used_at=now())
    return newcomer.open()


@ON_DESK
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
    expect(many.app.get_by_text("No keys found")).to_be_visible()
    assert many.faults() == []

    many.button("Delete unused and expired keys").click()
    expect(many.dialog).to_contain_text("Script 21")
    assert many.faults() == []
    many.dialog.get_by_role("checkbox", name="Script 21").uncheck()
    many.button("Delete selected keys").click()
    expect(many.toasts).to_contain_text("20 API keys deleted")
    expect(many.dialog).to_be_hidden()
    expect(many.rows).to_have_count(2)
    expect(many.row("Script 5")).to_be_visible()
    expect(many.row("Script 21")).to_be_visible()


@ON_PHONE
def test_a_search_survives_a_reload_and_leaves_no_void(many):
    many.app.get_by_label("Search keys").fill("nothing at all")
    expect(many.app.get_by_text("No keys found")).to_be_visible()
    void = """() => document.querySelector('#keys-list').clientHeight
      - [...document.querySelector('#keys-list').children]
        .reduce((sum, each) => sum + each.offsetHeight, 0)"""
    assert many.app.evaluate(void) <= 1
    many.app.get_by_label("Search keys").fill("script 5")
    expect(many.rows).to_have_count(1)
    assert many.app.evaluate(void) <= 1
    many.page.reload()
    expect(many.app.get_by_label("Search keys")).to_have_value("script 5")
    expect(many.rows).to_have_count(1)
    many.action("Disable Script 5").click()
    many.button("Disable key").click()
    expect(many.toasts).to_contain_text("disabled")
    expect(many.rows).to_have_count(1)
