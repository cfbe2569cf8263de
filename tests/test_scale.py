"""What compose.yaml describes, without containers: PostgreSQL, Redis, two web servers behind a
proxy that takes turns, two named workers. What one process does another sees, and no death loses
a job."""

import re
import socket
import threading
import time
from contextlib import contextmanager, suppress
from itertools import cycle

import httpx
import pytest
from flask_migrate import upgrade

from app import create_app
from config import read
from models import db
from models.job import MOVING
from tests.cast import ALICE
from tests.databases import fresh_database
from tests.processes import PLAIN
from tests.redis_server import redis_server
from tests.servers import web, worker
from tests.transfer.store import Store

pytestmark = pytest.mark.slow

COUNT = "query { urlRedirectsCount(limit: null) { count } }"
ROWS = 120
"""More than a worker applies in one step, so that an import can be seen under way."""


@contextmanager
def taking_turns(*addresses: str):
    """A proxy that gives each connection to the next server; yields its address."""
    turns = cycle([httpx.URL(address).port for address in addresses])
    listener = socket.create_server(("127.0.0.1", 0))

    def pipe(source, target):
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def join(client, server):
        with client, server:
            back = threading.Thread(target=pipe, args=(server, client))
            back.start()
            pipe(client, server)
            back.join()

    def accept():
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", next(turns)))
                threading.Thread(target=join, args=(client, server), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


@pytest.fixture(scope="module")
def settings(postgresql, standin, tmp_path_factory):
    """The settings of all processes: Redis and a database of their own, made by migrations."""
    with redis_server(tmp_path_factory.mktemp("redis")) as port:
        yield together(standin) | {
            "DATABASE_URL": fresh_database(postgresql, "scaled"),
            "RATE_LIMIT_STORAGE_URL": f"redis://127.0.0.1:{port}/0",
        }


def together(standin):
    return {
        "APP_URL": "http://localhost",
        "SECRET_KEY": "ef" * 32,
        "KEY_PEPPERS": "1:" + "ab" * 32,
        "ENCRYPTION_KEYS": "1:" + "cd" * 32,
        "SHOPIFY_CLIENT_ID": "altera-test",
        "SHOPIFY_CLIENT_SECRET": "c" * 64,
        "SHOPIFY_ORIGIN": standin.url.replace("localhost", "127.0.0.1") + "/{shop}",
        "WEB_CONCURRENCY": "1",
    }


@pytest.fixture(scope="module")
def store(settings, standin):
    app = create_app(read(settings))
    with app.app_context():
        upgrade()
        yield Store(app, standin, ALICE)
        db.session.remove()
        db.engine.dispose()


def until(ask, wanted, seconds=240):
    """What ``ask`` answers once it is as wanted."""
    deadline = time.monotonic() + seconds
    while not wanted(answer := ask()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.5)  # more often, the asking would be most of what the servers do
    return answer


def test_two_of_each_do_what_one_does_and_survive_the_death_of_either(store, settings, tmp_path):
    headers = {"Authorization": f"Bearer {store.key_text}"}
    file = "Path,Command,Target\n" + "".join(f"/p{n},NEW,/t\n" for n in range(ROWS))
    with (
        web(settings, tmp_path, "web-1") as one,
        web(settings, tmp_path, "web-2") as two,
        taking_turns(one.url, two.url) as proxy,
    ):

        def call(method, path, **more):
            """Each call comes on a connection of its own, so at the other server's."""
            answer = httpx.request(method, proxy + path, headers=headers, **PLAIN, **more)
            assert answer.is_success, answer.text
            return answer

        with worker(settings, tmp_path, "worker-2"):
            with worker(settings, tmp_path, "worker-1") as first:
                ready = httpx.get(f"{two.url}/readyz", **PLAIN)
                assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
                store.misbehave(slow_ms=100)
                imports = [
                    call("POST", "/api/v1/imports?type=redirects", content=file.replace("/p", p))
                    for p in ("/a", "/b", "/c")
                ]
                paths = [f"/api/v1/imports/{answer.json()['id']}" for answer in imports]
                seen = [
                    httpx.get(w.url + paths[0], headers=headers, **PLAIN).json() for w in (one, two)
                ]
                assert [job["id"] for job in seen] == [imports[0].json()["id"]] * 2
                for path in paths[:2]:
                    until(lambda path=path: call("GET", path).json(), started)
                first.process.kill()
                first.process.wait()
            store.misbehave()
            with worker(settings, tmp_path, "worker-1"):
                for path in paths:
                    done = until(lambda path=path: call("GET", path).json(), over)
                    assert (done["status"], done["counts"]["created"]) == ("completed", ROWS)
                assert store.graphql(COUNT)["urlRedirectsCount"]["count"] == 3 * ROWS
                asked = call("POST", "/api/v1/exports", json={"types": ["redirects"]}).json()
                path = f"/api/v1/exports/{asked['id']}"
                assert until(lambda: call("GET", path).json(), over)["rows"] == 3 * ROWS
                files = {call("GET", f"{path}/file").content for _ in range(2)}
                assert len(files) == 1
        if (seconds := left(call("GET", "/api/v1/key"))[1]) <= 20:
            time.sleep(seconds + 1)  # the calls to come are of one minute
        calls = [left(call("GET", "/api/v1/key"))[0] for _ in range(4)]
        assert calls == list(range(calls[0], calls[0] - 4, -1))
        assert httpx.get(f"{one.url}/readyz", **PLAIN).json()["missing"] == ["worker"]


def left(answer):
    """The calls that the key has left in its minute, and the seconds of that, as it is told."""
    [(calls, seconds)] = re.findall(r"r=(\d+);t=(\d+)", answer.headers["RateLimit"])
    return int(calls), int(seconds)


def started(job):
    return job["status"] == "applying" and job["progress"]["done"] > 0


def over(job):
    return job["status"] not in MOVING
