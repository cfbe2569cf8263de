"""What a process leaves behind when it is killed while it writes a file with a name."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

import scratch
from tests.forked import Program
from tests.processes import ROOT

WRITES = """
import scratch
with scratch.folder() as folder:
    (folder / "export.xlsx").write_text("ops@example.com")
    print(folder, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@contextmanager
def writing(temporary: Path):
    """A process in the middle of a file, and its folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES],
        cwd=ROOT,
        env={"TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield process, Path(process.stdout.readline().strip())
    finally:
        process.kill()
        process.communicate()


def test_a_folder_is_gone_with_its_block(tmp_path):
    with scratch.folder() as folder:
        (folder / "a").write_text("x")
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_needs_is_not(tmp_path):
    with writing(tmp_path) as (process, left), writing(tmp_path) as (_, needed):
        process.kill()
        process.wait()
        assert (left / "export.xlsx").exists()
        scratch.sweep()
        assert not left.exists()
        assert (needed / "export.xlsx").exists()


def test_the_next_process_that_starts_sweeps(tmp_path, environment):
    with writing(tmp_path) as (process, left):
        process.kill()
        process.wait()
        start = ["flask", "--app", "app", "routes"]
        started = Program(start, environment | {"TMPDIR": str(tmp_path)}, tmp_path / "start.log")
        assert started.wait(180) == 0
        assert not left.exists()
