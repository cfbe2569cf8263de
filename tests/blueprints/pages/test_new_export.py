"""Settings > Jobs > Export: an export that staff choose and start."""

from models import db
from models.job import Job
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
