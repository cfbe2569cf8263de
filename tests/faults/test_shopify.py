"""Shopify answers badly while an export runs: it ends whole, or says in words why it cannot."""

import pytest

from models import db
from models.activity import Activity
from models.job import COMPLETED, FAILED
from models.notice import Notice
from queues import enqueue
from tests.jobs.test_workflows import COUNT, ROWS, rows, wait_for
from tests.transfer.importing.test_bulk import MANY, asked, count


@pytest.fixture
def plain(store) -> bytes:
    """The file of an export where nothing goes wrong."""
    store.tell("seed", products=3, redirects=5)
    return store.file(store.export("products"))


BAD_ANSWERS = (
    {"http_500": 2, "http_429": 2},
    {"half": 1, "nothing": 1, "throttle": 1},
    {"html": 1, "throttle": 1},
)
"""One after the other, not at once: of one call each further try waits twice as long."""


def test_bad_answers_that_end_change_nothing(store, plain, working):
    jobs = []
    with working():
        for bad in BAD_ANSWERS:
            store.misbehave(**bad)
            jobs.append(store.start("products"))
            enqueue(jobs[-1])
            wait_for(jobs[-1])
    store.misbehave()
    for job in jobs:
        assert job.status == COMPLETED, job.error
        assert store.file(job) == plain


def test_rows_that_shopify_made_without_a_word_are_not_made_twice(store, working, tmp_path):
    """The answers of mutations are lost, though Shopify carried them out; others never were."""
    job = store.keep(tmp_path, rows(0, ROWS))
    enqueue(job)
    with working():
        wait_for(job, done=20)
        store.misbehave(lose_answer=3, half=1, nothing=1, http_500=1, html=1, http_429=2)
        wait_for(job)
    store.misbehave()
    assert (job.status, job.counts) == (COMPLETED, {"created": ROWS}), job.error
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == ROWS


def test_a_bulk_mutation_that_began_without_a_word_is_found_again(store, working, tmp_path):
    """Of the upload's place and of the start no answer comes: the start is not repeated blindly."""
    job = store.keep(tmp_path, rows(0, MANY))
    store.misbehave(lose_answer=2)
    enqueue(job)
    with working():
        wait_for(job)
    assert (job.status, job.counts) == (COMPLETED, {"created": MANY}), job.error
    assert (len(asked(store)), count(store)) == (1, MANY)


def test_an_address_that_is_not_allowed_is_told_to_merchant_and_operator(store, plain, working):
    job = store.start("products")
    store.misbehave(http_403=1)
    enqueue(job)
    with working() as server:
        wait_for(job)
        log = server.log.read_text()
    assert job.status == FAILED and "allow list" in job.error
    assert "IP allowlist" in log
    assert [n.kind for n in db.session.scalars(db.select(Notice))] == ["job.failed"]
    *_, last = db.session.scalars(db.select(Activity).order_by(Activity.id))
    assert (last.kind, last.shop_id) == ("job.finished", store.shop.id)
    assert "allow list" in last.detail["error"]


def test_a_file_that_is_cut_again_and_again_is_read_to_its_end(store, working):
    store.tell("seed", products=40)
    whole = store.file(store.export("products"))
    store.misbehave(cut_download_after=20_000)
    job = store.start("products")
    enqueue(job)
    with working():
        wait_for(job)
    assert job.status == COMPLETED, job.error
    assert store.file(job) == whole
