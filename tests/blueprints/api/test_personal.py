"""What the API refuses a key that does not see all personal data, at once and in words."""

import pytest
from werkzeug.test import TestResponse

from models import db
from models.activity import Activity
from models.job import PLANNED, Job
from models.personal_data import ALL, NONE, REPLACED
from tests.blueprints.api.test_imports import start
from tests.cast import BOB, Script, make_key, make_shop, problem
from tests.transfer.exporting.test_personal import seen, table
from transfer.permissions import EXPORTS, IMPORTS
from transfer.rows.personal import is_personal
from transfer.types import ALL as TYPES

ADA = "ada@secret.example"


@pytest.fixture
def program(app, store) -> Script:
    store.key.permissions = [*EXPORTS, *IMPORTS]
    db.session.commit()
    return Script(app, store.key_text)


@pytest.mark.parametrize("mode", [REPLACED, NONE])
def test_filters_by_personal_data_are_refused(program, store, mode):
    wanted = [(kind, one.name) for kind in TYPES for one in kind.filters]
    personal = [(kind.name, name) for kind, name in wanted if is_personal(kind, name)]
    assert {("customers", "email"), ("orders", "customer_id"), ("files", "filename")} <= {*personal}
    seen(store, mode)
    for kind, name in personal:
        body = {"types": [kind], "filters": {kind: {name: "9"}}}
        answer = problem(program.post("/exports", json=body), 422, "invalid")
        [error] = answer["errors"]
        assert error["field"] == f"filters.{kind}"
        assert name in error["detail"] and "does not see" in error["detail"]
    fine = {"types": ["orders"], "filters": {"orders": {"tag": "vip"}}}
    assert program.post("/exports", json=fine).status_code == 202


def test_columns_of_personal_data_are_refused_where_they_are_left_out(program, store):
    body = {"types": ["customers"], "columns": {"customers": ["ID", "Email"]}}
    seen(store, NONE)
    answer = problem(program.post("/exports", json=body), 422, "invalid")
    assert "“Email” is personal data" in answer["detail"]
    seen(store, REPLACED)
    assert program.post("/exports", json=body).status_code == 202


@pytest.mark.parametrize("mode", [REPLACED, NONE])
def test_files_of_the_store_are_refused(program, store, mode):
    seen(store, mode)
    calls = [
        program.get("/files"),
        program.get("/files/GenericFile/1"),
        program.get("/files/status?id=gid://shopify/GenericFile/1"),
        program.post("/uploads", json={"files": []}),
        program.post("/files", json={"files": []}),
    ]
    for answer in calls:
        assert "customer" in problem(answer, 403, "personal_data")["detail"]
    refused = db.session.scalars(db.select(Activity.detail).filter_by(kind="key.refused"))
    assert [detail["reason"] for detail in refused] == ["personal_data"]


def test_a_file_shows_what_its_key_sees_now(program, store):
    store.tell("seed", customers=2)
    job = store.export("customers")
    path = f"/exports/{job.id}/file"

    def file(**headers: str) -> TestResponse:
        """An answer that was read to its end."""
        answer = program.get(path, headers=headers)
        assert answer.data
        answer.close()
        return answer

    whole = file()
    emails = {row["Email"] for row in table(whole.data)} - {""}
    assert emails
    for mode in (REPLACED, NONE):
        seen(store, mode)
        answer = file()
        assert answer.headers["ETag"] != whole.headers["ETag"]
        assert not any(email.encode() in answer.data for email in emails)
        part = file(Range="bytes=5-", **{"If-Range": whole.headers["ETag"]})
        assert part.status_code == 200, "not the rest of a file that is another by now"
        assert not any(email.encode() in part.data for email in emails)


def test_what_was_found_by_personal_data_is_not_told_later(program, store):
    store.tell("seed", customers=1)
    job = store.export("customers", filters={"customers": {"email": ADA, "state": "enabled"}})
    seen(store, NONE)
    told = program.get(f"/exports/{job.id}")
    assert ADA not in told.text and told.json["filters"]["customers"] == {"state": "enabled"}
    assert ADA not in program.get("/exports").text
    problem(program.get(f"/exports/{job.id}/file"), 403, "personal_data")


def test_a_plan_made_when_the_key_saw_more_is_neither_told_nor_applied(program, store):
    store.tell("seed", customers=1)
    [node] = store.graphql("{ customers(first: 1) { nodes { id email } } }")["customers"]["nodes"]
    data = f"ID,Email\n{node['id']},{ADA}\n".encode()
    job = start(program, data, type="customers", dry_run="true")
    store.run_import(job)
    assert job.status == PLANNED
    path = f"/imports/{job.id}"
    assert ADA in program.get(f"{path}/plan").text
    seen(store, REPLACED)
    for answer in (
        program.get(f"{path}/plan"),
        program.get(f"{path}/plan?format=xlsx"),
        program.get(f"{path}/results"),
        program.post(f"{path}/apply"),
        program.post(f"{path}/undo"),
    ):
        assert ADA not in problem(answer, 403, "personal_data")["detail"]
    assert ADA not in program.get(path).text
    seen(store, ALL)
    assert program.post(f"{path}/apply", json={}).status_code == 202
    seen(store, NONE)
    store.tell("sent")
    store.run_import(job)
    assert "saw more personal data" in (job.error or "")
    assert store.changes_sent() == []


def test_a_job_keeps_how_much_its_key_saw(program, store):
    seen(store, REPLACED)
    made = program.post("/exports", json={"types": ["orders"]}).json
    job = db.session.get_one(Job, made["id"])
    assert job.options["personal_data"] == REPLACED
    assert not job.sees_less_now
    seen(store, NONE)
    assert job.sees_less_now


def test_the_key_says_what_it_sees(program, store):
    for mode in (ALL, REPLACED, NONE):
        seen(store, mode)
        assert program.get("/key").json["personal_data"] == mode


def test_another_shops_secret_is_another(app, store):
    bob = make_shop(BOB)
    _, text = make_key(bob, "customers:export")
    assert Script(app, text).get("/key").json["personal_data"] == ALL
    assert bob.stand_ins_secret != store.shop.stand_ins_secret
