"""An import on a page of its own: its plan is looked at, applied or discarded, and undone."""

from dataclasses import replace

import pytest

from blueprints.pages.planned_objects import words_of
from models import db
from models.activity import Activity
from models.import_object import ImportObject, sealed
from models.job import Job
from tests.markup import select, text
from transfer.importing.changes import FieldChange

JOBS = "/settings/jobs/"
FILE = "Path,Target,Command\n" + "".join(f"/{n},,DELETE\n" for n in range(12)) + "/new,<b>x</b>,\n"


@pytest.fixture
def held(store, tmp_path) -> Job:
    """An import that would delete twelve redirects."""
    for number in range(12):
        store.add_redirect(f"/{number}", "/t")
    return store.run_import(store.keep(tmp_path, FILE))


def last_activity() -> Activity:
    return db.session.scalars(db.select(Activity).order_by(Activity.id.desc()).limit(1)).one()


def test_a_held_import_is_shown_with_the_way_to_decide(alice, held):
    page = alice.get(JOBS)
    assert "Held" in text(page) and "more than its limits allow" in text(page)
    assert f"{JOBS}{held.id}?" in page.text
    assert "every" not in page.text.partition("hx-trigger")[2][:40]
    assert held.id in alice.get(f"{JOBS}?status=held").text
    assert held.id not in alice.get(f"{JOBS}?status=unfinished").text


def test_the_page_has_the_counts_the_limits_and_the_worst(alice, held):
    page = alice.get(f"{JOBS}{held.id}")
    said = text(page)
    assert "1 created 12 deleted" in said
    assert "Objects that are deleted: 12" in said and "Allowed without a decision: 10." in said
    assert "/11" in said and "under new IDs" in said
    assert "<b>x</b>" not in page.text and "&lt;b&gt;x&lt;/b&gt;" in page.text
    assert "every" not in page.text.partition('id="import"')[2][:200]


def test_how_many_objects_a_filter_leaves_is_said_to_those_who_do_not_see_it(alice, held):
    objects = f"{JOBS}{held.id}/objects"
    for query, words in {
        "show=create": "1 entry shown",
        "words=nowhere": "No objects found",
    }.items():
        answer = alice.get(f"{objects}?{query}")
        assert text(answer, "hx-partial[hx-target='#said']") == words
    for url in (f"{JOBS}{held.id}", f"{objects}?after=1"):
        assert select(alice.get(url), "hx-partial") == []


SENT = """Name,Line: Type,Fulfillment: Send Receipt,Cancel: Reason,Cancel: Send Receipt,Note
#1003,Fulfillment Line,TRUE,,,
#1009,,,customer,TRUE,
#1001,,,,,Nobody is written to
"""


def test_a_plan_says_how_many_customers_it_writes_to_and_what_stays_after_an_undo(
    alice, store, tmp_path
):
    store.tell("seed", products=6, customers=4, orders=12)
    job = store.run_import(store.keep(tmp_path, SENT, type="orders", dry_run=True))
    assert (job.plan["counts"], job.plan["mails"]) == ({"updated": 3}, 2)
    assert job.plan["not_undoable"] == [
        {"action": "cancel", "count": 1},
        {"action": "mail", "count": 2},
    ]
    assert "Update #1003 Row 2" in found(alice, job)
    said = text(alice.get(f"{JOBS}{job.id}"))
    assert "2 customers will get an email." in said
    assert "Canceled orders stay canceled after an undo." in said


def test_the_page_shows_the_first_cells_and_then_all(alice, store, tmp_path):
    header = "Email,First Name,Last Name,Note,Tax Exempt,Tags,Phone,Language\n"
    file = f"{header}jo@x.example,Jo,Moss,Hi,TRUE,new,+4915123456,de\n"
    job = store.run_import(store.keep(tmp_path, file, type="customers", dry_run=True))
    said = found(alice, job)
    assert "Last Name Moss" in said and "Tax Exempt" not in said and "Show 2 more" in said
    rest = text(alice.get(f"{JOBS}{job.id}/objects/2"))
    assert "Tax Exempt true" in rest and "Show" not in rest
    assert alice.get(f"{JOBS}{job.id}/objects/1").status_code == 404


