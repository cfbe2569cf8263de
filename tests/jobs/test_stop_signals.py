"""A worker that is asked to stop does so, whenever it is asked."""

import os
import random
import time
from pathlib import Path

from tests.forked import Program

SIGNALS = 150


def test_no_stop_signal_is_lost_whenever_it_comes(tmp_path):
    """On one busy core a thread is often interrupted on its way into a wait; the signal comes just
    then."""
    log = tmp_path / "log"
    log.touch()
    program = Program(["tests.jobs.waits_for_signals", str(SIGNALS)], {}, log)
    os.sched_setaffinity(program.pid, {min(os.sched_getaffinity(0))})
    try:
        for number in range(SIGNALS):
            wait_for_line(log, f"{number}\n")
            time.sleep(random.uniform(0, 0.003))
            program.terminate()
        wait_for_line(log, "all came\n")
    finally:
        program.kill()


def wait_for_line(log: Path, line: str) -> None:
    end = time.monotonic() + 10
    while not log.read_text().endswith(line):
        assert time.monotonic() < end, f"no {line!r} but {log.read_text()[-20:]!r}"
        time.sleep(0.0005)
