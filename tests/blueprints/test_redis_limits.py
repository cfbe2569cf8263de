"""Limits that are counted in Redis hold over all processes."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from redis import Redis

from blueprints.rate_limits import UNKNOWN_KEYS, WINDOW
from models import db
from tests.cast import free_port, make_key
from tests.processes import PLAIN, running
from tests.redis_server import redis_server

UNKNOWN = "altera_" + "0" * 46


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory):
    with redis_server(tmp_path_factory.mktemp("redis")) as port:
        yield port


@pytest.fixture(scope="module")
def addresses(environment, application, redis_port, tmp_path_factory):
    """Two processes of one app that share a Redis."""
    ports = free_port(pair=True)
    log = tmp_path_factory.mktemp("two")
    settings = environment | {"RATE_LIMIT_STORAGE_URL": f"redis://127.0.0.1:{redis_port}/0"}
    command = ["gunicorn", "--config", "/dev/null", "--no-control-socket", "--threads", "4"]
    command += ["--log-level", "error", "app:create_app()", "--bind"]
    urls = [f"http://127.0.0.1:{port}" for port in (ports, ports + 1)]
    with (
        running([*command, urls[0][7:]], settings, log / "a", f"{urls[0]}/healthz"),
        running([*command, urls[1][7:]], settings, log / "b", f"{urls[1]}/healthz"),
    ):
        yield [f"{url}/api/v1/key" for url in urls]


@pytest.fixture
def empty(redis_port):
    with Redis(port=redis_port) as client:
        client.flushall()
        yield client


def call(address, text):
    return httpx.get(address, headers={"Authorization": f"Bearer {text}"}, **PLAIN)


def limited(shop, calls):
    key, text = make_key(shop, "products:export", name=f"At {calls}")
    key.calls_per_minute = calls
    db.session.commit()
    return text


def test_two_processes_charge_one_budget_and_each_call_once(addresses, shop, empty):
    text = limited(shop, 5)
    told = [call(addresses[number % 2], text) for number in range(7)]
    assert [answer.status_code for answer in told] == [200] * 5 + [429] * 2
    left = [answer.headers["RateLimit"].partition(";t=")[0] for answer in told]
    assert left == [f'"key";r={most}' for most in (4, 3, 2, 1, 0, 0, 0)]
    for answer in told[5:]:
        assert 1 <= int(answer.headers["Retry-After"]) <= WINDOW
        assert answer.headers["RateLimit-Policy"] == f'"key";q=5;w={WINDOW}'
    [counter] = empty.keys()
    assert int(empty.get(counter)) == 7 and 0 < empty.ttl(counter) <= WINDOW


def test_calls_at_the_same_time_pass_as_often_as_is_allowed(addresses, shop, empty):
    text = limited(shop, 20)
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: call(addresses[n % 2], text).status_code, range(60)))
    assert sorted(codes) == [200] * 20 + [429] * 40


def test_strangers_spend_their_own_budget_over_all_processes(addresses, shop, empty):
    text = limited(shop, 3)
    assert call(addresses[0], UNKNOWN).status_code == 401
    [counter] = empty.keys()
    empty.set(counter, UNKNOWN_KEYS - 1, keepttl=True)
    codes = [call(address, UNKNOWN).status_code for address in addresses * 2]
    assert codes == [401, 429, 429, 429]
    assert call(addresses[0], text).headers["RateLimit"].startswith('"key";r=2;')


def test_counts_that_are_lost_in_redis_begin_again_and_stop_nobody(addresses, shop, empty):
    text = limited(shop, 1)
    assert [call(addresses[0], text).status_code for _ in range(2)] == [200, 429]
    empty.flushall()
    assert call(addresses[1], text).status_code == 200
