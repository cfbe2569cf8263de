"""What each filter of each type selects by: where Shopify has it in an object.

``TYPES[name]`` is what a store is seeded with, the query of its objects, and for each filter a
dotted path to its values in a node (lists on the way are gone through), or a function to them.
"""

from collections.abc import Callable
from typing import NamedTuple


class Given(NamedTuple):
    """A value to filter by, where no field shows what it selects by."""

    value: str


Values = str | Callable[[dict], list] | Given


class Selected(NamedTuple):
    seed: dict[str, int]
    query: str
    by: dict[str, Values]


def _published(node: dict) -> list:
    return ["published" if node["isPublished"] else "unpublished"]


def _on_channel(node: dict) -> list:
    return ["published" if node["resourcePublicationsV2"]["nodes"] else "unpublished"]


def _same(*names: str) -> dict[str, Values]:
    return {name: name for name in names}


SEARCHED = "query: $search"
"""What a query has that takes the text of a search."""


def _connection(name: str, fields: str, size: int = 60) -> str:
    page = f"nodes {{ id {fields} }} pageInfo {{ hasNextPage endCursor }}"
    arguments = f"first: {size}, after: $after, {SEARCHED}"
    return f"query ($after: String, $search: String) {{ {name}({arguments}) {{ {page} }} }}"


DATES = {"id": "id", "created_at": "createdAt", "updated_at": "updatedAt"}
TAGS = {"tag": "tags", "tag_not": "tags"}
PUBLIC = {"publishable_status": _on_channel, "published_status": _on_channel}
ON_CHANNEL = "resourcePublicationsV2(first: 3) { nodes { publishDate } }"
KINDS_OF_DISCOUNTS = (
    *("DiscountCodeBasic", "DiscountCodeBxgy", "DiscountCodeFreeShipping", "DiscountCodeApp"),
    *("DiscountAutomaticBasic", "DiscountAutomaticBxgy"),
    *("DiscountAutomaticFreeShipping", "DiscountAutomaticApp"),
)


def _discount(kind: str) -> str:
    codes = " codes(first: 3) { nodes { code } }" if "Code" in kind else ""
    value = ""
    if kind.endswith("Basic"):
        value = " customerGets { value { __typename } }"
    return f"""... on {kind} {{ title status startsAt endsAt createdAt updatedAt
      asyncUsageCount discountClasses{codes}{value} }}"""


def _reduced(node: dict) -> list:
    return [bool(variant["compareAtPrice"]) for variant in node["variants"]["nodes"]]


def _method(node: dict) -> list:
    return ["automatic" if "Automatic" in node["discount"]["__typename"] else "code"]


def _type(node: dict) -> list:
    discount = node["discount"]
    kinds = {"App": "app", "Bxgy": "bogo", "Shipping": "free_shipping"}
    for ending, name in kinds.items():
        if discount["__typename"].endswith(ending):
            return [name]
    kind = discount["customerGets"]["value"]["__typename"]
    return [{"DiscountPercentage": "percentage", "DiscountAmount": "fixed_amount"}[kind]]


def _status_of_order(node: dict) -> list:
    return ["cancelled" if node["cancelledAt"] else "closed" if node["closed"] else "open"]


def number(gid: str) -> str:
    return gid.rpartition("/")[2]


def _media_type(node: dict) -> list:
    kind = node["id"].split("/")[3]
    return [{"MediaImage": "image", "GenericFile": "generic_file"}.get(kind, kind.lower())]


def _file_name(node: dict) -> list:
    url = node.get("url") or (node.get("image") or {}).get("url") or node.get("filename") or ""
    return [url.partition("?")[0].rpartition("/")[2]]


def _smart(node: dict) -> list:
    made = [s for s in node["sources"] if s.get("inclusion", {"conditions": [1]})["conditions"]]
    return ["smart" if made else "custom"]


