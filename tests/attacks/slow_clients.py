"""Clients that hold a connection and do nothing with it, by the hundred."""

import select
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests.processes import PLAIN, ROOT

CLIENTS = 200
HEAD = "{method} {path} HTTP/1.1\r\nHost: altera.example\r\n"
UPLOAD = 2_000_000
SEGMENT = 1460
"""As on the internet: for the segments of loopback the system holds some megabytes a client."""


def half_a_head() -> bytes:
    return HEAD.format(method="GET", path="/healthz").encode()


def half_a_webhook() -> bytes:
    """No signature is needed to begin one."""
    head = HEAD.format(method="POST", path="/webhooks")
    return (head + "Content-Length: 5000\r\n\r\n{").encode()


def half_an_upload(key: str) -> bytes:
    """As much as the server takes before it looks at the key."""
    head = HEAD.format(method="POST", path="/api/v1/imports?type=redirects")
    head += f"Authorization: Bearer {key}\r\nContent-Length: {UPLOAD}\r\n\r\n"
    return head.encode() + b"Path,Target\n" * 50


def half_a_small_upload(key: str) -> bytes:
    return half_an_upload(key).replace(str(UPLOAD).encode(), b"2000")


def chunks_without_end(key: str) -> bytes:
    head = HEAD.format(method="POST", path="/api/v1/imports?type=redirects")
    head += f"Authorization: Bearer {key}\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + b"c\r\nPath,Target\n\r\n"


def many_questions() -> bytes:
    """Answers of more than the buffers of client, system and server hold."""
    files = (ROOT / "static").rglob("*")
    path = max(filter(Path.is_file, files), key=lambda path: path.stat().st_size)
    head = HEAD.format(method="GET", path=f"/{path.relative_to(ROOT)}") + "\r\n"
    return head.encode() * (8_000_000 // path.stat().st_size)


def a_file(path: str, key: str) -> bytes:
    head = HEAD.format(method="GET", path=path)
    return (head + f"Authorization: Bearer {key}\r\n\r\n").encode()


@contextmanager
def slow_clients(url: str, beginning: bytes, count: int = CLIENTS) -> Iterator[list[socket.socket]]:
    """So many clients that send this, and then neither send nor read."""
    address = httpx.URL(url).host, httpx.URL(url).port
    clients = []
    try:
        for _ in range(count):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
            client.connect(address)
            clients.append(client)
            client.sendall(beginning)
        yield clients
    finally:
        for client in clients:
            client.close()


def seconds_of_a_call(url: str, key: str) -> float:
    """How long another shop's calls take: the median of eleven, each on a connection of its own."""
    times, headers = [], {"Authorization": f"Bearer {key}"}
    for _ in range(11):
        start = time.monotonic()
        answer = httpx.get(f"{url}/api/v1/key", headers=headers, **PLAIN)
        times.append(time.monotonic() - start)
        assert answer.status_code == 200, answer.text
    return statistics.median(times)


def first_lines(clients: list[socket.socket]) -> Counter[str]:
    """How each was answered, as far as it was."""
    lines: Counter[str] = Counter()
    for client in clients:
        client.setblocking(False)
        with suppress(BlockingIOError, ConnectionResetError):
            lines[client.recv(4096).partition(b"\r\n")[0].decode()] += 1
    return lines


def still_open(clients: list[socket.socket], seconds: float) -> int:
    """How many the server has not closed so many seconds later. Nothing is read: what fills the
    buffers stays there."""
    waiter, left = select.poll(), {client.fileno() for client in clients}
    for client in left:
        waiter.register(client, select.POLLRDHUP)
    deadline = time.monotonic() + seconds
    while left and time.monotonic() < deadline:
        for client, _ in waiter.poll(100):
            waiter.unregister(client)
            left.discard(client)
    return len(left)
