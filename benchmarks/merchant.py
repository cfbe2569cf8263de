"""All that a merchant does on the pages, action by action."""

import re
from collections.abc import Iterator
from functools import partial

import httpx
from playwright.sync_api import FrameLocator, Locator, Page

USED = "Backup 1"
"""A key that was used, for some of its permissions only."""
Action = tuple[str, Locator]


def actions(page: Page, app: FrameLocator, name: str, control: str) -> Iterator[Action]:
    """Each action by its name, with what shows that it is done; from the keys page on.

    ``name`` is for a new key; ``control`` is where the stand-in is told how to behave.
    """
    yield from _making(page, app, name)
    yield from _living(page, app, name)
    yield from _ending(app, name)
    yield from _many(page, app)
    yield from _jobs(page, app, control)
    yield from _plan(app)
    yield from _activity(page, app)
    yield from _clearing(app)


def _making(page: Page, app: FrameLocator, name: str) -> Iterator[Action]:
    button, dialog = partial(app.get_by_role, "button", exact=True), app.get_by_role("dialog")
    row = app.get_by_role("row").filter(has_text=name)
    button(name="Create API Key").click()
    yield "open the dialog", dialog
    page.keyboard.type(name)
    yield "type a name", dialog
    dialog.get_by_label("Expires").focus()
    page.keyboard.press("ArrowDown")
    yield "choose the end", _chosen(dialog, "expires", "365")
    dialog.get_by_text("Limits:").click()
    yield "open the limits", dialog.get_by_label("Allowed IP addresses")
    dialog.get_by_label("Allowed IP addresses").click()
    page.keyboard.type("203.0.113.7")
    yield "type an address", dialog
    app.get_by_label("Products: export").click()
    yield "tick", dialog.get_by_text("1 of 36 permissions")
    app.get_by_label("Import: all").click()
    yield "tick a column", dialog.get_by_text("18 of 36 permissions")
    button(name="Clear").click()
    yield "clear", dialog.get_by_text("0 of 36 permissions")
    dialog.get_by_role("button", name="Save").click()
    yield "save what is wrong", dialog.get_by_text("Tick at least one permission.")
    button(name="Read-only").click()
    yield "preset", dialog.get_by_text("19 of 36 permissions")
    dialog.get_by_role("button", name="Save").click()
    yield "save the key", app.get_by_text("Copy the new key now.")
    row.get_by_role("button", name="Copy key").click()
    yield "copy", page.locator(".toasts").get_by_text("Copied")
    row.get_by_role("button", name="Hide key").click()
    yield "hide", row.get_by_role("button", name="Reveal key")
    row.get_by_role("button", name="Reveal key").click()
    yield "reveal", row.get_by_role("button", name="Hide key")


def _living(page: Page, app: FrameLocator, name: str) -> Iterator[Action]:
    button, dialog = partial(app.get_by_role, "button", exact=True), app.get_by_role("dialog")
    toasts = page.locator(".toasts")
    button(name=f"Disable {name}").click()
    yield "ask to disable", dialog
    dialog.get_by_role("button", name="Disable key").click()
    yield "disable", toasts.get_by_text("API key disabled")
    button(name=f"Enable {name}").click()
    yield "enable", toasts.get_by_text("API key enabled")
    button(name=f"Permissions of {name}").click()
    yield "open the permissions", dialog
    app.get_by_label("Files: import").click()
    yield "tick one more", dialog.get_by_text("20 of 36 permissions")
    dialog.get_by_role("button", name="Save").click()
    yield "save the permissions", toasts.get_by_text("API key saved")
    button(name=f"Permissions of {name}").click()
    dialog.wait_for()
    page.keyboard.press("Escape")
    yield "close the dialog", button(name=f"Permissions of {name}")
    button(name=f"Rotate {name}").click()
    yield "ask to rotate", dialog
    button(name="Rotate key").click()
    yield "rotate", app.get_by_text("Retiring: ends")


def _ending(app: FrameLocator, name: str) -> Iterator[Action]:
    button, dialog = partial(app.get_by_role, "button", exact=True), app.get_by_role("dialog")
    button(name=f"End the old {name} now").click()
    yield "ask to end now", app.get_by_text(f"End the old “{name}” now?")
    dialog.get_by_role("button", name="End now").click()
    yield "end now", app.locator("#keys:not(:has-text('Retiring: ends'))")
    button(name=f"Delete {name}").click()
    yield "ask to delete", dialog
    dialog.get_by_role("button", name="Cancel").click()
    yield "keep", button(name=f"Delete {name}")
    button(name=f"Delete {name}").click()
    dialog.get_by_role("button", name="Delete key").click()
    yield "delete", app.locator(f"#keys:not(:has-text('{name}'))")
    button(name="Copy command").first.click()
    yield "copy a command", app.get_by_role("status").get_by_text("Copied")


