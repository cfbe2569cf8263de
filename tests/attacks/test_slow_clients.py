"""Two hundred clients that stop half-way take nothing from anybody else, and are closed in time."""

import time
from contextlib import ExitStack, suppress

import httpx
import pytest

from config import Settings
from tests.attacks import slow_clients as attack
from tests.attacks.nginx import nginx
from tests.cast import make_key
from tests.processes import PLAIN
from tests.servers import web

PATIENCE = 3
MOST = 1
"""Seconds that a call may take more than ten that nobody delays. A client that stops holds what it
has for 20."""
PER_KEY, PER_SHOP = (
    Settings.model_fields[name].default for name in ("TRANSFERS_PER_KEY", "TRANSFERS_PER_SHOP")
)
KINDS = (
    "half_a_head",
    "half_a_webhook",
    "half_an_upload",
    "half_a_small_upload",
    "chunks_without_end",
    "many_questions",
)
"""Of attack's clients; the last is that of those who do not read."""


CREATE = """mutation ($product: ProductCreateInput!) {
  productCreate(product: $product) { userErrors { message } } }"""
LONG_TEXTS, LONG = 12, 400_000
"""Products whose texts make a file that neither the system's buffers nor nginx's hold."""
LONG_RUN = pytest.mark.everything
"""For those who do not read: the short run has them once at gunicorn, and once behind nginx, which
buffers no answer."""


@pytest.fixture
def server(request, environment, tmp_path):
    """The address of a server, alone or behind the proxy."""
    with web(environment, tmp_path) as server:
        if request.param == "gunicorn":
            yield server.url
        else:
            with nginx(server.url, tmp_path) as url:
                yield url


@pytest.fixture
def bob(other_shop):
    return make_key(other_shop, "products:export")[1]


def beginning(kind: str, key: str) -> bytes:
    make = getattr(attack, kind)
    return make(key) if make.__code__.co_argcount else make()


@pytest.mark.parametrize(
    ("server", "kinds"),
    [
        ("gunicorn", KINDS),
        ("nginx", KINDS[:-1]),
        pytest.param("nginx", KINDS[-1:], marks=LONG_RUN),
    ],
    indirect=["server"],
    ids=["gunicorn", "nginx", "nginx, who does not read"],
)
def test_slow_clients_of_every_kind_delay_nobody(server, kinds, store, bob):
    most = MOST + 10 * attack.seconds_of_a_call(server, bob)
    for kind in kinds:
        with attack.slow_clients(server, beginning(kind, store.key_text)):
            assert attack.seconds_of_a_call(server, bob) < most, kind


@pytest.mark.parametrize(
    "server", [pytest.param("gunicorn", marks=LONG_RUN), "nginx"], indirect=True
)
def test_who_does_not_read_a_file_delays_nobody(server, store, bob):
    store.tell("seed", products=1)
    for n in range(LONG_TEXTS):
        store.graphql(CREATE, product={"title": f"Tea {n}", "descriptionHtml": "x" * LONG})
    job = store.export("products", format="jsonl")
    path = f"/api/v1/exports/{job.id}/file"
    most = MOST + 10 * attack.seconds_of_a_call(server, bob)
    with attack.slow_clients(server, attack.a_file(path, store.key_text)) as clients:
        assert attack.seconds_of_a_call(server, bob) < most
        assert attack.first_lines(clients)["HTTP/1.1 429 TOO MANY REQUESTS"] > attack.CLIENTS / 2


def test_slow_clients_are_closed_in_time(environment, store, tmp_path):
    with web(environment, tmp_path, CLIENT_SECONDS=str(PATIENCE)) as server, ExitStack() as stack:
        clients = [
            client
            for kind in KINDS
            for client in stack.enter_context(
                attack.slow_clients(server.url, beginning(kind, store.key_text), 20)
            )
        ]
        assert attack.still_open(clients, 10 * PATIENCE) == 0
    assert [line for line in server.logged() if line["level"] == "error"] == []


