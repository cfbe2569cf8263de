"""Settings > Jobs in a real browser, with jobs that a worker runs."""

import re

import httpx
from playwright.sync_api import expect

from tests.browser.windows import sizes
from tests.processes import PLAIN

ON_DESK, ON_PHONE = sizes(
    {"viewport": {"width": 1100, "height": 900}}, {"viewport": {"width": 390, "height": 844}}
)


def start(admin, key: str, **body) -> str:
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx.post(f"{admin.site.url}/api/v1/exports", json=body, headers=headers, **PLAIN)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def open_jobs(admin):
    """By their address: the way there is shown by test_moving.py."""
    admin.page.goto(f"{admin.address}/settings/jobs/")
    expect(admin.app.get_by_role("link", name="Jobs")).to_have_attribute("aria-current", "page")


@ON_PHONE
def test_a_merchant_watches_an_export_takes_its_file_and_finds_it_again(newcomer, key):
    admin = newcomer
    admin.site.standin.tell(admin.shop, "seed", redirects=3)
    admin.site.standin.tell(admin.shop, "misbehave", slow_ms=5000)
    job_id = start(admin, key, types=["redirects"])
    open_jobs(admin)
    job = admin.app.get_by_role("article", name="Export: Redirects")
    expect(job).to_contain_text(re.compile("Waiting|Running"))
    expect(job.get_by_role("button", name="Cancel")).to_be_visible()
    if admin.everything:
        assert admin.faults() == []

    admin.site.standin.tell(admin.shop, "misbehave")
    expect(job).to_contain_text("Completed", timeout=120_000)
    expect(job).to_contain_text("3 rows")
    expect(admin.app.locator("#jobs")).not_to_have_attribute("hx-trigger", re.compile("every"))
    assert admin.app.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with admin.page.expect_download() as download:
        job.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "redirects.csv"
    assert download.value.path().read_text("utf-8-sig").count("\n") == 4

    start(admin, key, types=["products"])
    admin.page.reload()
    the_address_keeps_the_search(admin, job_id)


def the_address_keeps_the_search(admin, job_id: str) -> None:
    jobs = admin.app.get_by_role("article")
    expect(jobs).to_have_count(2)
    admin.app.get_by_label("Search").fill(job_id)
    expect(jobs).to_have_count(1)
    expect(jobs).to_contain_text("Export: Redirects")
    expect(admin.page).to_have_url(f"{admin.address}/settings/jobs/?words={job_id}")
    admin.page.reload()
    expect(admin.app.get_by_role("article")).to_have_count(1)
    admin.app.get_by_label("Kind").select_option("Imports")
    listed = admin.app.get_by_role("region", name="Jobs")
    expect(listed.get_by_text("No jobs found")).to_be_visible()
    expect(admin.app.locator("#said")).to_have_text("No jobs found")
    assert admin.app.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert admin.faults() == []


def test_a_merchant_cancels_a_job_when_she_can_and_runs_it_again(newcomer, key):
    admin = newcomer
    admin.site.standin.tell(admin.shop, "misbehave", slow_ms=5000)
    start(admin, key, types=["redirects"])
    open_jobs(admin)
    a_problem_stays_while_the_list_is_asked_for_again_and_again(admin)

    jobs = admin.app.get_by_role("article", name="Export: Redirects")
    jobs.get_by_role("button", name="Cancel").click()
    expect(admin.app.get_by_role("alert")).to_be_hidden()
    expect(jobs).to_contain_text("Canceled")
    expect(admin.toasts).to_contain_text("Export canceled")
    expect(jobs).to_be_focused()
    admin.site.standin.tell(admin.shop, "misbehave")
    again = jobs.get_by_role("button", name="Run again")
    expect(again).to_have_accessible_description(re.compile("Export: Redirects Key “Nightly” · "))
    again.click()
    expect(admin.toasts).to_contain_text("Export started")
    expect(jobs).to_have_count(2)
    expect(again.last).to_be_focused()
    expect(jobs.first).to_contain_text("Staff")
    expect(jobs.first).to_contain_text("Completed", timeout=120_000)


def a_problem_stays_while_the_list_is_asked_for_again_and_again(admin) -> None:
    """That of a job that could not be canceled."""
    admin.forgive("503")
    admin.page.route("**/cancel", lambda route: route.fulfill(status=503, body="<p>busy</p>"))
    with admin.page.expect_response("**/jobs/list*"):
        admin.button("Cancel").click()
        problem = admin.app.get_by_role("alert")
        expect(problem).to_have_text("Something went wrong. Try again in a minute.")
    with admin.page.expect_response("**/jobs/list*"):
        expect(problem).to_be_visible()
    expect(problem).to_be_visible()
    admin.page.unroute("**/cancel")


JUMPS = """new PerformanceObserver((list) => {
  for (const {value} of list.getEntries()) window.jumps = (window.jumps ?? 0) + value;
}).observe({type: 'layout-shift'})"""


@ON_DESK
def test_nothing_moves_while_a_job_of_many_types_runs_and_ends(newcomer, key):
    admin = newcomer
    admin.site.standin.tell(admin.shop, "seed", redirects=3, products=3)
    start(admin, key, types=["redirects"])
    admin.site.standin.tell(admin.shop, "misbehave", slow_ms=300)
    start(admin, key, types=["products", "redirects"])
    open_jobs(admin)
    job = admin.app.get_by_role("article", name="Export: Products, Redirects")
    expect(job.get_by_text("Redirects ", exact=False).last).to_be_visible()
    admin.app.evaluate(JUMPS)
    admin.site.standin.tell(admin.shop, "misbehave")
    expect(job).to_contain_text("Completed", timeout=120_000)
    expect(job.get_by_role("listitem")).to_have_text(["Products 3 / 3", "Redirects 3 / 3"])
    assert admin.app.evaluate("window.jumps ?? 0") == 0
