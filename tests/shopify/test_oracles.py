"""Shopify's packages, PyPI ``shopifyapp`` and npm ``@shopify/shopify-api``, judge what we judge.

The same token, webhook or signed address gets the same verdict, except for what is in a table
named STRICTER: there we refuse on purpose what a package takes.
"""

import base64
import hmac
import subprocess
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import orjson
import pytest
import shopify_app
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shopify import id_token, signed_query, webhook
from tests.cast import ALICE, BOB, CLIENT_ID, CLIENT_SECRET, moved
from tests.cast import id_token as signed
from tests.chance import examples

OLD_SECRET = "o" * 64
SECRETS = (CLIENT_SECRET, OLD_SECRET)
EXAMPLES = settings(max_examples=examples(150), derandomize=True, deadline=None)


class Npm:
    """The npm package, which takes a case a line."""

    def __init__(self):
        self._node = subprocess.Popen(
            ["node", Path(__file__).parent / "oracle.mjs", CLIENT_ID, CLIENT_SECRET],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.says("token", token="")  # a token would grow old while Node starts

    def says(self, kind: str, **case) -> bool:
        assert self._node.stdin and self._node.stdout
        self._node.stdin.write(orjson.dumps({"kind": kind, **case}) + b"\n")
        self._node.stdin.flush()
        return orjson.loads(self._node.stdout.readline())

    def close(self) -> None:
        self._node.communicate(timeout=10)


@pytest.fixture(scope="module")
def npm():
    with closing(Npm()) as oracle:
        yield oracle


@pytest.fixture(scope="module")
def pypi():
    return shopify_app.ShopifyApp(
        client_id=CLIENT_ID, client_secret=CLIENT_SECRET, old_client_secret=OLD_SECRET
    )


# -- ID tokens ---------------------------------------------------------------------------------


def part(**values) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def without_algorithm() -> str:
    return f"{part(alg='none', typ='JWT')}.{signed(ALICE).split('.')[1]}."


def under_another_header() -> str:
    _, claims, signature = signed(ALICE).split(".")
    return f"{part(alg='HS256', typ='JWT', kid='1')}.{claims}.{signature}"


TOKENS = {
    "good": (lambda: signed(ALICE), True),
    "good for an hour": (lambda: signed(ALICE, **moved(exp=3600)), True),
    "expired within the leeway": (lambda: signed(ALICE, **moved(exp=-7)), True),
    "early within the leeway": (lambda: signed(ALICE, **moved(nbf=7, iat=0)), True),
    "expired": (lambda: signed(ALICE, **moved(exp=-13)), False),
    "expired long ago": (lambda: signed(ALICE, **moved(exp=-90_000)), False),
    "early": (lambda: signed(ALICE, **moved(nbf=15)), False),
    "wrong audience": (lambda: signed(ALICE, aud="another-app"), False),
    "no audience": (lambda: signed(ALICE, aud=None), False),
    "a list as audience": (lambda: signed(ALICE, aud=[CLIENT_ID]), False),
    "signed by somebody": (lambda: signed(ALICE, secret="x" * 64), False),
    "alg=none": (without_algorithm, False),
    "wrong algorithm HS512": (lambda: signed(ALICE, alg="HS512"), False),
    "wrong algorithm HS384": (lambda: signed(ALICE, alg="HS384"), False),
    "another header": (under_another_header, False),
    "truncated signature": (lambda: signed(ALICE)[:-4], False),
    "truncated claims": (lambda: signed(ALICE).replace(".", "..", 1)[:-60], False),
    "without signature": (lambda: signed(ALICE).rpartition(".")[0] + ".", False),
    "two parts": (lambda: signed(ALICE).rpartition(".")[0], False),
    "four parts": (lambda: signed(ALICE) + ".x", False),
    "garbage": (lambda: "garbage", False),
    "dots": (lambda: "..", False),
    "nothing": (lambda: "", False),
    "exp is no number": (lambda: signed(ALICE, exp="soon"), False),
    "nbf is no number": (lambda: signed(ALICE, nbf="now"), False),
    "iat is no number": (lambda: signed(ALICE, iat="now"), False),
    "issued within the leeway": (lambda: signed(ALICE, **moved(iat=7)), True),
    "not told when issued": (lambda: signed(ALICE, iat=None), True),
}
STRICTER_TOKENS = {
    "wrong issuer: another shop": {"iss": f"https://{BOB}/admin"},
    "wrong issuer: somebody": {"iss": "https://evil.example/admin"},
    "no issuer": {"iss": None},
    "no shop's domain": {"dest": "https://evil.example", "iss": "https://evil.example/admin"},
    "not https": {"dest": f"http://{ALICE}"},
    "a port": {"dest": f"https://{ALICE}:8443", "iss": f"https://{ALICE}:8443/admin"},
    "a user": {"dest": f"https://user@{ALICE}", "iss": f"https://user@{ALICE}/admin"},
    "no destination": {"dest": None},
    "no end": {"exp": None},
    "no beginning": {"nbf": None},
    "nobody": {"sub": None},
    "an empty user": {"sub": ""},
    "issued in the future": {"iat": int(time.time()) + 90_000},
    "a shop in capital letters": {
        "dest": f"https://{ALICE.upper()}",
        "iss": f"https://{ALICE.upper()}/admin",
    },
}


def ours(token: str, *secrets: str) -> bool:
    try:
        id_token.verify(token, client_id=CLIENT_ID, client_secrets=secrets or SECRETS)
    except id_token.InvalidIdToken:
        return False
    return True


def pypi_says(pypi, token: str) -> bool:
    request = {
        "method": "GET",
        "url": "https://app.example/",
        "headers": {"Authorization": f"Bearer {token}"},
        "body": "",
    }
    return pypi.verify_app_home_req(request, app_home_patch_id_token_path="/auth/id-token").ok


@pytest.mark.parametrize(("make", "good"), TOKENS.values(), ids=TOKENS)
def test_an_id_token_gets_the_same_verdict(npm, pypi, make, good):
    token = make()
    assert (ours(token), pypi_says(pypi, token), npm.says("token", token=token)) == (good,) * 3


@pytest.mark.parametrize("claims", STRICTER_TOKENS.values(), ids=STRICTER_TOKENS)
def test_an_id_token_that_only_we_refuse(npm, pypi, claims):
    token = signed(ALICE, **claims)
    assert not ours(token)
    assert pypi_says(pypi, token) or npm.says("token", token=token)


def test_a_token_of_the_old_secret_is_good_while_there_is_one(pypi):
    token = signed(ALICE, secret=OLD_SECRET)
    assert ours(token) and pypi_says(pypi, token)
    assert not ours(token, CLIENT_SECRET)


@EXAMPLES
@given(st.text(max_size=200))
def test_any_text_gets_the_same_verdict(npm, pypi, text):
    assert (ours(text), pypi_says(pypi, text), npm.says("token", token=text)) == (False,) * 3


@EXAMPLES
@given(st.integers(0, 400), st.sampled_from("Aq9-_.=+/ é\n"), st.booleans())
@example(place=-1, letter="=", insert=True)
def test_a_token_with_another_letter_is_never_good_to_us_alone(npm, pypi, place, letter, insert):
    good = signed(ALICE)
    place = place % len(good)
    token = good[:place] + letter + good[place + (not insert) :]
    verdicts = pypi_says(pypi, token), npm.says("token", token=token)
    assert not ours(token) or all(verdicts)


TIMES = st.one_of(st.none(), st.text(max_size=3), st.integers(-99_999, -13), st.integers(13, 999))


def required(claims: dict) -> bool:
    """What we ask for beyond the packages, said in other words than the code's."""
    return {"exp", "nbf", "sub", "iss", "dest"} <= claims.keys() and claims["iss"] == (
        claims["dest"] + "/admin"
    )


@EXAMPLES
@given(
    exp=TIMES, nbf=TIMES, shop=st.sampled_from([ALICE, BOB, None]), aud=st.sampled_from(["", None])
)
def test_any_claims_get_the_same_verdict(npm, pypi, exp, nbf, shop, aud):
    moments = {
        name: moved(x=value)["x"] if isinstance(value, int) else value
        for name, value in (("exp", exp), ("nbf", nbf))
    }
    claims = moments | {"iss": shop and f"https://{shop}/admin"}
    claims |= {"aud": CLIENT_ID if aud is None else aud}
    token = signed(ALICE, **claims)
    asked = {name: value for name, value in claims.items() if value is not None}
    theirs = pypi_says(pypi, token) and npm.says("token", token=token)
    assert ours(token) == (theirs and required({"dest": f"https://{ALICE}", "sub": "1"} | asked))


# -- webhooks ----------------------------------------------------------------------------------

BODY = f'{{"id":820982911946154508,"myshopify_domain":"{ALICE}","note":"Ünïcödé — ☃"}}'


def signature(body: str, secret: str = CLIENT_SECRET, algorithm: str = "sha256") -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body.encode(), algorithm)).decode()


