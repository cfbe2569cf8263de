"""The keys of issuers: kept, renewed when they rotate, and good for a while in an outage."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest

from tests.workloads.issuer import FIRST, SECOND
from workloads import issuer_keys
from workloads.careful_fetch import NotFetched
from workloads.issuer_keys import (
    AGAIN,
    FRESH,
    MOST_ISSUERS,
    MOST_WAITING,
    OUTAGE,
    IssuerKeys,
    IssuerUnavailable,
    usable_keys,
)

ISSUER = "https://issuer.example"
DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
PUBLIC = {"first": FIRST.as_dict(private=False), "second": SECOND.as_dict(private=False)}


class Net:
    """The issuer as the fetch sees it, on a clock that is moved by hand."""

    def __init__(self) -> None:
        self.now, self.kids, self.down = 0.0, ["first"], False
        self.asked: list[str] = []
        self.kept: tuple[dict[str, Any], float] | None = None
        self.keys = self.process()

    def process(self) -> IssuerKeys:
        return IssuerKeys(self.fetch, clock=lambda: self.now, storage=self)

    def load(self, issuer: str) -> tuple[dict[str, Any], float] | None:
        return (self.kept[0], self.now - self.kept[1]) if self.kept else None

    def store(self, issuer: str, jwks: dict[str, Any]) -> None:
        self.kept = jwks, self.now

    def fetch(self, url: str, private: Collection[str]) -> dict[str, Any]:
        self.asked.append(url)
        if self.down:
            raise NotFetched("there was no answer in time")
        if url.endswith("openid-configuration"):
            issuer = url.removesuffix("/.well-known/openid-configuration")
            return {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
        return {"keys": [{**PUBLIC[kid], "kid": kid} for kid in self.kids]}

    def has(self, kid: str) -> bool:
        return self.keys.find(ISSUER, kid) is not None


@pytest.fixture
def net() -> Net:
    return Net()


def test_keys_are_fetched_once_for_many_tokens(net: Net) -> None:
    assert all(net.has("first") for _ in range(100))
    assert net.asked == [DISCOVERY, f"{ISSUER}/keys"]


def test_a_new_key_is_found_and_a_withdrawn_one_is_forgotten(net: Net) -> None:
    assert net.has("first")
    net.kids, net.now = ["first", "second"], AGAIN
    assert net.has("second")
    net.kids, net.now = ["second"], AGAIN + FRESH
    assert net.has("second")
    assert not net.has("first")


def test_key_ids_that_nobody_has_do_not_make_us_ask_again_and_again(net: Net) -> None:
    assert net.has("first")
    for number in range(100):
        net.now += 1
        assert not net.has(f"made up {number}")
    assert len(net.asked) <= 2 * (1 + 100 // AGAIN)


def test_an_outage_is_survived_for_a_while(net: Net) -> None:
    assert net.has("first")
    net.down = True
    for net.now in (FRESH, FRESH + AGAIN, OUTAGE):
        assert net.has("first")
    with pytest.raises(IssuerUnavailable):
        net.has("second")
    net.now = OUTAGE + 1
    with pytest.raises(IssuerUnavailable, match="no answer in time"):
        net.has("first")
    net.down, net.now = False, OUTAGE + 2 * AGAIN
    assert net.has("first")


def test_a_process_that_starts_in_an_outage_has_the_keys_of_the_one_before(net: Net) -> None:
    assert net.has("first")
    net.down, net.now = True, FRESH
    net.keys = net.process()
    assert net.has("first")
    net.now = OUTAGE + 1
    net.keys = net.process()
    with pytest.raises(IssuerUnavailable):
        net.has("first")


def test_what_another_process_has_just_fetched_is_not_fetched_again(net: Net) -> None:
    other = net.process()
    assert net.has("first")
    net.kids, net.now = ["second"], AGAIN
    assert net.has("second")
    asked = len(net.asked)
    assert other.find(ISSUER, "second")
    assert other.find(ISSUER, "first") is None
    assert len(net.asked) == asked


def test_few_wait_for_a_slow_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those for whom there is no room are refused at once, so that others' calls have threads."""
    monkeypatch.setattr(issuer_keys, "PATIENCE", 120.0)
    asked, answer = Event(), Event()
    refused: SimpleQueue[int] = SimpleQueue()

    def fetch(url: str, private: Collection[str]) -> dict[str, Any]:
        asked.set()
        answer.wait(120)
        raise NotFetched("there was no answer in time")

    def ask(number: int) -> None:
        with pytest.raises(IssuerUnavailable):
            keys.find(ISSUER, "first")
        refused.put(number)

    keys, many = IssuerKeys(fetch), 8
    with ThreadPoolExecutor(1 + MOST_WAITING + many) as pool:
        pool.submit(ask, 0)
        try:
            assert asked.wait(60)
            for number in range(MOST_WAITING + many):
                pool.submit(ask, number)
            for _ in range(many):
                refused.get(timeout=60)
            assert refused.empty()
        finally:
            answer.set()
    assert refused.qsize() == 1 + MOST_WAITING


