"""What columns of products write to the stand-in's store, one after the other."""

from tests.transfer.importing.test_products import (
    NEW,
    fields_of,
    imported,
    media,
    new_products,
    outcomes,
    product,
    sizes,
    titles,
)
from tests.transfer.importing.test_undo import undone

SLIPPERS = "Apparel & Accessories > Shoes > Slippers"
CATEGORY = """query ($handle: String!) { productByIdentifier(identifier: {handle: $handle}) {
  category { id fullName } } }"""


def category(store, handle: str) -> str | None:
    found = store.graphql(CATEGORY, handle=handle)["productByIdentifier"]["category"]
    return found and found["id"].rpartition("/")[2]


def test_a_category_is_written_by_its_name(store, tmp_path):
    new_products(store, tmp_path)
    text = f"Handle,Category\ntee,{SLIPPERS.lower()}\nmug,Shoes > Boats\n"
    job = imported(store, tmp_path, text)
    [tee, mug] = outcomes(job)
    assert tee[0] == "updated" and category(store, "tee") == "aa-8-7"
    assert mug == ("failed", "Category: The store has no product category “Shoes > Boats”.")
    job = imported(store, tmp_path, f"Handle,Type: Standard\ntee,{SLIPPERS}\n")
    assert job.counts == {"unchanged": 1}, outcomes(job)


def test_of_a_category_and_its_id_the_id_counts(store, tmp_path):
    text = f"Handle,Title,Category: ID,Category\na,A,aa-1-13-8,{SLIPPERS}\nb,B,aa-8-7,No such\n"
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["created"] * 2, outcomes(job)
    assert "Category: Shopify keeps it as" in outcomes(job)[0][1]
    assert (category(store, "a"), category(store, "b")) == ("aa-1-13-8", "aa-8-7")


PROFILE = """mutation ($name: String!) { deliveryProfileCreate(profile: {name: $name}) {
  userErrors { message } } }"""
SHIPPING = """query { productVariants(first: 9) { nodes { sku deliveryProfile { name } } } }"""


def profiles(store) -> dict[str, str]:
    nodes = store.graphql(SHIPPING)["productVariants"]["nodes"]
    return {one["sku"]: (one["deliveryProfile"] or {}).get("name", "") for one in nodes}


def test_variants_move_to_a_shipping_profile_and_back(store, tmp_path):
    store.tell("seed", products=0)
    store.graphql(PROFILE, name="Heavy")
    imported(store, tmp_path, NEW)
    store.tell("sent")
    head = "Handle,Title,Variant SKU,Variant Shipping Profile\n"
    text = f"{head}tee,,R-1,heavy\ntee,,B-1,Heavy\nmug,,M-1,Heavy\njar,Jar,J-1,Heavy\n"
    job = imported(store, tmp_path, f"{text}")
    done = outcomes(job)
    assert [result for result, _ in done] == ["updated"] * 3 + ["created"], done
    assert set(profiles(store).values()) == {"Heavy"}
    assert fields_of(store.tell("sent")) == ["productSet", "deliveryProfileUpdate"]
    text = "Handle,Variant SKU,Variant Shipping Profile\ntee,R-1,General profile\nmug,M-1,\n"
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["updated", "unchanged"], outcomes(job)
    there = {"R-1": "General profile", "B-1": "Heavy", "M-1": "Heavy", "J-1": "Heavy"}
    assert profiles(store) == there


def test_a_shipping_profile_that_the_store_does_not_have_is_told_once(store, tmp_path):
    """As a location that is not there: the rest of the product is imported."""
    new_products(store, tmp_path)
    head = "Handle,Title,Variant SKU,Variant Price,Variant Shipping Profile\n"
    text = f"{head}tee,,R-1,18,Light\ntee,,B-1,20.5,Light\nbowl,Bowl,W-1,4,Light\n"
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["updated", "updated", "created"]
    told = "Variant Shipping Profile: The store has no shipping profile “Light”."
    assert job.warnings == [f"{told} It is left out in 3 rows."]
    assert product(store, "tee")["variants"]["nodes"][0]["price"] == "18.00"
    assert set(profiles(store).values()) <= {"", "General profile"}
    assert outcomes(imported(store, tmp_path, f"{head}tee,,B-1,20.5,Light\n"))[0][0] == "unchanged"


