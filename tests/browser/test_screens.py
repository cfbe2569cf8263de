"""Phones, zoom, long names, many keys, and people who asked for less motion."""

import pytest
from playwright.sync_api import expect

from models import now
from tests.browser.admin import LONG_AGO
from tests.browser.windows import Window, in_turn, in_turn_or_last
from transfer.permissions import PERMISSIONS

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ZOOMED = {"viewport": {"width": 550, "height": 450}}
DESK = {"viewport": {"width": 1280, "height": 900}}
SIZES: list[Window] = [DESK, ZOOMED, {"viewport": {"width": 195, "height": 422}}, PHONE]
"""A desk, and what fits on it and on a phone at 200%; and a phone. Each of the three styles of the
page has its size, and the second and the last one share theirs."""
ON_TOUCH = pytest.mark.parametrize("window", [PHONE], ids=["touch"])
LONG = "W" * 60
DELETE_ALL = "Delete unused and expired keys"
WORDS = "A name that is as long as names may be, sixty characters now"


def overflows(admin) -> int:
    """By how many pixels the app is wider than its frame."""
    page = "document.documentElement"
    return admin.app.evaluate(f"{page}.scrollWidth - {page}.clientWidth")


CUT_OFF = """[...document.querySelectorAll('.card, dialog, dialog *')]
  .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth
    && !each.matches('input') && getComputedStyle(each).overflowX !== 'visible')
  .map((each) => each.outerHTML.slice(0, 100))"""


TOUCHING = """[...document.querySelectorAll('.card')].flatMap((card) => {
  const edge = card.getBoundingClientRect();
  return [...card.querySelectorAll('a, button, input, select, textarea')].filter((each) => {
    const {left, right, top, bottom, width} = each.getBoundingClientRect();
    const beside = Math.min(left - edge.left, edge.right - right);
    const space = Math.min(beside, top - edge.top, edge.bottom - bottom);
    return width > 1 && each.checkVisibility() && !each.closest('[popover]') && space < 4;
  }).map((each) => each.outerHTML.slice(0, 100));
})"""


FITS = f"""['rtl', 'ltr'].flatMap((direction) => {{
  const page = document.documentElement;
  page.dir = direction;
  const wider = page.scrollWidth - page.clientWidth;
  const wrong = [...{CUT_OFF}, ...{TOUCHING}].concat(wider ? `by ${{wider}} pixels too wide` : []);
  return wrong.map((each) => `${{direction}}: ${{each}}`);
}})"""
"""In either direction nothing is wider than the frame, nothing is cut off inside a card or dialog,
and what one clicks keeps away from the edge of its card."""


