"""The columns of products, group by group, in the order of real exports."""

from collections.abc import Callable

from transfer.types import metafields
from transfer.types.base import (
    NUMBERING,
    Block,
    Column,
    Each,
    Item,
)
from transfer.types.collection_rules import is_smart
from transfer.types.forms import (
    BOOLEAN,
    CAPITALISED,
    GIFT_CARD_SERVICE,
    INTEGER,
    LOWER,
    MERGE,
    MOMENT,
    MONEY,
    NO_CHANGE,
    NUMBER,
    REPLACE,
    SHORTEST,
    TAGS,
    WEIGHT_UNIT,
    Form,
    either,
    form,
    id_of,
)
from transfer.types.shop_facts import Catalog, Channel, Location, ShopFacts

PUBLISHED = form(lambda product: "true" if _published_at(product) else "false", "boolean")
SCOPE = either("global", "web", empty="web")
TRACKER = either("shopify", "")
QUANTITIES = (
    "available",
    "on_hand",
    "committed",
    "reserved",
    "damaged",
    "safety_stock",
    "quality_control",
    "incoming",
)
ADJUSTABLE = frozenset({"available", "on_hand", "damaged", "safety_stock", "quality_control"})


def _published_at(product: Item) -> str | None:
    """An archived product is not published, whenever it was."""
    return None if product["status"] == "ARCHIVED" else product["publishedAt"]


def _date(facts: ShopFacts) -> Callable[[Item], str]:
    """When the product was published, blank where it is not."""
    moment = MOMENT.render(facts)
    return lambda product: moment(date) if (date := _published_at(product)) else ""


def _address(facts: ShopFacts) -> Callable[[Item], str]:
    """Where the product stands in the online store, or will when it is published."""
    store = facts.online_store

    def address(product: Item) -> str:
        url = product["onlineStoreUrl"]
        return url or (f"{store}/products/{product['handle']}" if store else "")

    return address


def _stock(variant: Item) -> str:
    """A variant's quantity over all locations; empty when Shopify does not track it."""
    quantity = variant["inventoryQuantity"]
    return str(quantity) if quantity is not None and variant["inventoryItem"]["tracked"] else ""


def _handles(smart: bool) -> Form:
    """Handles of the smart collections, or of those whose products are chosen by hand."""

    def read(collections: list[Item]) -> str:
        return ", ".join(c["handle"] for c in collections if smart == is_smart(c))

    return form(read)


def _stock_columns() -> tuple[Column, ...]:
    columns = []
    for name in QUANTITIES:
        words = name.replace("_", " ").title()
        columns.append(Column(f"Inventory {words}: {{}}", name, INTEGER))
        if name in ADJUSTABLE:
            columns.append(Column(f"Inventory {words} Adjust: {{}}", name, NO_CHANGE))
    return tuple(columns)


def _level(location: Location) -> Callable[[Item], Item | None]:
    """A variant's quantities at one location, by name."""

    def quantities(variant: Item) -> Item | None:
        level = variant.get("levels", {}).get(location.id)
        return level and {q["name"]: q["quantity"] for q in level["quantities"]}

    return quantities


def _included(place: Channel | Catalog) -> Callable[[Item], bool | None]:
    """Whether a product is published to a sales channel or a catalog; None for a catalog that
    shows everything."""
    return lambda product: product.get(place.alias)


def _price(catalog: Catalog) -> Callable[[Item], Item | None]:
    """A variant's fixed price in a catalog."""
    return lambda variant: variant.get("prices", {}).get(catalog.price_list)


