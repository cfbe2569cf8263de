"""Second tabs, reloads, old sessions and a server that does not answer."""

import re
import time

import pytest
from playwright.sync_api import expect

from blueprints.guards import NEXT_CLICK
from models import now
from tests.browser.admin import FULL_KEY
from tests.browser.test_axe import ON_DESK
from tests.cast import id_token

SETTINGS = re.compile(r"/settings/")
ID_TOKEN = re.compile(r"/id-token$")
DOWN = "Altera did not respond. Check your connection and try again."


@pytest.fixture
def stale_token(site, admin):
    """An ID token of this merchant that ran out a minute ago."""
    lines = (site.folder / "var" / "secrets.env").read_text().splitlines()
    secret = dict(line.split("=", 1) for line in lines)["SHOPIFY_CLIENT_SECRET"]
    then = int(time.time()) - 120
    return id_token(
        admin.shop, secret=secret, aud="altera-local", iat=then, nbf=then, exp=then + 60
    )


@pytest.mark.everything
def test_a_key_deleted_in_another_tab_is_told_and_the_list_is_fresh(newcomer):
    newcomer.forgive("404")
    admin = newcomer.has_address().has_key("Weekly")
    buttons = {
        "Shown": "Reveal key",
        "Copied": "Copy key",
        "Changed": "Permissions of Changed",
        "Deleted": "Delete Deleted",
    }
    admin.has_keys([*buttons, "Filled in"]).open()
    for left, (name, button) in zip((5, 4, 3, 2), buttons.items(), strict=True):
        admin.change_key(name, deleted_at=now())
        admin.row(name).get_by_role("button", name=button).click()
        is_told_that_it_is_gone(admin, left)

    admin.action("Permissions of Filled in").click()
    admin.button("Full access").click()
    admin.count_is(36)
    admin.change_key("Filled in", deleted_at=now())
    admin.save_dialog()
    is_told_that_it_is_gone(admin, 1)
    expect(admin.dialog).to_have_count(0)


def is_told_that_it_is_gone(admin, left: int) -> None:
    """The list has so many rows; the words go, so that the next ones are others."""
    expect(admin.rows).to_have_count(left)
    told = admin.app.get_by_role("alert").get_by_text("no longer exists")
    expect(told).to_be_visible()
    told.evaluate("told => told.remove()")
    expect(admin.button("Create API Key")).to_be_focused()


def leave_and_come_back(admin, meanwhile) -> None:
    """Click beside the app, let something happen, and click into the app again."""
    admin.page.locator(".domain").click()
    meanwhile()
    admin.app.get_by_role("heading", name="Settings").click()


def test_back_and_forward_work_and_what_changed_elsewhere_shows_at_the_next_click(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
    back_and_forward_bring_a_page_that_works(admin)
    else_a_shown_key_stays(admin)

    def elsewhere():
        admin.has_key("Weekly")
        admin.site.standin.tell(admin.shop, "plan", name="Free")
        admin.page.wait_for_timeout(NEXT_CLICK.total_seconds() * 1000)

    leave_and_come_back(admin, elsewhere)
    expect(admin.row("Weekly")).to_be_visible()
    expect(admin.button("Create API Key")).to_be_disabled()
    expect(admin.app.get_by_text("API keys need the Pro plan.")).to_be_visible()


def else_a_shown_key_stays(admin) -> None:
    """In the row of Nightly."""
    expect(admin.row("Nightly")).to_contain_text(FULL_KEY)
    with admin.page.expect_response("**/keys/card*") as answer:
        leave_and_come_back(admin, lambda: None)
    assert answer.value.status == 204
    expect(admin.row("Nightly")).to_contain_text(FULL_KEY)


def back_and_forward_bring_a_page_that_works(admin) -> None:
    """In the end it shows the key of Nightly."""
    admin.open_dialog()
    admin.page.goto(f"{admin.site.standin.url}/store/{admin.name}/products")
    admin.page.go_back()
    expect(admin.row("Nightly")).to_be_visible()
    expect(admin.dialog).to_have_count(0)
    admin.open_dialog()
    admin.page.go_forward()
    admin.page.go_back()
    admin.button("Reveal key").click()
    expect(admin.button("Hide key")).to_be_visible()


def test_a_session_that_ran_out_is_renewed_without_a_word_or_its_end_told_and_nothing_lost(
    admin, stale_token
):
    admin.forgive("401")
    asked = []

    def stale_once(route):
        asked.append(route)
        route.fulfill(json={"id_token": stale_token}) if len(asked) == 1 else route.continue_()

    admin.page.route(ID_TOKEN, stale_once)
    admin.open_dialog()
    assert len(asked) >= 2  # the page asks for more by itself when it gets the focus
    expect(admin.app.locator(".problem:visible")).to_have_count(0)
    admin.page.unroute(ID_TOKEN)

    admin.button("Read-only").click()
    admin.count_is(19)
    admin.page.route(ID_TOKEN, lambda route: route.fulfill(json={"id_token": stale_token}))
    admin.save_dialog()
    expect(admin.dialog.get_by_role("alert")).to_have_text(
        "Your session has ended. Reload the page and try again."
    )
    expect(admin.dialog.get_by_role("button", name="Save")).to_be_focused()
    expect(admin.box("Export: all")).to_be_checked()


@ON_DESK
def test_a_server_that_is_down_or_fails_is_told_and_nothing_is_lost(newcomer):
    for words in ("ERR_INTERNET_DISCONNECTED", "No ID token", "ERR_FAILED", "Failed to fetch"):
        newcomer.forgive(words)
    down_on_the_page(newcomer.open())
    down_in_the_dialog(newcomer)
    failing(newcomer)


def down_on_the_page(admin) -> None:
    admin.context.set_offline(True)
    admin.save_address()
    told = admin.app.get_by_role("alert")
    expect(told).to_have_text(DOWN)
    expect(admin.app.get_by_label("API Notification Email")).to_have_value("ops@example.com")
    assert admin.faults() == []

    admin.context.set_offline(False)
    admin.button("Save").click()
    expect(admin.button("Create API Key")).to_be_enabled()
    expect(told).to_be_hidden()


def down_in_the_dialog(admin) -> None:
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill("Nightly")
    admin.page.route(SETTINGS, lambda route: route.abort())
    admin.box("Products: export").click()
    told = admin.dialog.get_by_role("alert")
    expect(told).to_have_text(DOWN)
    admin.save_dialog()
    expect(told).to_be_visible()
    expect(admin.dialog.get_by_role("button", name="Save")).to_be_focused()
    expect(admin.box("Products: export")).to_be_checked()
    assert admin.faults() == []

    admin.page.unroute(SETTINGS)
    admin.save_dialog()
    expect(admin.row("Nightly")).to_contain_text("Products export")
    expect(admin.app.locator(".problem:visible")).to_have_count(0)


def failing(admin) -> None:
    admin.forgive("503")
    admin.page.route(SETTINGS, lambda route: route.fulfill(status=503, body="<p>busy</p>"))
    admin.action("Delete Nightly").click()
    expect(admin.app.get_by_role("alert")).to_have_text(
        "Something went wrong. Try again in a minute."
    )
    expect(admin.row("Nightly")).to_be_visible()
    expect(admin.button("Delete Nightly")).to_be_focused()
