"""axe finds nothing wrong with jobs in any state, pages that say no, and what is rarely opened."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from blueprints.pages.activity import FEW
from models import now
from models.api_key import ApiKey
from models.job import EXPORT, QUEUED, RUNNING, Job, new_id
from models.shop import Shop
from tests.browser.admin import AXE, LONG_AGO, VIOLATIONS
from tests.browser.test_axe import DESK, ON_DESK, ON_PHONE, PHONE
from tests.browser.test_jobs import open_jobs
from tests.browser.windows import pairs
from transfer.permissions import PERMISSIONS

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


@pytest.mark.parametrize("window", [{"forced_colors": "active", "reduced_motion": "reduce"}])
def test_how_far_a_job_is_shows_in_colors_of_the_readers_own(newcomer):
    """Those who set the colors of all pages themselves see no background: a line goes around."""
    newcomer.has_address().has_key("Nightly", "redirects:export")
    has_jobs(newcomer)
    open_jobs(newcomer)
    look = newcomer.app.get_by_role("progressbar").evaluate(
        "bar => [getComputedStyle(bar).borderTopStyle, getComputedStyle(bar).forcedColorAdjust]"
    )
    assert look == ["solid", "none"]


@ON_DESK
def test_the_differences_of_activities_unfolded(newcomer):
    newcomer.has_address().has_key("Everything", *PERMISSIONS)
    admin = newcomer.open()
    admin.app.get_by_role("link", name="Activity").click()
    hidden = admin.app.get_by_text("+ Payouts: export")
    expect(hidden).to_be_hidden()
    assert admin.faults() == []
    parts = 2 + len(PERMISSIONS)  # when the key expires, and how its imports are applied
    admin.app.get_by_text(f"and {parts - FEW} more", exact=True).click()
    expect(hidden).to_be_visible()
    assert admin.faults() == []


@ON_PHONE
def test_questions_that_are_refused_and_limits_that_are_wrong(newcomer):
    newcomer.forgive("422")
    newcomer.has_address().has_key("Gone").change_key("Gone", expires_at=LONG_AGO)
    admin = newcomer.has_key("Nightly").open()
    admin.action("Rotate Gone").click()
    expect(admin.dialog).to_contain_text("This key has expired.")
    assert admin.faults() == []
    admin.button("Cancel").click()
    admin.action("Permissions of Nightly").click()
    admin.dialog.get_by_text("Name and limits: ").click()
    admin.dialog.get_by_label("Allowed IP addresses").fill("300.1.1.1/33")
    admin.dialog.get_by_label("Calls per minute").fill("0")
    admin.save_dialog()
    expect(admin.dialog).to_contain_text("Enter a number from 1")
    assert admin.faults() == []


@ON_DESK
def test_what_is_off_says_why(newcomer):
    newcomer.address += "?preset=files"
    newcomer.open()
    expect(newcomer.button("Create API Key with File management")).to_be_disabled()
    assert newcomer.faults() == []


@pytest.mark.parametrize("known, window", pairs(["Pro", ""], [DESK, PHONE]))
def test_a_plan_that_shopify_does_not_tell(admin, known):
    told = {"plan": known, "plan_checked_at": LONG_AGO}
    with admin.site.session() as session:
        session.execute(update(Shop).where(Shop.domain == admin.shop).values(**told))
    admin.site.standin.tell(admin.shop, "misbehave", http_500=9)
    admin.app.get_by_role("link", name="Plan", exact=True).click()
    expect(admin.app.get_by_text("Your plan could not be loaded")).to_be_visible()
    assert admin.faults() == []
    admin.site.standin.tell(admin.shop, "misbehave")


@pytest.mark.parametrize("scheme, window", pairs(["light", "dark"], [DESK, PHONE]))
def test_pages_that_stand_alone(newcomer, scheme):
    for status in ("400", "401", "404"):
        newcomer.forgive(status)
    newcomer.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in ("/nothing/here", "/settings/plan/", "/auth/id-token"):
        newcomer.page.goto(newcomer.site.url + path)
        expect(newcomer.page.get_by_role("heading", level=1)).to_be_visible()
        newcomer.page.evaluate(AXE.read_text())
        found = newcomer.page.evaluate(VIOLATIONS)
        assert [each["id"] for each in found] == [], path
