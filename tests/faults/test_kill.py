"""``kill -9`` of the worker at random moments of an export, a mail and a token refresh: nothing is
lost, nothing is done twice."""

import time
from datetime import timedelta

import pytest

from models import db, now
from models.job import COMPLETED, OVER, Job
from models.notice import Notice
from queues import enqueue
from shopify.access_token import refresh
from tests.jobs.test_workflows import wait_for
from tests.transfer.store import sheets
from transfer.exporting.file import PAGES

pytestmark = pytest.mark.slow

MAILS = 3
ASKED = """query ($after: String) { bulkOperations(first: 50, after: $after) {
  nodes { query } pageInfo { hasNextPage endCursor } } }"""


def kill_after(seconds: float, working, **more: str) -> None:
    with working(**more) as server:
        time.sleep(seconds)
        server.process.kill()
        server.process.wait()


def markers(store) -> list[str]:
    """The first line of every bulk query that the store was asked for."""
    found, after = [], None
    while True:
        page = store.graphql(ASKED, after=after)["bulkOperations"]
        found += [node["query"].partition("\n")[0] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.mark.both_databases
def test_an_export_starts_no_bulk_operation_twice_and_ends_whole(store, working, moments):
    """An export that ends between two kills is followed by another."""
    store.tell("seed", products=3, redirects=3)
    whole = sheets(store.file(store.export("products", "redirects")))
    before = len(markers(store))
    jobs: list[Job] = []
    store.misbehave(slow_ms=120)
    for seconds in moments(1.2):
        if not jobs or is_over(jobs[-1]):
            jobs.append(store.start("products", "redirects"))
            enqueue(jobs[-1])
        kill_after(seconds, working)
    store.misbehave()
    with working():
        for job in jobs:
            wait_for(job)
    for job in jobs:
        assert job.status == COMPLETED, job.error
        assert sheets(store.file(job)) == whole
    own = [marker for marker in markers(store) if any(job.id in marker for job in jobs)]
    assert len(own) == len(set(own)) == len(markers(store)) - before
    assert len(own) == sum(len(noted(job)) for job in jobs)


def noted(job: Job) -> list[str]:
    """The bulk operations that the job knows of."""
    db.session.rollback()
    db.session.refresh(job)
    ways = [how for state in job.operations.values() for how in state["passes"].values()]
    return [how for how in ways if how and how != PAGES]


def is_over(job) -> bool:
    db.session.rollback()
    db.session.refresh(job)
    return job.status in OVER


def test_mail_is_lost_never_and_sent_twice_only_under_one_id(
    store, mailing, post, working, moments
):
    post.before_answer = lambda: time.sleep(0.15)
    settings = {"MAIL_URL": post.url, "MAIL_FROM": "Altera <altera@example.com>"}
    words: list[str] = []
    times = moments(0.5)
    for seconds in times:
        for number in range(len(words), len(words) + MAILS):
            words.append(f"Word {number}")
            facts = {"subject": words[-1], "body": "Good day."}
            Notice.add(store.shop.id, "api.notice", "ops@example.com", facts)
        db.session.commit()
        kill_after(seconds, working, **settings)
    with working(**settings):
        end = time.monotonic() + 240
        while unsent() and time.monotonic() < end:
            time.sleep(0.1)
    assert unsent() == 0
    by_id = {mail["Message-ID"]: mail["Subject"] for _, mail in post.mails}
    assert sorted(by_id.values()) == sorted(words)
    assert len(post.mails) <= len(words) + 4 * len(times)


def unsent() -> int:
    db.session.rollback()
    return len(Notice.unsent(100))


@pytest.mark.both_databases
def test_a_token_refresh_leaves_a_pair_that_works(store, working, moments):
    jobs = []
    for seconds in moments(0.9):
        store.misbehave()
        db.session.refresh(store.shop)
        store.shop.access_token_expires_at = now() + timedelta(minutes=1)
        db.session.commit()
        jobs.append(store.start("redirects"))
        enqueue(jobs[-1])
        store.misbehave(slow_ms=300)
        kill_after(seconds, working)
    store.misbehave()
    with working():
        for job in jobs:
            wait_for(job)
            assert job.status == COMPLETED, job.error
    db.session.refresh(store.shop)
    assert store.shop.needs_merchant_since is None
    assert store.graphql("query { shop { name } }")
    assert refresh(**store.asking(), refresh_token=store.shop.refresh_token)
