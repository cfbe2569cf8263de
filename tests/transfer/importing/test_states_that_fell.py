"""States of a store that did not become another, or did not come back, each as small as it was
found in tests/transfer/importing/test_any_two_states.py."""

from tests.transfer.importing.contract import applied
from tests.transfer.importing.files import Rows, exported, text_of, variants_of, zipped
from tests.transfer.importing.test_second_shop import empty
from tests.transfer.importing.test_types_together import (
    CATALOG,
    PRODUCT,
    filled,
    run,
    run_with,
    undone,
)

__all__ = ["filled"]
REPLACE, DELETE = {"Command": "REPLACE"}, {"Command": "DELETE"}
RULE = {"Rule: Product Column": "Tag", "Rule: Relation": "Equals", "Rule: Condition": "a"}


def with_catalog(store, folder) -> None:
    """Give a store that has markets a product, and a catalog without any."""

    def make() -> None:
        empty(store)
        run(store, folder, Products=[PRODUCT], Catalogs=[CATALOG])

    store.given("markets, a product and a catalog", make)


def test_rules_and_options_go_beside_what_else_a_file_deletes(filled, tmp_path):
    """Shopify finds neither by an id alone."""
    colour = {"Option2 Name": "Colour", "Option2 Value": "Red"}
    size = PRODUCT | {"Option1 Name": "Size", "Option1 Value": "S"}
    smart = {"Handle": "cheap", "Title": "Cheap"}
    guide = {"File Name": "guide.pdf", "Link": "https://files.example/guide.pdf"}
    run(filled, tmp_path, Files=[guide], Products=[size | colour], Smart_Collections=[smart | RULE])
    more = [RULE | {"Rule: Condition": one} for one in "bc"]
    came = run(
        filled,
        tmp_path,
        Files=[guide | DELETE],
        Products=[size | dict.fromkeys(colour, "") | REPLACE],
        Smart_Collections=[smart | REPLACE | one for one in more],
    )
    assert [result for result, _ in came] == ["deleted", "updated", "updated"], came
    [row] = variants_of(filled)
    assert (row["Option1 Value"], row["Option2 Value"]) == ("S", "")

    def rules() -> list[str]:
        return [
            row["Rule: Condition"] for row in exported(filled, "collections", "Smart Collections")
        ]

    assert rules() == ["b", "c"]
    assert undone(filled) == ["created", "updated", "updated"]
    assert rules() == ["a"]


def test_an_archived_product_stays_on_the_channel_that_its_column_names(filled, tmp_path):
    """``Published`` is false for whatever is archived."""
    channel = {"Published: Online Store": "true"}
    run(filled, tmp_path, Products=[PRODUCT | channel])
    [(result, _)] = run(
        filled,
        tmp_path,
        Products=[PRODUCT | channel | {"Status": "Archived", "Published": "false"}],
    )
    [row] = exported(filled, "products")
    found = [row[header] for header in ("Status", "Published", "Published: Online Store")]
    assert (result, found) == ("updated", ["Archived", "false", "true"])


Variants = list[tuple[str, str]]
"""The options of each variant, as ``Size S, Colour Red``, and its SKU."""


def named(handle: str, options: str, sku: str) -> dict[str, str]:
    """The cells of a variant of a product."""
    cells = {"Handle": handle, "Title": handle, "Variant SKU": sku}
    for number, option in enumerate(options.split(", "), 1):
        name, value = option.split()
        cells |= {f"Option{number} Name": name, f"Option{number} Value": value}
    return cells


def now(store, handle: str) -> Variants:
    """What the variants of a product are in the store."""
    found = []
    for row in variants_of(store, handle):
        options = [(row[f"Option{n} Name"], row[f"Option{n} Value"]) for n in (1, 2)]
        told = ", ".join(f"{name} {value}" for name, value in options if name)
        found.append((told, row["Variant SKU"]))
    return found


def given(store, folder, products: dict[str, Variants]) -> None:
    run(store, folder, Products=[named(h, *one) for h, some in products.items() for one in some])
    assert {handle: now(store, handle) for handle in products} == products


def check_and_undo(store, folder, rows: Rows, after: dict[str, Variants]) -> None:
    """Each product of the file is what it is to be, and after an undo what it was before."""
    before = {handle: now(store, handle) for handle in after}
    came = run(store, folder, Products=rows)
    assert [result for result, _ in came] == ["updated"] * len(after), came
    assert {handle: now(store, handle) for handle in after} == after
    assert undone(store) == ["updated"] * len(after)
    assert {handle: now(store, handle) for handle in after} == before