WEBHOOKS = {
    "good": (BODY, signature(BODY), True),
    "another body": (BODY + " ", signature(BODY), False),
    "signed by somebody": (BODY, signature(BODY, "x" * 64), False),
    "wrong algorithm": (BODY, signature(BODY, algorithm="sha512"), False),
    "hexadecimal": (
        BODY,
        hmac.digest(CLIENT_SECRET.encode(), BODY.encode(), "sha256").hex(),
        False,
    ),
    "truncated": (BODY, signature(BODY)[:-4], False),
    "without padding": (BODY, signature(BODY).rstrip("="), False),
    "garbage": (BODY, "garbage", False),
    "nothing": (BODY, "", False),
}


def headers(given: str, prefix: str) -> dict[str, str]:
    names = {
        "Hmac-Sha256": given,
        "Topic": "app/uninstalled",
        "API-Version": "2026-10",
        "Shop-Domain": ALICE,
        "Webhook-Id": "1",
        "Event-Id": "1",
        "Triggered-At": "2026-11-23T10:00:00Z",
    }
    return {f"{prefix}-{name}": text for name, text in names.items()}


def npm_takes(npm, body: str, given: str, prefix: str = "X-Shopify") -> bool:
    return npm.says("webhook", body=body, headers=headers(given, prefix))


