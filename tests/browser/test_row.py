"""What a merchant does with a key that is there: show, copy, change and delete it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from models import now
from tests.browser.admin import FULL_KEY
from tests.markup import first

PREVIEW = re.compile(r"altera_\w{4}…\w{4}")
LATER = datetime(2999, 1, 1, 18, tzinfo=UTC)
OVER = datetime(2020, 1, 1, 18, tzinfo=UTC)


def test_the_eye_shows_the_key_and_hides_it_again_and_behind_its_preview_it_is_copied_whole(
    newcomer,
):
    newcomer.has_address().has_key("Over").change_key("Over", reveal_until=OVER)
    admin = newcomer.has_key("Ending").has_key("Nightly").open()
    when_its_time_is_over_the_eye_shows_the_preview_and_says_so(admin.row("Over"))
    admin.change_key("Ending", reveal_until=OVER)
    a_key_whose_time_ended_meanwhile_is_not_copied_as_a_preview(admin.row("Ending"))
    row = admin.row("Nightly")
    expect(row).to_contain_text(PREVIEW)
    row.get_by_role("button", name="Reveal key").click()
    expect(row).to_contain_text(FULL_KEY)
    expect(row).to_contain_text("You can reveal it until")
    hide = row.get_by_role("button", name="Hide key")
    expect(hide).to_be_focused()

    hide.click()
    expect(row).to_contain_text(PREVIEW)
    expect(row).not_to_contain_text(FULL_KEY)
    expect(row.get_by_role("button", name="Reveal key")).to_be_focused()

    admin.is_told_nothing()
    copy = row.get_by_role("button", name="Copy key")
    copy.click()
    admin.is_told("Copied")
    assert admin.clipboard() == first(FULL_KEY, row.inner_text())
    expect(copy).to_be_focused()
    it_is_copied_where_the_admin_forbids_the_clipboard(admin)


def when_its_time_is_over_the_eye_shows_the_preview_and_says_so(row) -> None:
    copy = row.get_by_role("button", name="Copy key")
    expect(copy).to_be_disabled()
    expect(copy).to_have_attribute("title", "The full key is no longer stored")
    row.get_by_role("button", name="Reveal key").click()
    expect(row).to_contain_text("The full key is no longer stored. Lost it? Create a new key.")
    expect(row).to_contain_text(PREVIEW)
    expect(row.get_by_role("button", name="Reveal key")).to_be_focused()


def a_key_whose_time_ended_meanwhile_is_not_copied_as_a_preview(row) -> None:
    row.get_by_role("button", name="Copy key").click()
    expect(row).to_contain_text("The full key is no longer stored.")
    expect(row.get_by_role("button", name="Copy key")).to_be_disabled()


def it_is_copied_where_the_admin_forbids_the_clipboard(admin) -> None:
    admin.forgive("Permissions policy violation: The Clipboard API")
    admin.page.evaluate("navigator.clipboard.writeText('nothing')")
    admin.page.locator("iframe").evaluate(
        "frame => { frame.allow = `clipboard-write 'none'`; frame.src = frame.src }"
    )
    row = admin.row("Nightly")
    expect(row).to_contain_text(PREVIEW)
    assert not admin.app.evaluate("document.featurePolicy.allowsFeature('clipboard-write')")

    row.get_by_role("button", name="Reveal key").click()
    expect(row.get_by_role("button", name="Hide key")).to_be_visible()
    row.get_by_role("button", name="Copy key").click()

    admin.is_told("Copied")
    assert admin.clipboard() == first(FULL_KEY, admin.row("Nightly").inner_text())


@pytest.mark.everything
def test_info_opens_the_same_dialog_leaving_changes_nothing_and_saving_bites(newcomer):
    admin = newcomer.has_address().has_key("Nightly", "products:export", "redirects:import").open()
    admin.action("Permissions of Nightly").click()
    admin.button("Full access").click()
    admin.count_is(36)
    admin.page.keyboard.press("Escape")
    admin.button("Discard changes").click()
    expect(admin.button("Permissions of Nightly")).to_be_focused()

    admin.action("Permissions of Nightly").click()
    expect(admin.dialog.get_by_role("heading")).to_have_text("Permissions of Nightly")
    admin.count_is(2)
    expect(admin.box("Products: export")).to_be_checked()
    expect(admin.box("Redirects: import")).to_be_checked()
    expect(admin.dialog.get_by_label("Expires")).to_have_value("keep")

    admin.dialog.get_by_text("Name and limits: ").click()
    admin.dialog.get_by_label("Name").fill("Narrow")
    admin.box("Redirects: import").uncheck()
    admin.count_is(1)
    admin.save_dialog()

    row = admin.row("Narrow")
    expect(row).to_contain_text("Products export")
    expect(row).to_contain_text("1 of 36 permissions")
    expect(admin.button("Permissions of Narrow")).to_be_focused()
    expect(admin.toasts).to_contain_text("API key saved")
    expect(admin.app.get_by_text("Copy the new key now.")).to_have_count(0)


@pytest.mark.everything
def test_a_row_says_when_the_key_ends_and_was_used_and_so_does_the_question_before_it_is_deleted(
    newcomer,
):
    admin = newcomer.has_address()
    admin.has_key("Soon").change_key("Soon", expires_at=now() + timedelta(days=6))
    admin.has_key("Gone").change_key("Gone", expires_at=OVER, last_used_at=OVER)
    admin.has_key("Far away").change_key("Far away", expires_at=LATER)
    admin.has_key("Endless", expires="never")
    admin.has_key("Nightly").change_key("Nightly", last_used_at=now() - timedelta(minutes=4))
    admin.open()
    expect(admin.row("Soon")).to_contain_text(re.compile(r"Expires in [5-7] days"))
    expect(admin.row("Gone")).to_contain_text("Expired 1 Jan 2020")
    expect(admin.row("Gone")).to_contain_text("1 Jan 2020")
    expect(admin.row("Gone").locator("time").last).to_have_attribute(
        "title", re.compile(r"1 Jan 2020, \d\d:00:00 \w+")
    )
    expect(admin.row("Far away")).to_contain_text("Expires 1 Jan 2999")
    expect(admin.row("Endless")).to_contain_text("Never expires")

    admin.button("Delete Nightly").click()
    question = admin.dialog
    expect(question.get_by_role("heading")).to_have_text("Delete “Nightly”?")
    expect(question).to_contain_text("Still in use: last used 4 minutes ago.")
    expect(question).to_contain_text("This cannot be undone.")
    expect(admin.button("Cancel")).to_be_focused()
    admin.button("Cancel").click()
    expect(admin.row("Nightly")).to_contain_text(PREVIEW)
    expect(admin.button("Delete Nightly")).to_be_focused()

    admin.change_key("Gone", "Far away", "Endless", deleted_at=now())
    admin.action("Delete Nightly").click()
    admin.button("Delete key").click()
    expect(admin.rows).to_have_count(1)
    expect(admin.toasts).to_contain_text("API key deleted")
    expect(admin.button("Create API Key")).to_be_focused()

    admin.action("Delete Soon").click()
    admin.button("Delete key").click()
    expect(admin.app.get_by_text("No keys yet")).to_be_visible()
