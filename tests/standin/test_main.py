"""python -m standin starts, serves and stops."""

import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.cast import free_port
from tests.forked import Program

SETTINGS = {"SHOPIFY_CLIENT_ID": "a", "SHOPIFY_CLIENT_SECRET": "b"}


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


def start(log: Path, **settings: str) -> Program:
    none = dict.fromkeys(("SHOPIFY_CLIENT_ID", "STANDIN_DATA"), "")
    return Program(["standin"], none | settings, log)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (SETTINGS, "STANDIN_DATA"),
        (SETTINGS | {"STANDIN_DATA": "x", "STANDIN_PORT": "80x"}, "STANDIN_PORT"),
        ({"STANDIN_DATA": "x"}, "SHOPIFY_CLIENT_ID"),
    ],
)
def test_a_bad_setting_stops_the_start_by_name(settings, name, log):
    assert start(log, **settings).wait(120) == 1
    said = log.read_text()
    assert name in said and len(said.splitlines()) == 1


def test_it_serves_until_it_is_interrupted(tmp_path, log):
    port = free_port()
    process = start(log, **SETTINGS, STANDIN_DATA=str(tmp_path), STANDIN_PORT=str(port))
    try:
        response = wait_for(f"http://127.0.0.1:{port}/_standin/alice/id-token")
        assert response.json()["id_token"]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
    assert log.read_text() == ""


def wait_for(url):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            return httpx.post(url, verify=False)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
