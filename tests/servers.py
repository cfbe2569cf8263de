"""Web servers and workers as they are deployed: gunicorn under its own settings, named workers."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.cast import free_port
from tests.processes import ROOT, running


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen
    log: Path

    def logged(self) -> list[dict]:
        """Every line that it has logged; each must be JSON."""
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines()]

    def stop(self) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.terminate()
        return self.process.wait(60)


@contextmanager
def web(environment: dict[str, str], folder: Path, name: str = "web", **more: str):
    """gunicorn on a free port until the block ends."""
    port, log = free_port(), folder / f"{name}.log"
    command = ["gunicorn", "--bind", f"127.0.0.1:{port}", "app:create_app()"]
    url = f"http://127.0.0.1:{port}"
    with running(command, environment | more, log, f"{url}/healthz") as process:
        yield Server(url, process, log)


@contextmanager
def worker(environment: dict[str, str], folder: Path, name: str, **more: str):
    """A worker of this name from when it is ready; started again it goes on in the same log."""
    log = folder / f"{name}.log"
    log.touch()
    ready = log.read_text().count("The worker is ready.")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker"],
            cwd=ROOT,
            env=os.environ | environment | {"WORKER_NAME": name} | more,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        while log.read_text().count("The worker is ready.") == ready:
            assert process.poll() is None, log.read_text()
            time.sleep(0.02)
        yield Server("", process, log)
    finally:
        process.terminate()
        assert process.wait(60) in (0, -signal.SIGKILL)
