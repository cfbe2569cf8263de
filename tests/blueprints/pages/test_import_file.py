"""Settings > Jobs > Import: a file comes in parts, is looked at, and is planned."""

import io
from datetime import timedelta

import pytest
import xlsxwriter

from blueprints.pages import import_file
from models import db, now
from models.import_chunk import ImportChunk
from models.job import UPLOAD_TAKES, Job
from tests.cast import Script, problem
from tests.markup import select, text

IMPORT = "/settings/import/"
FILE = b"Path,Target,Colour\n/old,/new,red\n/older,/new,blue\n"


def begin(merchant, content: bytes, name: str = "redirects.csv") -> str:
    """The token of an upload whose first part is wanted."""
    answer = merchant.post(f"{IMPORT}files", data={"name": name, "size": len(content)})
    assert answer.status_code == 201, answer.text
    assert answer.json["part"] == import_file.PART
    return answer.json["upload"]


def send(merchant, token: str, content: bytes):
    """Send every part of the file; the last answer."""
    for part in range(0, len(content), import_file.PART):
        piece = content[part : part + import_file.PART]
        answer = merchant.put(f"{IMPORT}files/{token}/{part // import_file.PART}", data=piece)
    return answer


def uploaded(merchant, content: bytes = FILE, name: str = "redirects.csv") -> str:
    token = begin(merchant, content, name)
    assert send(merchant, token, content).status_code == 204
    return token


def job_in(answer) -> Job:
    path = answer.headers["HX-Location"].partition("/settings/jobs/")[2]
    return db.session.get_one(Job, path.partition("?")[0])


def test_the_page_says_what_it_takes(alice):
    page = alice.get(IMPORT)
    assert "up to 250 MB" in text(page) and "Nothing changes until" in text(page)
    assert 'href="/settings/import/' in alice.get("/settings/jobs/").text


def test_a_file_is_looked_at_before_it_is_planned(alice):
    said = text(alice.post(f"{IMPORT}read", data={"upload": uploaded(alice)}))
    assert "2 of 3 columns are known" in said and "2 rows" in said
    assert "Colour ignored" in said and "ALYS005" in said
    assert "/older" in said and "Preview changes" in said
    assert db.session.scalar(db.select(db.func.count()).select_from(Job)) == 0


def test_it_is_planned_as_the_staff_members_own_and_changes_nothing(alice, store):
    token = uploaded(alice)
    answer = alice.post(IMPORT, data={"upload": token, "blank": "clear", "strict": "true"})
    job = job_in(answer)
    assert (job.status, job.dry_run, job.key_id, job.started_by) == ("queued", True, None, "8811")
    assert (job.options["blank"], job.options["strict"]) == ("clear", True)
    store.run_import(job)
    assert job.status == "planned" and store.redirects() == {}
    page = text(alice.get(f"/settings/jobs/{job.id}"))
    assert "2 created" in page and "Create 2 redirects" in page
    assert "Staff 8811" in text(alice.get("/settings/jobs/"))
    assert "started a dry run" in text(alice.get("/settings/activity/"))
    again = alice.post(IMPORT, data={"upload": token})
    assert job_in(again).id == job.id
    assert len(db.session.scalars(db.select(Job)).all()) == 1


