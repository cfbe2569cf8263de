"""`make run`, as a person starts and stops it."""

import io
import os
import select
import socket
import time
from contextlib import contextmanager
from pathlib import Path

import httpx

from scripts.local import HOST, free_pair, taken
from tests.cast import free_port
from tests.forked import Program
from tests.processes import PLAIN, StandIn


@contextmanager
def start(folder: Path, port: int):
    """``make run``, the lines that it has printed up to the one with the address, and the pipe from
    which those to come are read."""
    pipe = folder / "printed"
    os.mkfifo(pipe)
    told = {"PORT": str(port), "VAR": str(folder / "var"), "WEB_CONCURRENCY": "1"}
    process = Program(["scripts.run"], told, pipe)
    with pipe.open("rb", buffering=0) as lines:
        printed = []
        for line in lines:
            printed.append(line.decode())
            if line.startswith(b"Open http://localhost:"):
                break
        yield process, printed, lines


def test_the_address_is_the_last_line_and_all_is_stopped_however_often_it_is_asked(tmp_path):
    port = free_port(pair=True)
    with start(tmp_path, port) as (process, printed, lines):
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
            after = rest(lines)
    assert once, "it needs to be asked only once"
    assert process.returncode == 0
    assert printed[-1] == f"Open http://localhost:{port + 1}\n"
    assert after == b""


def rest(pipe: io.FileIO) -> bytes:
    """What comes until no program holds the pipe any more."""
    read = b""
    while select.select([pipe], [], [], 60)[0]:
        if not (piece := pipe.read(65536)):
            return read
        read += piece
    raise TimeoutError(f"a program still runs: {read!r}")


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
