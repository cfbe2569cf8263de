"""``kill -9`` of the worker at twenty random moments: nothing is lost, nothing is done twice."""

import random
import time
from datetime import timedelta

from models import db, now
from models.job import COMPLETED
from models.notice import Notice
from shopify.access_token import refresh
from tests.transfer.store import sheets
from tests.transfer.test_workflows import wait_for
from transfer.jobs import enqueue

EXPORT, MAIL, REFRESH = 8, 6, 6
ASKED = "query { bulkOperations(first: 50) { nodes { query } } }"


def kill_at(moments: list[float], working, **more: str) -> None:
    """Start the worker and kill it so many seconds after it is ready, once for each moment."""
    for seconds in moments:
        with working(**more) as server:
            time.sleep(seconds)
            server.process.kill()
            server.process.wait()


def moments(count: int, longest: float) -> list[float]:
    return [random.Random(f"{count} {n}").uniform(0, longest) for n in range(count)]


def test_an_export_starts_no_bulk_operation_twice_and_ends_whole(store, working):
    store.tell("seed", products=3, redirects=3)
    whole = sheets(store.file(store.export("products", "redirects")))
    before = len(store.graphql(ASKED)["bulkOperations"]["nodes"])
    store.misbehave(slow_ms=120)
    job = store.start("products", "redirects")
    enqueue(job)
    kill_at(moments(EXPORT, 1.2), working)
    with working():
        wait_for(job)
    store.misbehave()
    assert job.status == COMPLETED, job.error
    assert sheets(store.file(job)) == whole
    asked = [node["query"] for node in store.graphql(ASKED)["bulkOperations"]["nodes"]]
    own = [query.partition("\n")[0] for query in asked if job.id in query]
    assert len(own) == len(set(own)) == len(asked) - before


def test_mail_is_lost_never_and_sent_twice_only_under_one_id(store, mailing, post, working):
    for number in range(12):
        facts = {"subject": f"Word {number}", "body": "Good day."}
        Notice.add(store.shop.id, "api.notice", "ops@example.com", facts)
    db.session.commit()
    post.before_answer = lambda: time.sleep(0.15)
    settings = {"MAIL_URL": post.url, "MAIL_FROM": "Altera <altera@example.com>"}
    kill_at(moments(MAIL, 0.5), working, **settings)
    with working(**settings):
        end = time.monotonic() + 40
        while unsent() and time.monotonic() < end:
            time.sleep(0.1)
    assert unsent() == 0
    by_id = {mail["Message-ID"]: mail["Subject"] for _, mail in post.mails}
    assert sorted(by_id.values()) == sorted(f"Word {number}" for number in range(12))
    assert len(post.mails) <= 12 + 4 * MAIL


def unsent() -> int:
    db.session.rollback()
    return len(Notice.unsent(100))


def test_a_token_refresh_leaves_a_pair_that_works(store, working):
    jobs = []
    for seconds in moments(REFRESH, 0.9):
        store.misbehave()
        db.session.refresh(store.shop)
        store.shop.access_token_expires_at = now() + timedelta(minutes=1)
        db.session.commit()
        jobs.append(store.start("redirects"))
        enqueue(jobs[-1])
        store.misbehave(slow_ms=300)
        kill_at([seconds], working)
    store.misbehave()
    with working():
        for job in jobs:
            wait_for(job)
            assert job.status == COMPLETED, job.error
    db.session.refresh(store.shop)
    assert store.shop.needs_merchant_since is None
    assert store.graphql("query { shop { name } }")
    assert refresh(**store.asking(), refresh_token=store.shop.refresh_token)
