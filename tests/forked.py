"""Programs of ours in processes of their own, forked from one that has imported them already.

``python -m worker`` spends most of its start on imports; forked it is ready in a tenth of a second.
What runs is the same: the module as ``__main__``, under its own environment, in a process that may
be killed.
"""

import atexit
import faulthandler
import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
import time
from multiprocessing import forkserver
from pathlib import Path

DUMP_THREADS = signal.SIGRTMIN
"""A signal that no program of ours has a use for."""
_fork_server = multiprocessing.get_context("forkserver")
_fork_server.set_forkserver_preload([__name__, "tests.forked_from"])


def start() -> None:
    """Start the process that programs are forked from, for all processes of the tests."""
    forkserver.ensure_running()


def share() -> None:
    """In a child of the process that started it: use it, and do not look after it.

    To see whether it runs, multiprocessing would wait for a child that is not this one's.
    """
    vars(forkserver._forkserver)["ensure_running"] = lambda: None


class Program:
    """A running ``python -m <module>``, with what ``subprocess.Popen`` offers for one.

    A command that begins with ``-c`` is a piece of code and its arguments, as for Python itself.
    """

    def __init__(self, command: list[str], environment: dict[str, str], log: Path):
        self._process = _fork_server.Process(
            target=_run, args=(command, os.environ | environment, log), daemon=True
        )
        self._log = log
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if (code := self._process.exitcode) is None:
            raise TimeoutError(f"process {self.pid} runs on after {timeout} seconds")
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def stop(self, timeout: float = 60) -> int:
        """Ask it to stop, and return its exit code.

        One that does not stop is killed, else it would do the work of the tests that follow; what
        its threads were doing is in the error.
        """
        self.terminate()
        try:
            return self.wait(timeout)
        except TimeoutError as error:
            self.send_signal(DUMP_THREADS)
            self._process.join(1)
            self.kill()
            self.wait(10)
            raise TimeoutError(f"{error}:\n{self._log.read_text()[-20_000:]}") from None


def _run(command: list[str], environment: dict[str, str], log: Path) -> None:
    """Become the program: its environment, its arguments, its output at the end of the log."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
    os.close(output)
    faulthandler.register(DUMP_THREADS, file=2)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    tempfile.tempdir = None
    if command[0] == "gunicorn" and "METRICS_PORT" in environment:
        # Its processes count together only if that is known when prometheus_client is imported.
        os.execv(sys.executable, [sys.executable, "-m", *command])
    sys.argv = command
    try:
        if command[0] == "-c":
            sys.argv = ["-c", *command[2:]]
            exec(command[1], {"__name__": "__main__"})
        else:
            runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()  # multiprocessing ends a process without them
