"""Between the tabs the document stays; each of its addresses opens by itself, too."""

import re

import httpx
from playwright.sync_api import expect

from tests.processes import PLAIN

PATHS = {"API Keys": "keys", "Jobs": "jobs", "Plan": "plan", "Activity": "activity"}
TABS = list(PATHS)


def tab(admin, name):
    return admin.app.get_by_role("link", name=name, exact=True)


def is_shown(admin, name) -> None:
    """The page of this tab: the tab is marked, title, frame and admin name it."""
    expect(tab(admin, name)).to_have_attribute("aria-current", "page")
    expect(admin.app.locator("a[aria-current=page]")).to_have_count(1)
    expect(admin.page).to_have_title(f"{name} · Altera · {admin.name}")
    address = re.escape(f"{admin.address}/settings/{PATHS[name]}/")
    expect(admin.page).to_have_url(re.compile(rf"{address}(\?bounced=\d+)?$"))
    assert f"/settings/{PATHS[name]}/?" in admin.app.url


def mark(admin) -> None:
    admin.app.evaluate("window.mark = 'the same document'")


def is_marked(admin) -> bool:
    return admin.app.evaluate("window.mark === 'the same document'")


def test_tabs_history_and_the_admins_link_keep_the_document(admin):
    mark(admin)
    for name in ("Plan", "Jobs", "API Keys", "Activity"):
        tab(admin, name).click()
        is_shown(admin, name)
        expect(tab(admin, name)).to_be_focused()
        expect(admin.app.get_by_role("status").filter(has_text=f"{name} · Altera")).to_have_count(1)
    back = ("API Keys", "Jobs", "Plan", "API Keys") if admin.everything else ("API Keys", "Jobs")
    for name in back:
        admin.page.go_back()
        is_shown(admin, name)
    for name in ("Plan", "Jobs") if admin.everything else ("API Keys",):
        admin.page.go_forward()
        is_shown(admin, name)
    settings = admin.page.get_by_role("list", name="Altera").get_by_role("link", name="Settings")
    expect(settings).to_have_attribute("aria-current", "page")
    settings.click()
    is_shown(admin, "API Keys")
    expect(settings).to_have_attribute("aria-current", "page")
    assert is_marked(admin)
    what_was_open_is_gone_on_the_next_page_and_the_page_works(admin, settings)
    assert is_marked(admin)
    a_page_that_cannot_be_had_leaves_the_one_that_is_shown_and_an_old_token_is_renewed(admin)
    assert is_marked(admin)


def what_was_open_is_gone_on_the_next_page_and_the_page_works(admin, settings) -> None:
    admin.open_dialog()
    settings.click()
    expect(admin.dialog).to_have_count(0)
    admin.open_dialog()
    admin.box("Files: import").check()
    admin.count_is(1)
    admin.save_dialog()
    expect(admin.rows).to_have_count(1)
    tab(admin, "Activity").click()
    expect(admin.app.get_by_text("created key")).to_be_visible()


def a_page_that_cannot_be_had_leaves_the_one_that_is_shown_and_an_old_token_is_renewed(
    admin,
) -> None:
    """On Settings > Activity."""
    admin.forgive("503")
    admin.page.route("**/settings/plan/**", lambda route: route.fulfill(status=503))
    tab(admin, "Plan").click()
    expect(admin.app.get_by_role("alert")).to_contain_text("Something went wrong.")
    is_shown(admin, "Activity")
    admin.page.unroute("**/settings/plan/**")

    admin.forgive("401")
    asked = []

    def refuse_once(route):
        asked.append(route.request.headers["authorization"])
        if len(asked) == 1:
            stale = {"Authorization": "Bearer long.gone.now"}
            return route.continue_(headers=route.request.headers | stale)
        return route.continue_()

    admin.page.route("**/settings/plan/**", refuse_once)
    tab(admin, "Plan").click()
    is_shown(admin, "Plan")
    assert len(asked) == 2
    expect(admin.app.get_by_role("alert")).to_have_count(0)


def test_every_page_survives_a_reload_a_deep_link_and_a_token_that_is_over(admin):
    admin.forgive("Failed to fetch")  # a reload ends what the page asks for as it is shown
    seen: list[str] = []
    admin.page.on("request", lambda request: seen.append(request.url))
    for name in (*TABS[1:], TABS[0]):
        stale_it_goes_over_the_bounce_page(admin, name)
    for name in (*TABS[1:], TABS[0]) if admin.everything else ["Jobs"]:
        survives(admin, name)
        seen.clear()
        stale = f"settings/{PATHS[name]}/?shop={admin.shop}&id_token=long.gone.now"
        with admin.page.expect_event("framenavigated"):
            admin.app.evaluate(f"void setTimeout(() => location.assign('/{stale}'))")
        is_shown(admin, name)
        assert any("/auth/id-token?" in url for url in seen)  # over the bounce page


def stale_it_goes_over_the_bounce_page(admin, name) -> None:
    """Asked for without a browser."""
    query = {"shop": admin.shop, "id_token": "long.gone.now"}
    answer = httpx.get(f"{admin.site.url}/settings/{PATHS[name]}/", params=query, **PLAIN)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/auth/id-token?")


def survives(admin, name) -> None:
    with admin.page.expect_response(f"**/settings/{PATHS[name]}/**") as answer:
        tab(admin, name).click()
    answer.value.finished()  # a reload in the middle of an answer is a complaint of htmx
    is_shown(admin, name)
    with admin.page.expect_event("framenavigated"):
        admin.app.evaluate("void setTimeout(() => location.reload())")
    is_shown(admin, name)
    admin.page.reload()
    is_shown(admin, name)
    admin.page.goto("about:blank")
    admin.page.goto(f"{admin.address}/settings/{PATHS[name]}/")
    is_shown(admin, name)