def pypi_takes(pypi, body: str, given: str, prefix: str = "X-Shopify") -> bool:
    request = {"method": "POST", "headers": headers(given, prefix), "body": body}
    return pypi.verify_webhook_req(request).ok


def we_take(body: str, given: str) -> bool:
    return webhook.genuine(body.encode(), given, client_secrets=SECRETS)


@pytest.mark.parametrize(("body", "given", "good"), WEBHOOKS.values(), ids=WEBHOOKS)
def test_a_webhook_gets_the_same_verdict(npm, pypi, body, given, good):
    verdicts = we_take(body, given), pypi_takes(pypi, body, given), npm_takes(npm, body, given)
    assert verdicts == (good,) * 3


@pytest.mark.parametrize("prefix", ["X-Shopify", "x-shopify", "Shopify", "shopify"])
@pytest.mark.parametrize("name", ["good", "another body", "truncated", "nothing"])
def test_the_door_for_webhooks_gives_the_same_verdict_under_both_names(
    app, npm, pypi, name, prefix
):
    """Not the function alone: what is posted, raw, to the address that Shopify is told."""
    body, given, good = WEBHOOKS[name]
    answer = app.test_client().post("/webhooks", data=body.encode(), headers=headers(given, prefix))
    theirs = pypi_takes(pypi, body, given, prefix), npm_takes(npm, body, given, prefix)
    assert (answer.status_code, theirs) == (200 if good else 401, (good, good))


