"""Discounts: by code or automatic, of each kind that a spreadsheet can carry."""

from collections.abc import Iterable, Iterator

from standin import redeem_codes
from standin.seeds.base import Seeder, money, timestamp
from standin.store import number

KINDS = (
    ("DiscountCodeBasic", "Winter 10 %", "WINTER10", ["ORDER"]),
    ("DiscountCodeFreeShipping", "Free shipping over $50", "SHIPFREE", ["SHIPPING"]),
    ("DiscountAutomaticBasic", "$5 off kitchen", None, ["PRODUCT"]),
    ("DiscountCodeBxgy", "Two shirts, one free", "SHIRT3", ["PRODUCT"]),
    ("DiscountAutomaticFreeShipping", "Free shipping in the US", None, ["SHIPPING"]),
    ("DiscountAutomaticBxgy", "Kit with every sled", None, ["PRODUCT"]),
    ("DiscountCodeBasic", 'Friends & family "2026" 🎉', "FREUNDE-ÄÖÜ", ["PRODUCT"]),
    ("DiscountAutomaticBasic", "Loyal\ncustomers", None, ["ORDER"]),
    ("DiscountCodeFreeShipping", "Subscribers ship free", "SUBSHIP", ["SHIPPING"]),
    ("DiscountCodeBxgy", "Spend 100, half off a vase", "VASE50", ["PRODUCT"]),
    ("DiscountCodeApp", "Volume by an app", "APPVOL", ["ORDER"]),
    ("DiscountAutomaticApp", "Tiers by an app", None, ["ORDER"]),
)
STATUSES = ("ACTIVE", "ACTIVE", "EXPIRED", "SCHEDULED")
EVERYONE = {"__typename": "DiscountBuyerSelectionAll", "all": "ALL"}
ALL_ITEMS = {"__typename": "AllDiscountItems", "allItems": True}
FRIENDS, LOYAL, SUBSCRIBERS, VASE = 6, 7, 8, 9  # places in KINDS


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    products = seeder.shop.page("Product", 10)
    collections = seeder.shop.page("Collection", 3)
    customers = seeder.shop.page("Customer", 3)
    segments = [_segment(seeder, name) for name in ("Bought twice", "Près de Montréal")]
    yield from segments
    for i in range(first, first + how_many):
        kind, title, code, classes = KINDS[i % len(KINDS)]
        series = i // len(KINDS)
        name = title if not series else f"{title} ({series + 1})"
        discount = {
            "__typename": kind,
            "title": name,
            "discountClasses": classes,
            "combinesWith": {
                "orderDiscounts": False,
                "productDiscounts": i % 2 == 0,
                "shippingDiscounts": True,
            },
            "context": _context(i % len(KINDS), customers, segments),
            **_when(i),
            **_how(kind, i, products, collections),
        }
        if not kind.endswith("App"):
            discount["summary"] = f"{name} • Once a customer"
        if not kind.endswith(("Bxgy", "App")):
            discount["shortSummary"] = name
        gid = seeder.id("DiscountNode")
        if code:
            codes = _codes(seeder, gid, code if not series else f"{code}{series + 1}", i)
            discount |= {"codesCount": len(codes), **_limits(i)}
            yield from codes
        yield from _nodes(gid, discount)


def _segment(seeder: Seeder, name: str) -> dict:
    return {
        "__typename": "Segment",
        "id": seeder.id("Segment"),
        "name": name,
        "query": "number_of_orders >= 2",
        "creationDate": timestamp(0),
        "lastEditDate": timestamp(1),
    }


def _context(place: int, customers: list[dict], segments: list[dict]) -> dict:
    """Who may use it."""
    if place == FRIENDS and customers:
        ids = [customer["id"] for customer in customers]
        return {"__typename": "DiscountCustomers", "customers": ids}
    if place == LOYAL:
        ids = [segment["id"] for segment in segments]
        return {"__typename": "DiscountCustomerSegments", "segments": ids}
    return EVERYONE


def _nodes(gid: str, discount: dict) -> Iterator[dict]:
    """The two nodes that show one discount: as any discount, and as its kind."""
    discount["node"] = gid
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
        "startsAt": timestamp(i, days=400) if status == "SCHEDULED" else timestamp(i, days=-30),
        "endsAt": timestamp(i, days=-1) if status == "EXPIRED" else None,
        "createdAt": timestamp(i, days=-40),
        "updatedAt": timestamp(i, days=-35),
        "asyncUsageCount": i * 3 % 17,
    }


