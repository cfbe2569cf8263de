"""/api/v1/imports, as a program sees it."""

import csv
import io
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from models import db, now
from models.import_chunk import ImportChunk
from models.import_row import ImportRow
from models.job import Job
from tests.cast import Script, make_key, problem
from tests.transfer.importing.test_upload import workbook
from transfer.importing import planning, steps
from transfer.types import BY_NAME

pytestmark = pytest.mark.both_databases

FILE = b"Path,Target\n/a,/b\n/c,/d\n"
DATA = Path(__file__).parents[2] / "data"


def send(program, data: bytes = FILE, **query):
    return program.post("/imports", data=data, query_string={"type": "redirects"} | query)


def start(program, data: bytes = FILE, **query) -> Job:
    answer = send(program, data, **query)
    assert answer.status_code == 202, answer.text
    return db.session.get_one(Job, answer.json["id"])


def test_an_import_from_the_call_to_the_results(program, store):
    answer = send(program)
    made = answer.json
    assert answer.headers["Location"] == f"/api/v1/imports/{made['id']}"
    assert made["id"].startswith("imp_") and len(made["id"]) == 24
    nothing = dict.fromkeys(
        ("created", "updated", "unchanged", "deleted", "skipped", "conflict", "failed"), 0
    )
    assert made | {"id": "", "created_at": ""} == {
        "id": "",
        "types": ["redirects"],
        "sheets": [{"name": "", "type": "redirects", "rows": 2}],
        "dry_run": False,
        "blank": "keep",
        "strict": False,
        "plan": None,
        "undoes": None,
        "undone_by": None,
        "counts": nothing,
        "status": "queued",
        "rows": 2,
        "error": None,
        "warnings": [],
        "progress": {"done": 0, "total": 2, "rate": None, "seconds_left": None},
        "created_at": "",
        "started_at": None,
        "finished_at": None,
    }
    store.run_import(db.session.get_one(Job, made["id"]))
    after = program.get(f"/imports/{made['id']}").json
    assert after["status"] == "completed" and after["counts"] == nothing | {"created": 2}
    assert store.redirects() == {"/a": "/b", "/c": "/d"}


def test_results_are_csv_or_json_as_asked(program, store):
    job = store.run_import(start(program))
    answer = program.get(f"/imports/{job.id}/results")
    assert answer.mimetype == "text/csv"
    assert 'filename="redirects-results.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert list(rows[0]) == ["Path", "Target", "ID", "Import Result", "Import Comment"]
    assert [row["Import Result"] for row in rows] == ["created", "created"]
    nodes = store.graphql("query { urlRedirects(first: 9) { nodes { id path } } }")
    ids = {node["path"]: node["id"].split("/")[-1] for node in nodes["urlRedirects"]["nodes"]}
    assert {row["Path"]: row["ID"] for row in rows} == ids
    lines = program.get(f"/imports/{job.id}/results", headers={"Accept": "application/x-ndjson"})
    assert lines.mimetype == "application/x-ndjson"
    assert len(lines.data.splitlines()) == 2


def test_the_results_of_failed_rows_alone_can_be_imported_again(program, store):
    job = store.run_import(start(program, b"Path,Target\n/a,/b\n,/c\n/d,\n"))
    only = f"/imports/{job.id}/results?only=failed"
    rows = list(csv.DictReader(io.StringIO(program.get(only).data.decode("utf-8-sig"))))
    assert [(row["Target"], row["Import Result"]) for row in rows] == [
        ("/c", "failed"),
        ("", "failed"),
    ]
    again = store.run_import(start(program, program.get(only).data))
    assert again.counts["failed"] == 2 and again.warnings == []
    results = program.get(f"/imports/{again.id}/results").data.decode("utf-8-sig")
    assert results.splitlines()[0] == '"Path","Target","ID","Import Result","Import Comment"'
    for query, field in (("only=bad", "only"), ("onlly=failed", "onlly"), ("=failed", "")):
        error = problem(program.get(f"/imports/{job.id}/results?{query}"), 422, "invalid")
        assert [wrong["field"] for wrong in error["errors"]] == [field]