@pytest.fixture
def many(store, tmp_path) -> Job:
    """A plan of 60 new redirects, one that changes, one that stays and one that fails."""
    store.add_redirect("/changes", "/t")
    store.add_redirect("/stays", "/t")
    rows = "".join(f"/n-{number:02},/t\n" for number in range(60))
    file = f"path,TARGET\n{rows}/changes,/other\n/stays,/t\n/fails,\n"
    return store.run_import(store.keep(tmp_path, file, dry_run=True))


def found(alice, job: Job, **filter: object) -> str:
    answer = alice.get(f"{JOBS}{job.id}/objects", query_string=filter)
    parts = select(answer, ".object, .empty, .more")
    return " ".join(part.get_text(" ", strip=True) for part in parts)


def test_an_object_of_many_cells_and_a_sheet_of_many_columns_are_shown_in_parts(alice, many):
    names = [f"Column {number:03}" for number in range(450)]
    planned = db.session.get_one(ImportObject, (many.id, 2))
    cells = {"cells": dict.fromkeys(names, "x"), "members": []}
    planned.before_box, planned.after_box = None, sealed(many.id, 2, cells)
    many.sheets = [replace(many.sheets[0], headers=names)]
    db.session.commit()
    page = alice.get(f"{JOBS}{many.id}")
    assert "Column 005" in text(page) and "Column 006" not in text(page)
    assert "Show 444 more" in text(page) and not select(page, "select[name=column]")
    [typed] = select(page, "input[name=column]")
    assert typed["maxlength"] == "255"
    [more] = select(page, "#cells-2 button")
    shown: list[str] = []
    while True:
        part = alice.get(more["hx-get"])
        names_shown = [cell.get_text(strip=True) for cell in select(part, "th[scope=row]")]
        assert len(names_shown) <= 200
        shown += names_shown
        if not (left := select(part, "button")):
            break
        [more] = left
    assert shown == names
    for start in (450, 10**30, -1):
        assert alice.get(f"{JOBS}{many.id}/objects/2?start={start}").status_code == 200


def test_objects_are_found_by_action_column_and_words(alice, many):
    first = found(alice, many)
    assert "/n-00" in first and "/n-49" in first and "/n-50" not in first
    assert "/stays" not in first and "Show more" in first
    rest = found(alice, many, after=51)
    assert "/n-50" in rest and "/fails" in rest and "Show more" not in rest
    assert "/n-00" not in rest and "/stays" not in rest
    updated = found(alice, many, show="update")
    assert "/changes" in updated and "/t" in updated and "/other" in updated
    assert "/n-" not in updated
    assert "/stays" in found(alice, many, show="unchanged")
    assert "/changes" in found(alice, many, column="Target")
    page = alice.get(f"{JOBS}{many.id}")
    assert [one.text for one in select(page, "[name=column] option")] == [
        "Any column",
        "Path",
        "Target",
    ]
    assert "No objects found" in found(alice, many, column="Path")
    searched = found(alice, many, words="N-5", show="")
    assert "/n-50" in searched and "/n-49" not in searched
    assert "No objects found" in found(alice, many, words="%")
    assert "/n-00" in found(alice, many, show="nonsense\0", words="\0")


def test_a_long_text_shows_the_words_that_differ(alice, store, tmp_path):
    store.tell("seed", pages=1)
    before = " ".join(f"word{number}" for number in range(20)) + " fourteen."
    header = "Handle,Title,Body HTML\n"
    new = f"{header}care,Care,{before}\n"
    store.run_import(store.keep(tmp_path, new, type="pages"))
    after = before.replace("fourteen", "seventeen")
    changed = f"{header}care,Care,{after}\n"
    job = store.run_import(store.keep(tmp_path, changed, type="pages", dry_run=True))
    page = alice.get(f"{JOBS}{job.id}").text
    assert "<del>fourteen.</del>" in page and "<ins>seventeen.</ins>" in page
    assert "…" in page and "word8 word9" not in page


