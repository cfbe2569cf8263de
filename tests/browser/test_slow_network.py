"""Answers that come late, and a merchant who does not wait for them."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import APIResponse, Route, expect
from sqlalchemy import select

from models.api_key import ApiKey
from models.shop import Shop
from tests.browser.admin import ADDRESS, FULL_KEY, Gate

TICKS = re.compile(r"/settings/keys/grants")
NEW = re.compile(r"/settings/keys/new")
SAVE = re.compile(r"/settings/keys/$")
SCRIPTS = re.compile(r"/static/(vendor/htmx\.min|app|upload)\.js")
REVEAL = re.compile(r"/reveal$")


def test_ticks_whose_answers_are_late_are_never_lost_and_a_double_click_makes_one_key(admin):
    admin.open_dialog()
    gate = Gate(admin.page, TICKS)
    names = ["Products: export", "Orders: export", "Files: import", "Pages: import"]
    for name in names:
        admin.box(name).click()
    admin.box("Orders: export").click()
    gate.open()
    admin.count_is(3)
    for name in names:
        expect(admin.box(name)).to_be_checked(checked=name != "Orders: export")

    nothing_is_ticked(admin)
    an_answer_in_the_middle_of_a_click_does_not_swallow_it(admin)
    nothing_is_ticked(admin)
    the_name_typed_while_a_tick_is_under_way_stays(admin)
    nothing_is_ticked(admin)

    gate = Gate(admin.page, TICKS)
    admin.box("Products: export").click()
    admin.save_dialog()
    expect(admin.row("Typed mean")).to_contain_text("Products export")
    gate.open()
    a_double_click_opens_one_dialog_that_keeps_what_is_typed_and_makes_one_key(admin)


def nothing_is_ticked(admin) -> None:
    admin.button("Clear").click()
    admin.count_is(0)


def an_answer_in_the_middle_of_a_click_does_not_swallow_it(admin) -> None:
    gate = Gate(admin.page, TICKS)
    admin.box("Products: export").click()
    admin.box("Orders: export").hover()
    admin.page.mouse.down()
    gate.open()
    admin.count_is(1)
    admin.page.mouse.up()

    admin.count_is(2)
    expect(admin.box("Products: export")).to_be_checked()
    expect(admin.box("Orders: export")).to_be_checked()


def the_name_typed_while_a_tick_is_under_way_stays(admin) -> None:
    gate = Gate(admin.page, TICKS)
    admin.button("Product data").click()
    name = admin.dialog.get_by_label("Name")
    name.fill("Typed mean")
    gate.open()
    admin.count_is(3)
    expect(name).to_have_value("Typed mean")
    expect(name).to_be_focused()


def a_double_click_opens_one_dialog_that_keeps_what_is_typed_and_makes_one_key(admin) -> None:
    gate = Gate(admin.page, NEW)
    admin.button("Create API Key").dblclick()
    gate.open()
    admin.dialog.get_by_label("Name").fill("Nightly")
    admin.button("Read-only").click()
    admin.count_is(19)
    assert len(gate.waiting) == 1
    expect(admin.dialog.get_by_label("Name")).to_have_value("Nightly")

    gate = Gate(admin.page, SAVE)
    x, y = (
        admin.dialog.get_by_role("button", name="Save").bounding_box()[side] + 5 for side in "xy"
    )
    admin.page.mouse.dblclick(x, y)
    gate.open()
    expect(admin.row("Nightly")).to_be_visible()
    expect(admin.app.locator(".htmx-request")).to_have_count(0)
    assert keys_of(admin) == ["Typed mean", "Nightly"]
    a_late_answer_about_one_row_leaves_an_open_dialog_alone(admin)


def keys_of(admin) -> list[str]:
    """The names of the keys that were made, the oldest first."""
    names = select(ApiKey.name).join(Shop, Shop.id == ApiKey.shop_id).order_by(ApiKey.id)
    with admin.site.session() as session:
        return list(session.scalars(names.where(Shop.domain == admin.shop)))


def a_late_answer_about_one_row_leaves_an_open_dialog_alone(admin) -> None:
    gate = Gate(admin.page, REVEAL)
    admin.row("Typed mean").get_by_role("button", name="Reveal key").click()
    admin.open_dialog()
    ticks = Gate(admin.page, TICKS)
    admin.box("Products: export").click()
    gate.open()
    expect(admin.row("Typed mean")).to_contain_text(FULL_KEY)
    expect(admin.box("Products: export")).to_be_checked()
    expect(admin.box("Products: export")).to_be_focused()
    ticks.open()
    admin.count_is(1)


@pytest.fixture
def requested(newcomer):
    """The addresses that the page asks for, from now on."""
    addresses: list[str] = []
    newcomer.page.on("request", lambda request: addresses.append(request.url))
    return addresses


def test_what_is_done_before_the_scripts_are_there_is_done_by_them(newcomer, requested):
    ways = {
        ADDRESS: lambda email: newcomer.button("Save").dblclick(),
        "it@example.com": lambda email: email.press("Enter"),
    }
    for address, save in ways.items():
        requested.clear()
        with before_the_scripts(newcomer, newcomer.address):
            email = newcomer.app.get_by_label("API Notification Email")
            email.fill(address)
            save(email)
        expect(newcomer.toasts).to_contain_text("Email saved")
        expect(email).to_have_value(address)
        expect(newcomer.app.locator("#first-steps")).to_contain_text("1 of 3 done")
        assert [url for url in requested if "email=" in url] == []
        assert len([url for url in requested if url.endswith("/settings/email")]) == 1

    newcomer.has_key("Nightly")
    with before_the_scripts(newcomer, f"{newcomer.address}/settings/activity/"):
        newcomer.app.get_by_label("Kind").select_option("Notification email")
        newcomer.app.get_by_label("Search").press("Enter")
    expect(newcomer.app.get_by_text("created key “Nightly”")).to_have_count(0)
    expect(newcomer.app.get_by_text("changed the notification email")).to_have_count(2)

    with before_the_scripts(newcomer, newcomer.address):
        newcomer.button("Create API Key").click()
    expect(newcomer.dialog).to_be_visible()


@contextmanager
def before_the_scripts(admin, address: str):
    """Open a page, and let its scripts in when the block ends."""
    scripts = Gate(admin.page, SCRIPTS)
    admin.page.goto(address, wait_until="commit")
    yield
    scripts.open()


def test_without_scripts_nothing_is_sent_and_the_page_says_so(newcomer, requested):
    newcomer.forgive("Failed to load resource")
    newcomer.forgive("htmx is not defined")
    newcomer.page.route("**/htmx.min.js*", lambda route: route.abort())
    newcomer.open()
    expect(newcomer.app.get_by_role("alert")).to_contain_text("Altera did not load.")
    newcomer.save_address()
    expect(newcomer.app.get_by_label("API Notification Email")).to_have_value(ADDRESS)
    assert [url for url in requested if "email" in url] == []


def test_the_steps_are_counted_after_a_save_though_an_older_count_is_under_way(newcomer):
    newcomer.open()
    older: list[tuple[Route, APIResponse]] = []

    def keep_the_first_answer(route: Route) -> None:
        if older:
            route.continue_()
        else:
            older.append((route, route.fetch()))

    newcomer.page.route("**/first-steps", keep_the_first_answer)
    newcomer.app.get_by_label("API Notification Email").fill(ADDRESS)
    while not older:
        newcomer.page.wait_for_timeout(20)
    newcomer.button("Save").click()
    expect(newcomer.app.locator("#first-steps")).to_contain_text("1 of 3 done")
    [(route, answer)] = older
    assert "0 of 3 done" in answer.text()
