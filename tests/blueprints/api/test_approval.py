"""Imports that a person has to apply: nothing that a key sends applies one of its own."""

import pytest

from models import db
from models.activity import Activity
from models.import_limits import APPLY, APPROVAL, written
from models.job import Job
from models.notice import Notice
from models.shop import Shop
from tests.blueprints.api.test_imports import start
from tests.blueprints.api.test_plans import DELETES, apply
from tests.cast import ALICE, Merchant, Script, make_key, problem
from tests.markup import text

FILE = b"Path,Target\n/a,/new\n"
JOBS = "/settings/jobs/"


@pytest.fixture
def waiting(store, program) -> Script:
    """A program whose imports wait for approval, in a store with one redirect."""
    store.key.imports = APPROVAL
    db.session.commit()
    store.add_redirect("/a", "/old")
    return program


def second_person(shop: Shop, asked: bool = True) -> None:
    shop.key_rules = {"second_person": asked, "since": {}}
    db.session.commit()


@pytest.mark.both_databases
def test_an_import_of_a_key_that_waits_is_held_until_a_person_applies_it(waiting, store, alice):
    job = store.run_import(start(waiting, FILE, confirm="changes,deletes:0"))
    shown = waiting.get(f"/imports/{job.id}").json
    assert (shown["status"], shown["plan"]["approval"], shown["plan"]["limits"]) == (
        "held",
        "key",
        [],
    )
    assert store.redirects() == {"/a": "/old"}
    [mail] = db.session.scalars(db.select(Notice).filter_by(kind="job.held"))
    assert mail.payload["detail"]["approval"] == "key"
    assert "waits for approval" in text(alice.get(f"{JOBS}{job.id}"))

    assert "Import started" in alice.post(f"{JOBS}{job.id}/apply").headers["HX-Trigger"]
    assert store.run_import(job).status == "completed"
    assert store.redirects() == {"/a": "/new"}


def test_whatever_such_a_key_sends_applies_nothing(waiting, store):
    dry = store.run_import(start(waiting, FILE, dry_run="true"))
    held = store.run_import(start(waiting, FILE))
    for job in (dry, held):
        answer = problem(apply(waiting, job), 403, "approval_needed")
        assert "Settings > Jobs" in answer["detail"]
        problem(apply(waiting, job, deletes=0), 403, "approval_needed")
    assert Job.status_of(dry.id) == "held"  # to apply a dry run asks for approval
    assert len(db.session.scalars(db.select(Notice).filter_by(kind="job.held")).all()) == 2
    again = store.run_import(start(waiting, FILE))
    assert (again.status, store.redirects()) == ("held", {"/a": "/old"})


def test_what_was_applied_is_undone_by_a_person_alone(waiting, store, alice):
    job = store.run_import(start(waiting, FILE))
    alice.post(f"{JOBS}{job.id}/apply")
    store.run_import(job)
    answer = waiting.post(f"/imports/{job.id}/undo", json={"force": True})
    undoing = store.run_import(db.session.get_one(Job, answer.json["id"]))
    assert undoing.status == "held"
    problem(apply(waiting, undoing), 403, "approval_needed")
    assert store.redirects() == {"/a": "/new"}


def test_a_plan_that_was_let_through_is_not_applied_once_the_key_has_to_wait(program, store):
    job = store.run_import(start(program, FILE, dry_run="true"))
    assert apply(program, job).status_code == 202
    store.key.imports = APPROVAL
    db.session.commit()
    job = store.run_import(job)
    assert job.status == "failed" and "wait for approval" in job.error
    assert store.redirects() == {}


def test_a_key_that_waits_uploads_no_file_past_the_plan(app, store):
    key, key_text = make_key(store.shop, "files:import", name="Files")
    key.imports = APPROVAL
    db.session.commit()
    store.changes_sent()
    files = [{"name": "a.png", "size": 1, "sha256": "0" * 64}]
    for path, body in (("/uploads", {"files": files}), ("/files", {"files": []})):
        problem(Script(app, key_text).post(path, json=body), 403, "approval_needed")
    assert store.changes_sent() == []


