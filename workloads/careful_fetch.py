"""Fetching what stands at an address that a stranger chose, without serving as their hand.

Only https, only public addresses, and the connection goes to the very address that was looked at:
a second answer of the DNS changes nothing. No redirect is followed; size and time are bounded.
"""

import asyncio
import socket
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
import orjson

from shopify.tls import certificates

SECONDS, DNS_SECONDS = 4.0, 3.0
MOST_BYTES = 256 * 1024
MOST_ADDRESSES = 3
TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as a NAT64 gateway sees them (RFC 6052)."""
RESERVED = tuple(
    ip_network(text)
    for text in (
        *("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"),
        *("64:ff9b:1::/48", "2001::/23", "3fff::/20", "5f00::/16", "::/96", "::ffff:0:0:0/96"),
    )
)
"""What Python, or that before 3.12.4, takes for public: a cloud's own services at 192.0.0.192 and
168.63.129.16, and old ways to write an IPv4 address as one of IPv6, among it."""
_resolvers = ThreadPoolExecutor(32, "resolve")
"""Many, as a name server that does not answer holds one for half a minute."""


class NotFetched(Exception):
    """What is wrong with the address, or with what came; in words for whoever chose it."""


def fetch_json(url: str, private_origins: Collection[str] = ()) -> dict[str, Any]:
    """The JSON object at this address. Those of ``private_origins`` may be anywhere, and speak
    http. Raises NotFetched."""
    parts = _parts(url)
    private = f"{parts.scheme}://{parts.netloc}" in private_origins
    if parts.scheme != "https" and not private:
        raise NotFetched("the address does not begin with https://")
    found = _resolved(parts.hostname or "", parts.port or _port(parts.scheme))
    if not private and not all(map(is_public, found)):
        raise NotFetched("the address leads into a private network")
    try:
        body = asyncio.run(_within_time(parts, found[:MOST_ADDRESSES]))
        answer = orjson.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        raise NotFetched("there was no answer in time") from None
    except ValueError:
        raise NotFetched("the answer is no JSON") from None
    if not isinstance(answer, dict):
        raise NotFetched("the answer is no JSON object")
    return answer


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody in the internet can have this address, also one that stands for another."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    reserved = any(address in network for network in RESERVED)
    return address.is_global and not address.is_multicast and not reserved


def _parts(url: str) -> SplitResult:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise NotFetched("this is no address")
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.username is not None or parts.password is not None:
        raise NotFetched("this is no address")
    return parts


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _resolved(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    """The addresses of the host, each once."""
    asked: Future[list[Any]] = _resolvers.submit(
        socket.getaddrinfo, host, port, type=socket.SOCK_STREAM
    )
    try:
        answers = asked.result(DNS_SECONDS)
        found = [ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    except (OSError, UnicodeError, TooLate):
        asked.cancel()
        raise NotFetched("there is no such host") from None
    return list(dict.fromkeys(found))


async def _within_time(parts: SplitResult, found: list[IPv4Address | IPv6Address]) -> bytes:
    async with asyncio.timeout(SECONDS):
        for number, address in enumerate(found, 1):
            try:
                return await _get(parts, address)
            except httpx.ConnectError:
                if number == len(found):
                    raise
    raise NotFetched("there is no such host")


async def _get(parts: SplitResult, address: IPv4Address | IPv6Address) -> bytes:
    """The body, from exactly this address, with the certificate of the host's name."""
    host = f"[{address}]" if address.version == 6 else str(address)
    at = parts._replace(netloc=f"{host}:{parts.port or _port(parts.scheme)}", fragment="")
    headers = {"Host": parts.netloc, "Accept": "application/json", "Accept-Encoding": "identity"}
    body = b""
    async with (
        httpx.AsyncClient(verify=certificates(), trust_env=False, timeout=SECONDS) as client,
        client.stream(
            "GET", at.geturl(), headers=headers, extensions={"sni_hostname": parts.hostname}
        ) as response,
    ):
        if response.status_code != 200:
            raise NotFetched(f"the answer was {response.status_code}")
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MOST_BYTES:
                raise NotFetched("the answer is too large")
    return body
