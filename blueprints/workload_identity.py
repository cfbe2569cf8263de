"""Who calls POST /token: a job, by an ID token that its platform signed (RFC 8693, RFC 6749)."""

from typing import NamedTuple

from flask import Flask, Response, current_app, json, request

from blueprints.client_address import client_address
from blueprints.rate_limits import charge_exchange
from blueprints.refusals import rule_refused
from models.addresses import address, networks, within
from models.issuer_key_set import IssuerKeySet
from models.shop import Shop
from models.workload import WorkloadRule
from workloads.careful_fetch import fetch_json
from workloads.id_token import MOST_LETTERS, Verdict, judge
from workloads.issuer_keys import IssuerKeys

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
TOKEN_TYPE = "urn:ietf:params:oauth:token-type:"
ID_TOKENS = (f"{TOKEN_TYPE}id_token", f"{TOKEN_TYPE}jwt")
ACCESS_TOKEN = f"{TOKEN_TYPE}access_token"
NOT_TAKEN = {
    "scope": ("invalid_scope", "A key may do what its rule allows, neither more nor less."),
    "resource": ("invalid_target", "Name the trusted workload by audience."),
    "actor_token": ("invalid_request", "A job speaks for itself: there is no actor_token."),
}
"""Parameters of RFC 8693 that would be misunderstood if they were ignored, as unknown ones are."""
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 2 * MOST_LETTERS
RETRY = "30"
NO_STORE = {"Cache-Control": "no-store"}


class ExchangeRefused(Exception):
    """Becomes the error of RFC 6749, section 5.2: ``error`` is for programs, the sentence for
    people."""

    def __init__(self, error: str, sentence: str, status: int = 400):
        super().__init__(sentence)
        self.error, self.status = error, status
        self.sentence = sentence.translate(_ASCII)


_ASCII = str.maketrans('’“”…"\\', "'''.'/")


class Workload(NamedTuple):
    """A job that was let in: by which rule of which shop, and what its token says."""

    rule: WorkloadRule
    shop: Shop
    verdict: Verdict


def register(app: Flask) -> None:
    issuers = app.config["SETTINGS"].PRIVATE_ISSUERS
    app.extensions["issuer_keys"] = IssuerKeys(fetch_json, issuers, storage=IssuerKeySet)
    app.register_error_handler(ExchangeRefused, _answer)


def issuer_keys() -> IssuerKeys:
    keys: IssuerKeys = current_app.extensions["issuer_keys"]
    return keys


def identify() -> Workload:
    """The job behind this request. Raises ExchangeRefused; what the issuer signed and the rule
    refuses is recorded."""
    request.max_content_length = request.max_form_memory_size = MOST_BYTES
    charge_exchange(client_address())
    asked = _parameters()
    if asked.get("grant_type") != EXCHANGE:
        raise ExchangeRefused("unsupported_grant_type", f"grant_type must be {EXCHANGE}.")
    if asked.get("subject_token_type") not in ID_TOKENS:
        raise ExchangeRefused("invalid_request", f"subject_token_type must be {ID_TOKENS[0]}.")
    if asked.get("requested_token_type", ACCESS_TOKEN) != ACCESS_TOKEN:
        raise ExchangeRefused("invalid_request", f"requested_token_type must be {ACCESS_TOKEN}.")
    rule, shop = _rule(asked.get("audience", ""))
    verdict = judge(asked.get("subject_token", ""), rule, issuer_keys())
    if verdict.unavailable:
        why = "The issuer's keys cannot be fetched at the moment. Try again in a minute."
        raise ExchangeRefused("temporarily_unavailable", why, 503)
    if refusal := verdict.refusal:
        if verdict.genuine:
            rule_refused(rule, "id_token", refusal.claim)
        raise ExchangeRefused("invalid_request", f"{refusal.claim}: {refusal.why}")
    _require_allowed_address(rule)
    return Workload(rule, shop, verdict)


def _parameters() -> dict[str, str]:
    if request.mimetype != FORM:
        raise ExchangeRefused("invalid_request", f"The body must be {FORM}.")
    if any(len(values) > 1 for _, values in request.form.lists()):
        raise ExchangeRefused("invalid_request", "A parameter is there twice.")
    asked = request.form.to_dict()
    for name, (error, sentence) in NOT_TAKEN.items():
        if asked.get(name):
            raise ExchangeRefused(error, sentence)
    return asked


def _rule(audience: str) -> tuple[WorkloadRule, Shop]:
    """The rule that is named by its address or handle, if it lets anybody in."""
    settings = current_app.config["SETTINGS"]
    handle = audience.removeprefix(f"{settings.APP_URL}/workloads/")
    found = WorkloadRule.named(handle)
    if found is None:
        raise ExchangeRefused(
            "invalid_target",
            "audience names no trusted workload. Copy it from Settings > API Keys in Altera.",
        )
    rule, shop = found
    if not rule.key.works:
        raise ExchangeRefused("invalid_target", "This trusted workload is disabled or expired.")
    if shop.plan not in settings.PLANS.with_api:
        why = f"API access needs the {settings.PLANS.needed} plan."
        raise ExchangeRefused("invalid_target", why)
    return rule, shop


def _require_allowed_address(rule: WorkloadRule) -> None:
    allowed, here = rule.key.allowed_addresses, client_address()
    if allowed and not within(address(here), networks(allowed)):
        rule_refused(rule, "address")
        raise ExchangeRefused("invalid_request", f"The rule lets nobody in from {here or 'here'}.")


def _answer(refused: ExchangeRefused) -> Response:
    body = json.dumps({"error": refused.error, "error_description": refused.sentence})
    later = {"Retry-After": RETRY} if refused.status == 503 else {}
    return Response(body, refused.status, NO_STORE | later, mimetype="application/json")
