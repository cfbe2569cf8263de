"""Products: product catalog, variants, images, and inventory."""

from transfer.types import metafields
from transfer.types.base import (
    PUBLISHED_STATUSES,
    Attach,
    Connection,
    DataType,
    Filter,
    Pass,
    Repeated,
    Sheet,
    literal,
)
from transfer.types.collection_rules import KINDS_OF_SOURCES
from transfer.types.personal import PUBLIC, columns
from transfer.types.product_columns import PRODUCTS, QUANTITIES
from transfer.types.product_writing import WRITING
from transfer.types.sales_channels import ENTRIES
from transfer.types.shop_facts import Catalog, Channel
from translations import N_, ngettext

NAMES = ", ".join(f'"{name}"' for name in QUANTITIES)


def _published(place: Channel | Catalog) -> str:
    """Whether a product is published there; nothing to ask where there is no publication."""
    if place.publication is None:
        return ""
    return f"{place.alias}: publishedOnPublication(publicationId: {literal(place.publication)})"


OBJECTS = Pass(
    "products",
    fields="""id handle title descriptionHtml vendor productType tags createdAt updatedAt
      status publishedAt templateSuffix isGiftCard onlineStoreUrl totalInventory tracksInventory
      category { id name fullName } seo { title description }
      expectedVariants: variantsCount { count } expectedMedia: mediaCount { count }""",
    repeated=(
        Repeated("channels", "published", _published),
        Repeated("catalogs", "included", _published),
        *metafields.fields("PRODUCT"),
    ),
    connections=(
        Connection(
            "variants",
            types=("ProductVariant",),
            count="expectedVariants.count",
            fields="""id position sku barcode price compareAtPrice taxable taxCode inventoryPolicy
              inventoryQuantity selectedOptions { name value } image { url }
              product { isGiftCard } deliveryProfile { id name }
              inventoryItem { id tracked requiresShipping unitCost { amount }
                harmonizedSystemCode countryCodeOfOrigin provinceCodeOfOrigin
                measurement { weight { value unit } } }""",
            repeated=metafields.fields("PRODUCTVARIANT"),
        ),
        Connection(
            "media",
            types=("MediaImage", "ExternalVideo", "Video", "Model3d"),
            count="expectedMedia.count",
            fields="""id mediaContentType alt
              ... on MediaImage { image { url width height } }
              ... on ExternalVideo { originUrl }
              ... on Video { video: originalSource { url width height } }
              ... on Model3d { model: originalSource { url } }""",
        ),
        Connection("collections", types=("Collection",), fields=f"id handle {KINDS_OF_SOURCES}"),
        metafields.connection("PRODUCT"),
    ),
)
LEVELS = Pass(
    "inventoryItems",
    connections=(
        Connection(
            "inventoryLevels",
            fields=f"""id location {{ id }} item {{ id variant {{ owner: product {{ id }} }} }}
              quantities(names: [{NAMES}]) {{ name quantity }}""",
        ),
    ),
    attach=Attach(
        to="variants", at="inventoryItem.id", by="item.id", name="levels", key="location.id"
    ),
    needs="locations",
    about="stock by location is",
    scopes=("read_inventory", "read_locations"),
)
FIXED_PRICES = Pass(
    "priceLists",
    connections=(
        Connection(
            "prices",
            arguments="originType: FIXED",
            owner_term="product_id",
            fields="""variant { id owner: product { id } }
              price { amount } compareAtPrice { amount }""",
        ),
    ),
    attach=Attach(to="variants", at="id", by="variant.id", name="prices", key="__parentId"),
    needs="catalogs",
    about="fixed prices are",
)

DATES = Pass(
    "products",
    connections=(ENTRIES,),
    plain=True,
    attach=Attach(),
    needs="dated_channels",
    writing=True,
    about="dates of publishing are",
    scopes=("read_publications",),
)

products = DataType(
    name="products",
    label=N_("Products"),
    counted=lambda count: ngettext("%(num)s product", "%(num)s products", count),
    about=N_("Product catalog, variants, images, and inventory"),
    read_scopes=("read_publications", *metafields.SCOPES),
    write_scopes=(
        "write_products",
        "write_inventory",
        "write_publications",
        "write_files",
        "write_shipping",
        "write_online_store_navigation",
    ),
    facts=(
        "locations",
        "catalogs",
        "channels",
        "metafields:PRODUCT",
        "metafields:PRODUCTVARIANT",
    ),
    passes=(OBJECTS, LEVELS, FIXED_PRICES, metafields.VARIANTS, DATES),
    sheets=(
        Sheet(
            "Products",
            aliases=("Product",),
            blocks=PRODUCTS,
        ),
    ),
    filters=(
        Filter("handle"),
        Filter("title"),
        Filter("barcode"),
        Filter("sku"),
        Filter("vendor"),
        Filter("product_type"),
        Filter("tag"),
        Filter("tag_not"),
        Filter("status", values=("active", "archived", "draft", "unlisted")),
        Filter("published_status", values=PUBLISHED_STATUSES),
        Filter("publishable_status", "published_status", values=PUBLISHED_STATUSES),
        Filter("category_id"),
        Filter("variant_title"),
        Filter("id", form="range"),
        Filter("collection_id", form="range"),
        Filter("variant_id", form="range"),
        Filter("inventory_total", form="range"),
        Filter("price", form="range"),
        Filter("created_at", form="range"),
        Filter("updated_at", form="range"),
        Filter("published_at", form="range"),
        Filter("gift_card", form="boolean"),
        Filter("is_price_reduced", form="boolean"),
    ),
    count="productsCount",
    writing=WRITING,
    personal={
        **columns(
            PUBLIC,
            """Published; Published At; Published Scope; URL; Custom Collections; Smart Collections;
            Variant Generate From Options; Variant Grams; Variant Inventory Qty;
            Variant Inventory Adjust;
            Inventory Available: {}; Inventory Available Adjust: {};
            Inventory On Hand: {}; Inventory On Hand Adjust: {}; Inventory Committed: {};
            Inventory Reserved: {}; Inventory Damaged: {}; Inventory Damaged Adjust: {};
            Inventory Safety Stock: {}; Inventory Safety Stock Adjust: {};
            Inventory Quality Control: {}; Inventory Quality Control Adjust: {};
            Inventory Incoming: {}; Included / {}; Published: {}; Metafield: {};
            Variant Metafield: {}""",
        )
    },
)
