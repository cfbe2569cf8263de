"""The address comes first: until it is saved there is no key."""

from playwright.sync_api import expect

from tests.browser.admin import ADDRESS


def test_a_newcomer_cannot_create_a_key_and_is_told_why(newcomer):
    newcomer.open()
    create = newcomer.button("Create API Key")
    expect(create).to_be_disabled()
    expect(create).to_have_accessible_description("Save a notification email first.")
    expect(newcomer.app.get_by_text("No keys yet")).to_be_visible()


def test_a_wrong_address_is_an_error_beside_the_field_and_a_right_one_leads_to_a_key(newcomer):
    newcomer.forgive("422")
    newcomer.open().save_address("ops@@mystore")

    field = newcomer.app.get_by_label("API Notification Email")
    expect(field).to_have_accessible_description("Enter an address like name@example.com.")
    expect(field).to_have_value("ops@@mystore")
    expect(field).to_be_focused()
    expect(newcomer.button("Create API Key")).to_be_disabled()
    expect(newcomer.app.get_by_text("Enter an address like")).to_be_visible()

    newcomer.save_address(ADDRESS)

    expect(newcomer.button("Create API Key")).to_be_enabled()
    expect(newcomer.button("Trust a workload")).to_be_enabled()
    expect(newcomer.app.get_by_text("Save a notification email first.")).to_have_count(0)
    expect(newcomer.app.get_by_text("Enter an address like")).to_have_count(0)
    expect(newcomer.toasts).to_contain_text("Email saved")
    newcomer.page.reload()
    expect(newcomer.app.get_by_label("API Notification Email")).to_have_value(ADDRESS)


def test_enter_saves_and_the_focus_stays_in_the_field(newcomer):
    newcomer.open()
    field = newcomer.app.get_by_label("API Notification Email")
    field.fill(ADDRESS)
    field.press("Enter")
    expect(newcomer.button("Create API Key")).to_be_enabled()
    expect(field).to_be_focused()
