"""Catalogs: what a market, a company location or an app sells, and at which prices.

A row is one product of the catalog, or one variant of it that has a fixed price or a rule for its
quantity. What follows ``Product: Command`` could not be read of real files and is named in the
style of other sheets.
"""

from transfer.types import codes
from transfer.types.base import (
    NUMBERING_TOP_FIRST,
    Attach,
    Block,
    Children,
    Column,
    Connection,
    DataType,
    Filter,
    Item,
    Pass,
    Sheet,
)
from transfer.types.catalog_writing import (
    BETWEEN,
    INCLUDED,
    TYPE,
    WRITING,
    contexts_form,
    id_form,
    sku_form,
    variant_id_form,
)
from transfer.types.collection_writing import PRODUCT
from transfer.types.forms import (
    BOOLEAN,
    CAPITALISED,
    INTEGER,
    MERGE,
    MONEY,
    NUMBER,
    form,
    id_of,
    names_cell,
    parse_code,
)
from translations import N_, ngettext

STATUS = CAPITALISED.among("ACTIVE", "ARCHIVED", "DRAFT")
WORDS = form(lambda code: code.replace("_", " ").title(), parse=parse_code)
VARIANT = "{ id sku product { id handle } }"

OBJECTS = Pass(
    "catalogs",
    fields="""id __typename title status publication { id name autoPublish }
      priceList { id name currency fixedPricesCount
        parent { adjustment { type value } settings { compareAtMode } } }""",
    connections=(
        Connection(
            "markets", types=("Market",), fields="id handle", within="... on MarketCatalog { %s }"
        ),
        Connection(
            "companyLocations",
            types=("CompanyLocation",),
            fields="id name company { name }",
            within="... on CompanyLocationCatalog { %s }",
        ),
        Connection("apps", types=("App",), fields="id title", within="... on AppCatalog { %s }"),
    ),
)
PUBLICATIONS = Pass(
    "publications",
    fields="id owner: catalog { id }",
    connections=(Connection("products", types=("Product",), fields="id handle"),),
    attach=Attach(name="publications"),
)
PRICES = Pass(
    "priceLists",
    fields="id owner: catalog { id }",
    connections=(
        Connection(
            "prices",
            types=("PriceListPrice",),
            arguments="originType: FIXED",
            fields=f"""__typename variant {VARIANT}
              price {{ amount }} compareAtPrice {{ amount }}""",
        ),
        Connection(
            "quantityRules",
            types=("QuantityRule",),
            arguments="originType: FIXED",
            fields=f"__typename variant: productVariant {VARIANT} minimum maximum increment",
        ),
    ),
    attach=Attach(name="priceLists"),
)


def lines(catalog: Item) -> list[Item]:
    """``{"product", "variant", "included", "price", "rule"}`` of each row: the catalog's products
    in their order, then those that only have prices."""
    found: dict[str, Item] = {}
    for product in _members(catalog, "publications", "products"):
        found[product["id"]] = {"product": product, "included": True, "variants": {}}
    for part, name in (("price", "prices"), ("rule", "quantityRules")):
        for one in _members(catalog, "priceLists", name):
            variant = one["variant"]
            product = variant["product"]
            line = found.setdefault(product["id"], {"product": product, "variants": {}})
            line["variants"].setdefault(variant["id"], {"variant": variant})[part] = one
    return [
        line | row for line in found.values() for row in list(line.pop("variants").values()) or [{}]
    ]


def _members(catalog: Item, holders: str, name: str) -> list[Item]:
    """The members of a list of what a further pass brought for this catalog."""
    parts = [p for p in catalog.get(holders, ()) if p["owner"]["id"] == catalog["id"]]
    return [member for part in parts for member in part[name]]


def _values(catalog: Item | str) -> str:
    """``us,ca,uk``: handles of markets, names of company locations, or names of apps."""
    if isinstance(catalog, str):
        return catalog
    if found := catalog["companyLocations"]:
        names = [f"{one['company']['name']}{BETWEEN}{one['name']}" for one in found]
        return names_cell(names, ",")
    values = [market["handle"] for market in catalog["markets"]]
    return ",".join([*values, *(app["title"] for app in catalog["apps"])])