def test_variants_go_move_up_and_pass_their_skus_on_and_come_back(filled, tmp_path):
    """Those that are deleted at their places, though no column of the file tells positions; those
    that each take the options of the next; and a SKU that passes to a new variant names no other.
    """
    before = {
        "deleted": [("Size S", "d-S"), ("Size M", "d-M"), ("Size L", "d-L")],
        "moved": [("Size S", "000"), ("Size M", "001"), ("Size L", "002")],
        "passed": [("Size S, Colour Red", "a")],
    }
    after = {
        "deleted": [("Size L", "d-L")],
        "moved": [("Size M", "000"), ("Size L", "001"), ("Size XL", "002")],
        "passed": [("Size S, Colour Red", "b"), ("Size M, Colour Red", "a")],
    }
    given(filled, tmp_path, before)
    rows = [
        {"Handle": "deleted", "Option1 Value": size, "Variant Command": "DELETE"} for size in "SM"
    ]
    rows += [
        {"Handle": "moved", "Variant ID": row["Variant ID"], "Option1 Value": size}
        for row, size in zip(variants_of(filled, "moved"), ("M", "L", "XL"), strict=True)
    ]
    rows += [
        {"Handle": "passed", "Option1 Value": size, "Option2 Value": "Red", "Variant SKU": sku}
        for size, sku in ("Sb", "Ma")
    ]
    check_and_undo(filled, tmp_path, rows, after)


def test_a_variant_takes_the_options_of_one_that_goes(filled, tmp_path):
    """That one goes first, as no two may be alike meanwhile; elsewhere what is new comes first: an
    option in which the one that goes would be the same."""
    before = {
        "alike": [("Colour Blue, Size M", "blue"), ("Colour Red, Size M", "red")],
        "other": [("Colour Red", "old"), ("Colour Blue", "")],
    }
    after = {"alike": [("Colour Blue", "red")], "other": [("Size S, Colour Blue", "old")]}
    given(filled, tmp_path, before)
    rows = [named(h, *one) | REPLACE for h, some in after.items() for one in some]
    check_and_undo(filled, tmp_path, rows, after)


def test_a_catalog_has_a_price_for_the_variant_that_gets_a_sku_from_another(filled, tmp_path):
    """The store finds the other one by it until then."""
    sizes = [
        PRODUCT | {"Option1 Name": "Size", "Option1 Value": size, "Variant SKU": sku}
        for size, sku in ("Sa", "Mb")
    ]
    run(filled, tmp_path, Products=sizes)
    turned = [
        {"Handle": "tee", "Option1 Value": size, "Variant SKU": sku} for size, sku in ("Sb", "Ma")
    ]
    line = {"Product: Handle": "tee", "Variant: SKU": "a", "Variant: Price": "4.00"}
    came = run(filled, tmp_path, Products=turned, Catalogs=[CATALOG | line])
    assert [result for result, _ in came] == ["updated", "created"], came
    rows = exported(filled, "products")
    assert [(row["Option1 Value"], row["Price / Of nordics"]) for row in rows] == [
        ("S", ""),
        ("M", "4.0"),
    ]


def test_products_have_no_places_once_a_collection_is_sorted_otherwise(filled, tmp_path):
    products = [{"Handle": name, "Title": name.title()} for name in ("tee", "cap", "mug")]
    gifts = {"Handle": "gifts", "Title": "Gifts", "Sort Order": "Manual"}
    chosen = [gifts | {"Product: Handle": name} for name in ("tee", "cap")]
    run(filled, tmp_path, Products=products, Custom_Collections=chosen)
    turned = [
        gifts | {"Sort Order": "Alphabet", "Product: Handle": name, "Product: Position": place}
        for name, place in (("tee", "2"), ("cap", "1"))
    ]
    assert [result for result, _ in run(filled, tmp_path, Custom_Collections=turned)] == ["updated"]
    [row, _] = exported(filled, "collections", "Custom Collections")
    assert row["Sort Order"] == "Alphabet"
    more = [gifts | {"Sort Order": "Alphabet", "Product: Handle": "mug", "Product: Position": "1"}]
    [(result, words)] = run(filled, tmp_path, Custom_Collections=more)
    assert result == "failed" and "only a collection with the Sort Order Manual has any" in words