BASE = Block(
    (
        Column("ID", "id", id_of("Product")),
        Column("Handle", "handle"),
        Column("Command", "id", MERGE),
        Column("Title", "title"),
        Column("Body HTML", "descriptionHtml", top_only=True, aliases=("Body (HTML)",)),
        Column("Vendor", "vendor"),
        Column("Type", "productType"),
        Column("Tags", "tags", TAGS),
        Column("Tags Command", "id", REPLACE),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Status", "status", CAPITALISED),
        Column("Published", ".", PUBLISHED),
        Column("Published At", ".", Form(_date)),
        Column("Published Scope", "pos", SCOPE),
        Column("Template Suffix", "templateSuffix"),
        Column("Gift Card", "isGiftCard", BOOLEAN),
        Column("URL", ".", Form(_address)),
        Column("Total Inventory Qty", "totalInventory", INTEGER),
    )
)
CATEGORY = Block(
    (
        Column("Category: ID", "category.id", id_of("TaxonomyCategory")),
        Column("Category: Name", "category.name"),
        Column("Category", "category.fullName"),
    )
)
COLLECTIONS = Block(
    (
        Column("Custom Collections", "collections", _handles(smart=False)),
        Column("Smart Collections", "collections", _handles(smart=True)),
    )
)
IMAGES = Block(
    (
        Column("Image Type", "mediaContentType"),
        Column("Image Src", "image.url|originUrl|video.url|model.url"),
        Column("Image Command", "id", MERGE),
        Column("Image Position", "#", INTEGER),
        Column("Image Width", "image.width|video.width", INTEGER),
        Column("Image Height", "image.height|video.height", INTEGER),
        Column("Image Alt Text", "alt"),
    ),
    of="media",
)
VARIANTS = Block(
    (
        Column("Variant Inventory Item ID", "inventoryItem.id", id_of("InventoryItem")),
        Column("Variant ID", "id", id_of("ProductVariant")),
        Column("Variant Command", "id", MERGE),
        Column("Option1 Name", "selectedOptions.0.name"),
        Column("Option1 Value", "selectedOptions.0.value"),
        Column("Option2 Name", "selectedOptions.1.name"),
        Column("Option2 Value", "selectedOptions.1.value"),
        Column("Option3 Name", "selectedOptions.2.name"),
        Column("Option3 Value", "selectedOptions.2.value"),
        Column("Variant Position", "position", INTEGER),
        Column("Variant SKU", "sku"),
        Column("Variant Barcode", "barcode"),
        Column("Variant Image", "image.url"),
        Column("Variant Weight", "inventoryItem.measurement.weight.value", NUMBER),
        Column("Variant Weight Unit", "inventoryItem.measurement.weight.unit", WEIGHT_UNIT),
        Column("Variant Price", "price", MONEY),
        Column("Variant Compare At Price", "compareAtPrice", MONEY),
        Column("Variant Taxable", "taxable", BOOLEAN),
        Column("Variant Tax Code", "taxCode"),
        Column("Variant Inventory Tracker", "inventoryItem.tracked", TRACKER),
        Column("Variant Inventory Policy", "inventoryPolicy", LOWER),
        Column("Variant Fulfillment Service", "product.isGiftCard", GIFT_CARD_SERVICE),
        Column("Variant Requires Shipping", "inventoryItem.requiresShipping", BOOLEAN),
        Column("Variant Shipping Profile", "deliveryProfile.name"),
        Column("Variant Inventory Qty", ".", form(_stock, "number")),
        Column("Variant Inventory Adjust", "id", NO_CHANGE),
        Column("Variant Cost", "inventoryItem.unitCost.amount", MONEY),
        Column("Variant HS Code", "inventoryItem.harmonizedSystemCode"),
        Column("Variant Country of Origin", "inventoryItem.countryCodeOfOrigin"),
        Column("Variant Province of Origin", "inventoryItem.provinceCodeOfOrigin"),
    ),
    of="variants",
)
STOCK = Each("locations", (Block(_stock_columns(), of="variants", find=_level),))
PRICES = Each(
    "catalogs",
    (
        Block((Column("Included / {}", ".", BOOLEAN, top_only=True),), find=_included),
        Block(
            (
                Column("Price / {}", "price.amount", SHORTEST),
                Column("Compare At Price / {}", "compareAtPrice.amount", SHORTEST),
            ),
            of="variants",
            find=_price,
        ),
    ),
)
CHANNELS = Each("channels", (Block((Column("Published: {}", ".", BOOLEAN),), find=_included),))
"""Altera's addition. Its files have these columns last; metafields are the last of all here."""
SEO = metafields.seo_columns("seo.title", "seo.description")

PRODUCTS = (
    BASE,
    NUMBERING,
    CATEGORY,
    COLLECTIONS,
    IMAGES,
    VARIANTS,
    STOCK,
    PRICES,
    CHANNELS,
    SEO,
    metafields.columns("PRODUCT", header="Metafield: {}"),
    metafields.columns("PRODUCTVARIANT", header="Variant Metafield: {}", of="variants"),
    metafields.undefined_columns("PRODUCT", header="Metafield: {}"),
    metafields.undefined_columns("PRODUCTVARIANT", header="Variant Metafield: {}", of="variants"),
)
