"""Undoing an import: a plan of its own, which takes back what is still as the import left it."""

import pytest

from models import db
from models.import_row import ImportRow
from models.job import Job
from tests.blueprints.api.test_imports import start
from tests.blueprints.api.test_plans import apply, lines
from tests.cast import Script, make_key, problem

FILE = b"Path,Target,Command\n/a,/new,\n/c,/d,\n/b,,DELETE\n/same,/t,\n"
BEFORE = {"/a": "/old", "/b": "/old", "/same": "/t"}


@pytest.fixture
def done(program, store) -> Job:
    """An import that changed a redirect, created one and deleted one."""
    for path, target in BEFORE.items():
        store.add_redirect(path, target)
    job = store.run_import(start(program, FILE))
    assert store.redirects() == {"/a": "/new", "/c": "/d", "/same": "/t"}
    return job


def undo(program, store, job: Job, **body: bool) -> Job:
    answer = program.post(f"/imports/{job.id}/undo", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.json["undoes"] == job.id
    return store.run_import(db.session.get_one(Job, answer.json["id"]))


def change(store, path: str, target: str) -> None:
    found = store.graphql("{ urlRedirects(first: 50) { nodes { id path } } }")["urlRedirects"]
    [gid] = [node["id"] for node in found["nodes"] if node["path"] == path]
    store.graphql(
        "mutation ($id: ID!, $to: UrlRedirectInput!) { urlRedirectUpdate(id: $id, urlRedirect: $to)"
        " { userErrors { message } } }",
        id=gid,
        to={"target": target},
    )


def test_an_undo_brings_back_what_was_there_and_can_be_undone(program, store, done):
    undone = undo(program, store, done)
    assert (undone.status, undone.counts) == (
        "completed",
        {"created": 1, "updated": 1, "deleted": 1},
    )
    assert store.redirects() == BEFORE
    assert program.get(f"/imports/{done.id}").json["undone_by"] == undone.id
    undo(program, store, undone)
    assert store.redirects() == {"/a": "/new", "/c": "/d", "/same": "/t"}


def test_an_undo_is_planned_first_and_says_what_it_cannot_bring_back(program, store, done):
    assert program.get(f"/imports/{done.id}").json["plan"]["not_undoable"] == [
        {"action": "delete", "count": 1}
    ]
    planned = undo(program, store, done, dry_run=True)
    assert planned.status == "planned"
    assert store.redirects() == {"/a": "/new", "/c": "/d", "/same": "/t"}
    assert program.get(f"/imports/{done.id}").json["undone_by"] is None
    found = lines(program.get(f"/imports/{planned.id}/plan"))
    assert [line["action"] for line in found] == ["create", "delete", "update"]
    assert found[2]["changes"] == [
        {"column": "Target", "member": "", "before": "/new", "after": "/old"}
    ]
    assert apply(program, planned).status_code == 202
    store.run_import(planned)
    assert store.redirects() == BEFORE
    assert program.get(f"/imports/{done.id}").json["undone_by"] == planned.id


def test_what_others_changed_since_is_left_alone_and_told(program, store, done):
    change(store, "/a", "/theirs")
    change(store, "/c", "/theirs")
    undone = undo(program, store, done)
    assert store.redirects() == {"/a": "/theirs", "/b": "/old", "/c": "/theirs", "/same": "/t"}
    told = {line["key"]: line for line in lines(program.get(f"/imports/{undone.id}/plan"))}
    assert (told["/a"]["action"], told["/c"]["action"]) == ("unchanged", "skipped")
    assert "Target" in told["/a"]["warnings"][0] and "Target" in told["/c"]["warnings"][0]


def test_by_force_it_is_taken_back_too(program, store, done):
    change(store, "/a", "/theirs")
    change(store, "/c", "/theirs")
    undo(program, store, done, force=True)
    assert store.redirects() == BEFORE


def test_what_is_gone_is_skipped(program, store, done):
    store.run_import(start(program, b"Path,Command\n/a,DELETE\n/c,DELETE\n"))
    undone = undo(program, store, done)
    assert undone.counts == {"created": 1, "skipped": 2}
    assert store.redirects() == {"/b": "/old", "/same": "/t"}


def test_of_two_undos_that_are_planned_one_is_applied(program, store, done):
    first, second = (undo(program, store, done, dry_run=True) for _ in range(2))
    third = program.post(f"/imports/{done.id}/undo")  # applied as soon as it is planned
    problem(program.post(f"/imports/{done.id}/undo"), 409, "not_ready")
    assert apply(program, first).status_code == 202
    assert "failed" in problem(apply(program, second), 409, "not_ready")["detail"]
    store.run_import(first)
    late = store.run_import(db.session.get_one(Job, third.json["id"]))
    for refused in (second, late):
        db.session.refresh(refused)
        assert refused.status == "failed" and "applied first" in (refused.error or "")
    assert store.redirects() == BEFORE
    assert program.get(f"/imports/{done.id}").json["undone_by"] == first.id
    again = undo(program, store, done, force=True)
    assert (again.status, again.counts) == ("completed", {"skipped": 2, "unchanged": 1})


def test_an_undo_over_a_limit_is_held(program, store):
    file = b"Path,Target\n" + b"".join(b"/%d,/t\n" % number for number in range(15))
    job = store.run_import(start(program, file))
    undone = undo(program, store, job)
    assert undone.status == "held" and len(store.redirects()) == 15
    assert apply(program, undone, deletes=15).status_code == 202
    store.run_import(undone)
    assert store.redirects() == {}


def test_the_cells_before_stay_sealed(program, store, done):
    undone = undo(program, store, done, dry_run=True)
    kept = db.session.scalars(db.select(ImportRow.cells).filter_by(job_id=undone.id)).all()
    assert len(kept) == 3 and "/old" not in str([cells[3:] for cells in kept])
    assert kept[2][:3] != ["", "", ""] and "/new" not in str(kept)


def test_nothing_is_undone_that_was_not_applied(program, store):
    waiting = start(program)
    problem(program.post(f"/imports/{waiting.id}/undo"), 409, "not_ready")
    planned = store.run_import(start(program, dry_run="true"))
    problem(program.post(f"/imports/{planned.id}/undo"), 409, "not_ready")
    planned.cancel()
    problem(program.post(f"/imports/{planned.id}/undo"), 409, "not_ready")


@pytest.mark.parametrize("body", [b"[]", b'{"force": "yes"}', b'{"all": true}', b"{"])
def test_a_body_that_is_wrong_undoes_nothing(program, store, done, body):
    problem(program.post(f"/imports/{done.id}/undo", data=body), 422, "invalid")
    assert len(program.get("/imports").json["imports"]) == 1


def test_bob_other_keys_and_a_narrowed_key_undo_nothing(app, program, bobs_program, store, done):
    other = Script(app, make_key(store.shop, "redirects:import", name="Other")[1])
    for stranger in (bobs_program, other):
        problem(stranger.post(f"/imports/{done.id}/undo"), 404, "not_found")
    store.key.permissions = ["redirects:export"]
    db.session.commit()
    problem(program.post(f"/imports/{done.id}/undo"), 403, "permission_missing")
    assert db.session.scalar(db.select(db.func.count()).select_from(Job)) == 1
