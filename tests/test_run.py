"""`make run`, as a person starts and stops it."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from scripts.local import HOST, free_pair, taken
from tests.cast import free_port
from tests.processes import PLAIN, ROOT, StandIn


def start(folder: Path, port: int) -> tuple[subprocess.Popen[str], list[str]]:
    """``make run``, and the lines that it has printed up to the one with the address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.run"],
        cwd=ROOT,
        env=os.environ | {"PORT": str(port), "VAR": str(folder / "var"), "WEB_CONCURRENCY": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    printed = []
    assert process.stdout
    for line in process.stdout:
        printed.append(line)
        if line.startswith("Open http://localhost:"):
            break
    return process, printed


def test_the_address_is_the_last_line_and_all_is_stopped_however_often_it_is_asked(tmp_path):
    port = free_port(pair=True)
    process, printed = start(tmp_path, port)
    try:
        token = StandIn(port + 1).tell("demo.myshopify.com", "id-token")["id_token"]
        headers = {"Authorization": f"Bearer {token}"}
        for tab in ("keys", "plan"):  # Shopify is asked for the shop and for its plan
            page = f"http://localhost:{port}/settings/{tab}/"
            assert httpx.get(page, headers=headers, **PLAIN).status_code == 200
    finally:
        process.terminate()
        once = until_it_stops(port)
        while process.poll() is None:
            process.terminate()
            time.sleep(0.05)
        after, _ = process.communicate(timeout=60)  # when no program holds the pipe any more
    assert once, "it needs to be asked only once"
    assert process.returncode == 0
    assert printed[-1] == f"Open http://localhost:{port + 1}\n"
    assert after == ""


def until_it_stops(port: int) -> bool:
    """Whether the app stops to listen."""
    end = time.monotonic() + 30
    while taken(port) and time.monotonic() < end:
        time.sleep(0.01)
    return not taken(port)


def test_a_pair_of_ports_is_free_only_when_both_are():
    port = free_port(pair=True)
    for busy in (port, port + 1):
        with socket.create_server((HOST, busy)):
            assert free_pair([port, free := free_port(pair=True)]) == free
    assert free_pair([port]) == port
    assert free_pair() >= 20_000
