"""The calls of a key, as its merchant searches and downloads them."""

import csv
import io

import pytest

from models import db, now
from models.api_key import ApiKey
from models.key_request import KeyRequest
from tests.blueprints.api.test_imports import start
from tests.cast import Merchant, Script, make_key, problem
from tests.markup import select, text


def path(key: ApiKey, more: str = "") -> str:
    return f"/settings/keys/{key.id}/requests/{more}"


def rows(answer) -> list[str]:
    return [" ".join(row.get_text().split()) for row in select(answer, "#request-rows tr")]


@pytest.fixture
def listed(app):
    """Writes what was noted, and answers the calls."""

    def write() -> list[KeyRequest]:
        app.extensions["request_log"].flush()
        db.session.expire_all()
        return list(db.session.scalars(db.select(KeyRequest).order_by(KeyRequest.id)))

    return write


@pytest.mark.both_databases
def test_each_call_is_listed_with_what_a_person_asks_about(program, store, alice, listed):
    missing = problem(program.get("/imports/imp_" + "0" * 20), 404, "not_found")
    job = start(program, b"Path,Target\n/secret-path,/b\n", name="secret-name.csv")
    program.get("/exports?secret=query")
    program.post("/exports", json={"types": ["orders"], "filters": {}})
    calls = listed()
    assert [(each.method, each.route, each.status) for each in calls] == [
        ("GET", "/api/v1/imports/<job_id>", 404),
        ("POST", "/api/v1/imports", 202),
        ("GET", "/api/v1/exports", 200),
        ("POST", "/api/v1/exports", 403),
    ]
    assert [each.job_id for each in calls] == ["imp_" + "0" * 20, job.id, "", ""]
    assert calls[0].request_id == missing["request_id"]
    assert calls[1].bytes > 100 and calls[1].milliseconds >= 0
    page = alice.get(path(store.key))
    assert len(rows(page)) == 4 and rows(page)[0].startswith("Today") is False
    assert job.id in rows(page)[2] and "secret" not in page.text
    assert f"/settings/keys/{store.key.id}/requests/" in (
        alice.get(f"/settings/keys/{store.key.id}/permissions").text
    )


def test_the_list_is_searched_and_downloaded(program, store, alice, listed):
    program.get("/key", headers={"X-Request-Id": "find-me-12345"})
    program.get("/exports")
    program.get("/exports/exp_nothing")
    listed()
    found = rows(alice.get(path(store.key, "list?words=find-me")))
    assert len(found) == 1 and "find-me-12345" in found[0]
    assert len(rows(alice.get(path(store.key, "list?status=4")))) == 1
    assert len(rows(alice.get(path(store.key, "list?words=exports+404")))) == 1
    assert "No requests found" in text(alice.get(path(store.key, "list?words=%25")))
    asked = alice.get(path(store.key, "file?status=2"))
    file = alice.client.get(asked.headers["HX-Redirect"], buffered=True)
    table = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert table[0][:4] == ["Time", "Method", "Route", "Status"]
    assert [row[2] for row in table[1:]] == ["/api/v1/exports", "/api/v1/key"]


def test_older_calls_follow_page_by_page(store, alice):
    many = {"key_id": store.key.id, "shop_id": store.shop.id, "at": now(), "method": "GET"}
    more = {"route": "/api/v1/key", "bytes": 1, "milliseconds": 1, "request_id": "a" * 16}
    for number in range(60):
        db.session.add(KeyRequest(**many, **more, status=200 + number))
    db.session.commit()
    first = alice.get(path(store.key))
    assert len(rows(first)) == 51 and "Show older" in rows(first)[-1]
    [button] = select(first, "#request-rows button")
    rest = select(alice.get(str(button["hx-get"])), "tr")
    assert [one.select(".badge")[0].get_text() for one in rest] == [
        str(200 + number) for number in reversed(range(10))
    ]
    assert alice.get(path(store.key, "older?before=" + "9" * 40)).status_code == 200


def test_a_call_that_is_refused_to_the_key_is_listed_too(app, store, alice, listed):
    key, key_text = make_key(store.shop, "products:export", name="Old", days=-1)
    problem(Script(app, key_text).get("/key"), 401, "key_invalid")
    [call] = listed()
    assert (call.key_id, call.status) == (key.id, 401)


def test_a_download_is_listed_with_its_bytes(program, store, listed):
    job = store.export("redirects")
    answer = program.get(f"/exports/{job.id}/file")
    size = len(answer.data)
    answer.close()
    [call] = listed()
    assert (call.route, call.bytes) == ("/api/v1/exports/<job_id>/file", size)
    assert call.job_id == job.id


def test_another_shops_merchant_sees_no_call(program, store, bob: Merchant, listed):
    program.get("/key", headers={"X-Request-Id": "find-me-12345"})
    listed()
    for more in ("", "list", "older", "file"):
        answer = bob.get(path(store.key, more))
        assert answer.status_code == 404 and "find-me" not in answer.text
    foreign = bob.get("/settings/keys/99999999999/requests/")
    assert foreign.status_code == 404


def test_every_error_names_its_request(script, app):
    for answer in (
        script.get("/exports/exp_1"),
        script.client.get("/api/v1/nothing"),
        Script(app, "wrong").get("/key"),
    ):
        assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    assert script.get("/key").headers["X-Request-Id"]
