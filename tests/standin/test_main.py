"""python -m standin starts, serves and stops."""

import signal
import time
from pathlib import Path

import httpx
import pytest

from standin.__main__ import AT_ONCE
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


def test_one_connection_carries_calls_at_once_and_later_ones_and_holds_up_no_stop(tmp_path, log):
    port = free_port()
    url = f"http://127.0.0.1:{port}/_standin/alice/id-token"
    process = start(log, **SETTINGS, STANDIN_DATA=str(tmp_path), STANDIN_PORT=str(port))
    try:
        wait_for(url)
        with httpx.Client(verify=False) as client:
            for pause in (0, 0, 3 * AT_ONCE):
                time.sleep(pause)
                answer = client.post(url)
                assert answer.json()["id_token"]
            process.terminate()
            assert process.wait(120) == 0
    finally:
        process.stop()


def wait_for(url):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            return httpx.post(url, verify=False)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