def test_a_file_of_skus_alone_finds_the_products(store, tmp_path):
    new_products(store, tmp_path)
    store.tell("sent")
    text = "Variant SKU,Variant Price\nb-1,22\nM-1,7\nX-9,1\nR-1,21\n,3\n"
    job = imported(store, tmp_path, text)
    assert outcomes(job)[2:3] + outcomes(job)[4:] == [
        ("failed", "Variant SKU: the store has none with “X-9”."),
        ("failed", "Variant SKU: empty, so it is not known what the row is about."),
    ]
    assert [result for result, _ in outcomes(job)] == [
        *("updated", "unchanged", "failed", "updated", "failed")
    ]
    assert [v["price"] for v in product(store, "tee")["variants"]["nodes"]] == ["21.00", "22.00"]
    undone(store, job)
    assert [v["price"] for v in product(store, "tee")["variants"]["nodes"]] == ["19.00", "20.50"]
    job = imported(store, tmp_path, "Variant Barcode,Variant Price\n4006,9\n")
    assert outcomes(job) == [("failed", "Variant Barcode: the store has none with “4006”.")]


def test_a_sku_of_two_products_is_not_guessed_at(store, tmp_path):
    imported(store, tmp_path, NEW.replace("M-1", "R-1"))
    ids = [one["id"].rpartition("/")[2] for one in product(store, "tee")["variants"]["nodes"]]
    text = f"Variant ID,Variant SKU,Variant Price\n,R-1,3\n{ids[0]},R-1,4\n"
    [unsure, sure] = outcomes(imported(store, tmp_path, text))
    assert unsure == ("failed", "Several objects have this name; name the one you mean by its ID.")
    assert sure[0] == "updated"
    assert [v["price"] for v in product(store, "tee")["variants"]["nodes"]] == ["4.00", "20.50"]


def test_many_skus_are_found_among_all_products(store, tmp_path):
    rows = "".join(f"p{n},P,Size,{m},{n}-{m},5\n" for n in range(6) for m in range(3))
    head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
    imported(store, tmp_path, head + rows)
    rows = "".join(f"{n}-{m},{n + m + 1}\n" for m in range(3) for n in range(6))
    job = imported(store, tmp_path, f"Variant SKU,Variant Price\n{rows}")
    assert job.counts == {"updated": 15, "unchanged": 3}, outcomes(job)
    for n in range(6):
        prices = [v["price"] for v in product(store, f"p{n}")["variants"]["nodes"]]
        assert prices == [f"{n + m + 1}.00" for m in range(3)]


PUBLISHED = """{ products(first: 1) { nodes {
  resourcePublicationsV2(first: 9) { nodes { publication { name } } } } } }"""


def test_a_location_that_does_not_exist_is_told_once(store, tmp_path):
    """Case (h): and the rest goes on."""
    store.tell("seed", products=0)
    imported(store, tmp_path, NEW)
    text = """Handle,Variant SKU,Inventory Available: Atlantis,Variant Price,Published: POS
tee,R-1,5,18,true
mug,M-1,5,6,true
"""
    job = imported(store, tmp_path, text)
    assert job.counts == {"updated": 2}, outcomes(job)
    assert job.warnings == [
        "The store has nothing by these names, so the columns are ignored: “Inventory Available: "
        "Atlantis”."
    ]
    assert product(store, "tee")["variants"]["nodes"][0]["price"] == "18.00"
    [on] = store.graphql(PUBLISHED)["products"]["nodes"][0]["resourcePublicationsV2"]["nodes"]
    assert on["publication"]["name"] == "Point of Sale"


def test_a_cell_may_list_several_images(store, tmp_path):
    at = "https://pictures.example"
    text = f"Handle,Title,Image Src,Image Alt Text\nmug,Mug,{at}/a.png;{at}/b.png; {at}/c;d.png,A\n"
    job = imported(store, tmp_path, text)
    assert job.counts == {"created": 1}, outcomes(job)
    assert media(store) == [("a.png", "A"), ("b.png", ""), ("c;d.png", "")]
    text = f"Handle,Image Src,Image Command\nmug,{at}/b.png;{at}/a.png,DELETE\n"
    assert imported(store, tmp_path, text).counts == {"updated": 1}
    assert [name for name, _ in media(store)] == ["c;d.png"]


def test_an_image_of_another_product_is_attached_and_not_uploaded_again(store, tmp_path):
    at = "https://pictures.example"
    text = f"Handle,Title,Image Src\nmug,Mug,{at}/a.png;{at}/b.png\njar,Jar,{at}/jar.png\n"
    imported(store, tmp_path, text)
    urls = [node["image"]["url"] for node in product(store, "mug")["media"]["nodes"]]
    store.tell("sent")
    text = f"""Handle,Title,Image Src,Image Alt Text,Variant Image
jar,Jar,{urls[0]},An A,{urls[1]}
jar,,{at}/new.png,,
bowl,Bowl,{urls[1]},,{urls[0].partition("?")[0]}
"""
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["updated"] * 2 + ["created"], outcomes(job)
    assert fields_of(store.tell("sent")) == [
        *("fileUpdate", "productUpdate", "productVariantsBulkUpdate", "productSet")
    ]
    mug, jar, bowl = (product(store, handle) for handle in ("mug", "jar", "bowl"))
    ids = [node["id"] for node in mug["media"]["nodes"]]
    assert [node["id"] for node in jar["media"]["nodes"]][1:3] == ids
    assert {node["id"] for node in bowl["media"]["nodes"]} == set(ids)
    assert [name for name, _ in media(store, "jar")] == ["jar.png", "a.png", "b.png", "new.png"]
    assert media(store)[0] == ("a.png", "An A")
    assert [one["variants"]["nodes"][0]["image"]["url"] for one in (jar, bowl)] == urls[::-1]