def test_a_sheet_has_collections_of_both_kinds(filled, tmp_path):
    """One sheet ``Collections``: rules make one smart, products that are chosen the other."""
    one, two = {"Handle": "tee", "Title": "Tee"}, {"Handle": "cap", "Title": "Cap"}
    smart = {"Handle": "cheap", "Title": "Cheap", "Must Match": "any condition"} | RULE
    smart |= {"Product: Handle": "tee"}  # as exports have what the rules bring
    chosen = {"Handle": "gifts", "Title": "Gifts", "Product: Handle": "tee"}
    more = {"Handle": "gifts", "Product: Handle": "cap"}
    came = run(filled, tmp_path, Products=[one, two], Collections=[smart, chosen, more])
    assert [result for result, _ in came] == ["created"] * 4, came
    [row] = exported(filled, "collections", "Smart Collections")
    assert row["Product: Handle"] == ""
    assert (row["Handle"], row["Must Match"], row["Rule: Condition"]) == (
        "cheap",
        "any condition",
        "a",
    )
    linked = exported(filled, "collections", "Custom Collections")
    assert {(row["Handle"], row["Product: Handle"]) for row in linked} == {
        ("gifts", "tee"),
        ("gifts", "cap"),
    }


def test_a_variant_without_options_takes_the_place_of_one_with_two(filled, tmp_path):
    """Until the last option goes it has a value of that, too."""
    size = {"Option1 Name": "Size", "Option1 Value": "S"}
    colour = {"Option2 Name": "Colour", "Option2 Value": "Red"}
    run(filled, tmp_path, Products=[PRODUCT | size | colour], Catalogs=[CATALOG])
    none = dict.fromkeys((*size, *colour), "")
    none |= {"Option1 Name": "Title", "Option1 Value": "Default Title", "Variant SKU": "new"}
    row = PRODUCT | none | REPLACE | {"Published": "true", "Price / Of nordics": "4.0"}
    came = run(filled, tmp_path, Products=[row])
    assert [result for result, _ in came] == ["updated"], came
    [found] = exported(filled, "products")
    headers = ("Option1 Value", "Option2 Value", "Variant SKU", "Price / Of nordics")
    assert [found[header] for header in headers] == ["Default Title", "", "new", "4.0"]


def test_two_sheets_of_a_file_may_take_the_same_price_away(filled, tmp_path):
    """One of the two finds it gone, and takes the other price of its call away all the same."""
    price = "Price / Of nordics"
    sizes = [
        PRODUCT | {"Option1 Name": "Size", "Option1 Value": size, "Variant SKU": size}
        for size in "SML"
    ]
    lines = [
        {"Product: Handle": "tee", "Variant: SKU": size, "Variant: Price": "4.00"} for size in "SML"
    ]
    run(filled, tmp_path, Products=sizes, Catalogs=[CATALOG | line for line in lines])
    blank = [{"Handle": "tee", "Variant SKU": "S", price: ""}]
    gone = [CATALOG | line | {"Variant: Price": ""} for line in lines]
    came = run_with(filled, tmp_path, {"Products": blank, "Catalogs": gone}, blank="clear")
    assert came[0][0] == came[1][0] == "updated" and "Not done" not in str(came), came
    assert [row[price] for row in exported(filled, "products")] == ["", "", ""]


def test_a_new_product_of_a_catalog_is_deleted_once_it_is_out_of_that(store, tmp_path):
    with_catalog(store, tmp_path)
    line = CATALOG | {"Product: Command": "MERGE", "Product: Handle": "tee"}
    run(store, tmp_path, Catalogs=[line])
    mug = {"Handle": "mug", "Title": "Mug"}
    came = run(store, tmp_path, Products=[mug], Catalogs=[line | {"Product: Handle": "mug"}])
    assert [result for result, _ in came] == ["created", "updated"], came
    [included] = [
        r["Included / Of nordics"] for r in exported(store, "products") if r["Handle"] == "mug"
    ]
    assert included == "true"
    assert undone(store) == ["updated", "deleted"]


