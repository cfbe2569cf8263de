"""The use of a key as a merchant sees it: in the row, in the dialog, and what nothing used."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.test_axe import SIZES

KEY = """SELECT k.id FROM api_keys k JOIN shops s ON s.id = k.shop_id
         WHERE k.name = 'Nightly' AND s.domain = ?"""
DAY = "INSERT INTO key_days VALUES (?, date('now', ?), ?, ?)"
NEEDED = "INSERT INTO permission_uses VALUES (?, ?, datetime('now', ?))"


@pytest.fixture
def used(newcomer):
    """A merchant before a key that was called on most days and used two of its permissions."""
    newcomer.has_address().has_key("Nightly", "products:export", "files:export", "files:import")
    newcomer.change_key(
        "Nightly",
        last_used_at="datetime('now', '-4 minutes', '-5 seconds')",
        last_address="'203.0.113.7'",
        last_client="'altera-cli/0.1.0'",
        created_at="datetime('now', '-91 days')",
    )
    with closing(sqlite3.connect(newcomer.site.folder / "var" / "altera.db", timeout=10)) as db, db:
        [key] = db.execute(KEY, (newcomer.shop,)).fetchone()
        for back in range(0, 30, 2):
            failed = 12 if back == 4 else 0
            db.execute(DAY, (key, f"-{back} days", 40 + 17 * back % 50, failed))
        db.execute(NEEDED, (key, "products:export", "-1 minutes"))
        db.execute(NEEDED, (key, "files:export", "-3 days"))
    return newcomer.open()


def open_key(admin):
    admin.button("Permissions of Nightly").click()
    expect(admin.dialog).to_be_visible()


@SIZES
def test_row_and_dialog_show_the_use_to_all(used):
    drawing = used.row("Nightly").get_by_role("img")
    expect(drawing).to_have_accessible_name("920 calls in 30 days, 12 failed")
    expect(drawing).to_be_visible()
    assert used.faults() == []

    open_key(used)
    expect(used.dialog).to_contain_text(
        "Last used 4 minutes ago from 203.0.113.7 with altera-cli/0.1.0"
    )
    used.dialog.locator("summary", has_text="calls in 30 days").click()
    expect(used.dialog.get_by_role("cell", name="12", exact=True)).to_be_visible()
    expect(used.box("Files: export")).to_have_accessible_description("Used 3 days ago")
    expect(used.box("Files: import")).to_have_accessible_description("Not used in 90 days")
    assert used.faults() == []
    assert used.dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


def test_drop_unused_unticks_and_nothing_is_saved_until_save(used):
    open_key(used)
    used.count_is(3)
    used.button("Drop unused").press("Enter")
    used.count_is(2)
    expect(used.box("Files: import")).not_to_be_checked()
    expect(used.button("Drop unused")).to_be_focused()
    used.button("Cancel").click()
    expect(used.row("Nightly")).to_contain_text("3 of 36 permissions")

    open_key(used)
    used.button("Drop unused").click()
    used.count_is(2)
    used.save_dialog()
    expect(used.row("Nightly")).to_contain_text("2 of 36 permissions")
    open_key(used)
    expect(used.button("Drop unused")).to_be_hidden()


def test_a_key_that_was_never_used_says_so(admin):
    admin.has_key("Nightly").open()
    expect(admin.row("Nightly")).to_contain_text("Never used")
    open_key(admin)
    expect(admin.dialog).to_contain_text("Never used")
    assert admin.faults() == []
