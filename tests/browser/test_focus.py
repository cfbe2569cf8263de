"""After a dialog the focus is where it was; success is a toast, and an error is none."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import now

OPENERS = ["Create API Key", "Permissions of Nightly", "Rotate Nightly"]
WAYS_OUT = {
    "Escape": lambda admin: admin.page.keyboard.press("Escape"),
    "Close": lambda admin: admin.dialog.get_by_role("button", name="Close").click(),
    "Cancel": lambda admin: admin.dialog.get_by_role("button", name="Cancel").click(),
}


@pytest.mark.parametrize("opener", OPENERS)
def test_a_dialog_gives_the_focus_back_to_what_opened_it(admin, opener):
    admin.has_key("Nightly").open()
    for leave in WAYS_OUT.values():
        admin.button(opener).focus()
        admin.page.keyboard.press("Enter")
        expect(admin.dialog).to_be_visible()
        expect(admin.button(opener)).not_to_be_focused()
        leave(admin)
        expect(admin.dialog).to_have_count(0)
        expect(admin.button(opener)).to_be_focused()
    expect(admin.toasts).to_be_empty()


def test_the_question_about_many_keys_gives_it_back_too(admin):
    for number in range(20):
        admin.has_key(f"Backup {number:02}")
        admin.change_key(f"Backup {number:02}", created_at=now() - timedelta(days=31))
    admin.open()
    opener = admin.button("Delete all never-used or expired keys")
    for leave in (WAYS_OUT["Escape"], lambda admin: admin.button("Keep").click()):
        opener.click()
        expect(admin.button("Keep")).to_be_focused()
        leave(admin)
        expect(admin.dialog).to_have_count(0)
        expect(opener).to_be_focused()


def test_only_what_succeeded_is_a_toast(admin):
    admin.forgive("422")
    admin.has_key("Nightly").open()
    admin.open_dialog()
    admin.save_dialog()
    expect(admin.dialog).to_contain_text("Tick at least one permission.")
    admin.button("Cancel").click()
    admin.save_address("ops@@mystore")
    expect(admin.app.get_by_text("Enter an address like")).to_be_visible()
    expect(admin.toasts).to_be_empty()
    admin.save_address()
    expect(admin.toasts).to_contain_text("Email saved")


def test_after_a_rotation_the_focus_is_on_the_new_key(admin):
    admin.has_key("Nightly").open()
    admin.button("Rotate Nightly").click()
    admin.dialog.get_by_role("button", name="Rotate key").click()
    expect(admin.app.get_by_text("Copy the new key now.")).to_be_visible()
    new = admin.row("Nightly").filter(has=admin.button("Hide key"))
    expect(new.get_by_role("button", name="Copy key")).to_be_focused()
