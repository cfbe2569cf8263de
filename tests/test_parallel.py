"""Tests that run in several processes: each once, all reported, and none lost with a process."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONFTEST = """
import pytest
from tests import forked, parallel
forked.start = lambda: None  # no test here starts a program
def pytest_addoption(parser):
    parser.addoption("--processes", type=int)

@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    return parallel.run(session, session.config.option.processes)
"""
TESTS = """
import os, time
from pathlib import Path
import pytest

@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    yield tmp_path_factory.mktemp("shared")
    with open({ends!r}, "a") as ends:
        ends.write("end\\n")

@pytest.mark.parametrize("number", range(40))
def test_many(number, shared, capsys):
    print(number)
    assert capsys.readouterr().out == f"{{number}}\\n"
    with open({ran!r}, "a") as ran:
        ran.write(f"{{number}} {{os.getpid()}}\\n")
    time.sleep(0.02)

def test_fails(shared):
    print("what it said")
    assert shared.exists() and 1 == 2

def test_dies():
    os._exit(7)

@pytest.fixture
def broken():
    yield
    raise ValueError("the end is broken")

def test_ends_badly(broken):
    pass

def test_is_skipped():
    pytest.skip("not here")
"""


@pytest.fixture
def run(tmp_path):
    """Run those tests in three processes; what pytest printed, its exit code and two files."""

    def run(*arguments: str) -> tuple[str, int, list[str], list[str]]:
        ran, ends = tmp_path / "ran", tmp_path / "ends"
        ran.write_text("")
        ends.write_text("")
        (tmp_path / "conftest.py").write_text(CONFTEST)
        (tmp_path / "test_some.py").write_text(TESTS.format(ran=str(ran), ends=str(ends)))
        command = [sys.executable, "-m", "pytest", "--rootdir", str(tmp_path), str(tmp_path)]
        command += ["-p", "no:cacheprovider", "-p", "no:schemathesis", "--processes", "3"]
        command += ["--basetemp", str(tmp_path / "temp"), *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert not done.stderr, done.stderr
        return done.stdout, done.returncode, ran.read_text().split("\n"), ends.read_text().split()

    return run


def test_each_runs_once_and_a_process_that_dies_fails_only_its_test(run):
    printed, code, ran, ends = run()

    assert code == pytest.ExitCode.TESTS_FAILED
    assert "2 failed, 41 passed, 1 skipped, 1 error" in printed
    assert "the test's process ended with 7" in printed and "what it said" in printed
    assert "ValueError: the end is broken" in printed
    lines = [line.split() for line in ran if line]
    assert sorted(int(number) for number, _ in lines) == list(range(40))
    assert 3 <= len({process for _, process in lines}) <= 4
    assert 2 <= len(ends) <= 4, "each process takes down its fixtures; the one that died could not"


def test_the_first_failure_ends_all_where_that_is_wanted(run):
    printed, code, _, _ = run("-x", "-k", "fails or many")

    assert code == pytest.ExitCode.TESTS_FAILED
    assert "stopping after 1 failures" in printed
