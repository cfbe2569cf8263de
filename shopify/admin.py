"""One client for the Admin GraphQL API: keeps to the limit, repeats, names what went wrong.

Documents and variables go in, ``data`` comes out. Knows no framework and no database.
"""

import logging
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from shopify import connections, meters
from shopify.responses import (
    AccessDenied,
    Answer,
    BadQuery,
    RetryLater,
    ShopifyRefused,
    ShopifyUnavailable,
    TokenRefused,
    TooExpensive,
    json_body,
    parse_response,
)
from shopify.throttle import Throttle

__all__ = [
    "AccessDenied",
    "Admin",
    "Answer",
    "BadQuery",
    "ShopifyRefused",
    "ShopifyUnavailable",
    "TooExpensive",
]

API_VERSION = "2026-10"
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
PATIENCE = 60.0
"""Seconds after which a call that does not come through is given up."""
RETRY_SECONDS = 0.5
MAX_BACK_OFF = 30.0
TROUBLE = 3
"""So many tries without an answer are told: by then some three seconds are over."""
PAGE_INFO = "pageInfo { hasNextPage endCursor }"
IDEMPOTENT = (
    "inventoryActivate|inventoryAdjustQuantities|inventoryMoveQuantities|inventorySetQuantities"
    "|inventorySetOnHandQuantities|inventoryShipment\\w+|inventoryTransferCreate(?:AsReadyToShip)?"
    "|inventoryTransferDuplicate|inventoryTransferSetItems|locationActivate|locationDeactivate"
    "|refundCreate"
)
"""Mutations that Shopify takes only with ``@idempotent(key:)``; the schema does not tell.

https://shopify.dev/docs/api/usage/idempotent-requests
"""
BY_KEY = re.compile(rf"\b(?:{IDEMPOTENT})\s*\(")
NAME = re.compile(r"\s*(\w+)?\s*(\w+)?")

log = logging.getLogger(__name__)


