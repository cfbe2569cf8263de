"""Authlib and npm's ``jose`` judge the tokens that we judge: what one of them refuses we refuse.

In STRICTER is what we refuse on purpose though one of them takes it.
"""

import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask

from models.workload import WorkloadRule
from tests.blueprints.api.test_token import REFUSED, at, saying
from tests.workload_rules import IDS
from tests.workloads.issuer import Issuer, running_issuer
from workloads.careful_fetch import fetch_json
from workloads.id_token import ALGORITHMS, judge
from workloads.issuer_keys import IssuerKeys

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own word that joserfc follows it
    from authlib.jose import JsonWebKey, JsonWebToken

AUDIENCE = "https://altera.example/workloads/wl_1"
OURS_ALONE = {"repository_id", "repository_owner_id", "event_name"}
"""What only a rule knows: a library lets such tokens in."""
STRICTER = {
    "a claim that is there twice",
    "two audiences",
    "an end that is infinite",
    "an end beyond time",
    "lives for two days",
    "made in the future",
    "never made",
    "no end",
    "no key id",
    "a token without end",
    "an id that is half a letter",
}
TAKEN = {
    "good": saying(),
    "with a number for an id": saying(repository_id=4711),
    "nearly over": at(exp=5),
    "over within the leeway": at(exp=-10, iat=-300, nbf=-300),
    "on a curve": lambda issuer, rule: issuer.token(rule.audience, kid="curve", alg="ES256"),
}
TOKENS = {name: forge for name, (_, forge) in REFUSED.items()} | TAKEN


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as running:
        yield running


class Jose:
    """npm's jose, which takes a token a line."""

    def __init__(self, issuer: Issuer) -> None:
        rules = {
            "jwks": issuer.jwks(),
            "issuer": issuer.url,
            "audience": AUDIENCE,
            "algorithms": ALGORITHMS,
        }
        self._node = subprocess.Popen(
            ["node", Path(__file__).parent / "oracle.mjs", orjson.dumps(rules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.takes("")  # a token would grow old while Node starts

    def takes(self, token: str) -> bool:
        assert self._node.stdin and self._node.stdout
        self._node.stdin.write(token.encode() + b"\n")
        self._node.stdin.flush()
        return bool(orjson.loads(self._node.stdout.readline()))

    def close(self) -> None:
        self._node.communicate(timeout=30)


class Authlib:
    def __init__(self, issuer: Issuer) -> None:
        self._keys = JsonWebKey.import_key_set(issuer.jwks())
        wanted = {"iss": issuer.url, "aud": AUDIENCE}
        self._rules: dict[str, Any] = {
            name: {"essential": True, "value": value} for name, value in wanted.items()
        }

    def takes(self, token: str) -> bool:
        try:
            decoded = JsonWebToken(list(ALGORITHMS)).decode(
                token, self._keys, claims_options=self._rules
            )
            decoded.validate(now=int(time.time()), leeway=30)
        except Exception:
            return False
        return True


@pytest.fixture(scope="module")
def jose(issuer: Issuer) -> Iterator[Jose]:
    with closing(Jose(issuer)) as oracle:
        yield oracle


@pytest.mark.parametrize("case", TOKENS)
def test_what_a_library_refuses_we_refuse(
    app: Flask, issuer: Issuer, jose: Jose, case: str
) -> None:
    rule = WorkloadRule(
        provider="github", issuer=issuer.url, own_audience=AUDIENCE, claims=IDS, handle="wl_1"
    )
    token = TOKENS[case](issuer, rule)
    checks = judge(token, rule, IssuerKeys(fetch_json, (issuer.url,))).checks
    ours = all(check.passed for check in checks if check.claim not in OURS_ALONE)
    theirs = {"jose": jose.takes(token), "authlib": Authlib(issuer).takes(token)}
    if case in STRICTER:
        assert not ours and any(theirs.values()), theirs
    else:
        assert theirs == {"jose": ours, "authlib": ours}
    assert ours == (case in TAKEN or REFUSED[case][0] in OURS_ALONE)