def test_a_dry_run_ends_as_a_plan_and_changes_nothing(program, store):
    store.add_redirect("/a", "/old")
    file = b"Path,Target,Command\n/a,/b,\n/c,/d,\n/a,,DELETE\n/e,/f,IGNORE\n"
    job = store.run_import(start(program, file, dry_run="true"))
    made = program.get(f"/imports/{job.id}").json
    assert (made["status"], made["dry_run"]) == ("planned", True)
    plan = made["plan"]
    assert plan.pop("planned_at") >= made["created_at"]
    assert plan == {
        "created": 1,
        "updated": 1,
        "deleted": 1,
        "unchanged": 0,
        "skipped": 1,
        "failed": 0,
        "limits": [],
        "approval": None,
        "mails": 0,
        "not_undoable": [{"action": "delete", "count": 1}],
        "blanks_kept": 0,
        "sha256": sha256(file).hexdigest(),
    }
    counted = {name: count for name, count in made["counts"].items() if count}
    assert counted == {"created": 1, "updated": 1, "deleted": 1, "skipped": 1}
    assert store.redirects() == {"/a": "/old"}
    results = program.get(f"/imports/{job.id}/results").data.decode("utf-8-sig")
    came = [row["Import Result"] for row in csv.DictReader(io.StringIO(results))]
    assert came == ["updated", "created", "deleted", "skipped"]


def test_a_plan_that_is_canceled_has_changed_nothing(program, store):
    job = store.run_import(start(program, dry_run="true"))
    assert program.delete(f"/imports/{job.id}").json["status"] == "canceled"
    assert program.get(f"/imports/{job.id}").json["counts"]["skipped"] == 2
    store.run_import(job)
    assert store.redirects() == {}


def test_while_a_file_is_planned_its_rows_are_told(program, store):
    job = start(program, b"Path,Target\n" + b"".join(b"/%d,/x\n" % each for each in range(150)))
    assert steps.begin(job.id) and steps.unpack(job.id)
    assert program.get(f"/imports/{job.id}").json["status"] == "planning"
    planning.make_plan(job.id)
    progress = program.get(f"/imports/{job.id}").json["progress"]
    assert (progress["done"], progress["total"]) == (100, 150)


def test_unknown_columns_are_a_warning(program):
    answer = send(program, b"Path,Target,Ziel\n/a,/b,\n")
    assert answer.json["warnings"][0].startswith("ALYS005")


def test_the_list_has_only_the_keys_own(app, program, store):
    first, second = start(program).id, start(program).id
    assert [job["id"] for job in program.get("/imports").json["imports"]] == [second, first]
    other = Script(app, make_key(store.shop, "redirects:import", name="Other")[1])
    assert other.get("/imports").json == {"imports": []}
    problem(other.get(f"/imports/{first}"), 404, "not_found")


def test_bob_sees_nothing_of_alices(program, bobs_program):
    job = start(program)
    assert bobs_program.get("/imports").json == {"imports": []}
    for answer in (
        bobs_program.get(f"/imports/{job.id}"),
        bobs_program.get(f"/imports/{job.id}/results"),
        bobs_program.delete(f"/imports/{job.id}"),
    ):
        problem(answer, 404, "not_found")
    db.session.refresh(job)
    assert job.status == "queued"


def test_an_import_can_be_canceled(program, store):
    job = start(program)
    assert program.delete(f"/imports/{job.id}").json["status"] == "canceled"
    store.run_import(job)
    assert store.redirects() == {}
    assert program.get(f"/imports/{job.id}").json["counts"]["skipped"] == 0


