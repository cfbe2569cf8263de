"""Whom an ID token speaks for. What Shopify's own packages say of tokens is in test_oracles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify.id_token import InvalidIdToken, verify
from tests.cast import ALICE, BOB, CLIENT_ID, CLIENT_SECRET, id_token, moved


def ours(token):
    return verify(token, client_id=CLIENT_ID, client_secrets=[CLIENT_SECRET])


def test_a_good_token_names_shop_and_staff_member():
    identity = ours(id_token(ALICE, sub="42"))
    assert (identity.shop, identity.user) == (ALICE, "42")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": f"https://{BOB}/admin"},
        {"dest": "https://evil.example", "iss": "https://evil.example/admin"},
        {"dest": f"http://{ALICE}"},
        {"dest": f"https://{ALICE}:8443", "iss": f"https://{ALICE}:8443/admin"},
        {"dest": f"https://user@{ALICE}", "iss": f"https://user@{ALICE}/admin"},
        {"dest": f"https://{ALICE[:3]}\t{ALICE[3:]}"},
        {"dest": f" https://{ALICE}"},
        {"dest": f"https://{ALICE}\n", "iss": f"https://{ALICE}\n/admin"},
        {"dest": None},
        {"dest": 5},
        {"iss": None},
        {"exp": None},
        {"nbf": None},
        {"sub": None},
        {"aud": None},
        {"aud": [CLIENT_ID]},
        {"exp": "soon"},
    ],
    ids=str,
)
def test_every_claim_is_checked(claims):
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


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    with pytest.raises(InvalidIdToken):
        ours(text)


def test_the_error_does_not_repeat_the_token():
    token = id_token(ALICE, secret="y" * 64)
    with pytest.raises(InvalidIdToken) as caught:
        ours(token)
    assert token not in str(caught.value)
