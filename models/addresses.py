"""Internet addresses as people write them: one address, or a list of addresses and ranges."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from translations import _

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MAX_RANGES = 100
MAPPED = IPv6Network("::ffff:0:0/96")


@lru_cache(4096)
def address(text: str) -> Address | None:
    """The address that is written here, IPv4 where it is mapped into IPv6; None for no address."""
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def network(text: str) -> Network:
    """The range of one address or CIDR; bits beyond its length do not count.

    Raises ValueError for anything else.
    """
    if "%" in text:
        raise ValueError("a zone is no part of a range")
    found = ip_network(text, strict=False)
    if found.version == 6 and found.prefixlen >= 96 and found.subnet_of(MAPPED):
        start = IPv4Address(int(found.network_address) & 0xFFFFFFFF)
        return IPv4Network((start, found.prefixlen - 96))
    return found


@lru_cache(1024)
def networks(text: str) -> tuple[Network, ...]:
    """The ranges that stand here, apart by white space. Raises ValueError for a wrong one."""
    return tuple(network(part) for part in text.split())


def within(where: Address | None, ranges: tuple[Network, ...]) -> bool:
    """Whether the address lies in one of the ranges; no address lies in none."""
    return where is not None and any(where in one for one in ranges)


def ranges_typed(text: str) -> tuple[str, str | None]:
    """The list as it is stored, and what is wrong with what was typed, one a line, if anything.

    Stored are the ranges apart by single spaces, each once, an address without its ``/32``.
    """
    lines = [line.strip() for line in text.splitlines()]
    found = {}
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            found[_written(network(line))] = True
        except ValueError:
            shown = line if len(line) <= 50 else f"{line[:50]}…"
            wrong = _(
                "Line %(number)s, “%(text)s”, is not an IP address. "
                "Write it like 203.0.113.7 or 203.0.113.0/24.",
                number=number,
                text=shown,
            )
            return "", wrong
    if len(found) > MAX_RANGES:
        few = _(
            "Enter at most %(most)s addresses. A range such as 203.0.113.0/24 covers many.",
            most=MAX_RANGES,
        )
        return "", few
    return " ".join(found), None


def _written(one: Network) -> str:
    return str(one.network_address) if one.prefixlen == one.max_prefixlen else str(one)