def tour(admin, unused: list[str]):
    """Every page, dialog and question in turn; in the end without these keys."""
    yield
    admin.button(DELETE_ALL).click()
    expect(admin.dialog).to_be_visible()
    yield
    admin.change_key(*unused, deleted_at=now())
    admin.open().open_dialog()
    yield
    admin.save_dialog()
    expect(admin.dialog).to_contain_text("Tick at least one permission.")
    yield
    admin.dialog.get_by_role("button", name="Cancel").click()
    actions = ("Permissions of", "Rotate", "Disable", "Delete")
    for action in actions:
        admin.action(f"{action} {LONG}").click()
        expect(admin.dialog).to_be_visible()
        yield
        admin.page.keyboard.press("Escape")
        expect(admin.dialog).to_have_count(0)
    for name in ("Jobs", "Plan", "Activity"):
        admin.app.get_by_role("link", name=name, exact=True).click()
        expect(admin.app.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        yield
    for name, title in (("Export", "Export data"), ("Import", "Import a file")):
        admin.app.get_by_role("link", name="Jobs", exact=True).click()
        admin.app.get_by_role("link", name=name, exact=True).click()
        expect(admin.app.get_by_role("heading", name=title)).to_be_visible()
        yield


REACHED = """part => [...part.querySelectorAll('button:enabled')]
  .filter((each) => each.checkVisibility({visibilityProperty: true}))
  .map((each) => {
    each.scrollIntoView({block: 'nearest', inline: 'nearest'});
    const {left, top, width, height} = each.getBoundingClientRect();
    return each.contains(document.elementFromPoint(left + width / 2, top + height / 2))
      || each.outerHTML.slice(0, 90);
  })"""


def reachable(part) -> int:
    """How many buttons of this part work, each of which a click reaches."""
    reached = part.evaluate(REACHED)
    assert [each for each in reached if each is not True] == []
    return len(reached)


@ON_TOUCH
def test_a_narrow_page_and_its_dialog_fit_and_every_button_is_in_reach(newcomer):
    newcomer.has_address().has_key(LONG, *PERMISSIONS).has_key(WORDS, "files:import")
    newcomer.change_key(WORDS, created_at=LONG_AGO)
    newcomer.has_key("Gone").change_key("Gone", expires_at=LONG_AGO)
    admin = newcomer.open()
    findings, below = 3, 2  # of each key that could be narrowed; to trust a workload, to set rules
    expect(admin.app.locator("#finding-no-addresses button")).to_have_count(2)
    for _ in in_turn_or_last(admin, PHONE, ZOOMED):
        assert overflows(admin) == 0
        phone = admin.button(f"Actions for {LONG}").is_visible()
        assert (
            reachable(admin.app.locator("body"))
            == 3 + 3 * (3 if phone else 6) + 1 + 2 + findings + below
        )

    admin.row(LONG).get_by_role("button", name="Reveal key").click()
    expect(admin.button("Hide key")).to_be_visible()
    for _ in in_turn(admin, DESK, PHONE, ZOOMED):
        assert overflows(admin) == 0
        if admin.button(f"Delete {LONG}").is_visible():
            is_inside(admin.button(f"Delete {LONG}"), admin.app.locator("#keys"))

    admin.action(f"Delete {WORDS}").click()
    expect(admin.dialog).to_be_visible()
    for _ in in_turn_or_last(admin, PHONE, ZOOMED):
        assert overflows(admin) == 0
        assert reachable(admin.dialog) == 3
    admin.page.keyboard.press("Escape")

    newcomer.forgive("422")
    for _ in in_turn_or_last(admin, PHONE, ZOOMED):
        the_dialog_fills_the_frame_and_save_shows(admin)


def is_inside(button, card) -> None:
    """Long names wrap, and move nothing out of the table."""
    inner, outer = button.bounding_box(), card.bounding_box()
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]


def the_dialog_fills_the_frame_and_save_shows(admin) -> None:
    admin.open_dialog()
    frame = admin.page.locator("iframe").bounding_box()
    dialog = admin.dialog.bounding_box()
    assert {side: round(dialog[side]) for side in dialog} == {
        side: round(frame[side]) for side in frame
    }
    assert overflows(admin) == 0
    save = admin.dialog.get_by_role("button", name="Save")
    for last in ("Payouts: export", "Shop: import"):
        admin.box(last).check()
        expect(save).to_be_in_viewport(ratio=1)
    admin.count_is(2)
    assert reachable(admin.dialog) == 1 + 5 + 2

    admin.button("Clear").click()
    admin.count_is(0)
    admin.dialog.get_by_label("Expires").select_option("date")
    save.click()
    expect(admin.dialog).to_contain_text("Enter the last day")
    expect(save).to_be_in_viewport(ratio=1)
    assert overflows(admin) == 0
    admin.dialog.get_by_role("button", name="Cancel").click()


SMALL = """[...document.querySelectorAll(':is(.page, dialog) :is(a, button, input, select)')]
  .filter((each) => each.checkVisibility() && !each.closest('[type=hidden], p, .hidden'))
  .map((each) => {
    const {width, height} = each.getBoundingClientRect();
    const {inset} = getComputedStyle(each, '::after'); // what a click hits around a checkbox
    const around = each.type === 'checkbox' ? -2 * parseFloat(inset) : 0;
    return [width + around, height + around, each.outerHTML.slice(0, 90)];
  })
  .filter(([width, height]) => Math.min(width, height) < 44)"""


@ON_TOUCH
def test_nothing_is_lost_on_any_screen_in_either_direction(newcomer):
    """On a phone a finger hits everything: 44 points, as
    https://developer.apple.com/design/human-interface-guidelines/buttons has it."""
    newcomer.forgive("422")
    newcomer.has_address()
    backups = [f"Backup {number:02}" for number in range(20)]
    newcomer.has_keys(backups).change_key(*backups, created_at=LONG_AGO)
    newcomer.has_key("Gone").change_key("Gone", expires_at=LONG_AGO)
    admin = newcomer.has_key(LONG, *PERMISSIONS).open()
    for stop, _ in enumerate(tour(admin, backups)):
        for _ in in_turn(admin, *(SIZES if admin.everything or not stop else SIZES[-2:])):
            assert admin.app.evaluate(FITS) == []
        assert admin.page.viewport_size == PHONE["viewport"]
        assert admin.app.evaluate(SMALL) == []


