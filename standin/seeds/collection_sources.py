"""Where a seeded collection's products come from: conditions, exclusions, other collections."""

from collections.abc import Iterable

from standin.seeds.base import Seeder, slug

INCLUSION, EXCLUSION = "CollectionSourceInclusionCondition", "CollectionSourceExclusionCondition"
OLDER_COLUMNS = {
    "ProductTag": "TAG",
    "ProductTitle": "TITLE",
    "ProductType": "TYPE",
    "ProductVendor": "VENDOR",
    "VariantPrice": "VARIANT_PRICE",
    "VariantCompareAtPrice": "VARIANT_COMPARE_AT_PRICE",
    "VariantInventory": "VARIANT_INVENTORY",
    "VariantTitle": "VARIANT_TITLE",
}
OLDER_RELATIONS = {
    "TAGGED_WITH": "EQUALS",
    "NOT_TAGGED_WITH": "NOT_EQUALS",
    "DOES_NOT_CONTAIN": "NOT_CONTAINS",
}
LOOKED_AT = {"ProductTitle": "title", "ProductType": "productType", "ProductVendor": "vendor"}


def condition(kind: str, relation: str, value, match: str = "ANY", side: str = INCLUSION) -> dict:
    """A condition of a source; lists are its ``values``, all else its ``value``."""
    found = {
        "__typename": side + kind,
        "id": f"gid://shopify/{side}/{slug(kind)}-{slug(str(value))[:40]}",
        "relation": relation,
    }
    several = {"values": value, "matchType": match}
    return found | (several if isinstance(value, list) else {"value": value})


def by_conditions(
    seeder: Seeder, title: str, match: str, included: list[dict], excluded: Iterable[dict] = ()
) -> dict:
    source = _source(seeder, title)
    source["inclusion"] = {"matchType": match, "conditions": included, "selections": []}
    if excluded:
        source["exclusion"] = {"matchType": "ANY", "conditions": excluded, "selections": []}
    return source


def by_hand(seeder: Seeder, title: str, products: list[dict]) -> dict:
    chosen = [{"product": product["id"], "variantIds": None} for product in products]
    source = _source(seeder, title)
    return source | {"inclusion": {"matchType": None, "conditions": [], "selections": chosen}}


def of_collections(seeder: Seeder, title: str, collections: list[str]) -> dict:
    """A source that holds what other collections do."""
    return {
        "__typename": "CollectionSubCollectionsSource",
        "id": seeder.id("CollectionSubCollectionsSource"),
        "title": title,
        "description": None,
        "collections": collections,
    }


def holds(source: dict, product: dict) -> bool:
    """Whether a product meets the conditions on its tags and texts; others are taken as met."""
    inclusion, exclusion = source["inclusion"], source.get("exclusion") or {"conditions": ()}
    together = any if inclusion["matchType"] == "ANY" else all
    return together(_met(c, product) for c in inclusion["conditions"]) and not any(
        _met(c, product) for c in exclusion["conditions"]
    )


def older(sources: list[dict]) -> dict | None:
    """The one source of a collection in the older form, where that can say the same."""
    if len(sources) != 1 or sources[0].get("exclusion"):
        return None
    inclusion = sources[0].get("inclusion") or {"conditions": ()}
    rules = [_older_rule(c) for c in inclusion["conditions"]]
    if not rules or not all(rules):
        return None
    return {"appliedDisjunctively": inclusion["matchType"] == "ANY", "rules": rules}


def _source(seeder: Seeder, title: str) -> dict:
    return {
        "__typename": "CollectionConditionsSource",
        "id": seeder.id("CollectionConditionsSource"),
        "title": title,
        "description": None,
        "targetType": "PRODUCTS",
        "shareable": False,
    }


def _met(condition: dict, product: dict) -> bool:
    kind = condition["__typename"].partition("Condition")[2]
    wanted = condition.get("values") or []
    if kind == "ProductTag":
        tagged = any(tag in product["tags"] for tag in wanted)
        return tagged == (condition["relation"] == "TAGGED_WITH")
    if kind not in LOOKED_AT:
        return True
    text = product[LOOKED_AT[kind]].lower()
    relation, wanted = condition["relation"], [value.lower() for value in wanted]
    equal, within = text in wanted, any(value in text for value in wanted)
    return {
        "EQUALS": equal,
        "NOT_EQUALS": not equal,
        "CONTAINS": within,
        "DOES_NOT_CONTAIN": not within,
        "STARTS_WITH": text.startswith(tuple(wanted)),
        "ENDS_WITH": text.endswith(tuple(wanted)),
    }[relation]


def _older_rule(condition: dict) -> dict | None:
    column = OLDER_COLUMNS.get(condition["__typename"].partition("Condition")[2])
    values = condition.get("values") or [condition.get("value")]
    if column is None or len(values) != 1:
        return None
    [value] = values
    relation = OLDER_RELATIONS.get(condition["relation"], condition["relation"])
    text = value["amount"] if isinstance(value, dict) else "" if value is None else str(value)
    return {"column": column, "relation": relation, "condition": text}
