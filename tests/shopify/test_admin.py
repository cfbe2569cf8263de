"""The Admin client: waits, repeats and names what went wrong."""

import time

import pytest

from shopify.admin import (
    API_VERSION,
    AccessDenied,
    Admin,
    BadQuery,
    ShopifyRefused,
    ShopifyUnavailable,
)

FINE = (200, {}, {"data": {"shop": {"name": "Alice"}}})
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


@pytest.fixture
def tokens():
    return ["first"]


@pytest.fixture
def admin(scripted, tokens):
    with Admin(
        scripted.url, token=lambda: tokens[-1], renew=lambda old: tokens.append(f"after {old}")
    ) as client:
        yield client


def test_a_query_carries_the_token_and_asks_one_version(scripted, admin):
    scripted.says(FINE)
    assert admin.query(QUERY, {"a": 1}) == {"shop": {"name": "Alice"}}
    [(headers, body)] = scripted.seen
    assert headers["X-Shopify-Access-Token"] == "first"
    assert b'"variables":{"a":1}' in body
    assert API_VERSION == "2026-10"


@pytest.mark.parametrize(
    "trouble",
    [
        throttled(50),
        (429, SOON, b"slow down"),
        (500, SOON, b""),
        (503, SOON, b"busy"),
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
    assert 0.3 <= time.monotonic() - start < 1


@pytest.mark.parametrize("trouble", [throttled(1), (429, SOON, b"")])
def test_a_mutation_that_was_not_tried_is_repeated(scripted, admin, trouble):
    scripted.says(trouble, FINE)
    assert admin.query(MUTATION)


@pytest.mark.parametrize("trouble", [(500, {}, b""), (503, SOON, b""), cut])
def test_a_mutation_that_may_have_landed_is_not_repeated(scripted, admin, trouble):
    scripted.says(trouble)
    with pytest.raises(ShopifyUnavailable):
        admin.query(MUTATION)


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
        (failing("INTERNAL_SERVER_ERROR"), ShopifyUnavailable),
        (failing("undefinedField"), BadQuery),
        (failing("MAX_COST_EXCEEDED"), BadQuery),
        ((200, {}, {"errors": "Not Found"}), BadQuery),
        ((200, {}, b"<html>"), ShopifyUnavailable),
        ((400, {}, b""), BadQuery),
    ],
)
def test_what_is_wrong_with_an_answer_has_a_name(scripted, admin, answer, error):
    scripted.says(answer)
    with pytest.raises(error):
        admin.query(QUERY)


def test_another_version_than_asked_is_told(scripted, admin, caplog):
    scripted.says((200, {"X-Shopify-API-Version": "2027-01"}, FINE[2]))
    admin.query(QUERY)
    assert "2027-01" in caplog.text and "first" not in caplog.text
