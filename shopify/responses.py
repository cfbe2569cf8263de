"""What an answer of the Admin API means: good, wait and ask again, or a final no with its reason.

https://shopify.dev/docs/api/usage/response-codes
"""

from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

UNKNOWN_STORE = "Shopify no longer knows this store."
BARRED = {
    402: "The store's Shopify plan is unpaid, so its data is not available.",
    403: "Shopify refused this server: its address is not on the app's allow list, "
    "or the store may not use the app.",
    423: "Shopify has locked this store.",
}


class ShopifyUnavailable(Exception):
    """Shopify did not answer, or answered 5xx or "later" too often. Trying again later may help."""


class ShopifyRefused(Exception):
    """Shopify said a final no: the token, the store or this server's address is not accepted."""


class Barred(ShopifyRefused):
    """Shopify answers nobody for this store, or not this server: it may be installed or not."""


class AccessDenied(ShopifyRefused):
    """The app lacks the access scope that a field or mutation needs."""


class BadQuery(Exception):
    """Shopify did not accept the document or its variables: a fault in the program."""


class TooExpensive(BadQuery):
    """One query asked for more points than Shopify lets any query ask for. ``cost`` is what it
    asked for; 0 when Shopify does not say."""

    def __init__(self, message: str, cost: int = 0):
        super().__init__(message)
        self.cost = cost


class TokenRefused(Exception):
    """Shopify does not take the access token; another one may do."""


class RetryLater(Exception):
    """The same call may work in ``wait`` seconds (None: after a back-off).

    ``perhaps_done`` when a mutation may have been carried out all the same.
    """

    def __init__(self, reason: str, *, wait: float | None = None, perhaps_done: bool = False):
        super().__init__(reason)
        self.wait, self.perhaps_done = wait, perhaps_done


@dataclass(frozen=True)
class Answer:
    """``redacted`` are the paths of fields that are null because the app may not read them; what
    is null elsewhere is empty; ``refusal`` says why in Shopify's words. ``extensions`` are
    Shopify's, with ``cost`` among them."""

    data: dict[str, Any]
    extensions: dict[str, Any] = field(default_factory=dict[str, Any])
    redacted: list[list[str | int]] = field(default_factory=list)
    refusal: str = ""


def json_body(response: httpx.Response) -> dict[str, Any]:
    """The JSON object that came, with ``extensions``; {} when something else did."""
    try:
        body = orjson.loads(response.content)
    except ValueError:
        return {}
    if not isinstance(body, dict):
        return {}
    if not isinstance(body.get("extensions"), dict):
        body["extensions"] = {}
    return body


def parse_response(response: httpx.Response, body: dict[str, Any]) -> Answer:
    """The answer, or raise TokenRefused, RetryLater, ShopifyRefused, AccessDenied or BadQuery."""
    status = response.status_code
    if status == 429:
        raise RetryLater("Shopify answered 429.", wait=_retry_after(response))
    if status >= 500:
        reason = f"Shopify answered {status}."
        raise RetryLater(reason, wait=_retry_after(response), perhaps_done=True)
    if status == 401:
        raise TokenRefused
    if status in BARRED:
        raise Barred(BARRED[status])
    if status == 404:
        raise ShopifyRefused(UNKNOWN_STORE)
    if status != 200:
        raise BadQuery(f"Shopify answered {status}.")
    if not body.get("errors") and not isinstance(body.get("data"), dict):
        raise RetryLater("Shopify's answer is no answer.", perhaps_done=True)
    return _read(body)


def _read(answer: dict[str, Any]) -> Answer:
    errors, extensions = answer.get("errors"), answer.get("extensions") or {}
    if not errors:
        return Answer(answer["data"], extensions)
    if not isinstance(errors, list) or not all(isinstance(e, dict) for e in errors):
        raise BadQuery(str(errors))
    messages = "; ".join(str(e.get("message", "")) for e in errors)
    codes = set(map(code_of, errors))
    if "THROTTLED" in codes:
        raise RetryLater("Shopify's limit for this store is used up.", wait=_missing(extensions))
    if codes == {"ACCESS_DENIED"} and _any(answer.get("data")):
        return Answer(answer["data"], extensions, [e.get("path") or [] for e in errors], messages)
    if "ACCESS_DENIED" in codes:
        raise AccessDenied(messages)
    if "INTERNAL_SERVER_ERROR" in codes:
        raise RetryLater(messages, perhaps_done=True)
    if "MAX_COST_EXCEEDED" in codes:
        raise TooExpensive(messages, max(map(_cost_of, errors)))
    raise BadQuery(messages)


def code_of(error: dict[str, Any]) -> str:
    """Shopify's code of an error, empty when it has none."""
    extensions = error.get("extensions")
    return str(extensions.get("code", "")) if isinstance(extensions, dict) else ""


def _cost_of(error: dict[str, Any]) -> int:
    cost = (error.get("extensions") or {}).get("cost")
    return cost if isinstance(cost, int) else 0


def _missing(extensions: dict[str, Any]) -> float | None:
    """Seconds until the bucket holds what the query asks for; None when that is not told."""
    cost = extensions.get("cost") or {}
    status = cost.get("throttleStatus") or {}
    if not status.get("restoreRate"):
        return None
    points = cost.get("requestedQueryCost", 0) - status.get("currentlyAvailable", 0)
    return float(max(points, 0) / status["restoreRate"])


def _retry_after(response: httpx.Response) -> float | None:
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None


def _any(data: object) -> bool:
    """Whether an answer with errors holds anything."""
    return isinstance(data, dict) and any(value is not None for value in data.values())
