"""The machine fails: no room on the disk, a worker's name twice."""

import resource
from pathlib import Path

import httpx
import pytest

from models.job import COMPLETED
from queues import enqueue
from tests.forked import Program
from tests.jobs.test_workflows import COUNT, ROWS, rows, wait_for
from tests.processes import PLAIN
from tests.servers import web

LARGEST_FILE = 12_000_000


def no_larger_files(master: int) -> None:
    """No file grows any further: what a server meets on a disk without room."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    for process in (master, *map(int, workers)):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


@pytest.mark.both_databases
def test_a_full_disk_is_told_and_the_server_goes_on(store, environment, tmp_path):
    headers = {"Authorization": f"Bearer {store.key_text}", "Content-Type": "text/csv"}
    with web(environment, tmp_path, WEB_CONCURRENCY="1") as server:
        api = f"{server.url}/api/v1"
        no_larger_files(server.process.pid)
        answer = import_of(api, headers, rows(0, LARGEST_FILE // 12))
        assert (answer.status_code, answer.json()["code"]) == (507, "no_room")
        assert "disk is full" in answer.json()["detail"]
        assert httpx.get(f"{api}/imports", headers=headers, **PLAIN).json()["imports"] == []
        assert import_of(api, headers, rows(0, 3)).status_code == 202
    assert "disk is full" in server.log.read_text()


def import_of(api: str, headers: dict, body: str) -> httpx.Response:
    url = f"{api}/imports?type=redirects"
    return httpx.post(url, content=body, headers=headers, **PLAIN)


@pytest.mark.everything
def test_a_second_worker_of_one_name_does_not_start(store, working, environment, tmp_path):
    """It would go on with what the first is at, and do it twice. In the short run
    test_lost_name shows it, and tests/commands/test_hand_back.py that a file's lock is one, too."""
    job = store.keep(tmp_path, rows(0, ROWS))
    enqueue(job)
    with working("same"):
        wait_for(job, done=20)
        once = environment | {"WORKER_NAME": "same", "WORKER_NAME_SECONDS": "1"}
        assert Program(["worker"], once, tmp_path / "second.log").wait(180) == 1
        said = (tmp_path / "second.log").read_text()
        assert "Another worker named same is running" in said
        wait_for(job)
    assert (job.status, job.counts) == (COMPLETED, {"created": ROWS})
    assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == ROWS
