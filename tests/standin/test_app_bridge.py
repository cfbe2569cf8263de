"""The App Bridge stub in a real browser: an app's page inside the admin, under a strict CSP."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, redirect, request
from playwright.sync_api import expect, sync_playwright

from scripts.browser import launch
from standin.signing import decode_jwt
from tests.cast import CLIENT_ID, CLIENT_SECRET
from tests.standin.serving import SHOP, served, standin

expect.set_options(timeout=30_000)
ROOT = Path(__file__).parents[2]
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="shopify-api-key" content="{key}"><script src="{bridge}"></script>
<script src="/htmx.js" defer></script></head><body>
<s-app-nav><s-link href="/" rel="home">Home</s-link><s-link href="/settings">Settings</s-link>
<a href="/jobs?tab=old">Jobs &amp; more</a></s-app-nav><h1>{title}</h1>"""
SETTINGS = """
<button hx-post="/echo" hx-target="#out" hx-vals='{"n": "1"}'>Ask</button>
<button hx-post="/stale" hx-target="#out" hx-vals='{"n": "1"}'>Ask when stale</button>
<p id="out"></p>
<form data-save-bar data-discard-confirmation hx-post="/save" hx-target="this" hx-swap="outerHTML">
<label>Name <input name="name" value="old"></label>
<label><input type="checkbox" name="on"> On</label></form>
<a href="shopify://admin/products/7" target="_top">A product</a>
<form action="shopify://admin/charges/altera/pricing_plans" target="_top">
<button>Plans</button></form>"""


class App:
    """The embedded app: a few pages, and routes that tell what they were sent."""

    def __init__(self, data):
        self.bridge, self.admin, self.stale = "", "", 0
        self.seen: list[Any] = []
        self.flask = Flask("app")
        self.flask.add_url_rule("/", view_func=self.page)
        self.flask.add_url_rule("/<path:path>", view_func=self.page)
        self.flask.add_url_rule("/htmx.js", view_func=self.htmx)
        self.flask.add_url_rule("/bounce", view_func=self.bounce)
        self.flask.add_url_rule("/needs-token", view_func=self.needs_token)
        self.flask.add_url_rule("/echo", view_func=self.echo, methods=["GET", "POST"])
        self.flask.add_url_rule("/stale", view_func=self.refuse_once, methods=["POST"])
        self.flask.add_url_rule("/leave", view_func=self.leave)
        self.flask.add_url_rule("/save", view_func=self.save, methods=["POST"])
        self.flask.after_request(self.with_policy)

    def with_policy(self, response):
        origin = self.bridge.removesuffix("/app-bridge.js")
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self' {origin}; connect-src 'self';"
            f" form-action 'none'; frame-ancestors {origin}"
        )
        return response

    def page(self, path="home"):
        return self.head(path) + (SETTINGS if path == "settings" else "")

    def head(self, title):
        return HEAD.format(title=title, key=CLIENT_ID, bridge=self.bridge)

    def htmx(self):
        source = ROOT / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"
        return source.read_text(), 200, {"Content-Type": "text/javascript"}

    def bounce(self):
        return f'<script data-api-key="{CLIENT_ID}" src="{self.bridge}"></script>'

    def needs_token(self):
        if request.args.get("id_token"):
            return self.head("with a token")
        query = request.query_string.decode()
        return redirect(f"/bounce?{query}&shopify-reload=%2Fneeds-token%3Ftab%3D2")

    def echo(self):
        self.seen.append(dict(request.headers) | {"form": request.form.to_dict()})
        return "heard"

    def refuse_once(self):
        self.stale += 1
        self.echo()
        if self.stale % 2:
            return "", 401, {"X-Shopify-Retry-Invalid-Session-Request": "1"}
        return "heard again"

    def leave(self):
        address = self.bridge.replace("app-bridge.js", "store/demo/left")
        headers = {"X-Shopify-API-Request-Failure-Reauthorize": "1"}
        return "", 401, headers | {"X-Shopify-API-Request-Failure-Reauthorize-Url": address}

    def save(self):
        self.echo()
        return (
            f'<form data-save-bar><label>Name <input value="{request.form["name"]}"></label></form>'
        )


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = App(tmp_path_factory.mktemp("app"))
    with served(app.flask) as port:
        url = f"http://localhost:{port}"
        with standin(tmp_path_factory.mktemp("data"), app_url=url) as server:
            app.admin = server.extensions["standin"].config.origin
            app.bridge = f"{app.admin}/app-bridge.js"
            yield app


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(app, browser):
    """A tab in which no script fails and no policy is broken."""
    context = browser.new_context(base_url=app.admin)
    context.set_default_timeout(30_000)
    page = context.new_page()
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if is_trouble(message) else 0)
    yield page
    context.close()
    assert trouble == []