def test_a_merchant_applies_it_though_the_key_may_no_longer(alice, store, held):
    store.key.permissions = []
    db.session.commit()
    answer = alice.post(f"{JOBS}{held.id}/apply", data={"deletes": "12"})
    assert answer.status_code == 200 and "Import started" in answer.headers["HX-Trigger"]
    store.run_import(held)
    assert held.status == "completed" and set(store.redirects()) == {"/new"}
    applied = db.session.scalars(db.select(Activity).filter_by(kind="job.applied")).one()
    assert (applied.actor_kind, applied.detail["accepted"]) == ("staff", {"deletes": 12})
    assert "applied an import of redirects" in text(alice.get("/settings/activity/"))
    again = alice.post(f"{JOBS}{held.id}/apply", data={"deletes": "12"})
    assert "already" in again.headers["HX-Trigger"] and last_activity().kind == "job.finished"


@pytest.mark.parametrize("typed", ["", "11", "12.", "twelve"])
def test_deletes_are_confirmed_by_their_number(alice, store, held, typed):
    answer = alice.post(f"{JOBS}{held.id}/apply", data={"deletes": typed})
    assert answer.status_code == 422 and 'aria-describedby="deletes-error"' in answer.text
    assert "Type 12 to delete these objects." in text(answer)
    db.session.refresh(held)
    assert held.status == "held"


def test_no_plan_of_staff_is_applied_while_imports_from_the_page_are_off(alice, many):
    many.key_id, many.started_by = None, "8811"
    db.session.commit()
    alice.post("/settings/import/turn", data={"on": "false"})
    assert "turned off" in alice.post(f"{JOBS}{many.id}/apply").headers["HX-Trigger"]
    assert Job.fresh(many.id).status == "planned"
    alice.post("/settings/import/turn", data={"on": "true"})
    assert "Import started" in alice.post(f"{JOBS}{many.id}/apply").headers["HX-Trigger"]


def test_an_import_is_undone_by_a_plan_of_its_own(alice, store, many):
    assert "Preview the undo" not in alice.get(f"{JOBS}{many.id}").text
    alice.post(f"{JOBS}{many.id}/apply")
    store.run_import(many)
    assert len(store.redirects()) == 62
    page = text(alice.get(f"{JOBS}{many.id}"))
    shown = found(alice, many, words="/n-07")
    assert "Newly created /n-07 Row 9" in shown and shown.count("/n-07") == 2
    assert "Preview the undo" in page and "Completed, 1 row failed" in page
    assert "/fails" in found(alice, many, show="failed")
    alice.post("/settings/import/turn", data={"on": "false"})
    assert "turned off" in alice.post(f"{JOBS}{many.id}/undo").headers["HX-Trigger"]
    alice.post("/settings/import/turn", data={"on": "true"})
    answer = alice.post(f"{JOBS}{many.id}/undo")
    undoing = db.session.scalars(db.select(Job).filter_by(undoes=many.id)).one()
    assert undoing.id in answer.headers["HX-Location"]
    assert (undoing.key_id, undoing.started_by, undoing.dry_run) == (None, "8811", True)
    store.run_import(undoing)
    assert undoing.status == "planned"
    alice.post(f"{JOBS}{undoing.id}/apply", data={"deletes": "60"})
    store.run_import(undoing)
    assert store.redirects() == {"/changes": "/t", "/stays": "/t"}
    db.session.refresh(many)
    assert many.undone_by == undoing.id
    assert "cannot be undone" in alice.post(f"{JOBS}{many.id}/undo").headers["HX-Trigger"]


