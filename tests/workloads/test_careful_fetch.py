"""An address that a stranger chose is fetched only where nothing of ours can be reached by it."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from tests.workloads.issuer import Issuer, running_issuer
from workloads import careful_fetch
from workloads.careful_fetch import MOST_BYTES, NotFetched, fetch_json, is_public

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.0.192",
    "168.63.129.16",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::a9fe:a9fe",
    "::ffff:127.0.0.1",
    "::ffff:0:7f00:1",
    "5f00::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "64:ff9b:1::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["140.82.112.3", "8.8.8.8", "2606:50c0:8000::153", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.fixture(scope="module")
def server() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(server: Issuer) -> Issuer:
    server.reset()
    return server


def why_not(url: str, *private: str) -> str:
    with pytest.raises(NotFetched) as raised:
        fetch_json(url, private)
    return str(raised.value)


@pytest.mark.parametrize("text", PRIVATE)
def test_addresses_of_private_networks_are_known(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_addresses_of_the_internet_are_known(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]"],
)
def test_however_a_private_address_is_written_nothing_connects(issuer: Issuer, host: str) -> None:
    port = issuer.url.rpartition(":")[2]
    assert why_not(f"https://{host}:{port}/keys") in (
        "the address leads into a private network",
        "there is no such host",
    )
    assert issuer.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example/keys",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//127.0.0.1/",
        "https://",
        "https:///keys",
        "https://user@issuer.example/",
        "https://user:password@issuer.example/",
        "https://issuer.example:0/",
        "https://issuer.example:99999/",
        "https://issuer.example\\@127.0.0.1/",
        "https://issuer.example /",
        "https://issuer.example/\r\nX: y",
        "https://issuеr.example/",
        "https://[::1/",
        "https://no-such-host.invalid/",
    ],
)
def test_what_is_no_https_address_is_refused(url: str) -> None:
    assert why_not(url)


def test_a_host_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = resolver(monkeypatch, ["140.82.112.3", "127.0.0.1"])
    assert why_not("https://issuer.example/keys") == "the address leads into a private network"
    assert len(answers) == 1


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, issuer: Issuer
) -> None:
    """The name is asked for once: no second answer can lead elsewhere."""
    port = issuer.url.rpartition(":")[2]
    origin = f"http://issuer.example:{port}"
    asked = resolver(monkeypatch, ["127.0.0.1"])
    assert fetch_json(f"{origin}/keys", (origin,))["keys"]
    assert asked == ["issuer.example"]


def resolver(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> list[str]:
    """Have the DNS answer so; what it is asked for."""
    asked: list[str] = []
    genuine = socket.getaddrinfo

    def answer(host: str, port: int, *more: Any, **options: Any) -> list[Any]:
        if host in addresses:
            return genuine(host, port, *more, **options)
        asked.append(host)
        kind = socket.SOCK_STREAM
        return [(socket.AF_INET, kind, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_a_listed_issuer_may_be_private_and_no_other(issuer: Issuer) -> None:
    assert fetch_json(f"{issuer.url}/keys", (issuer.url,))["keys"]
    for other in ("http://127.0.0.1", f"{issuer.url}0", issuer.url.replace("http", "https")):
        assert "https://" in why_not(f"{issuer.url}/keys", other)


def test_no_redirect_is_followed(issuer: Issuer) -> None:
    issuer.documents["/keys"] = (302, {"Location": f"{issuer.url}/elsewhere"}, {})
    assert why_not(f"{issuer.url}/keys", issuer.url) == "the answer was 302"
    assert issuer.asked == ["/keys"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"keys"', b"\xff"])
def test_what_is_no_json_object_is_refused(issuer: Issuer, body: bytes) -> None:
    issuer.documents["/keys"] = (200, {}, body)
    assert "JSON" in why_not(f"{issuer.url}/keys", issuer.url)


def test_no_more_is_read_than_a_key_set_needs(issuer: Issuer) -> None:
    body = b'{"keys":"' + b"x" * (MOST_BYTES + 1)
    for headers in ({}, {"Content-Length": str(10**12)}):
        issuer.documents["/keys"] = (200, headers, body)
        assert why_not(f"{issuer.url}/keys", issuer.url) == "the answer is too large"


def test_a_slow_answer_is_given_up(monkeypatch: pytest.MonkeyPatch, issuer: Issuer) -> None:
    monkeypatch.setattr(careful_fetch, "SECONDS", 0.2)
    issuer.pause = 5
    assert why_not(f"{issuer.url}/keys", issuer.url) == "there was no answer in time"