def is_trouble(message) -> bool:
    return message.type == "error" and "status of 401" not in message.text


@pytest.fixture
def framed(page):
    """Open a path of the app in the admin; gives the app's frame."""

    def open(path=""):
        page.goto(f"/store/demo/apps/altera{path}")
        expect(page.frame_locator("iframe").get_by_role("heading")).to_be_visible()
        return page.frames[1]

    return open


def test_the_page_knows_its_shop_gets_fresh_tokens_and_tells_the_admin(page, framed):
    frame = framed("/settings?locale=de")
    config = frame.evaluate("shopify.config")
    assert (config["apiKey"], config["shop"], config["locale"]) == (CLIENT_ID, SHOP, "de")
    assert config["host"]

    tokens = [frame.evaluate("shopify.idToken()") for _ in range(2)]
    claims = [decode_jwt(token, CLIENT_SECRET) for token in tokens]
    first, second = (claim or {} for claim in claims)
    assert {first["dest"], second["dest"]} == {f"https://{SHOP}"}
    assert first["jti"] != second["jti"]
    loading_is_shown_and_the_title_of_the_page(page, frame)
    toasts_are_told_by_the_admin_and_go_by_themselves(page, frame)


def loading_is_shown_and_the_title_of_the_page(page, frame) -> None:
    frame.evaluate("document.title = 'later'")
    expect(page).to_have_title("later · demo")
    frame.evaluate("shopify.loading(true)")
    expect(page.get_by_role("progressbar", name="Loading")).to_be_visible()
    frame.evaluate("shopify.loading(false)")
    expect(page.get_by_role("progressbar", name="Loading")).to_be_hidden()


def test_htmx_and_fetch_carry_the_token_unless_there_is_an_authorization(app, page, framed):
    frame = framed("/settings")
    frame.get_by_role("button", name="Ask", exact=True).click()
    expect(frame.locator("#out")).to_have_text("heard")
    seen = app.seen[-1]
    assert decode_jwt(seen["Authorization"].removeprefix("Bearer "), CLIENT_SECRET)
    assert seen["X-Requested-With"] == "XMLHttpRequest"
    assert seen["form"] == {"n": "1"}

    a_refused_token_is_tried_once_more_with_the_same_body(app, frame)

    for number, resource in enumerate(RESOURCES):
        frame.evaluate(
            f"number => fetch({resource.format('new URLSearchParams({number})')})", number
        )
        assert app.seen[-1]["Authorization"].startswith("Bearer ey"), resource
        assert app.seen[-1]["form"] == {"number": str(number)}, resource

    frame.evaluate("fetch('/echo', {headers: {Authorization: 'Bearer mine'}})")
    assert app.seen[-1]["Authorization"] == "Bearer mine"

    the_app_may_handle_the_navigation_itself(page, frame)
    frame.evaluate("fetch('/leave')")  # an answer may send the merchant elsewhere
    page.wait_for_url("**/store/demo/left")


RESOURCES = (
    "'/echo', {{method: 'POST', body: {}}}",
    "new URL('/echo', location), {{method: 'POST', body: {}}}",
    "new Request('/echo', {{method: 'POST', body: {}}})",
)
"""What fetch takes, without the body."""


