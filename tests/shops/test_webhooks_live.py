"""Shopify's webhooks from a running Shopify to the worker: what they promise has happened."""

import time
from datetime import datetime

import httpx
import pytest

from tests.databases import settings_for
from tests.mail.test_live import shown
from tests.processes import PLAIN, live

SHOP, OTHER = "demo.myshopify.com", "other.myshopify.com"
JO = {"id": 207119551, "email": "jo@example.com", "phone": "+15550100"}
REQUEST = {"shop_id": 1, "shop_domain": SHOP, "customer": JO, "orders_to_redact": []}
ASKED = {**REQUEST, "orders_requested": [], "data_request": {"id": 9999}}
ASKED.pop("orders_to_redact")
FILE = "Path,Command,Target\n/of-jo,NEW,/about/jo@example.com\n/of-ann,NEW,/about/ann\n"
ENDED = """SELECT body ->> '$.completedAt' FROM record
           WHERE shop = ? AND typename = 'BulkOperation'"""
CELLS = "SELECT number, cells FROM import_rows ORDER BY number"


@pytest.fixture(scope="module")
def site(request, tmp_path_factory):
    """All that ``make run`` starts; each test has a shop of its own."""
    folder = tmp_path_factory.mktemp("webhooks")
    with live(folder, **settings_for(request, "webhooks")) as site:
        yield site


def send(site, topic, **more):
    return site.standin.tell(SHOP, "webhook", topic=topic, **more)["status"]


def until(ask, wanted, pause=0.3):
    """Asked more often, the answers would be most of what the programs do."""
    for _ in range(800):
        if wanted(found := ask()):
            return found
        time.sleep(pause)
    raise AssertionError(found)


def completed(job):
    return job["status"] == "completed"


def ask(site, shop, method, path, **fields):
    """Do something on the page, as the merchant."""
    token = site.standin.tell(shop, "id-token")["id_token"]
    headers = {"Authorization": f"Bearer {token}", "HX-Request": "true"}
    url = f"{site.url}/settings/{path}"
    answer = httpx.request(method, url, data=fields, headers=headers, **PLAIN)
    answer.raise_for_status()
    return answer.text


def test_a_customer_is_told_of_and_erased_and_then_the_shop(site):
    ask(site, SHOP, "PUT", "email", email="ops@example.com")
    page = ask(site, SHOP, "POST", "keys/", expires="90", permission="redirects:import")
    key = "altera_" + page.split("altera_", 1)[1][:46]
    headers = {"Authorization": f"Bearer {key}"}
    started = httpx.post(
        f"{site.url}/api/v1/imports?type=redirects",
        content=FILE,
        headers=headers,
        **PLAIN,
    )
    assert started.status_code == 202, started.text
    path = f"{site.url}/api/v1/imports/{started.json()['id']}"
    until(
        lambda: httpx.get(path, headers=headers, **PLAIN).json()["status"],
        "completed".__eq__,
    )

    assert send(site, "customers/data_request", payload=ASKED) == 200
    asked = until(lambda: [m for m in shown(site) if "holds about" in m["subject"]], bool)
    assert "/about/jo@example.com" in asked[0]["text"] and "/ann" not in asked[0]["text"]

    assert send(site, "customers/redact", payload=REQUEST) == 200
    rows = until(lambda: site.rows("altera.db", CELLS), lambda rows: "jo@" not in str(rows))
    assert [number for number, _ in rows] == [2, 3] and "/about/ann" in str(rows[1][1])

    assert send(site, "app/uninstalled") == 200
    key_url = f"{site.url}/api/v1/key"
    until(
        lambda: httpx.get(key_url, headers=headers, **PLAIN).status_code,
        (401).__eq__,
    )
    assert send(site, "shop/redact") == 200
    shops = "SELECT domain FROM shops WHERE domain = ?"
    until(lambda: site.rows("altera.db", shops, SHOP), [].__eq__)
    told = site.rows("altera.db", "SELECT outcome FROM privacy_reports ORDER BY done_at")
    assert told == [("answered by mail",), ("erased",), ("the shop was erased",)]


def test_a_job_goes_on_as_soon_as_shopify_says_that_its_bulk_operation_is_over(site):
    """The worker looks by itself 23 seconds after the start, and then only after 33. What counts
    is the time from Shopify's end to ours."""
    ask(site, OTHER, "PUT", "email", email="ops@example.com")
    page = ask(site, OTHER, "POST", "keys/", expires="90", permission="redirects:export")
    key = "altera_" + page.split("altera_", 1)[1][:46]
    headers = {"Authorization": f"Bearer {key}"}
    site.standin.tell(OTHER, "misbehave", slow_bulk_ms=24_000)
    url = f"{site.url}/api/v1/exports"
    started = httpx.post(url, json={"types": ["redirects"]}, headers=headers, **PLAIN)
    assert started.status_code == 202, started.text
    path = f"{url}/{started.json()['id']}"
    job = until(lambda: httpx.get(path, headers=headers, **PLAIN).json(), completed, pause=2)
    [(shopifys,)] = site.rows("standin/shops.sqlite3", ENDED, OTHER)
    ours, theirs = (datetime.fromisoformat(end) for end in (job["finished_at"], shopifys))
    assert 0 <= (ours - theirs).total_seconds() < 7
