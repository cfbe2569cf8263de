"""Files that we fetch ourselves from the addresses of a merchant's file.

An address is anybody's word, and we stand behind our own firewall: only public addresses are
connected to, on the usual ports, by the very address that was checked, so that no name can lead
elsewhere in between. What comes is bounded in size and time, and is streamed.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import BinaryIO
from urllib.parse import urljoin

import httpcore
import httpx

from shopify.tls import certificates

PORTS = {"http": 80, "https": 443}
REDIRECTS = 3
SECONDS, CONNECT, READ = 300.0, 10.0, 30.0
"""How long a file may take altogether, a connection, and a part of the file."""
TOO_LONG = "it took too long."
MEGABYTE = 1_000_000
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out for the public internet."""

Endpoint = tuple[str, int]
"""An IP address and a port."""


class NotFetched(Exception):
    """Why a file was not fetched, in words that follow its name; they do not tell its address."""


class _Timed(httpcore.NetworkStream):
    """A connection that is given up at a moment, in whatever part of an answer it drips."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float):
        self._stream, self._ends = stream, ends

    def _left(self, timeout: float | None) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise NotFetched(TOO_LONG)
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._ends)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _PublicOnly(httpcore.SyncBackend):
    """Connects to public addresses, and to those that are ``trusted``, until a moment."""

    def __init__(self, trusted: Collection[Endpoint], ends: float):
        super().__init__()
        self._trusted, self._ends = trusted, ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        usual = port in PORTS.values()
        there = [
            address
            for address in _addresses(host, port)
            if (address, port) in self._trusted or (usual and is_public(address))
        ]
        if not there:
            raise NotFetched("its address is not a public one.")
        for address in there[:-1]:
            with suppress(httpcore.NetworkError, httpcore.TimeoutException):
                found = super().connect_tcp(address, port, timeout, local_address, socket_options)
                return _Timed(found, self._ends)
        found = super().connect_tcp(there[-1], port, timeout, local_address, socket_options)
        return _Timed(found, self._ends)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour or ip.teredo or ip not in GLOBAL_UNICAST:
            return False  # leads to an IPv4 address, or stays in a network
    return ip.is_global and not ip.is_multicast


def endpoints(url: str) -> set[Endpoint]:
    """Where the host of an address can be connected to."""
    parsed = httpx.URL(url)
    port = parsed.port or PORTS.get(parsed.scheme, 443)
    try:
        return {(address, port) for address in _addresses(parsed.host, port)}
    except NotFetched:
        return set()


def fetch(
    url: str,
    file: BinaryIO,
    *,
    most: int,
    seconds: float = SECONDS,
    trusted: Collection[Endpoint] = (),
) -> int:
    """Write what is behind an address into a file; how many bytes it has. Or NotFetched."""
    ends = time.monotonic() + seconds
    backend = _PublicOnly(trusted, ends)
    with httpcore.ConnectionPool(ssl_context=certificates(), network_backend=backend) as pool:
        for _ in range(REDIRECTS + 1):
            try:
                further = _once(pool, url, file, most)
            except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
                late = time.monotonic() >= ends
                raise NotFetched(TOO_LONG if late else "its address does not answer.") from None
            if not further:
                return file.tell()
            url = further
    raise NotFetched("its address leads on and on.")


def _once(pool: httpcore.ConnectionPool, url: str, file: BinaryIO, most: int) -> str:
    """Fetch it, or tell where it is instead."""
    target = _target(url)
    limits = {"connect": CONNECT, "read": READ, "write": READ, "pool": CONNECT}
    headers = [
        (b"Host", httpx.URL(url).netloc),
        (b"Accept-Encoding", b"identity"),
        (b"User-Agent", b"Altera"),
    ]
    request = pool.stream("GET", target, headers=headers, extensions={"timeout": limits})
    with request as response:
        named = {name.lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in (301, 302, 303, 307, 308) and b"location" in named:
            return _led_to(url, named[b"location"])
        if response.status != 200:
            raise NotFetched(f"its address answers {response.status}.")
        for part in response.iter_stream():
            file.write(part)
            if file.tell() > most:
                raise NotFetched(f"it is larger than {most // MEGABYTE:,} MB.")
    if not file.tell():
        raise NotFetched("it is empty.")
    return ""


def _led_to(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotFetched("its address leads to what is not one.") from None


def _target(url: str) -> httpcore.URL:
    try:
        parsed = httpx.URL(url)
        host = parsed.host
    except (httpx.InvalidURL, ValueError):
        raise NotFetched("its address is not one.") from None
    if parsed.scheme not in PORTS or not host or parsed.userinfo:
        raise NotFetched("its address is not one of the web.")
    return httpcore.URL(
        scheme=parsed.raw_scheme,
        host=parsed.raw_host,
        port=parsed.port,
        target=parsed.raw_path,
    )


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched("its address does not exist.") from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))
