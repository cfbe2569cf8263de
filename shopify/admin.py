"""One client for the Admin GraphQL API: waits when throttled, retries, names what went wrong.

Documents and variables go in, ``data`` comes out. Knows no framework and no database.
"""

import logging
import random
import time
from collections.abc import Callable

import httpx
import orjson

API_VERSION = "2026-10"
ATTEMPTS = 8
MAX_WAIT = 30.0
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
FINAL = {
    402: "The store's plan is unpaid, so Shopify does not answer for it.",
    403: "Shopify refused this server: its address is not on the app's allow list, "
    "or the store may not use the app.",
    404: "Shopify does not know this store any more.",
    423: "Shopify has locked this store.",
}

log = logging.getLogger(__name__)


class ShopifyUnavailable(Exception):
    """Shopify did not answer, or answered 5xx or "later" too often. Trying again later may help."""


class ShopifyRefused(Exception):
    """Shopify said a final no: the token, the store or this server's address is not accepted."""


class AccessDenied(ShopifyRefused):
    """The app lacks the access scope that a field or mutation needs."""


class BadQuery(Exception):
    """Shopify did not accept the document or its variables: a fault in the program."""


class Admin:
    """Asks one store's Admin API. Use as a context manager, or ``close()`` it.

    ``origin`` is ``https://<shop>.myshopify.com``. ``token`` returns the access token and is
    called for each request, because work outlives a token's hour; ``renew`` is called with a
    token that Shopify no longer accepts, before the one retry.
    """

    def __init__(self, origin: str, *, token: Callable[[], str], renew: Callable[[str], None]):
        self._url = f"{origin}/admin/api/{API_VERSION}/graphql.json"
        self._token = token
        self._renew = renew
        self._http = httpx.Client(timeout=TIMEOUT)

    def __enter__(self) -> "Admin":
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def query(self, document: str, variables: dict | None = None) -> dict:
        """Return ``data``, or raise one of this module's four errors.

        A mutation is not repeated when it is unknown whether the first try landed (5xx, a cut
        connection): that is ShopifyUnavailable at once, and the caller looks before it repeats.
        """
        body = orjson.dumps({"query": document, "variables": variables or {}})
        repeatable = not document.lstrip().startswith("mutation")
        renewed = False
        for attempt in range(ATTEMPTS):
            token = self._token()
            try:
                response = self._post(body, token)
            except httpx.ConnectError:
                wait = _back_off(attempt)
            except httpx.TransportError as error:
                if not repeatable:
                    raise ShopifyUnavailable("Shopify's answer did not arrive.") from error
                wait = _back_off(attempt)
            else:
                if response.status_code == 401 and not renewed:
                    self._renew(token)
                    renewed = True
                    continue
                wait = _wait(response, attempt, repeatable)
                if wait is None:
                    return _data(response)
            if attempt < ATTEMPTS - 1:
                time.sleep(wait)
        raise ShopifyUnavailable("Shopify is busy or does not answer. Try again in a few minutes.")

    def _post(self, body: bytes, token: str) -> httpx.Response:
        headers = {"Content-Type": "application/json", "X-Shopify-Access-Token": token}
        response = self._http.post(self._url, content=body, headers=headers)
        served = response.headers.get("X-Shopify-API-Version", API_VERSION)
        if served != API_VERSION:
            log.warning("Shopify answers as API version %s, asked was %s", served, API_VERSION)
        return response


def _wait(response: httpx.Response, attempt: int, repeatable: bool) -> float | None:
    """Seconds to wait before a repeat; None when this is the answer. Raises for a final no."""
    status = response.status_code
    if status == 429:
        return _retry_after(response, attempt)
    if status >= 500:
        if not repeatable:
            raise ShopifyUnavailable(f"Shopify answered {status}.")
        return _retry_after(response, attempt)
    if status == 401:
        raise ShopifyRefused("Shopify no longer accepts the app's token. Open the app once.")
    if status in FINAL:
        raise ShopifyRefused(FINAL[status])
    if status != 200:
        raise BadQuery(f"Shopify answered {status}.")
    return _throttled(response, attempt)


def _throttled(response: httpx.Response, attempt: int) -> float | None:
    """Seconds until the bucket holds the cost of this query, when Shopify says THROTTLED."""
    if b"THROTTLED" not in response.content:
        return None
    answer = orjson.loads(response.content)
    errors = answer.get("errors") or []
    if not any((e.get("extensions") or {}).get("code") == "THROTTLED" for e in errors):
        return None
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    rate = status.get("restoreRate")
    if not rate:
        return _back_off(attempt)
    missing = cost.get("requestedQueryCost", 0) - status.get("currentlyAvailable", 0)
    return min(max(missing, 0) / rate + random.uniform(0, 0.1), MAX_WAIT)


def _retry_after(response: httpx.Response, attempt: int) -> float:
    try:
        return min(float(response.headers["Retry-After"]) + random.uniform(0, 0.1), MAX_WAIT)
    except (KeyError, ValueError):
        return _back_off(attempt)


def _back_off(attempt: int) -> float:
    """0.5 s, 1 s, 2 s ... with jitter, at most MAX_WAIT."""
    return min(0.5 * 2**attempt, MAX_WAIT) * random.uniform(0.8, 1.2)


def _data(response: httpx.Response) -> dict:
    try:
        answer = orjson.loads(response.content)
    except ValueError as error:
        raise ShopifyUnavailable("Shopify's answer is not JSON.") from error
    errors = answer.get("errors")
    if not errors:
        return answer["data"]
    if isinstance(errors, str):
        raise BadQuery(errors)
    messages = "; ".join(e.get("message", "") for e in errors)
    codes = {(e.get("extensions") or {}).get("code") for e in errors}
    if "ACCESS_DENIED" in codes:
        raise AccessDenied(messages)
    if "INTERNAL_SERVER_ERROR" in codes:
        raise ShopifyUnavailable(messages)
    raise BadQuery(messages)