class Admin:
    """Asks one store's Admin API, over the connections that all calls of the process share.

    ``origin`` is ``https://<shop>.myshopify.com``. ``token`` returns the access token and is
    called for each request, because work outlives a token's hour; ``renew`` is called with a
    token that Shopify no longer accepts, before the one retry. A call that does not come through
    is given up after ``patience`` seconds; the first of the pauses between its tries lasts
    ``retry_seconds``, each further one twice as long. One try has ``timeout``.
    ``on_trouble`` is called with True when Shopify answers one call with errors again and again, or
    not at all, and with False after each call that came through.
    """

    def __init__(
        self,
        origin: str,
        *,
        token: Callable[[], str],
        renew: Callable[[str], None],
        patience: float = PATIENCE,
        retry_seconds: float = RETRY_SECONDS,
        timeout: httpx.Timeout = TIMEOUT,
        on_trouble: Callable[[bool], None] = lambda in_trouble: None,
    ):
        self.origin = origin
        self._url = httpx.URL(f"{origin}/admin/api/{API_VERSION}/graphql.json")
        self._token = token
        self._renew = renew
        self._patience = patience
        self._retry_seconds = retry_seconds
        self._timeout = timeout
        self._on_trouble = on_trouble
        self._throttle = Throttle()

    def query(
        self,
        document: str,
        variables: dict[str, Any] | None = None,
        denied: list[list[str | int]] | None = None,
    ) -> dict[str, Any]:
        """Return ``data``, or raise ShopifyUnavailable, ShopifyRefused, AccessDenied or BadQuery.

        Given ``denied``, fields that the app may not read do no harm as long as there is anything
        else: they are null, and their paths are added to it.
        """
        answer = self.ask(document, variables)
        if answer.redacted and denied is None:
            raise AccessDenied(answer.refusal)
        if denied is not None:
            denied += answer.redacted
        return answer.data

    def nodes(
        self,
        document: str,
        connection: str,
        *,
        begun: dict[str, Any] | None = None,
        **variables: object,
    ) -> Iterator[dict[str, Any]]:
        """The nodes of a connection right below ``data``, asked for page by page as they are taken.
        ``begun`` is its first page, where that is here.

        The document takes ``$after``, and gives ``nodes`` and PAGE_INFO. Raises as ``query``.
        """
        page = begun or self.query(document, {**variables, "after": None})[connection]
        yield from page["nodes"]
        while page["pageInfo"]["hasNextPage"]:
            after = page["pageInfo"]["endCursor"]
            page = self.query(document, {**variables, "after": after})[connection]
            yield from page["nodes"]

    def ask(self, document: str, variables: dict[str, Any] | None = None) -> Answer:
        """Return the whole answer, or raise as ``query``; TooExpensive is a BadQuery.

        A mutation is not repeated when it is unknown whether the first try landed (5xx, a cut
        connection): that is ShopifyUnavailable at once, and the caller looks before it repeats.
        One with ``@idempotent(key: $idempotencyKey)`` is repeated under the same key; the
        variable is filled in when the caller gives none.
        """
        call = _Call.for_document(document, variables or {})
        give_up = time.monotonic() + self._patience
        meters.wait(self._throttle.pause(document))
        renewed, attempt = False, 0
        while True:
            token = self._token()
            try:
                answer = self._try(call, token)
            except TokenRefused:
                if renewed:
                    raise ShopifyRefused(
                        "Shopify no longer accepts the app's token. Open the app once."
                    ) from None
                self._renew(token)
                renewed = True
            except RetryLater as later:
                if later.perhaps_done and not call.repeatable:
                    raise ShopifyUnavailable(str(later)) from None
                wait = self._back_off(attempt) if later.wait is None else later.wait
                wait = max(wait, self._throttle.pause(document))
                attempt += 1
                if later.perhaps_done and attempt == TROUBLE:
                    self._on_trouble(True)
                if time.monotonic() + wait > give_up:
                    raise ShopifyUnavailable(
                        "Shopify is busy or not responding. Try again in a few minutes."
                    ) from None
                meters.wait(wait + random.uniform(0, 0.1))
            else:
                self._on_trouble(False)
                return answer

    def _back_off(self, attempt: int) -> float:
        """With jitter, at most MAX_BACK_OFF."""
        return min(self._retry_seconds * 2.0**attempt, MAX_BACK_OFF) * random.uniform(0.8, 1.2)

    def _try(self, call: "_Call", token: str) -> Answer:
        headers = {"Content-Type": "application/json", "X-Shopify-Access-Token": token}
        start = time.monotonic()
        try:
            response = connections.client().post(
                self._url, content=call.body, headers=headers, timeout=self._timeout
            )
        except httpx.RequestError as error:
            meters.unanswered(time.monotonic() - start)
            log.warning("Admin API %s: %s", call.name, type(error).__name__)
            sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            raise RetryLater("Shopify's response did not arrive.", perhaps_done=sent) from None
        body = json_body(response)
        extensions = body.get("extensions") or {}
        self._throttle.learn(call.document, extensions)
        seconds = time.monotonic() - start
        meters.answered(response.status_code, body, seconds)
        _log_call(call.name, response, extensions.get("cost") or {}, seconds)
        return parse_response(response, body)


@dataclass(frozen=True)
class _Call:
    document: str
    body: bytes
    name: str
    repeatable: bool

    @classmethod
    def for_document(cls, document: str, variables: dict[str, Any]) -> "_Call":
        operation, name = _operation(document)
        keyed = "@idempotent" in document
        if BY_KEY.search(document) and not keyed:
            raise BadQuery("Shopify takes this mutation only with @idempotent(key:).")
        if keyed:
            variables = {"idempotencyKey": str(uuid.uuid4())} | variables
        body = orjson.dumps({"query": document, "variables": variables})
        return cls(document, body, name or operation or "query", operation != "mutation" or keyed)


def _operation(document: str) -> tuple[str | None, str | None]:
    """``query`` or ``mutation``, and the operation's name, as far as the document gives them."""
    match = NAME.match(document)
    return (match[1], match[2]) if match else (None, None)


def _log_call(name: str, response: httpx.Response, cost: dict[str, Any], seconds: float) -> None:
    """Log what a call cost and by which id Shopify knows it; nothing of what was said."""
    status = cost.get("throttleStatus") or {}
    level = logging.INFO if response.status_code == 200 else logging.WARNING
    log.log(
        level,
        "Admin API %s: %s in %.2f s, cost %s of %s asked, %s left, request %s",
        name,
        response.status_code,
        seconds,
        cost.get("actualQueryCost", "-"),
        cost.get("requestedQueryCost", "-"),
        status.get("currentlyAvailable", "-"),
        response.headers.get("X-Request-Id", "-"),
    )
    if response.status_code == 403:
        log.error("Shopify refuses this server's address or the app: see the app's IP allowlist")
    served = response.headers.get("X-Shopify-API-Version", API_VERSION)
    if served != API_VERSION:
        log.warning("Shopify answers as API version %s, asked was %s", served, API_VERSION)