def test_a_key_without_the_permission_is_told_where_to_tick_it(app, store):
    reader = Script(app, make_key(store.shop, "redirects:export", name="Reader")[1])
    answer = problem(send(reader), 403, "permission_missing")
    assert answer["needs"] == "redirects:import"
    assert db.session.scalar(db.select(db.func.count()).select_from(Job)) == 0


def test_the_permission_is_checked_again_for_the_results(program, store):
    job = store.run_import(start(program))
    store.key.permissions = ["redirects:export"]
    db.session.commit()
    problem(program.get(f"/imports/{job.id}/results"), 403, "permission_missing")


def test_a_file_may_say_its_type_by_its_name(program, store):
    job = start(program, type="", name="my-redirects.csv")
    assert (job.types, job.sheets[0].name) == (["redirects"], "my-redirects")
    answer = problem(send(program, type="", name="data.csv"), 422, "invalid")
    assert answer["errors"][0]["field"] == "type" and "redirects" in answer["detail"]


def test_each_type_of_a_file_needs_its_permission(app, store):
    reader = Script(app, make_key(store.shop, "products:import", name="Reader")[1])
    sheets = ("Products", [["Handle"], ["a"]]), ("Redirects", [["Path", "Target"], ["/a", "/b"]])
    answer = send(reader, workbook(*sheets), type="", name="store.xlsx")
    assert problem(answer, 403, "permission_missing")["needs"] == "redirects:import"
    assert db.session.scalar(db.select(db.func.count()).select_from(Job)) == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"type": "gadgets"}, "type"),
        ({"type": "", "name": "data.csv"}, "type"),
        ({"type": "events"}, "type"),
        ({"dry_run": "maybe"}, "dry_run"),
        ({"dryrun": "true"}, "dryrun"),
    ],
)
def test_a_question_that_is_wrong_is_told(program, query, field):
    answer = problem(send(program, **query), 422, "invalid")
    assert [error["field"] for error in answer["errors"]] == [field]


def test_every_type_that_may_be_ticked_for_import_is_written():
    assert [kind.name for kind in BY_NAME.values() if kind.importable != bool(kind.writing)] == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ALYS001"),
        (b"Path,Target\n", "a header and no rows"),
        ("Path,Target\n/é,/b\n".encode() + b"/\xe9,/x\n", "Line 3 is not in UTF-8"),
        (b'Path,Target\n/a,/b\n/c,"/d\n', "Line 3 cannot be read as CSV"),
        (b"Path,Target\n" + b"/a,/b\n" * 3000 + b'/c,"/d\n', "Line 3002 cannot"),
        (b"PK\x03\x04 not a workbook", "ALYS001"),
        ((DATA / "shopify-products.csv").read_bytes(), "ALYS006"),
    ],
    ids=["empty", "no rows", "encoding", "quote", "late", "zip", "native"],
)
def test_a_file_that_cannot_be_read_leaves_nothing_behind(program, data, words):
    answer = problem(send(program, data), 422, "invalid")
    assert words in answer["detail"]
    assert answer["errors"] == [{"field": "file", "detail": answer["detail"]}]
    assert program.get("/imports").json == {"imports": []}
    assert db.session.scalar(db.select(db.func.count()).select_from(ImportRow)) == 0


def test_a_file_beyond_the_limit_is_refused(app, program):
    with settings(app, IMPORT_MAX_MB=1):
        answer = send(program, b"Path,Target\n" + b"x" * 1024 * 1024)
    problem(answer, 413, "too_large")


def test_a_file_of_ten_megabytes_is_taken(program):
    rows = b"".join(b"/%d,/%s\n" % (number, b"x" * 1000) for number in range(10_000))
    job = start(program, b"Path,Target\n" + rows)
    assert (job.rows, job.stored_bytes) == (None, len(rows) + 12)
    assert steps.begin(job.id) and steps.unpack(job.id)
    assert (job.rows, job.total) == (10_000, 10_000)


