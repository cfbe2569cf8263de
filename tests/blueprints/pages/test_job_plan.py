"""A plan on Settings > Jobs: a merchant looks at it, and applies or discards it."""

import pytest

from models import db
from models.activity import Activity
from models.job import Job
from tests.cast import ALICE, BOB, Merchant
from tests.markup import text

JOBS = "/settings/jobs/"
FILE = "Path,Target,Command\n" + "".join(f"/{n},,DELETE\n" for n in range(12)) + "/new,<b>x</b>,\n"


@pytest.fixture
def alice(app, store):
    return Merchant(app, ALICE)


@pytest.fixture
def bob(app, other_store):
    return Merchant(app, BOB)


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
    assert f"{JOBS}{held.id}/plan" in page.text
    assert "every" not in page.text.partition("hx-trigger")[2][:40]
    assert held.id in alice.get(f"{JOBS}?status=held").text
    assert held.id not in alice.get(f"{JOBS}?status=unfinished").text


def test_the_dialog_has_the_counts_the_limits_and_the_worst(alice, held):
    dialog = alice.get(f"{JOBS}{held.id}/plan")
    said = text(dialog)
    assert "1 created · 12 deleted" in said
    assert "Objects that are deleted: 12" in said and "Allowed without a decision: 10." in said
    assert "/11" in said and "under new IDs" in said
    assert "<b>x</b>" not in dialog.text and "&lt;b&gt;x&lt;/b&gt;" in dialog.text


SENT = """Name,Line: Type,Fulfillment: Tracking Number,Fulfillment: Send Receipt,Note
#1003,Fulfillment Line,1Z1,TRUE,
#1009,Fulfillment Line,1Z2,TRUE,
#1001,,,,Nobody is written to
"""


def test_a_plan_says_how_many_customers_it_writes_to_and_what_stays_after_an_undo(
    alice, store, tmp_path
):
    store.tell("seed", products=6, customers=4, orders=12)
    job = store.run_import(store.keep(tmp_path, SENT, type="orders", dry_run=True))
    assert (job.plan["counts"], job.plan["mails"]) == ({"updated": 3}, 2)
    assert job.plan["not_undoable"] == [
        {"action": "fulfill", "count": 2},
        {"action": "mail", "count": 2},
    ]
    said = text(alice.get(f"{JOBS}{job.id}/plan"))
    assert "2 customers will get an email." in said
    assert "Fulfilled items stay fulfilled after an undo." in said


def test_the_dialog_says_how_many_cells_it_does_not_show(alice, store, tmp_path):
    header = "Email,First Name,Last Name,Note,Tax Exempt,Tags,Phone,Language\n"
    file = f"{header}jo@x.example,Jo,Moss,Hi,TRUE,new,+4915123456,de\n"
    job = store.run_import(store.keep(tmp_path, file, type="customers", dry_run=True))
    said = text(alice.get(f"{JOBS}{job.id}/plan"))
    assert "Last Name: Moss" in said and "Tax Exempt" not in said
    assert "and 2 more" in said


def test_a_merchant_applies_it_though_the_key_may_no_longer(alice, store, held):
    store.key.permissions = []
    db.session.commit()
    answer = alice.post(f"{JOBS}{held.id}/apply")
    assert answer.status_code == 200 and "Import started" in answer.headers["HX-Trigger"]
    store.run_import(held)
    assert held.status == "completed" and set(store.redirects()) == {"/new"}
    applied = db.session.scalars(db.select(Activity).filter_by(kind="job.applied")).one()
    assert (applied.actor_kind, applied.detail["accepted"]) == ("staff", {"deletes": 12})
    assert "applied an import of redirects" in text(alice.get("/settings/activity/"))
    again = alice.post(f"{JOBS}{held.id}/apply")
    assert "already" in again.headers["HX-Trigger"] and last_activity().kind == "job.finished"


def test_a_merchant_discards_it_and_says_why(alice, store, held):
    answer = alice.post(f"{JOBS}{held.id}/discard", data={"reason": "Wrong\nfile <i>"})
    assert "Import discarded" in answer.headers["HX-Trigger"]
    db.session.refresh(held)
    assert (held.status, held.counts) == ("canceled", {"skipped": 13})
    assert last_activity().detail["reason"] == "Wrong file <i>"
    assert "reason: Wrong file &lt;i&gt;" in alice.get("/settings/activity/").text
    store.run_import(held)
    assert len(store.redirects()) == 12
    assert "already" in alice.post(f"{JOBS}{held.id}/discard").headers["HX-Trigger"]
    assert alice.get(f"{JOBS}{held.id}/plan").headers["HX-Retarget"] == "#jobs"


def test_bob_sees_and_decides_nothing_of_alices(bob, store, held):
    assert held.id not in bob.get(JOBS).text
    assert bob.get(f"{JOBS}{held.id}/plan").status_code == 404
    for what in ("apply", "discard"):
        assert bob.post(f"{JOBS}{held.id}/{what}").status_code == 404
    db.session.refresh(held)
    assert held.status == "held"
