"""The columns of products, group by group, in the order of real exports."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from transfer.types import codes, metafields
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
    HANDLE,
    INTEGER,
    LOWER,
    MERGE,
    MOMENT,
    MONEY,
    NUMBER,
    REPLACE,
    SHORTEST,
    TAGS,
    WEIGHT_UNIT,
    BadCell,
    Form,
    constant,
    either,
    form,
    id_of,
    parse_boolean,
    parse_decimal,
    parse_integer,
    parse_list,
    parse_moment,
    short,
)
from transfer.types.product_images import address_of, image, same_image
from transfer.types.product_stock import OTHER, quantities
from transfer.types.sales_channels import entries_on
from transfer.types.shop_facts import Catalog, Channel, Location, ShopFacts
from transfer.types.writing import Reference

IMAGE = form(address_of, parse=image, canonical=same_image)
ADJUSTED = form(str, "number", empty="0", parse=parse_integer)
"""By how much a quantity is to change: nothing, in an export."""
NOT_COMBINED = constant("false", "boolean")
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
ADJUSTABLE = ("available", "on_hand", *OTHER)
"""What is neither of them, only Shopify changes."""

ON_HAND = tuple(
    f"Inventory {state}: {{}}"
    for state in (
        "Available",
        "Committed",
        "Reserved",
        "Damaged",
        "Safety Stock",
        "Quality Control",
    )
)
"""What is on hand altogether."""


def _published_at(product: Item) -> str | None:
    """An archived product is not published, whenever it was."""
    return None if product["status"] == "ARCHIVED" else product["publishedAt"]


def _is_published(product: Item | bool) -> str:
    shown = product if isinstance(product, bool) else bool(_published_at(product))
    return "true" if shown else "false"


def _published_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """Of an archived product it says nothing: its columns of sales channels do."""
    archived = row.get("Status", "").strip().casefold() == "archived"
    return OF_ARCHIVED if archived else PUBLISHED


def _date(facts: ShopFacts) -> Callable[[Item | str], str]:
    """When the product was published, blank where it is not."""
    moment = MOMENT.render(facts)

    def date(product: Item | str) -> str:
        found = product if isinstance(product, str) else _published_at(product)
        return moment(found) if found else ""

    return date


def _address(facts: ShopFacts) -> Callable[[Item], str]:
    """Where the product stands in the online store, or will when it is published."""
    store = facts.online_store

    def address(product: Item) -> str:
        url = product["onlineStoreUrl"]
        return url or (f"{store}/products/{product['handle']}" if store else "")

    return address


def _stock(variant: Item | int) -> str:
    """A variant's quantity over all locations; empty when Shopify does not track it."""
    if isinstance(variant, int):
        return str(variant)
    quantity = variant["inventoryQuantity"]
    return str(quantity) if quantity is not None and variant["inventoryItem"]["tracked"] else ""


def _handles(collections: list[Item | Reference], smart: bool) -> str:
    """Handles of the smart collections, or of those whose products are chosen by hand."""
    found = (
        c.name if isinstance(c, Reference) else c["handle"]
        for c in collections
        if isinstance(c, Reference) or smart == is_smart(c)
    )
    return ", ".join(found)


def _collections(cell: str) -> list[Reference]:
    return [Reference("Collection", handle.lower()) for handle in parse_list(cell)]


def _in_any_order(cell: str) -> str:
    return ", ".join(sorted(set(parse_list(cell.lower()))))


def _path(cell: str) -> str:
    """A category with those above it, a blank on both sides of each ``>``."""
    return " > ".join(part.strip() for part in cell.split(">"))


def _profile_name(facts: ShopFacts) -> Callable[[str], str]:
    """The name of a shipping profile, by what a cell says or as it is."""
    names = {"" if one.general else one.id: one.name for one in facts.delivery_profiles}
    return lambda profile: names.get(profile, profile)


