"""The machine fails: no room on the disk, a worker's name twice."""

import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress

import httpx
import pytest

from models.job import COMPLETED
from queues import enqueue
from tests.cast import free_port
from tests.jobs.test_workflows import COUNT, rows, wait_for
from tests.processes import PLAIN, ROOT

pytestmark = pytest.mark.both_databases

LARGEST_FILE = 12_000_000


def no_larger_files() -> None:
    """No file grows any further: what a process meets on a disk without room."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


def test_a_full_disk_is_told_and_the_server_goes_on(store, environment, tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "app:create_app()"]
    api = f"http://127.0.0.1:{port}/api/v1"
    headers = {"Authorization": f"Bearer {store.key_text}", "Content-Type": "text/csv"}
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment | {"WEB_CONCURRENCY": "1"},
            stdout=log,
            stderr=log,
            preexec_fn=no_larger_files,
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        answer = import_of(api, headers, rows(0, LARGEST_FILE // 12))
        assert (answer.status_code, answer.json()["code"]) == (507, "no_room")
        assert "disk is full" in answer.json()["detail"]
        assert httpx.get(f"{api}/imports", headers=headers, **PLAIN).json()["imports"] == []
        assert import_of(api, headers, rows(0, 3)).status_code == 202
    finally:
        server.terminate()
        server.wait(30)
    assert "disk is full" in (tmp_path / "log").read_text()


def import_of(api: str, headers: dict, body: str) -> httpx.Response:
    url = f"{api}/imports?type=redirects"
    return httpx.post(url, content=body, headers=headers, **PLAIN)


def wait_until_up(url: str) -> None:
    for _ in range(1800):
        with suppress(httpx.TransportError):
            if httpx.get(url, verify=False).is_success:
                return
        time.sleep(0.1)
    raise AssertionError("it does not answer")


def test_a_second_worker_of_one_name_does_not_start(store, working, environment, tmp_path):
    """It would go on with what the first is at, and do it twice."""
    job = store.keep(tmp_path, rows(0, 250))
    enqueue(job)
    with working("same"):
        wait_for(job, done=20)
        second = subprocess.run(
            [sys.executable, "-m", "worker"],
            cwd=ROOT,
            env=os.environ | environment | {"WORKER_NAME": "same", "WORKER_NAME_SECONDS": "1"},
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert second.returncode == 1
        assert "Another worker named same is running" in second.stderr
        wait_for(job)
    assert (job.status, job.counts) == (COMPLETED, {"created": 250})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == 250
