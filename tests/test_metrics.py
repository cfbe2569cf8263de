"""What Prometheus is told, on a port of its own, by servers as they are deployed."""

import re
import time

import httpx
import pytest

from config import read
from jobs.gauges import gauges
from models import db
from models.heartbeat import Heartbeat
from models.job import EXPORT, FAILED, QUEUED, Job, new_id
from models.notice import Notice
from tests.cast import free_port, make_key
from tests.processes import PLAIN
from tests.servers import web, worker
from worker import make_database

COUNT = 'altera_calls_seconds_count{{endpoint="{}",status="{}"}}'
CALLS = 40


def scraped(port: int) -> dict[str, float]:
    """Every sample, by its name and labels."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", **PLAIN).text
    return {name: float(value) for name, value in re.findall(r"^(\w.*) (\S+)$", text, re.MULTILINE)}


def scraped_with(port: int, name: str) -> dict[str, float]:
    """The samples once this one is not 0: a call is counted after its answer was sent, and a worker
    that is ready has its first heartbeat a moment later."""
    until = time.monotonic() + 30
    while not (seen := scraped(port)).get(name):
        assert time.monotonic() < until, seen
        time.sleep(0.05)
    return seen


def test_calls_of_all_processes_are_counted_by_endpoint_and_status(shop, environment, tmp_path):
    _, text = make_key(shop, "products:export")
    port = free_port()
    with web(environment, tmp_path, METRICS_PORT=str(port), WEB_CONCURRENCY="2") as server:
        for number in range(CALLS):
            headers = {"Authorization": f"Bearer {text if number % 2 else 'wrong'}"}
            httpx.get(f"{server.url}/api/v1/key", headers=headers, **PLAIN)
        httpx.get(f"{server.url}/nowhere", **PLAIN)
        seen = scraped_with(port, COUNT.format("none", 404))
        assert httpx.get(f"{server.url}/metrics", **PLAIN).status_code == 404
    assert seen[COUNT.format("key_info.show", 200)] == CALLS / 2
    assert seen[COUNT.format("key_info.show", 401)] == CALLS / 2
    assert seen[COUNT.format("none", 404)] == 1
    total = seen['altera_calls_seconds_sum{endpoint="key_info.show",status="200"}']
    assert 0 < total < CALLS


@pytest.mark.both_databases
def test_what_waits_and_what_failed_is_counted(shop):
    key, _ = make_key(shop, "products:export")
    own = {"shop_id": shop.id, "key_id": key.id, "kind": EXPORT, "types": ["products"]}
    for status in (FAILED, FAILED, QUEUED):
        db.session.add(Job(id=new_id(EXPORT), status=status, **own))
    Notice.add(shop.id, "api.notice", "ops@example.com", {"subject": "a", "body": "b"})
    db.session.commit()
    Heartbeat.beat("metered")
    seen = {(name, *labels.values()): value for name, _, labels, value in gauges()}
    assert (seen["altera_jobs", FAILED], seen["altera_jobs", QUEUED]) == (2, 1)
    assert seen["altera_oldest_job_seconds", QUEUED] >= 0
    assert (seen["altera_mail_waiting",], seen["altera_webhooks_waiting",]) == (1, 0)
    assert (seen["altera_workers",], seen["altera_shops",]) == (1, 1)


def test_a_worker_tells_what_waits_and_what_failed(shop, environment, tmp_path):
    make_database(read(environment).jobs_database_url)
    key, _ = make_key(shop, "products:export")
    job = Job(id=new_id(EXPORT), shop_id=shop.id, key_id=key.id, kind=EXPORT, types=["products"])
    job.status = FAILED
    db.session.add(job)
    Notice.add(shop.id, "api.notice", "ops@example.com", {"subject": "a", "body": "b"})
    db.session.commit()
    port = free_port()
    with worker(environment, tmp_path, "metered", METRICS_PORT=str(port)):
        seen = scraped_with(port, "altera_workers")
        assert Heartbeat.alive() == ["metered"]
    assert seen['altera_jobs{status="failed"}'] == 1
    assert seen['altera_jobs{status="queued"}'] == 0
    assert seen["altera_mail_waiting"] == 1 and seen["altera_mail_waiting_seconds"] >= 0
    assert seen["altera_webhooks_waiting"] == 0
    assert seen["altera_workers"] == seen["altera_shops"] == 1
    db.session.rollback()
    assert Heartbeat.alive() == []
