"""Two tabs, two people, a double click: what happens at the same time comes out as one thing."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from flask import current_app

from models import db
from models.activity import Activity
from models.api_key import ApiKey
from models.contact import CONFIRMATIONS_AN_HOUR
from models.job import Job
from models.notice import Notice
from plans import FREE, PRO, Plans
from tests.blueprints.pages.test_import_file import uploaded
from tests.cast import ALICE, Merchant, Script, authenticate, make_key, problem

pytestmark = pytest.mark.both_databases

KEYS = "/settings/keys/"
MANY = 8
NUMBERS = count()


@pytest.fixture
def at_once(app):
    """Have this done by many merchants of Alice's shop at the same time; their answers' codes."""

    def do(what):
        with ThreadPoolExecutor(MANY) as pool:
            answers = pool.map(lambda number: what(Merchant(app, ALICE), number), range(MANY))
            return sorted(answer.status_code for answer in answers)

    return do


def new(merchant, name, request_id=None):
    typed = {"name": name, "expires": "90", "permission": ["products:export"]}
    typed |= {"request_id": request_id or f"once {next(NUMBERS)}"}
    return merchant.post(KEYS, data=typed)


def names():
    db.session.expire_all()
    return sorted(db.session.scalars(db.select(ApiKey.name).filter_by(deleted_at=None)))


def kinds(table=Activity):
    db.session.expire_all()
    return sorted(db.session.scalars(db.select(table.kind)))


def test_a_double_click_makes_one_key(at_once, shop):
    assert at_once(lambda merchant, _: new(merchant, "Nightly", "q1")) == [200] * MANY
    assert names() == ["Nightly"]
    assert kinds() == kinds(Notice) == ["key.created"]


def test_one_of_several_new_keys_gets_the_name(at_once, shop):
    assert at_once(lambda merchant, _: new(merchant, "Nightly")) == [200] + [422] * (MANY - 1)
    assert names() == ["Nightly"]


def test_keys_without_a_name_get_one_each(at_once, shop):
    assert at_once(lambda merchant, _: new(merchant, "")) == [200] * MANY
    assert names() == [f"Key {number}" for number in range(1, MANY + 1)]


def test_a_new_key_and_a_renamed_one_do_not_get_the_same_name(at_once, shop):
    old = make_key(shop, "products:export", name="Old")[0].id

    def do(merchant, number):
        if number % 2:
            return new(merchant, "Wanted")
        typed = {"name": "Wanted", "expires": "keep", "permission": ["products:export"]}
        return merchant.put(f"{KEYS}{old}", data=typed)

    at_once(do)
    assert names().count("Wanted") == 1


def test_no_more_keys_are_made_than_the_plan_includes(application, at_once, shop, other_shop):
    for number in range(3):
        make_key(other_shop, name=f"Bobs {number}")
    before = application.config["SETTINGS"]
    plans = Plans((FREE, PRO.model_copy(update={"keys": 3})))
    application.config["SETTINGS"] = before.model_copy(update={"PLANS": plans})
    try:
        codes = at_once(lambda merchant, number: new(merchant, f"Number {number}"))
    finally:
        application.config["SETTINGS"] = before
    assert codes == [200] * 3 + [422] * (MANY - 3)
    assert len([name for name in names() if "Bobs" not in name]) == 3


def test_a_key_is_deleted_once(at_once, shop):
    key = make_key(shop, "products:export")[0].id
    assert at_once(lambda merchant, _: merchant.delete(f"{KEYS}{key}")) == (
        [200] + [404] * (MANY - 1)
    )
    assert kinds() == kinds(Notice) == ["key.deleted"]


def test_a_key_that_is_deleted_with_others_and_by_itself_is_deleted_once(at_once, shop):
    ids = [make_key(shop, "products:export", name=name)[0].id for name in ("a", "b", "c")]
    named = "&".join(f"key={key_id}" for key_id in ids)

    def do(merchant, number):
        one = f"{KEYS}{ids[number % 3]}"
        return merchant.delete(one if number % 2 else f"{KEYS}unneeded?{named}")

    at_once(do)
    assert names() == []
    assert kinds() == kinds(Notice) == ["key.deleted"] * 3


def test_nothing_is_changed_of_a_key_after_it_was_deleted(at_once, shop):
    key = make_key(shop, "products:export")[0].id

    def do(merchant, number):
        if number == MANY // 2:
            return merchant.delete(f"{KEYS}{key}")
        if number % 2:
            return merchant.put(f"{KEYS}{key}/disabled")
        typed = {"expires": "keep", "permission": ["products:export"], "name": f"Name {number}"}
        return merchant.put(f"{KEYS}{key}", data=typed)

    at_once(do)
    db.session.expire_all()
    trail = list(db.session.scalars(db.select(Activity.kind).order_by(Activity.id)))
    assert trail[-1] == "key.deleted" and trail.count("key.disabled") <= 1


def test_a_key_that_is_rotated_and_deleted_leaves_one_story(at_once, shop):
    """Either it was deleted first and has no successor, or it was rotated and then ended."""
    key, text = make_key(shop, "products:export")
    key_id = key.id

    def do(merchant, number):
        if number % 2:
            return merchant.delete(f"{KEYS}{key_id}")
        typed = {"overlap": "day", "request_id": f"tab {number}"}
        return merchant.post(f"{KEYS}{key_id}/rotation", data=typed)

    at_once(do)
    assert authenticate(text) is None
    assert (kinds(), names()) in [
        (["key.deleted"], []),
        (["key.retired", "key.rotated"], ["Nightly"]),
    ]


def test_the_confirmed_address_is_told_once_when_several_change_it(at_once, shop):
    at_once(
        lambda merchant, number: merchant.put("/settings/email", data={"email": f"{number}@x.com"})
    )
    told = db.session.scalars(db.select(Notice.recipient).filter_by(kind="email.changed")).all()
    assert told == ["ops@example.com"]
    asked = db.session.scalars(db.select(Notice.recipient).filter_by(kind="email.confirm")).all()
    assert len(asked) == len(set(asked)) == min(MANY, CONFIRMATIONS_AN_HOUR)


def test_a_file_that_is_started_in_several_tabs_is_imported_once(app, at_once, store):
    token = uploaded(Merchant(app, ALICE))
    begun = at_once(lambda merchant, _: merchant.post("/settings/import/", data={"upload": token}))
    assert begun == [200] * MANY
    [job] = db.session.scalars(db.select(Job))
    assert kinds() == ["job.started"] and job.status == "queued"


def test_several_undos_of_one_import_are_one(at_once, store, tmp_path):
    done = store.run_import(store.keep(tmp_path, "Path,Target\n/a,/b\n", dry_run=False))
    undo = f"/settings/jobs/{done.id}/undo"
    assert at_once(lambda merchant, _: merchant.post(undo)) == [200] * MANY
    [undoing] = db.session.scalars(db.select(Job).filter_by(undoes=done.id))
    program = Script(current_app, store.key_text)
    assert (
        "is queued" in problem(program.post(f"/imports/{done.id}/undo"), 409, "not_ready")["detail"]
    )
    assert undoing.status == "queued"
