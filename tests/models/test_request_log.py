"""The list of calls: written apart from the calls, bounded, erased in time."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from models import db, key_request, now, request_log
from models.erasure import erase_shop
from models.key_request import KeyNetwork, KeyRequest, network_of
from models.request_log import LISTED, Call, RequestLog
from tests.cast import make_key

pytestmark = pytest.mark.both_databases


@pytest.fixture
def log(app):
    """A list as each process has one."""
    log = RequestLog(db.engine)
    yield log
    log.flush()


@pytest.fixture
def call(shop) -> Call:
    key, _ = make_key(shop, "products:export")
    what = ("GET", "/api/v1/key", 200, "", "a" * 16, "203.0.113.7")
    return Call(key.id, shop.id, now(), *what, 210, 3)


def listed() -> list[KeyRequest]:
    db.session.rollback()
    return list(db.session.scalars(db.select(KeyRequest).order_by(KeyRequest.id)))


def test_calls_are_written_in_one_transaction_after_they_were_answered(log, call):
    writes = []

    def note(_connection, _cursor, sql, *_rest):
        if sql.startswith("INSERT INTO key_requests"):
            writes.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    for status in (200, 403):
        log.add(call._replace(status=status))
    log.flush()
    event.remove(db.engine, "before_cursor_execute", note)
    assert [each.status for each in listed()] == [200, 403]
    assert len(writes) == 1
    [first, _] = listed()
    assert (first.at, first.bytes, first.milliseconds) == (call.at, 210, 3)


def test_no_flood_of_reads_hides_a_change_or_costs_more(log, call):
    for _ in range(LISTED + 40):
        log.add(call)
    log.add(call._replace(method="POST", route="/api/v1/imports"))
    log.flush()
    found = listed()
    assert len(found) == LISTED + 1 and found[-1].method == "POST"
    assert sum(each.unlisted for each in found) == 40
    log.add(call)
    log.flush()
    assert len(listed()) == LISTED + 2


def test_a_shop_keeps_only_so_many(log, call, other_shop, monkeypatch):
    other, _ = make_key(other_shop, "products:export")
    log.add(call._replace(key_id=other.id, shop_id=other_shop.id))
    monkeypatch.setattr(request_log, "MOST_OF_SHOP", 5)
    monkeypatch.setattr(request_log, "TRIM_AFTER", 8)
    for number in range(8):
        log.add(call._replace(status=200 + number))
    log.flush()
    mine = [each.status for each in listed() if each.shop_id == call.shop_id]
    assert mine == [203, 204, 205, 206, 207]
    assert len(listed()) == 6


def test_after_a_week_a_call_is_erased_and_with_its_shop_at_once(log, call):
    log.add(call._replace(at=now() - key_request.KEPT - timedelta(minutes=1), status=500))
    log.add(call)
    log.flush()
    KeyRequest.purge()
    db.session.commit()
    assert [each.status for each in listed()] == [200]
    counts = erase_shop(call.shop_id)
    db.session.commit()
    assert (counts["key_requests"], counts["key_networks"]) == (1, 1)
    log.add(call)  # one that was still on its way
    log.flush()
    assert listed() == []


def test_what_the_database_refuses_is_kept_for_later(log, call):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE key_requests RENAME TO elsewhere")
    log.add(call)
    log.flush()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO key_requests")
    log.flush()
    assert len(listed()) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", ""),
        ("here", ""),
    ],
)
def test_an_address_is_of_a_network(address, network):
    assert network_of(address) == network


def test_a_network_is_new_for_a_week_unless_it_is_the_keys_first(log, call, other_shop):
    log.add(call._replace(at=now() - timedelta(days=30)))
    for place in ("203.0.113.200", "198.51.100.1", ""):
        log.add(call._replace(address=place))
    log.flush()
    assert KeyNetwork.new_of(call.shop_id) == {call.key_id: "198.51.100.0/24"}
    assert KeyNetwork.new_of(other_shop.id) == {}
    db.session.execute(db.update(KeyNetwork).values(first_seen_at=now() - timedelta(days=8)))
    assert KeyNetwork.new_of(call.shop_id) == {}


def test_no_network_is_new_in_the_first_week_in_which_a_key_is_watched(log, call):
    """A key that was in use before may be at home in several."""
    for days, place in ((5, "203.0.113.200"), (4, "198.51.100.1"), (1, "192.0.2.1")):
        log.add(call._replace(address=place, at=now() - timedelta(days=days)))
    log.flush()
    assert KeyNetwork.new_of(call.shop_id) == {}


def test_a_key_is_known_in_so_many_networks_at_most(log, call, monkeypatch):
    monkeypatch.setattr(request_log, "MOST_NETWORKS", 3)
    for number in range(6):
        log.add(call._replace(address=f"198.51.{number}.1"))
    log.flush()
    assert len(db.session.scalars(db.select(KeyNetwork)).all()) == 3
