"""One site on a database and one browser for all of these tests; a new shop and a new window
for each."""

from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from scripts.browser import launch
from tests.browser.admin import FULL_KEY, Admin
from tests.databases import settings_for
from tests.markup import first
from tests.processes import live

expect.set_options(timeout=30_000)
STILL = {"reduced_motion": "reduce"}
"""Else each frame of a transition is drawn, half of a click's time; the main job has motion."""
_shops = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They begin first, in one process: to others that took them from it late, each would have to
    start a site and a browser of its own."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def site(request, tmp_path_factory):
    """All that ``make run`` starts."""
    settings = settings_for(request, "browser")
    with live(tmp_path_factory.mktemp("live"), **settings) as running:
        yield running


@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def window():
    """What a test may change of the browser's window, by parametrizing it."""
    return {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def newcomer(site, browser, window, pytestconfig):
    """A merchant on her first visit: nothing is saved yet. A complaint in the console fails."""
    context = browser.new_context(**STILL | window)
    context.set_default_timeout(30_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    name, everything = f"shop-{next(_shops)}", pytestconfig.option.everything
    admin = Admin(site, context, name, everything=everything)
    yield admin
    context.close()
    assert admin.complaints() == []


@pytest.fixture
def admin(newcomer):
    """A merchant whose address is saved, with the page open."""
    return newcomer.has_address().open()


@pytest.fixture
def key(newcomer):
    """A key of this merchant's, whose address is saved; in full."""
    permissions = ["products:export", "redirects:export"]
    facts = {"name": "Nightly", "expires": "90", "permission": permissions}
    newcomer.has_address()
    answer = newcomer.send("POST", "/settings/keys/", request_id=newcomer.name, **facts)
    return first(FULL_KEY, answer.text)
