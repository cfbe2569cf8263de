"""Imports into the stand-in: each row does what it says, exactly once."""

import csv
import io

import orjson
import pytest

from models import db
from models.import_chunk import ImportChunk
from models.import_object import ImportObject
from models.job import CANCELED, COMPLETED, FAILED
from shopify.admin import ShopifyRefused
from transfer.importing import steps
from transfer.importing.apply import DONE_ALREADY
from transfer.importing.rows import results_file, results_jsonl

both_databases = pytest.mark.both_databases

FILE = """Path,Command,Target
/new,NEW,/1
/old,NEW,/1
/old,UPDATE,/2
/missing,UPDATE,/2
/same,MERGE,/s
/merged,,/3
/gone,DELETE,
/missing,DELETE,
/left,IGNORE,/4
/bad,ERASE,/5
"""
OUTCOMES = [
    ("/new", "created", 'Path: "/new", Target: "/1"'),
    ("/old", "skipped", "It exists already."),
    ("/old", "updated", 'Target: "/o" → "/2"'),
    ("/missing", "skipped", "There is none to change."),
    ("/same", "unchanged", ""),
    ("/merged", "created", 'Path: "/merged", Target: "/3"'),
    ("/gone", "deleted", ""),
    ("/missing", "skipped", "There is none to change."),
    ("/left", "skipped", "Its Command is IGNORE."),
]
BEFORE = {"/old": "/o", "/same": "/s", "/gone": "/g"}


@pytest.fixture
def filled(store):
    for path, target in BEFORE.items():
        store.add_redirect(path, target)
    return store


