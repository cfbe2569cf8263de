"""Collections: by conditions, which pick by tag, or by hand."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, moment, numbered, slug

KINDS = (  # title, tag that picks the products or None for those chosen by hand
    ("Outdoor", "outdoor"),
    ("Kitchen", "kitchen"),
    ("Editor's Picks", None),
    ("Winter", "winter"),
    ("Gifts under $30", None),
    ("Été & Sommer", "summer"),
    ("Sale", "Sale"),
    ("Handmade", "handmade"),
)
SORTS = ("BEST_SELLING", "ALPHA_ASC", "MANUAL", "CREATED_DESC")
LOOK_AT = 250  # products that are considered


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    products = {product["id"]: product for product in seeder.shop.page("Product", LOOK_AT)}
    publications = seeder.shop.all("Publication")
    for i in range(first, first + how_many):
        title, tag = KINDS[i % len(KINDS)]
        title = numbered(title, i // len(KINDS))
        gid = seeder.id("Collection")
        chosen = _chosen(list(products.values()), tag, i)
        for product in chosen:
            product["collections"].append(gid)
        published_at = None if i % 7 == 6 else moment(i, days=1)
        yield {
            "__typename": "Collection",
            "id": gid,
            "title": title,
            "handle": slug(title),
            "descriptionHtml": f"<p>All that is {title.lower().replace('&', '&amp;')}.</p>",
            "description": f"All that is {title.lower()}.",
            "sortOrder": SORTS[i % len(SORTS)] if tag else "MANUAL",
            "templateSuffix": None,
            "image": seeder.image(f"collection-{slug(title)}.png", title) if i % 2 == 0 else None,
            "products": [product["id"] for product in chosen],
            "sources": [_source(seeder, title, tag, chosen)],
            "ruleSet": _rule_set(tag),
            "resourcePublicationsV2": [
                {
                    "publication": publication["id"],
                    "publishable": gid,
                    "isPublished": True,
                    "publishDate": published_at,
                }
                for publication in (publications[:2] if published_at else [])
            ],
            "metafields": seeder.seo_metafields("COLLECTION", title, f"{title} at Northfold"),
            "seo": {"title": title, "description": f"{title} at Northfold"},
            "updatedAt": moment(i, days=2),
        }
    yield from products.values()


def _chosen(products: list[dict], tag: str | None, i: int) -> list[dict]:
    if tag:
        return [product for product in products if tag in product["tags"]]
    return products[i % 10 :: 7][:12]


def _source(seeder: Seeder, title: str, tag: str | None, chosen: list[dict]) -> dict:
    """The CollectionConditionsSource that says which products belong to it."""
    condition = {
        "__typename": "CollectionSourceInclusionConditionProductTag",
        "id": f"gid://shopify/CollectionSourceInclusionCondition/{slug(tag or 'none')}",
        "relation": "TAGGED_WITH",
        "matchType": "ANY",
        "values": [tag],
    }
    by_hand = [{"product": product["id"], "variantIds": None} for product in chosen]
    return {
        "__typename": "CollectionConditionsSource",
        "id": seeder.id("CollectionConditionsSource"),
        "title": title,
        "description": None,
        "targetType": "PRODUCTS",
        "shareable": False,
        "inclusion": {
            "matchType": "ALL",
            "conditions": [condition] if tag else [],
            "selections": [] if tag else by_hand,
        },
        "products": [product["id"] for product in chosen],
    }


def _rule_set(tag: str | None) -> dict | None:
    """The same in the older form, which collections chosen by hand do not have."""
    if not tag:
        return None
    rule = {"column": "TAG", "relation": "EQUALS", "condition": tag}
    return {"appliedDisjunctively": False, "rules": [rule]}
