"""The dialog in which a key gets its name, its end and its permissions."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.admin import FULL_KEY
from tests.markup import first

PRESETS = (
    ("File management", 2, ["Files: export", "Files: import"]),
    ("Product data", 3, ["Products: export", "Products: import", "Files: export"]),
    ("Read-only", 19, ["Payouts: export", "Export: all"]),
    ("Full access", 36, ["Export: all", "Import: all", "Shop: import"]),
)


def half(box) -> bool:
    return box.evaluate("box => box.indeterminate")


def middle(box) -> float:
    edges = box.bounding_box()
    return edges["x"] + edges["width"] / 2


def presets_headers_and_boxes_tick_and_a_tick_keeps_the_place_and_the_focus(admin) -> None:
    for preset, ticked, boxes in PRESETS if admin.everything else PRESETS[-1:]:
        admin.button(preset).click()
        admin.count_is(ticked)
        for name in boxes:
            expect(admin.box(name)).to_be_checked()
        expect(admin.button(preset)).to_have_attribute("aria-pressed", "true")
        expect(admin.button(preset)).to_be_focused()

        admin.button("Clear").click()
        admin.count_is(0)
        expect(admin.dialog.locator("input:checked")).to_have_count(0)
    a_header_stands_over_its_column_is_empty_half_or_full_and_ticks_it(admin)

    box = admin.box("Payouts: export")
    box.scroll_into_view_if_needed()
    place = "document.querySelector('dialog .scroll').scrollTop"
    before = admin.app.evaluate(place)
    assert before > 100
    box.press("Space")
    admin.count_is(1)
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    assert admin.app.evaluate(place) == before


def a_header_stands_over_its_column_is_empty_half_or_full_and_ticks_it(admin) -> None:
    for column in ("Export", "Import"):
        ticked = admin.box(f"Products: {column.lower()}")
        assert abs(middle(admin.box(f"{column}: all")) - middle(ticked)) < 1
    header, other = admin.box("Export: all"), admin.box("Import: all")
    assert not half(header)

    admin.box("Products: export").check()
    admin.count_is(1)
    assert half(header) and not half(other)

    header.click()
    admin.count_is(19)
    expect(header).to_be_checked()
    expect(header).to_be_focused()
    assert not half(header) and not half(other)

    admin.box("Events: export").uncheck()
    admin.count_is(18)
    assert half(header)

    header.click()
    admin.count_is(19)
    header.click()
    admin.count_is(0)
    expect(header).not_to_be_checked()


def test_what_is_ticked_is_saved_and_the_new_key_and_commands_are_copied_until_a_reload(admin):
    admin.open_dialog()
    expect(admin.dialog.get_by_label("Name")).to_be_focused()
    if admin.everything:
        assert admin.faults() == []
    presets_headers_and_boxes_tick_and_a_tick_keeps_the_place_and_the_focus(admin)
    admin.dialog.get_by_label("Name").fill("Nightly backup")
    admin.dialog.get_by_label("Expires").select_option("never")
    admin.button("Product data").click()
    admin.count_is(3)
    assert admin.faults() == []
    admin.save_dialog()

    expect(admin.dialog).to_have_count(0)
    row = admin.row("Nightly backup")
    expect(row).to_contain_text(FULL_KEY)
    expect(row).to_contain_text("3 of 36 permissions")
    expect(row).to_contain_text("by Dana Staff")
    expect(row).to_contain_text("Never used")
    expect(admin.app.get_by_text("Copy the new key now.")).to_be_visible()
    expect(admin.app.get_by_text("You can reveal it here until")).to_be_visible()
    expect(row.get_by_role("button", name="Copy key")).to_be_focused()
    expect(admin.toasts).to_contain_text("API key created")
    assert admin.faults() == []

    add, test = admin.button("Copy command").all()
    for copy, copied in (
        (row.get_by_role("button", name="Copy key"), first(FULL_KEY, row.inner_text())),
        (add, f"npx ./cli shop add {admin.shop} --url {admin.site.url}"),
        (test, "npx ./cli shop test"),
    ):
        copy.press("Enter")
        admin.is_told("Copied")
        assert admin.clipboard() == copied

    admin.reload()
    expect(admin.row("Nightly backup")).to_contain_text("…")
    expect(admin.app.get_by_text("Copy the new key now.")).to_have_count(0)


def test_leaving_asks_and_what_is_missing_or_taken_is_said_and_nothing_typed_is_lost(admin):
    leaving_the_dialog_asks_about_unsaved_ticks_and_changes_nothing(admin)
    admin.forgive("422")
    name, day = admin.dialog.get_by_label("Name"), admin.dialog.get_by_label("Last day")
    expires = admin.dialog.get_by_label("Expires")
    admin.open_dialog()
    name.fill("Nightly backup")
    expires.select_option("365")
    admin.save_dialog()
    error = "Tick at least one permission."
    expect(admin.dialog).to_contain_text(error)
    expect(name).to_have_value("Nightly backup")
    expect(expires).to_have_value("365")
    expect(admin.box("Export: all")).to_be_focused()
    expect(admin.box("Export: all")).to_have_accessible_description(error)
    expect(admin.rows).to_have_count(0)
    admin.is_told_nothing()
    assert admin.faults() == []
    admin.page.keyboard.press("Escape")
    expect(admin.button("Discard changes")).to_be_visible()
    admin.button("Keep editing").click()
    admin.box("Orders: export").check()
    expect(admin.dialog).not_to_contain_text(error)
    admin.save_dialog()
    expect(admin.row("Nightly backup")).to_contain_text("Orders export")

    admin.open_dialog()
    name.fill("nightly backup")
    admin.box("Pages: import").check()
    admin.count_is(1)
    admin.save_dialog()
    expect(name).to_have_accessible_description("You already have a key with this name.")
    expect(name).to_be_focused()
    expect(admin.box("Pages: import")).to_be_checked()

    name.fill("")
    expect(day).to_be_hidden()
    expires.select_option(label="On a date")
    expect(day).to_be_visible()
    admin.button("Read-only").click()
    admin.count_is(19)
    admin.save_dialog()
    expect(day).to_have_accessible_description("Enter the last day on which the key should work.")
    expect(day).to_be_focused()
    assert admin.faults() == []
    last = date.today() + timedelta(days=400)
    day.fill(last.isoformat())
    admin.save_dialog()
    expect(admin.row("Key 1")).to_contain_text(f"Expires {last.day} {last:%b %Y}")


def leaving_the_dialog_asks_about_unsaved_ticks_and_changes_nothing(admin) -> None:
    question = admin.app.get_by_role("dialog", name="Discard your changes?")
    ways = {
        "Escape": lambda: admin.page.keyboard.press("Escape"),
        "Close": lambda: admin.button("Close").click(),
        "Cancel": lambda: admin.button("Cancel").click(),
    }
    keep = [lambda: admin.button("Keep editing").click(), ways["Escape"], ways["Escape"]]
    for way, leave in ways.items():
        admin.open_dialog()
        admin.count_is(0)  # nothing of the dialog before
        if way != "Cancel":
            admin.box("Orders: export").check()
            admin.count_is(1)
            for back in keep if admin.everything or way == "Escape" else keep[:1]:
                leave()
                expect(question).to_be_visible()
                back()
                expect(question).to_be_hidden()
                expect(admin.box("Orders: export")).to_be_checked()
            admin.box("Orders: export").uncheck()
            leave()
            expect(admin.app.get_by_role("dialog")).to_have_count(0)  # it is as it was
            admin.open_dialog()
            if admin.everything or way == "Escape":
                leave()
                expect(admin.dialog).to_have_count(0)  # nothing was changed, nothing is asked
                admin.open_dialog()
        admin.button("Full access").click()
        admin.count_is(36)
        leave()
        if way != "Cancel":
            admin.button("Discard changes").click()
        expect(admin.dialog).to_have_count(0)
        expect(admin.button("Create API Key")).to_be_focused()
        expect(admin.rows).to_have_count(0)
    admin.open_dialog()
    admin.count_is(0)
    admin.button("Cancel").click()


@pytest.mark.everything
def test_markup_in_a_name_is_text_everywhere(admin):
    name = "<img src=x onerror=alert(1)>\"'&amp;"
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill(name)
    admin.box("Orders: export").check()
    admin.save_dialog()

    expect(admin.row(name)).to_be_visible()
    admin.action(f"Permissions of {name}").click()
    expect(admin.dialog.get_by_role("heading")).to_have_text(f"Permissions of {name}")
    expect(admin.dialog.get_by_label("Name")).to_have_value(name)
    admin.page.keyboard.press("Escape")
    expect(admin.app.get_by_role("dialog")).to_have_count(0)  # what was saved is not unsaved
    admin.action(f"Delete {name}").click()
    expect(admin.dialog.get_by_role("heading")).to_have_text(f"Delete “{name}”?")
    expect(admin.app.locator("img")).to_have_count(0)
