"""After a dialog the focus is where it was; success is a toast, and an error is none."""

from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.admin import LONG_AGO

OPENERS = ["Create API Key"] + [
    f"{action} Nightly" for action in ("Permissions of", "Rotate", "Disable", "Delete")
]
WAYS_OUT = {
    "Escape": lambda admin: admin.page.keyboard.press("Escape"),
    "Close": lambda admin: admin.dialog.get_by_role("button", name="Close").click(),
    "Cancel": lambda admin: admin.dialog.get_by_role("button", name="Cancel").click(),
}


def test_a_dialog_gives_the_focus_back_to_what_opened_it(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
    for opener, leave in product(OPENERS, WAYS_OUT.values()):
        admin.button(opener).focus()
        admin.page.keyboard.press("Enter")
        expect(admin.dialog).to_be_visible()
        expect(admin.button(opener)).not_to_be_focused()
        leave(admin)
        expect(admin.dialog).to_have_count(0)
        expect(admin.button(opener)).to_be_focused()
    expect(admin.toasts).to_be_empty()


def test_the_question_about_many_keys_gives_it_back_too(admin):
    for number in range(2):
        admin.has_key(f"Backup {number:02}")
        admin.change_key(f"Backup {number:02}", created_at=LONG_AGO)
    admin.open()
    opener = admin.button("Delete unused and expired keys")
    for leave in (WAYS_OUT["Escape"], WAYS_OUT["Cancel"]):
        opener.click()
        expect(admin.dialog.get_by_role("button", name="Cancel")).to_be_focused()
        leave(admin)
        expect(admin.dialog).to_have_count(0)
        expect(opener).to_be_focused()


def test_only_what_succeeded_is_a_toast(newcomer):
    newcomer.forgive("422")
    admin = newcomer.has_address().has_key("Nightly").open()
    admin.open_dialog()
    admin.save_dialog()
    expect(admin.dialog).to_contain_text("Tick at least one permission.")
    admin.button("Cancel").click()
    admin.save_address("ops@@mystore")
    expect(admin.app.get_by_text("Enter an address like")).to_be_visible()
    expect(admin.toasts).to_be_empty()
    admin.save_address()
    expect(admin.toasts).to_contain_text("Email saved")


def test_after_a_rotation_the_focus_is_on_the_new_key(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
    admin.action("Rotate Nightly").click()
    admin.dialog.get_by_role("button", name="Rotate key").click()
    expect(admin.app.get_by_text("Copy the new key now.")).to_be_visible()
    new = admin.row("Nightly").filter(has=admin.button("Hide key"))
    expect(new.get_by_role("button", name="Copy key")).to_be_focused()


@pytest.mark.parametrize("window", [{"viewport": {"width": 390, "height": 844}}])
def test_on_a_phone_the_actions_are_a_menu_with_words_and_the_focus_returns_to_it(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
    menu = admin.button("Actions for Nightly")
    expect(admin.button("Delete Nightly")).to_have_count(0)
    for action in ("Permissions", "Rotate", "Disable", "Delete"):
        menu.click()
        entry = admin.app.locator(".menu:popover-open").get_by_text(action, exact=True)
        expect(entry).to_be_visible()
        entry.click()
        expect(admin.dialog).to_be_visible()
        WAYS_OUT["Escape"](admin)
        expect(admin.dialog).to_have_count(0)
        expect(menu).to_be_focused()
    menu.press("Enter")
    expect(admin.button("Delete Nightly")).to_be_visible()
    admin.page.keyboard.press("Escape")
    expect(admin.button("Delete Nightly")).to_have_count(0)
    expect(menu).to_be_focused()


def test_each_icon_says_its_word_by_pointer_and_keyboard_until_escape(newcomer):
    admin = newcomer.has_address().has_key("Nightly").open()
    admin.button("Save").focus()
    for name, word in {
        "Reveal key": "Reveal",
        "Permissions of Nightly": "Permissions",
        "Rotate Nightly": "Rotate",
        "Disable Nightly": "Disable",
        "Delete Nightly": "Delete",
    }.items():
        button = admin.button(name)
        tip = button.get_by_text(word, exact=True)
        expect(tip).to_be_hidden()
        button.hover()
        expect(tip).to_be_visible()
        admin.page.mouse.move(0, 0)
        expect(tip).to_be_hidden()
        while not button.evaluate("button => button === document.activeElement"):
            admin.page.keyboard.press("Tab")
        expect(tip).to_be_visible()
        admin.page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
