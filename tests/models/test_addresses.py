"""Addresses and ranges as they are typed, and who lies within them."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.addresses import address, networks, ranges_typed, within

ADDRESSES = st.ip_addresses()
RANGES = st.one_of(
    st.builds(
        lambda a, n: IPv4Network((a, n), strict=False), st.ip_addresses(v=4), st.integers(0, 32)
    ),
    st.builds(
        lambda a, n: IPv6Network((a, n), strict=False), st.ip_addresses(v=6), st.integers(0, 95)
    ),
)


@given(st.lists(RANGES, max_size=20), ADDRESSES)
def test_any_list_of_ranges_is_kept_and_judged_as_the_ranges_themselves(ranges, where):
    stored, wrong = ranges_typed("\r\n".join(f"  {one} " for one in ranges))
    assert wrong is None
    assert set(networks(stored)) == set(ranges)
    here = address(str(where))
    assert within(here, networks(stored)) == any(here in one for one in ranges)


@given(st.lists(RANGES, max_size=5), st.text())
def test_whatever_is_typed_is_a_list_or_a_sentence(ranges, text):
    stored, wrong = ranges_typed("\n".join([*map(str, ranges), text]))
    assert (wrong is None) or (stored == "" and wrong.endswith("."))
    networks(stored)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_an_address_of_ipv4_mapped_into_ipv6_is_ipv4(where, length):
    assert address(f"::ffff:{where}") == address(str(where)) == where
    stored, _ = ranges_typed(f"::ffff:{where}/{96 + length}")
    assert networks(stored) == (IPv4Network((where, length), strict=False),)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.9/24\n\n203.0.113.0/24\n", "203.0.113.0/24"),
        ("2001:DB8::1\n10.0.0.0/8", "2001:db8::1 10.0.0.0/8"),
    ],
)
def test_a_list_is_stored_in_one_way(typed, stored):
    assert ranges_typed(typed) == (stored, None)


@pytest.mark.parametrize(
    "line", ["office", "10.0.0.0/33", "10.0.0", "1.2.3.4,5.6.7.8", "fe80::1%eth0"]
)
def test_the_line_that_is_wrong_is_named(line):
    stored, wrong = ranges_typed(f"10.0.0.1\n{line}")
    assert stored == ""
    assert wrong and wrong.startswith(f"Line 2, “{line}”")


def test_too_many_lines_are_refused():
    typed = "\n".join(f"10.0.{n // 256}.{n % 256}" for n in range(101))
    assert "at most 100" in (ranges_typed(typed)[1] or "")


@pytest.mark.parametrize("text", ["", "unknown", "1.2.3.4:80", "_hidden", "[::1]"])
def test_what_is_no_address_is_none_and_lies_in_no_range(text):
    assert address(text) is None
    assert not within(address(text), networks("0.0.0.0/0 ::/0"))


def test_a_zone_is_no_part_of_an_address():
    assert address("fe80::1%eth0") == IPv6Address("fe80::1")
    assert address(" 10.0.0.1 ") == IPv4Address("10.0.0.1")
