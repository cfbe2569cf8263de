"""Which plan of the app a shop is on, as the Admin API or the Partner API tells it.

One try with little patience: a person waits, and the last known plan stands in when there is no
answer. Raises ShopifyUnavailable, ShopifyRefused or BadQuery.
"""

from typing import Any

import httpx
import orjson

from shopify.admin import API_VERSION, BadQuery, ShopifyRefused, ShopifyUnavailable
from shopify.tls import certificates

TIMEOUT = httpx.Timeout(4.0, connect=2.0)
INSTALLATION = "query AppPlan { currentAppInstallation { activeSubscriptions { name status } } }"
SHOP_ID = "query ShopId { shop { id } }"
SUBSCRIPTION = """query ActivePlan($appId: ID!, $shopId: ID!) {
  activeSubscription(appId: $appId, shopId: $shopId) { items { handle } }
}"""


def names_from_admin(origin: str, token: str) -> list[str]:
    """The names of the shop's active subscriptions to this app; none on a free plan.

    https://shopify.dev/docs/api/admin-graphql/2026-10/objects/AppInstallation
    """
    installation = _ask(_admin(origin), token, INSTALLATION)["currentAppInstallation"]
    return [s["name"] for s in installation["activeSubscriptions"] if s["status"] == "ACTIVE"]


def handles_from_partner(url: str, token: str, *, app_id: str, shop_id: str) -> list[str]:
    """The handles of what the shop is subscribed to under App Pricing; none on a free plan.

    ``app_id`` and ``shop_id`` are numbers. The token is the organization's, with Manage apps.
    https://shopify.dev/docs/api/partner/latest/active-subscription
    """
    ids = {"appId": f"gid://partners/App/{app_id}", "shopId": f"gid://partners/Shop/{shop_id}"}
    subscription = _ask(url, token, SUBSCRIPTION, ids)["activeSubscription"]
    return [item["handle"] for item in subscription["items"]] if subscription else []


def shop_number(origin: str, token: str) -> str:
    """The number of the shop, as both APIs use it in their ids."""
    return str(_ask(_admin(origin), token, SHOP_ID)["shop"]["id"]).rpartition("/")[2]


def _admin(origin: str) -> str:
    return f"{origin}/admin/api/{API_VERSION}/graphql.json"


def _ask(
    url: str, token: str, query: str, variables: dict[str, Any] | None = None
) -> dict[str, Any]:
    body = {"query": query, "variables": variables or {}}
    headers = {"X-Shopify-Access-Token": token}
    try:
        response = httpx.post(
            url, json=body, headers=headers, timeout=TIMEOUT, verify=certificates()
        )
    except httpx.RequestError as error:
        raise ShopifyUnavailable("Shopify does not answer.") from error
    if response.status_code == 429 or response.status_code >= 500:
        raise ShopifyUnavailable(f"Shopify answered {response.status_code}.")
    if response.status_code != 200:
        raise ShopifyRefused(f"Shopify answered {response.status_code}.")
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        raise ShopifyUnavailable("Shopify's answer is not JSON.") from error
    if answer.get("errors") or not answer.get("data"):
        raise BadQuery(f"Shopify does not tell the plan: {answer.get('errors')}")
    data: dict[str, Any] = answer["data"]
    return data
