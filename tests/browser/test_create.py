"""The dialog in which a key gets its name, its end and its permissions."""

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.admin import FULL_KEY


def half(box) -> bool:
    return box.evaluate("box => box.indeterminate")


def test_a_preset_ticks_what_its_scenario_needs(admin):
    admin.open_dialog()
    for preset, ticked, boxes in (
        ("File management", 2, ["Files: export", "Files: import"]),
        ("Product data", 3, ["Products: export", "Products: import", "Files: export"]),
        ("Read-only", 19, ["Payouts: export", "Export: all"]),
        ("Full access", 36, ["Export: all", "Import: all", "Shop: import"]),
    ):
        admin.button(preset).click()
        admin.count_is(ticked)
        for name in boxes:
            expect(admin.box(name)).to_be_checked()
        expect(admin.button(preset)).to_have_attribute("aria-pressed", "true")
        expect(admin.button(preset)).to_be_focused()

        admin.button("Clear").click()
        admin.count_is(0)
        expect(admin.dialog.locator("input:checked")).to_have_count(0)


def middle(box) -> float:
    edges = box.bounding_box()
    return edges["x"] + edges["width"] / 2


def test_a_header_stands_over_its_column_is_empty_half_or_full_and_ticks_it(admin):
    admin.open_dialog()
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


def test_a_tick_keeps_the_place_and_the_focus(admin):
    admin.open_dialog()
    box = admin.box("Payouts: export")
    box.scroll_into_view_if_needed()
    place = "document.querySelector('dialog .scroll').scrollTop"
    before = admin.frame().evaluate(place)
    assert before > 100

    box.press("Space")
    admin.count_is(1)

    expect(box).to_be_checked()
    expect(box).to_be_focused()
    assert admin.frame().evaluate(place) == before


def test_saving_shows_the_key_says_until_when_and_stands_ready_to_copy(admin):
    admin.open_dialog()
    expect(admin.dialog.get_by_label("Name")).to_be_focused()
    admin.dialog.get_by_label("Name").fill("Nightly backup")
    admin.button("Product data").click()
    admin.count_is(3)
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


def test_nothing_ticked_is_an_error_and_nothing_typed_is_lost(admin):
    admin.forgive("422")
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill("Nightly backup")
    admin.dialog.get_by_label("Expires").select_option("365")
    admin.save_dialog()

    error = "Tick at least one permission."
    expect(admin.dialog).to_contain_text(error)
    expect(admin.dialog.get_by_label("Name")).to_have_value("Nightly backup")
    expect(admin.dialog.get_by_label("Expires")).to_have_value("365")
    expect(admin.box("Export: all")).to_be_focused()
    expect(admin.box("Export: all")).to_have_accessible_description(error)
    expect(admin.rows).to_have_count(0)

    admin.box("Orders: export").check()
    expect(admin.dialog).not_to_contain_text(error)
    admin.save_dialog()
    expect(admin.row("Nightly backup")).to_contain_text("Orders export")


def test_a_name_that_is_taken_is_said_beside_the_name_and_the_ticks_stay(admin):
    admin.forgive("422")
    admin.has_key("Nightly backup")
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill("nightly backup")
    admin.box("Pages: import").check()
    admin.count_is(1)
    admin.save_dialog()

    name = admin.dialog.get_by_label("Name")
    expect(name).to_have_accessible_description("You already have a key with this name.")
    expect(name).to_be_focused()
    expect(admin.box("Pages: import")).to_be_checked()


def test_the_first_key_without_a_name_is_key_1(admin):
    admin.open_dialog()
    admin.button("File management").click()
    admin.count_is(2)
    admin.save_dialog()
    expect(admin.row("Key 1")).to_be_visible()


