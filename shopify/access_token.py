"""Expiring offline access tokens: token exchange and refresh.

https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
"""

from typing import Any, TypeVar

import httpx
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.client import OAuth2Client
from pydantic import BaseModel

from shopify.tls import certificates

TIMEOUT = httpx.Timeout(10, connect=5)
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
PATIENCE = httpx.Timeout(3)
"""How long a page waits for what it can do without."""


Answer = TypeVar("Answer", bound=BaseModel)


class IdTokenRefused(Exception):
    """Shopify no longer takes the ID token; a fresh one may do."""


class AccessTokenRefused(Exception):
    """Shopify gives no token for good: a bad client or secret, or an app that is not installed."""


class AddressRefused(AccessTokenRefused):
    """This server's address is not on the app's IP allowlist."""


class RefreshTokenOver(AccessTokenRefused):
    """The refresh token is over: only somebody who opens the app brings tokens again."""


class TokenServiceUnavailable(Exception):
    """Shopify could not be asked; the same call may work later."""


class TokenAnswer(BaseModel):
    """Lifetimes are seconds from now."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_token_expires_in: int
    scope: str


class AssociatedUser(BaseModel):
    first_name: str | None = None
    last_name: str | None = None


class OnlineAnswer(BaseModel):
    associated_user: AssociatedUser


def exchange(*, origin: str, client_id: str, client_secret: str, id_token: str) -> dict[str, Any]:
    """Return the shop's token pair, as TokenAnswer's fields, for a verified ID token."""
    return _ask(
        origin,
        TokenAnswer,
        client_id=client_id,
        client_secret=client_secret,
        grant_type=EXCHANGE,
        subject_token=id_token,
        subject_token_type=ID_TOKEN,
        requested_token_type=OFFLINE,
        expiring="1",
    ).model_dump()


def staff_name(*, origin: str, client_id: str, client_secret: str, id_token: str) -> str:
    """Return the name of the person whom a verified ID token speaks for: Shopify tells it with an
    online access token, which is not kept."""
    user = _ask(
        origin,
        OnlineAnswer,
        PATIENCE,
        client_id=client_id,
        client_secret=client_secret,
        grant_type=EXCHANGE,
        subject_token=id_token,
        subject_token_type=ID_TOKEN,
        requested_token_type=ONLINE,
    ).associated_user
    return f"{user.first_name or ''} {user.last_name or ''}".strip()


def refresh(
    *, origin: str, client_id: str, client_secret: str, refresh_token: str
) -> dict[str, Any]:
    """Return a new pair for the shop's refresh token, as TokenAnswer's fields.

    The old refresh token may be tried again until the new pair is used, so an answer that was
    lost on its way, or with the process that asked, loses nothing.
    """
    return _ask(
        origin,
        TokenAnswer,
        client_id=client_id,
        client_secret=client_secret,
        grant_type="refresh_token",
        refresh_token=refresh_token,
    ).model_dump()


def _ask(origin: str, form: type[Answer], timeout: httpx.Timeout = TIMEOUT, **grant: str) -> Answer:
    """One call of the token endpoint. Shopify takes the client's id and secret in its body (RFC
    6749, section 2.3.1), so the session adds no credentials of its own."""
    url = f"{origin}/admin/oauth/access_token"
    try:
        with httpx.Client(timeout=timeout, verify=certificates()) as session:
            client = OAuth2Client(session)
            client.register_compliance_hook("access_token_response", _checked)
            token = client.fetch_token(url, auth=httpx.USE_CLIENT_DEFAULT, **grant)
        return form.model_validate(token)
    except httpx.HTTPError as error:
        raise TokenServiceUnavailable(type(error).__name__) from None
    except (OAuth2Error, ValueError):
        raise TokenServiceUnavailable("an answer without a token") from None


def _checked(response: httpx.Response) -> httpx.Response:
    """The answer, if it is one with a token; raises what Shopify's status and error mean."""
    if response.status_code == 429 or response.status_code >= 500:
        raise TokenServiceUnavailable(f"status {response.status_code}")
    if response.status_code != 200:
        raise _refusal(response)
    return response


def _refusal(response: httpx.Response) -> Exception:
    try:
        error = response.json().get("error", "")
    except (ValueError, AttributeError):
        error = ""
    if error == "invalid_subject_token":
        return IdTokenRefused(error)
    if error == "invalid_grant":
        return RefreshTokenOver(error)
    if response.status_code == 403:
        return AddressRefused("status 403: see the app's IP allowlist")
    return AccessTokenRefused(error or f"status {response.status_code}")
