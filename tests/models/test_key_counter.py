"""Counting in the process: nothing is lost, nothing is counted twice, calls do not wait."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event

from background import notes
from models import db, now
from models.key_counter import KeyCounter
from models.key_use import KeyDay, PermissionUse
from tests.cast import make_key

pytestmark = pytest.mark.both_databases


@pytest.fixture
def counter(app):
    """A counter as each process has one."""
    return KeyCounter(db.engine)


@pytest.fixture
def key(shop):
    return make_key(shop, "products:export")[0]


@pytest.fixture
def writes(app):
    """The statements that write, as they happen."""
    seen = []

    def note(_connection, _cursor, sql, *_rest):
        if sql.startswith("INSERT INTO"):
            seen.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def flush(counter):
    """Also what the first call handed to a thread is in the database now."""
    assert notes.settle(60)
    counter.flush()


def counted():
    db.session.rollback()
    days = db.session.scalars(db.select(KeyDay)).all()
    return {(day.key_id, day.day): (day.calls, day.failures) for day in days}


def test_calls_and_failures_of_a_day_add_up_over_flushes_and_processes(counter, key):
    other = KeyCounter(db.engine)
    counter.count(key.id, failed=False)
    counter.count(key.id, failed=True)
    flush(counter)
    for _ in range(3):
        other.count(key.id, failed=False)
    flush(other)

    assert counted() == {(key.id, now().date()): (5, 1)}


def test_the_first_call_is_written_at_once_the_next_ones_wait_together(counter, key, writes):
    key_id = key.id
    for _ in range(1000):
        counter.count(key_id, failed=False, needed={"products:export"})
        assert notes.settle(60)
    assert len(writes) == 2

    counter.flush()
    assert len(writes) == 4
    assert counted() == {(key_id, now().date()): (1000, 0)}
    counter.flush()
    assert len(writes) == 4


def test_a_permission_keeps_its_latest_moment(counter, key):
    late = now() + timedelta(days=1)
    use = PermissionUse(key_id=key.id, permission="products:export", last_used_at=late)
    db.session.add(use)
    db.session.commit()
    counter.count(key.id, failed=False, needed={"products:export", "files:export"})
    flush(counter)

    db.session.expire_all()
    found = dict(
        db.session.execute(db.select(PermissionUse.permission, PermissionUse.last_used_at)).all()
    )
    assert found["products:export"] == late
    assert abs(found["files:export"] - now()) < timedelta(minutes=1)


def test_many_threads_lose_no_call(counter, shop):
    ids = [make_key(shop, "products:export", name=f"Key {n}")[0].id for n in range(3)]

    def call(number):
        counter.count(ids[number % 3], failed=number % 10 == 0)
        if number % 50 == 0:
            counter.flush()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(900)))
    flush(counter)

    figures = counted().values()
    assert [calls for calls, _ in figures] == [300, 300, 300]
    assert sum(failures for _, failures in figures) == 90


def test_processes_that_write_the_same_keys_do_not_block_each_other(app, shop):
    ids = [make_key(shop, "products:export", name=f"Key {n}")[0].id for n in range(5)]
    counters = [KeyCounter(db.engine) for _ in range(4)]

    def write(number):
        for round_ in range(10):
            for key_id in ids if (number + round_) % 2 else reversed(ids):
                counters[number].count(key_id, failed=False, needed={"products:export"})
            counters[number].flush()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert notes.settle(60)

    assert sum(calls for calls, _ in counted().values()) == 4 * 10 * 5


def test_a_key_whose_row_is_gone_does_not_hold_up_the_others(counter, key):
    counter.count(key.id, failed=False)
    counter.count(key.id + 1000, failed=False, needed={"products:export"})
    counter.count(key.id, failed=False)
    flush(counter)

    assert counted() == {(key.id, now().date()): (2, 0)}


def test_what_the_database_refuses_is_kept_for_the_next_time(counter, key, caplog):
    key_id = key.id
    db.session.rollback()
    renamed("key_days", "elsewhere")
    try:
        counter.count(key_id, failed=True)
        assert notes.settle(60)
        assert "kept for later" in caplog.text
        counter.count(key_id, failed=False, needed={"products:export"})
    finally:
        renamed("elsewhere", "key_days")
    counter.flush()

    assert counted() == {(key_id, now().date()): (2, 1)}
    assert db.session.scalars(db.select(PermissionUse.permission)).all() == ["products:export"]


def renamed(table: str, name: str) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")
