"""A worker sleeps while there is nothing to do, and starts at once what is put into a queue."""

import time

import pytest
from dbos import DBOSClient, EnqueueOptions

from jobs.queue_loops import LONGEST_SLEEP, SECOND_LOOK, WakeableStop
from mail import outbox
from plans import PRO
from queues import NAME, VERSION, job_queue
from tests.forked import Program
from tests.servers import worker

ASLEEP = 6
"""Seconds after which an idle worker looks no sooner than in four more."""
QUEUE = job_queue(PRO.jobs)
AT_ONCE = LONGEST_SLEEP / 4
"""Seconds that a busy machine may take for what takes a fifth of one."""
ATTEMPTS = 5
"""A busy machine may be late once; a loop that is not woken is late each time."""


@pytest.fixture
def client(app, jobs_database):
    client = DBOSClient(
        system_database_url=app.config["SETTINGS"].jobs_database_url, application_name=NAME
    )
    yield client
    client.destroy()


def enqueue(client: DBOSClient, queue: str = QUEUE):
    """A workflow that ends at once, as there is no such mail."""
    options: EnqueueOptions = {
        "workflow_name": outbox.WORKFLOW,
        "queue_name": queue,
        "app_version": VERSION,
    }
    if queue == QUEUE:
        options["queue_partition_key"] = "1"
    return client.enqueue(options, "no such notice")


def seconds_to_its_end(handle) -> float:
    start = time.monotonic()
    while handle.get_status().status != "SUCCESS":
        assert time.monotonic() < start + 3 * LONGEST_SLEEP
        time.sleep(0.02)
    return time.monotonic() - start


@pytest.mark.both_databases
def test_a_sleeping_worker_is_woken(client, environment, tmp_path):
    """By what is enqueued, and by the end of what took the place of what waits for room."""
    late = []
    with worker(environment, tmp_path, tmp_path.name):
        for _ in range(ATTEMPTS):
            time.sleep(ASLEEP)
            first, *others = [enqueue(client) for _ in range(PRO.jobs * 8)]
            mail = enqueue(client, outbox.QUEUE)
            alone = max(map(seconds_to_its_end, (first, mail)))
            together = sum(map(seconds_to_its_end, others))
            if alone < AT_ONCE and together < LONGEST_SLEEP / 2:
                return
            late.append((alone, together))
    raise AssertionError(f"it was late each time: {late}")


def test_what_was_enqueued_while_no_worker_ran_starts_with_it(client, environment, tmp_path):
    handle = enqueue(client)
    with worker(environment, tmp_path, tmp_path.name):
        assert seconds_to_its_end(handle) < LONGEST_SLEEP / 2


def test_an_idle_worker_asks_seldom(environment, tmp_path):
    """DBOS asks each second unless two names of its own are as ``poll_seldom`` knows them."""
    own = environment | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/idle.db",
        "WORKER_NAME": tmp_path.name,
    }
    log = tmp_path / "idle.log"
    assert Program(["tests.jobs.idle_statements"], own, log).wait(120) == 0, log.read_text()
    scheduled, delayed = map(int, log.read_text().splitlines()[-1].split())
    assert scheduled <= 2, log.read_text()
    assert 0 < delayed <= 4, log.read_text()


def test_the_waits_of_a_loop_grow_until_it_is_woken():
    stop = WakeableStop()
    start = time.monotonic()
    assert not stop.wait(60)
    assert not stop.wait(60)
    assert 3 * SECOND_LOOK <= time.monotonic() - start < 30
    stop.wake()
    start = time.monotonic()
    assert not stop.wait(60)
    assert time.monotonic() - start < 4 * SECOND_LOOK  # which a third wait would last
    assert not stop.wait(0.01)
    stop.set()
    assert stop.wait(60)
