"""axe finds nothing wrong with any state of the page."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import now
from tests.browser.admin import AXE, LONG_AGO
from tests.browser.windows import sizes
from transfer.permissions import PERMISSIONS

DESK = {"viewport": {"width": 1100, "height": 900}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", "is_mobile": True}
ON_DESK, ON_PHONE = sizes(DESK, PHONE)


@ON_DESK
def test_the_first_visit(newcomer):
    newcomer.forgive("422")
    newcomer.open()
    assert newcomer.faults() == []
    newcomer.save_address("ops@@mystore")
    expect(newcomer.app.get_by_text("Enter an address like")).to_be_visible()
    assert newcomer.faults() == []


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


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
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
    for action in ("Delete Everything", "Disable Everything"):
        admin.action(action).click()
        expect(admin.dialog).to_be_visible()
        assert admin.faults() == []
        admin.button("Cancel").click()
    if not admin.button("Delete Everything").is_visible():
        admin.button("Actions for Everything").click()
        expect(admin.button("Delete Everything")).to_be_visible()
        assert admin.faults() == []
        admin.page.keyboard.press("Escape")
    admin.action("Permissions of Everything").click()
    expect(admin.dialog).to_be_visible()
    assert admin.faults() == []
    admin.box("Orders: export").uncheck()
    admin.page.keyboard.press("Escape")
    expect(admin.button("Discard changes")).to_be_visible()
    assert admin.faults() == []
    admin.button("Discard changes").click()
    admin.action("Rotate Soon").click()
    expect(admin.dialog).to_be_visible()
    assert admin.faults() == []
    admin.dialog.get_by_role("button", name="Rotate key").click()
    expect(admin.row("Retiring")).to_be_visible()
    admin.action("Disable Everything").click()
    admin.button("Disable key").click()
    expect(admin.row("Disabled")).to_be_visible()
    assert admin.faults() == []

    admin.change_key("Gone", deleted_at=now())
    admin.action("Permissions of Gone").click()
    expect(admin.app.get_by_text("no longer exists")).to_be_visible()
    assert admin.faults() == []


@ON_DESK
def test_no_answer(admin):
    admin.forgive("ERR_FAILED")
    admin.forgive("Failed to fetch")
    admin.page.route("**/settings/**", lambda route: route.abort())
    admin.button("Save").click()
    expect(admin.app.get_by_role("alert")).to_contain_text("Altera did not respond.")
    assert admin.faults() == []
    admin.page.unroute("**/settings/**")
    admin.open_dialog()
    admin.page.route("**/settings/**", lambda route: route.abort())
    admin.save_dialog()
    expect(admin.dialog.get_by_role("alert")).to_contain_text("Altera did not respond.")
    assert admin.faults() == []


@ON_DESK
def test_many_keys_and_the_other_tabs(newcomer):
    backups = [f"Backup {number:02}" for number in range(20)]
    newcomer.has_address().has_keys(backups).change_key(*backups, created_at=LONG_AGO)
    admin = newcomer.open()
    assert admin.faults() == []
    admin.button("Delete unused and expired keys").click()
    expect(admin.dialog).to_be_visible()
    assert admin.faults() == []
    admin.dialog.get_by_role("button", name="Cancel").click()
    admin.app.get_by_label("Search keys").fill("nothing")
    expect(admin.app.get_by_text("No keys found")).to_be_visible()
    assert admin.faults() == []

    admin.app.get_by_role("link", name="Activity").click()
    expect(admin.app.get_by_text("created key “Backup 19”")).to_be_visible()
    assert admin.faults() == []
    admin.app.get_by_label("Search").fill("nothing")
    expect(admin.app.get_by_role("strong").filter(has_text="No activity found")).to_be_visible()
    assert admin.faults() == []
    for plan in ("Pro", "Free"):
        admin.site.standin.tell(admin.shop, "plan", name=plan)
        admin.app.get_by_role("link", name="Plan", exact=True).click()
        expect(admin.app.get_by_role("heading", name=plan)).to_be_visible()
        assert admin.faults() == []
    admin.page.goto(f"{admin.address}/settings/keys/?preset=files")
    expect(admin.app.get_by_text("Your guide suggests")).to_be_visible()
    assert admin.faults() == []


def test_the_page_without_a_shop(newcomer):
    newcomer.forgive("401")
    newcomer.page.goto(f"{newcomer.site.url}/settings/keys/")
    expect(newcomer.page.get_by_role("heading", name="Open Altera from Shopify")).to_be_visible()
    newcomer.page.evaluate(AXE.read_text())
    found = newcomer.page.evaluate("axe.run().then(({violations}) => violations.map((v) => v.id))")
    assert found == []
