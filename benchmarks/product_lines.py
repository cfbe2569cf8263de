"""Result lines of a products export, in the shape of Shopify's bulk operations: the same always."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import orjson

VARIANTS, IMAGES = 24, 4
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
COLORS = ("Moss", "Sand", "Ink", "Rust")
BODY = '<p>The <strong>Fjord</strong> line, made in "small" numbers.</p>\n<ul><li>Warm</li></ul>\n'


def write(path: Path, lines: int) -> None:
    """A file of at least this many lines: products, each with its variants and images."""
    with path.open("wb") as file:
        written = 0
        for number in count(7_000_000_000_001):
            for line in product(number):
                file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
                written += 1
            if written >= lines:
                return


def product(number: int) -> Iterator[dict]:
    gid = f"gid://shopify/Product/{number}"
    yield {
        "id": gid,
        "handle": f"fjord-shirt-{number}",
        "title": f"Fjord Shirt {number % 1000} — été",
        "descriptionHtml": BODY * (2 + number % 6),
        "vendor": "Northfold",
        "productType": "Shirts",
        "tags": ["summer", "organic", "apparel"],
        "createdAt": "2026-01-05T09:00:00Z",
        "updatedAt": "2026-07-08T09:30:00Z",
        "status": "ACTIVE",
        "publishedAt": "2026-01-06T09:00:00Z" if number % 5 else None,
        "templateSuffix": None,
        "isGiftCard": False,
        "onlineStoreUrl": f"https://demo.myshopify.com/products/fjord-shirt-{number}",
        "totalInventory": number % 400,
        "tracksInventory": True,
        "category": {
            "id": "gid://shopify/TaxonomyCategory/aa-1-13-8",
            "name": "T-Shirts",
            "fullName": "Apparel & Accessories > Clothing > Clothing Tops > T-Shirts",
        },
        "seo": {"title": None, "description": "Shirts for the cabin and the trail."},
    }
    for place in range(VARIANTS):
        yield variant(number * 100 + place, place, gid)
    for place in range(IMAGES):
        yield image(number * 100 + place, place, gid)


def variant(number: int, place: int, parent: str) -> dict:
    size, color = SIZES[place % 6], COLORS[place // 6]
    return {
        "id": f"gid://shopify/ProductVariant/{number}",
        "position": place + 1,
        "sku": f"{number:013}",
        "barcode": f"{number % 10**12:012}",
        "price": f"{20 + place}.00",
        "compareAtPrice": f"{30 + place}.50" if place % 3 == 0 else None,
        "taxable": True,
        "taxCode": None,
        "inventoryPolicy": "DENY",
        "inventoryQuantity": number % 90,
        "selectedOptions": [{"name": "Size", "value": size}, {"name": "Color", "value": color}],
        "image": None,
        "product": {"isGiftCard": False},
        "deliveryProfile": {"name": "General profile"},
        "inventoryItem": {
            "id": f"gid://shopify/InventoryItem/{number}",
            "tracked": True,
            "requiresShipping": True,
            "unitCost": {"amount": "9.6"},
            "harmonizedSystemCode": "610910",
            "countryCodeOfOrigin": "PT",
            "provinceCodeOfOrigin": None,
            "measurement": {"weight": {"value": 180.0, "unit": "GRAMS"}},
        },
        "__parentId": parent,
    }


def image(number: int, place: int, parent: str) -> dict:
    url = f"https://cdn.shopify.com/s/files/1/0001/files/fjord-{number}.jpg?v=1767603600"
    return {
        "id": f"gid://shopify/MediaImage/{number}",
        "mediaContentType": "IMAGE",
        "alt": f"Fjord Shirt, view {place + 1}",
        "image": {"url": url, "width": 1200, "height": 1200},
        "__parentId": parent,
    }
