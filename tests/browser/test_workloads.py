"""A merchant trusts a workload, copies its lines, tries a token, and trusts it no longer."""

import orjson
from playwright.sync_api import expect

from tests.browser.admin import Admin
from tests.browser.test_axe import ON_PHONE
from tests.workloads.issuer import FIRST, encoded


@ON_PHONE
def test_a_workload_is_trusted_tried_and_deleted(admin: Admin) -> None:
    admin.forgive("422")
    app, dialog = admin.app, admin.dialog
    admin.button("Trust a workload").click()
    expect(dialog.get_by_role("heading", name="Trust a workload")).to_be_visible()
    expect(dialog.get_by_label("Where the job runs")).to_be_focused()
    admin.count_is(0)
    if admin.everything:
        assert admin.faults() == []

    dialog.get_by_label("Where the job runs").select_option("gitlab")
    expect(dialog.get_by_label("Project ID")).to_be_visible()
    expect(dialog.get_by_label("Issuer")).to_have_value("https://gitlab.com")
    dialog.get_by_label("Where the job runs").select_option("github")
    dialog.get_by_label("Name", exact=True).fill("Nightly")
    admin.box("Products: export").check()
    admin.count_is(1)
    admin.save_dialog()
    expect(dialog.get_by_text("names can be registered again").first).to_be_visible()
    expect(dialog.get_by_label("Repository ID")).to_be_focused()
    admin.count_is(1)
    assert admin.faults() == []

    dialog.get_by_label("Repository ID").fill("4711")
    dialog.get_by_label("Owner ID").fill("42")
    admin.save_dialog()
    lines = dialog.locator("#workload-lines")
    expect(lines).to_contain_text("id-token: write")
    expect(dialog.get_by_role("button", name="Copy the lines")).to_be_focused()
    assert admin.faults() == []
    dialog.get_by_role("button", name="Copy the lines").click()
    expect(admin.toasts).to_contain_text("Copied")
    assert "/workloads/wl_" in admin.clipboard()
    admin.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(app.locator("#workloads").get_by_text("GitHub Actions").first).to_be_visible()
    assert admin.faults() == []

    admin.action("Try a token with Nightly").click()
    dialog.get_by_label("ID token").fill(foreign_token())
    dialog.get_by_role("button", name="Try", exact=True).click()
    expect(dialog.get_by_text("This token would not be let in.")).to_be_focused()
    expect(dialog.get_by_label("ID token")).to_have_value("")
    row = dialog.get_by_role("row").filter(has_text="repository_id")
    expect(row).to_contain_text("9999")
    expect(row).to_contain_text("Does not fit")
    assert admin.faults() == []
    dialog.get_by_role("button", name="Close").first.click()

    admin.action("Change Nightly").click()
    expect(dialog.get_by_label("Repository ID")).to_have_value("4711")
    if admin.everything:
        assert admin.faults() == []
    admin.box("Products: export").uncheck()
    admin.box("Orders: export").check()
    admin.save_dialog()
    expect(admin.toasts).to_contain_text("Trusted workload saved")

    admin.action("Delete Nightly").click()
    if admin.everything:
        assert admin.faults() == []
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(app.locator("#workloads tbody tr")).to_have_count(0)


def foreign_token() -> str:
    """A token of another repository, of an issuer that is not asked: it is refused before that."""
    claims = {"iss": "https://issuer.example", "repository_id": "9999"}
    return encoded({"alg": "RS256", "kid": "first"}, orjson.dumps(claims), FIRST)
