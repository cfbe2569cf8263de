"""A merchant before the Shopify admin of one shop, with Altera in its frame."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Frame, Locator, Page, Route, expect
from sqlalchemy import ColumnElement, and_, insert, select, update

from models.api_key import ApiKey
from models.shop import Shop
from tests.processes import PLAIN

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
ADDRESS = "ops@example.com"
TABLE = ApiKey.metadata.tables[ApiKey.__tablename__]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FULL_KEY = re.compile(r"altera_[0-9A-Za-z]{46}")
_numbers = count(1)
VIOLATIONS = """axe.run({resultTypes: ['violations'], preload: false})
  .then(({violations}) => violations)"""
"""Without what only rules about audio, video and locked screens read."""
ON_TOP = VIOLATIONS.replace(
    "axe.run(", "axe.run([...document.querySelectorAll('dialog[open]')].at(-1) ?? document, "
)
"""Without what an open dialog covers, which nobody can reach."""


class Admin:
    """One browser window; ``app`` locates in the frame, ``page`` is the admin around it."""

    def __init__(self, site, context: BrowserContext, name: str, *, everything: bool = False):
        self.site, self.context, self.name = site, context, name
        self.everything = everything
        self.shop = f"{name}.myshopify.com"
        self.address = f"{site.standin.url}/store/{name}/apps/altera"
        self.page: Page = context.new_page()
        self.toasts = self.page.locator(".toasts")
        self.errors: list[str] = []
        self.forgiven: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    @property
    def app(self) -> Frame:
        """The app's frame of the page that is open, once it is there. What is located in it is gone
        with the page; it takes half of the time of what is located through the page."""
        for _ in range(1500):
            if frames := [each for each in self.page.frames if each.parent_frame]:
                return frames[0]
            self.page.wait_for_timeout(20)
        raise AssertionError("the page that is open has no frame of the app")

    @property
    def dialog(self) -> Locator:
        return self.app.get_by_role("dialog")

    @property
    def rows(self) -> Locator:
        return self.app.locator("table.keys tbody tr")

    def _console(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def forgive(self, words: str) -> None:
        """Let the browser log this: it logs every answer of 400 and more as an error."""
        self.forgiven.append(words)

    def complaints(self) -> list[str]:
        return [e for e in self.errors if not any(words in e for words in self.forgiven)]

    # -- what a person does ------------------------------------------------------------------

    def open(self) -> "Admin":
        self.page.goto(self.address)
        expect(self.app.get_by_role("heading", name="Settings")).to_be_visible()
        return self

    def reload(self) -> None:
        """Once every request is answered: a reload in the middle of one is logged as its error."""
        expect(self.app.locator(".htmx-request")).to_have_count(0)
        self.page.reload()

    def button(self, name: str):
        return self.app.get_by_role("button", name=name, exact=True)

    def action(self, name: str):
        """The button of a row with this name; on a phone its menu is opened first."""
        label = json.dumps(name, ensure_ascii=False)
        button = self.app.locator(f"td.actions button[aria-label={label}]")
        button.wait_for(state="attached")
        if not button.is_visible():
            menu = button.locator("xpath=ancestor::*[@popover]").get_attribute("id")
            self.app.locator(f"[popovertarget={menu}]").click()
        return button

    def box(self, name: str):
        return self.dialog.get_by_role("checkbox", name=name, exact=True)

    def row(self, name: str):
        return self.rows.filter(has_text=name)

    def save_address(self, address: str = ADDRESS) -> None:
        self.app.get_by_label("API Notification Email").fill(address)
        self.button("Save").click()

    def open_dialog(self) -> None:
        self.button("Create API Key").click()
        expect(self.dialog).to_be_visible()

    def save_dialog(self) -> None:
        self.dialog.get_by_role("button", name="Save").click()

    def count_is(self, ticked: int) -> None:
        expect(self.dialog).to_contain_text(f"{ticked} of 36 permissions")

    def tab_to(self, target: Locator) -> None:
        """Press Tab until this has the focus."""
        element = target.element_handle()
        for _ in range(60):
            if element.evaluate("element => element === document.activeElement"):
                expect(target).to_be_focused()
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def is_told(self, words: str) -> None:
        """A toast says this; it goes, so that the next with the same words is another one."""
        toast = self.toasts.locator(".toast").filter(has_text=words)
        expect(toast).to_have_count(1)
        toast.evaluate("toast => toast.remove()")

    def is_told_nothing(self) -> None:
        """No toast is there; to wait for that would be to wait until one is over."""
        assert self.toasts.inner_text() == ""

    # -- what the test arranges or looks up --------------------------------------------------

    def clipboard(self) -> str:
        return self.page.evaluate("navigator.clipboard.readText()")

    def send(self, method: str, path: str, **data) -> httpx.Response:
        """A request as the framed page sends it."""
        token = self.site.standin.tell(self.shop, "id-token")["id_token"]
        headers = {"Authorization": f"Bearer {token}", "HX-Request": "true"}
        return httpx.request(method, self.site.url + path, data=data, headers=headers, **PLAIN)

    def has_address(self) -> "Admin":
        assert self.send("PUT", "/settings/email", email=ADDRESS).status_code == 200
        return self

    def has_key(self, name: str, *permissions: str, expires: str = "90") -> "Admin":
        """Make a key; its permissions are products:export unless given."""
        answer = self.send(
            "POST",
            "/settings/keys/",
            name=name,
            expires=expires,
            permission=permissions or ["products:export"],
            request_id=f"{self.name}-{next(_numbers)}",
        )
        assert answer.status_code == 200, answer.text
        return self

    def has_keys(self, names: list[str], *permissions: str) -> "Admin":
        """Make keys, the newest last: that one as a merchant does, the others as its copies."""
        *others, last = names
        self.has_key(last, *permissions)
        with self.site.session() as session:
            row = session.execute(select(TABLE).where(self._key(last))).mappings().one()
            copies = [
                {column: value for column, value in row.items() if column != "id"}
                | {"name": name, "digest": os.urandom(32), "request_id": None}
                | {"created_at": row["created_at"] - timedelta(seconds=age)}
                for age, name in enumerate(reversed(others), 1)
            ]
            session.execute(insert(TABLE), copies)
        return self

    def change_key(self, *names: str, **columns: object) -> None:
        """Set columns of the rows of these keys."""
        keys = update(ApiKey).where(self._key(*names)).values(**columns)
        with self.site.session() as session:
            assert session.execute(keys).rowcount == len(names)

    def _key(self, *names: str) -> ColumnElement[bool]:
        shop = select(Shop.id).where(Shop.domain == self.shop).scalar_subquery()
        return and_(ApiKey.name.in_(names), ApiKey.shop_id == shop)

    def faults(self) -> list[str]:
        """What axe finds wrong with the app as it stands, with every request answered: a button
        that waits has any contrast. What a dialog covers it looks at with ``--everything``."""
        frame = self.app
        expect(frame.locator(".htmx-request")).to_have_count(0)
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(AXE.read_text())
        found = frame.evaluate(VIOLATIONS if self.everything else ON_TOP)
        return [f"{v['id']}: {node['html']}" for v in found for node in v["nodes"]]


class Gate:
    """Requests to these addresses wait until it opens."""

    def __init__(self, page: Page, addresses: re.Pattern):
        self.page, self.addresses = page, addresses
        self.waiting: list[Route] = []
        page.route(addresses, self._hold)

    def _hold(self, route: Route) -> None:
        self.waiting.append(route)

    def open(self) -> None:
        """Let all pass, once there is one."""
        while not self.waiting:
            self.page.wait_for_timeout(20)
        for route in self.waiting:
            route.continue_()
        self.page.unroute(self.addresses)