def test_a_failure_is_not_repeated_by_every_token(net: Net) -> None:
    net.down = True
    for _ in range(50):
        with pytest.raises(IssuerUnavailable):
            net.has("first")
    assert net.asked == [DISCOVERY]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"issuer": "https://other.example", "jwks_uri": f"{ISSUER}/keys"},
        {"issuer": f"{ISSUER}/", "jwks_uri": f"{ISSUER}/keys"},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks_uri": None},
        {"issuer": ISSUER, "jwks_uri": {}},
    ],
)
def test_the_discovery_document_must_be_the_issuers_own(document: dict[str, Any]) -> None:
    with pytest.raises(IssuerUnavailable):
        IssuerKeys(lambda url, private: document).find(ISSUER, "first")


def test_only_a_private_issuer_may_have_its_keys_in_a_private_place() -> None:
    seen: list[tuple[str, set[str]]] = []

    def fetch(url: str, private: Collection[str]) -> dict[str, Any]:
        seen.append((url, set(private)))
        issuer = url.removesuffix("/.well-known/openid-configuration")
        return {"issuer": issuer, "jwks_uri": "http://10.0.0.1/keys", "keys": []}

    keys = IssuerKeys(fetch, ("http://10.0.0.1",))
    for issuer in (ISSUER, "http://10.0.0.1"):
        keys.find(issuer, "first")
    assert [private for _, private in seen] == [set(), set(), *[{"http://10.0.0.1"}] * 2]


def test_issuers_that_strangers_name_do_not_fill_the_memory(net: Net) -> None:
    for number in range(MOST_ISSUERS + 50):
        net.keys.find(f"https://issuer-{number}.example", "first")
    assert len(net.keys._known) == MOST_ISSUERS


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        [],
        {},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "x"},
        {"kty": "RSA", "kid": "x"},
        {"kty": "RSA", "kid": "x", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "kid": "x", "n": "!", "e": "AQAB"},
        {"kty": "EC", "kid": "x", "crv": "P-256", "x": "AA", "y": "AA"},
    ],
    ids=str,
)
def test_what_is_no_public_key_to_verify_with_is_left_out(jwk: Any) -> None:
    assert usable_keys({"keys": [jwk]}) == {}


@pytest.mark.parametrize("wrong", [{"kid": 7}, {"use": "enc"}, {"key_ops": ["sign"]}], ids=str)
def test_a_good_key_that_is_not_to_verify_with_is_left_out(wrong: dict[str, Any]) -> None:
    good = PUBLIC["first"] | {"kid": "x"}
    assert usable_keys({"keys": [good]})
    assert usable_keys({"keys": [good | wrong]}) == {}


def test_of_a_private_key_that_an_issuer_shows_only_the_public_part_is_kept() -> None:
    [key] = usable_keys({"keys": [FIRST.as_dict(private=True) | {"kid": "x"}]}).values()
    assert not key.is_private
