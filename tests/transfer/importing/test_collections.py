"""Imports of collections: smart ones by their rules, custom ones by their products."""

import pytest

from tests.transfer.importing.files import (
    came_of,
    check_commands,
    check_told,
    exported,
    results_of,
    unchanged,
)

SMART, CUSTOM = "Smart Collections", "Custom Collections"
TYPE = "collections"
TAGLINE = "Metafield: custom.tagline [single_line_text_field]"
HANDLES = "query { products(first: 6) { nodes { id handle } } }"


@pytest.fixture
def filled(store):
    store.tell("seed", products=6, metafield_definitions=21)
    return store


def handles(store) -> list[str]:
    return [node["handle"] for node in store.graphql(HANDLES)["products"]["nodes"]]


def smart(store, handle: str = "under-20") -> list[dict[str, str]]:
    return [row for row in exported(store, TYPE, SMART) if row["Handle"] == handle]


def custom(store, handle: str = "picks") -> list[dict[str, str]]:
    return [row for row in exported(store, TYPE, CUSTOM) if row["Handle"] == handle]


def linked(rows: list[dict[str, str]]) -> list[str]:
    return [row["Product: Handle"] for row in rows if row["Product: Handle"]]


MEMBERS = """query ($handle: String!) { collectionByIdentifier(identifier: {handle: $handle}) {
  products(first: 9) { nodes { handle } } } }"""


def members(store, handle: str = "picks") -> list[str]:
    """The handles of the products that a collection has, in its order."""
    found = store.graphql(MEMBERS, handle=handle)["collectionByIdentifier"]
    return [node["handle"] for node in found["products"]["nodes"]]


