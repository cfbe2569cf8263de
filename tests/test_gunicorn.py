"""How the server stops: what it has begun it ends, and nobody is let in to be sent away later."""

import threading
import time

import httpx
import pytest

from tests.cast import make_key
from tests.servers import web

BODY = b'{"types": ["products"]}'


def slowly(begun: threading.Event, go_on: threading.Event):
    """A body whose second half comes when it is asked for."""
    yield BODY[:9]
    begun.set()
    assert go_on.wait(120)
    yield BODY[9:]


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_stopping_server_ends_what_it_has_and_lets_nobody_in(
    shop, environment, tmp_path, processes
):
    _, text = make_key(shop, "products:export")
    headers = {"Authorization": f"Bearer {text}", "Content-Type": "application/json"}
    begun, go_on, answers = threading.Event(), threading.Event(), []

    with web(environment, tmp_path, WEB_CONCURRENCY=processes) as server:

        def call():
            length = {"Content-Length": str(len(BODY))}
            answers.append(
                httpx.post(
                    f"{server.url}/api/v1/exports",
                    content=slowly(begun, go_on),
                    headers=headers | length,
                    timeout=60,
                )
            )

        caller = threading.Thread(target=call)
        caller.start()
        assert begun.wait(120)
        assert httpx.get(f"{server.url}/healthz", timeout=60).is_success
        server.process.terminate()
        until_refused(server.url)
        assert server.process.poll() is None and not answers
        go_on.set()
        caller.join()
        assert server.process.wait(60) == 0
    [answer] = answers
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert [line for line in server.logged() if "gunicorn" in line["logger"]] == []


def until_refused(url: str) -> None:
    """New callers are refused, so that a proxy goes to another server; none is left waiting."""
    for _ in range(1200):
        try:
            httpx.get(f"{url}/healthz", timeout=10)
        except httpx.ConnectError:
            return
        time.sleep(0.05)
    raise AssertionError("the server still lets callers in")
