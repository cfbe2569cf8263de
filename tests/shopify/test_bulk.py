"""Bulk operations: found again, refused, and read to the end of their result."""

import gzip
from datetime import UTC, datetime

import pytest

from shopify import bulk
from shopify.admin import Admin
from tests.scripted import Reply

LINES = [b'{"id":"gid://shopify/Product/%d","title":"%s"}' % (n, b"x" * 90) for n in range(400)]
FILE = b"\n".join(LINES) + b"\n"
WHOLE: Reply = (200, {}, FILE)
SINCE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def broken(after: int, status: int = 200, start: int = 0):
    """An answer that promises the rest of the file and stops early."""

    def answer(handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(FILE) - start))
        handler.end_headers()
        handler.wfile.write(FILE[start : start + after])
        handler.close_connection = True

    return answer


def read(url: str) -> list[bytes]:
    return list(bulk.lines(url, len(FILE)))


def test_a_result_is_its_lines(scripted):
    scripted.says(WHOLE)
    assert read(scripted.url) == LINES


def test_a_result_without_a_last_line_end_is_whole(scripted):
    scripted.says((200, {}, FILE[:-1]))
    assert list(bulk.lines(scripted.url, len(FILE) - 1)) == LINES


def test_a_cut_is_read_on_from_where_it_was(scripted):
    scripted.says(broken(1000), broken(5000, 206, 1000), (206, {}, FILE[6000:]))
    assert read(scripted.url) == LINES
    ranges = [headers["Range"] for headers, _ in scripted.seen]
    assert ranges == [None, "bytes=1000-", "bytes=6000-"]


def test_a_server_that_knows_no_ranges_is_read_again(scripted):
    scripted.says(broken(1000), WHOLE)
    assert read(scripted.url) == LINES


def test_a_compressed_result_is_read_too(scripted):
    scripted.says((200, {"Content-Encoding": "gzip"}, gzip.compress(FILE)))
    assert read(scripted.url) == LINES


def test_a_server_that_is_busy_is_asked_again(scripted):
    scripted.says((503, {}, b""), WHOLE)
    assert read(scripted.url) == LINES


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_result_that_is_gone_is_said_so(scripted, status):
    scripted.says((status, {}, b""))
    with pytest.raises(bulk.ResultGone, match="no longer has this result"):
        read(scripted.url)


def test_a_result_that_never_ends_is_given_up(scripted):
    scripted.says(*[(503, {}, b"")] * bulk.TRIES_WITHOUT_PROGRESS)
    with pytest.raises(bulk.ResultGone, match="could not be read completely"):
        read(scripted.url)


@pytest.fixture
def admin(scripted):
    return Admin(scripted.url, token=lambda: "t", renew=lambda old: None)


def started(**answer) -> tuple:
    whole = {"bulkOperation": None, "userErrors": []} | answer
    return 200, {}, {"data": {"bulkOperationRunQuery": whole}}


def error(code: str) -> dict:
    return {"field": None, "message": "No.", "code": code}


def test_the_query_carries_the_marker(scripted, admin):
    scripted.says(started(bulkOperation={"id": "gid://shopify/BulkOperation/1"}))
    assert bulk.start(admin, "query { a }", "exp_1 products")["id"].endswith("/1")
    assert b'"query":"# exp_1 products\\nquery { a }"' in scripted.seen[0][1]


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (started(userErrors=[error("LIMIT_REACHED")]), bulk.BulkBusy),
        (started(userErrors=[error("OPERATION_IN_PROGRESS")]), bulk.BulkBusy),
        (started(userErrors=[error("INVALID")]), bulk.BulkRefused),
        (
            (200, {}, {"errors": [{"message": "", "extensions": {"code": "ACCESS_DENIED"}}]}),
            bulk.BulkRefused,
        ),
    ],
)
def test_a_start_that_fails_says_whether_to_wait(scripted, admin, answer, raised):
    scripted.says(answer)
    with pytest.raises(raised):
        bulk.start(admin, "query { a }", "exp_1")


def page(*operations: dict, after: str | None = None) -> tuple:
    info = {"hasNextPage": after is not None, "endCursor": after}
    return 200, {}, {"data": {"bulkOperations": {"nodes": list(operations), "pageInfo": info}}}


def operation(number: int, marker: str, status: str = "RUNNING") -> dict:
    return {"id": number, "query": f"# {marker}\nquery {{ a }}", "status": status}


def test_an_operation_is_found_by_its_marker_alone(scripted, admin):
    scripted.says(
        page(
            operation(1, "exp_1 products 0 10"),
            operation(2, "exp_1 products 0 1", "FAILED"),
            operation(3, "exp_2 products 0 1"),
            after="c",
        ),
        page(operation(4, "exp_1 products 0 1", "COMPLETED")),
    )
    found = bulk.find(admin, "exp_1 products 0 1", SINCE)
    assert found and found["id"] == 4


def test_an_operation_that_never_was_is_not_found(scripted, admin):
    scripted.says(page())
    assert bulk.find(admin, "exp_1", SINCE) is None


def test_an_operation_that_shopify_forgot_is_gone(scripted, admin):
    scripted.says((200, {}, {"data": {"bulkOperation": None}}))
    with pytest.raises(bulk.ResultGone):
        bulk.poll(admin, "gid://shopify/BulkOperation/1")