def rules(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    names = ("Rule: Product Column", "Rule: Relation", "Rule: Condition")
    return [tuple(row[name] for name in names) for row in rows if row[names[0]]]


def rule(column: str, relation: str, condition: str = "", **more: str) -> dict[str, str]:
    cells = {"Handle": "under-20", "Title": "Under 20", "Rule: Product Column": column}
    return {**cells, "Rule: Relation": relation, "Rule: Condition": condition, **more}


def chosen(*products: str, **more: str) -> list[dict[str, str]]:
    return [
        {"Handle": "picks", "Title": "Picks", "Product: Handle": handle, **more}
        for handle in products
    ]


def test_smart_collections_are_created_with_their_rules(filled, tmp_path):
    """Several values in a cell are one condition."""
    own = {
        "Sort Order": "alpha-asc",
        "Body HTML": "<p>Cheap.</p>",
        "Must Match": "any condition",
        "Published: Online Store": "TRUE",
        "SEO Title": "Cheap things",
        TAGLINE: "Less is more",
    }
    rows = [
        rule("Tag", "Equals", "camp", **own),
        rule("VARIANT_PRICE", "less than", "20.00"),
        rule("Variant Weight", "Greater Than", "1.5 kg"),
        rule("Variant Compare At Price", "Is Not Empty"),
        rule("Status", "Equals", "active"),
        rule("Vendor", "STARTS_WITH", "Mo"),
        rule("Category With Descendants", "Not Equals", "aa-1-13-8"),
        rule("Variant Inventory", "Greater Than", "3"),
    ]
    several = rule("Tag", "Equals", "camp, tin", **{"Must Match": "all conditions"})
    rows.append(several | {"Handle": "several"})
    assert results_of(filled, tmp_path, TYPE, *rows, sheet=SMART) == ["created"] * 9
    exports = exported(filled, TYPE, SMART)
    found = [row for row in exports if row["Handle"] == "under-20"]
    other = [row for row in exports if row["Handle"] == "several"]
    assert rules(other) == [("Tag", "Equals", "camp, tin")]
    assert rules(found) == [
        ("Tag", "Equals", "camp"),
        ("Variant Price", "Less Than", "20"),
        ("Variant Weight", "Greater Than", "1.5 kg"),
        ("Variant Compare At Price", "Is Not Empty", ""),
        ("Status", "Equals", "Active"),
        ("Vendor", "Starts With", "Mo"),
        ("Category With Descendants", "Not Equals", "aa-1-13-8"),
        ("Variant Inventory", "Greater Than", "3"),
    ]
    first = found[0]
    assert (first["Sort Order"], first["Must Match"], first["Published: Online Store"]) == (
        "Alphabet",
        "any condition",
        "true",
    )
    assert (first["Metafield: title_tag [string]"], first[TAGLINE]) == (
        "Cheap things",
        "Less is more",
    )
    unchanged(filled, tmp_path, TYPE, SMART)


def test_the_rules_of_a_file_are_the_whole_list(filled, tmp_path):
    rows = [rule("Tag", "Equals", "camp"), rule("Title", "Contains", "Kettle")]
    results_of(filled, tmp_path, TYPE, *rows, sheet=SMART)
    assert results_of(
        filled, tmp_path, TYPE, rule("Tag", "Equals", "camp"), rule("Type", "Equals", "Tin"),
        sheet=SMART,
    ) == ["updated"] * 2  # fmt: skip
    assert rules(smart(filled)) == [("Tag", "Equals", "camp"), ("Type", "Equals", "Tin")]
    row = {"Handle": "under-20", "Must Match": "any condition"}
    assert results_of(filled, tmp_path, TYPE, row, sheet=SMART) == ["updated"]
    found = smart(filled)
    assert found[0]["Must Match"] == "any condition" and len(rules(found)) == 2


def test_a_rule_may_look_at_a_metafield_and_at_other_collections(filled, tmp_path):
    results_of(filled, tmp_path, TYPE, rule("Tag", "Equals", "camp"), sheet=SMART)
    rows = [
        {"Handle": "both", "Title": "Both", "Rule: Product Column": "Collection",
         "Rule: Relation": "Equals", "Rule: Condition": "under-20"},
        {"Handle": "both", "Rule: Product Column": "Metafield: custom.material",
         "Rule: Relation": "Equals", "Rule: Condition": "Tin"},
    ]  # fmt: skip
    assert results_of(filled, tmp_path, TYPE, *rows, sheet=SMART) == ["created"] * 2
    assert set(rules(smart(filled, "both"))) == {
        ("Collection", "Equals", "under-20"),
        ("Metafield: custom.material", "Equals", "Tin"),
    }
    unchanged(filled, tmp_path, TYPE, SMART)


def test_a_custom_collection_is_created_in_the_order_of_its_positions(filled, tmp_path):
    one, two, three, *_ = handles(filled)
    rows = chosen(one, two, three, **{"Sort Order": "Manual"})
    for row, place in zip(rows, "231", strict=True):
        row["Product: Position"] = place
    assert results_of(filled, tmp_path, TYPE, *rows, sheet=CUSTOM) == ["created"] * 3
    assert members(filled) == [three, one, two]
    unchanged(filled, tmp_path, TYPE, CUSTOM)


def test_products_join_leave_and_move(filled, tmp_path):
    one, two, three, four, *_ = handles(filled)
    rows = chosen(one, two, **{"Sort Order": "Manual"})
    results_of(filled, tmp_path, TYPE, *rows, sheet=CUSTOM)
    assert results_of(filled, tmp_path, TYPE, *chosen(three), sheet=CUSTOM) == ["updated"]
    assert set(members(filled)) == {one, two, three}
    gone = chosen(one, **{"Product: Command": "DELETE"})
    assert results_of(filled, tmp_path, TYPE, *gone, sheet=CUSTOM) == ["updated"]
    assert set(members(filled)) == {two, three}
    moved = chosen(three, **{"Product: Position": "1"})
    results_of(filled, tmp_path, TYPE, *moved, sheet=CUSTOM)
    assert members(filled) == [three, two]
    whole = chosen(four, two, **{"Product: Command": "REPLACE"})
    assert results_of(filled, tmp_path, TYPE, *whole, sheet=CUSTOM) == ["updated"] * 2
    assert set(members(filled)) == {two, four}


CHOSEN_AGAIN = """mutation ($id: ID!, $product: ID!) { collectionUpdate(collection: {id: $id,
  sourcesToCreate: [{source: {title: "More", inclusion: {selections: [{productId: $product}]}}}]})
  { userErrors { message } } }"""


def test_a_product_that_two_sources_bring_is_taken_from_both(filled, tmp_path):
    one, two, *_ = handles(filled)
    results_of(filled, tmp_path, TYPE, *chosen(one, two), sheet=CUSTOM)
    before = custom(filled)
    gid = f"gid://shopify/Product/{before[0]['Product: ID']}"
    there = f"gid://shopify/Collection/{before[0]['ID']}"
    made = filled.graphql(CHOSEN_AGAIN, id=there, product=gid)
    assert made["collectionUpdate"]["userErrors"] == []
    gone = chosen(before[0]["Product: Handle"], **{"Product: Command": "DELETE"})
    assert results_of(filled, tmp_path, TYPE, *gone, sheet=CUSTOM) == ["updated"]
    assert members(filled) == [before[1]["Product: Handle"]]


def test_a_product_that_is_not_there_is_named_and_the_others_join(filled, tmp_path):
    one, two, *_ = handles(filled)
    rows = chosen(one, "no-such-product", two)
    [first, *_] = came_of(filled, tmp_path, TYPE, *rows, sheet=CUSTOM)
    assert first[0] == "created" and "no-such-product" in first[1]
    assert set(members(filled)) == {one, two}


def test_own_columns_change_and_clear(filled, tmp_path):
    one, *_ = handles(filled)
    results_of(
        filled,
        tmp_path,
        TYPE,
        *chosen(one, **{"Template Suffix": "landing", TAGLINE: "Ours", "Published": "true"}),
        sheet=CUSTOM,
    )
    row = {
        "Handle": "picks",
        "Title": "Our picks",
        "Image Src": "https://pictures.example/picks.png",
        "Image Alt Text": "A shelf",
        "Published": "false",
        TAGLINE: "",
    }
    assert results_of(filled, tmp_path, TYPE, row, sheet=CUSTOM) == ["updated"]
    [found] = custom(filled)
    assert (found["Title"], found["Image Alt Text"], found[TAGLINE]) == (
        "Our picks",
        "A shelf",
        "Ours",
    )
    assert found["Image Src"].partition("?")[0].endswith("picks.png") and found["Published"] == ""
    unchanged(filled, tmp_path, TYPE, CUSTOM)
    row = {"Handle": "picks", "Image Alt Text": "Two shelves", TAGLINE: "", "Image Src": ""}
    assert results_of(filled, tmp_path, TYPE, row, sheet=CUSTOM) == ["updated"]
    cleared = {"Handle": "picks", "Image Src": "", "Template Suffix": "", TAGLINE: ""}
    assert results_of(filled, tmp_path, TYPE, cleared, sheet=CUSTOM, blank="clear") == ["updated"]
    [found] = custom(filled)
    assert (found["Image Src"], found["Template Suffix"], found[TAGLINE]) == ("", "", "")


def test_commands(filled, tmp_path):
    def named(name: str) -> dict[str, str]:
        return {"Handle": name, "Title": name}

    check_commands(filled, tmp_path, TYPE, named, sheet=CUSTOM)
    assert exported(filled, TYPE, CUSTOM) == []


WRONG = [
    (rule("Colour", "Equals", "red"), "Rule: Product Column: “Colour” is none of Tag, Title"),
    (rule("Tag", "Sounds Like", "red"), "Rule: Relation: “Sounds Like” is none of Equals"),
    (rule("Tag", "Contains", "red"), "Rule: Relation: “Contains” does not go with Tag."),
    (rule("Variant Price", "Less Than", "twenty"), "“twenty” is not a number"),
    (rule("Variant Weight", "Less Than", "2"), "“2” is not a weight. Write it like 1.5 kg."),
    (rule("Tag", "Equals", ""), "Rule: Condition: it is empty for Tag."),
    (rule("Collection", "Equals", "nowhere"), "The store has no collection “nowhere”."),
    (rule("Metafield: custom.nothing", "Equals", "x"), "no metafield definition"),
    (rule("Tag", "Equals", "red", **{"Must Match": "some"}), "Must Match"),
    (rule("Tag", "Equals", "red", **{"Sort Order": "sideways"}), "Sort Order: “sideways”"),
    (rule("Tag", "Equals", "red", Title=""), "The Title is empty."),
]


def test_wrong_cells_are_told_and_the_rest_goes_on(filled, tmp_path):
    other = {"Handle": "other", "Title": "Other"}
    bad = [row | {"Handle": f"bad-{n}"} for n, (row, _) in enumerate(WRONG)]
    *failed, good = came_of(filled, tmp_path, TYPE, *bad, other, sheet=SMART)
    assert good[0] == "created"
    check_told(failed, WRONG)


def test_rules_that_say_less_than_the_collection_is_made_of_are_left_alone(store, tmp_path):
    store.tell("seed", products=6, metafield_definitions=21, collections=12)
    rows = exported(store, TYPE, SMART)
    assert set(results_of(store, tmp_path, TYPE, *rows, sheet=SMART)) == {"unchanged"}
    handle = next(row["Handle"] for row in rows if row["Title"].startswith("Everything"))
    row = {"Handle": handle, "Rule: Product Column": "Tag", "Rule: Relation": "Equals",
           "Rule: Condition": "red"}  # fmt: skip
    [(result, comment)] = came_of(store, tmp_path, TYPE, row, sheet=SMART)
    assert result == "failed" and "because it has exclusions" in comment
    [(result, comment)] = came_of(
        store, tmp_path, TYPE, row | {"Command": "REPLACE", "Must Match": "any"}, sheet=SMART
    )
    assert result == "updated" and "though it has exclusions" in comment
    [first, *others] = [one for one in exported(store, TYPE, SMART) if one["Handle"] == handle]
    assert (first["Rule: Condition"], first["Must Match"]) == ("red", "any condition")
    assert not any(one["Rule: Condition"] for one in others)
    green = row | {"Rule: Condition": "green"}
    assert results_of(store, tmp_path, TYPE, green, sheet=SMART) == ["updated"]


def test_the_file_of_another_shop_is_understood(filled, other_store, tmp_path):
    other_store.tell("reset", ids_after=9_000_000)
    other_store.tell("seed", products=6, metafield_definitions=21)
    one, two, *_ = handles(other_store)
    results_of(other_store, tmp_path, TYPE, *chosen(one, two), sheet=CUSTOM)
    rows = exported(other_store, TYPE, CUSTOM)
    assert set(results_of(filled, tmp_path, TYPE, *rows, sheet=CUSTOM)) == {"created"}
    ours = custom(filled)
    assert linked(ours) == [one, two]
    assert not {row["Product: ID"] for row in ours} & {row["Product: ID"] for row in rows}


def test_another_product_is_added_beside_the_only_one(filled, tmp_path):
    one, two, *_ = handles(filled)
    results_of(filled, tmp_path, TYPE, *chosen(one), sheet=CUSTOM)
    assert results_of(filled, tmp_path, TYPE, *chosen(two), sheet=CUSTOM) == ["updated"]
    assert sorted(members(filled)) == sorted([one, two])


def test_a_smart_collection_is_replaced_by_rules_whatever_products_they_bring(store, tmp_path):
    store.tell("seed", products=3)
    own = {"Handle": "new", "Title": "New", "Must Match": "any condition"}
    sheet = "Smart Collections"

    def rule(condition: str) -> dict[str, str]:
        cells = {"Rule: Product Column": "Variant Price", "Rule: Relation": "Greater Than"}
        return own | cells | {"Rule: Condition": condition}

    assert results_of(store, tmp_path, TYPE, rule("0"), sheet=sheet) == ["created"]
    assert any(row["Product: Handle"] for row in exported(store, TYPE, sheet))
    other = {"Product: Handle": "not-there", "Command": "REPLACE"}
    assert results_of(store, tmp_path, TYPE, rule("1") | other, sheet=sheet) == ["updated"]
    assert exported(store, TYPE, sheet)[0]["Rule: Condition"] == "1"


def test_rows_of_the_other_sheet_make_a_collection_of_both_kinds_and_that_is_told(filled, tmp_path):
    one, *_ = handles(filled)
    results_of(filled, tmp_path, TYPE, *chosen(one), sheet=CUSTOM)
    handle = {"Handle": chosen(one)[0]["Handle"]}
    row = rule("Tag", "Equals", "red") | handle
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row, sheet=SMART)
    assert result == "updated" and "It was a custom collection" in comment
    [(result, comment)] = came_of(
        filled, tmp_path, TYPE, handle | {"Product: Handle": handles(filled)[1]}, sheet=CUSTOM
    )
    assert result == "updated" and "It is a smart collection" in comment
