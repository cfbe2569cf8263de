"""The pages in headless Chromium, framed by the stand-in's admin, with the CPU slowed four times.

LCP, CLS and INP are what the browser's own PerformanceObserver tells inside the frame
(https://web.dev/articles/vitals). Milliseconds of a shared machine mean little by themselves:
beside each stands a static page with the same styles, measured in the same run.
"""

import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import httpx
from playwright.sync_api import Browser, Frame, Page, expect, sync_playwright

from benchmarks.merchant import USED, actions
from benchmarks.rows import Row
from scripts.browser import launch
from scripts.shots import FRAME, running
from transfer.permissions import PERMISSIONS

SLOWER, ROUNDS, KEYS, JOBS = 4, 2, 25, 22
LCP, INP = 1000, 100
"""What is promised, in milliseconds; of layout shifts, none."""
SHOP = "vitals"
TABS = {"API Keys": "keys", "Jobs": "jobs", "Plan": "plan", "Activity": "activity"}
STATIC = Path(__file__).parent.parent / "static"
PEER = """<!doctype html><title>Peer</title><link rel="stylesheet" href="polaris-tokens.css">
<link rel="stylesheet" href="app.css"><main class="page"><h1>Settings</h1><div class="card">
<div class="body"><button class="button">Nothing</button></div></div></main><script>
document.querySelector('button').addEventListener('click', () => {})</script>"""
OBSERVE = """const shifts = [];
const painted = () => performance.getEntriesByType('paint')[0]?.startTime ?? Infinity;
window.vitals = {lcp: 0, inp: 0, get cls() { // what was never painted cannot move
  return shifts.reduce((sum, [at, by]) => sum + (at >= painted() ? by : 0), 0);
}};
const observe = (type, take, more) => {
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
  observer.observe({type, buffered: true, ...more});
};
observe('largest-contentful-paint', ({startTime}) => { vitals.lcp = startTime; });
let input = -1000; // a frame of its own process is not told of input by hadRecentInput
for (const type of ['pointerdown', 'keydown'])
  addEventListener(type, ({timeStamp}) => { input = timeStamp; }, true);
observe('layout-shift', ({startTime, value}) => {
  if (startTime - input > 500) shifts.push([startTime, value]);
});
observe('event', ({interactionId, duration}) => {
  if (interactionId) vitals.inp = Math.max(vitals.inp, duration);
}, {durationThreshold: 16});"""
expect.set_options(timeout=30_000)
TOLD = """() => {
  const {lcp, inp, cls} = vitals;
  vitals.inp = 0;
  return {lcp, cls, inp: Math.max(inp, 16)};
}"""
SETTLED = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))"


def rows() -> Iterator[Row]:
    with running() as (app, admin, var), sync_playwright() as playwright, peer() as address:
        fill(app, admin)
        browser = launch(playwright)
        lcp: dict[str, list[float]] = defaultdict(list)
        inp: dict[str, list[float]] = defaultdict(list)
        shifts: dict[str, float] = defaultdict(float)
        for number in range(ROUNDS):
            fill_up(app, admin, number)
            age(var)
            for name, visit in (("peer", visit_peer), *((tab, visit_tab) for tab in TABS)):
                with slowed(browser) as page:
                    lcp[name].append(visit(page, address if name == "peer" else admin, name))
                    shifts[name] += vitals(page)["cls"]
            with slowed(browser) as page:
                act(page, admin, number, inp, shifts)
            with slowed(browser) as page:
                visit_peer(page, address, "peer")
                page.frame_locator("iframe").get_by_role("button").click()
                inp["peer"].append(vitals(page)["inp"])
        browser.close()
    for name in TABS:
        yield _row(f"LCP of {name}, CPU slowed {SLOWER}x", lcp[name], lcp["peer"], LCP)
    moved = ", ".join(name for name, shift in shifts.items() if shift)
    sum_of_all = f"{sum(shifts.values()):.3f}"
    yield Row("CLS of all pages and actions", sum_of_all, moved or "-", "0", not moved)
    for action in [name for name in inp if name != "peer"]:
        yield _row(f"INP: {action}", inp[action], inp["peer"], INP)


def _row(what: str, ours: list[float], peers: list[float], goal: int) -> Row:
    figure, beside = median(ours), f"static page {median(peers):.0f}"
    return Row(f"{what}, ms", f"{figure:.0f}", beside, f"under {goal}", figure < goal)