def test_a_file_of_several_parts_is_put_together_and_goes_on_where_it_was_cut(
    alice, monkeypatch, store
):
    monkeypatch.setattr(import_file, "PIECES", 2)
    monkeypatch.setattr(import_file, "PART", 2 * ImportChunk.SIZE)
    rows = b"".join(b"/%06d,/a-rather-long-target-of-a-redirect\n" % n for n in range(20_000))
    content = b"Path,Target\n" + rows
    token = begin(alice, content)
    url = f"{IMPORT}files/{token}"
    first = content[: import_file.PART]
    assert alice.put(f"{url}/0", data=first).status_code == 204
    assert alice.put(f"{url}/0", data=first).status_code == 204
    assert alice.get(url).json == {"parts": 1}
    assert alice.put(f"{url}/1", data=b"half").status_code == 400
    assert alice.post(f"{IMPORT}read", data={"upload": token}).status_code == 404
    assert send(alice, token, content).status_code == 204
    assert alice.get(url).json == {"parts": -(-len(content) // import_file.PART)}
    job = job_in(alice.post(IMPORT, data={"upload": token}))
    assert b"".join(ImportChunk.of_job(job.id)) == content


def test_a_merchant_says_what_a_file_holds_that_does_not(alice):
    content = b"Path,Target,Old page,New page,Why\n/a,/b,A,B,moved\n"
    token = uploaded(alice, content, "from the agency.csv")
    looked = alice.post(f"{IMPORT}read", data={"upload": token})
    assert "ALYS004" in text(looked) and "Preview changes" not in text(looked)
    assert "Choose it under “What does the file hold?”" in text(looked)
    assert "Say it with the type" not in text(looked)
    assert 'aria-describedby="type-error"' in looked.text
    chosen = {"upload": token, "type": "redirects"}
    assert "Preview changes" in text(alice.post(f"{IMPORT}read", data=chosen))
    assert job_in(alice.post(IMPORT, data=chosen)).types == ["redirects"]


@pytest.mark.parametrize("name", ["from the agency.csv", "from the agency.xlsx"])
def test_the_type_of_most_columns_is_proposed_where_no_name_says_one(alice, name):
    header, row = ("Handle", "Title", "Variant Price", "Colour"), ("a", "A", "1.00", "red")
    content = ",".join(header).encode() + b"\n" + ",".join(row).encode() + b"\n"
    if name.endswith(".xlsx"):
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, header)
            sheet.write_row(1, 0, row)
        content = file.getvalue()
    token = uploaded(alice, content, name)
    looked = alice.post(f"{IMPORT}read", data={"upload": token})
    assert select(looked, "#type option[selected]")[0]["value"] == "products"
    assert "3 of 4 columns are known" in text(looked)
    chosen = {"upload": token, "type": "products"}
    assert job_in(alice.post(IMPORT, data=chosen)).types == ["products"]


def test_of_a_header_made_to_hurt_no_type_is_looked_for(alice):
    token = uploaded(alice, b"a," * 1_000_000 + b"\n", "from the agency.csv")
    looked = alice.post(f"{IMPORT}read", data={"upload": token})
    assert "16,384 at most are read" in text(looked)


def test_no_type_is_proposed_for_objects_or_for_columns_that_many_types_have(alice):
    for name, content in (("a.jsonl", b'{"id": "gid://shopify/Page/1"}\n'), ("a.csv", b"ID\n1\n")):
        looked = alice.post(f"{IMPORT}read", data={"upload": uploaded(alice, content, name)})
        assert "ALYS004" in text(looked) and not select(looked, "#type option[selected]")


def test_a_workbook_shows_each_of_its_sheets(alice):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, cells in (("Redirects", ("Path", "Target")), ("Pages", ("Handle", "Title"))):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, cells)
            sheet.write_row(1, 0, ("a", "b"))
    token = uploaded(alice, file.getvalue(), "store.xlsx")
    said = text(alice.post(f"{IMPORT}read", data={"upload": token}))
    assert "Redirects" in said and "Pages" in said and said.count("1 row ") == 2


@pytest.mark.parametrize(
    ("content", "said"), [(b"PNG\x00\x01" * 4, "ALYS"), (b"Path,Target\n", "no rows")]
)
def test_what_is_no_file_of_ours_is_refused_in_a_sentence(alice, content, said):
    looked = alice.post(f"{IMPORT}read", data={"upload": uploaded(alice, content)})
    assert said in text(looked) and "Preview changes" not in text(looked)


def test_too_large_and_empty_files_are_refused_before_they_are_sent(alice):
    for size, said in ((0, "empty"), (251 * 1024 * 1024, "larger than 250 MB")):
        answer = alice.post(f"{IMPORT}files", data={"name": "a.csv", "size": size})
        assert answer.status_code == 422 and said in answer.json["error"]


def test_uploads_that_nobody_finishes_are_limited(alice, app, monkeypatch, store):
    settings = app.config["SETTINGS"]
    limited = settings.model_copy(update={"SHOP_IMPORTS_MAX_MB": 1})
    monkeypatch.setitem(app.config, "SETTINGS", limited)
    uploaded(alice, b"Path,Target\n" + b"x" * 700_000)
    answer = alice.post(f"{IMPORT}files", data={"name": "a.csv", "size": 700_000})
    assert answer.status_code == 429 and "1 MB" in answer.json["error"]


def test_a_store_turns_imports_from_its_pages_off_and_on(alice, bob):
    token = uploaded(alice)
    alice.post(f"{IMPORT}turn", data={"on": "false"})
    page = text(alice.get(IMPORT))
    assert "Imports from this page are turned off." in page and "Nobody, until" in page
    assert "Everyone who can open Altera" not in page
    assert alice.post(f"{IMPORT}files", data={"name": "a.csv", "size": 5}).status_code == 403
    assert alice.put(f"{IMPORT}files/{token}/0", data=FILE).status_code == 403
    for path in ("read", ""):
        assert alice.post(f"{IMPORT}{path}", data={"upload": token}).status_code == 403
    assert "Choose a file" in text(bob.get(IMPORT))
    assert "turned off imports from the page" in text(alice.get("/settings/activity/"))
    alice.post(f"{IMPORT}turn", data={"on": "true"})
    assert job_in(alice.post(IMPORT, data={"upload": token})).status == "queued"


