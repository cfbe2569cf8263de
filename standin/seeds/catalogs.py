"""Catalogs of markets, with a price list and some fixed prices each."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, amount, numbered, slug

MARKETS = (
    ("Nordics", "EUR"),
    ("Canada", "CAD"),
    ("Germany, Austria & CH", "EUR"),
    ('日本 "Japan" 🗾', "JPY"),
    ("Kuwait", "KWD"),
)
_ADJUSTMENTS = ("PERCENTAGE_INCREASE", "PERCENTAGE_DECREASE")
LOOK_AT = 60  # products whose first variants get fixed prices


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    products = seeder.shop.page("Product", LOOK_AT)
    variants = seeder.shop.get_many(gid for product in products for gid in product["variants"])
    for i in range(first, first + how_many):
        name, currency = MARKETS[i % len(MARKETS)]
        name = numbered(name, i // len(MARKETS))
        priced = [v for p in products[i % 4 :: 4] for v in p["variants"][:3]]
        prices = [_price(variants[gid], currency) for gid in priced]
        rules = [_rule(gid, place) for place, gid in enumerate(priced[1:4])]
        included = products[i % 2 :]
        made = list(_catalog(seeder, name, currency, prices, rules, included, i))
        _publish(included, next(r["id"] for r in made if r["__typename"] == "Publication"))
        yield from made
    yield from products


def _catalog(seeder: Seeder, name: str, currency: str, prices, rules, included: list, i: int):
    catalog, price_list, publication, market = map(
        seeder.id, ("MarketCatalog", "PriceList", "Publication", "Market")
    )
    yield {
        "__typename": "MarketCatalog",
        "id": catalog,
        "title": name,
        "status": "DRAFT" if i % 4 == 3 else "ACTIVE",
        "priceList": price_list,
        "publication": publication,
        "markets": [market],
        "operations": [],
    }
    yield {
        "__typename": "Market",
        "id": market,
        "name": name,
        "handle": slug(name),
        "status": "ACTIVE",
        "type": "REGION",
        "catalogs": [catalog],
    }
    yield {
        "__typename": "Publication",
        "id": publication,
        "name": name,
        "catalog": catalog,
        "autoPublish": i % 2 == 0,
        "supportsFuturePublishing": False,
        "products": [product["id"] for product in included],
        "includedProducts": [product["id"] for product in included],
    }
    yield {
        "__typename": "PriceList",
        "id": price_list,
        "name": name,
        "currency": currency,
        "catalog": catalog,
        "parent": {
            "adjustment": {"type": _ADJUSTMENTS[i % 2], "value": 5.0 + i % 3},
            "settings": {"compareAtMode": ("ADJUSTED", "NULLIFY")[i % 2]},
        },
        "prices": prices,
        "quantityRules": rules,
        "fixedPricesCount": len(prices),
    }


def _publish(products: list[dict], publication: str) -> None:
    for product in products:
        entry = {"publication": publication, "publishable": product["id"], "isPublished": True}
        date = product["publishedAt"] or product["createdAt"]
        product["resourcePublicationsV2"].append(entry | {"publishDate": date})


def _price(variant: dict, currency: str) -> dict:
    cents = round(float(variant["price"]) * 100)
    return {
        "__typename": "PriceListPrice",
        "variant": variant["id"],
        "originType": "FIXED",
        "price": {"amount": _amount(cents * 11 // 10, currency), "currencyCode": currency},
        "compareAtPrice": {"amount": _amount(cents * 13 // 10, currency), "currencyCode": currency}
        if variant["compareAtPrice"] or variant["position"] == 1
        else None,
    }


def _amount(cents: int, currency: str) -> str:
    """With the decimals that the currency has."""
    written = {"JPY": f"{cents}.0", "KWD": f"{amount(cents)}5"}
    return written.get(currency) or amount(cents)


def _rule(variant: str, place: int) -> dict:
    return {
        "__typename": "QuantityRule",
        "productVariant": variant,
        "originType": "FIXED",
        "isDefault": False,
        "minimum": 2,
        "maximum": 40 if place else None,
        "increment": 2,
    }
