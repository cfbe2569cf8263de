"""The plan of an import, as a program looks at it, and applies it once."""

import io

import orjson
import pytest
from openpyxl import load_workbook

from models import db, now
from models.activity import Activity
from models.import_limits import written
from models.job import Job
from models.notice import Notice
from tests.blueprints.api.test_imports import send, start
from tests.cast import Script, make_key, problem
from transfer.importing import guards

FILE = b"Path,Target,Command\n/a,/new,\n/c,/d,\n/b,,DELETE\n/e,/f,IGNORE\n/g,,\n"
DELETES = b"Path,Command\n" + b"".join(b"/%d,DELETE\n" % number for number in range(12))


@pytest.fixture
def planned(program, store):
    """A dry run over a store with two redirects."""
    for path in "ab":
        store.add_redirect(f"/{path}", "/old")
    return store.run_import(start(program, FILE, dry_run="true"))


@pytest.fixture
def held(program, store):
    """An import that would delete all of the store's redirects."""
    for number in range(12):
        store.add_redirect(f"/{number}", "/t")
    return store.run_import(start(program, DELETES))


def lines(answer) -> list[dict]:
    assert answer.status_code == 200, answer.text
    return [orjson.loads(line) for line in answer.data.splitlines()]


def workbook(program, job: Job):
    """The first sheet of the plan as a workbook."""
    with program.get(f"/imports/{job.id}/plan?format=xlsx") as answer:
        assert answer.mimetype.endswith("spreadsheetml.sheet")
        return load_workbook(io.BytesIO(answer.data)).worksheets[0]


def apply(program, job: Job, **accept: int):
    return program.post(f"/imports/{job.id}/apply", json={"accept": accept})


@pytest.mark.both_databases
def test_a_plan_is_an_object_a_line_in_the_order_of_the_file(program, planned):
    answer = program.get(f"/imports/{planned.id}/plan")
    assert answer.mimetype == "application/jsonl"
    changed, created, deleted, ignored, failed = lines(answer)
    assert changed.pop("id").isdecimal()
    assert changed == {
        "type": "redirects",
        "sheet": "",
        "key": "/a",
        "action": "update",
        "rows": [2],
        "changes": [{"column": "Target", "member": "", "before": "/old", "after": "/new"}],
        "warnings": [],
        "blanks": [],
    }
    assert (created["action"], created["id"]) == ("create", None)
    assert {(each["column"], each["after"]) for each in created["changes"]} == {
        ("Path", "/c"),
        ("Target", "/d"),
    }
    assert deleted["action"] == "delete"
    assert {"column": "Target", "member": "", "before": "/old", "after": ""} in deleted["changes"]
    assert (ignored["action"], ignored["changes"]) == ("skipped", [])
    assert failed["action"] == "failed" and "Target" in failed["warnings"][0]
    only = lines(program.get(f"/imports/{planned.id}/plan?only=changes"))
    assert [each["action"] for each in only] == ["update", "create", "delete", "failed"]
    mistyped = problem(program.get(f"/imports/{planned.id}/plan?onlly=changes"), 422, "invalid")
    assert [error["field"] for error in mistyped["errors"]] == ["onlly"]


def test_as_a_workbook_the_plan_is_the_file_with_its_changes_coloured(program, planned):
    sheet = workbook(program, planned)
    assert [cell.value for cell in sheet[1]][:3] == ["Path", "Target", "Command"]
    changed, untouched, created = sheet["B2"], sheet["A2"], sheet["B3"]
    assert (changed.value, changed.comment.text) == ("/new", "Was: /old")
    assert changed.fill.fgColor.rgb == "FF" + "FFF1C2" and untouched.fill.fgColor.rgb == "00000000"
    assert created.fill.fgColor.rgb == "FF" + "D9F2E3" and created.comment is None
    assert [sheet.cell(row, 4).value for row in range(2, 7)] == [
        "update",
        "create",
        "delete",
        "skipped",
        "failed",
    ]


