"""Settings > Activity in a real browser."""

from playwright.sync_api import expect

from blueprints.pages.activity import FEW
from tests.browser.test_jobs import ON_DESK
from tests.browser.test_moving import is_marked, is_shown, mark, tab
from transfer.permissions import PERMISSIONS


@ON_DESK
def test_a_merchant_reads_who_did_what_and_saves_it_with_the_filters(newcomer):
    admin = newcomer.has_address().has_key("Nightly", *PERMISSIONS)
    admin.page.goto(f"{admin.address}/settings/activity/")
    app = admin.app
    mark(admin)
    expect(app.get_by_role("link", name="Activity")).to_have_attribute("aria-current", "page")
    made, changed = app.get_by_text("created key “Nightly”"), "changed the notification email"
    expect(made).to_be_visible()
    expect(app.get_by_text(changed)).to_be_visible()
    differences = app.get_by_text("+ Payouts: export")
    expect(differences).to_be_hidden()
    if admin.everything:
        assert admin.faults() == []
    parts = 2 + len(PERMISSIONS)  # when the key expires, and how its imports are applied
    app.get_by_text(f"and {parts - FEW} more", exact=True).click()
    expect(differences).to_be_visible()
    assert admin.faults() == []

    app.get_by_label("Kind").select_option("Notification email")
    expect(made).to_have_count(0)
    expect(app.get_by_text(changed)).to_be_visible()
    app.get_by_label("Search").fill("nobody")
    expect(app.get_by_role("strong").filter(has_text="No activity found")).to_be_visible()
    assert admin.app.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert admin.faults() == []

    app.get_by_label("Kind").select_option("Keys")
    app.get_by_label("Search").fill("night")
    expect(made).to_be_visible()
    the_filters_stay_in_the_address(admin)
    app = admin.app
    with admin.page.expect_download() as download:
        app.get_by_role("button", name="Download CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert download.value.suggested_filename == "activity.csv"
    assert "created key “Nightly”" in text
    assert changed not in text


def the_filters_stay_in_the_address(admin) -> None:
    """The kind, and the word searched for."""
    expect(admin.page).to_have_url(f"{admin.address}/settings/activity/?kind=key&words=night")
    tab(admin, "Plan").click()
    is_shown(admin, "Plan")
    admin.page.go_back()
    expect(admin.app.get_by_label("Search")).to_have_value("night")
    assert is_marked(admin)
    shows_what_was_chosen(admin)
    admin.page.reload()
    shows_what_was_chosen(admin)


def shows_what_was_chosen(admin) -> None:
    expect(admin.app.get_by_text("created key “Nightly”")).to_be_visible()
    expect(admin.app.get_by_text("changed the notification email")).to_have_count(0)
    expect(admin.app.locator("select[name=kind]")).to_have_value("key")
    expect(admin.app.get_by_label("Search")).to_have_value("night")
