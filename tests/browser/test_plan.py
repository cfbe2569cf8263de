"""Settings > Plan in the admin: there, to Shopify's page, and back."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import update

from models import now
from models.shop import Shop
from tests.browser.windows import in_turn_or_last, sizes

DESK = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", "is_mobile": True}
_, ON_PHONE = sizes(DESK, PHONE)


def tab(admin, name: str):
    return admin.app.get_by_role("link", name=name, exact=True)


def the_page_fits_and_axe_finds_nothing(admin) -> None:
    """On Settings > Plan; in the end in the size of a phone."""
    page = "document.documentElement"
    for _ in in_turn_or_last(admin, DESK, PHONE):
        assert admin.app.evaluate(f"{page}.scrollWidth - {page}.clientWidth") == 0
        assert admin.faults() == []


@ON_PHONE
def test_on_free_keys_are_only_read_until_change_plan_led_to_shopify_in_the_top_window_and_back(
    newcomer,
):
    newcomer.has_address().has_key("Nightly")
    newcomer.site.standin.tell(newcomer.shop, "plan", name="Free")
    admin = newcomer.open()
    tab(admin, "Plan").click()
    expect(admin.app.get_by_text("Current plan")).to_be_visible()
    expect(admin.app.get_by_text("API access needs the Pro plan.")).to_be_visible()
    expect(admin.app.get_by_role("heading", name="Free")).to_be_visible()
    the_page_fits_and_axe_finds_nothing(admin)
    tab(admin, "API Keys").click()
    expect(admin.button("Create API Key")).to_be_disabled()
    expect(admin.button("Create API Key")).to_have_accessible_description(
        "API keys need the Pro plan. See the plans"
    )
    expect(admin.row("Nightly")).to_be_visible()
    assert admin.faults() == []

    tab(admin, "Plan").click()
    admin.app.get_by_role("link", name="Change plan").click()
    admin.page.get_by_role("button", name="Choose Pro").click()
    expect(admin.button("Create API Key")).to_be_enabled()
    tab(admin, "Plan").click()
    expect(admin.app.get_by_text("API access is included.")).to_be_visible()
    expect(admin.app.get_by_role("heading", name="Pro")).to_be_visible()
    if admin.everything:
        the_page_fits_and_axe_finds_nothing(admin)
    a_plan_that_shopify_does_not_tell_is_the_last_known_one_or_none(admin)


def a_plan_that_shopify_does_not_tell_is_the_last_known_one_or_none(admin) -> None:
    """On Settings > Plan, where it is Pro."""
    last_known = admin.app.get_by_text("This is the last known plan.")
    admin.site.standin.tell(admin.shop, "misbehave", http_500=9)
    for known, checked in {"Pro": now() - timedelta(hours=1), "": None}.items():
        told = {"plan": known, "plan_checked_at": checked}
        with admin.site.session() as session:
            session.execute(update(Shop).where(Shop.domain == admin.shop).values(**told))
        tab(admin, "Activity").click()
        expect(tab(admin, "Activity")).to_have_attribute("aria-current", "page")
        tab(admin, "Plan").click()
        expect(admin.app.get_by_text("Your plan could not be loaded")).to_be_visible()
        expect(last_known).to_have_count(1 if known else 0)
        if known or admin.everything:
            the_page_fits_and_axe_finds_nothing(admin)
    admin.site.standin.tell(admin.shop, "misbehave")
