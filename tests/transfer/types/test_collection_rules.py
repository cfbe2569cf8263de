"""What the older words cannot say of a collection's sources, and what they can."""

import pytest

from transfer.types.collection_rules import is_smart, must_match, rules


def condition(
    kind: str, relation: str | None, value, match: str | None = None, side="Inclusion"
) -> dict:
    name = kind[0].lower() + kind[1:]
    found = {f"{name}Relation": relation, f"{name}Value": value, f"{name}Match": match}
    return found | {"__typename": f"CollectionSource{side}Condition{kind}"}


def collection(*included: dict, match: str | None = "ALL", excluded: tuple = ()) -> dict:
    return {
        "sources": [
            {
                "__typename": "CollectionConditionsSource",
                "inclusion": {"matchType": match, "conditions": list(included)},
                "exclusion": {"matchType": "ANY", "conditions": list(excluded)},
            }
        ]
    }


def lines(item: dict) -> list[tuple]:
    return [tuple(rule.values()) for rule in rules(item)]


def test_products_chosen_by_hand_make_no_smart_collection():
    assert not is_smart(collection())
    assert not is_smart({"sources": []})
    assert is_smart(collection(condition("ProductTag", "TAGGED_WITH", ["a"], "ANY")))
    assert is_smart({"sources": [{"__typename": "CollectionSubCollectionsSource"}]})


@pytest.mark.parametrize(
    ("match", "inner", "values"),
    [
        ("ALL", "ALL", ["a", "b"]),
        ("ANY", "ANY", ["a", "b"]),
        ("ALL", "ANY", ["a, b"]),
        ("ANY", "ALL", ["a, b"]),
        (None, "ALL", ["a", "b"]),
    ],
)
def test_values_are_rules_of_their_own_where_that_means_the_same(match, inner, values):
    item = collection(condition("ProductTag", "TAGGED_WITH", ["a", "b"], inner), match=match)
    assert [rule["condition"] for rule in rules(item)] == values


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (condition("VariantPrice", "LESS_THAN", {"amount": "20.0"}), ("Less Than", "20")),
        (condition("VariantPrice", "EQUALS", {"amount": "9.5"}), ("Equals", "9.50")),
        (condition("VariantCompareAtPrice", "IS_NOT_SET", None), ("Is Empty", "")),
        (condition("VariantInventory", "GREATER_THAN", 0), ("Greater Than", "0")),
        (condition("ProductTag", "NOT_TAGGED_WITH", ["é, ö"], "ALL"), ("Not Equals", "é, ö")),
        (condition("Unknown", None, None), ("Equals", "")),
    ],
)
def test_relations_and_values_are_those_of_real_files(found, line):
    assert lines(collection(found))[0][1:] == line


def test_metafields_of_variants_and_references_to_entries_have_their_names():
    owner = {"namespace": "fit", "key": "maker", "ownerType": "PRODUCTVARIANT"}
    entry = {"type": "maker", "handle": "ann"}
    found = condition("MetafieldMetaobject", "EQUALS", entry) | {"definition": owner}
    line = ("Variant Metafield: fit.maker", "Equals", "maker.ann")
    assert lines(collection(found)) == [line]


def test_what_is_excluded_is_the_opposite():
    out = (
        condition("Collection", None, [{"handle": "sale"}], "ANY", "Exclusion"),
        condition("ProductVendor", "CONTAINS", ["Co", "Ltd"], "ANY", "Exclusion"),
    )
    item = collection(condition("ProductTag", "TAGGED_WITH", ["a"], "ANY"), excluded=out)
    assert lines(item)[1:] == [
        ("Collection", "Not Equals", "sale"),
        ("Vendor", "Not Contains", "Co"),
        ("Vendor", "Not Contains", "Ltd"),
    ]
    assert must_match(item) == "all conditions"


def test_several_sources_add_up():
    one = collection(condition("ProductTag", "TAGGED_WITH", ["a"], "ANY"))
    two = {"sources": one["sources"] * 2}
    assert (must_match(one), must_match(two)) == ("all conditions", "any condition")
    assert must_match({"sources": [*one["sources"], *collection()["sources"]]}) == "all conditions"
