"""``kill -9`` of the worker while Shopify makes the rows of a large import: none is made twice."""

import time

import pytest

from models.job import COMPLETED
from queues import enqueue
from tests.jobs.test_workflows import rows, wait_for
from tests.transfer.importing.test_bulk import MANY, asked, count

pytestmark = pytest.mark.both_databases


def test_a_worker_that_is_killed_makes_no_row_of_a_large_import_twice(store, working, tmp_path):
    job = store.keep(tmp_path, rows(0, MANY))
    enqueue(job)
    store.misbehave(slow_ms=60)
    for seconds in (0.5, 1.2, 1.6, 2.0):
        with working() as server:
            time.sleep(seconds)
            server.process.kill()
            server.process.wait()
    store.misbehave()
    with working():
        wait_for(job)
    assert (job.status, job.counts) == (COMPLETED, {"created": MANY}), job.error
    assert (len(asked(store)), count(store)) == (1, MANY)
