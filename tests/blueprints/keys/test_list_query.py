"""Searching, filtering, sorting and paging a shop's keys."""

from datetime import timedelta

import pytest

from blueprints.keys.list_query import KeyList, unneeded
from models import now
from models.api_key import ApiKey

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def key(number, name, **columns):
    at = now() - timedelta(minutes=number)
    return ApiKey(id=number, name=name, preview=f"altera_{number:04}", created_at=at, **columns)


def names(listed):
    return [key.name for key in listed.keys]


@pytest.fixture
def kinds():
    """One key of each state; the last two were never used."""
    used = {"last_used_at": now() - HOUR}
    return [
        key(1, "Plain", expires_at=now() + 90 * DAY, **used),
        key(2, "Soon", expires_at=now() + 6 * DAY, **used),
        key(3, "Over", expires_at=now() - HOUR, **used),
        key(4, "Off", disabled_at=now() - HOUR, **used),
        key(5, "Going", retires_at=now() + HOUR, **used),
        key(6, "Idle"),
        key(31 * 24 * 60, "Never"),
    ]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("active", ["Plain", "Soon", "Going", "Idle", "Never"]),
        ("expiring", ["Soon"]),
        ("expired", ["Over"]),
        ("disabled", ["Off"]),
        ("retiring", ["Going"]),
        ("unused", ["Idle", "Never"]),
        ("nonsense", ["Plain", "Soon", "Over", "Off", "Going", "Idle", "Never"]),
    ],
)
def test_a_state_filters(kinds, state, found):
    assert names(KeyList(kinds, state=state)) == found


def test_only_what_was_unused_for_30_days_is_unneeded(kinds):
    assert [key.name for key in kinds if unneeded(key)] == ["Never"]


@pytest.mark.parametrize("search", ["plai", " PLAIN ", "altera_0001"])
def test_a_name_or_a_preview_is_found(kinds, search):
    assert names(KeyList(kinds, search=search)) == ["Plain"]


def test_keys_stand_in_the_order_that_is_asked_for(kinds):
    assert names(KeyList(kinds, order="name")) == [
        *("Going", "Idle", "Never", "Off", "Over", "Plain", "Soon")
    ]
    assert names(KeyList(kinds, order="expires"))[:3] == ["Over", "Soon", "Plain"]
    assert names(KeyList(kinds, order="used"))[-2:] == ["Idle", "Never"]


@pytest.mark.parametrize(
    ("page", "shown", "first"), [(-3, 20, "K 0"), (1, 20, "K 0"), (3, 5, "K 40"), (99, 5, "K 40")]
)
def test_twenty_stand_on_a_page(page, shown, first):
    listed = KeyList([key(n, f"K {n}") for n in range(45)], page=page)
    assert (len(listed.keys), listed.keys[0].name, listed.pages) == (shown, first, 3)


def test_the_page_of_a_wanted_key_is_shown():
    keys = [key(n, f"K {n}") for n in range(45)]
    assert KeyList(keys, showing=keys[30]).page == 2
    assert KeyList(keys, showing=None).page == 1


def test_tools_appear_from_twenty_keys_on():
    keys = [key(n, f"K {n}") for n in range(20)]
    assert KeyList(keys).long
    assert not KeyList(keys[:19]).long


def test_how_many_keys_nobody_needs():
    long_ago, lately = now() - timedelta(days=31), now() - timedelta(days=29)
    used = key(1, "Used")
    used.created_at, used.last_used_at = long_ago, now()
    gone = key(2, "Gone")
    gone.created_at, gone.last_used_at, gone.expires_at = long_ago, long_ago, long_ago
    late = key(3, "Expired lately")
    late.created_at, late.last_used_at, late.expires_at = long_ago, long_ago, lately
    idle, new = key(4, "Idle"), key(5, "New")
    idle.created_at, new.created_at = long_ago, lately
    assert list(map(unneeded, [used, gone, late, idle, new])) == [False, True, False, True, False]
    assert KeyList([used, gone, late, idle, new]).unneeded == 2
