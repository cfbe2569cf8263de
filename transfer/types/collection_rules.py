"""Which products belong to a collection: its sources, as the rules that real files have.

A collection is the union of its sources: conditions that include and exclude products, products
chosen by hand, other collections. One that has conditions or other collections is smart. Columns
and relations that no real file has are named in the same style as those it has.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from transfer.types.base import Item
from transfer.types.forms import WEIGHT_UNITS, money, number_of

METAOBJECT = "{ type handle }"
CATEGORY = "{ includeDescendants category { id } }"
INCLUDED = {
    "ProductTag": ("Tag", "values"),
    "ProductTitle": ("Title", "values"),
    "ProductType": ("Type", "values"),
    "ProductVendor": ("Vendor", "values"),
    "ProductStatus": ("Status", "values"),
    "ProductCategory": ("Category", f"values {CATEGORY}"),
    "VariantTitle": ("Variant Title", "values"),
    "VariantPrice": ("Variant Price", "value { amount }"),
    "VariantCompareAtPrice": ("Variant Compare At Price", "value { amount }"),
    "VariantInventory": ("Variant Inventory", "value"),
    "VariantWeight": ("Variant Weight", "value { value unit }"),
    "MetafieldBoolean": ("Metafield", "value"),
    "MetafieldDecimal": ("Metafield", "value"),
    "MetafieldInteger": ("Metafield", "value"),
    "MetafieldString": ("Metafield", "values"),
    "MetafieldStringList": ("Metafield", "values"),
    "MetafieldMetaobject": ("Metafield", f"value {METAOBJECT}"),
    "MetafieldMetaobjectList": ("Metafield", f"values {METAOBJECT}"),
    "Unknown": ("Unknown", "values"),
}
"""Kinds of conditions: the words of ``Rule: Product Column`` and what is asked of the value."""
EXCLUDED = {kind: INCLUDED[kind] for kind in ("ProductTag", "ProductType", "ProductVendor")} | {
    "ProductCategory": INCLUDED["ProductCategory"],
    "Collection": ("Collection", "values { handle }"),
    "Unknown": INCLUDED["Unknown"],
}
RELATIONS = {
    "TAGGED_WITH": "Equals",
    "NOT_TAGGED_WITH": "Not Equals",
    "INCLUDES": "Equals",
    "DOES_NOT_CONTAIN": "Not Contains",
    "IS_SET": "Is Not Empty",
    "IS_NOT_SET": "Is Empty",
}
OPPOSITES = {"Equals": "Not Equals", "Contains": "Not Contains"}
OWNERS = {"PRODUCTVARIANT": "Variant Metafield"}


def _conditions(side: str, kinds: dict[str, tuple[str, str]]) -> str:
    """What is asked of each kind of condition. No two kinds agree on the types of their fields,
    so each has its own names for them: ``productTagRelation``."""
    asked = []
    for kind, (column, value) in kinds.items():
        name = _named(kind)
        several = value.startswith("values")
        fields = [f"{name}Value: {value}"]
        fields += [f"{name}Match: matchType"] if several else []
        fields += [f"{name}Relation: relation"] if kind != "Collection" else []
        fields += ["definition { namespace key ownerType }"] if column == "Metafield" else []
        asked.append(f"... on CollectionSource{side}Condition{kind} {{ {' '.join(fields)} }}")
    return f"matchType conditions {{ __typename id {' '.join(asked)} }}"


def _named(kind: str) -> str:
    return kind[0].lower() + kind[1:]


SOURCES = f"""sources {{ __typename id
  ... on CollectionConditionsSource {{
    shareable targetType inclusion {{ {_conditions("Inclusion", INCLUDED)} }}
    exclusion {{ {_conditions("Exclusion", EXCLUDED)} }}
  }}
  ... on CollectionSubCollectionsSource {{ collections {{ handle }} }}
}}"""
"""All that ``rules`` and ``must_match`` need, and that it takes to write them again."""
KINDS_OF_SOURCES = """sources { __typename
  ... on CollectionConditionsSource { inclusion { conditions { __typename } } }
}"""
"""All that ``is_smart`` needs."""


def is_smart(collection: Item) -> bool:
    """Whether it has conditions or other collections, not only products chosen by hand."""
    return any(
        source["__typename"] == "CollectionSubCollectionsSource"
        or (source.get("inclusion") or {}).get("conditions")
        for source in collection["sources"]
    )


def rules(collection: Item) -> list[Item]:
    """``{"column", "relation", "condition"}`` of each rule, in the order of the sources.

    A condition with several values is a rule for each where that means the same, else one rule
    with the values between commas. What a source excludes is a rule with the opposite relation.
    """
    return [rule for source in collection["sources"] for rule in _rules(source)]


def must_match(collection: Item) -> str:
    """``all conditions`` or ``any condition``; several sources add up, so any of them counts."""
    found = [source for source in collection["sources"] if any(_rules(source))]
    alone = len(found) == 1 and found[0].get("inclusion")
    return "all conditions" if alone and alone["matchType"] != "ANY" else "any condition"


def _rules(source: Item) -> Iterator[Item]:
    for included in source.get("collections", ()):
        yield {"column": "Collection", "relation": "Equals", "condition": included["handle"]}
    if inclusion := source.get("inclusion"):
        for condition in inclusion["conditions"]:
            yield from _rule(condition, INCLUDED, inclusion["matchType"])
    if exclusion := source.get("exclusion"):
        for condition in exclusion["conditions"]:
            for rule in _rule(condition, EXCLUDED, "ANY"):
                yield rule | {"relation": OPPOSITES.get(rule["relation"], rule["relation"])}


def _rule(
    condition: Item, kinds: Mapping[str, tuple[str, ...]], match: str | None
) -> Iterator[Item]:
    kind = condition["__typename"].partition("Condition")[2]
    name, column = _named(kind), kinds[kind][0]
    value = condition.get(f"{name}Value")
    relation = condition.get(f"{name}Relation") or "EQUALS"
    values: list[Any] = value if isinstance(value, list) else [value]
    if column == "Metafield":
        column = _metafield(condition["definition"])
    if column == "Category" and any(v["includeDescendants"] for v in values):
        column = "Category With Descendants"
    texts = [v.capitalize() if kind == "ProductStatus" else _text(v) for v in values]
    if len(texts) > 1 and condition[f"{name}Match"] != (match or "ALL"):
        texts = [", ".join(texts)]
    words = RELATIONS.get(relation) or relation.replace("_", " ").title()
    for text in texts:
        yield {"column": column, "relation": words, "condition": text}


def _metafield(definition: Item) -> str:
    owner = OWNERS.get(definition["ownerType"], "Metafield")
    return f"{owner}: {definition['namespace']}.{definition['key']}"


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case {"amount": amount}:
            return str(int(float(amount))) if float(amount).is_integer() else money(amount)
        case {"value": weight, "unit": unit}:
            return f"{weight} {WEIGHT_UNITS[unit]}"
        case {"category": category}:
            return number_of(category["id"])
        case {"type": kind, "handle": handle}:
            return f"{kind}.{handle}"
        case {"handle": str(handle)}:
            return handle
        case _:
            return str(value)
