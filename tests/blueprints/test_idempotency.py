"""A call with an Idempotency-Key is done once, however often it is sent."""

from datetime import timedelta

import pytest

from models import db, now
from models.idempotency import RepeatableCall
from models.job import Job
from tests.cast import Script, make_key, problem

pytestmark = pytest.mark.both_databases

FILE = b"Path,Target\n/a,/b\n"


def send(program, data: bytes = FILE, key: str = "one", **query):
    return program.post(
        "/imports",
        data=data,
        query_string={"type": "redirects"} | query,
        headers={"Idempotency-Key": key},
    )


def export(program, key: str = "one", **body):
    body = {"types": ["redirects"]} | body
    return program.post("/exports", json=body, headers={"Idempotency-Key": key})


def jobs() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Job)) or 0


@pytest.mark.parametrize("call", [send, export])
def test_the_same_call_gets_the_first_answer_again(program, call):
    first, second = call(program), call(program)
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json == first.json
    assert second.headers["Location"] == first.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert jobs() == 1
    assert call(program, key="two").json["id"] != first.json["id"]


@pytest.mark.parametrize("more", [{"data": FILE + b"/c,/d\n"}, {"dry_run": "true"}, {"data": b""}])
def test_another_body_or_address_is_a_mismatch(program, more):
    send(program)
    problem(send(program, **more), 422, "idempotency_mismatch")
    assert jobs() == 1


def test_another_call_under_the_same_key_is_a_mismatch(program):
    send(program)
    problem(export(program), 422, "idempotency_mismatch")
    assert jobs() == 1


def test_an_apply_that_is_repeated_is_done_once(program, store):
    job = store.run_import(db.session.get_one(Job, send(program, dry_run="true").json["id"]))
    path, header = f"/imports/{job.id}/apply", {"Idempotency-Key": "apply"}
    first, second = (program.post(path, headers=header) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json == first.json


def test_a_call_that_was_refused_may_be_corrected(program):
    problem(send(program, b""), 422, "invalid")
    assert send(program).status_code == 202
    assert jobs() == 1


def test_a_call_that_is_not_answered_yet_is_not_done_twice(program, store):
    assert RepeatableCall.claim(store.key.id, store.shop.id, "one") is None
    answer = send(program)
    problem(answer, 409, "idempotency_in_progress")
    assert answer.headers["Retry-After"] == "1" and jobs() == 0


def test_after_a_day_it_is_a_new_call(program):
    first = send(program)
    db.session.execute(db.update(RepeatableCall).values(created_at=now() - timedelta(hours=25)))
    db.session.commit()
    assert send(program).json["id"] != first.json["id"]


def test_the_sweep_forgets_what_is_older_than_a_day(program):
    send(program)
    RepeatableCall.purge()
    db.session.commit()
    assert db.session.scalar(db.select(db.func.count()).select_from(RepeatableCall)) == 1
    db.session.execute(db.update(RepeatableCall).values(created_at=now() - timedelta(hours=25)))
    RepeatableCall.purge()
    db.session.commit()
    assert db.session.scalar(db.select(db.func.count()).select_from(RepeatableCall)) == 0


def test_the_body_is_not_kept(program):
    send(program, b"Path,Target\n/secret-path,/b\n")
    kept = db.session.scalars(db.select(RepeatableCall)).one()
    assert "secret-path" not in repr(vars(kept))


def test_bob_and_other_keys_have_keys_of_their_own(app, program, bobs_program, store):
    first = send(program)
    other = Script(app, make_key(store.shop, "redirects:import", name="Other")[1])
    ids = {send(who).json["id"] for who in (bobs_program, other)}
    assert len(ids | {first.json["id"]}) == 3


@pytest.mark.parametrize("key", ["", "x" * 256, "é"])
def test_a_key_that_is_none_is_told(program, key):
    answer = problem(send(program, key=key), 422, "invalid")
    assert answer["errors"][0]["field"] == "Idempotency-Key"


def test_a_get_has_nothing_to_do_with_it(program):
    headers = {"Idempotency-Key": "one"}
    assert program.get("/key", headers=headers).status_code == 200
    assert db.session.scalar(db.select(db.func.count()).select_from(RepeatableCall)) == 0