def a_refused_token_is_tried_once_more_with_the_same_body(app, frame) -> None:
    frame.get_by_role("button", name="Ask when stale").click()
    expect(frame.locator("#out")).to_have_text("heard again")
    first, again = app.seen[-2:]
    assert first["Authorization"] != again["Authorization"]
    assert first["form"] == again["form"] == {"n": "1"}


def test_the_bounce_page_comes_back_with_a_token_and_does_not_leave_the_app(page, framed):
    frame = framed("/needs-token")
    frame.evaluate("location.assign(location.href.replace(/id_token=[^&]*&/, ''))")
    expect(frame.get_by_role("heading")).to_have_text("with a token")
    page.wait_for_url("**/apps/altera/needs-token?tab=2")

    origin = frame.evaluate("location.origin")
    for path in ("//evil.example/", "https://evil.example/", "/\\\\evil.example"):
        with page.expect_event("framenavigated", lambda frame: "/bounce?" in frame.url):
            page.frames[1].evaluate(
                "path => location.assign('/bounce?shopify-reload=' + path)", path
            )
        page.wait_for_timeout(300)
        address = page.frames[1].url.partition("?")[0]
        assert address.startswith(f"{origin}/"), path
        assert "evil.example/" not in address, path


def test_the_navigation_shows_the_apps_links_and_follows_its_page(page, framed):
    frame = framed()
    links = page.get_by_role("list", name="Altera").get_by_role("link")
    expect(links).to_have_text(["Settings", "Jobs & more"])
    expect(frame.locator("s-app-nav")).to_be_hidden()

    links.first.click()
    expect(frame.get_by_role("heading")).to_have_text("settings")
    expect(links.first).to_have_attribute("aria-current", "page")
    assert page.url.endswith("/store/demo/apps/altera/settings")
    expect(page).to_have_title("settings · demo")
    assert f"shop={SHOP}" in page.frames[1].url

    links.last.click()
    page.wait_for_url("**/store/demo/apps/altera/jobs?tab=old")
    page.reload()
    expect(page.frame_locator("iframe").get_by_role("heading")).to_have_text("jobs")
    page.go_back()
    page.wait_for_url("**/store/demo/apps/altera/settings")
    expect(page.frame_locator("iframe").get_by_role("heading")).to_have_text("settings")


def the_app_may_handle_the_navigation_itself(page, frame) -> None:
    frame.evaluate(
        """document.addEventListener('shopify:navigate', (event) => {
          event.preventDefault();
          document.querySelector('h1').textContent = event.target.getAttribute('href');
          history.pushState(null, '', '/jobs/1');
        })"""
    )
    page.get_by_role("link", name="Jobs & more").click()
    expect(frame.get_by_role("heading")).to_have_text("/jobs?tab=old")
    page.wait_for_url("**/store/demo/apps/altera/jobs/1")


def test_the_bar_is_there_while_a_form_is_changed_and_saves_it(app, page, framed):
    frame = framed("/settings")
    bar = page.get_by_role("region", name="Unsaved changes")
    expect(bar).to_be_hidden()
    frame.get_by_label("Name").fill("new")
    expect(bar).to_be_visible()
    frame.get_by_label("Name").fill("old")
    expect(bar).to_be_hidden()

    frame.get_by_label("Name").fill("new")
    bar.get_by_role("button", name="Save").click()

    expect(bar).to_be_hidden()
    expect(frame.get_by_label("On")).to_have_count(0)
    expect(frame.get_by_label("Name")).to_have_value("new")
    assert app.seen[-1]["form"] == {"name": "new"}


def test_a_changed_form_is_discarded_after_asking_and_holds_the_merchant(page, framed):
    frame = framed("/settings")
    bar = page.get_by_role("region", name="Unsaved changes")
    frame.get_by_label("On").check()
    bar.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Continue editing").click()
    expect(frame.get_by_label("On")).to_be_checked()

    bar.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Discard changes").click()
    expect(frame.get_by_label("On")).not_to_be_checked()
    expect(bar).to_be_hidden()
    unsaved_changes_hold_the_merchant_on_the_page(page, frame, bar)
    a_sent_form_has_no_bar_until_it_changes_again(page, frame, bar)


