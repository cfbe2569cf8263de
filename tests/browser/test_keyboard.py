"""From the address to the deleted key without a mouse."""

from playwright.sync_api import expect

from tests.browser.admin import ADDRESS, FULL_KEY
from tests.markup import first


def test_a_key_is_made_copied_changed_and_deleted_by_keyboard_and_the_dialog_holds_the_focus(
    newcomer,
):
    admin = newcomer.open()
    keyboard, tab_to = admin.page.keyboard, admin.tab_to

    admin.page.locator("iframe").focus()
    tab_to(admin.app.get_by_label("API Notification Email"))
    keyboard.type(ADDRESS)
    tab_to(admin.button("Save"))
    keyboard.press("Enter")
    expect(admin.button("Create API Key")).to_be_enabled()
    expect(admin.button("Save")).to_be_focused()

    tab_to(admin.button("Create API Key"))
    keyboard.press("Enter")
    expect(admin.dialog.get_by_label("Name")).to_be_focused()
    keyboard.type("Nightly")
    holds_the_focus_and_shows_what_has_it(admin)
    tab_to(admin.button("Read-only"))
    keyboard.press("Space")
    admin.count_is(19)
    tab_to(admin.box("Orders: import"))
    keyboard.press("Space")
    admin.count_is(20)
    tab_to(admin.dialog.get_by_role("button", name="Save"))
    keyboard.press("Enter")

    expect(admin.button("Copy key")).to_be_focused()
    keyboard.press("Enter")
    expect(admin.toasts).to_contain_text("Copied")
    assert admin.clipboard() == first(FULL_KEY, admin.row("Nightly").inner_text())

    tab_to(admin.button("Permissions of Nightly"))
    keyboard.press("Enter")
    expect(admin.dialog.locator("summary").first).to_be_focused()
    keyboard.press("Enter")
    tab_to(admin.dialog.get_by_label("Name"))
    keyboard.press("Enter")
    expect(admin.dialog).to_have_count(0)
    expect(admin.button("Permissions of Nightly")).to_be_focused()
    expect(admin.toasts).to_contain_text("API key saved")

    tab_to(admin.button("Delete Nightly"))
    keyboard.press("Enter")
    expect(admin.button("Cancel")).to_be_focused()
    tab_to(admin.button("Delete key"))
    keyboard.press("Enter")
    expect(admin.app.get_by_text("No keys yet")).to_be_visible()
    expect(admin.button("Create API Key")).to_be_focused()


def holds_the_focus_and_shows_what_has_it(admin) -> None:
    """In the dialog that is open, also where there is no next element in it."""
    for _ in range(60):
        admin.page.keyboard.press("Tab")
        outside, inside, ring, top = admin.app.evaluate(
            """() => {
              const {activeElement, body} = document;
              const inside = !!activeElement.closest('dialog');
              const outside = !inside && document.hasFocus() && activeElement !== body;
              return [outside, inside, getComputedStyle(activeElement).outlineStyle,
                      document.querySelector('dialog').scrollTop];
            }"""
        )
        assert not outside
        assert ring != "none" or not inside
        assert top == 0