TYPES: dict[str, Selected] = {
    "products": Selected(
        {"products": 52, "collections": 3},
        _connection(
            "products",
            f"""handle title vendor productType tags status category {{ id }} totalInventory
            createdAt updatedAt publishedAt isGiftCard {ON_CHANNEL}
            collections(first: 3) {{ nodes {{ id }} }}
            variants(first: 30) {{ nodes {{ id title sku barcode price compareAtPrice }} }}""",
            12,
        ),
        {
            **DATES | TAGS | PUBLIC | _same("handle", "title", "vendor", "status"),
            "product_type": "productType",
            "category_id": lambda node: [number((node["category"] or {"id": ""})["id"])],
            "inventory_total": "totalInventory",
            "published_at": "publishedAt",
            "gift_card": "isGiftCard",
            "collection_id": "collections.nodes.id",
            "variant_id": "variants.nodes.id",
            "variant_title": "variants.nodes.title",
            "sku": "variants.nodes.sku",
            "barcode": "variants.nodes.barcode",
            "price": "variants.nodes.price",
            "is_price_reduced": _reduced,
        },
    ),
    "collections": Selected(
        {"metafield_definitions": 18, "products": 12, "collections": 14},
        _connection(
            "collections",
            f"""handle title updatedAt {ON_CHANNEL} products(first: 20) {{ nodes {{ id }} }}
            sources {{ __typename ... on CollectionConditionsSource {{
              inclusion {{ conditions {{ __typename }} }} }} }}""",
            14,
        ),
        {
            **PUBLIC | _same("id", "handle", "title"),
            "updated_at": "updatedAt",
            "published_at": "resourcePublicationsV2.nodes.publishDate",
            "product_id": "products.nodes.id",
            "collection_type": _smart,
        },
    ),
    "customers": Selected(
        {"products": 3, "customers": 12, "orders": 6},
        _connection(
            "customers",
            """email phone state tags createdAt updatedAt numberOfOrders amountSpent { amount }
            addressesV2(first: 5) { nodes { countryCodeV2 } }""",
        ),
        {
            **DATES | TAGS | _same("email", "phone", "state"),
            "country": "addressesV2.nodes.countryCodeV2",
            "total_spent": "amountSpent.amount",
            "orders_count": "numberOfOrders",
        },
    ),
    "orders": Selected(
        {"products": 12, "customers": 6, "orders": 8},
        _connection(
            "orders",
            """name email displayFinancialStatus displayFulfillmentStatus cancelledAt closed tags
            discountCodes sourceName customer { id } createdAt processedAt updatedAt test
            lineItems(first: 5) { nodes { sku } }""",
            30,
        ),
        {
            **DATES | TAGS | _same("name", "email", "test"),
            "financial_status": "displayFinancialStatus",
            "fulfillment_status": "displayFulfillmentStatus",
            "status": _status_of_order,
            "sku": "lineItems.nodes.sku",
            "discount_code": "discountCodes",
            "source_name": "sourceName",
            "customer_id": "customer.id",
            "processed_at": "processedAt",
        },
    ),
    "discounts": Selected(
        {"products": 12, "collections": 4, "customers": 4, "discounts": 13},
        _connection(
            "discountNodes",
            f"discount {{ __typename {' '.join(map(_discount, KINDS_OF_DISCOUNTS))} }}",
            20,
        ),
        {
            "id": "id",
            **{name: f"discount.{name}" for name in ("title", "status")},
            "code": "discount.codes.nodes.code",
            "method": _method,
            "type": _type,
            "discount_class": "discount.discountClasses",
            "times_used": "discount.asyncUsageCount",
            "starts_at": "discount.startsAt",
            "ends_at": "discount.endsAt",
            "created_at": "discount.createdAt",
            "updated_at": "discount.updatedAt",
        },
    ),
    "articles": Selected(
        {"articles": 9},
        _connection(
            "articles",
            """handle title author { name } tags isPublished createdAt updatedAt publishedAt
            blog { id title }""",
        ),
        {
            **DATES | TAGS | _same("handle", "title"),
            "author": "author.name",
            "blog_title": "blog.title",
            "blog_id": lambda node: [number(node["blog"]["id"])],
            "published_status": _published,
            "published_at": "publishedAt",
        },
    ),
    "catalogs": Selected(
        {"products": 8, "customers": 4, "companies": 3, "catalogs": 5},
        _connection(
            "catalogs",
            """title status ... on CompanyLocationCatalog {
            companyLocations(first: 3) { nodes { id company { id } } } }""",
        ),
        {
            **_same("title", "status", "id"),
            "company_id": "companyLocations.nodes.company.id",
            "company_location_id": "companyLocations.nodes.id",
        },
    ),
    "companies": Selected(
        {"products": 4, "customers": 12, "companies": 5},
        _connection("companies", "name externalId createdAt updatedAt"),
        {**DATES, "name": "name", "external_id": "externalId"},
    ),
    "draft_orders": Selected(
        {"products": 8, "customers": 6, "draft_orders": 8},
        _connection("draftOrders", "status tags customer { id } createdAt updatedAt"),
        {
            **DATES,
            "status": "status",
            "tag": "tags",
            "customer_id": "customer.id",
            "source": Given("pos"),
        },
    ),
    "files": Selected(
        {"products": 6, "files": 12},
        _connection(
            "files",
            """fileStatus createdAt updatedAt ... on MediaImage { image { url } }
            ... on Video { filename } ... on GenericFile { url }
            ... on ExternalVideo { embedUrl }""",
        ),
        {
            **DATES,
            "filename": _file_name,
            "media_type": _media_type,
            "status": "fileStatus",
            "used_in": Given("product"),
            "product_id": Given(">=1"),
        },
    ),
    "menus": Selected(
        {"products": 4, "collections": 6, "pages": 4, "menus": 4},
        _connection("menus", "title"),
        _same("id", "title"),
    ),
    "metaobjects": Selected(
        {"files": 4, "metaobject_definitions": 3, "metaobjects": 12},
        """query { metaobjectDefinitions(first: 5) { nodes { metaobjects(first: 20) {
          nodes { id type handle displayName updatedAt } } } } }""",
        {
            **_same("id", "handle"),
            "definition": "type",
            "display_name": "displayName",
            "updated_at": "updatedAt",
        },
    ),
    "pages": Selected(
        {"pages": 9},
        _connection("pages", "handle title isPublished createdAt updatedAt publishedAt"),
        {
            **DATES | _same("handle", "title"),
            "published_status": _published,
            "published_at": "publishedAt",
        },
    ),
    "redirects": Selected(
        {"redirects": 9},
        _connection("urlRedirects", "path target"),
        {**_same("id", "path", "target"), "created_at": Given(">=2026-01-06")},
    ),
    "shop": Selected({}, "query { shop { id } }", {}),
    "metafield_definitions": Selected(
        {"metafield_definitions": 21},
        "query { "
        + " ".join(
            f"{owner}: metafieldDefinitions(ownerType: {owner}, first: 30) {{ nodes {{"
            f" id ownerType namespace key type {{ name }} }} }}"
            for owner in ("PRODUCT", "PRODUCTVARIANT", "CUSTOMER", "ORDER", "DRAFTORDER")
            + ("COMPANY", "COLLECTION", "PAGE", "ARTICLE", "SHOP")
        )
        + " }",
        {
            **_same("id", "namespace", "key"),
            "owner_type": "ownerType",
            "type": "type.name",
            "created_at": Given("<2026-01-07"),
            "updated_at": Given("<2026-01-09"),
        },
    ),
    "metaobject_definitions": Selected(
        {"metaobject_definitions": 3}, _connection("metaobjectDefinitions", "type"), {}
    ),
    "events": Selected(
        {"products": 3, "collections": 2, "pages": 2, "orders": 2, "events": 15},
        _connection("events", "action createdAt ... on BasicEvent { subjectType }"),
        {
            **_same("id", "action"),
            "subject_type": "subjectType",
            "created_at": "createdAt",
            "comments": Given("false"),
        },
    ),
    "payouts": Selected(
        {"products": 3, "customers": 2, "orders": 4, "payouts": 6},
        """query { shopifyPaymentsAccount { payouts(first: 20) { nodes {
          id status issuedAt net { amount currencyCode } } } } }""",
        {
            **_same("id", "status"),
            "currency": "net.currencyCode",
            "amount": "net.amount",
            "issued_at": "issuedAt",
        },
    ),
}