def test_a_text_of_the_plan_runs_nothing_in_a_spreadsheet(program, store):
    job = store.run_import(start(program, b"Path,Target\n/a,=1+1\n", dry_run="true"))
    cell = workbook(program, job)["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.both_databases
def test_a_plan_is_applied_once(program, store, planned):
    answer = apply(program, planned)
    assert answer.status_code == 202 and answer.json["status"] == "queued"
    assert answer.headers["Location"] == f"/api/v1/imports/{planned.id}"
    assert answer.json["dry_run"] is False
    problem(apply(program, planned), 409, "already_applied")
    store.run_import(planned)
    assert store.redirects() == {"/a": "/new", "/c": "/d"}
    after = program.get(f"/imports/{planned.id}").json
    assert after["status"] == "completed"
    assert {name: count for name, count in after["counts"].items() if count} == {
        "updated": 1,
        "created": 1,
        "deleted": 1,
        "skipped": 1,
        "failed": 1,
    }
    problem(apply(program, planned), 409, "already_applied")
    assert len(lines(program.get(f"/imports/{planned.id}/plan"))) == 5
    told = [each.kind for each in db.session.scalars(db.select(Activity).order_by(Activity.id))]
    assert told[-3:] == ["job.finished", "job.applied", "job.finished"]


def test_what_has_no_plan_is_not_ready(program, store):
    job = start(program)
    problem(program.get(f"/imports/{job.id}/plan"), 409, "not_ready")
    problem(apply(program, job), 409, "not_ready")
    job.cancel()
    problem(apply(program, job), 409, "not_ready")


def test_a_plan_that_was_discarded_is_not_applied(program, store, planned):
    assert program.delete(f"/imports/{planned.id}").json["status"] == "canceled"
    problem(apply(program, planned), 409, "not_ready")
    assert store.redirects() == {"/a": "/old", "/b": "/old"}


def test_over_a_limit_an_import_is_held_until_its_counts_are_accepted(program, store, held):
    made = program.get(f"/imports/{held.id}").json
    assert (made["status"], made["plan"]["deleted"]) == ("held", 12)
    [limit] = made["plan"]["limits"]
    worst = limit.pop("worst")
    assert limit == {"limit": "deletes", "count": 12, "allowed": 10, "earlier": 0}
    assert [each["key"] for each in worst] == [f"/{number}" for number in range(12)]
    assert worst[0]["rows"] == [2]
    for accept in ({}, {"deletes": 11}, {"deletes": 12, "prices": 1}):
        answer = problem(apply(program, held, **accept), 409, "not_accepted")
        assert answer["limits"].get("deletes", 12) == 12
    assert len(store.redirects()) == 12
    assert apply(program, held, deletes=12).status_code == 202
    store.run_import(held)
    assert store.redirects() == {}


def test_a_count_is_a_whole_number_however_it_is_written(program, store, held):
    body = b'{"accept": {"deletes": 12.0}}'
    assert program.post(f"/imports/{held.id}/apply", data=body).status_code == 202


def test_who_reads_the_shops_mail_is_told_of_what_is_held(held):
    [mail] = db.session.scalars(db.select(Notice).filter_by(kind="job.held"))
    assert mail.payload["detail"]["types"] == ["redirects"]
    assert "/1" not in str(mail.payload)


@pytest.mark.parametrize(
    ("confirm", "status"),
    [
        ("", "held"),
        ("changes", "held"),
        ("deletes:11", "held"),
        ("deletes:12", "completed"),
        ("changes,deletes:12", "completed"),
    ],
)
def test_what_is_confirmed_in_advance_is_not_held(program, store, confirm, status):
    for number in range(12):
        store.add_redirect(f"/{number}", "/t")
    job = store.run_import(start(program, DELETES, confirm=confirm))
    assert job.status == status
    assert len(store.redirects()) == (12 if status == "held" else 0)


def test_a_number_of_deletes_that_is_not_that_of_the_plan_is_held_below_the_limit_too(
    program, store
):
    store.add_redirect("/0", "/t")
    file = b"Path,Command\n/0,DELETE\n"
    assert store.run_import(start(program, file, confirm="deletes:2")).status == "held"
    assert store.run_import(start(program, file, confirm="deletes:1")).status == "completed"


@pytest.mark.both_databases
def test_ten_small_files_are_no_way_around_a_limit(program, store, other_store, bobs_program):
    for each in (store, other_store):
        for number in range(12):
            each.add_redirect(f"/{number}", "/t")
    first, rest = DELETES.splitlines()[1:7], DELETES.splitlines()[7:]
    small, other = (b"\n".join([b"Path,Command", *some, b""]) for some in (first, rest))
    assert store.run_import(start(program, small)).status == "completed"
    assert other_store.run_import(start(bobs_program, other)).status == "completed"
    job = store.run_import(start(program, other))
    assert job.status == "held"
    [limit] = program.get(f"/imports/{job.id}").json["plan"]["limits"]
    assert (limit["count"], limit["earlier"]) == (6, 6)
    earlier = db.update(Job).where(Job.id != job.id).values(started_at=now() - 2 * guards.HOUR)
    db.session.execute(earlier)
    db.session.commit()
    assert store.run_import(start(program, other)).status == "completed"


@pytest.mark.both_databases
def test_ten_small_plans_are_no_way_around_a_limit(program, store):
    for number in range(12):
        store.add_redirect(f"/{number}", "/t")
    halves = DELETES.splitlines()[1:7], DELETES.splitlines()[7:]
    files = [b"\n".join([b"Path,Command", *some, b""]) for some in halves]
    first, second = [store.run_import(start(program, file, dry_run="true")) for file in files]
    assert not any(job.plan["limits"]["deletes"]["over"] for job in (first, second))
    assert apply(program, first).status_code == 202
    answer = problem(apply(program, second), 409, "not_accepted")
    assert answer["limits"] == {"deletes": 6}
    [limit] = program.get(f"/imports/{second.id}").json["plan"]["limits"]
    assert (limit["count"], limit["earlier"]) == (6, 6)
    assert store.run_import(first).counts == {"deleted": 6}
    problem(apply(program, second), 409, "not_accepted")
    assert apply(program, second, deletes=6).status_code == 202


def test_a_limit_that_is_lowered_holds_for_a_plan_that_waits(program, store):
    for number in range(2):
        store.add_redirect(f"/{number}", "/t")
    file = b"Path,Command\n/0,DELETE\n/1,DELETE\n"
    job = store.run_import(start(program, file, dry_run="true"))
    store.key.import_limits_text = written({"deletes": 1, "deletes_percent": 0})
    db.session.commit()
    assert problem(apply(program, job), 409, "not_accepted")["limits"] == {"deletes": 2}


def test_deletes_that_somebody_accepted_do_not_count_for_what_follows(program, store, held):
    apply(program, held, deletes=12)
    store.run_import(held)
    store.add_redirect("/0", "/t")
    assert store.run_import(start(program, b"Path,Command\n/0,DELETE\n")).status == "completed"


def test_a_blank_cell_is_kept_and_counted_or_clears(program, store):
    store.add_redirect("/a", "/t")
    made = store.run_import(start(program, b"Path,Target\n/a,\n", dry_run="true"))
    assert program.get(f"/imports/{made.id}").json["plan"]["blanks_kept"] == 1
    [line] = lines(program.get(f"/imports/{made.id}/plan"))
    assert (line["action"], line["blanks"]) == ("unchanged", ["Target"])
    strict = {"blank": "clear", "strict": "true", "dry_run": "true"}
    cleared = store.run_import(start(program, b"Path,Target\n/a,\n", **strict))
    shown = program.get(f"/imports/{cleared.id}").json
    assert (shown["blank"], shown["strict"], shown["plan"]["failed"]) == ("clear", True, 1)


def test_strict_fails_what_a_command_cannot_do(program, store):
    file = b"Path,Target,Command\n/a,/b,UPDATE\n"
    assert store.run_import(start(program, file, strict="true")).counts == {"failed": 1}
    assert store.run_import(start(program, file)).counts == {"skipped": 1}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"blank": "empty"}, "blank"),
        ({"strict": "maybe"}, "strict"),
        ({"confirm": "all"}, "confirm"),
        ({"confirm": "deletes:-1"}, "confirm"),
    ],
)
def test_an_option_that_is_wrong_is_told(program, query, field):
    answer = problem(send(program, **query), 422, "invalid")
    assert [error["field"] for error in answer["errors"]] == [field]