OPTIONS = ",".join(f"Option{n} Name,Option{n} Value" for n in (1, 2))


def options(store) -> list[str]:
    return [option["name"] for option in product(store, "tee")["options"]]


def test_replace_takes_an_option_away_that_the_file_leaves_blank(store, tmp_path):
    sizes(store, tmp_path)
    text = f"""Handle,Title,Vendor,Command,{OPTIONS},Variant SKU
tee,Tee,alice,REPLACE,Size,S,,,S-R
tee,,,,,Medium,,,M-R
"""
    job = imported(store, tmp_path, text)
    assert job.counts == {"updated": 2}, outcomes(job)
    assert (options(store), titles(store)) == (["Size"], ["S", "Medium"])
    assert fields_of(store.tell("sent")) == ["productVariantsBulkUpdate", "productOptionsDelete"]
    undone(store, job)
    assert (options(store), titles(store)) == (["Size", "Colour"], ["S / Red", "M / Red"])


def test_options_are_known_by_their_names_wherever_they_stand(store, tmp_path):
    sizes(store, tmp_path)
    text = f"Handle,{OPTIONS},Variant SKU\ntee,Colour,Red,Size,S,S-R\ntee,Colour,Red,Size,M,M-R\n"
    job = imported(store, tmp_path, text)
    assert job.counts == {"updated": 2}, outcomes(job)
    assert (options(store), titles(store)) == (["Colour", "Size"], ["Red / S", "Red / M"])
    assert fields_of(store.tell("sent")) == ["productOptionsReorder"]
    text = f"Handle,Title,Command,{OPTIONS},Variant SKU\ntee,Tee,REPLACE,Size,S,,,S-R\n"
    job = imported(store, tmp_path, text + "tee,,,Size,M,,,M-R\n")
    assert job.counts == {"updated": 2}, outcomes(job)
    assert (options(store), titles(store)) == (["Size"], ["S", "M"])


def test_an_option_is_not_taken_away_where_variants_would_be_the_same(store, tmp_path):
    sizes(store, tmp_path)
    text = f"Handle,Title,Command,{OPTIONS},Variant SKU\ntee,Tee,REPLACE,Colour,Red,,,S-R\n"
    job = imported(store, tmp_path, text + "tee,,,Colour,Red,,,M-R\n")
    assert {result for result, _ in outcomes(job)} == {"failed"}, outcomes(job)
    assert titles(store) == ["S / Red", "M / Red"]


WEIGHTS = """{ productVariants(first: 9) { nodes { sku
  inventoryItem { measurement { weight { value unit } } } } } }"""


def test_a_weight_without_a_unit_is_in_that_of_the_store(store, tmp_path):
    new_products(store, tmp_path)
    head = "Handle,Title,Variant SKU,Variant Weight,Variant Weight Unit\n"
    text = f"{head}mug,,M-1,1.5,\njar,Jar,J-1,2,\ncup,Cup,C-1,,g\ntee,,R-1,3,g\n"
    job = imported(store, tmp_path, text)
    assert job.counts == {"updated": 2, "created": 2}, outcomes(job)
    nodes = store.graphql(WEIGHTS)["productVariants"]["nodes"]
    weights = {one["sku"]: one["inventoryItem"]["measurement"]["weight"] for one in nodes}
    unit = store.graphql("{ shop { weightUnit } }")["shop"]["weightUnit"]
    assert [weights[sku] for sku in ("M-1", "J-1", "R-1")] == [
        {"value": 1.5, "unit": unit},
        {"value": 2.0, "unit": unit},
        {"value": 3.0, "unit": "GRAMS"},
    ]


def test_the_only_variant_gets_another_sku(store, tmp_path):
    new_products(store, tmp_path)
    [before] = product(store, "mug")["variants"]["nodes"]
    job = imported(store, tmp_path, "Handle,Variant SKU,Variant Price\nmug,M-2,8\n")
    assert job.counts == {"updated": 1}, outcomes(job)
    [after] = product(store, "mug")["variants"]["nodes"]
    assert (after["id"], after["sku"], after["price"]) == (before["id"], "M-2", "8.00")


