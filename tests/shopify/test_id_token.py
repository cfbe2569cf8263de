"""Whom an ID token speaks for; PyPI `shopifyapp` is the oracle where it is not looser than us."""

import time

import pytest
import shopify_app
from hypothesis import given
from hypothesis import strategies as st

from shopify.id_token import InvalidIdToken, verify
from tests.cast import ALICE, BOB, CLIENT_ID, CLIENT_SECRET, id_token


def ours(token):
    return verify(token, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)


def test_a_good_token_names_shop_and_staff_member():
    identity = ours(id_token(ALICE, sub="42"))
    assert (identity.shop, identity.user) == (ALICE, "42")


def moved(**seconds):
    return {name: int(time.time()) + shift for name, shift in seconds.items()}


VERDICTS = {
    "good": (lambda: id_token(ALICE), True),
    "long-lived": (lambda: id_token(ALICE, **moved(exp=3600)), True),
    "another app's": (lambda: id_token(ALICE, aud="another-app"), False),
    "signed by somebody": (lambda: id_token(ALICE, secret="x" * 64), False),
    "another algorithm": (lambda: id_token(ALICE, alg="HS512"), False),
    "expired": (lambda: id_token(ALICE, **moved(exp=-60)), False),
    "early": (lambda: id_token(ALICE, **moved(nbf=60)), False),
    "nothing": (lambda: "", False),
    "garbage": (lambda: "garbage", False),
    "truncated": (lambda: id_token(ALICE)[:-4], False),
}


@pytest.mark.parametrize(("make", "good"), VERDICTS.values(), ids=VERDICTS)
def test_the_same_verdict_as_shopifys_own_package(make, good):
    token = make()
    app = shopify_app.ShopifyApp(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    result = app.verify_app_home_req(
        {
            "method": "GET",
            "url": f"https://app.example/?shop={ALICE}&id_token={token}",
            "headers": {},
            "body": "",
        },
        app_home_patch_id_token_path="/auth/id-token",
    )
    assert result.ok == good
    if good:
        assert ours(token).shop == ALICE
    else:
        with pytest.raises(InvalidIdToken):
            ours(token)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": f"https://{BOB}/admin"},
        {"dest": "https://evil.example", "iss": "https://evil.example/admin"},
        {"dest": f"http://{ALICE}"},
        {"dest": f"https://{ALICE}:8443", "iss": f"https://{ALICE}:8443/admin"},
        {"dest": f"https://user@{ALICE}", "iss": f"https://user@{ALICE}/admin"},
        {"dest": None},
        {"dest": 5},
        {"iss": None},
        {"exp": None},
        {"nbf": None},
        {"sub": None},
        {"aud": None},
        {"exp": "soon"},
    ],
    ids=str,
)
def test_stricter_than_shopifys_package_on_purpose(claims):
    with pytest.raises(InvalidIdToken):
        ours(id_token(ALICE, **claims))


@pytest.mark.parametrize(("age", "good"), [(-8, True), (-12, False)])
def test_ten_seconds_of_clock_difference_are_forgiven(age, good):
    token = id_token(ALICE, **moved(exp=age))
    if good:
        ours(token)
    else:
        with pytest.raises(InvalidIdToken):
            ours(token)


def test_an_unsigned_token_is_refused():
    header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    with pytest.raises(InvalidIdToken):
        ours(f"{header}.{id_token(ALICE).split('.')[1]}.")


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    with pytest.raises(InvalidIdToken):
        ours(text)


def test_the_error_does_not_repeat_the_token():
    token = id_token(ALICE, secret="y" * 64)
    with pytest.raises(InvalidIdToken) as caught:
        ours(token)
    assert token not in str(caught.value)
