"""What is told of a key's use, from the counts in the database."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from jobs.workflows import erase
from models import db, now
from models.import_row import ImportRow
from models.job import IMPORT, Job
from models.key_use import DAYS_SHOWN, KeyDay, PermissionUse, Use
from tests.cast import make_key

pytestmark = pytest.mark.both_databases


def called(key, days_ago, calls, failures=0):
    day = now().date() - timedelta(days=days_ago)
    db.session.add(KeyDay(key_id=key.id, day=day, calls=calls, failures=failures))
    db.session.commit()


def needed(key, permission, days_ago):
    at = now() - timedelta(days=days_ago)
    db.session.add(PermissionUse(key_id=key.id, permission=permission, last_used_at=at))
    db.session.commit()


def test_the_last_30_days_are_told_oldest_first_with_the_empty_ones(shop):
    key, _ = make_key(shop, "products:export")
    called(key, 0, 5, 1)
    called(key, 29, 2)
    called(key, 30, 100)

    use = Use.of_shop(shop.id)[key.id]

    assert len(use.days) == DAYS_SHOWN
    assert use.days[0].calls == 2
    assert use.days[-1] == (now().date(), 5, 1)
    assert (use.calls, use.failures) == (7, 1)


@pytest.mark.parametrize(
    ("calls", "failures", "words"),
    [
        (1, 0, "1 call in 30 days"),
        (1204, 0, "1,204 calls in 30 days"),
        (1204, 3, "1,204 calls in 30 days, 3 failed"),
        (1, 1, "1 call in 30 days, 1 failed"),
    ],
)
def test_the_figures_are_words(shop, calls, failures, words):
    key, _ = make_key(shop, "products:export")
    called(key, 1, calls, failures)
    assert str(Use.of_shop(shop.id)[key.id]) == words


def test_a_hundred_keys_are_one_query(shop):
    for number in range(100):
        key, _ = make_key(shop, "products:export", name=f"Key {number}")
        called(key, number % 30, 1)
    seen = []
    shop_id = shop.id
    event.listen(db.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    assert len(Use.of_shop(shop_id)) == 100
    assert len([sql for sql in seen if "key_days" in sql]) == 1


def test_deleted_keys_and_other_shops_are_left_out(shop, other_shop):
    mine, _ = make_key(shop, "products:export")
    gone, _ = make_key(shop, "products:export", name="Gone")
    bobs, _ = make_key(other_shop, "products:export")
    for key in (mine, gone, bobs):
        called(key, 0, 1)
    gone.delete()
    db.session.commit()

    assert Use.of_shop(shop.id).keys() == {mine.id}


def test_a_permission_counts_as_used_for_90_days(shop):
    key, _ = make_key(shop, "products:export", "files:export", "files:import")
    needed(key, "products:export", 89)
    needed(key, "files:export", 91)

    assert PermissionUse.of(key).keys() == {"products:export"}


def test_what_no_page_shows_any_more_is_erased_in_every_shop(shop, other_shop):
    for owner in (shop, other_shop):
        key, _ = make_key(owner, "products:export", "files:export")
        for days_ago in (0, DAYS_SHOWN - 1, DAYS_SHOWN, 400):
            called(key, days_ago, 1)
        needed(key, "products:export", 89)
        needed(key, "files:export", 91)
        before = Use.of_shop(owner.id)[key.id], PermissionUse.of(key)
        erase()
        assert (Use.of_shop(owner.id)[key.id], PermissionUse.of(key)) == before
    today = now().date()
    days = db.session.scalars(db.select(KeyDay.day).order_by(KeyDay.day)).all()
    assert [(today - day).days for day in days] == [DAYS_SHOWN - 1] * 2 + [0] * 2
    assert db.session.scalars(db.select(PermissionUse.permission)).all() == ["products:export"] * 2


def test_jobs_are_erased_with_their_rows_after_30_days(shop):
    key, _ = make_key(shop, "redirects:import")
    for days_ago in (29, 31):
        job = Job(id=f"imp_{days_ago}", shop_id=shop.id, key_id=key.id, kind=IMPORT, types=[])
        job.created_at = now() - timedelta(days=days_ago)
        db.session.add(job)
        db.session.flush()
        db.session.add(ImportRow(job_id=job.id, number=2, object=2, cells=["/a"]))
    db.session.commit()
    erase()
    assert db.session.scalars(db.select(Job.id)).all() == ["imp_29"]
    assert db.session.scalars(db.select(ImportRow.job_id)).all() == ["imp_29"]
