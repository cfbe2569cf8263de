"""What a merchant does with the cards around the keys: rules, safety, stand-in values, and with the
requests of a key."""

import time

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from models.key_request import KeyRequest
from models.shop import Shop
from tests.browser.admin import Admin
from tests.browser.test_axe import ON_PHONE
from tests.processes import PLAIN


def rules_name_a_key_that_breaks_them_until_it_is_changed(admin: Admin) -> None:
    admin.has_key("Open", expires="never").open()
    rules = admin.app.locator("#rules")
    rules.get_by_label("Longest life of a key").select_option("90")
    rules.get_by_label("Every key needs a list of allowed IP addresses").check()
    rules.get_by_role("button", name="Set rules").click()
    expect(admin.toasts).to_contain_text("Rules saved")
    broken = rules.locator("#broken-keys")
    expect(broken).to_contain_text("Open")
    expect(broken).to_contain_text("at most 90 days")
    assert admin.faults() == []

    broken.get_by_role("button", name="Change Open").click()
    admin.dialog.get_by_text("Name and limits").click()
    admin.dialog.get_by_label("Expires").select_option("30")
    admin.dialog.get_by_label("Allowed IP addresses").fill("203.0.113.7")
    admin.save_dialog()
    expect(broken).not_to_contain_text("Open")
    expect(admin.dialog).to_have_count(0)
    if admin.everything:
        assert admin.faults() == []


@pytest.mark.everything
def test_a_finding_opens_what_mends_it_and_goes(newcomer: Admin) -> None:
    admin = newcomer.has_address().has_key("Forever", expires="never").open()
    finding = admin.app.locator("#finding-no-expiry")
    expect(finding).to_contain_text("Never expires")
    assert admin.faults() == []
    finding.get_by_role("button", name="Set an expiry for Forever").click()
    admin.dialog.get_by_text("Name and limits").click()
    admin.dialog.get_by_label("Expires").select_option("90")
    admin.save_dialog()
    expect(finding).to_have_count(0)
    expect(admin.app.locator("#finding-no-addresses")).to_contain_text("Forever")
    assert admin.faults() == []


def test_stand_in_values_are_renewed_and_rules_name_a_key_that_breaks_them(admin: Admin) -> None:
    expect(admin.app.locator("#stand-ins")).to_have_count(0)
    admin.open_dialog()
    admin.dialog.get_by_text("Personal data: All").click()
    admin.dialog.get_by_label("Personal data that this key sees").select_option("replaced")
    expect(admin.dialog.get_by_text("example.invalid").first).to_be_visible()
    admin.box("Customers: export").check()
    assert admin.faults() == []
    admin.save_dialog()
    expect(admin.rows.first).to_contain_text("Personal data: Replaced")
    admin.open()
    card = admin.app.locator("#stand-ins")
    card.get_by_role("button", name="Renew stand-in values").click()
    expect(admin.dialog).to_contain_text("This cannot be undone.")
    if admin.everything:
        assert admin.faults() == []
    admin.dialog.get_by_role("button", name="Renew stand-in values").click()
    expect(admin.toasts).to_contain_text("Stand-in values renewed")
    expect(admin.dialog).to_have_count(0)
    rules_name_a_key_that_breaks_them_until_it_is_changed(admin)


def wait_for_calls(admin: Admin, count: int) -> None:
    """Until so many calls with the merchant's keys are written, which is after their answers."""
    calls = select(func.count()).select_from(KeyRequest).join(Shop, Shop.id == KeyRequest.shop_id)
    for _ in range(600):
        with admin.site.session() as session:
            if session.scalar(calls.where(Shop.domain == admin.shop)) == count:
                return
        time.sleep(0.1)
    raise AssertionError("the calls were not written")


@ON_PHONE
def test_the_requests_of_a_key_are_searched_and_downloaded(newcomer: Admin, key: str) -> None:
    admin = newcomer
    authorization = {"Authorization": f"Bearer {key}"}
    for path, request_id in (("key", "good-call"), ("exports/nothing", "no-such-job")):
        headers = authorization | {"X-Request-Id": request_id}
        httpx.get(f"{admin.site.url}/api/v1/{path}", headers=headers, **PLAIN)
    wait_for_calls(admin, 2)
    admin.open()
    admin.action("Permissions of Nightly").click()
    admin.dialog.get_by_role("link", name="Requests of the last 7 days").click()
    app, listed = admin.app, admin.app.locator("#request-rows tr")
    expect(app.get_by_role("heading", name="Requests of Nightly")).to_be_visible()
    expect(listed).to_have_count(2)
    assert admin.faults() == []
    app.get_by_label("Status").select_option("4")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("no-such-job")
    with admin.page.expect_download() as download:
        app.get_by_role("button", name="Download CSV").click()
    saved = download.value.path().read_text("utf-8-sig")
    assert "no-such-job" in saved and "good-call" not in saved
    app.get_by_label("Search").fill("nowhere")
    expect(app.get_by_text("No requests found")).to_be_visible()
    assert admin.faults() == []