SETTLED = 3
"""Seconds after which the server has seen the clients: one upload more, seen before the last of
them, would take its place, and that one would be refused instead."""


def test_a_key_and_a_shop_have_so_many_uploads_at_once(environment, store, bob, tmp_path):
    shop = store.shop
    with (
        web(environment, tmp_path, WEB_CONCURRENCY="1", CLIENT_SECONDS="600") as server,
        attack.slow_clients(server.url, attack.half_an_upload(store.key_text), PER_KEY) as held,
    ):
        time.sleep(SETTLED)
        answer = refused(server.url, store.key_text)
        assert answer["detail"].startswith("This key has too many uploads and downloads at once")
        keys = [make_key(shop, "redirects:import", name=f"Key {n}")[1] for n in range(3)]
        with attack.slow_clients(server.url, attack.half_an_upload(keys[0]), PER_SHOP - PER_KEY):
            time.sleep(SETTLED)
            answer = refused(server.url, keys[1])
            assert answer["detail"].startswith("Your store has too many uploads and downloads")
            assert attack.seconds_of_a_call(server.url, keys[2]) < 10 * MOST
        held[0].close()
        until_accepted(server.url, store.key_text)


def test_a_server_has_so_many_transfers_at_once_for_all_stores(
    environment, store, other_shop, tmp_path
):
    key = make_key(other_shop, "redirects:import")[1]
    places = {"WEB_CONCURRENCY": "1", "TRANSFERS": "2", "CLIENT_SECONDS": "600"}
    with (
        web(environment, tmp_path, **places) as server,
        attack.slow_clients(server.url, attack.half_an_upload(store.key_text), 2) as held,
    ):
        time.sleep(SETTLED)
        answer = refused(server.url, key, 503, "server_busy", "30")
        assert answer["detail"].startswith("There are too many uploads and downloads")
        assert attack.seconds_of_a_call(server.url, key) < 10 * MOST
        held[0].close()
        until_accepted(server.url, key)


def upload(url: str, key: str) -> httpx.Response:
    """One that the server may have to wait for; there is no redirect in it."""
    return httpx.post(
        f"{url}/api/v1/imports?type=redirects",
        content=b"Path,Target\n".ljust(attack.UPLOAD),
        headers={"Authorization": f"Bearer {key}"},
        **PLAIN,
    )


def refused(
    url: str, key: str, status: int = 429, code: str = "too_many_transfers", wait: str = "10"
) -> dict:
    """The problem of one upload too many, once those before it are seen."""
    deadline = time.monotonic() + 20
    while (answer := upload(url, key)).status_code != status and time.monotonic() < deadline:
        time.sleep(0.1)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Retry-After"] == wait
    return answer.json()


def until_accepted(url: str, key: str) -> None:
    deadline = time.monotonic() + 20
    while upload(url, key).status_code in (429, 503):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_only_for_uploads_the_server_waits(environment, bob, tmp_path):
    """What looks like the last chunk and is not brings no request to a thread: it is cut off."""
    body = b"19\r\n{" + b" " * 10 + b"\r\n0\r\n\r\n"
    head = attack.HEAD.format(method="POST", path="/api/v1/exports")
    head += f"Authorization: Bearer {bob}\r\nTransfer-Encoding: chunked\r\n\r\n"
    with web(environment, tmp_path, CLIENT_SECONDS="2") as server:
        with attack.slow_clients(server.url, head.encode() + body, 1) as [client]:
            client.settimeout(20)
            with suppress(ConnectionResetError):
                assert client.recv(4096) == b""
        answer = httpx.post(
            f"{server.url}/api/v1/exports",
            content=iter([b'{"types": ', b'["products"]}']),
            headers={"Authorization": f"Bearer {bob}", "Content-Type": "application/json"},
            **PLAIN,
        )
        assert answer.status_code == 202
