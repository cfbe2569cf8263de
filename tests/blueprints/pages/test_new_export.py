"""Settings > Jobs > Export: an export that staff choose and start."""

from models import db
from models.job import Job
from models.saved_export import MOST, SavedExport
from tests.markup import select, text

EXPORT = "/settings/export/"


def newest() -> Job:
    return db.session.scalars(db.select(Job).order_by(Job.created_at.desc()).limit(1)).one()


def test_every_data_type_can_be_ticked(alice):
    page = alice.get(EXPORT)
    assert len(select(page, "#export-form input[name=type]")) == 19
    assert not select(page, "#export-filters details")
    with_filters = alice.get(f"{EXPORT}filters", query_string={"type": ["products", "redirects"]})
    assert select(with_filters, "#filters-products input[name='products.vendor']")
    assert select(with_filters, "#filters-redirects")


def test_an_answer_to_ticks_holds_the_filters_alone_with_what_was_filled_in(alice):
    """So that one that comes late undoes nothing that was chosen meanwhile."""
    filled = {"type": ["pages", "redirects"], "format": "csv", "redirects.path": "/c"}
    answer = alice.get(f"{EXPORT}filters", query_string=filled)
    assert select(answer, "input[name='redirects.path'][value='/c']")
    assert not select(answer, "[name=type], [name=format], [name=since], [name=save_as]")
    assert text(answer, "hx-partial") == "2 data types"


def test_an_export_is_started_and_its_file_waits_under_jobs(alice, store):
    store.add_redirect("/a", "/b")
    store.add_redirect("/c", "/d")
    answer = alice.post(
        EXPORT, data={"type": ["redirects"], "format": "csv", "redirects.path": "/c"}
    )
    assert "/settings/jobs/" in answer.headers["HX-Location"]
    job = newest()
    assert (job.key_id, job.started_by, job.types) == (None, "8811", ["redirects"])
    store.run_export(job)
    assert job.status == "completed"
    lines = store.file(job).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "/c" in lines[1]
    assert "Staff 8811" in text(alice.get("/settings/jobs/"))
    alice.post(f"/settings/jobs/{job.id}/again")
    assert newest().filters == job.filters and newest().id != job.id


def test_ranges_and_the_day_of_the_last_change_are_filters(alice):
    alice.post(
        EXPORT,
        data={
            "type": ["products", "shop"],
            "format": "xlsx",
            "since": "2026-01-31",
            "products.created_at": ">=2025-01-01, <2026-01-01",
            "products.vendor": "Smith, Jones",
            "products.status": "",
        },
    )
    job = newest()
    assert job.filters == {
        "products": {
            "created_at": [">=2025-01-01", "<2026-01-01"],
            "vendor": "Smith, Jones",
            "updated_since": "2026-01-31",
        }
    }
    assert job.options["whole"] == ["shop"]


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(alice):
    answer = alice.post(EXPORT, data={"format": "csv"})
    assert answer.status_code == 422 and "Tick at least one data type." in text(answer)
    filled = {"type": ["products"], "products.created_at": "next week", "products.vendor": "Acme"}
    answer = alice.post(EXPORT, data=filled)
    assert answer.status_code == 422 and "takes a number or a date" in text(answer)
    assert select(answer, "#filters-products[open]")
    assert select(answer, "input[value=Acme]") and select(answer, "input[checked][value=products]")
    assert db.session.scalar(db.select(db.func.count()).select_from(Job)) == 0


def test_bob_exports_from_his_own_store(alice, bob, other_store):
    bob.post(EXPORT, data={"type": ["redirects"], "format": "csv"})
    assert newest().shop_id == other_store.shop.id
    assert newest().id not in alice.get("/settings/jobs/").text


CHOICES = {"type": ["redirects", "pages"], "format": "csv", "redirects.path": "/c"}


def saved(who) -> list[str]:
    return [name.get_text() for name in select(who.get(EXPORT), "#saved-exports h3")]


def ids() -> list[int]:
    return list(db.session.scalars(db.select(SavedExport.id).order_by(SavedExport.id)))


def test_saved_choices_are_run_again_changed_and_deleted(alice):
    alice.post(EXPORT, data=CHOICES | {"save_as": " Nightly \0 list "})
    first = newest()
    assert saved(alice) == ["Nightly list"]
    [saved_id] = ids()
    alice.post(f"{EXPORT}saved/{saved_id}")
    again = newest()
    assert again.id != first.id and again.started_by == "8811"
    for name in ("types", "format", "filters", "options"):
        assert getattr(again, name) == getattr(first, name)

    page = alice.get(EXPORT, query_string={"saved": saved_id})
    ticked = [box["value"] for box in select(page, "input[name=type][checked]")]
    assert sorted(ticked) == sorted(CHOICES["type"])
    assert select(page, "#save-as[value='Nightly list']") and select(page, "input[value='/c']")
    alice.post(EXPORT, data={"type": ["pages"], "format": "xlsx", "save_as": "Nightly list"})
    alice.post(f"{EXPORT}saved/{saved_id}")
    assert (newest().types, newest().format) == (["pages"], "xlsx")

    assert alice.delete(f"{EXPORT}saved/{saved_id}").status_code == 200
    assert (saved(alice), ids()) == ([], [])
    assert "deleted the saved export “Nightly list”" in text(alice.get("/settings/activity/"))


def test_wrong_choices_are_not_saved_and_what_became_wrong_is_told(alice):
    wrong = {"type": ["products"], "products.created_at": "next week", "save_as": "Mine"}
    assert alice.post(EXPORT, data=wrong).status_code == 422
    assert saved(alice) == []
    alice.post(EXPORT, data=wrong | {"products.created_at": "2026-01-01"})
    db.session.execute(
        db.update(SavedExport).values(
            choices={"type": ["products"], "products.created_at": ["next week"]}
        )
    )
    db.session.commit()
    answer = alice.post(f"{EXPORT}saved/{ids()[0]}")
    assert answer.status_code == 422 and "takes a number or a date" in text(answer)
    assert select(answer, "#save-as[value=Mine]")


def test_a_store_has_fifty_of_them_at_most(alice, store):
    for number in range(MOST):
        more = {"choices": {"type": ["pages"]}, "saved_by": "8811"}
        db.session.add(SavedExport(shop_id=store.shop.id, name=f"No. {number}", **more))
    db.session.commit()
    assert alice.post(EXPORT, data=CHOICES | {"save_as": "No. 7"}).status_code == 200
    answer = alice.post(EXPORT, data=CHOICES | {"save_as": "One more"})
    assert answer.status_code == 422 and "50 saved exports" in text(answer)
    assert len(ids()) == MOST


def test_bob_sees_starts_and_deletes_nothing_that_alice_saved(alice, bob):
    alice.post(EXPORT, data=CHOICES | {"save_as": "Hers"})
    [saved_id] = ids()
    for url, send in ((f"{EXPORT}?saved=", bob.get), (f"{EXPORT}saved/", bob.post)):
        assert send(f"{url}{saved_id}").status_code == 404
        assert send(f"{url}{2**40}").status_code == 404
    assert bob.delete(f"{EXPORT}saved/{saved_id}").status_code == 404
    bob.post(EXPORT, data=CHOICES | {"save_as": "Hers"})
    assert saved(bob) == saved(alice) == ["Hers"] and len(ids()) == 2
