"""axe finds nothing wrong with any state of the page."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import now
from tests.browser.admin import FULL_KEY, LONG_AGO
from tests.browser.windows import in_turn_or_last, sizes
from transfer.permissions import PERMISSIONS

DESK = {"viewport": {"width": 1100, "height": 900}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", "is_mobile": True}
ON_DESK, ON_PHONE = sizes(DESK, PHONE)


@pytest.mark.everything
@ON_PHONE
def test_the_dialog_and_the_key_it_makes(admin):
    admin.forgive("422")
    admin.open_dialog()
    assert admin.faults() == []
    admin.dialog.get_by_label("Expires").select_option("date")
    admin.save_dialog()
    expect(admin.dialog).to_contain_text("Tick at least one permission.")
    assert admin.faults() == []

    admin.dialog.get_by_label("Expires").select_option("never")
    admin.button("Product data").click()
    admin.count_is(3)
    assert admin.faults() == []
    admin.save_dialog()
    expect(admin.app.get_by_text("Copy the new key now.")).to_be_visible()
    assert admin.faults() == []


@pytest.mark.parametrize("window", [PHONE])
def test_the_keys_and_the_questions_about_them(newcomer):
    newcomer.forgive("404")
    newcomer.has_address().has_key("Everything", *PERMISSIONS, expires="never")
    newcomer.has_key("Soon").change_key("Soon", expires_at=now() + timedelta(days=6))
    newcomer.has_key("Gone").change_key("Gone", expires_at=LONG_AGO)
    newcomer.change_key("Gone", reveal_until=LONG_AGO)
    admin = newcomer.open()
    admin.row("Gone").get_by_role("button", name="Reveal key").click()
    expect(admin.app.get_by_text("The full key is no longer stored.")).to_be_visible()
    admin.row("Soon").get_by_role("button", name="Reveal key").click()
    expect(admin.app.get_by_text("You can reveal it until")).to_be_visible()
    questions = ("Disable Everything", "Delete Everything")
    for action in questions if admin.everything else questions[1:]:
        admin.action(action).click()
        expect(admin.dialog).to_be_visible()
        no_faults(admin)
        admin.button("Cancel").click()
    admin.button("Actions for Everything").click()
    expect(admin.button("Delete Everything")).to_be_visible()
    assert admin.faults() == []
    admin.page.keyboard.press("Escape")
    admin.action("Permissions of Everything").click()
    expect(admin.dialog).to_be_visible()
    no_faults(admin)
    admin.box("Orders: export").uncheck()
    admin.page.keyboard.press("Escape")
    expect(admin.button("Discard changes")).to_be_visible()
    no_faults(admin)
    admin.button("Discard changes").click()
    admin.action("Rotate Soon").click()
    expect(admin.dialog).to_be_visible()
    no_faults(admin)
    rotated_it_is_shown(admin)
    disabled_and_enabled_it_has_the_focus(admin)
    the_old_one_ends(admin)

    admin.action("Permissions of Gone").click()
    admin.box("Files: export").check()
    admin.count_is(2)
    admin.change_key("Gone", deleted_at=now())
    admin.save_dialog()
    expect(admin.app.get_by_text("no longer exists")).to_be_visible()
    expect(admin.dialog).to_have_count(0)
    expect(admin.button("Create API Key")).to_be_focused()
    if admin.everything:
        no_faults(admin)


def rotated_it_is_shown(admin) -> None:
    """In the dialog that asks about Soon."""
    expect(admin.dialog.get_by_label("Keep the old key working for")).to_be_focused()
    admin.dialog.get_by_label("Keep the old key working for").select_option(label="7 days")
    admin.dialog.get_by_role("button", name="Rotate key").click()
    expect(admin.dialog).to_have_count(0)
    expect(admin.toasts).to_contain_text("API key rotated")
    new, old = admin.row("Soon").filter(has_text=FULL_KEY), admin.row("Retiring: ends in ")
    expect(new.get_by_role("button", name="Copy key")).to_be_focused()
    expect(old.get_by_role("button", name="Rotate Soon")).to_have_count(0)
    if admin.everything:
        no_faults(admin)


def the_old_one_ends(admin) -> None:
    admin.action("End the old Soon now").click()
    expect(admin.button("Cancel")).to_be_focused()
    admin.button("End now").click()
    expect(admin.toasts).to_contain_text("Old API key ended")
    expect(admin.row("Retiring: ends in ")).to_have_count(0)


def disabled_and_enabled_it_has_the_focus(admin) -> None:
    """The button in the row, or here the one that opens its menu. Soon retires in another row."""
    row, menu = admin.row("Everything"), admin.button("Actions for Everything")
    admin.action("Disable Everything").click()
    expect(admin.button("Cancel")).to_be_focused()
    admin.button("Disable key").click()
    expect(row).to_contain_text("Disabled")
    expect(admin.toasts).to_contain_text("API key disabled")
    expect(menu).to_be_focused()
    expect(admin.row("Disabled")).to_have_count(1)
    expect(admin.row("Retiring: ends in ")).to_have_count(1)
    no_faults(admin)
    admin.action("Enable Everything").click()
    expect(row).not_to_contain_text("Disabled")
    expect(menu).to_be_focused()


def no_faults(admin) -> None:
    for _ in in_turn_or_last(admin, DESK, PHONE):
        assert admin.faults() == []