def test_a_sku_without_its_zeros_is_told_and_not_imported(store, tmp_path):
    """Case (i): unless that is the store's."""
    imported(store, tmp_path, NEW.replace("R-1", "00123").replace("M-1", "007"))
    text = "Handle,Variant SKU,Variant Price\ntee,123,8\nmug,7,9\n"
    [tee, mug] = outcomes(imported(store, tmp_path, text))
    assert tee == (
        "failed",
        "Variant SKU: “123” is “00123” without its leading zeros, as a spreadsheet leaves it. "
        "Format the column as text and enter it again.",
    )
    assert mug[0] == "updated" and "“7” is “007” without its leading zeros" in mug[1]
    there = {one["sku"]: one["price"] for one in product(store, "tee")["variants"]["nodes"]}
    assert there == {"00123": "19.00", "B-1": "20.50"}
    [only] = product(store, "mug")["variants"]["nodes"]
    assert (only["sku"], only["price"]) == ("007", "9.00")
    imported(store, tmp_path, "Handle,Option1 Value,Variant SKU\ntee,Red,123\ntee,Blue,B-1\n")
    assert there.keys() == {one["sku"] for one in product(store, "tee")["variants"]["nodes"]}


def test_blank_cells_are_kept_and_counted_or_emptied(store, tmp_path):
    """Case (c)."""
    sold = NEW.replace("Variant Price", "Variant Price,Variant Compare At Price")
    imported(store, tmp_path, sold.replace(",19\n", ",19,30\n").replace(",7\n", ",7,9\n"))
    text = "Handle,Variant SKU,Variant Compare At Price\ntee,R-1,\ntee,B-1,\nmug,M-1,\n"
    job = imported(store, tmp_path, text)
    assert (job.counts, job.plan["blanks"]) == ({"unchanged": 3}, 2)
    prices = [product(store, name)["variants"]["nodes"][0] for name in ("tee", "mug")]
    assert [one["compareAtPrice"] for one in prices] == ["30.00", "9.00"]
    job = store.keep(tmp_path, text, type="products", blank="clear")
    job.options = {**job.options, "confirm": {"changes": True}}
    assert store.run_import(job).counts == {"updated": 3}, outcomes(job)
    prices = [product(store, name)["variants"]["nodes"][0] for name in ("tee", "mug")]
    assert [one["compareAtPrice"] for one in prices] == [None, None]
    assert [one["price"] for one in prices] == ["19.00", "7.00"]


def test_tags_in_several_columns_are_one_list(store, tmp_path):
    job = imported(store, tmp_path, 'Handle,Title,Tags,Tags,tags\nmug,Mug,"b, c",,a\n')
    assert job.counts == {"created": 1}, outcomes(job)
    assert product(store, "mug")["tags"] == ["a", "b", "c"]


def test_an_unknown_tracker_is_told_and_the_rest_is_done(store, tmp_path):
    new_products(store, tmp_path)
    job = imported(store, tmp_path, "Handle,Variant Inventory Tracker,Title\nmug,amazon,Cup\n")
    assert outcomes(job) == [("updated", 'Title: "Mug" → "Cup"')]
    words = "Variant Inventory Tracker: “amazon” is neither “shopify” nor blank."
    assert job.warnings == [f"{words} It is left out in 1 row."]


IN_COLLECTION = """{ collections(first: 9) { nodes { handle
  products(first: 9) { nodes { handle } } } } }"""


def test_products_join_and_leave_an_empty_collection_by_its_handle(store, tmp_path):
    text = "Handle,Title\nown,Own\nother,Other\n"
    store.key.permissions = [*store.key.permissions, "collections:import"]
    job = store.keep(tmp_path, text, type="collections", name="Custom Collections.csv")
    assert store.run_import(job).counts == {"created": 2}
    imported(store, tmp_path, NEW)
    text = 'Handle,Title,Custom Collections\ntee,,own\njar,Jar,"Own, other"\n'
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["updated", "created"], outcomes(job)

    def chosen() -> dict[str, set[str]]:
        nodes = store.graphql(IN_COLLECTION)["collections"]["nodes"]
        return {one["handle"]: {p["handle"] for p in one["products"]["nodes"]} for one in nodes}

    assert chosen() == {"own": {"tee", "jar"}, "other": {"jar"}}
    job = imported(store, tmp_path, "Handle,Custom Collections\njar,other\ntee,own\n")
    assert [result for result, _ in outcomes(job)] == ["updated", "unchanged"], outcomes(job)
    assert chosen() == {"own": {"tee"}, "other": {"jar"}}
