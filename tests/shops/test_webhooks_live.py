"""Shopify's webhooks from a running Shopify to the worker: what they promise has happened."""

import time
from datetime import datetime

import httpx

from tests.mail.test_live import shown
from tests.processes import PLAIN

SHOP = "demo.myshopify.com"
JO = {"id": 207119551, "email": "jo@example.com", "phone": "+15550100"}
REQUEST = {"shop_id": 1, "shop_domain": SHOP, "customer": JO, "orders_to_redact": []}
ASKED = {**REQUEST, "orders_requested": [], "data_request": {"id": 9999}}
ASKED.pop("orders_to_redact")
FILE = "Path,Command,Target\n/of-jo,NEW,/about/jo@example.com\n/of-ann,NEW,/about/ann\n"
ENDED = """SELECT body ->> '$.completedAt' FROM record
           WHERE shop = ? AND typename = 'BulkOperation'"""
CELLS = "SELECT number, cells FROM import_rows ORDER BY number"


def send(site, topic, **more):
    return site.standin.tell(SHOP, "webhook", topic=topic, **more)["status"]


def until(ask, wanted):
    for _ in range(800):
        if wanted(found := ask()):
            return found
        time.sleep(0.3)  # more often, the asking would be most of what the programs do
    raise AssertionError(found)


def completed(job):
    return job["status"] == "completed"


def ask(site, method, path, **fields):
    """Do something on the page, as the merchant."""
    token = site.standin.tell(SHOP, "id-token")["id_token"]
    headers = {"Authorization": f"Bearer {token}", "HX-Request": "true"}
    url = f"{site.url}/settings/{path}"
    answer = httpx.request(method, url, data=fields, headers=headers, **PLAIN)
    answer.raise_for_status()
    return answer.text


def test_a_customer_is_told_of_and_erased_and_then_the_shop(live_site):
    ask(live_site, "PUT", "email", email="ops@example.com")
    page = ask(live_site, "POST", "keys/", expires="90", permission="redirects:import")
    key = "altera_" + page.split("altera_", 1)[1][:46]
    headers = {"Authorization": f"Bearer {key}"}
    started = httpx.post(
        f"{live_site.url}/api/v1/imports?type=redirects",
        content=FILE,
        headers=headers,
        **PLAIN,
    )
    assert started.status_code == 202, started.text
    path = f"{live_site.url}/api/v1/imports/{started.json()['id']}"
    until(
        lambda: httpx.get(path, headers=headers, **PLAIN).json()["status"],
        "completed".__eq__,
    )

    assert send(live_site, "customers/data_request", payload=ASKED) == 200
    asked = until(lambda: [m for m in shown(live_site) if "holds about" in m["subject"]], bool)
    assert "/about/jo@example.com" in asked[0]["text"] and "/ann" not in asked[0]["text"]

    assert send(live_site, "customers/redact", payload=REQUEST) == 200
    rows = until(lambda: live_site.rows("altera.db", CELLS), lambda rows: "jo@" not in str(rows))
    assert [number for number, _ in rows] == [2, 3] and "/about/ann" in str(rows[1][1])

    assert send(live_site, "app/uninstalled") == 200
    key_url = f"{live_site.url}/api/v1/key"
    until(
        lambda: httpx.get(key_url, headers=headers, **PLAIN).status_code,
        (401).__eq__,
    )
    assert send(live_site, "shop/redact") == 200
    shops = "SELECT domain FROM shops"
    until(lambda: live_site.rows("altera.db", shops), [].__eq__)
    told = live_site.rows("altera.db", "SELECT outcome FROM privacy_reports ORDER BY done_at")
    assert told == [("answered by mail",), ("erased",), ("the shop was erased",)]


def test_a_job_goes_on_as_soon_as_shopify_says_that_its_bulk_operation_is_over(live_site):
    """The worker looks by itself 23 seconds after the start, and then only after 33. What counts
    is the time from Shopify's end to ours."""
    ask(live_site, "PUT", "email", email="ops@example.com")
    page = ask(live_site, "POST", "keys/", expires="90", permission="redirects:export")
    key = "altera_" + page.split("altera_", 1)[1][:46]
    headers = {"Authorization": f"Bearer {key}"}
    live_site.standin.tell(SHOP, "misbehave", slow_bulk_ms=24_000)
    url = f"{live_site.url}/api/v1/exports"
    started = httpx.post(url, json={"types": ["redirects"]}, headers=headers, **PLAIN)
    assert started.status_code == 202, started.text
    path = f"{url}/{started.json()['id']}"
    job = until(lambda: httpx.get(path, headers=headers, **PLAIN).json(), completed)
    [(shopifys,)] = live_site.rows("standin/shops.sqlite3", ENDED, SHOP)
    ours, theirs = (datetime.fromisoformat(end) for end in (job["finished_at"], shopifys))
    assert 0 <= (ours - theirs).total_seconds() < 7