def _profile(cell: str, facts: ShopFacts) -> str:
    """The id of a shipping profile; empty for the general one, to which variants return that
    leave theirs."""
    name = cell.strip().casefold()
    found = [one for one in facts.delivery_profiles if one.name.strip().casefold() == name]
    if len(found) != 1:
        count = "no shipping profile" if not found else f"{len(found)} shipping profiles"
        raise BadCell(f"The store has {count} “{short(cell)}”.")
    return "" if found[0].general else found[0].id


def _stock_columns() -> tuple[Column, ...]:
    columns = []
    for name in QUANTITIES:
        words = name.replace("_", " ").title()
        write = f"{name}:quantity" if name in ADJUSTABLE else ""
        header = f"Inventory {words}: {{}}"
        sums = ON_HAND if name == "on_hand" else ()
        columns.append(Column(header, name, INTEGER, write=write, clears=False, sum_of=sums))
        if name in ADJUSTABLE:
            write = f"{name}_adjust:delta"
            header = f"Inventory {words} Adjust: {{}}"
            columns.append(Column(header, "adjustment", ADJUSTED, write=write, acts=True))
    return tuple(columns)


def _level(location: Location) -> Callable[[Item], Item | None]:
    """A variant's quantities at one location, by name."""
    return lambda variant: quantities(variant, location)


def _included(place: Channel | Catalog) -> Callable[[Item], bool | None]:
    """Whether a product is published to a sales channel or a catalog; None for a catalog that
    shows everything."""
    return lambda product: product.get(place.alias)


def _price(catalog: Catalog) -> Callable[[Item], Item | None]:
    """A variant's fixed price in a catalog."""
    return lambda variant: variant.get("prices", {}).get(catalog.price_list)


def _dated(channel: Channel) -> Callable[[Item], Item | None]:
    """The entry of an object on a sales channel, also where that is still to come."""
    return lambda item: next(entries_on({channel.publication}, item), None)


GRAMS_OF = {"KILOGRAMS": "1000", "GRAMS": "1", "POUNDS": "453.59237", "OUNCES": "28.349523125"}


def _grams(weight: Item) -> str:
    """A weight in whole grams, as Shopify's own product file has it."""
    grams = Decimal(str(weight["value"] or 0)) * Decimal(GRAMS_OF[weight["unit"]])
    return f"{grams.to_integral_value(ROUND_HALF_UP)}"


def _weight(cell: str) -> Item:
    return {"value": float(parse_decimal(cell)), "unit": "GRAMS"}


GRAMS = form(_grams, "number", parse=_weight)
PUBLISHED = form(_is_published, "boolean", parse=parse_boolean)
OF_ARCHIVED = replace(PUBLISHED, canonical=lambda cell: "")
PUBLISHED_AT = Form(_date, parse=parse_moment)
QUANTITY = form(_stock, "number", parse=parse_integer)
CUSTOM = form(partial(_handles, smart=False), parse=_collections, canonical=_in_any_order)
SMART = form(partial(_handles, smart=True))
CATEGORY_PATH = form(
    lambda path: path.name if isinstance(path, Reference) else path,
    parse=lambda cell: Reference("TaxonomyCategory", _path(cell)),
    canonical=str.casefold,
)
SHIPPING_PROFILE = Form(_profile_name, parse=_profile)
WEIGHT = "inventoryItem.measurement.weight"
HS_CODE = "inventoryItem.harmonizedSystemCode"
COUNTRY, PROVINCE = "inventoryItem.countryCodeOfOrigin", "inventoryItem.provinceCodeOfOrigin"