def test_another_shops_people_and_keys_apply_nothing(waiting, store, bobs_program, bob):
    job = store.run_import(start(waiting, FILE))
    problem(apply(bobs_program, job), 404, "not_found")
    assert bob.post(f"{JOBS}{job.id}/apply").status_code == 404
    assert Job.status_of(job.id) == "held"


def test_a_key_that_applies_all_is_held_by_no_limit(program, store):
    store.key.imports = APPLY
    db.session.commit()
    for number in range(12):
        store.add_redirect(f"/{number}", "/t")
    dry = store.run_import(start(program, DELETES, dry_run="true"))
    assert dry.plan["limits"]["deletes"]["over"]
    other = start(program, DELETES, confirm="deletes:11")
    assert store.run_import(other).status == "held"
    assert apply(program, dry).status_code == 202
    assert store.run_import(dry).counts == {"deleted": 12}
    for number in range(12):
        store.add_redirect(f"/{number}", "/t")
    assert store.run_import(start(program, DELETES)).status == "completed"


def test_the_limits_are_those_of_the_key(program, store):
    store.key.import_limits_text = written({"deletes": 1, "deletes_percent": 0})
    db.session.commit()
    for number in range(2):
        store.add_redirect(f"/{number}", "/t")
    one, two = (b"Path,Command\n/0,DELETE\n", b"Path,Command\n/1,DELETE\n")
    assert store.run_import(start(program, one)).status == "completed"
    job = store.run_import(start(program, two))
    [limit] = program.get(f"/imports/{job.id}").json["plan"]["limits"]
    assert (job.status, limit["allowed"], limit["earlier"]) == ("held", 1, 1)
    assert program.get("/key").json["imports"]["limits"]["deletes"] == 1


@pytest.mark.both_databases
def test_customers_and_orders_need_a_second_person_where_the_shop_asks_for_one(app, store, alice):
    second_person(store.shop)
    key, key_text = make_key(store.shop, "customers:import", "redirects:import", name="CRM")
    program = Script(app, key_text)
    file = b"Email,First Name\njo@x.example,Jo\n"
    job = store.run_import(start(program, file, type="customers", confirm="changes"))
    assert (job.status, job.plan["approval"]) == ("held", "second_person")
    problem(apply(program, job), 403, "approval_needed")
    assert store.run_import(start(program, FILE)).status == "completed"
    assert "You created the key" in text(alice.get(f"{JOBS}{job.id}"))
    assert "You created the key" in alice.post(f"{JOBS}{job.id}/apply").headers["HX-Trigger"]
    key.imports = APPROVAL
    db.session.commit()
    assert "You created the key" in alice.post(f"{JOBS}{job.id}/apply").headers["HX-Trigger"]
    assert Job.status_of(job.id) == "held"
    Merchant(app, ALICE, staff="8812").post(f"{JOBS}{job.id}/apply")
    assert store.run_import(job).status == "completed"


def test_nobody_applies_what_they_started_themselves_where_two_are_asked(
    app, store, alice, tmp_path
):
    second_person(store.shop)
    file = "Email,First Name\njo@x.example,Jo\n"
    job = store.keep(tmp_path, file, type="customers", dry_run=True)
    job.key_id, job.started_by = None, "8811"
    db.session.commit()
    job = store.run_import(job)
    assert "another staff member" in text(alice.get(f"{JOBS}{job.id}"))
    answer = alice.post(f"{JOBS}{job.id}/apply")
    assert "another staff member" in answer.headers["HX-Trigger"]
    assert Job.status_of(job.id) == "planned"
    other = Merchant(app, ALICE, staff="8812")
    assert "another staff member" not in text(other.get(f"{JOBS}{job.id}"))
    assert "Import started" in other.post(f"{JOBS}{job.id}/apply").headers["HX-Trigger"]
    assert store.run_import(job).status == "completed"

    undo = alice.post(f"{JOBS}{job.id}/undo")
    assert undo.status_code == 200
    undoing = db.session.scalars(db.select(Job).filter_by(undoes=job.id)).one()
    undoing = store.run_import(undoing)
    alice.post(f"{JOBS}{undoing.id}/apply")
    assert Job.status_of(undoing.id) == "planned"
    last = db.session.scalars(db.select(Activity).order_by(Activity.id.desc()).limit(1)).one()
    assert (last.kind, last.detail["status"]) == ("job.finished", "planned")
