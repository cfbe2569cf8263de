"""One site and one browser for all of these tests; a new shop and a new window for each."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright

from scripts.browser import launch
from tests.browser.admin import Admin
from tests.processes import live

expect.set_options(timeout=10_000)


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    with live(tmp_path_factory.mktemp("live")) as running:
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
def newcomer(site, browser, window, request):
    """A merchant on her first visit: nothing is saved yet. A complaint in the console fails."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[-50:].strip("-")
    context = browser.new_context(**window)
    context.set_default_timeout(10_000)
    admin = Admin(site, context, name)
    yield admin
    context.close()
    assert admin.complaints() == []


@pytest.fixture
def admin(newcomer):
    """A merchant whose address is saved, with the page open."""
    return newcomer.has_address().open()
