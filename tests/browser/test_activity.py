"""Settings > Activity in a real browser."""

from playwright.sync_api import expect

from tests.browser.admin import AXE
from tests.browser.test_jobs import ON_DESK


@ON_DESK
def test_a_merchant_reads_who_did_what(newcomer, window):
    admin = newcomer.has_address().has_key("Nightly", "products:export").open()
    admin.app.get_by_role("link", name="Activity").click()
    expect(admin.app.get_by_role("link", name="Activity")).to_have_attribute("aria-current", "page")
    expect(admin.app.get_by_text("created key “Nightly”")).to_be_visible()
    expect(admin.app.get_by_text("changed the notification email")).to_be_visible()

    admin.app.get_by_label("Kind").select_option("Notification email")
    expect(admin.app.get_by_text("created key “Nightly”")).to_have_count(0)
    expect(admin.app.get_by_text("changed the notification email")).to_be_visible()
    admin.app.get_by_label("Search").fill("nobody")
    expect(admin.app.get_by_role("strong").filter(has_text="No activity found")).to_be_visible()
    assert admin.frame().evaluate("document.documentElement.scrollWidth <= innerWidth")
    admin.frame().evaluate(AXE.read_text())
    found = admin.frame().evaluate("axe.run().then(result => result.violations.map(v => v.id))")
    assert found == []


def test_the_spreadsheet_is_saved_with_the_filters(newcomer):
    admin = newcomer.has_address().has_key("Nightly", "products:export").open()
    admin.app.get_by_role("link", name="Activity").click()
    expect(admin.app.get_by_text("created key “Nightly”")).to_be_visible()
    admin.app.get_by_label("Kind").select_option("Keys")
    with admin.page.expect_download() as download:
        admin.app.get_by_role("button", name="Download CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert download.value.suggested_filename == "activity.csv"
    assert "created key “Nightly”" in text
    assert "changed the notification email" not in text
