"""Make the pictures of the documents from the running page: docs/images/*.png."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, FilePayload, FrameLocator, Page, expect, sync_playwright

from scripts.browser import launch
from scripts.local import free_pair

IMAGES = Path(__file__).parent.parent / "docs" / "images"
DESK = {"viewport": {"width": 1340, "height": 936}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
FRAME = "iframe[title=Altera]"


@contextmanager
def running() -> Iterator[tuple[str, str, Path]]:
    """All of ``make run`` with nothing in it yet: addresses of app and admin, and its folder."""
    port = free_pair()
    with TemporaryDirectory() as var:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"],
            env=os.environ | {"PORT": str(port), "VAR": var},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            if not any("Open http" in line for line in process.stdout or ()):
                sys.exit("The page did not start. What it said stands above.")
            yield f"http://localhost:{port}", f"http://localhost:{port + 1}", Path(var)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def visit(browser: Browser, admin: str, window: dict[str, Any], store: str = "mystore") -> Page:
    page = browser.new_context(**window).new_page()
    page.goto(f"{admin}/store/{store}/apps/altera")
    expect(page.frame_locator(FRAME).get_by_role("heading", name="Settings")).to_be_visible()
    return page


def save_address(app: FrameLocator) -> None:
    app.get_by_label("API Notification Email").fill("ops@mystore.com")
    app.get_by_role("button", name="Save").click()
    expect(app.get_by_role("button", name="Create API Key")).to_be_enabled()


def fill_dialog(app: FrameLocator, name: str, ticks: str, expires: str) -> None:
    """Fill the dialog for a key: ``ticks`` is a preset or a box, ``expires`` a choice or a date."""
    app.get_by_role("button", name="Create API Key").click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    if expires in {"90", "never"}:
        dialog.get_by_label("Expires").select_option(expires)
    else:
        dialog.get_by_label("Expires").select_option("date")
        dialog.get_by_label("Last day").fill(expires)
    dialog.get_by_label(ticks).or_(dialog.get_by_text(ticks, exact=True)).first.click()
    expect(dialog.get_by_role("status")).not_to_contain_text("0 of 36")


def make_key(app: FrameLocator, name: str, ticks: str, expires: str) -> str:
    """Create the key; return its full text."""
    fill_dialog(app, name, ticks, expires)
    app.get_by_role("dialog").get_by_role("button", name="Save").click()
    row = app.get_by_role("row").filter(has_text=name)
    expect(row.get_by_role("button", name="Hide key")).to_be_visible()
    [key] = re.findall(r"altera_\w{46}", row.inner_text())
    return str(key)


PRODUCTS = """Handle,Title,Body HTML,Tags,Tags Command,Variant Price
fjord-t-shirt,Fjord T-Shirt,,holiday,MERGE,
linen-apron,Linen Apron,<p>Stone-washed linen with two pockets.</p>,"kitchen, new",,38.00
"""


def plan_import(app: FrameLocator) -> None:
    """Send a file of a product that changes and one that is new, and wait for its plan."""
    app.get_by_role("link", name="Jobs").click()
    app.get_by_role("link", name="Import", exact=True).click()
    file = FilePayload(name="products.csv", mimeType="text/csv", buffer=PRODUCTS.encode())
    app.locator("#file").set_input_files(file)
    app.get_by_role("button", name="Preview changes").click()
    expect(app.locator("#objects article").first).to_be_visible(timeout=120_000)


def picture(page: Page, name: str) -> None:
    expect(page.locator(".toasts")).to_be_empty(timeout=20_000)
    page.mouse.move(0, 0)
    path = IMAGES / f"{name}.png"
    page.locator(FRAME).screenshot(path=path, animations="disabled", caret="hide")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    soon = (date.today() + timedelta(days=6)).isoformat()
    with running() as (app_url, admin, _), sync_playwright() as playwright:
        browser = launch(playwright)
        page = visit(browser, admin, DESK)
        app = page.frame_locator(FRAME)
        save_address(app)
        make_key(app, "Agency migration", "Full access", "never")
        used = make_key(app, "CI image upload", "Files: import", soon)
        with urlopen(Request(f"{app_url}/api/v1/key", headers={"Authorization": f"Bearer {used}"})):
            make_key(app, "Nightly catalog backup", "Read-only", "90")
        picture(page, "api-keys")
        fill_dialog(app, "Product updates", "Product data", "90")
        picture(page, "permissions")
        app.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        app.get_by_role("link", name="Activity", exact=True).click()
        expect(app.get_by_role("button", name="Download CSV")).to_be_visible()
        picture(page, "activity")
        picture(visit(browser, admin, PHONE), "phone")
        page = visit(browser, admin, DESK, "demo")
        plan_import(page.frame_locator(FRAME))
        picture(page, "import-plan")
        browser.close()


if __name__ == "__main__":
    main()
