"""Settings > Plan in the admin: there, to Shopify's page, and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.windows import pairs, sizes

DESK = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", "is_mobile": True}
_, ON_PHONE = sizes(DESK, PHONE)


def open_plan(admin) -> None:
    admin.app.get_by_role("link", name="Plan", exact=True).click()
    expect(admin.app.get_by_text("Current plan")).to_be_visible()


@pytest.mark.parametrize("plan, window", pairs(["Free", "Pro"], [PHONE, DESK]))
def test_the_page_fits_and_axe_finds_nothing(admin, plan):
    admin.site.standin.tell(admin.shop, "plan", name=plan)
    open_plan(admin)
    expect(admin.app.get_by_role("heading", name=plan)).to_be_visible()
    page = "document.documentElement"
    assert admin.frame().evaluate(f"{page}.scrollWidth - {page}.clientWidth") == 0
    assert admin.faults() == []


@ON_PHONE
def test_on_free_keys_can_be_read_but_none_created(newcomer):
    newcomer.has_address().has_key("Nightly")
    newcomer.site.standin.tell(newcomer.shop, "plan", name="Free")
    admin = newcomer.open()
    open_plan(admin)
    admin.app.get_by_role("link", name="API Keys", exact=True).click()
    expect(admin.button("Create API Key")).to_be_disabled()
    expect(admin.button("Create API Key")).to_have_accessible_description(
        "API keys need the Pro plan. See the plans"
    )
    expect(admin.row("Nightly")).to_be_visible()
    assert admin.faults() == []


def test_change_plan_leads_to_shopify_in_the_top_window_and_back(admin):
    admin.site.standin.tell(admin.shop, "plan", name="Free")
    open_plan(admin)
    expect(admin.app.get_by_text("API access needs the Pro plan.")).to_be_visible()
    admin.app.get_by_role("link", name="Change plan").click()
    admin.page.get_by_role("button", name="Choose Pro").click()
    expect(admin.button("Create API Key")).to_be_enabled()
    open_plan(admin)
    expect(admin.app.get_by_text("API access is included.")).to_be_visible()
