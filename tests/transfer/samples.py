"""Products as Shopify's results have them, and facts of a small shop."""

FACTS = {
    "zone": "America/New_York",
    "locations": [{"id": "gid://shopify/Location/1", "name": "North Depot"}],
    "catalogs": [
        {
            "alias": "c0",
            "name": "Nordics",
            "publication": "gid://shopify/Publication/9",
            "price_list": "gid://shopify/PriceList/7",
        }
    ],
    "channels": [
        {"alias": "pos", "name": "Point of Sale", "publication": "gid://shopify/Publication/5"}
    ],
    "metafields:PRODUCT": [
        {
            "alias": "m0",
            "name": "care.wash [single_line_text_field]",
            "namespace": "care",
            "key": "wash",
            "type": "single_line_text_field",
        }
    ],
    "metafields:PRODUCTVARIANT": [
        {
            "alias": "m0",
            "name": "fit.match [product_reference]",
            "namespace": "fit",
            "key": "match",
            "type": "product_reference",
        }
    ],
}
NO_FACTS = {"zone": "UTC"} | {
    name: []
    for name in (
        "locations",
        "catalogs",
        "channels",
        "metafields:PRODUCT",
        "metafields:PRODUCTVARIANT",
    )
}


def product(number: int = 9001, **fields) -> dict:
    """A product of one plain variant and no image; fields replace its own."""
    return {
        "id": f"gid://shopify/Product/{number}",
        "handle": "tin-kettle",
        "title": "Tin Kettle",
        "descriptionHtml": "<p>Boils.</p>",
        "vendor": "Moss & Co",
        "productType": "Kettles",
        "tags": ["tin", "camp"],
        "createdAt": "2025-10-16T22:48:46Z",
        "updatedAt": "2026-01-02T03:04:05Z",
        "status": "ACTIVE",
        "publishedAt": "2026-01-01T05:00:00Z",
        "templateSuffix": None,
        "isGiftCard": False,
        "onlineStoreUrl": "https://alice.example/products/tin-kettle",
        "totalInventory": 4,
        "tracksInventory": True,
        "category": {
            "id": "gid://shopify/TaxonomyCategory/hg-11-6",
            "name": "Kettles",
            "fullName": "Home & Garden > Kitchen > Kettles",
        },
        "seo": {"title": "Tin Kettle | Moss", "description": None},
        "variants": [variant()],
        "media": [],
        "collections": [],
    } | fields


def variant(number: int = 501, **fields) -> dict:
    item = {
        "id": f"gid://shopify/InventoryItem/{number + 9000}",
        "tracked": True,
        "requiresShipping": True,
        "unitCost": {"amount": "7.5"},
        "harmonizedSystemCode": "732393",
        "countryCodeOfOrigin": "DK",
        "provinceCodeOfOrigin": None,
        "measurement": {"weight": {"value": 0.33, "unit": "KILOGRAMS"}},
    }
    return {
        "id": f"gid://shopify/ProductVariant/{number}",
        "position": 1,
        "sku": "0071",
        "barcode": "0001234567",
        "price": "19.00",
        "compareAtPrice": None,
        "taxable": True,
        "taxCode": None,
        "inventoryPolicy": "DENY",
        "inventoryQuantity": 4,
        "selectedOptions": [{"name": "Title", "value": "Default Title"}],
        "image": None,
        "product": {"isGiftCard": False},
        "deliveryProfile": {"name": "General Profile"},
        "inventoryItem": item,
    } | fields


def image(number: int = 1, **fields) -> dict:
    return {
        "id": f"gid://shopify/MediaImage/{number}",
        "mediaContentType": "IMAGE",
        "alt": "A kettle",
        "image": {"url": f"https://cdn.example/k{number}.jpg?v=1", "width": 800, "height": 600},
    } | fields
