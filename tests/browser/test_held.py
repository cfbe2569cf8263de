"""An import that is held, in a real browser: looked at, discarded with a reason, or applied."""

import httpx
from playwright.sync_api import expect

from tests.browser.admin import FULL_KEY
from tests.browser.test_jobs import ON_PHONE, open_jobs
from tests.markup import first
from tests.processes import PLAIN

IN_STORE = "SELECT body ->> '$.path' FROM record WHERE shop = ? AND typename = 'UrlRedirect'"


def import_is_held(admin, key: str, paths: list[str]) -> None:
    """A key sends an import that would delete these redirects; then the merchant is on her jobs."""
    answer = httpx.post(
        f"{admin.site.url}/api/v1/imports?type=redirects",
        content="".join(["Path,Command\n", *(f"{path},DELETE\n" for path in paths)]).encode(),
        headers={"Authorization": f"Bearer {key}"},
        **PLAIN,
    )
    assert answer.status_code == 202, answer.text
    open_jobs(admin)
    expect(state(admin, "Held")).to_be_visible(timeout=120_000)


def state(admin, words: str):
    """The badges of jobs that say this."""
    return admin.app.locator("#jobs").get_by_text(words, exact=True)


@ON_PHONE
def test_a_merchant_discards_a_held_import_says_why_and_applies_the_next(newcomer):
    admin = newcomer.has_address()
    facts = {"name": "Agency", "expires": "90", "permission": ["redirects:import"]}
    made = admin.send("POST", "/settings/keys/", request_id=admin.name, **facts)
    key = first(FULL_KEY, made.text)
    admin.site.standin.tell(admin.shop, "seed", redirects=12)
    paths = [path for [path] in admin.site.rows("standin/shops.sqlite3", IN_STORE, admin.shop)]
    import_is_held(admin, key, paths)
    assert admin.faults() == []
    admin.app.get_by_role("link", name="Review").click()
    page = admin.app.locator("#import")
    expect(page).to_contain_text("Objects that are deleted: 12")
    expect(page).to_contain_text(paths[-1])
    if admin.everything:
        assert admin.faults() == []
    assert admin.app.evaluate("document.documentElement.scrollWidth <= innerWidth")
    admin.app.get_by_role("link", name="All jobs").click()
    expect(state(admin, "Held")).to_be_visible()

    admin.app.get_by_role("link", name="Review").click()
    page.get_by_label("Reason, if you discard it (optional)").fill("Wrong file")
    page.get_by_role("button", name="Discard").click()
    expect(admin.toasts).to_contain_text("Import discarded")
    expect(page.get_by_text("Canceled", exact=True)).to_be_visible()
    admin.app.get_by_role("link", name="Activity").click()
    expect(admin.app.get_by_text("reason: Wrong file")).to_be_visible()

    import_is_held(admin, key, paths)
    she_applies_it_and_types_how_many_are_deleted(admin)


def she_applies_it_and_types_how_many_are_deleted(admin) -> None:
    admin.app.get_by_role("link", name="Review").click()
    page = admin.app.locator("#import")
    page.get_by_role("button", name="Delete 12 redirects").click()
    admin.forgive("422")
    count = page.get_by_label("Type 12 to delete these objects")
    expect(count).to_be_focused()
    expect(count).to_have_accessible_description("Type 12 to delete these objects.")
    expect(count).to_have_attribute("aria-invalid", "true")
    assert admin.faults() == []
    count.fill("12")
    page.get_by_role("button", name="Delete 12 redirects").dblclick()
    expect(admin.toasts).to_contain_text("Import started")
    expect(page).to_contain_text("Completed", timeout=120_000)
    expect(page.get_by_text("12 deleted").first).to_be_visible()
