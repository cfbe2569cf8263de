"""POST /token: whose ID token is exchanged for a key, and every other that is not."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey, RSAKey

from blueprints.rate_limits import EXCHANGES
from models import db, now
from models.activity import Activity
from models.issuer_key_set import IssuerKeySet
from models.notice import Notice
from models.shop import Shop
from models.workload import WorkloadKey, WorkloadRule
from tests.cast import Merchant, Script, problem
from tests.workload_rules import IDS, make_rule
from tests.workloads.issuer import FIRST, SECOND, Issuer, encoded, running_issuer
from workloads.careful_fetch import fetch_json
from workloads.issuer_keys import IssuerKeys

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
TYPE = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(app: Flask, running: Issuer) -> Iterator[Issuer]:
    """An issuer that the app may fetch from, with keys that nobody knows yet."""
    running.reset()
    before = app.extensions["issuer_keys"]
    app.extensions["issuer_keys"] = IssuerKeys(fetch_json, (running.url,))
    yield running
    app.extensions["issuer_keys"] = before


@pytest.fixture
def rule(shop: Shop, issuer: Issuer) -> WorkloadRule:
    return make_rule(shop, issuer=issuer.url)


def exchange(app: Flask, rule: WorkloadRule, token: str, **changed: Any) -> Any:
    """The answer; None takes a parameter away."""
    client: FlaskClient = app.test_client()
    asked = {
        "grant_type": EXCHANGE,
        "subject_token": token,
        "subject_token_type": ID_TOKEN,
        "audience": rule.address,
    } | changed
    return client.post("/api/v1/token", data={n: v for n, v in asked.items() if v is not None})


def refused(answer: Any, error: str = "invalid_request", status: int = 400) -> str:
    """The sentence of an answer that must be this error of RFC 6749."""
    assert answer.status_code == status, answer.text
    assert set(answer.json) == {"error", "error_description"}
    assert answer.json["error"] == error, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    sentence: str = answer.json["error_description"]
    assert all(" " <= letter <= "~" and letter not in '"\\' for letter in sentence), sentence
    return sentence


def activities() -> list[Activity]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(Activity).order_by(Activity.id)))


def part(data: bytes | dict[str, Any]) -> str:
    raw = data if isinstance(data, bytes) else orjson.dumps(data)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_job_gets_a_key_that_does_what_its_rule_may(
    app: Flask, issuer: Issuer, rule: WorkloadRule
) -> None:
    answer = exchange(app, rule, issuer.token(rule.audience))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.json.pop("access_token")
    assert answer.json == {
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "token_type": "Bearer",
        "expires_in": 300,
    } or answer.json["expires_in"] in (299, 300)
    key = Script(app, text).get("/key").json
    assert (key["name"], key["permissions"]["export"]) == ("Nightly", ["products"])
    problem(
        Script(app, text).post("/exports", json={"types": ["orders"]}), 403, "permission_missing"
    )
    [exchanged, _] = activities()
    assert (exchanged.kind, exchanged.actor_kind, exchanged.actor) == (
        "workload.exchanged",
        "workload",
        "Nightly",
    )
    told = exchanged.detail["claims"]
    assert told["repository_id"] == "4711" and told["run_id"] == "1"
    assert text not in str(exchanged.detail)


def test_its_handle_names_a_rule_as_well(app: Flask, issuer: Issuer, rule: WorkloadRule) -> None:
    token = issuer.token(rule.audience)
    assert exchange(app, rule, token, audience=rule.handle).status_code == 200


def test_an_elliptic_curve_signs_as_well(app: Flask, issuer: Issuer, rule: WorkloadRule) -> None:
    token = issuer.token(rule.audience, kid="curve", alg="ES256")
    assert exchange(app, rule, token).status_code == 200


def public_key_as_secret(issuer: Issuer, rule: WorkloadRule) -> str:
    """HS256 under the public key, which a careless server takes for the secret."""
    signed = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(issuer.claims(rule.audience))}"
    pem = FIRST.as_pem(private=False)
    return f"{signed}.{part(hmac.digest(pem, signed.encode(), hashlib.sha256))}"


def raw(issuer: Issuer, rule: WorkloadRule, change: Callable[[bytes], bytes]) -> str:
    """A token that is signed as it should be, over claims that no JSON library would write."""
    payload = change(orjson.dumps(issuer.claims(rule.audience)))
    return encoded({"alg": "RS256", "kid": "first"}, payload, FIRST)


def with_header(issuer: Issuer, rule: WorkloadRule, key: RSAKey, **header: Any) -> str:
    whole = {"alg": "RS256", "kid": "first"} | header
    return encoded(whole, orjson.dumps(issuer.claims(rule.audience)), key)


def moved(**seconds: int) -> dict[str, Any]:
    return {name: int(time.time()) + shift for name, shift in seconds.items()}


Forged = Callable[[Issuer, WorkloadRule], str]


def saying(**claims: Any) -> Forged:
    return lambda issuer, rule: issuer.token(rule.audience, **claims)


def at(**seconds: int) -> Forged:
    """Moments that are so many seconds from the making of the token."""
    return lambda issuer, rule: issuer.token(rule.audience, **moved(**seconds))


def ending(number: bytes) -> Forged:
    """A token that ends at a number that no JSON library would write."""
    return lambda issuer, rule: raw(
        issuer, rule, lambda payload: payload.replace(b'"exp":1', b'"exp":' + number + b',"x":1')
    )


def with_parts(header: bytes) -> Forged:
    """This very header, under a signature of another token."""
    return lambda issuer, rule: ".".join(
        (part(header), part(issuer.claims(rule.audience)), issuer.token(rule.audience)[-342:])
    )


def unsigned(algorithm: str, signature: str = "") -> Forged:
    return lambda issuer, rule: (
        f"{part({'alg': algorithm, 'kid': 'first'})}.{part(issuer.claims(rule.audience))}."
        + signature
    )


def evil(issuer: Issuer, rule: WorkloadRule, **header: Any) -> str:
    return with_header(issuer, rule, SECOND, **header)


def tampered(issuer: Issuer, rule: WorkloadRule) -> str:
    header, _, signature = issuer.token(rule.audience, repository_id="1").split(".")
    return f"{header}.{part(issuer.claims(rule.audience))}.{signature}"


REFUSED: dict[str, tuple[str, Forged]] = {
    # forged
    "no token": ("token", lambda i, r: ""),
    "no parts": ("token", lambda i, r: "altera_" + "0" * 46),
    "five parts": ("token", lambda i, r: "a.b.c.d.e"),
    "not signed": ("token", unsigned("none")),
    "not signed, with a signature": ("alg", unsigned("none", "AAAA")),
    "NONE in capitals": ("alg", unsigned("NONE", "AAAA")),
    "HMAC with the public key": ("alg", public_key_as_secret),
    "signed by another key under this id": ("signature", evil),
    "a key id that nobody has": ("signature", lambda i, r: evil(i, r, kid="second")),
    "a key id from the file system": ("signature", lambda i, r: evil(i, r, kid="../../dev/null")),
    "a key id that is a list": ("signature", with_parts(b'{"alg":"RS256","kid":["first"]}')),
    "no key id": (
        "signature",
        lambda i, r: encoded({"alg": "RS256"}, orjson.dumps(i.claims(r.audience)), FIRST),
    ),
    "its own key in the header": (
        "signature",
        lambda i, r: evil(i, r, jwk=SECOND.as_dict(private=False)),
    ),
    "claims changed under the signature": ("signature", tampered),
    "the curve’s id, an RSA signature": (
        "signature",
        lambda i, r: with_header(i, r, FIRST, kid="curve"),
    ),
    "a critical extension": (
        "signature",
        with_parts(b'{"alg":"RS256","kid":"first","crit":["x"],"x":1}'),
    ),
    "a claim that is there twice": (
        "token",
        lambda i, r: raw(i, r, lambda b: b'{"repository_id":"1",' + b[1:]),
    ),
    "a name in the header that is there twice": (
        "token",
        with_parts(b'{"alg":"none","alg":"RS256","kid":"first"}'),
    ),
    "a list for claims": ("token", lambda i, r: raw(i, r, lambda b: b"[" + b + b"]")),
    "claims that are no UTF-8": ("token", lambda i, r: raw(i, r, lambda b: b"\xff" + b)),
    "an id that is half a letter": (
        "token",
        lambda i, r: raw(i, r, lambda b: b.replace(b'"jti":"', b'"jti":"\\ud800')),
    ),
    "a key id that is half a letter": ("token", with_parts(b'{"alg":"RS256","kid":"\\ud800"}')),
    "a token without end": ("token", saying(filler="x" * 16_000)),
    "nested without end": ("token", lambda i, r: raw(i, r, lambda b: b"[" * 9000)),
    # foreign
    "another issuer": ("iss", saying(iss="https://issuer.example")),
    "this issuer with a slash": ("iss", lambda i, r: i.token(r.audience, iss=i.url + "/")),
    "a list of issuers": ("iss", lambda i, r: i.token(r.audience, iss=[i.url])),
    "another audience": ("aud", saying(aud="https://altera.example/workloads/wl_other")),
    "two audiences": (
        "aud",
        lambda i, r: i.token(r.audience, aud=[r.audience, "sts.amazonaws.com"]),
    ),
    "no audience": ("aud", saying(aud=None)),
    "the audience in capitals": ("aud", lambda i, r: i.token(r.audience, aud=r.audience.upper())),
    # expired
    "expired": ("exp", at(exp=-40, iat=-400, nbf=-400)),
    "no end": ("exp", saying(exp=None)),
    "an end that is text": ("exp", saying(exp="9999999999")),
    "an end that is true": ("exp", saying(exp=True)),
    "lives for two days": ("exp", at(exp=2 * 86_400)),
    "an end beyond time": ("exp", ending(b"1e300")),
    "an end that is infinite": ("exp", ending(b"Infinity")),
    "not good yet": ("nbf", at(nbf=60)),
    "good from a text on": ("nbf", saying(nbf="now")),
    "made in the future": ("iat", at(iat=60)),
    "never made": ("iat", saying(iat=None)),
    # renamed and registered again
    "another repository of that name": ("repository_id", saying(repository_id="9999")),
    "the owner’s name taken over": ("repository_owner_id", saying(repository_owner_id="43")),
    "no repository": ("repository_id", saying(repository_id=None)),
    "a list of repositories": ("repository_id", saying(repository_id=["4711"])),
    "the id with a space": ("repository_id", saying(repository_id="4711 ")),
    "the id with a line break": ("repository_id", saying(repository_id="4711\n")),
    "the id with a zero before": ("repository_id", saying(repository_id="04711")),
    "the id in other digits": ("repository_id", saying(repository_id="４７１１")),
    "the id as a fraction": ("repository_id", saying(repository_id=4711.0)),
    "the id with a sign that is not seen": ("repository_id", saying(repository_id="4711\u200b")),
    "another claim’s name in capitals": (
        "repository_id",
        saying(repository_id=None, Repository_ID="4711"),
    ),
    # started from outside
    "a pull request": ("event_name", saying(event_name="pull_request")),
    "pull_request_target": ("event_name", saying(event_name="pull_request_target")),
    "after a run of a fork": ("event_name", saying(event_name="workflow_run")),
    "a comment": ("event_name", saying(event_name="issue_comment")),
    "no event": ("event_name", saying(event_name=None)),
    "an event with a line break": ("event_name", saying(event_name="push\n")),
    "an event in capitals": ("event_name", saying(event_name="PUSH")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_no_other_token_is_taken(app: Flask, issuer: Issuer, rule: WorkloadRule, case: str) -> None:
    claim, forge = REFUSED[case]
    sentence = refused(exchange(app, rule, forge(issuer, rule)))
    assert sentence.partition(":")[0] == claim, sentence
    assert db.session.scalars(db.select(WorkloadKey)).all() == []


@pytest.mark.parametrize(
    "forge",
    [
        at(exp=-15, iat=-300, nbf=-300),
        at(nbf=20, iat=20),
        saying(repository_id=4711),
        saying(jti=None),
        saying(nbf=None),
        saying(event_name="workflow_dispatch"),
    ],
)
def test_what_a_clock_or_a_platform_may_do_otherwise_is_taken(
    app: Flask, issuer: Issuer, rule: WorkloadRule, forge: Forged
) -> None:
    token = forge(issuer, rule)
    assert exchange(app, rule, token).status_code == 200
    assert "used before" in refused(exchange(app, rule, token))


def test_an_audience_alone_in_a_list_is_taken(
    app: Flask, issuer: Issuer, rule: WorkloadRule
) -> None:
    assert exchange(app, rule, issuer.token(rule.audience, aud=[rule.audience])).status_code == 200


def test_headers_that_say_where_keys_are_lead_nowhere(
    app: Flask, issuer: Issuer, rule: WorkloadRule
) -> None:
    where = f"{issuer.url}/evil"
    issuer.documents["/evil"] = (200, {}, {"keys": [SECOND.as_dict(private=False)]})
    for name in ("jku", "x5u"):
        refused(exchange(app, rule, evil(issuer, rule, **{name: where})))
        good = with_header(issuer, rule, FIRST, **{name: where})
        assert exchange(app, rule, good).status_code == 200
    assert "/evil" not in issuer.asked


def test_a_token_is_used_once_by_its_id(app: Flask, issuer: Issuer, rule: WorkloadRule) -> None:
    first, second = (issuer.token(rule.audience, jti="the same", run_id=n) for n in ("1", "2"))
    assert exchange(app, rule, first).status_code == 200
    for again in (first, second):
        assert "used before" in refused(exchange(app, rule, again))


def test_pins_beside_the_ids_are_held_too(app: Flask, shop: Shop, issuer: Issuer) -> None:
    pins: dict[str, Any] = {
        "ref": "refs/heads/main",
        "environment": "production",
        "job_workflow_ref": "octo/shop/.github/workflows/nightly.yml@refs/heads/main",
    }
    rule = make_rule(shop, issuer=issuer.url, claims=IDS | pins)
    assert exchange(app, rule, issuer.token(rule.audience)).status_code == 200
    for claim, value in pins.items():
        for other in (f"{value}x", value.upper(), value[:-1], None):
            changed: dict[str, Any] = {claim: other}
            answer = exchange(app, rule, issuer.token(rule.audience, **changed))
            assert refused(answer).startswith(f"{claim}:")


def test_a_rule_may_let_in_runs_from_outside(app: Flask, shop: Shop, issuer: Issuer) -> None:
    rule = make_rule(shop, issuer=issuer.url, outside_events=True)
    token = issuer.token(rule.audience, event_name="pull_request_target")
    assert exchange(app, rule, token).status_code == 200


def test_gitlab_and_buildkite_and_circleci_tell_outsiders_too(
    app: Flask, shop: Shop, issuer: Issuer
) -> None:
    def answer(provider: str, pins: dict[str, str], **claims: str) -> int:
        name = f"{provider} {len(seen)}"
        rule = make_rule(shop, name=name, issuer=issuer.url, provider=provider, claims=pins)
        seen.append(name)
        status: int = exchange(app, rule, issuer.token(rule.audience, **pins, **claims)).status_code
        return status

    seen: list[str] = []
    gitlab = {"project_id": "5", "namespace_id": "6"}
    assert answer("gitlab", gitlab, pipeline_source="schedule") == 200
    assert answer("gitlab", gitlab, pipeline_source="merge_request_event") == 400
    assert answer("gitlab", gitlab, pipeline_source="external_pull_request_event") == 400
    buildkite = {"organization_id": "a", "pipeline_id": "b"}
    assert answer("buildkite", buildkite, build_branch="main") == 200
    assert answer("buildkite", buildkite, build_branch="stranger:main") == 400
    circle = {"oidc.circleci.com/project-id": "c"}
    ref = "oidc.circleci.com/vcs-ref"
    assert answer("circleci", circle, **{ref: "refs/heads/main"}) == 200
    assert answer("circleci", circle, **{ref: "refs/pull/5/head"}) == 400


def test_a_token_for_one_shop_opens_no_other(
    app: Flask, other_shop: Shop, issuer: Issuer, rule: WorkloadRule
) -> None:
    """Bob trusts the same repository: a token for Alice's rule is not for his, and his key is not
    for her store."""
    bobs = make_rule(other_shop, issuer=issuer.url)
    token = issuer.token(rule.audience)
    assert refused(exchange(app, bobs, token)).startswith("aud:")
    assert exchange(app, rule, token).status_code == 200
    own = exchange(app, bobs, issuer.token(bobs.audience)).json["access_token"]
    assert Script(app, own).get("/key").json["shop"]["domain"] == other_shop.domain


def test_a_rule_that_is_over_lets_nobody_in(
    app: Flask, shop: Shop, issuer: Issuer, rule: WorkloadRule
) -> None:
    def target() -> str:
        return refused(exchange(app, rule, issuer.token(rule.audience)), "invalid_target")

    text = exchange(app, rule, issuer.token(rule.audience)).json["access_token"]
    rule.key.disabled_at = now()
    db.session.commit()
    assert "disabled" in target()
    problem(Script(app, text).get("/key"), 401, "key_invalid")
    rule.key.disabled_at = None
    shop.plan = "Free"
    db.session.commit()
    assert "plan" in target()
    shop.plan = "Pro"
    rule.key.delete()
    db.session.commit()
    assert "no trusted workload" in target()
    for audience in ("", "wl_", "wl_" + "0" * 20, "\0", "https://evil.example/workloads/x"):
        answer = exchange(app, rule, issuer.token(rule.audience), audience=audience)
        refused(answer, "invalid_target")


def test_a_key_ends_with_its_rule(app: Flask, issuer: Issuer, rule: WorkloadRule) -> None:
    rule.key.expires_at = now() + timedelta(seconds=90)
    db.session.commit()
    assert 80 < exchange(app, rule, issuer.token(rule.audience)).json["expires_in"] <= 90


def test_only_allowed_addresses_exchange(app: Flask, issuer: Issuer, rule: WorkloadRule) -> None:
    rule.key.allowed_addresses = "203.0.113.0/24"
    db.session.commit()
    token = issuer.token(rule.audience)
    assert "127.0.0.1" in refused(exchange(app, rule, token))
    rule.key.allowed_addresses = "127.0.0.1"
    db.session.commit()
    assert exchange(app, rule, token).status_code == 200


@pytest.mark.parametrize(
    ("error", "changed"),
    [
        ("unsupported_grant_type", {"grant_type": None}),
        ("unsupported_grant_type", {"grant_type": "client_credentials"}),
        ("invalid_request", {"subject_token_type": None}),
        ("invalid_request", {"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"}),
        ("invalid_request", {"requested_token_type": ID_TOKEN}),
        ("invalid_request", {"subject_token": None}),
        ("invalid_request", {"grant_type": [EXCHANGE, EXCHANGE]}),
        ("invalid_request", {"actor_token": "x"}),
        ("invalid_scope", {"scope": "products:import"}),
        ("invalid_target", {"resource": "https://altera.example"}),
        ("invalid_target", {"audience": None}),
    ],
)
def test_requests_that_are_none(
    app: Flask, issuer: Issuer, rule: WorkloadRule, error: str, changed: dict[str, Any]
) -> None:
    refused(exchange(app, rule, issuer.token(rule.audience), **changed), error)


def test_a_request_in_json_and_a_body_without_end(app: Flask, rule: WorkloadRule) -> None:
    client = app.test_client()
    refused(client.post("/api/v1/token", json={"grant_type": EXCHANGE}))
    answer = client.post("/api/v1/token", data="a=" + "x" * 40_000, content_type=TYPE)
    assert answer.status_code == 413


def test_a_flood_of_tokens_is_stopped(app: Flask, rule: WorkloadRule) -> None:
    client = app.test_client()
    answers = [client.post("/api/v1/token", content_type=TYPE) for _ in range(EXCHANGES + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {400}
    problem(answers[-1], 429, "rate_limited")


def test_a_signed_token_that_is_refused_is_recorded_once_and_mailed(
    app: Flask, issuer: Issuer, rule: WorkloadRule
) -> None:
    for _ in range(2):
        refused(exchange(app, rule, issuer.token(rule.audience, event_name="pull_request")))
    [activity] = activities()
    assert (activity.kind, activity.key_id) == ("key.refused", rule.key_id)
    assert (activity.detail["reason"], activity.detail["needs"]) == ("id_token", "event_name")
    [notice] = db.session.scalars(db.select(Notice))
    assert notice.kind == "key.refused"


def test_a_forged_token_leaves_no_trace(app: Flask, issuer: Issuer, rule: WorkloadRule) -> None:
    refused(exchange(app, rule, evil(issuer, rule)))
    refused(exchange(app, rule, issuer.token(rule.audience, iss="https://issuer.example")))
    rule.claims = IDS | {"signature": "yes"}
    db.session.commit()
    token = encoded(
        {"alg": "RS256", "kid": "first"},
        orjson.dumps(issuer.claims(rule.audience, signature="yes")),
        SECOND,
    )
    refused(exchange(app, rule, token))
    assert activities() == []


def test_an_issuer_that_is_away_is_no_fault_of_the_token(
    app: Flask, issuer: Issuer, rule: WorkloadRule
) -> None:
    issuer.documents["/keys"] = (503, {}, {})
    token = issuer.token(rule.audience)
    answer = exchange(app, rule, token)
    refused(answer, "temporarily_unavailable", 503)
    assert answer.headers["Retry-After"]
    app.extensions["issuer_keys"] = IssuerKeys(fetch_json, (issuer.url,))
    issuer.documents.clear()
    assert exchange(app, rule, token).status_code == 200


@pytest.mark.both_databases
def test_a_process_that_starts_while_the_issuer_is_away_exchanges(
    app: Flask, issuer: Issuer, rule: WorkloadRule
) -> None:
    def restart() -> None:
        keys = IssuerKeys(fetch_json, (issuer.url,), storage=IssuerKeySet)
        app.extensions["issuer_keys"] = keys

    for down in (False, True, True):
        restart()
        issuer.documents |= {"/keys": (503, {}, {})} if down else {}
        assert exchange(app, rule, issuer.token(rule.audience)).status_code == 200
    [kept] = db.session.scalars(db.select(IssuerKeySet))
    assert {key["kid"] for key in kept.jwks["keys"]} == {"first", "curve"}
    assert not any("d" in key for key in kept.jwks["keys"])
    kept.fetched_at -= timedelta(hours=13)
    db.session.commit()
    restart()
    answer = exchange(app, rule, issuer.token(rule.audience))
    refused(answer, "temporarily_unavailable", 503)
    IssuerKeySet.purge()
    assert db.session.scalars(db.select(IssuerKeySet)).all() == []


def test_a_key_for_a_token_that_was_judged_before_a_change_of_the_rule_does_not_work(
    app: Flask, issuer: Issuer, rule: WorkloadRule, merchant: Merchant
) -> None:
    """The rule is narrowed while the issuer's keys are fetched, which takes seconds."""
    token = issuer.token(rule.audience)
    form = {
        "provider": "other",
        "issuer": issuer.url,
        "lines": "environment = staging",
        "name": "Nightly",
        "minutes": "5",
        "expires": "keep",
        "permission": ["products:export"],
    }

    def fetch(url: str, private: Collection[str]) -> dict[str, Any]:
        found = fetch_json(url, private)
        if url.endswith("/keys"):
            with ThreadPoolExecutor(1) as pool:
                saved = pool.submit(merchant.put, f"/settings/workloads/{rule_id}", data=form)
                assert saved.result(60).status_code == 200
        return found

    rule_id, settings = rule.id, app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"PRIVATE_ISSUERS": (issuer.url,)})
    app.extensions["issuer_keys"] = IssuerKeys(fetch, (issuer.url,))
    try:
        answer = exchange(app, rule, token)
    finally:
        app.config["SETTINGS"] = settings
    assert answer.status_code == 200, answer.text
    problem(Script(app, answer.json["access_token"]).get("/key"), 401, "key_invalid")


def test_a_private_issuer_that_is_not_listed_is_not_asked(
    app: Flask, issuer: Issuer, rule: WorkloadRule
) -> None:
    app.extensions["issuer_keys"] = IssuerKeys(fetch_json)
    answer = exchange(app, rule, issuer.token(rule.audience))
    refused(answer, "temporarily_unavailable", 503)
    assert issuer.asked == []


def test_no_weak_key_and_no_key_of_another_use_is_taken(
    app: Flask, issuer: Issuer, rule: WorkloadRule
) -> None:
    other = ECKey.generate_key("P-256")
    listed = issuer.jwks()["keys"]
    encryption = {**other.as_dict(private=False), "kid": "other", "use": "enc"}
    twice = {**SECOND.as_dict(private=False), "kid": "first"}
    issuer.documents["/keys"] = (200, {}, {"keys": [encryption, twice, *listed]})
    issuer.keys["other"] = other
    for kid, alg in (("other", "ES256"), ("first", "RS256")):
        answer = exchange(app, rule, issuer.token(rule.audience, kid=kid, alg=alg))
        assert "no such key" in refused(answer)