def _many(page: Page, app: FrameLocator) -> Iterator[Action]:
    button, dialog = partial(app.get_by_role, "button", exact=True), app.get_by_role("dialog")
    button(name="Next page").click()
    yield "next page", app.get_by_text("21–")
    app.get_by_label("Sort by").focus()
    page.keyboard.press("ArrowDown")
    yield "sort", app.locator("tr:nth-child(2)").get_by_text("Backup 10")
    button(name=f"Permissions of {USED}").click()
    yield "open a used key", dialog.get_by_role("button", name="Remove unused")
    dialog.locator("summary").last.click()
    yield "show the figures", dialog.get_by_role("columnheader", name="Day (UTC)")
    button(name="Remove unused").click()
    yield "remove unused", dialog.get_by_text("1 of 36 permissions")
    dialog.get_by_role("button", name="Cancel").click()
    yield "cancel", button(name=f"Permissions of {USED}")
    app.get_by_label("Search keys").click()
    page.keyboard.type("no such")
    yield "search", app.get_by_text("No keys found")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    app.get_by_label("State").focus()
    page.keyboard.press("ArrowDown")
    yield "filter by state", _chosen(app, "state", "active")
    app.get_by_label("API Notification Email").click()
    page.keyboard.press("End")
    page.keyboard.type("x")
    button(name="Save").click()
    yield "save the email", page.locator(".toasts").get_by_text("Email saved")


def _jobs(page: Page, app: FrameLocator, control: str) -> Iterator[Action]:
    jobs = app.get_by_role("article")
    app.get_by_role("link", name="Jobs", exact=True).click()
    yield "move to Jobs", jobs.first
    app.get_by_role("button", name="Show older").click()
    yield "older jobs", jobs.nth(21)
    with page.expect_download():
        app.get_by_role("button", name="Download").first.click()
    yield "download a file", jobs.first
    httpx.post(control, json={"slow_ms": 2000}).raise_for_status()
    app.get_by_role("button", name="Run again").first.click()
    yield "run again", jobs.first.get_by_text(re.compile("Waiting|Running"))
    jobs.first.get_by_role("button", name="Cancel").click()
    yield "cancel a job", jobs.first.get_by_text("Canceled")
    httpx.post(control, json={}).raise_for_status()


def _plan(app: FrameLocator) -> Iterator[Action]:
    app.get_by_role("link", name="Plan", exact=True).click()
    yield "move to Plan", app.get_by_text("Current plan")


def _activity(page: Page, app: FrameLocator) -> Iterator[Action]:
    rows = app.locator("table.activities tbody tr")
    app.get_by_role("link", name="Activity", exact=True).click()
    yield "move to Activity", rows.first
    app.get_by_role("button", name="Show older").click()
    yield "older activities", rows.nth(51)
    app.locator("summary").first.click()
    yield "unfold a difference", app.locator("details[open]")
    with page.expect_download():
        app.get_by_role("button", name="Download CSV").click()
    yield "download the activity", rows.first
    app.get_by_label("Kind").focus()
    page.keyboard.press("ArrowDown")
    yield "filter by kind", app.locator("#activities:not(:has-text('exported'))")
    app.get_by_label("Key", exact=True).focus()
    page.keyboard.press("ArrowDown")
    yield "filter by key", app.locator("[name=key]:not(:has([value='']:checked))")
    app.get_by_label("Search").click()
    page.keyboard.type("no such")
    yield "search the activity", app.get_by_text("No activity found").first


def _clearing(app: FrameLocator) -> Iterator[Action]:
    button, dialog = partial(app.get_by_role, "button", exact=True), app.get_by_role("dialog")
    app.get_by_role("link", name="API Keys", exact=True).click()
    yield "move to API Keys", button(name="Create API Key")
    button(name="Delete unused and expired keys").click()
    yield "ask to delete many", dialog
    dialog.get_by_role("button", name="Delete selected keys").click()
    yield "delete many", app.locator("#keys:not(:has-text('Backup 2'))")


def _chosen(place: Locator | FrameLocator, name: str, value: str) -> Locator:
    return place.locator(f"select[name={name}]:has([value='{value}']:checked)")
