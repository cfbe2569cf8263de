"""Judging an ID token by a rule: claim by claim, so that a person can see why it is refused.

RFC 7519, RFC 8725 (best current practices)
"""

import binascii
import json
import math
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from models.workload import UsedToken, WorkloadRule
from translations import N_
from workloads.issuer_keys import IssuerKeys, IssuerUnavailable
from workloads.providers import BY_NAME

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Neither none nor HMAC: who knows the public key could sign with that."""
MOST_LETTERS = 16 * 1024
LEEWAY = 30
"""Seconds of clock difference allowed."""
LONGEST_LIFE = 25 * 3600
"""Seconds from a token’s making to its end; Azure’s live for a day."""
SHOWN = 200
"""Characters of a claim that are shown."""
TOKEN, SIGNATURE, UNSIGNED = "token", "signature", N_("The signature is not the issuer’s.")
_SHAPE = re.compile(r"([\w-]+)\.([\w-]+)\.([\w-]+)", re.ASCII)


class _Registry(jws.JWSRegistry):
    max_header_length = 4096


_REGISTRY = _Registry(algorithms=ALGORITHMS, strict_check_header=False)
"""Headers that say where to find a key (jku, x5u, jwk) are neither refused nor read."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``got`` is what the token says and ``wanted`` what the rule
    does; ``why`` is what is wrong, a message for ``_()``; empty when nothing is."""

    claim: str
    why: str = ""
    got: str = ""
    wanted: str = ""

    @property
    def passed(self) -> bool:
        return not self.why


@dataclass(frozen=True)
class Verdict:
    """``token`` is what to remember of a token; None for one that cannot be read. ``genuine`` says
    that the rule’s issuer signed it, ``unavailable`` that the issuer’s keys could not be had."""

    checks: tuple[Check, ...]
    claims: Mapping[str, Any]
    token: UsedToken | None = None
    genuine: bool = False
    unavailable: bool = False

    @property
    def refusal(self) -> Check | None:
        return next((check for check in self.checks if not check.passed), None)


def judge(text: str, rule: WorkloadRule, keys: IssuerKeys) -> Verdict:
    """Everything that speaks for or against letting this token in, in order; nothing is kept."""
    try:
        header, claims = parsed(text)
    except ValueError:
        return Verdict((Check(TOKEN, N_("This is not a token: a JWT has three parts.")),), {})
    checks = [_algorithm(header), _same("iss", claims.get("iss"), rule.issuer)]
    genuine = unavailable = False
    if all(check.passed for check in checks):
        try:
            checks.append(_signature(text, header, rule.issuer, keys))
            genuine = checks[-1].passed
        except IssuerUnavailable as error:
            unavailable = True
            why = N_("The issuer’s keys cannot be fetched at the moment.")
            checks.append(Check(SIGNATURE, why, str(error)))
    else:
        checks.append(Check(SIGNATURE, N_("It was not checked: see above.")))
    checks += [_audience(claims, rule.audience), *_times(claims)]
    checks += [_same(name, claims.get(name), wanted) for name, wanted in rule.claims.items()]
    checks += _origin(claims, rule)
    token = _remembered(text, claims, rule.issuer)
    return Verdict(tuple(checks), claims, token, genuine, unavailable)


def parsed(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, nothing of which is proven yet. Raises ValueError for what is no token;
    of a name that is there twice no two programs agree on the value."""
    shape = _SHAPE.fullmatch(text) if len(text) <= MOST_LETTERS else None
    if shape is None:
        raise ValueError("not three parts")
    return _object(shape[1]), _object(shape[2])


def _object(part: str) -> dict[str, Any]:
    try:
        raw = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        value = json.loads(raw.decode(), object_pairs_hook=_once_each)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (binascii.Error, RecursionError) as error:
        raise ValueError("not readable") from error
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _algorithm(header: Mapping[str, Any]) -> Check:
    algorithm = header.get("alg")
    known = isinstance(algorithm, str) and algorithm in ALGORITHMS
    why = "" if known else N_("Only public-key signatures are accepted.")
    return Check("alg", why, shown(algorithm), "RS256, PS256, ES256 …")