BASE = Block(
    (
        Column("ID", "id", id_of("Product")),
        Column("Handle", "handle", HANDLE, write="handle", aliases=("Handle [ID]",)),
        Column("Command", "id", MERGE),
        Column("Title", "title", write="title", aliases=("Title [ID]",)),
        Column(
            "Body HTML",
            "descriptionHtml",
            top_only=True,
            write="descriptionHtml",
            aliases=("Body (HTML)",),
            cleared="",
        ),
        Column("Vendor", "vendor", write="vendor", cleared=""),
        Column("Type", "productType", write="productType", cleared=""),
        Column("Tags", "tags", TAGS, write="tags", cleared=[]),
        Column("Tags Command", "id", REPLACE),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column(
            "Status",
            "status",
            CAPITALISED.among("ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED"),
            write="status",
            clears=False,
        ),
        Column("Published", ".", PUBLISHED, write="online:", clears=False, form_in=_published_form),
        Column("Published At", ".", PUBLISHED_AT, write="online:publishDate", clears=False),
        Column("Published Scope", "pos", SCOPE, write="pos:", clears=False),
        Column("Template Suffix", "templateSuffix", write="templateSuffix"),
        Column("Gift Card", "isGiftCard", BOOLEAN, write="giftCard", clears=False),
        Column("URL", ".", Form(_address)),
        Column("Total Inventory Qty", "totalInventory", INTEGER),
    )
)
CATEGORY = Block(
    (
        Column("Category: ID", "category.id", id_of("TaxonomyCategory"), write="category"),
        Column("Category: Name", "category.name"),
        Column(
            "Category",
            "category.fullName",
            CATEGORY_PATH,
            write="category",
            aliases=("Type: Standard",),
        ),
    )
)
COLLECTIONS = Block(
    (
        Column("Custom Collections", "collections", CUSTOM, write="collections"),
        Column("Smart Collections", "collections", SMART),
    )
)
IMAGES = Block(
    (
        Column("Image Type", "mediaContentType", codes.FILE_TYPE, write="mediaContentType"),
        Column(
            "Image Src",
            "image.url|originUrl|video.url|model.url",
            IMAGE,
            write="originalSource",
        ),
        Column("Image Command", "id", MERGE),
        Column("Image Position", "#", INTEGER),
        Column("Image Width", "image.width|video.width", INTEGER),
        Column("Image Height", "image.height|video.height", INTEGER),
        Column("Image Alt Text", "alt", write="alt", cleared=""),
    ),
    of="media",
)
VARIANTS = Block(
    (
        Column("Variant Inventory Item ID", "inventoryItem.id", id_of("InventoryItem")),
        Column("Variant ID", "id", id_of("ProductVariant"), aliases=("Variant ID [ID]",)),
        Column("Variant Command", "id", MERGE),
        Column(
            "Option1 Name",
            "selectedOptions.0.name",
            write="optionValues.0.optionName",
            blank_with="Option1 Value",
        ),
        Column("Option1 Value", "selectedOptions.0.value", write="optionValues.0.name"),
        Column(
            "Option2 Name",
            "selectedOptions.1.name",
            write="optionValues.1.optionName",
            blank_with="Option2 Value",
        ),
        Column("Option2 Value", "selectedOptions.1.value", write="optionValues.1.name"),
        Column(
            "Option3 Name",
            "selectedOptions.2.name",
            write="optionValues.2.optionName",
            blank_with="Option3 Value",
        ),
        Column("Option3 Value", "selectedOptions.2.value", write="optionValues.2.name"),
        Column("Variant Generate From Options", "id", NOT_COMBINED, imports=True),
        Column("Variant Position", "position", INTEGER),
        Column(
            "Variant SKU",
            "sku",
            write="inventoryItem.sku",
            cleared="",
            aliases=("Variant SKU [ID]",),
        ),
        Column("Variant Barcode", "barcode", write="barcode", aliases=("Variant Barcode [ID]",)),
        Column("Variant Image", "image.url", IMAGE, write="image"),
        Column("Variant Weight", f"{WEIGHT}.value", NUMBER, write=f"{WEIGHT}.value", clears=False),
        Column(
            "Variant Weight Unit",
            f"{WEIGHT}.unit",
            WEIGHT_UNIT,
            write=f"{WEIGHT}.unit",
            clears=False,
        ),
        Column(
            "Variant Grams",
            WEIGHT,
            GRAMS,
            write=WEIGHT,
            clears=False,
            unless="Variant Weight",
            imports=True,
        ),
        Column("Variant Price", "price", MONEY, write="price", clears=False),
        Column("Variant Compare At Price", "compareAtPrice", MONEY, write="compareAtPrice"),
        Column("Variant Taxable", "taxable", BOOLEAN, write="taxable", clears=False),
        Column("Variant Tax Code", "taxCode", write="taxCode", cleared=""),
        Column(
            "Variant Inventory Tracker",
            "inventoryItem.tracked",
            TRACKER,
            write="inventoryItem.tracked",
            cleared=False,
            lenient=True,
        ),
        Column(
            "Variant Inventory Policy",
            "inventoryPolicy",
            LOWER.among("CONTINUE", "DENY"),
            write="inventoryPolicy",
            clears=False,
        ),
        Column(
            "Variant Fulfillment Service",
            "product.isGiftCard",
            GIFT_CARD_SERVICE,
            assumed=("manual", "gift_card"),
        ),
        Column(
            "Variant Requires Shipping",
            "inventoryItem.requiresShipping",
            BOOLEAN,
            write="inventoryItem.requiresShipping",
            clears=False,
        ),
        Column(
            "Variant Shipping Profile",
            "deliveryProfile.name",
            SHIPPING_PROFILE,
            write="shipping:",
            clears=False,
            lenient=True,
        ),
        Column("Variant Inventory Qty", ".", QUANTITY, write="here:quantity", clears=False),
        Column(
            "Variant Inventory Adjust",
            "adjustment",
            ADJUSTED,
            write="here_adjust:delta",
            acts=True,
        ),
        Column("Variant Cost", "inventoryItem.unitCost.amount", MONEY, write="inventoryItem.cost"),
        Column("Variant HS Code", HS_CODE, write=HS_CODE),
        Column("Variant Country of Origin", COUNTRY, codes.COUNTRY, write=COUNTRY),
        Column("Variant Province of Origin", PROVINCE, write=PROVINCE),
    ),
    of="variants",
)
STOCK = Each("locations", (Block(_stock_columns(), of="variants", find=_level),))
PRICES = Each(
    "catalogs",
    (
        Block(
            (
                Column(
                    "Included / {}", ".", BOOLEAN, top_only=True, write="included:", clears=False
                ),
            ),
            find=_included,
        ),
        Block(
            (
                Column("Price / {}", "price.amount", SHORTEST, write="prices:price.amount"),
                Column(
                    "Compare At Price / {}",
                    "compareAtPrice.amount",
                    SHORTEST,
                    write="prices:compareAtPrice.amount",
                ),
            ),
            of="variants",
            find=_price,
        ),
    ),
)
CHANNELS = Each(
    "channels",
    (
        Block(
            (Column("Published: {}", ".", BOOLEAN, write="published:", clears=False),),
            find=_included,
        ),
    ),
)
"""Altera's addition. Its files have these columns last; metafields are the last of all here."""
DATES = Each(
    "dated_channels",
    (
        Block(
            (
                Column(
                    "Published At: {}",
                    "publishDate",
                    MOMENT,
                    write="published:publishDate",
                    clears=False,
                    imports=True,
                ),
            ),
            find=_dated,
        ),
    ),
)
"""Since when something is on a channel, or from when on; read only where a file names it."""
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
    DATES,
    SEO,
    metafields.columns("PRODUCT", header="Metafield: {}"),
    metafields.columns("PRODUCTVARIANT", header="Variant Metafield: {}", of="variants"),
    metafields.undefined_columns("PRODUCT", header="Metafield: {}"),
    metafields.undefined_columns("PRODUCTVARIANT", header="Variant Metafield: {}", of="variants"),
)