@pytest.mark.everything
def test_a_hundred_keys_are_listed_and_the_last_one_works(newcomer):
    backups = [f"Backup {number:02}" for number in range(100)]
    admin = newcomer.has_address().has_keys(backups, "products:export", "files:import").open()
    expect(admin.rows).to_have_count(20)
    for number in (79, 59, 39, 19):
        admin.button("Next page").click()
        expect(admin.row(f"Backup {number}")).to_be_visible()
    admin.action("Permissions of Backup 00").click()
    admin.count_is(2)
    admin.box("Products: export").uncheck()
    admin.count_is(1)
    admin.save_dialog()
    expect(admin.row("Backup 00")).to_contain_text("1 of 36 permissions")
    expect(admin.button("Permissions of Backup 00")).to_be_focused()
    expect(admin.button("Permissions of Backup 00")).to_be_in_viewport()


@pytest.mark.parametrize("window", [{"color_scheme": "dark", "reduced_motion": "reduce"}])
def test_the_page_looks_as_the_admin_and_mirrored_and_nothing_moves_for_those_who_asked(admin):
    the_page_is_light_as_the_admin_around_it_whatever_the_system_prefers(admin)
    the_font_of_the_admin_is_shipped_and_moves_nothing_when_it_comes_late(admin)
    for _ in in_turn_or_last(admin, DESK, PHONE):
        from_right_to_left_the_order_is_mirrored(admin)
    admin.open_dialog()
    moving = admin.app.evaluate(
        "[...document.querySelectorAll('*')].filter((element) => {"
        "  const {animationName, transitionDuration, scrollBehavior} = getComputedStyle(element);"
        "  return animationName !== 'none' || transitionDuration !== '0s'"
        "    || scrollBehavior !== 'auto';"
        "}).map((element) => element.outerHTML)"
    )
    assert moving == []


def from_right_to_left_the_order_is_mirrored(admin) -> None:
    def pairs():
        """Left edges of two things that stand beside each other, in four places of the page."""
        tabs = [admin.app.get_by_role("link", name=name) for name in ("API Keys", "Jobs")]
        card = [admin.app.locator("#keys-title"), admin.button("Create API Key")]
        pages = [left(*tabs), left(*card)]
        admin.open_dialog()
        buttons = [admin.button(name) for name in ("File management", "Product data")]
        boxes = [admin.box(f"Products: {access}") for access in ("export", "import")]
        dialog = [left(*buttons), left(*boxes)]
        admin.page.keyboard.press("Escape")
        return pages + dialog

    def left(*locators):
        return [locator.first.bounding_box()["x"] for locator in locators]

    assert [first < second for first, second in pairs()] == [True] * 4
    admin.app.evaluate("document.documentElement.dir = 'rtl'")
    assert [first > second for first, second in pairs()] == [True] * 4
    admin.app.evaluate("document.documentElement.dir = ''")


def the_page_is_light_as_the_admin_around_it_whatever_the_system_prefers(admin) -> None:
    """Shopify's admin has one scheme, and App Bridge tells an app of no other."""
    assert admin.app.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    look = "getComputedStyle(document.body)"
    for window in (admin.page, admin.app):
        assert window.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert admin.app.evaluate(f"{look}.backgroundColor") == "rgb(241, 241, 241)"
    assert admin.app.evaluate(f"{look}.color") == "rgb(48, 48, 48)"


def the_font_of_the_admin_is_shipped_and_moves_nothing_when_it_comes_late(admin) -> None:
    loaded = """document.fonts.ready.then(() => [...document.fonts]
      .filter((font) => font.status === 'loaded').map((font) => font.family).join())"""
    for window in (admin.page, admin.app):
        assert "Inter Variable" in window.evaluate(loaded)
    shown = "[...document.fonts].map((font) => font.display)"
    assert set(admin.app.evaluate(shown)) == {"optional"}
    preloaded = "document.querySelector('link[rel=preload][as=font]').href"
    used = "performance.getEntriesByType('resource').map((entry) => entry.name)"
    assert admin.app.evaluate(used).count(admin.app.evaluate(preloaded)) == 1
