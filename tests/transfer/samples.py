"""Products as Shopify's results have them, and facts of a small shop."""

from dataclasses import replace

from graphql import GraphQLEnumType

from standin.schema import admin
from transfer.types.shop_facts import (
    OWNERS,
    Catalog,
    Channel,
    Location,
    MetafieldDefinition,
    MetafieldOwner,
    MetaobjectType,
    OrderStatusUrl,
    ShopFacts,
)

FACTS = ShopFacts(
    zone="America/New_York",
    locations=(Location("gid://shopify/Location/1", "North Depot"),),
    catalogs=(
        Catalog("c0", "Nordics", "gid://shopify/Publication/9", "gid://shopify/PriceList/7"),
    ),
    channels=(Channel("pos", "Point of Sale", "gid://shopify/Publication/5"),),
    metafields={
        "PRODUCT": (
            MetafieldDefinition(
                "m0",
                "care.wash [single_line_text_field]",
                "care",
                "wash",
                "single_line_text_field",
            ),
        ),
        "PRODUCTVARIANT": (
            MetafieldDefinition(
                "m0", "fit.match [product_reference]", "fit", "match", "product_reference"
            ),
        ),
    },
)
NO_FACTS = ShopFacts()


def named(place: dict[str, str], definition: str = "<definition>") -> ShopFacts:
    """One fact of every kind, with a name for each ``place`` and for the definitions."""
    one = MetafieldDefinition("m0", definition, "x", "y", "color")
    publication = "gid://shopify/Publication/1"
    return ShopFacts(
        locations=(Location("gid://shopify/Location/1", place["locations"]),),
        catalogs=(Catalog("c0", place["catalogs"], publication, "gid://shopify/PriceList/1"),),
        channels=(Channel("s0", place["channels"], publication),),
        order_status_url=(OrderStatusUrl("statusPageUrl", "Order Status URL"),),
        metafield_owners=(MetafieldOwner("product", "PRODUCT", "PRODUCT"),),
        metaobject_types=(MetaobjectType("t0", "x"),),
        metafields=dict.fromkeys(OWNERS, (one,))
        | {f"{owner}/undefined": (replace(one, name="<undefined>"),) for owner in OWNERS},
    )


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


def values_of(enum: str) -> list[str]:
    """The values of one of Shopify's enums."""
    kind = admin().schema.type_map[enum]
    assert isinstance(kind, GraphQLEnumType)
    return list(kind.values)
