"""/api/v1/exports, as a program sees it."""

import csv
import io

import pytest

from models import db
from models.job import Job
from tests.cast import Script, make_key, problem


def start(program, *types: str, **more) -> Job:
    answer = program.post("/exports", json={"types": types} | more)
    assert answer.status_code == 202, answer.text
    return db.session.get_one(Job, answer.json["id"])


def done(program, store, *types: str, **more) -> Job:
    return store.run_export(start(program, *types, **more))


def test_an_export_from_the_call_to_the_file(program, store):
    store.add_redirect("/a", "/b")
    answer = program.post("/exports", json={"types": ["redirects"]})
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/exports/{answer.json['id']}"
    made = answer.json
    assert made["id"].startswith("exp_") and len(made["id"]) == 24
    assert made | {"id": "", "created_at": ""} == {
        "id": "",
        "types": ["redirects"],
        "format": "csv",
        "filters": {},
        "columns": {},
        "status": "queued",
        "rows": None,
        "file": None,
        "error": None,
        "warnings": [],
        "progress": {"done": 0, "total": None, "rate": None, "seconds_left": None},
        "created_at": "",
        "started_at": None,
        "finished_at": None,
    }
    store.run_export(db.session.get_one(Job, made["id"]))
    after = program.get(f"/exports/{made['id']}").json
    assert (after["status"], after["rows"]) == ("completed", 1)
    assert after["finished_at"].endswith("Z")
    progress = after["progress"]
    assert (progress["done"], progress["total"], progress["seconds_left"]) == (1, 1, 0)
    assert progress["rate"] > 0
    assert progress.pop("types") == {"redirects": progress | {"rows": 1}}

    file = program.get(f"/exports/{made['id']}/file", buffered=True)
    assert file.mimetype == "text/csv"
    assert file.headers["Content-Disposition"] == 'attachment; filename="redirects.csv"'
    assert "Content-Length" not in file.headers
    [row] = csv.DictReader(io.StringIO(file.data.decode("utf-8-sig")))
    assert (row["Path"], row["Target"]) == ("/a", "/b")


@pytest.mark.parametrize(
    ("types", "format", "name", "kind"),
    [
        (["redirects"], "jsonl", "redirects.jsonl", "application/x-ndjson"),
        (["redirects"], "xlsx", "redirects.xlsx",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (["products", "redirects"], "csv", "export.zip", "application/zip"),
        (["products", "redirects"], "xlsx", "export.xlsx",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)  # fmt: skip
def test_every_file_has_its_name_and_kind(program, store, types, format, name, kind):
    store.add_redirect("/a", "/b")
    job = done(program, store, *types, format=format)
    file = program.get(f"/exports/{job.id}/file", buffered=True)
    assert file.mimetype == kind and file.data
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_list_has_the_newest_first_and_only_the_keys_own(app, program, store):
    first, second = start(program, "redirects").id, start(program, "redirects").id
    listed = [job["id"] for job in program.get("/exports").json["exports"]]
    assert listed == [second, first]
    other = Script(app, make_key(store.shop, "redirects:export", name="Other")[1])
    assert other.get("/exports").json == {"exports": []}
    problem(other.get(f"/exports/{first}"), 404, "not_found")


def test_bob_sees_nothing_of_alices(program, store, bobs_program):
    job = done(program, store, "redirects")
    assert bobs_program.get("/exports").json == {"exports": []}
    for answer in (
        bobs_program.get(f"/exports/{job.id}"),
        bobs_program.get(f"/exports/{job.id}/file"),
        bobs_program.delete(f"/exports/{job.id}"),
    ):
        problem(answer, 404, "not_found")
    db.session.refresh(job)
    assert job.status == "completed"


def test_each_shops_file_comes_from_its_own_store(program, store, bobs_program, other_store):
    store.add_redirect("/alices", "/b")
    other_store.add_redirect("/bobs", "/b")
    for caller, its_store, path in (
        (program, store, "/alices"),
        (bobs_program, other_store, "/bobs"),
    ):
        job = done(caller, its_store, "redirects")
        file = caller.get(f"/exports/{job.id}/file", buffered=True)
        [row] = csv.DictReader(io.StringIO(file.data.decode("utf-8-sig")))
        assert row["Path"] == path


def test_an_import_is_no_export(program, store, tmp_path):
    job = store.keep(tmp_path, "Path,Target\n/a,/b\n")
    problem(program.get(f"/exports/{job.id}"), 404, "not_found")


def test_a_key_without_the_permission_is_told_where_to_tick_it(program):
    answer = problem(
        program.post("/exports", json={"types": ["redirects", "orders"]}),
        403,
        "permission_missing",
    )
    assert answer["needs"] == "orders:export" and "Orders: export" in answer["detail"]
    assert program.get("/exports").json == {"exports": []}


def test_the_permission_is_checked_again_at_the_download(program, store):
    job = done(program, store, "redirects")
    store.key.permissions = ["products:export"]
    db.session.commit()
    problem(program.get(f"/exports/{job.id}/file"), 403, "permission_missing")


def test_a_file_that_is_not_there_yet_is_said_so(program):
    job = start(program, "redirects")
    answer = problem(program.get(f"/exports/{job.id}/file"), 409, "not_ready")
    assert "queued" in answer["detail"]


def test_an_export_can_be_canceled_and_stays_so(program, store):
    job = start(program, "redirects")
    assert program.delete(f"/exports/{job.id}").json["status"] == "canceled"
    store.run_export(job)
    assert program.get(f"/exports/{job.id}").json["status"] == "canceled"
    assert program.delete(f"/exports/{job.id}").json["status"] == "canceled"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "types"),
        ({"types": []}, "types"),
        ({"types": "products"}, "types"),
        ({"types": ["products", 7]}, "types.1"),
        ({"types": ["gadgets"]}, "types.0"),
        ({"types": ["redirects", "redirects"]}, "types.1"),
        ({"types": ["products"], "format": "pdf"}, "format"),
        ({"types": ["products"], "colour": "red"}, "colour"),
        ({"types": ["products"], "filters": {"products": {"colour": "red"}}}, "filters.products"),
        ({"types": ["products"], "filters": {"redirects": {"path": "/a"}}}, "filters.redirects"),
        ({"types": ["products"], "filters": []}, "filters"),
        ([], "body"),
    ],
)
def test_a_body_that_is_wrong_is_told_field_by_field(program, body, field):
    answer = problem(program.post("/exports", json=body), 422, "invalid")
    assert [error["field"] for error in answer["errors"]] == [field]
    assert answer["errors"][0]["detail"]


@pytest.mark.parametrize(
    "value", [b"NaN", b"-Infinity", b"1e999", b"9" * 400, b'"a\\u0000b"', b'"a\\nb"', b"[[1]]"]
)
def test_a_filter_that_no_search_has_is_told(program, value):
    body = b'{"types": ["products"], "filters": {"products": {"price": %s}}}' % value
    answer = problem(program.post("/exports", data=body), 422, "invalid")
    assert [error["field"] for error in answer["errors"]] == ["filters.products"]
    assert answer["detail"].startswith("A filter's value")


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"null"])
def test_a_body_that_is_no_json_is_told(program, data):
    answer = problem(program.post("/exports", data=data), 422, "invalid")
    assert answer["errors"][0]["field"] == "body"


def test_shopify_away_is_a_problem_before_the_first_byte(program, store):
    job = done(program, store, "redirects")
    store.shop.uninstall()
    store.shop.uninstalled_at = None
    db.session.commit()
    answer = problem(program.get(f"/exports/{job.id}/file"), 409, "not_ready")
    assert "Open it once" in answer["detail"]