def _signature(text: str, header: Mapping[str, Any], issuer: str, keys: IssuerKeys) -> Check:
    """Raises IssuerUnavailable."""
    kid = header.get("kid")
    if not isinstance(kid, str):
        return Check(SIGNATURE, N_("The token does not say which key signed it (kid)."))
    key = keys.find(issuer, kid)
    if key is None:
        return Check(SIGNATURE, N_("The issuer has no such key."), shown(kid))
    named = key.as_dict().get("alg", header["alg"])
    try:
        jws.deserialize_compact(text, key, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):
        return Check(SIGNATURE, UNSIGNED)
    return Check(SIGNATURE) if named == header["alg"] else Check(SIGNATURE, UNSIGNED)


def _same(name: str, value: object, wanted: str) -> Check:
    """Word for word, but that a number or a yes is as good as its text."""
    if name not in ("iss", "aud") and isinstance(value, bool):
        text: object = "true" if value else "false"
    elif name not in ("iss", "aud") and isinstance(value, int):
        text = str(value)
    else:
        text = value
    if isinstance(text, str) and text == wanted:
        return Check(name, "", shown(value), wanted)
    why = N_("The token does not say this.") if value is None else N_("This is not the same.")
    return Check(name, why, shown(value), wanted)


def _audience(claims: Mapping[str, Any], wanted: str) -> Check:
    """Exactly one, ours: a token for several could be used by any of them."""
    value = claims.get("aud")
    if isinstance(value, list) and len(value) == 1:
        [value] = value
    return _same("aud", value, wanted)


def _times(claims: Mapping[str, Any]) -> list[Check]:
    at = datetime.now(UTC).timestamp()
    made, begins, ends = (_seconds(claims.get(name)) for name in ("iat", "nbf", "exp"))
    checks = []
    if ends is None:
        checks.append(_time_check("exp", claims, N_("The token does not say when it ends.")))
    elif ends <= at - LEEWAY:
        checks.append(_time_check("exp", claims, N_("The token has expired.")))
    elif made is not None and ends - made > LONGEST_LIFE:
        checks.append(_time_check("exp", claims, N_("The token lives for more than a day.")))
    else:
        checks.append(_time_check("exp", claims))
    if made is None:
        checks.append(_time_check("iat", claims, N_("The token does not say when it was made.")))
    elif made > at + LEEWAY:
        checks.append(_time_check("iat", claims, N_("The token is from the future.")))
    else:
        checks.append(_time_check("iat", claims))
    if "nbf" in claims:
        early = begins is None or begins > at + LEEWAY
        checks.append(_time_check("nbf", claims, N_("The token is not good yet.") if early else ""))
    return checks


def _time_check(name: str, claims: Mapping[str, Any], why: str = "") -> Check:
    seconds = _seconds(claims.get(name))
    got = shown(claims.get(name)) if seconds is None else _utc(seconds)
    return Check(name, why, got)


def _utc(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return shown(seconds)


def _seconds(value: object) -> float | None:
    """A NumericDate (RFC 7519, section 2), None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) else None


def _origin(claims: Mapping[str, Any], rule: WorkloadRule) -> list[Check]:
    """Whether somebody outside the repository can have started the run: a fork, a pull request."""
    provider = BY_NAME[rule.provider]
    if provider.inside is None or rule.outside_events:
        return []
    name, form = provider.inside
    value = claims.get(name)
    if isinstance(value, str) and re.fullmatch(form, value):
        return [Check(name, "", shown(value))]
    why = N_("Someone outside the repository can start such a run, and the rule does not allow it.")
    return [Check(name, why, shown(value))]


def _remembered(text: str, claims: Mapping[str, Any], issuer: str) -> UsedToken | None:
    """By its ``jti``, in Azure ``uti``; a token without one by its claims, which no other shape of
    the same signature changes."""
    ends = _seconds(claims.get("exp"))
    if ends is None:
        return None
    name = next((claims[n] for n in ("jti", "uti") if isinstance(claims.get(n), str)), None)
    signed = text.rpartition(".")[0].encode()
    identifier = f"id {name}" if name else f"sha256 {sha256(signed).hexdigest()}"
    try:
        until = datetime.fromtimestamp(ends + 2 * LEEWAY, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return UsedToken.of(issuer, identifier, until)


def shown(value: object) -> str:
    """A claim as a person may see it, on one line and not too long."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