def test_a_date_is_asked_for_only_when_the_key_ends_on_one(admin):
    admin.forgive("422")
    admin.open_dialog()
    day = admin.dialog.get_by_label("Last day")
    expect(day).to_be_hidden()
    admin.dialog.get_by_label("Expires").select_option(label="On a date")
    expect(day).to_be_visible()
    admin.button("Read-only").click()
    admin.count_is(19)
    admin.save_dialog()
    expect(day).to_have_accessible_description("Enter the last day on which the key should work.")
    expect(day).to_be_focused()

    last = date.today() + timedelta(days=400)
    day.fill(last.isoformat())
    admin.save_dialog()
    expect(admin.row("Key 1")).to_contain_text(f"Expires {last.day} {last:%b %Y}")


def test_leaving_the_dialog_changes_nothing_and_returns_to_the_button(admin):
    admin.open_dialog()
    for way in ("Escape", "Cancel", "Close"):
        admin.button("Full access").click()
        admin.count_is(36)
        if way == "Escape":
            admin.page.keyboard.press("Escape")
        else:
            admin.button(way).click()
        if way != "Cancel":
            admin.button("Discard changes").click()
        expect(admin.dialog).to_have_count(0)
        expect(admin.button("Create API Key")).to_be_focused()
        expect(admin.rows).to_have_count(0)

        admin.open_dialog()
        admin.count_is(0)


def test_unsaved_ticks_are_asked_about_and_kept(admin):
    asks_about_unsaved_ticks(admin, lambda: admin.page.keyboard.press("Escape"))
    asks_about_unsaved_ticks(admin, lambda: admin.button("Close").click())


def asks_about_unsaved_ticks(admin, leave) -> None:
    question = admin.app.get_by_role("dialog", name="Discard your changes?")
    admin.open_dialog()
    leave()
    expect(admin.dialog).to_have_count(0)  # nothing was changed, nothing is asked

    admin.open_dialog()
    admin.box("Orders: export").check()
    admin.count_is(1)
    for back in (
        lambda: admin.button("Keep editing").click(),
        lambda: admin.page.keyboard.press("Escape"),
        lambda: admin.page.keyboard.press("Escape"),
    ):
        leave()
        expect(question).to_be_visible()
        back()
        expect(question).to_be_hidden()
        expect(admin.box("Orders: export")).to_be_checked()
    admin.box("Orders: export").uncheck()
    leave()
    expect(admin.app.get_by_role("dialog")).to_have_count(0)


def test_what_was_saved_before_is_not_unsaved_in_the_next_dialog(admin):
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill("Nightly")
    admin.box("Orders: export").check()
    admin.save_dialog()
    expect(admin.dialog).to_have_count(0)

    admin.button("Permissions of Nightly").click()
    expect(admin.dialog).to_be_visible()
    admin.page.keyboard.press("Escape")
    expect(admin.app.get_by_role("dialog")).to_have_count(0)


def test_a_refused_form_still_counts_as_unsaved(admin):
    admin.forgive("422")
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill("Nightly")
    admin.save_dialog()
    expect(admin.dialog).to_contain_text("Tick at least one permission.")
    admin.page.keyboard.press("Escape")
    expect(admin.button("Discard changes")).to_be_visible()


def test_markup_in_a_name_is_text_everywhere(admin):
    name = "<img src=x onerror=alert(1)>\"'&amp;"
    admin.open_dialog()
    admin.dialog.get_by_label("Name").fill(name)
    admin.button("Read-only").click()
    admin.count_is(19)
    admin.save_dialog()

    expect(admin.row(name)).to_be_visible()
    admin.action(f"Permissions of {name}").click()
    expect(admin.dialog.get_by_role("heading")).to_have_text(f"Permissions of {name}")
    expect(admin.dialog.get_by_label("Name")).to_have_value(name)
    admin.button("Cancel").click()
    admin.action(f"Delete {name}").click()
    expect(admin.dialog.get_by_role("heading")).to_have_text(f"Delete “{name}”?")
    expect(admin.app.locator("img")).to_have_count(0)
