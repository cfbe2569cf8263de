"""ID tokens for the embedded page, and the access tokens that the app exchanges them for."""

import hashlib
import time
import uuid

from flask import Blueprint, abort, current_app, request

from standin import control, grants, misbehave, scopes
from standin.config import Config
from standin.shops import domain_of, shop_of
from standin.signing import decode_jwt, encode_jwt
from standin.store import ShopStore

ID_TOKEN_SECONDS = 60
STAFF = "8811"  # the staff member who looks at the page, unless another is asked for
FIRST_NAMES = ("Dana", "Robin", "Kim")
ID_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:id_token"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"

bp = Blueprint("tokens", __name__)


class Refused(Exception):
    """The exchange fails; args are OAuth's error code and a sentence."""


def id_token(config: Config, domain: str, sub: str = STAFF) -> str:
    """The ID token App Bridge would hand out now: valid for one minute, for one shop and user."""
    now = int(time.time())
    return encode_jwt(
        {
            "iss": f"https://{domain}/admin",
            "dest": f"https://{domain}",
            "aud": config.client_id,
            "sub": sub,
            "exp": now + ID_TOKEN_SECONDS,
            "nbf": now,
            "iat": now,
            "jti": str(uuid.uuid4()),
            "sid": session_id(config, domain, sub),
        },
        config.client_secret,
    )


def session_id(config: Config, domain: str, sub: str = STAFF) -> str:
    """The id of one user's session with the app, the same each time."""
    return hashlib.sha256(f"{config.client_id} {domain} {sub}".encode()).hexdigest()


def scopes_of(shop: ShopStore, access_token: str) -> frozenset[str] | None:
    """The access scopes of a token, as the settings grant them (empty: all that exist); None when
    the token is unknown or has expired."""
    if misbehave.take(shop, "expire_tokens"):
        grants.expire_access(shop)
    if not grants.is_valid(shop, access_token):
        return None
    return current_app.extensions["standin"].config.scopes


@bp.post("/_standin/<shop>/id-token")
def give_id_token(shop):
    sub = str(control.body().get("sub", STAFF))
    if not sub.isdecimal():
        abort(422, "sub is the id of a staff member: a number such as 8812.")
    config = current_app.extensions["standin"].config
    return {"id_token": id_token(config, domain_of(shop), sub)}


@bp.post("/<shop>/admin/oauth/access_token")
def access_token(shop):
    asked = control.body() if request.is_json else request.form
    misbehave.pause(shop_of(shop), "slow_ms")
    if misbehave.take(shop_of(shop), "tokens_500"):
        return {"error": "Internal Server Error"}, 500
    try:
        return _answer(shop_of(shop), asked)
    except Refused as refused:
        error, description = refused.args
        return {"error": error, "error_description": description}, 400


def _answer(shop: ShopStore, asked) -> dict:
    config = current_app.extensions["standin"].config
    if (asked.get("client_id"), asked.get("client_secret")) != (
        config.client_id,
        config.client_secret,
    ):
        raise Refused("invalid_client", "Client id or client secret is wrong.")
    if asked.get("grant_type") == "refresh_token":
        grant = grants.refresh(shop, str(asked.get("refresh_token")))
        if not grant:
            raise Refused("invalid_grant", "The refresh token is unknown, retired or expired.")
        return offline_answer(config, grant)
    if asked.get("grant_type") != EXCHANGE:
        raise Refused("unsupported_grant_type", "Use token exchange or refresh_token.")
    if asked.get("subject_token_type") != ID_TOKEN_TYPE:
        raise Refused("invalid_request", f"subject_token_type must be {ID_TOKEN_TYPE}.")
    user = _user(config, shop, str(asked.get("subject_token")))
    if asked.get("requested_token_type") == ONLINE:
        return _online_answer(config, grants.issue_online(shop), user)
    if asked.get("requested_token_type") != OFFLINE:
        raise Refused("invalid_request", f"requested_token_type must be {OFFLINE} or {ONLINE}.")
    if str(asked.get("expiring")) not in ("1", "True", "true"):
        raise Refused("invalid_request", "Non-expiring tokens are refused. Send expiring=1.")
    return offline_answer(config, grants.issue_offline(shop))


def _user(config: Config, shop: ShopStore, token: str) -> str:
    """The user of a good ID token for this shop and app; raises Refused otherwise."""
    claims = decode_jwt(token, config.client_secret) or {}
    now = time.time()
    good = (
        claims.get("aud") == config.client_id
        and claims.get("dest") == f"https://{shop.domain}"
        and claims.get("nbf", now + 1) <= now < claims.get("exp", 0)
    )
    if not good:
        raise Refused("invalid_subject_token", "The ID token is malformed, expired or not yours.")
    return claims["sub"]


def offline_answer(config: Config, grant: dict) -> dict:
    """What token exchange answers with a pair that was given now."""
    return {
        "access_token": grant["access"],
        "scope": _scope(config),
        "expires_in": grants.ACCESS_SECONDS,
        "refresh_token": grant["refresh"],
        "refresh_token_expires_in": int(grant["refresh_until"] - time.time() + 0.5),
    }


def _online_answer(config: Config, grant: dict, user: str) -> dict:
    return {
        "access_token": grant["access"],
        "scope": _scope(config),
        "expires_in": grants.ONLINE_SECONDS,
        "associated_user_scope": _scope(config),
        "associated_user": {
            "id": int(user),
            "first_name": _first_name(user),
            "last_name": "Staff",
            "email": f"{_first_name(user).lower()}@example.com",
            "email_verified": True,
            "account_owner": user == STAFF,
            "locale": "en",
            "collaborator": False,
        },
    }


def _first_name(user: str) -> str:
    return FIRST_NAMES[(int(user) - int(STAFF)) % len(FIRST_NAMES)]


def _scope(config: Config) -> str:
    return ",".join(sorted(config.scopes) or scopes.existing())
