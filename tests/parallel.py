"""Run the tests in several processes, each forked from the one that has collected them.

pytest-xdist starts processes that import and collect everything again, which takes each of them
seven seconds. A fork has the tests at hand, and shares the memory of all that is imported.

Tests of one directory on one database follow each other in one process, since they share fixtures.
A process that has none left takes half of those that wait for another one. Tests marked ``slow``
come first, so that in the end no process works alone.
"""

import os
import sys
import traceback
import warnings
from collections import defaultdict, deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pytest

from tests import forked

AHEAD = 3
"""Tests that a process knows of: the one that runs, the next one, whose fixtures it keeps, and one
more, so that it waits for no answer."""
number, count = 0, 1
"""Which of the processes this is, and how many there are."""


@dataclass
class Process:
    number: int
    pid: int
    connection: Connection
    queue: deque[int] = field(default_factory=deque)
    """Tests that are its own until another process takes them."""
    sent: deque[int] = field(default_factory=deque)
    """Tests that it was told to run and has not reported."""


def run(session: pytest.Session, processes: int) -> bool | None:
    """Run all tests; None where pytest itself should, for a single process or no tests at all."""
    if processes < 2 or session.testsfailed or session.config.option.collectonly:
        return None
    Run(session, processes).run()
    return True


class Run:
    """The process that hands out the tests and prints their results."""

    def __init__(self, session: pytest.Session, processes: int):
        self.session, self.config = session, session.config
        self.count = min(processes, len(session.items))
        self.groups = deque(grouped(session.items))
        self.processes: list[Process] = []
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.showfspath = False  # tests of several files end in turn

    def run(self) -> None:
        forked.start()
        vars(self.config)["_tmp_path_factory"].getbasetemp()
        for each in range(self.count):
            self.start(each)
        try:
            while self.processes:
                ready = wait([process.connection for process in self.processes])
                for process in [p for p in self.processes if p.connection in ready]:
                    self.listen(process)
        finally:
            for process in self.processes:
                process.connection.close()
        for stopped, error in (
            (self.session.shouldfail, self.session.Failed),
            (self.session.shouldstop, self.session.Interrupted),
        ):
            if stopped:
                raise error(stopped)

    def start(self, place: int) -> None:
        """Fork a process and hand it its first tests."""
        ours, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        with warnings.catch_warnings():
            # No thread of Python runs by now. Those of numpy part with a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            ours.close()
            for other in self.processes:
                other.connection.close()
            _run_as_told(self.session, theirs, place, self.count)
        theirs.close()
        process = Process(place, pid, ours)
        self.processes.append(process)
        for _ in range(AHEAD):
            self.hand_out(process)

    def hand_out(self, process: Process) -> None:
        """Tell a process its next test, or that there is none."""
        index = None if self.session.shouldfail or self.session.shouldstop else self.next(process)
        if index is not None:
            process.sent.append(index)
        with suppress(BrokenPipeError):  # it is gone, which listen() will notice
            process.connection.send(index)

    def next(self, process: Process) -> int | None:
        if not process.queue and self.groups:
            process.queue = self.groups.popleft()
        if not process.queue:
            longest = max((other.queue for other in self.processes), key=len)
            half = len(longest) // 2
            process.queue = deque(longest[index] for index in range(half, len(longest)))
            for _ in process.queue:
                longest.pop()
        return process.queue.popleft() if process.queue else None

    def listen(self, process: Process) -> None:
        """Take the reports of a test and hand out another one; or notice that the process ended."""
        try:
            reports = process.connection.recv()
        except (EOFError, ConnectionResetError):
            self.ended(process)
            return
        index = process.sent.popleft()
        self.report(index, [self._report(data) for data in reports])
        self.hand_out(process)

    def ended(self, process: Process) -> None:
        """Fail the test that a process died from; another process goes on with its tests."""
        self.processes.remove(process)
        process.connection.close()
        code = os.waitstatus_to_exitcode(os.waitpid(process.pid, 0)[1])
        if not process.sent:
            if code:  # what its last fixtures ended with
                self.session.shouldfail = f"process {process.number} ended with {code}"
            if process.queue:
                self.groups.appendleft(process.queue)
            return
        index = process.sent.popleft()
        item = self.session.items[index]
        words = f"the test's process ended with {code}"
        died = pytest.TestReport(item.nodeid, item.location, {}, "failed", words, "call")
        self.report(index, [died])
        self.groups.appendleft(deque([*process.sent, *process.queue]))
        if not (self.session.shouldfail or self.session.shouldstop):
            self.start(process.number)

    def report(self, index: int, reports: Iterable[pytest.TestReport]) -> None:
        item = self.session.items[index]
        self.config.hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in reports:
            self.config.hook.pytest_runtest_logreport(report=report)
        self.config.hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)

    def _report(self, data: dict[str, Any]) -> pytest.TestReport:
        restore = self.config.hook.pytest_report_from_serializable
        report: pytest.TestReport = restore(config=self.config, data=data)
        return report


def grouped(items: list[pytest.Item]) -> list[deque[int]]:
    """The positions of tests that belong together: slow ones first, then the largest groups."""
    groups: defaultdict[tuple[bool, Path, str], deque[int]] = defaultdict(deque)
    for index, item in enumerate(items):
        called = getattr(item, "callspec", None)
        database = called.params.get("database_url", "") if called else ""
        slow = item.get_closest_marker("slow") is not None
        groups[slow, item.path.parent, database].append(index)
    return [groups[key] for key in sorted(groups, key=lambda key: (not key[0], -len(groups[key])))]


class Reports:
    """What pytest reports of one test, as plain data."""

    def __init__(self, config: pytest.Config):
        self.config = config
        self.made: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        hook = self.config.hook
        self.made.append(hook.pytest_report_to_serializable(config=self.config, report=report))


def _run_as_told(session: pytest.Session, connection: Connection, place: int, of: int) -> None:
    """Run the tests whose positions come in, until none comes; then end this process."""
    global number, count
    number, count = place, of
    code = 1
    try:
        _part_from_the_parent(session.config, place)
        reports = Reports(session.config)
        session.config.pluginmanager.register(reports)
        current, following = connection.recv(), connection.recv()
        while current is not None:
            item = session.items[current]
            after = None if following is None else session.items[following]
            reports.made = []
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            connection.send(reports.made)
            current, following = following, None if following is None else connection.recv()
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def _part_from_the_parent(config: pytest.Config, place: int) -> None:
    """Print nothing, catch output in files of its own, and use a folder of its own."""
    plugins = config.pluginmanager
    plugins.unregister(plugins.get_plugin("terminalreporter"))
    capture = plugins.get_plugin("capturemanager")
    assert capture is not None
    capture.stop_global_capturing()
    capture.start_global_capturing()
    factory = vars(config)["_tmp_path_factory"]
    factory._basetemp = factory.getbasetemp() / f"process-{place}"
    factory._basetemp.mkdir(exist_ok=True)
    forked.share()
