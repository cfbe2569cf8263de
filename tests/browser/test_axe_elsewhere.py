"""axe finds nothing wrong with jobs in any state, and with pages outside of the admin."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import select

from models import now
from models.api_key import ApiKey
from models.job import EXPORT, QUEUED, RUNNING, Job, new_id
from models.shop import Shop
from tests.browser.admin import AXE, VIOLATIONS
from tests.browser.test_axe import DESK, ON_PHONE, PHONE
from tests.browser.test_jobs import open_jobs
from tests.browser.windows import in_turn

JOBS: list[dict[str, Any]] = [
    {"status": QUEUED},
    {
        "status": RUNNING,
        "total": 100,
        "done": 40,
        "progress": {"redirects": {"done": 40, "total": 99}, "pages": {"done": 0, "total": None}},
    },
    {"status": "completed", "rows": 3, "warnings": ["2 cells were cut."]},
    {"status": "completed", "rows": 3, "kind": "import", "counts": {"created": 2, "failed": 1}},
    {"status": "failed", "error": "Shopify ended the export. Start it again."},
    {"status": "canceled"},
]


def has_jobs(admin) -> None:
    """One job in each state."""
    key = select(ApiKey).join(Shop, Shop.id == ApiKey.shop_id).where(Shop.domain == admin.shop)
    with admin.site.session() as session:
        made_by = session.scalar(key)
        for facts in JOBS:
            job = {"id": new_id(EXPORT), "kind": EXPORT, "types": ["redirects", "pages"]} | facts
            job |= {"shop_id": made_by.shop_id, "key_id": made_by.id}
            job |= {"started_at": now() - timedelta(seconds=20)}
            over = {} if facts["status"] in (QUEUED, RUNNING) else {"finished_at": now()}
            session.add(Job(**job | over))


@ON_PHONE
def test_jobs_in_every_state_and_none(newcomer):
    newcomer.has_address().has_key("Nightly", "redirects:export", "pages:export")
    open_jobs(newcomer)
    expect(newcomer.app.get_by_text("Nothing exported or imported yet")).to_be_visible()
    assert newcomer.faults() == []
    has_jobs(newcomer)
    open_jobs(newcomer)
    for state in ("Waiting", "Running", "Completed", "Failed", "Canceled"):
        jobs = newcomer.app.locator("#jobs")
        expect(jobs.get_by_text(state, exact=True)).to_be_visible()
    expect(newcomer.app.get_by_text("Completed, 1 row failed")).to_be_visible()
    assert newcomer.faults() == []

    how_far_a_job_is_shows_in_colors_of_the_readers_own(newcomer)


def how_far_a_job_is_shows_in_colors_of_the_readers_own(admin) -> None:
    """Those who set the colors of all pages themselves see no background: a line goes around."""
    admin.page.emulate_media(forced_colors="active")
    look = admin.app.get_by_role("progressbar").evaluate(
        "bar => [getComputedStyle(bar).borderTopStyle, getComputedStyle(bar).forcedColorAdjust]"
    )
    assert look == ["solid", "none"]


def test_pages_that_stand_alone(newcomer):
    for status in ("400", "401", "404"):
        newcomer.forgive(status)
    pages = {"/nothing/here": "", "/settings/keys/": "Open Altera from Shopify"}
    pages |= {"/auth/id-token": ""} | ({"/settings/plan/": ""} if newcomer.everything else {})
    for path, title in pages.items():
        newcomer.page.goto(newcomer.site.url + path)
        expect(newcomer.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        newcomer.page.evaluate(AXE.read_text())
        schemes = iter(("light", "dark"))
        for _ in in_turn(newcomer, DESK, PHONE):
            newcomer.page.emulate_media(color_scheme=next(schemes))
            found = newcomer.page.evaluate(VIOLATIONS)
            assert [each["id"] for each in found] == [], path
