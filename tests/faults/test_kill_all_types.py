"""``kill -9`` of the worker while all 19 types are exported: every file ends as if undisturbed."""

import time

import pytest

from models.job import COMPLETED, RUNNING, Job
from queues import enqueue
from tests.chance import chance
from tests.faults.test_kill import noted
from tests.jobs.test_workflows import wait_for
from tests.transfer.readers import seed_of_all
from tests.transfer.store import sheets
from transfer.types import ALL

pytestmark = pytest.mark.slow

PATIENCE = 240
ASKED = "query { bulkOperations(first: 250) { nodes { id query } } }"
TYPES = [kind.name for kind in ALL]


def started(store, job) -> dict[str, str]:
    """Of each bulk operation of the job that Shopify knows, its ID and first line: type and run."""
    nodes = store.graphql(ASKED)["bulkOperations"]["nodes"]
    return {n["id"]: n["query"].partition("\n")[0] for n in nodes if job.id in n["query"]}


def kill_after(working, job: Job, operations: int, seconds: float) -> None:
    """Kill the worker ``seconds`` after the job has noted so many operations."""
    with working() as server:
        end = time.monotonic() + PATIENCE
        while len(noted(job)) < operations and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(seconds)
        server.process.kill()
        server.process.wait()


def test_all_types_start_no_bulk_operation_twice_and_end_whole(store, working, parts):
    store.tell("seed", **seed_of_all())
    undisturbed = store.export(*TYPES)
    whole, operations = sheets(store.file(undisturbed)), len(noted(undisturbed))
    job, random = store.start(*TYPES), chance("all types")
    enqueue(job)
    kill_after(working, job, 0, random.uniform(0, 2))
    for number in sorted(random.sample(range(1, operations), len(parts[0]) // 4)):
        kill_after(working, job, number, random.uniform(0, 0.3))
        assert (len(noted(job)) >= number, job.status) == (True, RUNNING)
    early = started(store, job)
    with working():
        wait_for(job)
    assert job.status == COMPLETED, job.error
    found = started(store, job)
    assert early.items() <= found.items()
    assert len(found) == len(set(found.values())) == operations
    assert sorted(found) == sorted(noted(job))
    assert sheets(store.file(job)) == whole