@contextmanager
def slowed(browser: Browser) -> Iterator[Page]:
    """A new window at its first visit, observed from the start."""
    context = browser.new_context(viewport={"width": 1340, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script(OBSERVE)
    page = context.new_page()
    slow = {"rate": SLOWER}
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", slow)
    yield page
    context.close()


def visit_tab(page: Page, admin: str, name: str) -> float:
    page.goto(f"{admin}/store/{SHOP}/apps/altera/settings/{TABS[name]}/")
    expect(page.frame_locator(FRAME).get_by_role("link", name=name, exact=True)).to_be_visible()
    return vitals(page)["lcp"]


def visit_peer(page: Page, address: str, name: str) -> float:
    page.goto(f"{address}/frame.html")
    expect(page.frame_locator("iframe").get_by_role("button")).to_be_visible()
    return vitals(page)["lcp"]


def framed(page: Page) -> Frame:
    """The frame that the app is in."""
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    return frame


def vitals(page: Page) -> dict[str, float]:
    """What was measured of this page; of interactions the slowest since the last time, where one
    that is too short to be told is 16 ms."""
    frame = framed(page)
    frame.evaluate(SETTLED)
    measured: dict[str, float] = frame.evaluate(TOLD)
    return measured


def act(page: Page, admin: str, number: int, inp: dict[str, Any], shifts: dict[str, Any]) -> None:
    """Do all that a merchant does, once; note each action's INP and CLS."""
    visit_tab(page, admin, "API Keys")
    control = f"{admin}/_standin/{SHOP}.myshopify.com/misbehave"
    before = 0.0
    for action, done in actions(page, page.frame_locator(FRAME), f"Bench {number}", control):
        expect(done.first).to_be_visible()
        now = vitals(page)
        inp[action].append(now["inp"])
        shifts[action] += now["cls"] - before
        before = now["cls"]


def fill(app: str, admin: str) -> None:
    """A shop with an address, enough jobs for pages of them, and a key that is used."""
    _send(app, admin, "PUT", "/settings/email", email="ops@example.com")
    made = make_key(app, admin, USED, *PERMISSIONS)
    full_key = re.findall(r"altera_[0-9A-Za-z]{46}", made)[0]
    key = {"Authorization": f"Bearer {full_key}"}
    exports = f"{app}/api/v1/exports"
    for _ in range(JOBS):
        asked = {"types": ["redirects"]}
        httpx.post(exports, json=asked, headers=key, timeout=60).raise_for_status()
    while any(
        job["finished_at"] is None for job in httpx.get(exports, headers=key).json()["exports"]
    ):
        time.sleep(1)


def fill_up(app: str, admin: str, number: int) -> None:
    """Enough keys for search and pages, again and again."""
    for other in range(2, KEYS + 1):
        make_key(app, admin, f"Backup {other}", "products:export", request_id=f"{number}-{other}")


def age(var: Path) -> None:
    """Make the keys so old that what was never used is offered for removal."""
    old = (datetime.now(UTC) - timedelta(days=91)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(var / "altera.db", timeout=10)) as database, database:
        database.execute("UPDATE api_keys SET created_at = ?, granted_at = '{}'", (old,))


def make_key(app: str, admin: str, name: str, *permission: str, request_id: str = "") -> str:
    facts = {"name": name, "expires": "90", "permission": permission, "request_id": request_id}
    return _send(app, admin, "POST", "/settings/keys/", **facts)


def _send(app: str, admin: str, method: str, path: str, **data: object) -> str:
    """A request as the framed page sends it."""
    answer = httpx.post(f"{admin}/_standin/{SHOP}.myshopify.com/id-token").json()
    headers = {"Authorization": f"Bearer {answer['id_token']}", "HX-Request": "true"}
    answer = httpx.request(method, app + path, data=data, headers=headers, timeout=60)
    return answer.raise_for_status().text


@contextmanager
def peer() -> Iterator[str]:
    """The address of a static page with our styles, in a frame as well."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for style in ("app.css", "vendor/polaris-tokens.css"):
            (folder / Path(style).name).write_bytes((STATIC / style).read_bytes())
        (folder / "peer.html").write_text(PEER)
        (folder / "frame.html").write_text('<iframe src="peer.html" width="1100" height="800">')
        handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=name))
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
