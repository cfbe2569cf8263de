"""What every shop has before anything is sold: the Shop itself, its locations and channels."""

from standin.seeds.base import CURRENCY, Seeder, timestamp
from standin.store import number

LOCATIONS = (
    ("Main Street Shop", "12 Main St", "Portland", "ME", "Maine", "04101"),
    ("North Depot", "4 Rail Yard", "Burlington", "VT", "Vermont", "05401"),
    ("West Coast 3PL", "880 Harbor Way", "Oakland", "CA", "California", "94607"),
)
CHANNELS = ("Online Store", "Point of Sale", "Shop")


def ensure(seeder: Seeder) -> None:
    """Make what is missing."""
    shop = seeder.shop
    if not shop.all("Shop"):
        shop.put(_shop(seeder))
    if not shop.all("Location"):
        shop.put_many([_location(seeder, *place) for place in LOCATIONS])
    if not shop.all("Publication"):
        for name in CHANNELS:
            shop.put_many(_channel(seeder, name))
    if not shop.all("DeliveryProfile"):
        shop.put(_delivery_profile(seeder))


def _shop(seeder: Seeder) -> dict:
    domain = seeder.shop.domain
    gid = seeder.id("Shop")
    name = domain.removesuffix(".myshopify.com").replace("-", " ").title()
    return {
        "__typename": "Shop",
        "id": gid,
        "name": name,
        "description": "Things for the cabin, the trail and the kitchen in between.",
        "email": "owner@example.com",
        "contactEmail": "hello@example.com",
        "myshopifyDomain": domain,
        "url": f"https://{domain}",
        "primaryDomain": {
            "__typename": "Domain",
            "id": seeder.id("Domain"),
            "host": domain,
            "url": f"https://{domain}",
            "sslEnabled": True,
        },
        "ianaTimezone": "America/New_York",
        "timezoneAbbreviation": "EST",
        "timezoneOffset": "-0500",
        "timezoneOffsetMinutes": -300,
        "currencyCode": CURRENCY,
        "enabledPresentmentCurrencies": [CURRENCY, "EUR"],
        "currencyFormats": {
            "moneyFormat": "${{amount}}",
            "moneyInEmailsFormat": "${{amount}}",
            "moneyWithCurrencyFormat": "${{amount}} USD",
            "moneyWithCurrencyInEmailsFormat": "${{amount}} USD",
        },
        "shopOwnerName": "Alice Northfold",
        "metafields": [
            seeder.metafield(
                "SHOP", "custom.motto", "multi_line_text_field", 'Warm, dry, "home".\nSince 1986 🏔'
            ),
            seeder.undefined_metafield("SHOP", 0),
        ],
        "accountOwner": {
            "__typename": "StaffMember",
            "id": "gid://shopify/StaffMember/8811",
            "name": "Alice Northfold",
            "firstName": "Alice",
            "lastName": "Northfold",
            "email": "owner@example.com",
            "active": True,
            "exists": True,
            "isShopOwner": True,
            "locale": "en",
        },
        "shopAddress": {
            "__typename": "ShopAddress",
            "id": f"gid://shopify/ShopAddress/{number(gid)}",
            "address1": "12 Main St",
            "address2": "Unit 3, “The Mill”",
            "city": "Portland",
            "province": "Maine",
            "provinceCode": "ME",
            "country": "United States",
            "countryCodeV2": "US",
            "zip": "04101",
            "phone": "+12075550100",
            "coordinatesValidated": False,
        },
        "plan": {
            "publicDisplayName": "Basic",
            "partnerDevelopment": False,
            "shopifyPlus": False,
        },
        "features": {"storefront": True, "giftCards": True, "reports": True},
        "weightUnit": "POUNDS",
        "unitSystem": "IMPERIAL_SYSTEM",
        "taxesIncluded": False,
        "taxShipping": False,
        "setupRequired": False,
        "checkoutApiSupported": True,
        "customerAccounts": "OPTIONAL",
        "orderNumberFormatPrefix": "#",
        "orderNumberFormatSuffix": "",
        "shipsToCountries": ["US", "CA", "DE"],
        "createdAt": timestamp(0, days=-400),
        "updatedAt": timestamp(0),
    }


def _location(seeder: Seeder, name, address1, city, code, province, zip) -> dict:
    gid = seeder.id("Location")
    return {
        "__typename": "Location",
        "id": gid,
        "name": name,
        "address": {
            "address1": address1,
            "city": city,
            "province": province,
            "provinceCode": code,
            "country": "United States",
            "countryCode": "US",
            "zip": zip,
            "formatted": [address1, f"{city}, {code} {zip}", "United States"],
        },
        "addressVerified": False,
        "isActive": True,
        "activatable": True,
        "deactivatable": True,
        "deletable": False,
        "fulfillsOnlineOrders": True,
        "shipsInventory": True,
        "hasActiveInventory": True,
        "hasUnfulfilledOrders": False,
        "isFulfillmentService": False,
        "createdAt": timestamp(0, days=-400),
        "updatedAt": timestamp(0),
    }


def _channel(seeder: Seeder, name: str) -> list[dict]:
    """A sales channel as its Publication, Channel and catalog."""
    publication, channel, catalog = map(seeder.id, ("Publication", "Channel", "AppCatalog"))
    return [
        {
            "__typename": "Publication",
            "id": publication,
            "name": name,
            "autoPublish": False,
            "supportsFuturePublishing": name == "Online Store",
            "catalog": catalog,
            "channels": [channel],
        },
        {
            "__typename": "Channel",
            "id": channel,
            "name": name,
            "handle": name.lower().replace(" ", "_"),
            "supportsFuturePublishing": name == "Online Store",
        },
        {
            "__typename": "AppCatalog",
            "id": catalog,
            "title": f"Channel Catalog {number(catalog)}",
            "apps": [{"__typename": "App", "id": seeder.id("App"), "title": name}],
            "status": "ACTIVE",
            "publication": publication,
            "operations": [],
        },
    ]


def _delivery_profile(seeder: Seeder) -> dict:
    return {
        "__typename": "DeliveryProfile",
        "id": seeder.id("DeliveryProfile"),
        "name": "General profile",
        "default": True,
        "activeMethodDefinitionsCount": 2,
        "coversAllItems": True,
        "locationsWithoutRatesCount": 0,
        "originLocationCount": len(LOCATIONS),
        "version": 1,
        "zoneCountryCount": 3,
    }