def test_a_webhook_of_the_old_secret_is_good_while_there_is_one(pypi):
    old = signature(BODY, OLD_SECRET)
    assert we_take(BODY, old) and pypi_takes(pypi, BODY, old)
    assert not webhook.genuine(BODY.encode(), old, client_secrets=[CLIENT_SECRET])


@EXAMPLES
@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text("Aq9+/=", max_size=44))
def test_any_body_and_signature_get_the_same_verdict(npm, pypi, body, other):
    good = signature(body)
    assert (we_take(body, good), pypi_takes(pypi, body, good), npm_takes(npm, body, good)) == (
        (True,) * 3
    )
    changed = other + good[len(other) :]
    verdicts = pypi_takes(pypi, body, changed), npm_takes(npm, body, changed)
    assert (we_take(body, changed),) * 2 == verdicts


# -- signed addresses: only the npm package knows them --------------------------------------------


def address(secret: str = CLIENT_SECRET, age: int = 0, **more: str) -> dict[str, str]:
    params = {
        "embedded": "1",
        "host": "YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvYWxpY2U=",
        "locale": "pt-BR",
        "session": "5f0a",
        "shop": ALICE,
        "timestamp": str(int(time.time()) - age),
    } | more
    message = urlencode(sorted(params.items()), safe="*").replace("~", "%7E")
    return params | {"hmac": hmac.digest(secret.encode(), message.encode(), "sha256").hex()}


ADDRESSES = {
    "good": (address, True),
    "with signs": (lambda: address(path="/a b~c*d+e&f=g/é"), True),
    "a minute old": (lambda: address(age=60), True),
    "two minutes old": (lambda: address(age=120), False),
    "two minutes early": (lambda: address(age=-120), False),
    "another shop": (lambda: address() | {"shop": BOB}, False),
    "one parameter more": (lambda: address() | {"plan": "x"}, False),
    "signed by somebody": (lambda: address("x" * 64), False),
    "truncated": (lambda: address() | {"hmac": address()["hmac"][:-2]}, False),
    "capitals": (lambda: address() | {"hmac": address()["hmac"].upper()}, False),
    "no signature": (lambda: address() | {"hmac": ""}, False),
}
STRICTER_ADDRESSES = {
    "a timestamp that is no number": lambda: address(timestamp="soon"),
    "a timestamp in another notation": lambda: address(timestamp=f"{time.time():.1f}"),
    "an unsigned parameter named signature": lambda: address() | {"signature": "x"},
}


def we_open(params: dict) -> bool:
    return signed_query.genuine(params, client_secrets=[CLIENT_SECRET])


@pytest.mark.parametrize(("make", "good"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_signed_address_gets_the_same_verdict(npm, make, good):
    params = make()
    assert (we_open(params), npm.says("query", params=params)) == (good, good)


@pytest.mark.parametrize("make", STRICTER_ADDRESSES.values(), ids=STRICTER_ADDRESSES)
def test_a_signed_address_that_only_we_refuse(npm, make):
    params = make()
    assert (we_open(params), npm.says("query", params=params)) == (False, True)


def test_what_only_we_refuse_is_in_the_document_for_auditors():
    text = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
    document = " ".join(text.split())
    for name in (*STRICTER_TOKENS, *STRICTER_ADDRESSES):
        assert f"`{name}`" in document, name


@EXAMPLES
@given(
    st.dictionaries(
        st.text("abcdefgh_", min_size=1, max_size=8),
        st.text(st.characters(codec="utf-8"), max_size=30),
        max_size=6,
    ),
    st.text(st.characters(codec="utf-8"), max_size=5),
)
def test_any_parameters_get_the_same_verdict(npm, more, other):
    params = address(**{name: text for name, text in more.items() if name != "hmac"})
    assert we_open(params) and npm.says("query", params=params)
    changed = params | {"host": other}
    assert we_open(changed) == npm.says("query", params=changed)
