"""Second tabs, reloads, old sessions and a server that does not answer."""

import re
import time

import pytest
from playwright.sync_api import expect

from blueprints.guards import NEXT_CLICK
from models import now
from tests.browser.admin import FULL_KEY
from tests.cast import id_token

SETTINGS = re.compile(r"/settings/")
ID_TOKEN = re.compile(r"/id-token$")


@pytest.fixture
def stale_token(site, admin):
    """An ID token of this merchant that ran out a minute ago."""
    lines = (site.folder / "var" / "secrets.env").read_text().splitlines()
    secret = dict(line.split("=", 1) for line in lines)["SHOPIFY_CLIENT_SECRET"]
    then = int(time.time()) - 120
    return id_token(
        admin.shop, secret=secret, aud="altera-local", iat=then, nbf=then, exp=then + 60
    )


def test_a_key_deleted_in_another_tab_is_told_and_the_list_is_fresh(newcomer):
    newcomer.forgive("404")
    admin = newcomer.has_address().has_key("Weekly")
    for button in ("Reveal key", "Copy key", "Permissions of Nightly", "Delete Nightly"):
        admin.has_key("Nightly").open()
        expect(admin.rows).to_have_count(2)
        admin.change_key("Nightly", deleted_at=now(), name=f"Gone: {button}")
        admin.row("Nightly").get_by_role("button", name=button).click()
        expect(admin.app.get_by_role("alert").get_by_text("no longer exists")).to_be_visible()
        expect(admin.rows).to_have_count(1)
        expect(admin.button("Create API Key")).to_be_focused()


def test_the_dialog_of_a_key_deleted_meanwhile_closes_with_a_word(newcomer):
    newcomer.forgive("404")
    admin = newcomer.has_address().has_key("Nightly").open()
    admin.action("Permissions of Nightly").click()
    admin.button("Full access").click()
    admin.count_is(36)
    admin.change_key("Nightly", deleted_at=now())
    admin.save_dialog()
    expect(admin.app.get_by_text("no longer exists")).to_be_visible()
    expect(admin.dialog).to_have_count(0)
    expect(admin.button("Create API Key")).to_be_focused()


def leave_and_come_back(admin, meanwhile) -> None:
    """Click beside the app, let something happen, and click into the app again."""
    admin.page.locator(".domain").click()
    meanwhile()
    admin.app.get_by_role("heading", name="Settings").click()


def test_what_changed_elsewhere_shows_at_the_next_click(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()

    def elsewhere():
        admin.has_key("Weekly")
        admin.site.standin.tell(admin.shop, "plan", name="Free")
        admin.page.wait_for_timeout(NEXT_CLICK.total_seconds() * 1000)

    leave_and_come_back(admin, elsewhere)
    expect(admin.row("Weekly")).to_be_visible()
    expect(admin.button("Create API Key")).to_be_disabled()
    expect(admin.app.get_by_text("API keys need the Pro plan.")).to_be_visible()


def test_a_key_that_is_shown_stays_shown_when_nothing_changed_elsewhere(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
    admin.button("Reveal key").click()
    expect(admin.row("Nightly")).to_contain_text(FULL_KEY)
    with admin.page.expect_response("**/keys/card*") as answer:
        leave_and_come_back(admin, lambda: None)
    assert answer.value.status == 204
    expect(admin.row("Nightly")).to_contain_text(FULL_KEY)


def test_a_reload_shows_the_key_as_a_preview(admin):
    admin.open_dialog()
    admin.button("Read-only").click()
    admin.count_is(19)
    admin.save_dialog()
    expect(admin.app.get_by_text("Copy the new key now.")).to_be_visible()
    admin.page.reload()
    expect(admin.row("Key 1")).to_contain_text("…")
    expect(admin.app.get_by_text("Copy the new key now.")).to_have_count(0)


def test_back_and_forward_bring_a_page_that_works(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
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


def test_a_session_that_ran_out_is_renewed_without_a_word(admin, stale_token):
    admin.forgive("401")
    asked = []

    def stale_once(route):
        asked.append(route)
        route.fulfill(json={"id_token": stale_token}) if len(asked) == 1 else route.continue_()

    admin.page.route(ID_TOKEN, stale_once)
    admin.open_dialog()
    assert len(asked) >= 2  # the page asks for more by itself when it gets the focus
    expect(admin.app.locator(".problem:visible")).to_have_count(0)


def test_a_session_that_is_over_is_told_and_nothing_is_lost(admin, stale_token):
    admin.forgive("401")
    admin.open_dialog()
    admin.button("Read-only").click()
    admin.count_is(19)
    admin.page.route(ID_TOKEN, lambda route: route.fulfill(json={"id_token": stale_token}))
    admin.save_dialog()
    expect(admin.dialog.get_by_role("alert")).to_have_text(
        "Your session has ended. Reload the page and try again."
    )
    expect(admin.dialog.get_by_role("button", name="Save")).to_be_focused()
    expect(admin.box("Export: all")).to_be_checked()


def test_a_server_that_is_down_is_told_in_the_dialog_and_nothing_is_lost(admin):
    admin.forgive("ERR_FAILED")
    admin.forgive("Failed to fetch")
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill("Nightly")
    admin.page.route(SETTINGS, lambda route: route.abort())
    admin.box("Products: export").click()
    told = admin.dialog.get_by_role("alert")
    expect(told).to_have_text("Altera did not respond. Check your connection and try again.")
    admin.save_dialog()
    expect(told).to_be_visible()
    expect(admin.dialog.get_by_role("button", name="Save")).to_be_focused()
    expect(admin.box("Products: export")).to_be_checked()

    admin.page.unroute(SETTINGS)
    admin.save_dialog()
    expect(admin.row("Nightly")).to_contain_text("Products export")
    expect(admin.app.locator(".problem:visible")).to_have_count(0)


def test_a_server_that_is_down_is_told_on_the_page(newcomer):
    newcomer.forgive("ERR_INTERNET_DISCONNECTED")
    newcomer.forgive("No ID token")
    newcomer.open()
    newcomer.context.set_offline(True)
    newcomer.save_address()
    told = newcomer.app.get_by_role("alert")
    expect(told).to_have_text("Altera did not respond. Check your connection and try again.")
    expect(newcomer.app.get_by_label("API Notification Email")).to_have_value("ops@example.com")

    newcomer.context.set_offline(False)
    newcomer.button("Save").click()
    expect(newcomer.button("Create API Key")).to_be_enabled()
    expect(told).to_be_hidden()


def test_a_server_that_fails_is_told(newcomer):
    newcomer.forgive("503")
    admin = newcomer.has_address().has_key("Nightly").open()
    admin.page.route(SETTINGS, lambda route: route.fulfill(status=503, body="<p>busy</p>"))
    admin.action("Delete Nightly").click()
    expect(admin.app.get_by_role("alert")).to_have_text(
        "Something went wrong. Try again in a minute."
    )
    expect(admin.row("Nightly")).to_be_visible()
    expect(admin.button("Delete Nightly")).to_be_focused()
