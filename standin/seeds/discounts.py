"""Discounts: by code or automatic, of each kind that a spreadsheet can carry."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, moment, money
from standin.store import number

KINDS = (
    ("DiscountCodeBasic", "Winter 10 %", "WINTER10", ["ORDER"]),
    ("DiscountCodeFreeShipping", "Free shipping over $50", "SHIPFREE", ["SHIPPING"]),
    ("DiscountAutomaticBasic", "$5 off kitchen", None, ["PRODUCT"]),
    ("DiscountCodeBxgy", "Two shirts, one free", "SHIRT3", ["PRODUCT"]),
    ("DiscountAutomaticFreeShipping", "Free shipping in the US", None, ["SHIPPING"]),
    ("DiscountAutomaticBxgy", "Kit with every sled", None, ["PRODUCT"]),
)
STATUSES = ("ACTIVE", "ACTIVE", "EXPIRED", "SCHEDULED")
EVERYONE = {"__typename": "DiscountBuyerSelectionAll", "all": "ALL"}
ALL_ITEMS = {"__typename": "AllDiscountItems", "allItems": True}


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    products = seeder.shop.page("Product", 10)
    collections = seeder.shop.page("Collection", 3)
    for i in range(first, first + how_many):
        kind, title, code, classes = KINDS[i % len(KINDS)]
        series = i // len(KINDS)
        name = title if not series else f"{title} ({series + 1})"
        discount = {
            "__typename": kind,
            "title": name,
            "summary": name,
            "discountClasses": classes,
            "combinesWith": {
                "orderDiscounts": False,
                "productDiscounts": i % 2 == 0,
                "shippingDiscounts": True,
            },
            "context": EVERYONE,
            **_when(i),
            **_how(kind, i, products, collections),
        }
        if not kind.endswith("Bxgy"):
            discount["shortSummary"] = name
        if code:
            discount |= _by_code(seeder, code if not series else f"{code}{series + 1}", i)
        yield from _nodes(seeder, discount)


def _nodes(seeder: Seeder, discount: dict) -> Iterator[dict]:
    """The two nodes that show one discount: as any discount, and as its kind."""
    gid = seeder.id("DiscountNode")
    by_code = discount["__typename"].startswith("DiscountCode")
    kind = "DiscountCodeNode" if by_code else "DiscountAutomaticNode"
    yield {"__typename": "DiscountNode", "id": gid, "discount": discount}
    yield {
        "__typename": kind,
        "id": f"gid://shopify/{kind}/{number(gid)}",
        "codeDiscount" if by_code else "automaticDiscount": discount,
    }


def _when(i: int) -> dict:
    status = STATUSES[i % len(STATUSES)]
    return {
        "status": status,
        "startsAt": moment(i, days=400) if status == "SCHEDULED" else moment(i, days=-30),
        "endsAt": moment(i, days=-1) if status == "EXPIRED" else None,
        "createdAt": moment(i, days=-40),
        "updatedAt": moment(i, days=-35),
        "asyncUsageCount": i * 3 % 17,
    }


def _by_code(seeder: Seeder, code: str, i: int) -> dict:
    codes = [code, f"{code}-VIP"] if i % 2 else [code]
    return {
        "codes": [
            {
                "__typename": "DiscountRedeemCode",
                "id": seeder.id("DiscountRedeemCode"),
                "code": each,
                "asyncUsageCount": i % 5,
            }
            for each in codes
        ],
        "usageLimit": 100 if i % 3 == 0 else None,
        "appliesOncePerCustomer": i % 2 == 0,
    }


def _how(kind: str, i: int, products: list[dict], collections: list[dict]) -> dict:
    """What the kind of discount takes off, and on what."""
    if kind.endswith("FreeShipping"):
        countries = {"__typename": "DiscountCountries", "countries": ["US"]}
        everywhere = {"__typename": "DiscountCountryAll", "allCountries": True}
        return {
            "destinationSelection": countries if "Automatic" in kind else everywhere,
            "maximumShippingPrice": money(2500),
            "minimumRequirement": _at_least(5000),
            "appliesOnOneTimePurchase": True,
        }
    first_products = {
        "__typename": "DiscountProducts",
        "products": [product["id"] for product in products[:2]],
        "productVariants": [],
    }
    if kind.endswith("Bxgy"):
        free = {"__typename": "DiscountPercentage", "percentage": 1.0}
        one_free = {
            "__typename": "DiscountOnQuantity",
            "quantity": {"quantity": "1"},
            "effect": free,
        }
        return {
            "customerBuys": {
                "items": first_products,
                "value": {"__typename": "DiscountQuantity", "quantity": "2"},
                "isOneTimePurchase": True,
            },
            "customerGets": _gets(first_products, one_free),
            "usesPerOrderLimit": 1,
        }
    if "Automatic" in kind:
        in_collections = {
            "__typename": "DiscountCollections",
            "collections": [collection["id"] for collection in collections[1:2]],
        }
        five = {"__typename": "DiscountAmount", "amount": money(500), "appliesOnEachItem": True}
        return {"customerGets": _gets(in_collections, five), "minimumRequirement": None}
    tenth = {"__typename": "DiscountPercentage", "percentage": 0.1}
    return {"customerGets": _gets(ALL_ITEMS, tenth), "minimumRequirement": _at_least(3000)}


def _at_least(cents: int) -> dict:
    return {
        "__typename": "DiscountMinimumSubtotal",
        "greaterThanOrEqualToSubtotal": money(cents),
    }


def _gets(items: dict, value: dict) -> dict:
    return {"items": items, "value": value, "appliesOnOneTimePurchase": True}
