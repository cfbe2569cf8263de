"""Settings > Jobs, as a merchant's browser asks for it."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import event

from blueprints.pages.job_list import MAX_SHOWN, PAGE
from jobs.failures import SENTENCES
from jobs.workflows import GAVE_UP, NO_ROOM, WENT_WRONG
from models import db, now
from models.activity import Activity
from models.job import CANCELED, COMPLETED, EXPORT, FAILED, IMPORT, QUEUED, RUNNING, Job, new_id
from shops.access import NO_TOKEN, REOPEN, SILENT, UNINSTALLED
from tests.cast import Script, make_key
from tests.markup import one, select, text
from translations import languages

PAGE_URL = "/settings/jobs/"


def add(store, status: str = QUEUED, kind: str = EXPORT, **more) -> Job:
    facts = {"types": ["products"], "shop_id": store.shop.id, "key_id": store.key.id} | more
    if status in (COMPLETED, FAILED, CANCELED):
        facts |= {"finished_at": facts.get("finished_at", now())}
    job = Job(**{"id": new_id(kind), "kind": kind, "status": status, "started_at": now()} | facts)
    db.session.add(job)
    db.session.commit()
    return job


def shown(answer) -> list[str]:
    """The ids of the jobs on a page, as they stand."""
    assert answer.status_code == 200, answer.text
    return [str(job["id"]).removeprefix("job-") for job in select(answer, "article.job")]


def test_how_many_jobs_a_filter_leaves_is_said_to_those_who_do_not_see_it(alice, store):
    add(store, kind=IMPORT)
    for query, words in {"kind=import": "1 entry shown", "kind=export": "No jobs found"}.items():
        answer = alice.get(f"{PAGE_URL}search?{query}")
        assert text(answer, "hx-partial[hx-target='#said']") == words
    assert select(alice.get(PAGE_URL), "hx-partial") == []


def test_a_page_without_jobs_says_what_will_be_there(alice):
    page = alice.get(PAGE_URL)
    assert "Nothing exported or imported yet" in page.text
    assert "every" not in one(page, "#jobs")["hx-trigger"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"status": QUEUED}, ["Waiting", "Cancel"]),
        ({"status": RUNNING, "done": 30, "total": 120}, ["Running", "30 of 120"]),
        ({"status": RUNNING}, ["Starting …", "Cancel"]),
        ({"status": RUNNING, "done": 30}, ["Running", "30 so far"]),
        ({"status": COMPLETED, "rows": 1204}, ["Completed", "1,204 rows", "Download", "Run again"]),
        ({"status": FAILED, "error": "Shopify was away."}, ["Failed", "Shopify was away."]),
        ({"status": CANCELED}, ["Canceled", "Run again"]),
        (
            {"status": COMPLETED, "kind": IMPORT, "dry_run": True, "counts": {"created": 2}},
            ["Import: ", "Dry run", "2 created", "Download results"],
        ),
        ({"status": COMPLETED, "kind": IMPORT, "undoes": "imp_1"}, ["Undo: ", "Undoes imp_1"]),
    ],
)
def test_every_state_is_told_in_words(alice, store, facts, words):
    add(store, **facts)
    row = text(alice.get(PAGE_URL), "article.job")
    assert [word for word in words if word not in row] == []


def test_each_button_tells_a_screen_reader_whose_it_is(alice, store):
    for status in (RUNNING, COMPLETED, FAILED):
        add(store, status)
    page = alice.get(PAGE_URL)
    buttons = select(page, "article.job button")
    assert len(buttons) == 4
    for button in buttons:
        job_id = str(button["id"]).partition("-")[2]
        assert button["aria-describedby"] == f"{job_id} about-{job_id}"
        assert one(page, f"#job-{job_id} h2#{job_id}") and one(page, f"#about-{job_id}")


@pytest.mark.parametrize(
    "error",
    [WENT_WRONG, NO_ROOM, GAVE_UP, REOPEN, NO_TOKEN, UNINSTALLED, SILENT, *SENTENCES],
)
def test_why_a_job_failed_is_told_in_the_merchants_language(alice, store, error):
    add(store, FAILED, error=error)
    assert str(escape(error)) in alice.get(PAGE_URL).text
    for language in languages()[1:]:
        assert str(escape(error)) not in alice.get(f"{PAGE_URL}?locale={language}").text


def test_what_shopify_says_of_a_failure_is_text(alice, store):
    add(store, FAILED, error="No access to <b>orders</b> for 100%.")
    assert "No access to &lt;b&gt;orders&lt;/b&gt; for 100%." in alice.get(PAGE_URL).text


def test_of_many_types_some_are_named(alice, store):
    add(store, types=["products", "orders", "pages", "menus", "files"])
    heading = text(alice.get(PAGE_URL), "article.job h2")
    assert heading == "Export: Products, Orders, Pages and 2 more"


def test_each_type_has_its_own_pace_while_it_runs(alice, store):
    pace = {"products": {"done": 3, "total": 10}, "orders": {"done": 0, "total": 7}}
    add(store, RUNNING, types=["products", "orders"], done=3, total=17, progress=pace)
    page = alice.get(PAGE_URL)
    assert text(page, ".paces") == "Products 3 / 10 Orders 0 / 7"
    assert (one(page, "progress")["value"], one(page, "progress")["max"]) == ("3", "17")


def test_the_page_asks_again_only_while_something_runs(alice, store):
    job = add(store, RUNNING)
    assert "every 2s" in one(alice.get(PAGE_URL), "#jobs")["hx-trigger"]
    job.move(COMPLETED, among=(RUNNING,))
    assert "every 2s" not in alice.get("/settings/jobs/list").text


@pytest.mark.both_databases
def test_the_newest_stand_first_and_older_ones_follow_in_pages(alice, store):
    jobs = [add(store, COMPLETED) for _ in range(PAGE + 3)]
    for minutes, job in enumerate(jobs):
        job.created_at = now() - timedelta(minutes=minutes)
    db.session.commit()
    ids = [job.id for job in jobs]
    page = alice.get(PAGE_URL)
    assert shown(page) == ids[:PAGE]
    older = alice.get(f"/settings/jobs/older?before={ids[PAGE - 1]}")
    assert shown(older) == ids[PAGE:] and "Show older" not in older.text
    new = add(store).id
    assert shown(alice.get(f"/settings/jobs/list?to={ids[PAGE - 1]}")) == [new, *ids[:PAGE]]


def test_ten_jobs_cost_no_more_queries_than_one(alice, store):
    asked = []
    add(store)
    alice.get(PAGE_URL)
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    alice.get(PAGE_URL)
    of_one = len(asked)
    for number in range(10):
        key = make_key(store.shop, "products:export", name=f"Key {number}")[0]
        add(store, key_id=key.id)
    asked.clear()
    alice.get(PAGE_URL)
    assert len(asked) == of_one


@pytest.mark.both_databases
def test_a_merchant_cancels_and_it_stands_in_the_activity(alice, store):
    job = add(store, RUNNING)
    answer = alice.post(f"/settings/jobs/{job.id}/cancel")
    assert "Canceled" in answer.text and shown(answer) == [job.id]
    assert json.loads(answer.headers["HX-Trigger"]) == {"toast": "Export canceled"}
    db.session.refresh(job)
    assert job.status == CANCELED
    [ended] = db.session.scalars(db.select(Activity).filter_by(kind="job.finished"))
    assert (ended.actor_kind, ended.actor, ended.address) == ("staff", "8811", "127.0.0.1")


def test_the_second_click_of_an_impatient_cancel_starts_nothing(alice, store):
    """Run again stands where Cancel stood: it opens with the next look at the list."""
    job = add(store, RUNNING)
    answer = alice.post(f"/settings/jobs/{job.id}/cancel")
    assert text(answer, "article.job button[disabled]") == "Run again"
    assert "every 2s" in one(answer, "#jobs")["hx-trigger"]
    answer = alice.get("/settings/jobs/list")
    assert text(answer, "article.job button:not([disabled])") == "Run again"
    assert "every" not in one(answer, "#jobs")["hx-trigger"]


def test_a_job_that_is_over_is_not_said_to_be_canceled(alice, store):
    job = add(store, COMPLETED)
    answer = alice.post(f"/settings/jobs/{job.id}/cancel")
    assert shown(answer) == [job.id] and "HX-Trigger" not in answer.headers


@pytest.mark.both_databases
def test_an_export_runs_again_as_the_merchants_own(alice, store, program):
    store.add_redirect("/a", "/b")
    filters = {"redirects": {"path": "/a"}}
    before = store.export("redirects", filters=filters, format="xlsx")
    answer = alice.post(f"/settings/jobs/{before.id}/again")
    assert json.loads(answer.headers["HX-Trigger"]) == {"toast": "Export started"}
    again, _ = shown(answer)
    job = store.run_export(db.session.get_one(Job, again))
    assert (job.types, job.format, job.filters) == (before.types, "xlsx", filters)
    assert (job.status, job.rows, job.started_by) == (COMPLETED, 1, "8811")
    trail = db.session.scalars(
        db.select(Activity).where(Activity.detail["id"].as_string() == again)
    )
    assert [activity.address for activity in trail] == ["127.0.0.1"] * 2
    assert program.get(f"/exports/{again}").status_code == 404
    assert again not in program.get("/exports").text
    assert "Staff 8811" in alice.get(PAGE_URL).text


@pytest.mark.parametrize("setting", ["SHOP_MAX_UNFINISHED_JOBS", "SHOP_MAX_JOBS_PER_HOUR"])
def test_run_again_has_the_limits_of_every_job(app, alice, store, monkeypatch, setting):
    job = add(store, COMPLETED)
    limited = app.config["SETTINGS"].model_copy(update={setting: 2})
    monkeypatch.setitem(app.config, "SETTINGS", limited)
    if setting == "SHOP_MAX_UNFINISHED_JOBS":
        add(store, RUNNING)
    alice.post(f"/settings/jobs/{job.id}/again")
    answer = alice.post(f"/settings/jobs/{job.id}/again")
    assert (
        "2 exports and imports of this store" in json.loads(answer.headers["HX-Trigger"])["toast"]
    )
    assert len(shown(answer)) == (3 if setting == "SHOP_MAX_UNFINISHED_JOBS" else 2)


@pytest.mark.both_databases
def test_a_page_of_jobs_ends_somewhere(alice, store):
    """Its reader may send the id of any job as the last that the page shows."""
    first = add(store, COMPLETED)
    row = {"shop_id": store.shop.id, "key_id": first.key_id, "kind": EXPORT, "types": ["shop"]}
    rows = [row | {"id": new_id(EXPORT), "status": COMPLETED} for _ in range(MAX_SHOWN)]
    db.session.execute(db.insert(Job), rows)
    db.session.commit()
    answer = alice.get(f"/settings/jobs/list?to={first.id}")
    ids = shown(answer)
    assert len(ids) == MAX_SHOWN and first.id not in ids
    assert one(answer, "#jobs-to")["value"] == ids[-1]
    assert shown(alice.get(f"/settings/jobs/older?before={ids[-1]}")) == [first.id]


def test_an_import_does_not_run_again(alice, store):
    job = add(store, COMPLETED, kind=IMPORT)
    assert alice.post(f"/settings/jobs/{job.id}/again").status_code == 404
    assert "Run again" not in alice.get(PAGE_URL).text


def follow(merchant, job: Job):
    """Press Download: the link that comes back, opened by a browser without a token."""
    answer = merchant.get(f"/settings/jobs/{job.id}/file")
    assert answer.status_code == 204, answer.text
    return merchant.client.get(answer.headers["HX-Redirect"], buffered=True)


def test_a_file_is_downloaded_over_a_link(alice, store):
    store.add_redirect("/a", "/b")
    file = follow(alice, store.export("redirects"))
    assert file.headers["Content-Disposition"] == 'attachment; filename="redirects.csv"'
    [row] = csv.DictReader(io.StringIO(file.data.decode("utf-8-sig")))
    assert (row["Path"], row["Target"]) == ("/a", "/b")


def test_the_results_of_an_import_are_downloaded_too(alice, store, tmp_path):
    job = store.run_import(store.keep(tmp_path, "Path,Target\n/a,/b\n"))
    file = follow(alice, job)
    assert 'filename="redirects-results.csv"' in file.headers["Content-Disposition"]
    assert b'"created"' in file.data


def test_after_a_week_there_is_no_file(alice, store):
    job = add(store, COMPLETED, finished_at=now() - timedelta(days=7, seconds=1))
    row = text(alice.get(PAGE_URL), "article.job")
    assert "Download" not in row
    assert "The file was available for 7 days. Run the export again for a new one." in row
    answer = alice.get(f"/settings/jobs/{job.id}/file")
    assert answer.headers["HX-Retarget"] == "#jobs" and shown(answer) == [job.id]


def test_a_file_that_shopify_forgot_is_told_on_a_page(alice, store):
    job = store.export("redirects")
    state = job.operations["redirects"]
    job.operations = {"redirects": state | {"passes": {"0": "gid://shopify/BulkOperation/1"}}}
    db.session.commit()
    page = follow(alice, job)
    assert (page.status_code, page.mimetype) == (409, "text/html")
    assert "Start a new one" in page.text


def test_bob_sees_and_does_nothing_of_alices(alice, store, bob, other_store):
    job = store.export("redirects")
    running = add(store, RUNNING)
    assert shown(bob.get(PAGE_URL)) == []
    his = [add(other_store, created_at=job.created_at - timedelta(n)).id for n in range(PAGE + 1)]
    for alices in (job.id, running.id):
        assert shown(bob.get(f"/settings/jobs/list?to={alices}")) == his[:PAGE]
        assert shown(bob.get(f"/settings/jobs/older?before={alices}")) == []
    for answer in (
        bob.post(f"/settings/jobs/{running.id}/cancel"),
        bob.post(f"/settings/jobs/{job.id}/again"),
        bob.get(f"/settings/jobs/{job.id}/file"),
    ):
        assert answer.status_code == 404
    db.session.refresh(running)
    assert running.status == RUNNING and db.session.query(Job).count() == 2 + len(his)


def test_a_merchant_sees_the_jobs_of_every_key(app, alice, store):
    other = make_key(store.shop, "redirects:export", name="Weekly")[1]
    Script(app, other).post("/exports", json={"types": ["redirects"]})
    add(store)
    page = alice.get(PAGE_URL).text
    assert "Key “Weekly”" in page and f"Key “{store.key.name}”" in page


# -- telling jobs apart ------------------------------------------------------------------------


def test_exports_of_the_same_data_are_told_apart(alice, store):
    store.shop.timezone = "Europe/Berlin"
    facts: dict[str, Any] = {"created_at": datetime(2026, 1, 5, 13, 2, tzinfo=UTC), "rows": 1204}
    chosen = {"columns": {"products": ["ID", "Title", "Vendor", "Tags"]}}
    job = add(store, COMPLETED, filters={"products": {"status": "active"}}, options=chosen, **facts)
    job.started_at, job.finished_at = now() - timedelta(seconds=95), now()
    db.session.commit()
    row = text(alice.get(PAGE_URL), "article.job")
    for part in (
        job.id,
        "5 Jan 2026, 14:02 CET",
        "CSV · products.status=active · Products columns: ID, Title, Vendor and 1 more",
        "1,204 rows · 2 minutes",
    ):
        assert part in row


def test_dry_runs_and_failed_rows_show_at_a_glance(alice, store):
    counts = {"created": 2, "failed": 1}
    add(store, COMPLETED, kind=IMPORT, dry_run=True, counts=counts, rows=3, stored_bytes=2048)
    page = alice.get(PAGE_URL)
    assert text(page, ".badge.info") == "Dry run"
    assert text(page, ".badge.warning") == "Completed, 1 row failed"
    assert text(page, ".figures .error-text") == "1 failed"
    assert "2.0 kB" in text(page, ".figures")


@pytest.fixture
def jobs(store):
    """One job of each sort, by a name."""
    weekly = make_key(store.shop, "orders:export", name="Weekly 100%")[0]
    return {
        "queued": add(store, QUEUED),
        "orders": add(store, COMPLETED, types=["orders"], key_id=weekly.id),
        "draft orders": add(store, COMPLETED, types=["draft_orders"], format="xlsx"),
        "filtered": add(store, COMPLETED, filters={"products": {"tag": "summer"}}),
        "refused": add(store, FAILED, error="Shopify has locked this store."),
        "staff": add(store, CANCELED, started_by="8812"),
        "import": add(store, COMPLETED, kind=IMPORT, counts={"created": 1}),
        "some failed": add(store, COMPLETED, kind=IMPORT, counts={"failed": 1}),
        "dry run": add(store, COMPLETED, kind=IMPORT, dry_run=True, counts={"failed": 0}),
    }


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kind": "import"}, {"import", "some failed"}),
        ({"kind": "dry_run"}, {"dry run"}),
        ({"status": "unfinished"}, {"queued"}),
        ({"status": "failed_rows"}, {"some failed"}),
        ({"status": "failed"}, {"refused"}),
        ({"status": "canceled", "kind": "export"}, {"staff"}),
        ({"words": "weekly 100%"}, {"orders"}),
        ({"words": "ORDERS"}, {"orders", "draft orders"}),
        ({"words": "xlsx"}, {"draft orders"}),
        ({"words": "summer"}, {"filtered"}),
        ({"words": "locked"}, {"refused"}),
        ({"words": "8812"}, {"staff"}),
        ({"words": "%"}, {"orders"}),
        ({"words": "zebra"}, set()),
    ],
)
def test_jobs_are_filtered_and_searched(alice, jobs, wanted, found):
    answer = alice.get("/settings/jobs/search", query_string=wanted)
    assert set(shown(answer)) == {jobs[name].id for name in found}
    address = answer.headers["HX-Replace-Url"]
    assert set(shown(alice.get(address))) == {jobs[name].id for name in found}
    assert ("No jobs found" in answer.text) == (not found)


@pytest.mark.both_databases
def test_a_job_is_found_by_its_id_and_by_its_data_in_the_merchants_language(alice, jobs):
    job_id = jobs["filtered"].id
    assert shown(alice.get("/settings/jobs/search", query_string={"words": job_id})) == [job_id]
    german = {"words": "bestellentwürfe", "locale": "de"}
    found = shown(alice.get("/settings/jobs/search", query_string=german))
    assert found == [jobs["draft orders"].id]


@pytest.mark.both_databases
@pytest.mark.parametrize("wanted", [{"kind": "x"}, {"status": "'"}, {"words": "\0"}])
def test_a_filter_that_does_not_exist_filters_nothing(alice, jobs, wanted):
    assert len(shown(alice.get(PAGE_URL, query_string=wanted))) == len(jobs)


@pytest.mark.both_databases
def test_pages_and_the_look_again_keep_the_filter(alice, store):
    for number in range(PAGE + 2):
        add(store, COMPLETED, created_at=now() - timedelta(minutes=number))
        add(store, FAILED, created_at=now() - timedelta(minutes=number))
    page = alice.get(PAGE_URL, query_string={"status": "failed"})
    assert len(shown(page)) == PAGE
    assert len(shown(alice.get(one(page, ".more button")["hx-get"]))) == 2
    last = {"to": one(page, "#jobs-to")["value"], "status": "failed"}
    assert shown(alice.get("/settings/jobs/list", query_string=last)) == shown(page)


def test_a_search_finds_no_job_of_another_shop(alice, store, bob):
    job = add(store, COMPLETED, filters={"products": {"tag": "summer"}})
    for words in (job.id, "summer", store.key.name, "csv", ""):
        assert shown(bob.get("/settings/jobs/search", query_string={"words": words})) == []
