"""After a dialog the focus is where it was; what has it says its word."""

import re
from itertools import cycle, product

from playwright.sync_api import expect

from tests.browser.admin import LONG_AGO, Gate

OPENERS = ["Create API Key"] + [
    f"{action} Nightly" for action in ("Permissions of", "Rotate", "Disable", "Delete")
]
WAYS_OUT = {
    "Escape": lambda admin: admin.page.keyboard.press("Escape"),
    "Close": lambda admin: admin.dialog.get_by_role("button", name="Close").click(),
    "Cancel": lambda admin: admin.dialog.get_by_role("button", name="Cancel").click(),
}


def test_an_icon_says_its_word_and_a_dialog_gives_the_focus_back_to_what_opened_it(newcomer):
    backups = ["Backup 00", "Backup 01"]
    newcomer.has_address().has_keys(backups).change_key(*backups, created_at=LONG_AGO)
    admin = newcomer.has_key("Nightly").open()
    each_icon_says_its_word_by_pointer_and_keyboard_until_escape(admin)
    ways = WAYS_OUT.values()
    each_in_turn = zip(OPENERS, cycle(ways), strict=False)
    for opener, leave in product(OPENERS, ways) if admin.everything else each_in_turn:
        admin.button(opener).focus()
        admin.page.keyboard.press("Enter")
        expect(admin.dialog).to_be_visible()
        expect(admin.button(opener)).not_to_be_focused()
        leave(admin)
        expect(admin.dialog).to_have_count(0)
        expect(admin.button(opener)).to_be_focused()

    a_dialog_right_after_another_gives_it_back_too_and_asks_for_nothing(admin)

    opener = admin.button("Delete unused and expired keys")
    for leave in (WAYS_OUT["Escape"], WAYS_OUT["Cancel"]):
        opener.click()
        expect(admin.dialog.get_by_role("button", name="Cancel")).to_be_focused()
        leave(admin)
        expect(admin.dialog).to_have_count(0)
        expect(opener).to_be_focused()
    admin.is_told_nothing()
    admin.page.set_viewport_size({"width": 390, "height": 844})
    on_a_phone_the_actions_are_a_menu_with_words_and_the_focus_returns_to_it(admin)


def a_dialog_right_after_another_gives_it_back_too_and_asks_for_nothing(admin) -> None:
    """The browser tells that a dialog was closed with the next picture that it draws."""
    admin.open_dialog()
    opener, late = admin.button("Permissions of Nightly"), Gate(admin.page, re.compile("/permis"))
    opener.evaluate(
        """opener => {
          document.querySelector('#dialog > dialog').close();
          opener.click();
          return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
        }"""
    )
    late.open()
    expect(admin.dialog).to_be_visible()
    WAYS_OUT["Close"](admin)
    expect(admin.dialog).to_have_count(0)
    expect(opener).to_be_focused()


def each_icon_says_its_word_by_pointer_and_keyboard_until_escape(admin) -> None:
    admin.button("Save").focus()
    for name, word in {
        "Reveal key": "Reveal",
        "Permissions of Nightly": "Permissions",
        "Rotate Nightly": "Rotate",
        "Disable Nightly": "Disable",
        "Delete Nightly": "Delete",
    }.items():
        button = admin.row("Nightly").get_by_role("button", name=name)
        tip = button.get_by_text(word, exact=True)
        expect(tip).to_be_hidden()
        button.hover()
        expect(tip).to_be_visible()
        admin.page.mouse.move(0, 0)
        expect(tip).to_be_hidden()
        admin.tab_to(button)
        expect(tip).to_be_visible()
        admin.page.keyboard.press("Escape")
        expect(tip).to_be_hidden()


def on_a_phone_the_actions_are_a_menu_with_words_and_the_focus_returns_to_it(admin) -> None:
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