def a_sent_form_has_no_bar_until_it_changes_again(page, frame, bar) -> None:
    page.route("**/save", lambda route: None)
    frame.get_by_label("Name").fill("new")
    expect(bar).to_be_visible()
    frame.get_by_label("Name").press("Enter")
    expect(bar).to_be_hidden()
    frame.get_by_label("Name").fill("newer")
    expect(bar).to_be_visible()
    page.unroute_all()


def becomes_true(frame, script: str) -> None:
    """Wait until this holds in the frame, asked from outside: the page's policy forbids eval."""
    for _ in range(300):
        if frame.evaluate(script):
            return
        frame.wait_for_timeout(100)
    raise AssertionError(script)


def unsaved_changes_hold_the_merchant_on_the_page(page, frame, bar) -> None:
    frame.get_by_label("Name").fill("new")
    expect(bar).to_be_visible()
    page.get_by_role("link", name="Jobs & more").click()
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    assert page.url.endswith("/settings")

    frame.evaluate("void shopify.saveBar.leaveConfirmation().then(() => document.title = 'left')")
    assert frame.title() == "settings"
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Discard changes").click()
    becomes_true(frame, "document.title === 'left'")
    expect(bar).to_be_hidden()


def toasts_are_told_by_the_admin_and_go_by_themselves(page, frame) -> None:
    status = page.get_by_role("status")
    shown = frame.evaluate("shopify.toast.show('<b>Saved</b>', {duration: 4000})")
    assert shown
    expect(status).to_contain_text("<b>Saved</b>")
    expect(status).to_be_empty()

    frame.evaluate(
        "shopify.toast.show('Gone', {action: 'Undo', onAction: () => window.undone = 1})"
    )
    status.get_by_role("button", name="Undo").click()
    becomes_true(frame, "window.undone === 1")
    status.get_by_role("button", name="Dismiss").click()
    expect(status).to_be_empty()


def test_links_and_forms_to_the_admin_open_its_pages(page, framed):
    framed("/settings").get_by_role("link", name="A product").click()
    page.wait_for_url("**/store/demo/products/7")
    framed("/settings").get_by_role("button", name="Plans").click()
    page.wait_for_url("**/store/demo/charges/altera/pricing_plans")
    framed("/settings").evaluate(
        "window.open('https://admin.shopify.com/store/demo/orders/1', '_top')"
    )
    page.wait_for_url("**/store/demo/orders/1")


def test_a_page_of_the_app_opened_by_itself_goes_into_the_admin(app, page):
    page.goto(f"{app.admin}/store/demo/apps/altera")
    alone = page.frames[1].url.replace("/?", "/settings?")
    page.goto(alone)
    page.wait_for_url("**/store/demo/apps/altera/settings")


def test_another_site_in_the_frame_gets_no_token(app, page, framed):
    frame = framed("/settings")
    with page.expect_event("framenavigated"):
        frame.evaluate("location.assign(location.href.replace('localhost', '127.0.0.1'))")
    frame.evaluate(
        """window.addEventListener('message', (event) => { window.got = event.data });
        parent.postMessage({type: 'id-token', id: 1}, '*')"""
    )
    page.wait_for_timeout(300)
    assert frame.evaluate("window.got") is None


def test_on_a_phone_the_frame_fills_the_width_and_the_menu_opens(browser, app):
    context = browser.new_context(base_url=app.admin, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/store/demo/apps/altera/settings")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading")).to_be_visible()
    assert page.locator("iframe").bounding_box()["width"] == 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    menu = page.get_by_role("button", name="Menu")
    link = page.get_by_role("link", name="Jobs & more")
    expect(link).to_be_hidden()
    menu.click()
    link.click()
    expect(frame.get_by_role("heading")).to_have_text("jobs")
    expect(link).to_be_hidden()
    context.close()
