"""python -m standin starts, serves and stops."""

import os
import signal
import subprocess
import sys
import time

import httpx
import pytest

from tests.cast import free_port

SETTINGS = {"SHOPIFY_CLIENT_ID": "a", "SHOPIFY_CLIENT_SECRET": "b"}


def start(**settings):
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("SHOPIFY_", "STANDIN_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "standin"], env=plain | settings, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (SETTINGS, "STANDIN_DATA"),
        (SETTINGS | {"STANDIN_DATA": "x", "STANDIN_PORT": "80x"}, "STANDIN_PORT"),
        ({"STANDIN_DATA": "x"}, "SHOPIFY_CLIENT_ID"),
    ],
)
def test_a_bad_setting_stops_the_start_by_name(settings, name):
    process = start(**settings)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert name in said and len(said.splitlines()) == 1


def test_it_serves_until_it_is_interrupted(tmp_path):
    port = free_port()
    process = start(**SETTINGS, STANDIN_DATA=str(tmp_path), STANDIN_PORT=str(port))
    try:
        response = wait_for(f"http://127.0.0.1:{port}/_standin/alice/id-token")
        assert response.json()["id_token"]
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    assert process.returncode == 0 and said == ""


def wait_for(url):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            return httpx.post(url, verify=False)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