def test_prices_of_another_stores_file_are_taken_back(store, tmp_path):
    """Its IDs name nothing here; the lines that it made are found by handle and SKU."""
    with_catalog(store, tmp_path)
    ids = {"Product: ID": "4711", "Variant: ID": "4712"}
    line = {"Product: Handle": "tee", "Variant: SKU": "old", "Variant: Price": "4.00"}
    run(store, tmp_path, Catalogs=[CATALOG | line | ids])
    assert [row["Price / Of nordics"] for row in exported(store, "products")] == ["4.0"]
    assert undone(store) == ["updated"]
    assert [row["Price / Of nordics"] for row in exported(store, "products")] == [""]


def test_a_product_comes_back_into_a_collection_that_comes_back_after_it(filled, tmp_path):
    """The collection brings its products along; the product has still to leave another one."""
    tee, gifts = {"Handle": "tee", "Title": "Tee"}, {"Handle": "gifts", "Title": "Gifts"}
    both = [gifts | {"Product: Handle": "tee"}, {"Handle": "staff", "Title": "Staff"}]
    run(filled, tmp_path, Products=[tee], Custom_Collections=both)
    moved = tee | {"Custom Collections": "staff"}
    came = run(filled, tmp_path, Products=[moved], Custom_Collections=[gifts | DELETE])
    assert [result for result, _ in came] == ["updated", "deleted"], came
    assert undone(filled) == ["updated", "created"]
    assert [row["Custom Collections"] for row in exported(filled, "products")] == ["gifts"]


def test_a_product_joins_a_sorted_collection_in_its_place(filled, tmp_path):
    """Each of the two sheets says that it belongs to it; the order is that of the collection's."""
    products = [
        {"Handle": name, "Title": name, "Custom Collections": "gifts"} for name in ("cap", "mug")
    ]
    gifts = {"Handle": "gifts", "Title": "Gifts", "Sort Order": "Manual"}
    places = [
        gifts | {"Product: Handle": name, "Product: Position": place}
        for name, place in (("mug", "1"), ("cap", "2"))
    ]
    came = run(filled, tmp_path, Products=products, Custom_Collections=places)
    assert [result for result, _ in came] == ["created"] * 3, came
    rows = exported(filled, "collections", "Custom Collections")
    assert [row["Product: Handle"] for row in rows] == ["mug", "cap"]


def test_a_product_leaves_a_sorted_collection_from_another_place_than_was_planned(filled, tmp_path):
    """Where the one before it has left as well, nothing of it is overwritten."""
    products = [{"Handle": name, "Title": name} for name in ("tee", "cap", "mug")]
    gifts = {"Handle": "gifts", "Title": "Gifts", "Sort Order": "Manual"}
    chosen = [gifts | {"Product: Handle": name} for name in ("tee", "cap", "mug")]
    run(filled, tmp_path, Products=products, Custom_Collections=chosen)
    leaving = {"Product: Handle": "mug", "Product: Command": "DELETE"}
    rows = {"Custom Collections.csv": text_of([gifts | leaving])}
    job = filled.run_import(filled.keep(tmp_path, zipped(rows), name="a.zip", dry_run=True))
    run(filled, tmp_path, Products=[products[0] | DELETE])
    applied(filled, job)
    assert (job.counts, job.error) == ({"updated": 1}, None)
    left = exported(filled, "collections", "Custom Collections")
    assert [row["Product: Handle"] for row in left] == ["cap"]


def test_prices_of_variants_come_back_whose_first_option_goes(filled, tmp_path):
    """Until it goes the variants that come back have a value of it, and theirs is the second."""
    price = "Price / Of nordics"
    sizes = [
        PRODUCT | {"Option1 Name": "Size", "Option1 Value": one, "Variant SKU": one, price: cost}
        for one, cost in (("S", "4.0"), ("M", "6.0"))
    ]
    included = [row | {"Included / Of nordics": "true"} for row in sizes]
    run(filled, tmp_path, Catalogs=[CATALOG])
    run(filled, tmp_path, Products=included)
    colour = {"Option1 Name": "Colour", "Option1 Value": "Blue"}
    size = {"Option2 Name": "Size", "Option2 Value": "M", price: "", "Variant SKU": "new"}
    [(result, _)] = run(filled, tmp_path, Products=[PRODUCT | colour | size | REPLACE])
    assert (result, undone(filled)) == ("updated", ["updated"])
    rows = exported(filled, "products")
    assert [(row["Option1 Value"], row[price]) for row in rows] == [("S", "4.0"), ("M", "6.0")]