def test_what_is_wrong_far_down_fails_the_import_in_the_same_words(program, store):
    file = b"Path,Target\n" + b"/a,/b\n" * 7000 + b'/c,"/d\n'
    job = store.run_import(start(program, file))
    shown = program.get(f"/imports/{job.id}").json
    assert (shown["status"], shown["rows"]) == ("failed", None)
    assert shown["error"].startswith("Line 7002 cannot be read as CSV")
    for left in (ImportRow, ImportChunk):
        assert db.session.scalar(db.select(db.func.count()).select_from(left)) == 0
    assert store.redirects() == {}


@contextmanager
def settings(app, **changed: int):
    """The app under these settings."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(update=changed)
    try:
        yield
    finally:
        app.config["SETTINGS"] = before


def test_a_shop_may_not_have_any_number_of_unfinished_jobs(app, program, bobs_program, store):
    with settings(app, SHOP_MAX_UNFINISHED_JOBS=2):
        first = start(program)
        assert program.post("/exports", json={"types": ["redirects"]}).status_code == 202
        for refused in (send(program), program.post("/exports", json={"types": ["redirects"]})):
            answer = problem(refused, 429, "too_many_jobs")
        assert "2 exports and imports of this store are queued or running" in answer["detail"]
        assert send(bobs_program).status_code == 202
        assert program.delete(f"/imports/{first.id}").status_code == 200
        assert send(program).status_code == 202


def test_a_shop_may_not_start_any_number_of_jobs(app, program, bobs_program, store):
    """Each is kept for 30 days, with what it was asked for, however soon it is canceled."""
    with settings(app, SHOP_MAX_JOBS_PER_HOUR=2):
        first, second = start(program), start(program)
        for job in (first, second):
            assert program.delete(f"/imports/{job.id}").json["status"] == "canceled"
        for refused in (send(program), program.post("/exports", json={"types": ["redirects"]})):
            answer = problem(refused, 429, "too_many_jobs")
        assert "2 exports and imports of this store were started" in answer["detail"]
        assert send(bobs_program).status_code == 202
        first.created_at -= timedelta(hours=1)
        db.session.commit()
        assert send(program).status_code == 202


def test_a_shop_may_not_store_any_number_of_bytes(app, program, bobs_program, store):
    row = b"/%d,/" + b"\\" * 1000 + b"\n"  # which take twice the room among the cells
    file = b"Path,Target\n" + b"".join(row % number for number in range(700))
    with settings(app, SHOP_IMPORTS_MAX_MB=1):
        job = start(program, file)
        answer = problem(send(program, file), 429, "too_much_stored")
        assert "take up all of their 1 MB" in answer["detail"]
        assert send(bobs_program, file).status_code == 202
        failed = store.run_import(job)
    assert failed.status == "failed" and "take up all of their 1 MB" in failed.error
    assert Job.bytes_stored(store.shop.id) == 0


def test_an_upload_that_was_cut_off_is_erased_after_a_day(app, store):
    for number in (0, 1):
        db.session.add(
            ImportChunk(job_id="imp_gone", number=number, shop_id=store.shop.id, data=b"x")
        )
    db.session.commit()
    Job.purge(before=now())
    assert ImportChunk.any_of_shop(store.shop.id)
    db.session.execute(db.update(ImportChunk).values(created_at=now() - timedelta(days=2)))
    Job.purge(before=now())
    assert not ImportChunk.any_of_shop(store.shop.id)


def test_a_file_that_is_cut_off_on_its_way_is_not_imported(program):
    whole = b"Path,Target\n/a,/b\n/c,/destination\n"
    answer = program.post(
        "/imports?type=redirects",
        data=whole[:-8],
        environ_overrides={
            "CONTENT_LENGTH": str(len(whole)),
            "wsgi.input_terminated": True,  # as gunicorn says, which gives what has come
        },
    )
    problem(answer, 400, "invalid")
    assert program.get("/imports").json == {"imports": []}