def test_a_plan_is_downloaded_as_a_marked_workbook(alice, many):
    answer = alice.get(f"{JOBS}{many.id}/workbook")
    book = alice.client.get(answer.headers["HX-Redirect"])
    assert book.status_code == 200 and book.data.startswith(b"PK")
    assert "redirects-plan.xlsx" in book.headers["Content-Disposition"]
    book.close()


def test_an_import_that_waits_for_a_worker_is_stopped(alice, store, tmp_path):
    job = store.keep(tmp_path, "Path,Target\n/a,/b\n")
    page = alice.get(f"{JOBS}{job.id}").text
    assert "every 2s" in page and "Cancel" in page
    stopped = alice.post(f"{JOBS}{job.id}/stop")
    assert "Import canceled" in stopped.headers["HX-Trigger"]
    assert "canceled before anything was changed" in stopped.text
    assert "no longer running" in alice.post(f"{JOBS}{job.id}/stop").headers["HX-Trigger"]


def test_a_merchant_discards_it_and_says_why(alice, store, held):
    answer = alice.post(f"{JOBS}{held.id}/discard", data={"reason": "Wrong\nfile <i>"})
    assert "Import discarded" in answer.headers["HX-Trigger"]
    db.session.refresh(held)
    assert (held.status, held.counts) == ("canceled", {"skipped": 13})
    assert "canceled before anything was changed" in answer.text
    assert [one.get_text().strip() for one in select(answer, ".legend li")] == ["13\xa0skipped"]
    assert last_activity().detail["reason"] == "Wrong file <i>"
    assert "reason: Wrong file &lt;i&gt;" in alice.get("/settings/activity/").text
    store.run_import(held)
    assert len(store.redirects()) == 12
    assert "already" in alice.post(f"{JOBS}{held.id}/discard").headers["HX-Trigger"]
    assert "Discard" not in text(alice.get(f"{JOBS}{held.id}"))


def test_bob_sees_and_decides_nothing_of_alices(bob, store, held):
    assert held.id not in bob.get(JOBS).text
    for what in ("", "/now", "/objects", "/objects/2", "/workbook"):
        assert bob.get(f"{JOBS}{held.id}{what}").status_code == 404
    for what in ("apply", "discard", "stop", "undo"):
        assert bob.post(f"{JOBS}{held.id}/{what}").status_code == 404
    db.session.refresh(held)
    assert held.status == "held"


@pytest.mark.both_databases
def test_a_reason_with_a_null_character_can_be_searched(alice, held):
    data = {"reason": "too \0many"}
    assert "Import discarded" in alice.post(f"{JOBS}{held.id}/discard", data=data).headers.get(
        "HX-Trigger", ""
    )
    assert last_activity().detail["reason"] == "too many"
    assert alice.get("/settings/activity/?words=many").status_code == 200


def test_numbers_that_no_object_has_are_not_found(alice, held):
    most = "9" * 30
    url = f"{JOBS}{held.id}/objects"
    assert alice.get(f"{url}/{most}").status_code == 404
    assert alice.get(f"{url}/{'9' * 5000}").status_code == 404
    assert "/new" not in alice.get(f"{url}?after={most}").text
    assert alice.get(f"{url}?after=-{most}").status_code == 200
    assert alice.get(f"{url}?after={'9' * 5000}").status_code == 200


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 300, "a c " * 300),
        ("word " * 600, "word " * 599 + "other"),
    ],
)
def test_texts_of_few_words_are_not_compared_word_by_word(before, after):
    assert words_of(FieldChange("Body HTML", "", before, after)) == []


def test_a_word_as_long_as_its_cell_is_cut():
    long = "x" * 1_000_000
    said = words_of(FieldChange("Body HTML", "", f"{long} tea and some", f"{long} milk and some"))
    assert said and sum(len(words) for _, words in said) < 1000
