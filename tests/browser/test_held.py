"""An import that is held, in a real browser: looked at, discarded with a reason, or applied."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.admin import FULL_KEY
from tests.browser.test_jobs import ON_PHONE, open_jobs
from tests.markup import first
from tests.processes import PLAIN

PATHS = [f"/gone-{number}" for number in range(12)]


def send(admin, key: str, text: str) -> None:
    answer = httpx.post(
        f"{admin.site.url}/api/v1/imports?type=redirects",
        content=text.encode(),
        headers={"Authorization": f"Bearer {key}"},
        **PLAIN,
    )
    assert answer.status_code == 202, answer.text


def state(admin, words: str):
    """The badges of jobs that say this."""
    return admin.app.locator("#jobs").get_by_text(words, exact=True)


@pytest.fixture
def held(newcomer):
    """A merchant with an import that would delete twelve redirects, on her jobs."""
    admin = newcomer.has_address()
    facts = {"name": "Agency", "expires": "90", "permission": ["redirects:import"]}
    made = admin.send("POST", "/settings/keys/", request_id=admin.name, **facts)
    key = first(FULL_KEY, made.text)
    send(admin, key, "Path,Target\n" + "".join(f"{path},/t\n" for path in PATHS))
    open_jobs(admin)
    expect(state(admin, "Completed")).to_be_visible(timeout=120_000)
    send(admin, key, "Path,Command\n" + "".join(f"{path},DELETE\n" for path in PATHS))
    open_jobs(admin)
    expect(state(admin, "Held")).to_be_visible(timeout=120_000)
    return admin


@ON_PHONE
def test_a_merchant_discards_a_held_import_and_says_why(held):
    assert held.faults() == []
    held.app.get_by_role("link", name="Review").click()
    page = held.app.locator("#import")
    expect(page).to_contain_text("Objects that are deleted: 12")
    expect(page).to_contain_text("/gone-11")
    assert held.faults() == []
    assert held.frame().evaluate("document.documentElement.scrollWidth <= innerWidth")
    held.app.get_by_role("link", name="All jobs").click()
    expect(state(held, "Held")).to_be_visible()

    held.app.get_by_role("link", name="Review").click()
    page.get_by_label("Reason, if you discard it (optional)").fill("Wrong file")
    page.get_by_role("button", name="Discard").click()
    expect(held.toasts).to_contain_text("Import discarded")
    expect(page.get_by_text("Canceled", exact=True)).to_be_visible()
    held.app.get_by_role("link", name="Activity").click()
    expect(held.app.get_by_text("reason: Wrong file")).to_be_visible()


def test_a_merchant_applies_a_held_import_and_types_how_many_are_deleted(held):
    held.app.get_by_role("link", name="Review").click()
    page = held.app.locator("#import")
    page.get_by_role("button", name="Delete 12 redirects").click()
    held.forgive("422")
    count = page.get_by_label("Type 12 to delete these objects")
    expect(count).to_be_focused()
    expect(count).to_have_accessible_description("Type 12 to delete these objects.")
    expect(count).to_have_attribute("aria-invalid", "true")
    assert held.faults() == []
    count.fill("12")
    page.get_by_role("button", name="Delete 12 redirects").dblclick()
    expect(held.toasts).to_contain_text("Import started")
    expect(page).to_contain_text("Completed", timeout=120_000)
    expect(page.get_by_text("12 deleted").first).to_be_visible()
