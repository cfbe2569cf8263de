"""Start app, worker and stand-in, say where to look, and stop all of it together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask_migrate import upgrade

from app import create_app
from config import BadSettings, read
from scripts.local import HOST, settings, taken

PATIENCE = 60
"""Seconds that the processes may take to answer."""
GRACE = 8
"""Seconds that they may take to stop."""

Running = dict[str, subprocess.Popen[bytes]]


def main() -> int | str:
    port, var = os.environ.get("PORT", "8000"), Path(os.environ.get("VAR", "var"))
    if not port.isdecimal() or not 0 < int(port) < 65535:
        return f"PORT is {port!r}: name a port between 1 and 65534, as in `make run PORT=8000`."
    for wanted in (int(port), int(port) + 1):
        if taken(wanted):
            return f"Port {wanted} is taken. Choose another pair: make run PORT=8100 VAR=var2"
    var.mkdir(parents=True, exist_ok=True)
    environment = settings(var, int(port))
    try:
        app = create_app(read(environment))
    except BadSettings as error:
        return str(error)
    with app.app_context():
        upgrade()
    return _run(environment, int(port))


def _run(environment: dict[str, str], port: int) -> int | str:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    python = [sys.executable, "-m"]
    processes = {
        "app": python + ["gunicorn", "--bind", f"{HOST}:{port}", "app:create_app()"],
        "worker": python + ["worker"],
        "stand-in": python + ["standin"],
    }
    running = {
        name: subprocess.Popen(command, env=environment, start_new_session=True)
        for name, command in processes.items()
    }
    try:
        addresses = (f"http://{HOST}:{port}/healthz", f"http://{HOST}:{port + 1}/")
        if died := _wait_for(running, addresses):
            return f"The {died} did not start. What it said stands above."
        print(f"Open http://localhost:{port + 1}", flush=True)
        return f"The {_wait_for(running, ())} has stopped; so does the rest."
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(running)


def _wait_for(running: Running, addresses: tuple[str, ...]) -> str | None:
    """Wait until every address answers (with none: for ever); return who died meanwhile."""
    deadline = time.monotonic() + PATIENCE
    while not (addresses and all(map(_answers, addresses))):
        for name, process in running.items():
            if process.poll() is not None:
                return name
        if addresses and time.monotonic() > deadline:
            return "app or the stand-in"
        time.sleep(0.2)
    return None


def _answers(address: str) -> bool:
    try:
        return bool(urlopen(address, timeout=2).status == 200)
    except (URLError, OSError):
        return False


def _stop(running: Running) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in running.values():
            if process.poll() is None:
                os.killpg(process.pid, number)
        deadline = time.monotonic() + GRACE
        while any(process.poll() is None for process in running.values()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
