"""The admin's save bar and the page's own Save button are two ways to the same."""

import re

from playwright.sync_api import expect

from tests.browser.admin import ADDRESS, Gate
from tests.browser.test_moving import is_marked, is_shown, mark, tab

OTHER = "it@example.com"


def bar(admin):
    return admin.page.get_by_role("region", name="Unsaved changes")


def in_bar(admin, name):
    return bar(admin).get_by_role("button", name=name)


def email(admin):
    return admin.app.get_by_label("API Notification Email")


def the_bar_shows_what_is_unsaved_in_that_form_alone_and_discards_or_saves_it(admin) -> None:
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill("Nightly")
    admin.box("Orders: export").check()
    admin.count_is(1)
    expect(bar(admin)).to_be_hidden()
    admin.button("Cancel").click()

    email(admin).fill(OTHER)
    in_bar(admin, "Discard").click()
    expect(email(admin)).to_have_value(ADDRESS)
    expect(bar(admin)).to_be_hidden()
    email(admin).fill(OTHER)
    in_bar(admin, "Save").click()
    admin.is_told("Email saved")
    expect(bar(admin)).to_be_hidden()
    expect(email(admin)).to_have_value(OTHER)
    admin.reload()
    expect(email(admin)).to_have_value(OTHER)

    email(admin).fill(ADDRESS)
    expect(bar(admin)).to_be_visible()
    admin.button("Save").click()
    admin.is_told("Email saved")
    expect(bar(admin)).to_be_hidden()


def test_another_tab_waits_until_it_is_decided_and_a_refused_change_keeps_the_page(admin):
    the_bar_shows_what_is_unsaved_in_that_form_alone_and_discards_or_saves_it(admin)
    mark(admin)
    email(admin).fill(OTHER)
    expect(bar(admin)).to_be_visible()
    tab(admin, "Plan").click()
    expect(in_bar(admin, "Save")).to_be_focused()
    is_shown(admin, "API Keys")
    in_bar(admin, "Discard").click()
    is_shown(admin, "Plan")
    tab(admin, "API Keys").click()
    expect(email(admin)).to_have_value(ADDRESS)
    assert is_marked(admin)

    admin.forgive("422")
    email(admin).fill("ops@@example")
    expect(bar(admin)).to_be_visible()
    tab(admin, "Activity").click()
    expect(in_bar(admin, "Save")).to_be_focused()
    gate = Gate(admin.page, re.compile("/settings/email"))
    in_bar(admin, "Save").click()
    gate.open()
    expect(admin.app.get_by_text("Enter an address like")).to_be_visible()
    is_shown(admin, "API Keys")

    email(admin).fill(OTHER)
    expect(bar(admin)).to_be_visible()
    tab(admin, "Activity").click()
    expect(in_bar(admin, "Save")).to_be_focused()
    in_bar(admin, "Save").click()
    is_shown(admin, "Activity")
    expect(admin.app.get_by_text(f"{OTHER}, was {ADDRESS}")).to_have_count(2)
