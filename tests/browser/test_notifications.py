"""The address comes first: until it is saved there is no key."""

from playwright.sync_api import expect

from tests.browser.admin import ADDRESS
from tests.browser.test_axe import ON_DESK


@ON_DESK
def test_a_wrong_address_is_an_error_beside_the_field_and_before_a_right_one_there_is_no_key(
    newcomer,
):
    newcomer.forgive("422")
    newcomer.open()
    create = newcomer.button("Create API Key")
    expect(create).to_be_disabled()
    expect(create).to_have_accessible_description("Save a notification email first.")
    expect(newcomer.app.get_by_text("No keys yet")).to_be_visible()
    if newcomer.everything:
        assert newcomer.faults() == []

    newcomer.save_address("ops@@mystore")
    field = newcomer.app.get_by_label("API Notification Email")
    expect(field).to_have_accessible_description("Enter an address like name@example.com.")
    expect(field).to_have_value("ops@@mystore")
    expect(field).to_be_focused()
    expect(create).to_be_disabled()
    expect(newcomer.app.get_by_text("Enter an address like")).to_be_visible()
    newcomer.is_told_nothing()
    assert newcomer.faults() == []

    newcomer.save_address(ADDRESS)
    expect(create).to_be_enabled()
    expect(newcomer.button("Trust a workload")).to_be_enabled()
    expect(newcomer.app.get_by_text("Save a notification email first.")).to_have_count(0)
    expect(newcomer.app.get_by_text("Enter an address like")).to_have_count(0)
    newcomer.is_told("Email saved")

    field.fill("it@example.com")
    field.press("Enter")
    newcomer.is_told("Email saved")
    expect(field).to_be_focused()
    newcomer.reload()
    expect(newcomer.app.get_by_label("API Notification Email")).to_have_value("it@example.com")
