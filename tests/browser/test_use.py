"""The use of a key as a merchant sees it: in the row, in the dialog, and what nothing used."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models import now
from models.api_key import ApiKey
from models.key_use import KeyDay, PermissionUse
from models.shop import Shop
from tests.browser.test_axe import ON_PHONE


@pytest.fixture
def used(newcomer):
    """A merchant before a key that was called on most days and used two of its permissions, and one
    that was never used."""
    newcomer.has_address().has_key("Weekly")
    newcomer.has_key("Nightly", "products:export", "files:export", "files:import")
    newcomer.change_key(
        "Nightly",
        last_used_at=now() - timedelta(minutes=4, seconds=5),
        last_address="203.0.113.7",
        last_client="altera-cli/0.1.0",
        created_at=now() - timedelta(days=91),
        granted_at={},
    )
    of_shop = select(ApiKey.id).join(Shop, Shop.id == ApiKey.shop_id)
    with newcomer.site.session() as session:
        own = (Shop.domain == newcomer.shop, ApiKey.name == "Nightly")
        key = session.scalar(of_shop.where(*own))
        for back in range(0, 30, 2):
            day = now().date() - timedelta(days=back)
            failed = 12 if back == 4 else 0
            calls = 40 + 17 * back % 50
            session.add(KeyDay(key_id=key, day=day, calls=calls, failures=failed))
        for permission, before in (
            ("products:export", timedelta(minutes=1)),
            ("files:export", timedelta(days=3)),
        ):
            at = now() - before
            session.add(PermissionUse(key_id=key, permission=permission, last_used_at=at))
    return newcomer.open()


def open_key(admin, name):
    admin.action(f"Permissions of {name}").click()
    expect(admin.dialog).to_be_visible()


@ON_PHONE
def test_row_and_dialog_show_the_use_to_all(used):
    drawing = used.row("Nightly").get_by_role("img")
    expect(drawing).to_have_accessible_name("920 calls in 30 days, 12 failed")
    expect(drawing).to_be_visible()
    expect(used.row("Weekly")).to_contain_text("Never used")
    assert used.faults() == []
    open_key(used, "Weekly")
    expect(used.dialog).to_contain_text("Never used")
    if used.everything:
        assert used.faults() == []
    used.button("Cancel").click()

    open_key(used, "Nightly")
    expect(used.dialog).to_contain_text(
        "Last used 4 minutes ago from 203.0.113.7 with altera-cli/0.1.0"
    )
    used.dialog.locator("summary", has_text="calls in 30 days").click()
    expect(used.dialog.get_by_role("cell", name="12", exact=True)).to_be_visible()
    expect(used.box("Files: export")).to_have_accessible_description("Used 3 days ago")
    expect(used.box("Files: import")).to_have_accessible_description("Not used in 90 days")
    assert used.faults() == []
    assert used.dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    drop_unused_unticks_and_nothing_is_saved_until_save(used)


def drop_unused_unticks_and_nothing_is_saved_until_save(used) -> None:
    """In the dialog that is open."""
    used.count_is(3)
    if used.everything:
        canceled_nothing_is_saved(used)
    used.button("Remove unused").press("Enter")
    used.count_is(2)
    expect(used.box("Files: import")).not_to_be_checked()
    expect(used.button("Remove unused")).to_be_focused()
    expect(used.row("Nightly")).to_contain_text("3 of 36 permissions")
    used.save_dialog()
    expect(used.row("Nightly")).to_contain_text("2 of 36 permissions")
    open_key(used, "Nightly")
    expect(used.button("Remove unused")).to_be_hidden()


def canceled_nothing_is_saved(used) -> None:
    """The dialog is open again in the end."""
    used.button("Remove unused").click()
    used.count_is(2)
    used.button("Cancel").click()
    expect(used.row("Nightly")).to_contain_text("3 of 36 permissions")
    open_key(used, "Nightly")
    used.count_is(3)
