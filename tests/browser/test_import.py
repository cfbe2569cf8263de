"""A file imported and undone, and an export started, by somebody who has only the admin."""

import re

from playwright.sync_api import expect

from blueprints.pages.import_file import PART
from tests.browser.admin import Gate
from tests.browser.test_jobs import ON_DESK, ON_PHONE, open_jobs

LONG = "/pages/" + "far-away-" * 20
PLAN = f"""
- 'region "Import: Redirects"':
  - 'heading "Import: Redirects" [level=2]'
  - status: Planned
  - status: /2 rows · 1 created · 1 failed/
  - list:
    - listitem: 1 created
    - listitem: 1 failed
  - 'button "Create 1 redirect"'
  - textbox "Reason, if you discard it (optional)"
  - button "Discard"
- region "Changes":
  - search:
    - combobox "Action"
    - combobox "Column"
    - searchbox "Search"
  - article "/old":
    - heading "/old" [level=3]
    - table:
      - rowgroup:
        - row "Column Before After"
      - rowgroup:
        - row "Target {LONG}":
          - rowheader "Target"
          - cell "{LONG}":
            - insertion: {LONG}
  - article "/older":
    - heading "/older" [level=3]
    - paragraph: The Target is empty.
"""
"""What a screen reader is given of the plan: names, headings and rows."""
NARROWEST = """Math.min(...[...document.querySelectorAll('.changes-of tbody :is(th, td)')]
  .map((cell) => cell.clientWidth))"""
FILE = f"Path,Target,Colour\n/old,{LONG},red\n/older,,blue\n".encode()


def choose(admin, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    admin.app.locator("#file").set_input_files(file)


@ON_PHONE
def test_a_merchant_imports_a_file_with_a_mistake_and_undoes_it(newcomer):
    admin = newcomer.has_address()
    open_jobs(admin)
    admin.app.get_by_role("link", name="Import", exact=True).click()
    expect(admin.app.get_by_role("heading", name="Import a file")).to_be_visible()
    assert admin.faults() == []
    choose(admin, "from the agency.csv", b"From,To\n/old,/new\n")
    kind = admin.app.get_by_label("What does the file hold?")
    expect(kind).to_be_focused()
    assert admin.faults() == []
    choose(admin, "from the agency.csv", FILE)
    expect(kind).to_have_value("redirects")
    expect(admin.app.locator("#read")).to_contain_text("2 of 3 columns are known")
    assert admin.faults() == []
    admin.button("Preview changes").click()
    page = admin.app.locator("#import")
    expect(page).to_contain_text("1 created", timeout=120_000)
    expect(page).to_contain_text("/older")
    expect(page).to_match_aria_snapshot(PLAN)
    assert admin.faults() == []
    assert admin.app.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert admin.site.standin.tell(admin.shop, "sent")["mutations"] == []

    page.get_by_label("Action").select_option("failed")
    expect(page.locator(".object")).to_have_count(1)
    admin.page.reload()
    page = admin.app.locator("#import")
    admin.button("Create 1 redirect").dblclick()
    expect(page).to_contain_text("Completed, 1 row failed", timeout=120_000)
    expect(admin.app.locator("#import:focus, #import :focus")).to_have_count(1)
    assert admin.faults() == []
    admin.button("Preview the undo").click()
    expect(page).to_contain_text("1 deleted", timeout=120_000)
    assert admin.app.evaluate(NARROWEST) > 60
    page.get_by_label("Type 1 to delete this object").fill("1")
    admin.button("Delete 1 redirect").press("Enter")
    expect(page).to_contain_text("Completed", timeout=120_000)
    expect(page.locator("#import-title")).to_be_focused()
    admin.app.evaluate("history.back()")
    expect(page).to_contain_text("Undone by")
    sent = [one["field"] for one in admin.site.standin.tell(admin.shop, "sent")["mutations"]]
    assert sent == ["urlRedirectCreate", "urlRedirectDelete"]


def test_an_upload_that_breaks_off_goes_on_where_it_stopped(newcomer, tmp_path):
    admin = newcomer.has_address()
    open_jobs(admin)
    admin.app.get_by_role("link", name="Import", exact=True).click()
    broken: list[str] = []

    def break_off(route):
        if len(broken) < 2:
            broken.append(route.request.url)
            return route.abort()
        return route.fallback()

    admin.page.route("**/settings/import/files/*/1", break_off)
    admin.forgive("Failed to load resource")
    rows = b"".join(b"/%04d,/%s\n" % (n, 2000 * b"t") for n in range(4200))
    file = tmp_path / "redirects.csv"
    file.write_bytes(b"Path,Target\n" + rows)
    assert PART < file.stat().st_size < 2 * PART
    admin.app.locator("#file").set_input_files(file)
    expect(admin.button("Preview changes")).to_be_visible(timeout=120_000)
    assert len(broken) == 2
    expect(admin.app.locator("#file-progress")).to_be_hidden()
    expect(admin.app.locator("#file-error")).to_be_empty()


@ON_DESK
def test_a_merchant_starts_an_export_and_takes_its_file(newcomer):
    admin = newcomer.has_address()
    admin.site.standin.tell(admin.shop, "seed", redirects=3)
    open_jobs(admin)
    admin.app.get_by_role("link", name="Export", exact=True).click()
    start = admin.button("Start the export")
    start.click()
    admin.forgive("422")
    expect(admin.app.get_by_text("Tick at least one data type.")).to_be_visible()
    assert admin.faults() == []
    late = Gate(admin.page, re.compile("/settings/export/"))
    admin.button("Tick all").click()
    expect(admin.app.get_by_role("checkbox", checked=True)).to_have_count(19)
    expect(admin.button("Tick all")).to_be_focused()
    admin.app.get_by_label("Format").select_option("csv")
    admin.button("Clear").click()
    expect(admin.app.get_by_role("checkbox", checked=True)).to_have_count(0)
    admin.app.get_by_label("Redirects", exact=True).check()
    late.open()
    expect(admin.app.locator("#type-count")).to_have_text("1 data type")
    admin.app.get_by_text("Filter: Redirects").click()
    expect(admin.app.locator("#export-filters details")).to_have_count(1)
    expect(admin.app.get_by_label("Format")).to_have_value("csv")
    admin.app.get_by_label("Save these choices as").fill("Nightly")
    assert admin.faults() == []
    assert admin.app.evaluate("document.documentElement.scrollWidth <= innerWidth")
    start.click()
    job = admin.app.get_by_role("article", name="Export: Redirects")
    expect(job).to_contain_text("Completed", timeout=120_000)
    expect(job).to_contain_text("Staff")
    with admin.page.expect_download() as download:
        job.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "redirects.csv"

    admin.app.get_by_role("link", name="Export", exact=True).click()
    expect(admin.app.get_by_role("article", name="Nightly")).to_contain_text("Redirects · CSV")
    assert admin.faults() == []
    admin.button("Start").press("Enter")
    expect(admin.app.get_by_role("article", name="Export: Redirects")).to_have_count(2)
    admin.app.get_by_role("link", name="Export", exact=True).click()
    admin.button("Delete").press("Enter")
    expect(admin.app.get_by_role("article", name="Nightly")).to_have_count(0)
    expect(admin.app.locator("#saved-exports")).to_be_focused()