def _codes(seeder: Seeder, gid: str, code: str, i: int) -> list[dict]:
    codes = [code, f"{code}-VIP"] if i % 2 else [code]
    return [
        redeem_codes.record(seeder.id(redeem_codes.TYPENAME), gid, each, i % 5) for each in codes
    ]


def _limits(i: int) -> dict:
    return {
        "usageLimit": 100 if i % 3 == 0 else None,
        "appliesOncePerCustomer": i % 2 == 0,
    }


def _how(kind: str, i: int, products: list[dict], collections: list[dict]) -> dict:
    """What the kind of discount takes off, and on what."""
    place = i % len(KINDS)
    if kind.endswith("App"):
        return {"appliesOnOneTimePurchase": True, "appliesOnSubscription": False}
    if kind.endswith("FreeShipping"):
        return _shipping(kind, subscribers=place == SUBSCRIBERS)
    if kind.endswith("Bxgy"):
        return _bxgy(place == VASE, products, collections)
    if place == FRIENDS:
        items = _products(products[:3], variants=products[3:6])
        eighth = {"__typename": "DiscountPercentage", "percentage": 0.125}
        return {"customerGets": _gets(items, eighth), "minimumRequirement": None}
    if place == LOYAL:
        ten = {"__typename": "DiscountAmount", "amount": money(1000), "appliesOnEachItem": False}
        three = {"__typename": "DiscountMinimumQuantity", "greaterThanOrEqualToQuantity": "3"}
        return {"customerGets": _gets(ALL_ITEMS, ten), "minimumRequirement": three}
    if "Automatic" in kind:
        five = {"__typename": "DiscountAmount", "amount": money(500), "appliesOnEachItem": True}
        items = _collections(collections[1:2])
        return {"customerGets": _gets(items, five), "minimumRequirement": None}
    tenth = {"__typename": "DiscountPercentage", "percentage": 0.1}
    return {"customerGets": _gets(ALL_ITEMS, tenth), "minimumRequirement": _at_least(3000)}


def _shipping(kind: str, *, subscribers: bool) -> dict:
    near = {"__typename": "DiscountCountries", "countries": ["US", "CA"]}
    everywhere = {"__typename": "DiscountCountryAll", "allCountries": True}
    return {
        "destinationSelection": near | {"includeRestOfWorld": subscribers}
        if "Automatic" in kind or subscribers
        else everywhere,
        "maximumShippingPrice": money(2500),
        "minimumRequirement": None if subscribers else _at_least(5000),
        "appliesOnOneTimePurchase": not subscribers,
        "appliesOnSubscription": subscribers,
        "recurringCycleLimit": 3 if subscribers else 1,
    }


def _bxgy(vase: bool, products: list[dict], collections: list[dict]) -> dict:
    percentage = 0.5 if vase else 1.0
    value = {
        "__typename": "DiscountOnQuantity",
        "quantity": {"quantity": "1"},
        "effect": {"__typename": "DiscountPercentage", "percentage": percentage},
    }
    two = {"__typename": "DiscountQuantity", "quantity": "2"}
    hundred = {"__typename": "DiscountPurchaseAmount", "amount": "100.0"}
    some = _products(products[:2], variants=products[2:3])
    return {
        "customerBuys": {
            "items": _collections(collections[:2]) if vase else some,
            "value": hundred if vase else two,
            "isOneTimePurchase": True,
            "isSubscription": vase,
        },
        "customerGets": _gets(_products(products[4:5]), value),
        "usesPerOrderLimit": None if vase else 1,
    }


def _products(products: list[dict], variants: Iterable[dict] = ()) -> dict:
    return {
        "__typename": "DiscountProducts",
        "products": [product["id"] for product in products],
        "productVariants": [product["variants"][0] for product in variants],
    }


def _collections(collections: list[dict]) -> dict:
    ids = [collection["id"] for collection in collections]
    return {"__typename": "DiscountCollections", "collections": ids}


def _at_least(cents: int) -> dict:
    return {
        "__typename": "DiscountMinimumSubtotal",
        "greaterThanOrEqualToSubtotal": money(cents),
    }


def _gets(items: dict, value: dict) -> dict:
    return {"items": items, "value": value, "appliesOnOneTimePurchase": True}
