"""Collections: by conditions of every kind, of other collections, or by hand."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, money, numbered, slug, timestamp
from standin.seeds.collection_sources import (
    EXCLUSION,
    by_conditions,
    by_hand,
    condition,
    holds,
    of_collections,
    older,
)

TAGS = {"Winter": "winter", "Été & Sommer": "summer", "Sale": "Sale", "Handmade": "handmade"}
KINDS = (
    "Outdoor",
    "Kitchen",
    "Editor's Picks",
    "Winter",
    "Gifts under $30",
    "Été & Sommer",
    "Sale",
    "Handmade",
    'Everything "new" 🎁',
    "Shelves & corners",
    "Cabin life",
    "Empty shelf",
)
PICKED = ("Editor's Picks", "Gifts under $30", "Empty shelf")
SORTS = ("BEST_SELLING", "ALPHA_ASC", "MANUAL", "CREATED_DESC", "PRICE_DESC", "ALPHA_DESC")
LOOK_AT = 250  # products that are considered


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    products = {product["id"]: product for product in seeder.shop.page("Product", LOOK_AT)}
    publications = seeder.shop.all("Publication")
    made: list[str] = []
    for i in range(first, first + how_many):
        kind = KINDS[i % len(KINDS)]
        title = numbered(kind, i // len(KINDS))
        gid = seeder.id("Collection")
        made.append(gid)
        chosen = _picked(list(products.values()), kind, i) if kind in PICKED else []
        sources = _sources(seeder, kind, title, chosen, made)
        if kind not in PICKED:
            chosen = [p for p in products.values() if any(_holds(s, p) for s in sources)]
        for product in chosen:
            product["collections"].append(gid)
        published_at = None if i % 7 == 6 else timestamp(i, days=1)
        yield {
            "__typename": "Collection",
            "id": gid,
            "title": title,
            "handle": slug(title),
            "descriptionHtml": f"<p>All that is {title.lower().replace('&', '&amp;')}.\n</p>",
            "description": f"All that is {title.lower()}.",
            "sortOrder": "MANUAL" if kind in PICKED else SORTS[i % len(SORTS)],
            "templateSuffix": "landing" if i % 3 == 1 else None,
            "image": seeder.image(f"collection-{slug(title)}.png", title) if i % 2 == 0 else None,
            "products": [product["id"] for product in chosen],
            "sources": sources,
            "ruleSet": older(sources),
            "resourcePublicationsV2": [
                {
                    "publication": publication["id"],
                    "publishable": gid,
                    "isPublished": True,
                    "publishDate": published_at,
                }
                for publication in (publications[: 1 + i % 2] if published_at else [])
            ],
            "metafields": _metafields(seeder, title, i),
            "seo": {"title": title, "description": f"{title} at Northfold"},
            "updatedAt": timestamp(i, days=2),
        }
    yield from products.values()


def _metafields(seeder: Seeder, title: str, i: int) -> list[dict]:
    found = seeder.seo_metafields("COLLECTION", title, f"{title} at Northfold")
    if i % 3:
        found.append(
            seeder.metafield(
                "COLLECTION", "custom.tagline", "single_line_text_field", f"“{title}”, for you"
            )
        )
        found.append(seeder.undefined_metafield("COLLECTION", i))
    return found


def _picked(products: list[dict], kind: str, i: int) -> list[dict]:
    return [] if kind == "Empty shelf" else products[i % 10 :: 7][:12]


def _holds(source: dict, product: dict) -> bool:
    if "inclusion" in source:
        return holds(source, product)
    return any(gid in product["collections"] for gid in source["collections"])


def _sources(seeder: Seeder, kind: str, title: str, chosen: list[dict], made: list[str]) -> list:
    if kind in PICKED:
        return [by_hand(seeder, title, chosen)]
    if kind in TAGS:
        tagged = condition("ProductTag", "TAGGED_WITH", [TAGS[kind]])
        return [by_conditions(seeder, title, "ALL", [tagged])]
    if kind == "Cabin life":
        return [of_collections(seeder, title, made[:2])]
    return _CONDITIONS[kind](seeder, title)


def _outdoor(seeder: Seeder, title: str) -> list[dict]:
    tagged = condition("ProductTag", "TAGGED_WITH", ["outdoor"])
    cheap = condition("VariantPrice", "LESS_THAN", money(500000))
    return [by_conditions(seeder, title, "ALL", [tagged, cheap])]


def _kitchen(seeder: Seeder, title: str) -> list[dict]:
    conditions = [
        condition("ProductType", "EQUALS", ["Kitchen"]),
        condition("ProductTitle", "ENDS_WITH", ["Gloves"]),
        condition("ProductVendor", "STARTS_WITH", ["Kin"]),
        condition("VariantCompareAtPrice", "IS_SET", None),
        condition("VariantInventory", "GREATER_THAN", 40),
        condition("VariantTitle", "DOES_NOT_CONTAIN", ["XL"]),
    ]
    return [by_conditions(seeder, title, "ANY", conditions)]


def _new(seeder: Seeder, title: str) -> list[dict]:
    """What only the newer form can say."""
    category = {"category": _category("aa-1-13-8"), "includeDescendants": True}
    conditions = [
        condition("ProductStatus", "EQUALS", ["ACTIVE"]),
        condition("ProductTag", "TAGGED_WITH", ["gift", "wool"], match="ANY"),
        condition("ProductTag", "NOT_TAGGED_WITH", ["fragile", 'say "no"'], match="ALL"),
        condition("ProductCategory", "NOT_EQUALS", [category]),
        condition("VariantWeight", "LESS_THAN", {"value": 1.5, "unit": "KILOGRAMS"}),
        condition("VariantPrice", "GREATER_THAN", money(1990)),
    ]
    out = [
        condition("ProductVendor", "EQUALS", ["Müller Söhne"], side=EXCLUSION),
        condition("ProductTag", "TAGGED_WITH", ["final", "old"], side=EXCLUSION),
    ]
    return [by_conditions(seeder, title, "ALL", conditions, out)]


def _shelves(seeder: Seeder, title: str) -> list[dict]:
    """Two sources, the first by metafields."""
    definitions = {(d["ownerType"], d["key"]): d for d in seeder.shop.all("MetafieldDefinition")}
    accent = definitions.get(("PRODUCT", "accent"))
    recyclable = definitions.get(("PRODUCT", "recyclable"))
    tagged = condition("ProductTag", "TAGGED_WITH", ["decor"])
    sources = [by_conditions(seeder, title, "ALL", [tagged])]
    if accent and recyclable:
        conditions = [
            condition("MetafieldString", "EQUALS", ["#102A43"]) | {"definition": accent["id"]},
            condition("MetafieldBoolean", "EQUALS", True) | {"definition": recyclable["id"]},
        ]
        sources.insert(0, by_conditions(seeder, "By metafields", "ALL", conditions))
    return sources


def _category(code: str) -> dict:
    return {"__typename": "TaxonomyCategory", "id": f"gid://shopify/TaxonomyCategory/{code}"}


_CONDITIONS = {
    "Outdoor": _outdoor,
    "Kitchen": _kitchen,
    'Everything "new" 🎁': _new,
    "Shelves & corners": _shelves,
}
