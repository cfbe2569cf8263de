"""Fields of Shopify's search that no record has under their name: what they stand for in each type.

https://shopify.dev/docs/api/usage/search-syntax
"""

from collections.abc import Callable, Iterable

from standin.store import ShopStore, number

Meaning = Callable[[ShopStore, dict], Iterable]
MEDIA = {"MediaImage": "image", "Video": "video", "ExternalVideo": "external_video"}


def _own(*path: str) -> Meaning:
    def read(shop: ShopStore, record: dict) -> list:
        for name in path:
            record = (record or {}).get(name)
        return [record]

    return read


def _numbers(name: str) -> Meaning:
    return lambda shop, record: [number(gid) for gid in record.get(name) or ()]


def _published(shop: ShopStore, record: dict) -> list:
    shown = record.get("publishedAt") or record.get("isPublished")
    return ["published" if shown or record.get("resourcePublicationsV2") else "unpublished"]


def _category(shop: ShopStore, product: dict) -> list:
    return [((product.get("category") or {}).get("id") or "").rpartition("/")[2]]


def _of_variants(read: Callable[[dict], object]) -> Meaning:
    return lambda shop, record: map(read, shop.get_many(record.get("variants") or ()).values())


def _status(shop: ShopStore, order: dict) -> list:
    return [
        "cancelled" if order.get("cancelledAt") else "closed" if order.get("closed") else "open"
    ]


def _media_type(shop: ShopStore, file: dict) -> list:
    return [MEDIA.get(file["__typename"], "generic_file")]


def _file_name(shop: ShopStore, file: dict) -> list:
    urls = [(file.get(name) or {}).get("url") for name in ("image", "originalSource")]
    return [url.partition("?")[0].rpartition("/")[2] for url in (*urls, file.get("url")) if url]


FILE = {"media_type": _media_type, "filename": _file_name}
MEANINGS: dict[str, dict[str, Meaning]] = {
    "Product": {
        "category_id": _category,
        "collection_id": _numbers("collections"),
        "variant_id": _numbers("variants"),
        "variant_title": _of_variants(lambda variant: variant["title"]),
        "sku": _of_variants(lambda variant: variant["sku"]),
        "barcode": _of_variants(lambda variant: variant["barcode"]),
        "price": _of_variants(lambda variant: variant["price"]),
        "is_price_reduced": _of_variants(lambda variant: bool(variant["compareAtPrice"])),
        "gift_card": _own("isGiftCard"),
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
    },
    "Customer": {
        "customer_date": _own("createdAt"),
        "total_spent": _own("amountSpent", "amount"),
        "orders_count": _own("numberOfOrders"),
    },
    "Order": {"status": _status},
    "Article": {"published_status": _published},
    "Page": {"published_status": _published},
    "MediaImage": FILE,
    "Video": FILE,
    "ExternalVideo": FILE,
    "GenericFile": FILE,
    "Model3d": FILE,
}
