"""Tokens asked of Shopify's endpoint: what is sent, and what each answer means."""

from urllib.parse import parse_qsl

import pytest

from shopify.access_token import (
    AccessTokenRefused,
    AddressRefused,
    IdTokenRefused,
    RefreshTokenOver,
    TokenServiceUnavailable,
    exchange,
    refresh,
)
from tests.shopify.test_admin import cut, half

PAIR = {
    "access_token": "shpat_new",
    "expires_in": 3600,
    "refresh_token": "shprt_new",
    "refresh_token_expires_in": 7776000,
    "scope": "read_products",
}
WHO = {"client_id": "the-app", "client_secret": "hush-hush"}


def sent(scripted) -> dict:
    """The fields of the form that was sent."""
    return dict(parse_qsl(scripted.seen[0][1].decode(), strict_parsing=True))


def refusal(error: str) -> tuple:
    return 400, {}, {"error": error, "error_description": "No."}


def test_an_id_token_is_exchanged_for_a_pair_that_expires(scripted):
    scripted.says((200, {}, PAIR | {"associated_user_scope": "more than we read"}))
    assert exchange(origin=scripted.url, **WHO, id_token="a.b.c") == PAIR
    assert sent(scripted) == WHO | {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": "a.b.c",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
        "expiring": "1",
    }


def test_a_refresh_token_brings_a_new_pair(scripted):
    scripted.says((200, {}, PAIR))
    assert refresh(origin=scripted.url, **WHO, refresh_token="shprt_old") == PAIR
    asked = {"grant_type": "refresh_token", "refresh_token": "shprt_old"}
    assert sent(scripted) == WHO | asked


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal("invalid_subject_token"), IdTokenRefused),
        (refusal("invalid_grant"), RefreshTokenOver),
        (refusal("invalid_client"), AccessTokenRefused),
        (refusal("unheard_of"), AccessTokenRefused),
        ((401, {}, b"[]"), AccessTokenRefused),
        ((403, {}, b"<html>Forbidden</html>"), AddressRefused),
        ((429, {"Retry-After": "1"}, b"slow down"), TokenServiceUnavailable),
        ((500, {}, {"error": "invalid_grant"}), TokenServiceUnavailable),
        ((503, {}, b"busy"), TokenServiceUnavailable),
        ((200, {}, b"<html>"), TokenServiceUnavailable),
        ((200, {}, PAIR | {"refresh_token": None}), TokenServiceUnavailable),
        ((200, {"Content-Encoding": "gzip"}, b"no gzip at all"), TokenServiceUnavailable),
        (half, TokenServiceUnavailable),
        (cut, TokenServiceUnavailable),
    ],
)
def test_what_shopify_does_not_give_has_a_name(scripted, answer, error):
    """Only a plain invalid_grant ends a refresh token: trouble at Shopify never does."""
    scripted.says(answer)
    with pytest.raises((AccessTokenRefused, IdTokenRefused, TokenServiceUnavailable)) as caught:
        refresh(origin=scripted.url, **WHO, refresh_token="shprt_old")
    assert type(caught.value) is error
    assert "hush" not in str(caught.value) and "shprt" not in str(caught.value)


def test_an_address_that_is_not_on_the_allowlist_is_named(scripted):
    scripted.says((403, {}, b""))
    with pytest.raises(AccessTokenRefused, match="IP allowlist"):
        exchange(origin=scripted.url, **WHO, id_token="a.b.c")
