"""The Admin client: waits, repeats and names what went wrong."""

import time
from functools import partial
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify.admin import (
    API_VERSION,
    TIMEOUT,
    AccessDenied,
    Admin,
    BadQuery,
    ShopifyRefused,
    ShopifyUnavailable,
    TooExpensive,
)
from shopify.responses import RetryLater, TokenRefused, json_body, parse_response
from tests.scripted import Reply

FINE: Reply = (200, {}, {"data": {"shop": {"name": "Alice"}}})
QUERY = "query { shop { name } }"
MUTATION = "mutation { urlRedirectDelete(id: 1) { deletedUrlRedirectId } }"
SOON = {"Retry-After": "0"}


def throttled(missing: float, rate: float = 1000) -> tuple:
    status = {"maximumAvailable": 1000, "currentlyAvailable": 0, "restoreRate": rate}
    cost = {"requestedQueryCost": missing, "throttleStatus": status}
    errors = [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]
    return 200, {}, {"errors": errors, "extensions": {"cost": cost}}


def failing(code: str, message: str = "No.") -> tuple:
    return 200, {}, {"errors": [{"message": message, "extensions": {"code": code}}], "data": None}


def cut(handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def half(handler) -> None:
    """An answer that ends in its middle."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"data": {"shop"')
    cut(handler)


def silent(handler) -> None:
    time.sleep(1)
    cut(handler)


def always(script, answer: tuple) -> None:
    """The same answer to whatever is asked, until the test clears it."""

    def again(handler) -> None:
        script.answers.append(again)
        status, headers, body = answer
        handler.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    script.says(again)


@pytest.fixture
def tokens():
    return ["first"]


@pytest.fixture
def admin(scripted, tokens):
    return Admin(
        scripted.url, token=lambda: tokens[-1], renew=lambda old: tokens.append(f"after {old}")
    )


def test_a_query_carries_the_token_and_asks_one_version(scripted, admin):
    scripted.says(FINE)
    assert admin.query(QUERY, {"a": 1}) == {"shop": {"name": "Alice"}}
    [(headers, body)] = scripted.seen
    assert headers["X-Shopify-Access-Token"] == "first"
    assert b'"variables":{"a":1}' in body
    assert API_VERSION == "2026-10"


def test_one_connection_serves_call_after_call_and_keeps_no_cookies(scripted):
    scripted.keeps_alive = True
    scripted.says((200, {"Set-Cookie": "store=alice; Path=/"}, {"data": {"shop": {}}}), FINE)
    for token in ("alice", "bob"):
        admin = Admin(scripted.url, token=partial(str, token), renew=lambda old: None)
        admin.query(QUERY)
    assert len(set(scripted.ports)) == 1
    assert [headers["X-Shopify-Access-Token"] for headers, _ in scripted.seen] == ["alice", "bob"]
    assert [headers["Cookie"] for headers, _ in scripted.seen] == [None, None]


def test_the_nodes_of_a_connection_come_page_by_page_as_far_as_they_are_taken(scripted, admin):
    def page(number, more):
        info = {"hasNextPage": more, "endCursor": f"cursor {number}"}
        return 200, {}, {"data": {"found": {"nodes": [{"id": number}], "pageInfo": info}}}

    scripted.says(page(1, True), page(2, False), page(3, True))
    assert list(admin.nodes(QUERY, "found", query="x")) == [{"id": 1}, {"id": 2}]
    assert [orjson.loads(body)["variables"] for _, body in scripted.seen] == [
        {"query": "x", "after": None},
        {"query": "x", "after": "cursor 1"},
    ]
    assert next(admin.nodes(QUERY, "found")) == {"id": 3}
    assert len(scripted.seen) == 3


@pytest.mark.parametrize(
    "trouble",
    [
        throttled(50),
        (429, SOON, b"slow down"),
        (500, SOON, b""),
        (503, SOON, b"busy"),
        (200, {}, b"<html><body>Something went wrong</body></html>"),
        (502, {}, b"<html>"),
        (200, {}, b'{"data": {"shop": {"na'),
        (200, {}, b"null"),
        (200, {}, {"data": None}),
        (200, {}, {"errors": []}),
        (200, {"Content-Encoding": "gzip"}, b"no gzip at all"),
        failing("INTERNAL_SERVER_ERROR"),
        half,
        cut,
    ],
)
def test_a_query_is_repeated_when_it_may_work_later(scripted, admin, trouble):
    scripted.says(trouble, FINE)
    assert admin.query(QUERY)["shop"]


def test_a_throttled_query_waits_until_the_bucket_has_its_cost(scripted, admin):
    scripted.says(throttled(300, rate=1000), FINE)
    start = time.monotonic()
    admin.query(QUERY)
    assert 0.3 <= time.monotonic() - start < 15


@pytest.mark.parametrize("trouble", [throttled(1), (429, SOON, b"")])
def test_a_mutation_that_was_not_tried_is_repeated(scripted, admin, trouble):
    scripted.says(trouble, FINE)
    assert admin.query(MUTATION)


@pytest.mark.parametrize(
    "trouble",
    [
        (500, {}, b""),
        (503, SOON, b""),
        (200, {}, b"<html>"),
        (200, {}, {"data": None}),
        (200, {"Content-Encoding": "gzip"}, b"no gzip at all"),
        failing("INTERNAL_SERVER_ERROR"),
        half,
        cut,
    ],
)
def test_a_mutation_that_may_have_landed_is_not_repeated(scripted, trouble):
    scripted.says(trouble)
    admin = hurried(scripted)
    with pytest.raises(ShopifyUnavailable):
        admin.query(MUTATION)
    assert len(scripted.seen) == 1


def test_a_refused_token_is_renewed_once(scripted, admin, tokens):
    scripted.says((401, {}, {"errors": "Invalid API key"}), FINE)
    assert admin.query(MUTATION)
    assert [headers["X-Shopify-Access-Token"] for headers, _ in scripted.seen] == [
        "first",
        "after first",
    ]


def test_a_token_that_is_refused_twice_is_final(scripted, admin):
    scripted.says((401, {}, b""), (401, {}, b""))
    with pytest.raises(ShopifyRefused, match="no longer accepts"):
        admin.query(QUERY)


@pytest.mark.parametrize(
    ("status", "words"), [(402, "unpaid"), (403, "allow list"), (404, "know"), (423, "locked")]
)
def test_a_final_no_is_said_in_words(scripted, admin, status, words):
    scripted.says((status, {}, b""))
    with pytest.raises(ShopifyRefused, match=words):
        admin.query(QUERY)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (failing("ACCESS_DENIED", "Access denied for locations field."), AccessDenied),
        (failing("undefinedField"), BadQuery),
        (failing("MAX_COST_EXCEEDED"), TooExpensive),
        ((200, {}, {"errors": "Not Found"}), BadQuery),
        ((200, {}, {"errors": {"customer": "Required"}}), BadQuery),
        ((400, {}, b""), BadQuery),
    ],
)
def test_what_is_wrong_with_an_answer_has_a_name(scripted, admin, answer, error):
    scripted.says(answer)
    with pytest.raises(error):
        admin.query(QUERY)


JSON: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 5, "", "words", [], ["x"], [{}], {}, {"code": 5}, {"a": {}}]
)
CODES = st.sampled_from(["THROTTLED", "ACCESS_DENIED", "INTERNAL_SERVER_ERROR", "x", None])
ERROR = st.fixed_dictionaries(
    {}, optional={"message": JSON, "path": JSON, "extensions": st.builds(dict, code=CODES) | JSON}
)


@given(
    st.sampled_from([200, 200, 200, 401, 403, 404, 418, 429, 500]),
    st.fixed_dictionaries(
        {}, optional={"data": JSON, "errors": st.lists(ERROR) | JSON, "extensions": JSON}
    ),
)
def test_whatever_comes_has_a_name(status, said):
    """An answer with data, or one of the errors that callers know."""
    response = httpx.Response(status, content=orjson.dumps(said))
    try:
        answer = parse_response(response, json_body(response))
    except (TokenRefused, RetryLater, ShopifyRefused, BadQuery):
        return
    assert status == 200 and isinstance(answer.data, dict)


@pytest.mark.parametrize("answer", [(500, {}, b""), (429, SOON, b""), (200, {}, b"<html>")])
def test_trouble_that_does_not_end_is_given_up(scripted, tokens, answer):
    always(scripted, answer)
    start = time.monotonic()
    admin = hurried(scripted)
    with pytest.raises(ShopifyUnavailable, match="Try again"):
        admin.query(QUERY)
    scripted.answers.clear()
    assert 0.4 < time.monotonic() - start < 15
    assert len(scripted.seen) > 1


def test_a_wait_that_is_longer_than_our_patience_is_not_begun(scripted):
    scripted.says((429, {"Retry-After": "3600"}, b""))
    start = time.monotonic()
    admin = hurried(scripted)
    with pytest.raises(ShopifyUnavailable):
        admin.query(QUERY)
    assert time.monotonic() - start < 15


def test_a_silent_shopify_is_not_waited_for_forever(scripted):
    assert TIMEOUT.read == 30 and TIMEOUT.connect == 5
    scripted.says(silent)
    lost = pytest.raises(ShopifyUnavailable, match="did not arrive")
    admin = hurried(scripted, timeout=httpx.Timeout(0.2))
    with lost:
        admin.query(MUTATION)


def hurried(scripted, timeout=TIMEOUT) -> Admin:
    return Admin(
        scripted.url, token=lambda: "t", renew=lambda old: None, patience=1, timeout=timeout
    )


def test_the_next_query_is_not_sent_before_the_bucket_has_its_cost(scripted, admin):
    status = {"maximumAvailable": 1000, "currentlyAvailable": 10, "restoreRate": 1000}
    cost = {"requestedQueryCost": 800, "actualQueryCost": 800, "throttleStatus": status}
    scripted.says((200, {}, FINE[2] | {"extensions": {"cost": cost}}), FINE)
    admin.query(QUERY)
    start = time.monotonic()
    admin.query(QUERY)
    assert 0.75 < time.monotonic() - start < 15


SET = "mutation Stock($idempotencyKey: String!) { inventorySetQuantities(input: {}) %s { a } }"
KEYED = SET % "@idempotent(key: $idempotencyKey)"


def keys(scripted) -> list[str]:
    return [orjson.loads(body)["variables"]["idempotencyKey"] for _, body in scripted.seen]


def test_a_mutation_with_a_key_is_repeated_under_the_same_key(scripted, admin):
    scripted.says((500, SOON, b""), half, FINE, FINE)
    admin.query(KEYED)
    admin.query(KEYED)
    first, again, third, other = keys(scripted)
    assert first == again == third != other


def test_the_callers_own_key_is_kept(scripted, admin):
    scripted.says((500, SOON, b""), FINE)
    admin.query(KEYED, {"idempotencyKey": "row 7"})
    assert keys(scripted) == ["row 7", "row 7"]


@pytest.mark.parametrize(
    "name", ["inventorySetQuantities", "refundCreate", "inventoryShipmentReceive"]
)
def test_a_mutation_that_needs_a_key_is_not_sent_without(scripted, admin, name):
    with pytest.raises(BadQuery, match="@idempotent"):
        admin.query(SET.replace("inventorySetQuantities", name) % "")
    assert scripted.seen == []


def test_extensions_are_kept_and_redacted_is_told_from_empty(scripted, admin):
    error = {
        "message": "This app is not approved to use the email field.",
        "path": ["customers", "nodes", 0, "email"],
        "extensions": {"code": "ACCESS_DENIED"},
    }
    data = {"customers": {"nodes": [{"email": None, "note": None}]}}
    cost = {"cost": {"requestedQueryCost": 3}}
    answer: Reply = (200, {}, {"data": data, "errors": [error], "extensions": cost})
    scripted.says(answer, answer)
    whole = admin.ask(QUERY)
    assert (whole.data, whole.extensions) == (data, cost)
    assert whole.redacted == [["customers", "nodes", 0, "email"]]
    with pytest.raises(AccessDenied, match="not approved"):
        admin.query(QUERY)


def test_a_call_is_logged_with_its_cost_and_shopifys_id_of_it(scripted, admin, caplog):
    cost = {"requestedQueryCost": 12, "actualQueryCost": 7}
    body = FINE[2] | {"extensions": {"cost": cost}}
    scripted.says((200, {"X-Request-Id": "4f1e"}, body))
    caplog.set_level("INFO")
    admin.query("query ShopName($secret: String) { shop { name } }", {"secret": "hush"})
    [said] = [record.message for record in caplog.records if record.name == "shopify.admin"]
    assert "ShopName" in said and "cost 7 of 12" in said and "4f1e" in said
    assert "first" not in said and "hush" not in said and "Alice" not in said


def test_an_address_that_is_not_on_the_allowlist_is_shouted(scripted, admin, caplog):
    scripted.says((403, {}, b"<html>Forbidden</html>"))
    with pytest.raises(ShopifyRefused, match="allow list"):
        admin.query(QUERY)
    assert "IP allowlist" in [r.message for r in caplog.records if r.levelname == "ERROR"][0]


def test_another_version_than_asked_is_told(scripted, admin, caplog):
    scripted.says((200, {"X-Shopify-API-Version": "2027-01"}, FINE[2]))
    admin.query(QUERY)
    assert "2027-01" in caplog.text and "first" not in caplog.text
