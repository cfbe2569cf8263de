"""Products as Shopify's bulk operations give them, the same always: objects, then stock levels."""

from collections.abc import Iterator
from itertools import count

from benchmarks.export.facts import LOCATIONS
from benchmarks.export.lines import Node, Passes, moment

VARIANTS = (1, 4, 12, 24, 79)
IMAGES = 4
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
COLORS = ("Moss", "Sand", "Ink", "Rust")
BODY = '<p>The <strong>Fjord</strong> line, made in "small" numbers.</p>\n<ul><li>Warm</li></ul>\n'
QUANTITIES = (
    *("available", "on_hand", "committed", "reserved"),
    *("damaged", "safety_stock", "quality_control", "incoming"),
)


def products(variants: int) -> Iterator[Passes]:
    """Products with this many variants in all, or a few more."""
    made = 0
    for number in count(7_000_000_000_001):
        if made >= variants:
            return
        places = range(VARIANTS[number % 5])
        made += len(places)
        yield [_product(number, places)], [_stock(number, number * 100 + p) for p in places]


def _product(number: int, places: range) -> Node:
    gid = f"gid://shopify/Product/{number}"
    line = {
        "id": gid,
        "handle": f"fjord-shirt-{number}",
        "title": f"Fjord Shirt {number % 1000} — été",
        "descriptionHtml": BODY * (2 + number % 6),
        "vendor": "Northfold",
        "productType": "Shirts",
        "tags": ["summer", "organic", "apparel"],
        "createdAt": moment(number),
        "updatedAt": moment(number * 7),
        "status": "ACTIVE",
        "publishedAt": moment(number + 60) if number % 5 else None,
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
        "web": bool(number % 5),
        "pos": number % 4 == 0,
        "m0": {"value": "Wash cold.\nDry flat."} if number % 3 else None,
        "m1": {"value": str(2020 + number % 7)},
        "m2": {
            "value": "gid://shopify/Metaobject/9",
            "reference": {"__typename": "Metaobject", "type": "size_chart", "handle": "shirts"},
        },
    }
    media = [_image(number * 100 + place, place, gid) for place in range(IMAGES)]
    collections = [_collection(number, smart, gid) for smart in (False, True)]
    return Node(line, ([_variant(number * 100 + p, p, gid) for p in places], media, collections))


def _variant(number: int, place: int, parent: str) -> Node:
    size, color = SIZES[place % 6], COLORS[place // 6 % 4]
    line = {
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
        "m0": {"value": f"B-{number % 97}"} if place % 2 else None,
        "__parentId": parent,
    }
    return Node(line)


def _image(number: int, place: int, parent: str) -> Node:
    url = f"https://cdn.shopify.com/s/files/1/0001/files/fjord-{number}.jpg?v=1767603600"
    line = {
        "id": f"gid://shopify/MediaImage/{number}",
        "mediaContentType": "IMAGE",
        "alt": f"Fjord Shirt, view {place + 1}",
        "image": {"url": url, "width": 1200, "height": 1200},
        "__parentId": parent,
    }
    return Node(line)


def _collection(number: int, smart: bool, parent: str) -> Node:
    conditions = [{"__typename": "CollectionConditionProductTag"}] if smart else []
    line = {
        "id": f"gid://shopify/Collection/{8000 + smart * 100 + number % 40}",
        "handle": f"{'tagged' if smart else 'chosen'}-{number % 40}",
        "sources": [
            {"__typename": "CollectionConditionsSource", "inclusion": {"conditions": conditions}}
        ],
        "__parentId": parent,
    }
    return Node(line)


def _stock(product: int, variant: int) -> Node:
    item = f"gid://shopify/InventoryItem/{variant}"
    levels = [
        {
            "id": f"gid://shopify/InventoryLevel/{place}?inventory_item_id={variant}",
            "location": {"id": location.id},
            "item": {
                "id": item,
                "variant": {"owner": {"id": f"gid://shopify/Product/{product}"}},
            },
            "quantities": [
                {"name": name, "quantity": (variant + place) % (90 if at < 2 else 4)}
                for at, name in enumerate(QUANTITIES)
            ],
            "__parentId": item,
        }
        for place, location in enumerate(LOCATIONS)
    ]
    return Node({"id": item}, ([Node(level) for level in levels],))
