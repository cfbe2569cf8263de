"""How the server stops: what it has begun it ends, and nobody is let in to be sent away later."""

import socket
import threading
import time
from contextlib import suppress

import httpx
import pytest

from tests.cast import make_key
from tests.processes import PLAIN
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
                    **PLAIN,
                )
            )

        caller = threading.Thread(target=call)
        caller.start()
        assert begun.wait(120)
        assert httpx.get(f"{server.url}/healthz", **PLAIN).is_success
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
            httpx.get(f"{url}/healthz", timeout=10, verify=False)
        except httpx.ConnectError:
            return
        time.sleep(0.05)
    raise AssertionError("the server still lets callers in")


def answers_to(url: str, *parts: bytes) -> bytes:
    """What the server answers to bytes that are sent apart, up to the end of the connection."""
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port), timeout=60) as client:
        for part in parts:
            client.sendall(part)
            time.sleep(0.01)
        answer = b""
        while data := client.recv(65536):
            answer += data
    return answer


def test_a_request_may_come_byte_by_byte_and_two_at_once(environment, tmp_path):
    ask = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    last = ask.replace(b"Host: a", b"Host: a\r\nConnection: close")
    with web(environment, tmp_path) as server:
        whole = answers_to(server.url, ask + ask + last)
        assert whole.count(b"HTTP/1.1 200 OK") == whole.count(b'{"status":"ok"}') == 3
        pieces = answers_to(server.url, *(bytes([byte]) for byte in ask + last))
        assert pieces.count(b"HTTP/1.1 200 OK") == 2


def test_who_expects_to_be_told_to_continue_is(environment, tmp_path):
    head = b"POST /webhooks HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n"
    with web(environment, tmp_path) as server:
        answer = answers_to(server.url, head + b"Content-Length: 2\r\n\r\n", b"{}")
        assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert b"HTTP/1.1 401" in answer


@pytest.mark.parametrize("body", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}xx0\r\n\r\n", b"5\r\n{}"])
def test_malformed_chunks_are_the_senders_fault(shop, environment, tmp_path, body):
    _, text = make_key(shop, "redirects:import")
    head = "POST /api/v1/imports?type=redirects HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    head += f"Authorization: Bearer {text}\r\nTransfer-Encoding: chunked\r\n\r\n"
    with web(environment, tmp_path) as server:
        address = httpx.URL(server.url)
        with socket.create_connection((address.host, address.port), timeout=60) as client:
            client.sendall(head.encode() + body)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(65536).startswith(b"HTTP/1.1 400 BAD REQUEST")
    assert [line for line in server.logged() if line["level"] == "error"] == []


def test_malformed_heads_are_answered(environment, tmp_path):
    malformed = (
        b"Host: a\r\nHost: b",
        b"Content-Length: -5",
        b"Content-Length: 2\r\nContent-Length: 3",
    )
    with web(environment, tmp_path) as server:
        for fields in malformed:
            answer = answers_to(server.url, b"GET /healthz HTTP/1.1\r\n" + fields + b"\r\n\r\n{}")
            assert answer.startswith(b"HTTP/1.1 400 Bad Request")
    assert [line for line in server.logged() if line["level"] == "error"] == []


@pytest.mark.parametrize(
    "body",
    [b"\r\n0" * 20_000, b"fffff\r\n" + b"\r\n0" * 20_000, b"1\r\na\r\n" * 10_000, b"0\r\na: b\r\n"],
    ids=["no chunks", "in a chunk", "many chunks", "trailers"],
)
def test_chunks_that_do_not_end_delay_nobody(environment, tmp_path, body):
    """The loop looks at them whenever a byte comes: it must not begin again each time."""
    head = b"POST /webhooks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    with web(environment, tmp_path, WEB_CONCURRENCY="1") as server:
        address = httpx.URL(server.url)
        with socket.create_connection((address.host, address.port), timeout=60) as client:
            client.sendall(head + body)
            for _ in range(20):
                with suppress(OSError):  # what is no chunk was answered
                    client.sendall(b"1")
                start = time.monotonic()
                assert httpx.get(f"{server.url}/healthz", timeout=10, verify=False).is_success
                assert time.monotonic() - start < 5


def test_chunks_are_whole_wherever_they_are_cut(environment, tmp_path):
    head = b"POST /webhooks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"2;a=b\r\n{}\r\n1\r\n \r\n000\r\nA: b\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with web(environment, tmp_path) as server:
        for parts in ((head + body + last,), tuple(bytes([byte]) for byte in head + body + last)):
            answer = answers_to(server.url, *parts)
            assert answer.count(b"HTTP/1.1 401") == answer.count(b"HTTP/1.1 200 OK") == 1
