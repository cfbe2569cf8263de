"""How often one may call, and who pays for it."""

import threading
import time
from socket import create_server

import pytest

from app import create_app
from blueprints.rate_limits import UNKNOWN_KEYS, Memory
from config import read
from models import db
from models.api_key import CALLS_PER_MINUTE, ApiKey
from tests.cast import Script, make_key

UNKNOWN = "altera_" + "0" * 40 + "1cMAGE"


@pytest.fixture
def slow(app, shop):
    """A program with a key that may make three calls a minute."""
    key, text = make_key(shop, "products:export", name="Slow")
    key.calls_per_minute = 3
    db.session.commit()
    return Script(app, text)


def test_incident_13_one_call_is_charged_once_and_tells_what_is_left(slow):
    answers = [slow.get("/key") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [a.headers["RateLimit"].partition(";t=")[0] for a in answers] == [
        '"key";r=2',
        '"key";r=1',
        '"key";r=0',
    ]
    assert answers[0].headers["RateLimit-Policy"] == '"key";q=3;w=60'


def test_a_call_too_many_is_told_when_to_come_back(slow):
    for _ in range(3):
        slow.get("/key")
    answer = slow.get("/key")
    assert (answer.status_code, answer.json["code"]) == (429, "rate_limited")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit"].startswith('"key";r=0;t=')
    assert "3 in a minute" in answer.json["detail"]
    assert answer.json["type"].endswith("#quota-exceeded")
    assert answer.json["violated-policies"] == ["key"]


def test_a_call_without_the_permission_is_charged_too(slow):
    for _ in range(3):
        assert slow.post("/exports", json={"types": ["orders"]}).status_code == 403
    assert slow.get("/key").status_code == 429


def test_calls_on_a_plan_without_the_api_are_charged(slow, shop):
    shop.plan = "Free"
    db.session.commit()
    codes = [slow.get("/key").status_code for _ in range(5)]
    assert codes == [403] * 3 + [429] * 2


def test_all_addresses_of_one_ipv6_network_share_a_budget(slow, shop):
    """Whoever has one address of a /64 network has them all."""
    key = db.session.scalar(db.select(ApiKey))
    key.allowed_addresses = "127.0.0.1/32"
    db.session.commit()

    def called_from(address):
        return slow.get("/key", environ_base={"REMOTE_ADDR": address}).status_code

    assert [called_from(f"2001:db8:0:1::{n}") for n in range(1, 6)] == [403] * 3 + [429] * 2
    assert called_from("2001:db8:0:2::1") == 403


def test_calls_from_an_address_that_is_not_allowed_are_charged_to_that_address(slow, shop):
    key = db.session.scalar(db.select(ApiKey))
    key.allowed_addresses = "127.0.0.1/32"
    db.session.commit()
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}}
    codes = [slow.get("/key", **elsewhere).status_code for _ in range(5)]
    assert codes == [403] * 3 + [429] * 2
    assert slow.get("/key").headers["RateLimit"].startswith('"key";r=2;')
    third = slow.get("/key", environ_base={"REMOTE_ADDR": "198.51.100.9"})
    assert third.status_code == 403


def test_one_key_does_not_spend_anothers_budget(app, slow, script):
    for _ in range(4):
        slow.get("/key")
    assert script.get("/key").status_code == 200


def test_unknown_keys_are_limited_by_address_and_spend_no_real_keys_budget(app, slow):
    stranger = Script(app, UNKNOWN)
    codes = [stranger.get("/key").status_code for _ in range(UNKNOWN_KEYS + 2)]
    assert codes == [401] * UNKNOWN_KEYS + [429] * 2
    assert slow.get("/key").headers["RateLimit"].startswith('"key";r=2;')
    elsewhere = stranger.get("/key", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert elsewhere.status_code == 401


def test_the_limit_can_be_counted_elsewhere_and_its_failure_stops_nobody(environment, shop):
    nowhere = environment | {"RATE_LIMIT_STORAGE_URL": "redis://127.0.0.1:1/0"}
    other = create_app(read(nowhere))
    _, text = make_key(shop, "products:export", name="Elsewhere")
    with other.app_context():
        answer = other.test_client().get("/api/v1/key", headers={"Authorization": f"Bearer {text}"})
        db.engine.dispose()
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_a_storage_that_never_answers_keeps_a_call_waiting_for_a_moment_only(environment, shop):
    _, text = make_key(shop, "products:export", name="Elsewhere")
    with create_server(("127.0.0.1", 0)) as mute:
        url = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        other = create_app(read(environment | {"RATE_LIMIT_STORAGE_URL": url}))
        with other.app_context():
            started = time.monotonic()
            headers = {"Authorization": f"Bearer {text}"}
            answer = other.test_client().get("/api/v1/key", headers=headers)
            db.engine.dispose()
    assert answer.status_code == 200
    assert time.monotonic() - started < 10


def test_every_key_is_counted_and_told_what_is_left(script):
    assert script.get("/key").headers["RateLimit"].startswith(f'"key";r={CALLS_PER_MINUTE - 1};t=')


def test_counts_in_memory_start_again_with_each_window_and_leave_nothing_behind():
    memory = Memory()
    assert [memory.incr("key/1", 60) for _ in range(3)] == [1, 2, 3]
    memory.expirations["key/1"] -= 60
    assert memory.incr("key/1", 60) == 1
    memory.incr("key/2", 60)
    memory.expirations["key/2"] -= 60
    memory._swept = 0
    memory.incr("key/3", 60)
    assert set(memory.expirations) == set(memory.storage) == {"key/1", "key/3"}


def test_counting_in_memory_starts_no_thread():
    memory = Memory()
    memory.timer.join()
    before = set(threading.enumerate())
    for _ in range(100):
        memory.incr("key/1", 60)
    assert set(threading.enumerate()) <= before
