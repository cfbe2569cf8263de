"""Fields of Shopify's search that no record has under their name: what they stand for in each type.

https://shopify.dev/docs/api/usage/search-syntax
"""

from collections.abc import Callable, Iterable

from standin import media
from standin.listings import OwnedListing
from standin.store import ShopStore, number

ReadField = Callable[[ShopStore, dict], Iterable]
SEARCH_VALUES = "__search"
"""Where a record has, by their terms, lists of values that only a search knows of."""
MEDIA = {"MediaImage": "image", "Video": "video", "ExternalVideo": "external_video"}


def _at_path(*path: str) -> ReadField:
    def read(shop: ShopStore, record: dict) -> list:
        value: object = record
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return [value]

    return read


def _hidden(term: str) -> ReadField:
    return lambda shop, record: (record.get(SEARCH_VALUES) or {}).get(term) or []


def _numbers(name: str) -> ReadField:
    return lambda shop, record: [number(gid) for gid in record.get(name) or ()]


def _published(shop: ShopStore, record: dict) -> list:
    shown = record.get("publishedAt") or record.get("isPublished")
    return ["published" if shown or record.get("resourcePublicationsV2") else "unpublished"]


def _category(shop: ShopStore, product: dict) -> list:
    return [((product.get("category") or {}).get("id") or "").rpartition("/")[2]]


def _of_variants(read: Callable[[dict], object]) -> ReadField:
    return lambda shop, record: map(read, shop.get_many(record.get("variants") or ()).values())


def _status(shop: ShopStore, order: dict) -> list:
    return [
        "cancelled" if order.get("cancelledAt") else "closed" if order.get("closed") else "open"
    ]


def _media_type(shop: ShopStore, file: dict) -> list:
    return [MEDIA.get(file["__typename"], "generic_file")]


def _file_name(shop: ShopStore, file: dict) -> list:
    if "_name" in file:
        return [file["_name"]]
    urls = [(file.get(name) or {}).get("url") for name in ("image", "originalSource")]
    return [url.partition("?")[0].rpartition("/")[2] for url in (*urls, file.get("url")) if url]


def _used_in(shop: ShopStore, file: dict) -> list:
    return ["product" if _hidden("product_id")(shop, file) else "none"]


def _country(shop: ShopStore, customer: dict) -> list:
    places = shop.get_many(customer.get("addressesV2") or ()).values()
    return [place.get(name) for place in places for name in ("country", "countryCodeV2")]


def _skus(shop: ShopStore, order: dict) -> Iterable:
    return [line.get("sku") for line in shop.get_many(order.get("lineItems") or ()).values()]


def _smart(shop: ShopStore, collection: dict) -> list:
    found = collection.get("sources") or ()
    return ["smart" if any("collections" in s or _conditions(s) for s in found) else "custom"]


def _conditions(source: dict) -> list:
    return (source.get("inclusion") or {}).get("conditions") or []


def _of_blog(read: Callable[[dict], object]) -> ReadField:
    return lambda shop, article: [read(shop.existing(article["blog"]))]


def _of_discount(read: Callable[[dict], object]) -> ReadField:
    def values(shop: ShopStore, node: dict) -> list:
        found = read(node["discount"])
        return found if isinstance(found, list) else [found]

    return values


def _kind_of_discount(discount: dict) -> str:
    kind = discount["__typename"]
    for ending, name in (("App", "app"), ("Bxgy", "bogo"), ("FreeShipping", "free_shipping")):
        if kind.endswith(ending):
            return name
    value = discount["customerGets"]["value"]["__typename"]
    return "percentage" if value == "DiscountPercentage" else "fixed_amount"


def _locations(shop: ShopStore, catalog: dict) -> list:
    return [number(gid) for gid in catalog.get("companyLocations") or ()]


def _companies(shop: ShopStore, catalog: dict) -> list:
    places = shop.get_many(catalog.get("companyLocations") or ()).values()
    return [number(place["company"]) for place in places]


def _codes(shop: ShopStore, node: dict) -> list:
    listed = OwnedListing(shop, node["discount"].get("node"))
    return [one["code"] for one in listed.iterate()]


CATALOG: dict[str, ReadField] = {"company_id": _companies, "company_location_id": _locations}
DISCOUNT: dict[str, ReadField] = {
    "title": _of_discount(lambda discount: discount["title"]),
    "code": _codes,
    "status": _of_discount(lambda discount: discount["status"]),
    "method": _of_discount(
        lambda discount: "automatic" if "Automatic" in discount["__typename"] else "code"
    ),
    "discount_type": _of_discount(_kind_of_discount),
    "discount_class": _of_discount(lambda discount: discount["discountClasses"]),
    "times_used": _of_discount(lambda discount: discount["asyncUsageCount"]),
    "starts_at": _of_discount(lambda discount: discount["startsAt"]),
    "ends_at": _of_discount(lambda discount: discount["endsAt"]),
    "created_at": _of_discount(lambda discount: discount["createdAt"]),
    "updated_at": _of_discount(lambda discount: discount["updatedAt"]),
}
FILE = {
    "media_type": _media_type,
    "filename": _file_name,
    "status": lambda shop, file: [media.state(file)],
    "used_in": _used_in,
    "product_id": _hidden("product_id"),
}
SEARCH_FIELDS: dict[str, dict[str, ReadField]] = {
    "Product": {
        "category_id": _category,
        "collection_id": _numbers("collections"),
        "variant_id": _numbers("variants"),
        "variant_title": _of_variants(lambda variant: variant["title"]),
        "sku": _of_variants(lambda variant: variant["sku"]),
        "barcode": _of_variants(lambda variant: variant["barcode"]),
        "price": _of_variants(lambda variant: variant["price"]),
        "is_price_reduced": _of_variants(lambda variant: bool(variant["compareAtPrice"])),
        "gift_card": _at_path("isGiftCard"),
        "published_status": _published,
        "publishable_status": _published,
    },
    "Collection": {
        "publishable_status": _published,
        "published_status": _published,
        "published_at": lambda shop, record: [
            entry["publishDate"] for entry in record.get("resourcePublicationsV2") or ()
        ],
        "product_id": _numbers("products"),
        "collection_type": _smart,
    },
    "Customer": {
        "country": _country,
        "customer_date": _at_path("createdAt"),
        "total_spent": _at_path("amountSpent", "amount"),
        "orders_count": _at_path("numberOfOrders"),
    },
    "Order": {"status": _status, "sku": _skus},
    "DraftOrder": {"source": _hidden("source")},
    "DiscountNode": DISCOUNT,
    "Article": {
        "published_status": _published,
        "author": _at_path("author", "name"),
        "blog_title": _of_blog(lambda blog: blog["title"]),
        "blog_id": _of_blog(lambda blog: number(blog["id"])),
    },
    "CompanyLocationCatalog": CATALOG,
    "MarketCatalog": CATALOG,
    "UrlRedirect": {"created_at": _hidden("created_at")},
    "MetafieldDefinition": {
        "type": _at_path("type", "name"),
        "created_at": _hidden("created_at"),
        "updated_at": _hidden("updated_at"),
    },
    "BasicEvent": {"comments": lambda shop, event: ["true", "false"]},
    "CommentEvent": {"comments": lambda shop, event: ["true"]},
    "ShopifyPaymentsPayout": {
        "currency": _at_path("net", "currencyCode"),
        "amount": _at_path("net", "amount"),
    },
    "Page": {"published_status": _published},
    "MediaImage": FILE,
    "Video": FILE,
    "ExternalVideo": FILE,
    "GenericFile": FILE,
    "Model3d": FILE,
}
