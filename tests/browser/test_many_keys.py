"""Many keys in a browser: searched, paged, filtered, and cleaned up."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from models import now
from tests.browser.admin import LONG_AGO, Admin
from tests.browser.test_axe import ON_DESK


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
    assert sent(many) <= 40_000
    assert many.faults() == []
    many.button("Next page").press("Enter")
    expect(many.rows).to_have_count(2)
    expect(many.rows.first).to_be_in_viewport()
    expect(many.button("Previous page")).to_be_focused()

    many.app.get_by_label("Search keys").fill("script 5")
    expect(many.rows).to_have_count(1)
    assert void(many) <= 1
    a_search_survives_a_reload_and_a_change(many)
    many.app.get_by_label("State").select_option("Never used")
    expect(many.app.get_by_text("No keys found")).to_be_visible()
    assert void(many) <= 1
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


def void(admin: Admin) -> int:
    """Pixels of the list with nothing in them."""
    return admin.app.evaluate(
        """() => document.querySelector('#keys-list').clientHeight
          - [...document.querySelector('#keys-list').children]
            .reduce((sum, each) => sum + each.offsetHeight, 0)"""
    )


def a_search_survives_a_reload_and_a_change(many) -> None:
    """That for the key which was used."""
    many.page.reload()
    expect(many.app.get_by_label("Search keys")).to_have_value("script 5")
    expect(many.rows).to_have_count(1)
    many.action("Disable Script 5").click()
    many.button("Disable key").click()
    expect(many.toasts).to_contain_text("disabled")
    expect(many.rows).to_have_count(1)


def sent(admin: Admin) -> int:
    """Bytes over the wire for the page, its styles and its scripts, App Bridge apart."""
    page = admin.send("GET", "/settings/keys/")
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    own = [address for address in found if not address.endswith(".woff2")]
    assert len(own) == 7
    headers = {"Authorization": page.request.headers["Authorization"], "Accept-Encoding": "br"}
    with httpx.Client(base_url=admin.site.url, headers=headers, verify=False) as client:
        return sum(_weight(client, address) for address in ["/settings/keys/", *own])


def _weight(client: httpx.Client, address: str) -> int:
    """The length of the compressed answer; a static file may be kept for a year."""
    with client.stream("GET", address) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        if address.startswith("/static"):
            assert "max-age=31536000" in answer.headers["Cache-Control"]
        return sum(map(len, answer.iter_raw()))