WRONG = [
    *(b"[]", b'{"accept": {"deletes": "1"}}', b'{"yes": 1}', b"{"),
    *(b'{"accept": {"deletes": 99999999999999999999}}', b'{"accept": {"\\ud800": 1}}'),
]


@pytest.mark.parametrize("body", WRONG)
def test_a_body_that_is_wrong_applies_nothing(program, planned, body):
    problem(program.post(f"/imports/{planned.id}/apply", data=body), 422, "invalid")
    assert program.get(f"/imports/{planned.id}").json["status"] == "planned"


def test_the_permission_is_checked_again_at_apply(program, store, planned):
    store.key.permissions = ["redirects:export"]
    db.session.commit()
    problem(apply(program, planned), 403, "permission_missing")
    problem(program.get(f"/imports/{planned.id}/plan"), 403, "permission_missing")


def test_a_key_that_is_narrowed_after_the_call_applies_nothing(program, store, planned):
    assert apply(program, planned).status_code == 202
    store.key.permissions = ["redirects:export"]
    db.session.commit()
    store.run_import(planned)
    assert planned.status == "failed" and "may not import" in planned.error
    assert store.redirects() == {"/a": "/old", "/b": "/old"}


def test_a_key_that_is_deleted_after_the_call_applies_nothing(program, store, planned):
    assert apply(program, planned).status_code == 202
    store.key.delete()
    db.session.commit()
    store.run_import(planned)
    assert planned.status == "failed"
    assert store.redirects() == {"/a": "/old", "/b": "/old"}


def test_bob_and_other_keys_see_nothing_of_a_plan(app, program, bobs_program, store, planned):
    other = Script(app, make_key(store.shop, "redirects:import", name="Other")[1])
    for stranger in (bobs_program, other):
        problem(stranger.get(f"/imports/{planned.id}/plan"), 404, "not_found")
        problem(stranger.get(f"/imports/{planned.id}/plan?format=xlsx"), 404, "not_found")
        problem(apply(stranger, planned), 404, "not_found")
    assert program.get(f"/imports/{planned.id}").json["status"] == "planned"
