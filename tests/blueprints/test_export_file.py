"""An export's file, fetched in parts and again."""

import io

import openpyxl
import pytest

from models import db
from tests.blueprints.api.test_exports import done
from transfer.formats.xlsx_writer import MAX_TEXT

LONG = "x" * 200


@pytest.fixture
def job(program, store):
    for number in range(8):
        store.add_redirect(f"/{number}", f"/{LONG}")
    return done(program, store, "redirects")


def get(program, job, **headers):
    return program.get(f"/exports/{job.id}/file", buffered=True, headers=headers)


def test_the_file_tells_that_parts_of_it_can_be_had(program, job):
    whole = get(program, job)
    assert whole.headers["Accept-Ranges"] == "bytes" and whole.headers["ETag"].startswith('"')
    assert get(program, job).headers["ETag"] == whole.headers["ETag"]


def test_a_download_goes_on_where_it_was_cut(program, job):
    for format in ("csv", "xlsx", "jsonl"):
        job.format = format
        db.session.commit()
        whole = get(program, job)
        part = get(program, job, **{"Range": "bytes=1000-", "If-Range": whole.headers["ETag"]})
        assert part.status_code == 206, format
        size = len(whole.data)
        assert part.headers["Content-Range"] == f"bytes 1000-{size - 1}/{size}"
        assert whole.data[:1000] + part.data == whole.data, format


def test_of_another_file_the_whole_is_sent(program, job):
    whole = get(program, job)
    answer = get(program, job, **{"Range": "bytes=1000-", "If-Range": '"other"'})
    assert (answer.status_code, answer.data) == (200, whole.data)


def test_a_part_beyond_the_end_is_refused_with_the_length(program, job):
    size = len(get(program, job).data)
    answer = get(program, job, Range="bytes=99999999-")
    assert (answer.status_code, answer.mimetype) == (416, "application/problem+json")
    assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_of_several_parts_or_in_another_unit_the_whole_is_sent(program, job):
    whole = get(program, job)
    for parts in ("bytes=0-1,4-5", "lines=1-2", "bytes=a-b", "bytes=5-2", "0-9"):
        answer = get(program, job, Range=parts)
        assert (answer.status_code, answer.data) == (200, whole.data), parts


def test_what_is_read_again_each_time_has_no_parts(program, store, job):
    store.misbehave(refuse_bulk=True)
    job = done(program, store, "redirects")
    whole = get(program, job)
    assert "ETag" not in whole.headers and "Accept-Ranges" not in whole.headers
    again = get(program, job, Range="bytes=1000-")
    assert (again.status_code, again.data) == (200, whole.data)


def test_texts_that_a_workbook_cannot_hold_are_told(program, store):
    store.add_redirect("/a", "/" + "x" * MAX_TEXT)
    job = done(program, store, "redirects", format="xlsx")
    assert program.get(f"/exports/{job.id}").json["warnings"] == []
    first = get(program, job).data
    [warning] = program.get(f"/exports/{job.id}").json["warnings"]
    assert warning.startswith("Redirects: 1 text in “Target” cut at 32,767 characters")
    assert get(program, job).data == first
    summary = openpyxl.load_workbook(io.BytesIO(first))["Export Summary"]
    header, row = summary.iter_rows(values_only=True)
    assert dict(zip(header, row, strict=True))["Warnings"] == warning
    assert summary.freeze_panes == "A2"


def test_a_part_needs_the_permission_too(program, store, job):
    from_before = get(program, job).headers["ETag"]
    store.key.permissions = ["products:export"]
    db.session.commit()
    answer = get(program, job, **{"Range": "bytes=10-", "If-Range": from_before})
    assert answer.status_code == 403
