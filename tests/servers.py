"""Web servers and workers as they are deployed: gunicorn under its own settings, named workers."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.cast import free_port
from tests.forked import Program
from tests.processes import running


@dataclass(frozen=True)
class Server:
    url: str
    process: Program
    log: Path

    def logged(self) -> list[dict[str, Any]]:
        """Every line that it has logged; each must be JSON."""
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines()]

    def stop(self) -> int:
        """Ask it to stop, and return its exit code."""
        return self.process.stop()


@contextmanager
def web(
    environment: dict[str, str], folder: Path, name: str = "web", **more: str
) -> Iterator[Server]:
    """gunicorn on a free port until the block ends."""
    port, log = free_port(), folder / f"{name}.log"
    command = ["gunicorn", "--bind", f"127.0.0.1:{port}", "app:create_app()"]
    url = f"http://127.0.0.1:{port}"
    with running(command, environment | more, log, f"{url}/healthz") as process:
        yield Server(url, process, log)


@contextmanager
def worker(environment: dict[str, str], folder: Path, name: str, **more: str) -> Iterator[Server]:
    """A worker of this name from when it is ready; started again it goes on in the same log."""
    log = folder / f"{name}.log"
    log.touch()
    ready = log.read_text().count("The worker is ready.")
    process = Program(["worker"], environment | {"WORKER_NAME": name} | more, log)
    try:
        while log.read_text().count("The worker is ready.") == ready:
            assert process.poll() is None, log.read_text()
            time.sleep(0.02)
        yield Server("", process, log)
    finally:
        assert process.stop() in (0, -signal.SIGKILL)
