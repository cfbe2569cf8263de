"""``kill -9`` of the worker while Shopify makes the rows of a large import: none is made twice."""

import pytest

from tests.jobs.test_workflows import rows
from tests.transfer.importing.test_bulk import MANY, asked, count

pytestmark = pytest.mark.slow


def test_a_worker_that_is_killed_makes_no_row_of_a_large_import_twice(
    store, complete_despite_kills, tmp_path
):
    job = store.keep(tmp_path, rows(0, MANY))
    complete_despite_kills(job, (0.5, 1.2, 1.6, 2.0))
    assert job.counts == {"created": MANY}
    assert (len(asked(store)), count(store)) == (1, MANY)