VALUES = form(_values, parse=str.strip)
"""Its type tells whose handles or names they are."""
CATALOG = Block(
    (
        Column(
            "ID",
            "id",
            id_of("MarketCatalog", "CompanyLocationCatalog", "AppCatalog"),
            form_in=id_form,
        ),
        Column("Command", "id", MERGE),
        Column("Title", "title", write="title"),
        Column("Type", "__typename", TYPE, write="=type", clears=False),
        Column("Type Values", ".", VALUES, write="=contexts", clears=False, form_in=contexts_form),
        Column(
            "Status",
            "status",
            CAPITALISED.among("ACTIVE", "ARCHIVED", "DRAFT"),
            write="status",
            clears=False,
        ),
    )
)
PRICE_LIST = Block(
    (
        Column("Price List: ID", "priceList.id", id_of("PriceList")),
        Column("Price List: Name", "priceList.name", write="price_list:name", clears=False),
        Column(
            "Price List: Currency",
            "priceList.currency",
            codes.CURRENCY,
            write="price_list:currency",
            clears=False,
        ),
        Column("Price List: Fixed Prices Count", "priceList.fixedPricesCount", INTEGER),
        Column(
            "Price List: Adjustment Type",
            "priceList.parent.adjustment.type",
            WORDS.among("PERCENTAGE_DECREASE", "PERCENTAGE_INCREASE"),
            write="price_list:parent.adjustment.type",
            clears=False,
        ),
        Column(
            "Price List: Adjustment Value",
            "priceList.parent.adjustment.value",
            NUMBER,
            write="price_list:parent.adjustment.value",
            clears=False,
        ),
        Column(
            "Price List: Compare At Mode",
            "priceList.parent.settings.compareAtMode",
            WORDS.among("ADJUSTED", "NULLIFY"),
            write="price_list:parent.settings.compareAtMode",
            clears=False,
        ),
        Column("Publication: ID", "publication.id", id_of("Publication")),
        Column("Publication: Name", "publication.name"),
        Column(
            "Publication: Autopublish",
            "publication.autoPublish",
            BOOLEAN,
            write="publication:autoPublish",
            clears=False,
        ),
    )
)
LINES = Block(
    (
        Column("Product: Command", "included", INCLUDED, write="=included", clears=False),
        Column("Product: ID", "product.id", id_of("Product"), write="=product_id"),
        Column("Product: Handle", "product.handle", PRODUCT, write="=product"),
        Column(
            "Variant: ID",
            "variant.id",
            id_of("ProductVariant"),
            write="=variant_id",
            form_in=variant_id_form,
            aliases=("Variant ID",),
        ),
        Column(
            "Variant: SKU",
            "variant.sku",
            write="=sku",
            form_in=sku_form,
            aliases=("Variant SKU",),
        ),
        Column("Variant: Price", "price.price.amount", MONEY, write="=price"),
        Column(
            "Variant: Compare At Price", "price.compareAtPrice.amount", MONEY, write="=compare_at"
        ),
        Column("Variant: Quantity Minimum", "rule.minimum", INTEGER, write="=minimum"),
        Column("Variant: Quantity Maximum", "rule.maximum", INTEGER, write="=maximum"),
        Column("Variant: Quantity Increment", "rule.increment", INTEGER, write="=increment"),
    ),
    of="lines",
)

catalogs = DataType(
    name="catalogs",
    label=N_("Catalogs"),
    counted=lambda count: ngettext("%(num)s catalog", "%(num)s catalogs", count),
    about=N_("Product catalogs"),
    read_scopes=("read_products", "read_publications", "read_markets", "read_companies"),
    write_scopes=("write_products", "write_publications"),
    passes=(OBJECTS, PUBLICATIONS, PRICES),
    sheets=(
        Sheet(
            "Catalogs",
            aliases=("Catalog",),
            children=(Children("lines", lines),),
            blocks=(CATALOG, NUMBERING_TOP_FIRST, PRICE_LIST, LINES),
        ),
    ),
    filters=(
        Filter("title"),
        Filter("status", values=("active", "archived", "draft")),
        Filter("company_id", form="range"),
        Filter("company_location_id", form="range"),
        Filter("id", form="range"),
    ),
    count="catalogsCount",
    writing=WRITING,
    personal={
        "companyLocations.name": "company",
        "company.name": "company",
        "=Type Values": "company",
    },
)
