"""Where a request comes from, whatever its headers claim."""

import pytest

from blueprints.client_address import client_address
from config import BadSettings, read

PROXIES = "10.0.0.0/8, 2001:db8::/32"


@pytest.fixture
def seen(environment, application):
    """The address of a request, by its peer, its X-Forwarded-For and the trusted proxies."""

    def seen(peer, forwarded=None, proxies=PROXIES):
        kept = application.config["SETTINGS"]
        application.config["SETTINGS"] = read(environment | {"TRUSTED_PROXIES": proxies})
        headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
        try:
            with application.test_request_context(
                headers=headers, environ_base={"REMOTE_ADDR": peer}
            ):
                return client_address()
        finally:
            application.config["SETTINGS"] = kept

    return seen


def test_incident_12_a_spoofed_forwarded_for_changes_nothing_unless_a_proxy_wrote_it(seen):
    assert seen("203.0.113.7", "198.51.100.1") == "203.0.113.7"
    assert seen("203.0.113.7", "198.51.100.1", proxies="") == "203.0.113.7"
    assert seen("10.0.0.1", "198.51.100.1", proxies="") == "10.0.0.1"
    assert seen("10.0.0.1", "198.51.100.1, 203.0.113.7") == "203.0.113.7"
    assert seen("10.0.0.1", "10.9.9.9, 203.0.113.7, 10.0.0.2") == "203.0.113.7"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("::ffff:10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:DB8:0::9, 2a00::7", "2a00::7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
        ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7, junk, 10.0.0.2", "10.0.0.2"),
        ("", "203.0.113.7", ""),
        ("not an address", "203.0.113.7", ""),
    ],
)
def test_proxies_are_walked_from_the_right_and_garbage_ends_it(seen, peer, forwarded, expected):
    assert seen(peer, forwarded) == expected


def test_a_wrong_setting_stops_the_start_by_name(environment):
    with pytest.raises(BadSettings, match="TRUSTED_PROXIES"):
        read(environment | {"TRUSTED_PROXIES": "10.0.0.0/8, proxy"})
