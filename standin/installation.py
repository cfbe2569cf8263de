"""The shop itself, and the app's installation in it: its scopes and its plan."""

from standin import scopes
from standin.context import Context
from standin.plan import FIRST, PLANS
from standin.store import ShopStore


def shop(context: Context) -> dict:
    return shop_record(context.shop)


def shop_record(store: ShopStore) -> dict:
    """The stored Shop record over what every shop has."""
    domain = store.domain
    stored = next(iter(store.page("Shop", 1)), {})
    if store.setting("misbehave", {}).get("development"):
        plan = {"publicDisplayName": "Development", "partnerDevelopment": True}
        stored = {**stored, "plan": {**plan, "shopifyPlus": False}}
    elif store.setting("misbehave", {}).get("plus"):
        plan = {"publicDisplayName": "Shopify Plus", "partnerDevelopment": False}
        stored = {**stored, "plan": {**plan, "shopifyPlus": True}}
    return {
        "__typename": "Shop",
        "id": "gid://shopify/Shop/1",
        "name": domain.removesuffix(".myshopify.com").replace("-", " ").title(),
        "myshopifyDomain": domain,
        "url": f"https://{domain}",
        "primaryDomain": {"host": domain, "url": f"https://{domain}", "sslEnabled": True},
        "email": f"owner@{domain.removesuffix('.myshopify.com')}.example",
        "contactEmail": f"hello@{domain.removesuffix('.myshopify.com')}.example",
        "currencyCode": "USD",
        "ianaTimezone": "America/New_York",
        "timezoneAbbreviation": "EST",
        "timezoneOffset": "-0500",
        "timezoneOffsetMinutes": -300,
        "weightUnit": "KILOGRAMS",
        "unitSystem": "METRIC_SYSTEM",
        "plan": {
            "publicDisplayName": "Basic",
            "partnerDevelopment": False,
            "shopifyPlus": False,
        },
        **stored,
    }


def installation(context: Context) -> dict:
    granted = sorted(context.config.scopes) or scopes.existing()
    return {
        "__typename": "AppInstallation",
        "id": "gid://shopify/AppInstallation/1",
        "launchUrl": f"{context.config.app_url}/",
        "accessScopes": [{"handle": scope, "description": scope} for scope in granted],
        "activeSubscriptions": subscriptions(context),
        "allSubscriptions": subscriptions(context),
        "app": {
            "__typename": "App",
            "id": "gid://shopify/App/1",
            "title": "Altera",
            "handle": "altera",
            "apiKey": context.config.client_id,
        },
    }


def subscriptions(context: Context) -> list[dict]:
    """The paid plan the shop is on, if any."""
    plan = context.shop.setting("plan", FIRST)
    if not PLANS.get(plan):
        return []
    pricing = {
        "__typename": "AppRecurringPricing",
        "interval": "EVERY_30_DAYS",
        "planHandle": plan.lower(),
        "price": {"amount": f"{PLANS[plan]}.00", "currencyCode": "USD"},
    }
    return [
        {
            "__typename": "AppSubscription",
            "id": "gid://shopify/AppSubscription/1",
            "name": plan,
            "status": "ACTIVE",
            "test": True,
            "trialDays": 0,
            "createdAt": "2026-10-01T00:00:00Z",
            "currentPeriodEnd": None,
            "returnUrl": f"{context.config.app_url}/",
            "lineItems": [
                {
                    "id": "gid://shopify/AppSubscriptionLineItem/1",
                    "plan": {"pricingDetails": pricing},
                }
            ],
        }
    ]