def test_bob_adds_nothing_to_alices_upload_and_reads_nothing_of_it(alice, bob):
    token = uploaded(alice)
    assert bob.put(f"{IMPORT}files/{token}/0", data=b"x" * len(FILE)).status_code == 404
    assert bob.get(f"{IMPORT}files/{token}").status_code == 404
    for path in ("read", ""):
        assert bob.post(f"{IMPORT}{path}", data={"upload": token}).status_code == 404
    assert alice.get(f"{IMPORT}files/{token}x").status_code == 404
    assert "2 rows" in text(alice.post(f"{IMPORT}read", data={"upload": token}))


def test_nothing_is_added_to_a_file_whose_import_was_started(alice, store):
    token = uploaded(alice)
    job = job_in(alice.post(IMPORT, data={"upload": token}))
    other = FILE.replace(b"/new", b"/bad")
    assert alice.put(f"{IMPORT}files/{token}/0", data=other).status_code == 404
    assert b"".join(ImportChunk.of_job(job.id)) == FILE
    store.run_import(job)
    assert alice.put(f"{IMPORT}files/{token}/0", data=other).status_code == 404
    assert not ImportChunk.any_of_shop(job.shop_id)


def test_uploads_that_began_together_are_limited_too(alice, app, monkeypatch, store):
    limited = app.config["SETTINGS"].model_copy(update={"SHOP_IMPORTS_MAX_MB": 1})
    monkeypatch.setitem(app.config, "SETTINGS", limited)
    content = b"Path,Target\n" + b"/a,/b\n" * 100_000
    tokens = [begin(alice, content) for _ in range(3)]
    sent = [send(alice, token, content).status_code for token in tokens]
    assert sent == [204, 429, 429]
    assert Job.bytes_stored(store.shop.id) == 3 * ImportChunk.SIZE


def test_files_on_their_way_and_stored_ones_share_the_room(alice, app, monkeypatch, store):
    limited = app.config["SETTINGS"].model_copy(update={"SHOP_IMPORTS_MAX_MB": 1})
    monkeypatch.setitem(app.config, "SETTINGS", limited)
    content = b"Path,Target\n" + b"/a,/b\n" * 90_000
    token = uploaded(alice, content)
    job = job_in(alice.post(IMPORT, data={"upload": token}))
    ImportChunk.erase(job.id)  # as a worker does that has made rows of it
    db.session.commit()
    assert Job.bytes_stored(store.shop.id) == len(content)
    first, second = b"Path,Target\n/a,/b\n", b"Path,Target\n" + b"/c,/d\n" * 50_000
    uploaded(alice, first)
    answer = alice.post(f"{IMPORT}files", data={"name": "a.csv", "size": len(second)})
    assert answer.status_code == 429
    program = Script(app, store.key_text)
    refused = program.post("/imports?type=redirects", data=second)
    problem(refused, 429, "too_much_stored")


def test_the_parts_of_a_file_that_nobody_starts_are_erased_after_a_day(alice, bob, store):
    token, waits = uploaded(alice), job_in(alice.post(IMPORT, data={"upload": uploaded(alice)}))
    old = db.update(ImportChunk).values(created_at=now() - UPLOAD_TAKES)
    db.session.execute(old)
    db.session.commit()
    bobs = uploaded(bob)
    Job.purge(before=now() - timedelta(days=30))
    db.session.commit()
    assert alice.post(f"{IMPORT}read", data={"upload": token}).status_code == 404
    assert "2 rows" in text(bob.post(f"{IMPORT}read", data={"upload": bobs}))
    assert b"".join(ImportChunk.of_job(waits.id)) == FILE


def test_what_is_wrong_with_a_file_is_said_in_the_language_of_the_page(alice, store):
    """The import itself, which the API shows, says it in English."""
    german = {"locale": "de"}
    token = uploaded(alice, FILE + b"/a,,red\n")
    looked = alice.post(f"{IMPORT}read", data={"upload": token}, query_string=german)
    unknown = "ALYS005: Diese Spalten sind nicht bekannt und werden ignoriert: „Colour“."
    assert unknown in text(looked)
    job = job_in(alice.post(IMPORT, data={"upload": token}))
    store.run_import(job)
    page = text(alice.get(f"/settings/jobs/{job.id}", query_string=german))
    assert unknown in page and "Target ist leer." in page
    assert unknown in text(alice.get("/settings/jobs/", query_string=german))
    assert job.warnings == ["ALYS005: these columns are not known and are ignored: “Colour”."]
    broken = {"upload": uploaded(alice, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old.xls")}
    refused = text(alice.post(f"{IMPORT}read", data=broken, query_string=german))
    assert "ALYS003: Die Datei ist weder CSV, xlsx, zip noch JSONL." in refused
