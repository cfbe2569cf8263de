"""The walk through the pages that the benchmark of web vitals takes still finds its way."""

from collections import defaultdict

import pytest
from playwright.sync_api import sync_playwright

from benchmarks import web_vitals
from scripts.browser import launch
from scripts.shots import running


@pytest.mark.everything
def test_all_actions_of_a_merchant_are_done(monkeypatch):
    monkeypatch.setattr(web_vitals, "SLOWER", 1)
    taken: dict[str, list[float]] = defaultdict(list)
    with running() as (app, admin, var), sync_playwright() as playwright:
        web_vitals.fill(app, admin)
        web_vitals.fill_up(app, admin, 0)
        web_vitals.age(var)
        browser = launch(playwright)
        with web_vitals.slowed(browser) as page:
            web_vitals.act(page, admin, 0, taken, defaultdict(float))
        browser.close()
    assert len(taken) > 40 and min(map(min, taken.values())) > 0