def results(job) -> list[dict]:
    text = b"".join(results_file(job)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def outcomes(job) -> list[tuple]:
    return [(r["Path"], r["Import Result"], r["Import Comment"]) for r in results(job)]


@both_databases
def test_every_row_does_what_it_says(filled, tmp_path):
    job = filled.run_import(filled.keep(tmp_path, FILE))
    *good, bad = outcomes(job)
    assert good == OUTCOMES
    assert bad[1] == "failed" and "none of NEW" in bad[2]
    assert filled.redirects() == {"/new": "/1", "/old": "/2", "/same": "/s", "/merged": "/3"}
    assert job.status == COMPLETED
    assert (job.rows, job.total, job.done) == (10, 10, 10)
    assert job.counts == {
        "created": 2, "updated": 1, "unchanged": 1, "deleted": 1, "skipped": 4, "failed": 1
    }  # fmt: skip


def test_a_dry_run_says_the_same_and_changes_nothing(filled, tmp_path):
    job = filled.run_import(filled.keep(tmp_path, FILE, dry_run=True))
    assert outcomes(job)[:-1] == OUTCOMES
    assert filled.redirects() == BEFORE


def test_an_exported_file_comes_back_unchanged(filled, tmp_path):
    text = filled.file(filled.export("redirects")).decode()
    job = filled.run_import(filled.keep(tmp_path, text))
    assert job.counts == {"unchanged": 3}


def test_a_row_is_found_by_its_id_and_may_change_its_path(filled, tmp_path):
    gid = filled.add_redirect("/was", "/t")
    number = gid.rpartition("/")[2]
    text = f"ID,Path,Target\n{number},/is,/t\n{gid},/is,/u\n999,/new,/n\nx,/y,/z\n"
    job = filled.run_import(filled.keep(tmp_path, text))
    assert [(result, comment) for _, result, comment in outcomes(job)][:2] == [
        ("updated", 'Path: "/was" → "/is"'),
        ("updated", 'Target: "/t" → "/u"'),
    ]
    assert [result for _, result, _ in outcomes(job)][2:] == ["created", "failed"]
    assert filled.redirects()["/is"] == "/u"


def test_shopifys_own_words_stand_beside_a_row_that_it_refuses(filled, tmp_path):
    job = filled.run_import(filled.keep(tmp_path, "ID,Path,Target\n,/loop,/loop\n,/ok,/fine\n"))
    refused, fine = outcomes(job)
    assert refused[1] == "failed" and refused[2]
    assert fine[1] == "created"


@both_databases
def test_rows_far_apart_know_of_each_other(store, small_batches, tmp_path):
    rows = [f"/p{number},NEW,/t\n" for number in range(12)]
    text = "Path,Command,Target\n" + "".join(rows) + "/p0,DELETE,\n/p0,NEW,/u\n/p1,,/u\n"
    job = store.run_import(store.keep(tmp_path, text))
    assert job.counts == {"created": 13, "deleted": 1, "updated": 1}
    assert store.redirects()["/p0"] == store.redirects()["/p1"] == "/u"


def test_results_as_json_have_the_files_own_columns(filled, tmp_path):
    job = filled.run_import(filled.keep(tmp_path, "path, target ,Note\n/same,/s,x\n"))
    [row] = map(orjson.loads, results_jsonl(job))
    assert row.pop("ID").isdigit()
    assert row == {
        **{"path": "/same", " target ": "/s", "Note": "x"},
        **{"Import Result": "unchanged", "Import Comment": ""},
    }


def test_a_blank_cell_of_the_files_own_ids_is_filled_in(filled, tmp_path):
    text = "Path,id,Target\n/same,,/s\n/new,,/n\n"
    job = filled.run_import(filled.keep(tmp_path, text))
    rows = results(job)
    assert all(row["id"].isdigit() for row in rows) and "ID" not in rows[0]
    again = filled.run_import(filled.keep(tmp_path, b"".join(results_file(job))))
    assert again.counts == {"unchanged": 2}


CUT_OFF = [
    ("NEW", None, "create", "created"),
    ("MERGE", None, "create", "created"),
    ("UPDATE", "/old", "update", "updated"),
    ("MERGE", "/old", "update", "updated"),
    ("DELETE", "/t", "delete", "deleted"),
]
"""The Command of a row, the target that its path has before, what is sent, and what comes of it."""


@both_databases
def test_rows_that_were_cut_off_end_as_if_they_had_not_been(store, tmp_path):
    """Whether what was sent had landed or not: of each kind one row that had, and one that had
    not."""
    cases = {f"/{n}": case for n, case in enumerate([*CUT_OFF, *CUT_OFF])}
    landed = [*cases][: len(CUT_OFF)]
    gids = {
        path: store.add_redirect(path, before) for path, (_, before, *_) in cases.items() if before
    }
    text = "".join(f"{path},{command},/t\n" for path, (command, *_) in cases.items())
    job = store.begun(tmp_path, f"Path,Command,Target\n{text}")
    planned = ImportObject.to_write(job.id, 0, 99)
    assert [(one.action, one.result) for one in planned] == [
        (action, None) for _, _, action, _ in cases.values()
    ]
    for one in planned:
        one.tried = True
    db.session.commit()
    for path in landed:
        action = cases[path][2]
        if action == "create":
            store.add_redirect(path, "/t")
        else:
            store.send(action, gids[path], **({"target": "/t"} if action == "update" else {}))
    store.run_import(job)
    found = outcomes(job)
    assert [one[:2] for one in found] == [(path, case[3]) for path, case in cases.items()]
    assert [path for path, _, comment in found if comment == DONE_ALREADY] == landed
    assert store.redirects() == {path: "/t" for path in cases if cases[path][0] != "DELETE"}


@both_databases
def test_what_somebody_else_changed_since_the_plan_is_a_conflict_and_left_alone(store, tmp_path):
    gids = {path: store.add_redirect(path, "/old") for path in ("/a", "/b", "/c", "/d")}
    text = "Path,Command,Target\n" + "".join(
        f"{path},{command},/t\n"
        for path, command in {"/a": "", "/b": "", "/c": "DELETE", "/d": "", "/e": ""}.items()
    )
    job = store.begun(tmp_path, text)
    store.send("update", gids["/a"], target="/theirs")
    store.send("delete", gids["/b"])
    store.send("update", gids["/c"], target="/theirs")
    store.add_redirect("/e", "/theirs")
    store.run_import(job)
    assert [row[1:] for row in outcomes(job)] == [
        ("conflict", 'Target: "/old" when planned, to be "/t", "/theirs" now'),
        ("conflict", "It has been deleted since the plan was made."),
        ("conflict", 'Target: "/old" when planned, "/theirs" now'),
        ("updated", 'Target: "/old" → "/t"'),
        ("conflict", "It has been created since the plan was made."),
    ]
    assert job.counts == {"conflict": 4, "updated": 1}
    assert store.redirects() == {"/a": "/theirs", "/c": "/theirs", "/d": "/t", "/e": "/theirs"}


def test_a_shop_without_the_app_stops_the_import_and_the_rows_say_so(store, tmp_path):
    job = store.begun(tmp_path, "Path,Target\n/a,/t\n")
    store.shop.uninstall()
    db.session.commit()
    with pytest.raises(ShopifyRefused) as refused:
        steps.apply(job.id)
    steps.fail(job.id, str(refused.value))
    db.session.refresh(job)
    assert job.status == FAILED and "no longer installed" in job.error
    assert job.counts == {"skipped": 1}
    assert "no longer installed" in outcomes(job)[0][2]


@both_databases
def test_a_canceled_import_leaves_the_rest_alone(store, tmp_path):
    job = store.begun(tmp_path, "Path,Target\n/a,/t\n")
    job.cancel()
    store.run_import(job)
    assert job.status == CANCELED and job.counts == {"skipped": 1}
    assert outcomes(job) == [("/a", "skipped", "The import was canceled before this row.")]
    assert store.redirects() == {}


@both_databases
def test_of_an_import_that_is_canceled_before_it_starts_nothing_is_kept(store, tmp_path):
    job = store.keep(tmp_path, "Path,Target\n/a,/t\n")
    assert ImportChunk.any_of_shop(store.shop.id)
    job.cancel()
    assert not ImportChunk.any_of_shop(store.shop.id)
    store.run_import(job)
    assert (job.status, job.counts, results(job)) == (CANCELED, {}, [])
    assert store.redirects() == {}


def test_a_job_that_is_over_is_not_begun_again(store, tmp_path):
    job = store.run_import(store.keep(tmp_path, "Path,Target\n/a,/t\n"))
    assert not steps.begin(job.id)
    assert job.status == COMPLETED


def test_bobs_import_does_not_touch_alices_store(store, other_store, tmp_path):
    store.add_redirect("/a", "/alice")
    other_store.run_import(other_store.keep(tmp_path, "Path,Target\n/a,/bob\n"))
    assert store.redirects() == {"/a": "/alice"}
    assert other_store.redirects() == {"/a": "/bob"}
