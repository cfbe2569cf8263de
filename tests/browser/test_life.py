"""A key through its life in a browser: rotated, ended, disabled, enabled, bound to addresses."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.admin import FULL_KEY, LONG_AGO
from tests.browser.windows import sizes

ON_DESK, ON_PHONE = sizes(
    {"viewport": {"width": 1280, "height": 900}}, {"viewport": {"width": 390, "height": 844}}
)


def rotate(admin, overlap):
    admin.action("Rotate Nightly").click()
    expect(admin.dialog).to_contain_text("Rotate “Nightly”?")
    expect(admin.dialog.get_by_label("Keep the old key working for")).to_be_focused()
    admin.dialog.get_by_label("Keep the old key working for").select_option(label=overlap)


def is_focused(admin, action):
    """The button in the row, or on a phone the one that opens its menu."""
    expect(admin.button(action).or_(admin.button("Actions for Nightly")).first).to_be_focused()


def sideways(admin) -> int:
    """How many pixels of the page stick out of the window."""
    return admin.app.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.everything
@ON_PHONE
def test_a_rotated_key_is_shown_whole_and_the_old_one_retires_until_it_is_ended(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
    rotate(admin, "7 days")
    assert admin.faults() == []
    admin.dialog.get_by_role("button", name="Rotate key").click()

    expect(admin.dialog).to_have_count(0)
    expect(admin.toasts).to_contain_text("API key rotated")
    expect(admin.rows).to_have_count(2)
    new, old = admin.rows.first, admin.rows.last
    expect(new).to_contain_text(FULL_KEY)
    expect(new.get_by_role("button", name="Copy key")).to_be_focused()
    expect(old).to_contain_text("Retiring: ends in 7 days")
    expect(old.get_by_role("button", name="Rotate Nightly")).to_have_count(0)
    assert sideways(admin) <= 0
    assert admin.faults() == []

    admin.action("End the old Nightly now").click()
    expect(admin.dialog.get_by_role("heading")).to_have_text("End the old “Nightly” now?")
    expect(admin.button("Cancel")).to_be_focused()
    admin.button("End now").click()
    expect(admin.toasts).to_contain_text("Old API key ended")
    expect(admin.rows).to_have_count(1)
    expect(admin.rows).not_to_contain_text("Retiring")


@pytest.mark.everything
def test_canceling_changes_nothing_and_an_impatient_double_click_rotates_once(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
    rotate(admin, "1 hour")
    admin.dialog.get_by_role("button", name="Cancel").click()
    expect(admin.dialog).to_have_count(0)
    expect(admin.button("Rotate Nightly")).to_be_focused()
    expect(admin.rows).to_have_count(1)

    rotate(admin, "1 day")
    admin.dialog.get_by_role("button", name="Rotate key").dblclick()
    expect(admin.rows.filter(has_text="Retiring: ends in 24 hours")).to_have_count(1)
    expect(admin.app.get_by_text("Copy the new key now.")).to_be_visible()
    new = admin.row("Nightly").filter(has=admin.button("Hide key"))
    expect(new.get_by_role("button", name="Copy key")).to_be_focused()
    admin.page.reload()
    expect(admin.rows).to_have_count(2)


@pytest.mark.everything
@ON_DESK
def test_a_key_is_disabled_and_enabled_in_place(newcomer):
    admin = newcomer.has_address().has_key("Nightly").has_key("Weekly").open()
    admin.action("Disable Nightly").click()
    expect(admin.dialog).to_contain_text("stop working immediately, until you enable it again.")
    expect(admin.button("Cancel")).to_be_focused()
    admin.button("Cancel").click()
    expect(admin.row("Nightly")).not_to_contain_text("Disabled")
    admin.action("Disable Nightly").click()
    admin.button("Disable key").click()
    row = admin.row("Nightly")
    expect(row).to_contain_text("Disabled")
    expect(admin.toasts).to_contain_text("API key disabled")
    is_focused(admin, "Enable Nightly")
    expect(admin.row("Weekly")).not_to_contain_text("Disabled")
    assert admin.faults() == []
    assert sideways(admin) <= 0

    admin.action("Enable Nightly").click()
    expect(row).not_to_contain_text("Disabled")
    is_focused(admin, "Disable Nightly")


@ON_PHONE
def test_an_expired_key_cannot_be_rotated_and_what_is_wrong_of_a_keys_limits_is_named(newcomer):
    newcomer.forgive("422")
    newcomer.has_address().has_key("Gone").change_key("Gone", expires_at=LONG_AGO)
    admin = newcomer.has_key("Nightly").open()
    admin.action("Rotate Gone").click()
    expect(admin.dialog).to_contain_text("This key has expired.")
    expect(admin.dialog.get_by_role("button", name="Rotate key")).to_have_count(0)
    assert admin.faults() == []
    admin.button("Cancel").click()

    admin.action("Permissions of Nightly").click()
    admin.dialog.get_by_text(re.compile("Name and limits: expires .+, from any address, ")).click()
    addresses = admin.dialog.get_by_label("Allowed IP addresses")
    addresses.fill("203.0.113.0/24\noffice")
    admin.save_dialog()
    expect(admin.dialog).to_contain_text("Line 2, “office”, is not an IP address.")
    expect(addresses).to_be_focused()
    assert admin.faults() == []

    addresses.fill("300.1.1.1/33")
    admin.dialog.get_by_label("Calls per minute").fill("0")
    admin.save_dialog()
    expect(admin.dialog).to_contain_text("Enter a number from 1")
    if admin.everything:
        assert admin.faults() == []

    addresses.fill("203.0.113.0/24\n2001:db8::1")
    admin.dialog.get_by_label("Calls per minute").fill("")
    admin.save_dialog()
    expect(admin.dialog).to_have_count(0)
    expect(admin.row("Nightly")).to_contain_text("From 2 addresses only")


@ON_DESK
def test_a_guides_link_leads_to_the_address_and_then_to_a_filled_dialog_until_its_key_is_made(
    newcomer,
):
    admin = newcomer
    admin.address += "?preset=files"
    admin.open()
    suggested = admin.button("Create API Key with File management")
    expect(suggested).to_be_disabled()
    expect(suggested).to_have_accessible_description("Save a notification email first.")
    assert admin.faults() == []
    admin.save_address()
    expect(suggested).to_be_enabled()
    suggested.click()
    admin.count_is(2)

    admin.page.reload()
    suggested = admin.button("Create API Key with File management")
    expect(admin.box("Files: export")).to_be_checked()
    expect(admin.box("Files: import")).to_be_checked()
    admin.count_is(2)
    expect(admin.app.get_by_text("Your guide suggests")).to_be_visible()
    admin.page.keyboard.press("Escape")
    expect(suggested).to_be_focused()
    suggested.click()
    admin.count_is(2)
    if admin.everything:
        assert admin.faults() == []
    admin.save_dialog()
    expect(admin.row("Key 1")).to_contain_text("2 of 36 permissions")
    expect(admin.app.get_by_text("Your guide suggests")).to_have_count(0)
    admin.forgive("Failed to fetch")  # the reload ends a count of the steps that is on its way
    with admin.page.expect_event("framenavigated"):
        admin.app.evaluate("void setTimeout(() => location.reload())")
    expect(admin.row("Key 1")).to_be_visible()
    expect(admin.dialog).to_have_count(0)
