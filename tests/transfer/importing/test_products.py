"""Products imported into the stand-in: what the store has afterwards, and what it was sent."""

import csv
import io
from collections import Counter
from typing import Any
from urllib.parse import unquote

from models import db
from models.import_object import ImportObject, sealed
from tests.chance import chance
from tests.transfer.importing.files import check_told, exported, text_of, undone, variants_of
from transfer.importing import bulk
from transfer.importing.plan_file import objects
from transfer.importing.rows import results_file
from transfer.importing.work import REFUSED
from transfer.types import BY_NAME
from transfer.types.forms import file_name


def results(job) -> list[dict]:
    text = b"".join(results_file(job)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def outcomes(job) -> list[tuple]:
    return [(row["Import Result"], row["Import Comment"]) for row in results(job)]


PRODUCT = """query ($handle: String!) { productByIdentifier(identifier: {handle: $handle}) {
  id handle title descriptionHtml vendor productType tags status templateSuffix publishedAt
  seo { title description } options { name values }
  collections(first: 9) { nodes { handle } }
  media(first: 20) { nodes { id alt mediaContentType status ... on MediaImage { image { url } } } }
  variants(first: 50) { nodes { id title sku barcode price compareAtPrice taxable inventoryPolicy
    inventoryQuantity position image { url }
    inventoryItem { id tracked requiresShipping unitCost { amount }
      measurement { weight { value unit } } } } } } }"""


def product(store, handle: str) -> dict[str, Any]:
    return store.graphql(PRODUCT, handle=handle)["productByIdentifier"]


def imported(store, folder, text: str):
    """An import that no limit holds."""
    job = store.keep(folder, text, type="products")
    job.options = {**job.options, "confirm": {"changes": True}}
    return store.run_import(job)


NEW = """Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price
tee,Tee,Colour,Red,R-1,19
tee,Tee,Colour,Blue,B-1,20.5
mug,Mug,,,M-1,7
"""


def new_products(store, folder) -> None:
    store.given("new products", lambda: imported(store, folder, NEW))


def test_new_products_come_with_their_variants(store, tmp_path):
    job = imported(store, tmp_path, NEW)
    assert [result for result, _ in outcomes(job)] == ["created"] * 3, outcomes(job)
    tee = product(store, "tee")
    assert tee["options"] == [{"name": "Colour", "values": ["Red", "Blue"]}]
    assert [(v["title"], v["sku"], v["price"]) for v in tee["variants"]["nodes"]] == [
        ("Red", "R-1", "19.00"),
        ("Blue", "B-1", "20.50"),
    ]
    [mug] = product(store, "mug")["variants"]["nodes"]
    assert (mug["title"], mug["sku"], mug["price"]) == ("Default Title", "M-1", "7.00")


def test_three_columns_change_prices_alone(store, tmp_path):
    new_products(store, tmp_path)
    job = imported(store, tmp_path, "Handle,Variant SKU,Variant Price\ntee,B-1,22\nmug,M-1,7.00\n")
    assert [result for result, _ in outcomes(job)] == ["updated", "unchanged"], outcomes(job)
    assert [v["price"] for v in product(store, "tee")["variants"]["nodes"]] == ["19.00", "22.00"]


def fields_of(sent: dict) -> list[str]:
    """The mutations that were sent, but for bulk queries, which only read."""
    fields = (mutation["field"] for mutation in sent["mutations"])
    return [field for field in fields if field != "bulkOperationRunQuery"]


def sizes(store, folder) -> None:
    """A product of two sizes in one colour."""
    text = """Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU
tee,Tee,Size,S,Colour,Red,S-R
tee,Tee,Size,M,Colour,Red,M-R
"""
    store.given("two sizes", lambda: imported(store, folder, text))
    store.tell("sent")


def titles(store, handle: str = "tee") -> list[str]:
    return [variant["title"] for variant in product(store, handle)["variants"]["nodes"]]


def test_a_new_colour_for_two_sizes_adds_two_variants(store, tmp_path):
    """Case (e)."""
    sizes(store, tmp_path)
    text = """Handle,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price
tee,Size,S,Colour,Blue,S-B,5
tee,Size,M,Colour,Blue,M-B,5
"""
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["updated"] * 2, outcomes(job)
    assert titles(store) == ["S / Red", "M / Red", "S / Blue", "M / Blue"]
    assert fields_of(store.tell("sent")) == ["productVariantsBulkCreate"]


def test_a_variant_is_found_by_its_option_values(store, tmp_path):
    """Case (f): without Variant ID and with another SKU it is updated, not doubled; case 7: so it
    is when the letter case differs."""
    sizes(store, tmp_path)
    text = """Handle,Option1 Value,Option2 Value,Variant SKU
TEE,s,RED,other
"""
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["updated"], outcomes(job)
    assert [variant["sku"] for variant in product(store, "tee")["variants"]["nodes"]] == [
        "other",
        "M-R",
    ]
    assert len(titles(store)) == 2


def test_stock_is_not_set_and_adjusted_at_once(store, tmp_path):
    store.tell("seed", products=1)
    [place] = store.graphql("{ locations(first: 1) { nodes { name } } }")["locations"]["nodes"]
    imported(store, tmp_path, NEW)
    stock = [f"Inventory Available{how}: {place['name']}" for how in ("", " Adjust")]
    header = ",".join(["Handle", "Variant SKU", *stock])
    job = imported(store, tmp_path, f"{header}\ntee,R-1,5,3\nmug,M-1,4,\n")
    assert outcomes(job)[0] == (
        "failed",
        f"{stock[0]} and {stock[1]}: give the quantity, or by how much it changes.",
    )
    assert outcomes(job)[1][0] == "updated"


def test_rows_of_a_product_may_be_anywhere(store, small_batches, tmp_path, pytestconfig):
    """Cases (a) and (b): products of 5 or 10 variants in an order by chance."""
    count, sizes = (20, 10) if pytestconfig.option.everything else (14, 5)
    head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
    rows = [f"p{n},P {n},Size,{m},{n}-{m},10\n" for n in range(count) for m in range(sizes)]
    imported(store, tmp_path, head + "".join(rows))
    store.tell("sent")
    changed = [f"p{n},{n}-{m},{n + m + 11}\n" for n in range(count) for m in range(sizes)]
    chance("rows anywhere").shuffle(changed)
    job = imported(store, tmp_path, "Handle,Variant SKU,Variant Price\n" + "".join(changed))
    assert job.counts == {"updated": count * sizes}, outcomes(job)[:5]
    sent = store.tell("sent")
    assert fields_of(sent) == ["productVariantsBulkUpdate"] * count
    bulk_queries = len(sent["mutations"]) - count
    assert sent["points"] <= count * 12 + 10 * bulk_queries
    for n in (0, 11, count - 1):
        prices = [v["price"] for v in product(store, f"p{n}")["variants"]["nodes"]]
        assert prices == [f"{n + m + 11}.00" for m in range(sizes)]


def test_options_are_renamed_and_added(store, tmp_path):
    sizes(store, tmp_path)
    options = ",".join(f"Option{n} Name,Option{n} Value" for n in (1, 2, 3))
    text = f"""Handle,{options},Variant SKU
tee,Fit,S,Colour,Red,Cut,Slim,S-R
tee,Fit,M,Colour,Red,Cut,Wide,M-R
"""
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["updated"] * 2, outcomes(job)
    assert product(store, "tee")["options"] == [
        {"name": "Fit", "values": ["S", "M"]},
        {"name": "Colour", "values": ["Red"]},
        {"name": "Cut", "values": ["Slim", "Wide"]},
    ]


def test_a_variant_is_deleted_but_not_the_last(store, tmp_path):
    sizes(store, tmp_path)
    text = "Handle,Variant SKU,Variant Command\ntee,S-R,DELETE\n"
    [(result, words)] = outcomes(imported(store, tmp_path, text))
    assert result == "updated" and "past orders no longer lead to it" in words
    assert titles(store) == ["M / Red"]
    job = imported(store, tmp_path, "Handle,Variant SKU,Variant Command\ntee,M-R,DELETE\n")
    [(result, words)] = outcomes(job)
    assert result == "failed" and "Cannot delete default variant" in words
    assert titles(store) == ["M / Red"]


def test_two_variants_of_the_same_options_are_refused_in_shopifys_words(store, tmp_path):
    sizes(store, tmp_path)
    ids = [v["id"].rpartition("/")[2] for v in product(store, "tee")["variants"]["nodes"]]
    text = f"Handle,Variant ID,Option1 Value,Option2 Value\ntee,{ids[0]},M,Red\n"
    [(result, words)] = outcomes(imported(store, tmp_path, text))
    assert result == "failed" and "already exists" in words
    assert titles(store) == ["S / Red", "M / Red"]


IMAGES = """Handle,Title,Image Src,Image Alt Text,Variant Image
mug,Mug,https://pictures.example/front.png,Front,https://pictures.example/back.png
mug,,https://pictures.example/back.png,,
"""


def with_images(store, folder) -> None:
    store.given("images", lambda: imported(store, folder, IMAGES))


def media(store, handle: str = "mug") -> list[tuple[str, str]]:
    nodes = product(store, handle)["media"]["nodes"]
    return [(unquote(file_name(node["image"]["url"])), node["alt"] or "") for node in nodes]


def test_images_come_with_a_new_product(store, tmp_path):
    job = imported(store, tmp_path, IMAGES)
    assert job.counts == {"created": 2}, outcomes(job)
    assert fields_of(store.tell("sent"))[-1:] == ["productSet"]
    assert media(store) == [("front.png", "Front"), ("back.png", "")]
    [variant] = product(store, "mug")["variants"]["nodes"]
    assert file_name(variant["image"]["url"]) == "back.png"


def test_an_image_at_our_own_address_is_not_uploaded_again(store, tmp_path):
    """Case (g)."""
    with_images(store, tmp_path)
    url = product(store, "mug")["media"]["nodes"][0]["image"]["url"].partition("?")[0]
    store.tell("sent")
    job = imported(store, tmp_path, f"Handle,Image Src\nmug,{url}?v=17\n")
    assert job.counts == {"unchanged": 1} and store.tell("sent")["points"] == 0


def test_images_are_added_moved_described_and_taken_away(store, tmp_path):
    with_images(store, tmp_path)
    text = """Handle,Image Src,Image Alt Text,Image Command,Variant Image
mug,https://pictures.example/front.png,In front,,https://pictures.example/side.png
mug,https://pictures.example/back.png,,DELETE,
mug,https://pictures.example/side.png,Side,,
"""
    job = imported(store, tmp_path, text)
    assert job.counts == {"updated": 3}, outcomes(job)
    assert media(store) == [("front.png", "In front"), ("side.png", "Side")]
    [variant] = product(store, "mug")["variants"]["nodes"]
    assert file_name(variant["image"]["url"]) == "side.png"


def test_replace_with_one_image_fewer_takes_that_one_away(store, tmp_path):
    """Case (k): the plan says which."""
    with_images(store, tmp_path)
    text = "Handle,Title,Command,Image Src\nmug,Mug,REPLACE,https://pictures.example/front.png\n"
    job = imported(store, tmp_path, text)
    [(result, words)] = outcomes(job)
    assert result == "updated" and "back.png" in words and '"Front" → ""' in words, words
    assert media(store) == [("front.png", "")]


WHOLE = """Handle,Title,Body HTML,Vendor,Type,Tags,Template Suffix,Category,Image Src,\
Image Alt Text,Variant SKU,Variant Barcode,Variant Price,Variant Compare At Price,Variant Cost,\
Metafield: title_tag [string]
mug,Mug,<p>Holds tea.</p>,Nordvik,Cups,"a, b",wide,Apparel & Accessories > Shoes > Slippers,\
https://pictures.example/front.png,Front,M-1,4006381333931,7,9,3,Found
""".replace("\\\n", "")


def test_replace_empties_what_the_file_has_no_column_for(store, tmp_path):
    """The plan names each loss; what names a variant stays, and undo brings all back."""
    imported(store, tmp_path, WHOLE)
    [before] = [row for row in exported(store, "products") if row["Handle"] == "mug"]
    text = "Handle,Title,Command,Variant SKU,Variant Price\nmug,Mug,REPLACE,M-1,8\n"
    job = store.run_import(store.keep(tmp_path, text, type="products"))
    assert job.status == "held" and job.plan["limits"]["replaced"]["over"]
    [planned] = objects(job)
    lost = ["Body HTML", "Vendor", "Type", "Tags", "Template Suffix", "Category: ID"]
    lost += ["Metafield: title_tag [string]", "Variant Compare At Price", "Variant Cost"]
    told = {one.column: (one.before, one.after) for one in planned.changes}
    assert {header: told.get(header) for header in lost} == {h: (before[h], "") for h in lost}
    job.apply({"replaced": 1})
    store.run_import(job)
    [after] = [row for row in exported(store, "products") if row["Handle"] == "mug"]
    assert {header: after[header] for header in lost} == {**dict.fromkeys(lost, ""), "Vendor": ""}
    assert (after["Image Src"], after["Variant SKU"], after["Variant Price"]) == ("", "M-1", "8.00")
    assert set(undone(store)) == {"updated"}
    [back] = [row for row in exported(store, "products") if row["Handle"] == "mug"]
    changed = {header for header in back if back[header] != before[header]}
    assert changed <= {"Updated At", "Image Src"}, changed


def test_an_image_that_is_not_there_is_told_and_the_product_is_made(store, tmp_path):
    """Case 6."""
    store.misbehave(media_fails=1)
    job = imported(store, tmp_path, IMAGES)
    store.misbehave()
    results = outcomes(job)
    assert [result for result, _ in results] == ["created"] * 2
    assert "front.png could not be fetched" in results[0][1], results


def test_a_taken_handle_is_told(store, tmp_path):
    new_products(store, tmp_path)
    gid = product(store, "mug")["id"].rpartition("/")[2]
    [(result, words)] = outcomes(imported(store, tmp_path, f"ID,Handle\n{gid},tee\n"))
    assert result == "failed" and "tee" in words
    assert product(store, "mug")["title"] == "Mug"


def test_tags_are_added_where_the_command_says_so(store, tmp_path):
    """Case (d), and case 5."""
    cases = [
        ("c, B", "MERGE", ["a", "b", "c"]),
        ("", "MERGE", ["a", "b"]),
        ("a", "DELETE", ["b"]),
        ("z", "REPLACE", ["z"]),
    ]
    rows = [{"Handle": f"mug-{n}", "Title": "Mug", "Tags": "a, b"} for n in range(len(cases))]
    imported(store, tmp_path, text_of(rows))
    commands = [
        {"Handle": f"mug-{n}", "Tags": tags, "Tags Command": command}
        for n, (tags, command, _) in enumerate(cases)
    ]
    imported(store, tmp_path, text_of(commands))
    found = [product(store, f"mug-{n}")["tags"] for n in range(len(cases))]
    assert found == [tags for _, _, tags in cases]


def test_a_price_that_somebody_else_changed_is_a_conflict_and_the_others_are_done(store, tmp_path):
    new_products(store, tmp_path)
    text = "Handle,Variant SKU,Variant Price\ntee,R-1,21\ntee,B-1,22\nmug,M-1,8\n"
    job = store.begun(tmp_path, text, type="products")
    red = product(store, "tee")["variants"]["nodes"][0]["id"]
    gid = product(store, "tee")["id"]
    store.graphql(
        """mutation ($id: ID!, $variants: [ProductVariantsBulkInput!]!) {
        productVariantsBulkUpdate(productId: $id, variants: $variants) {
        userErrors { message } } }""",
        id=gid,
        variants=[{"id": red, "price": "18"}],
    )
    store.run_import(job)
    assert (job.status, job.error) == ("completed", None)
    assert [result for result, _ in outcomes(job)] == ["conflict", "conflict", "updated"]
    assert (
        'Variant Price (Red): "19.00" when planned, to be "21.00", "18.00" now'
        in outcomes(job)[0][1]
    )
    assert [v["price"] for v in product(store, "tee")["variants"]["nodes"]] == ["18.00", "20.50"]


def test_many_new_products_are_one_bulk_mutation_and_what_follows_is_done(
    store, small_batches, tmp_path
):
    store.tell("seed", products=1)  # which brings the sales channels
    count = bulk.FEWEST + 5
    rows = "".join(f"p{n},P {n},true,{n}.50\n" for n in range(1, count + 1))
    store.tell("sent")
    job = imported(store, tmp_path, f"Handle,Title,Published,Variant Price\n{rows}")
    assert (job.counts, job.error) == ({"created": count}, None)
    sent = store.tell("sent")
    assert Counter(fields_of(sent)) == {
        "stagedUploadsCreate": 1,
        "bulkOperationRunMutation": 1,
        "productSet": count,
        "publishablePublish": count,
    }
    last = product(store, f"p{count}")
    assert last["publishedAt"] and last["variants"]["nodes"][0]["price"] == f"{count}.50"


def test_images_of_many_new_products_that_cannot_be_fetched_are_told(
    store, small_batches, tmp_path
):
    """Of the first product, too, whose images Shopify had fetched long before the last was made."""
    store.tell("seed", products=1)
    count, picture = bulk.FEWEST + 5, "https://pictures.example/{}.png"
    rows = "".join(f"p{n},P {n},{n % 2 == 0},{picture.format(n)}\n" for n in range(1, count + 1))
    store.misbehave(media_fails=2)
    job = imported(store, tmp_path, f"Handle,Title,Published,Image Src\n{rows}")
    assert (job.counts, job.error) == ({"created": count}, None)
    told = [row for row in results(job) if "could not be fetched" in row["Import Comment"]]
    assert len(told) == 2
    for row in told:
        assert f"{row['Handle'][1:]}.png could not be fetched" in row["Import Comment"]
        assert product(store, row["Handle"])["media"]["nodes"] == []


def test_variants_and_images_come_into_the_order_of_their_positions(store, tmp_path):
    text = """Handle,Title,Option1 Name,Option1 Value,Image Src
tee,Tee,Size,S,https://pictures.example/1.png
tee,,Size,M,https://pictures.example/2.png
tee,,Size,L,https://pictures.example/3.png
"""
    imported(store, tmp_path, text)
    store.tell("sent")
    text = """Handle,Option1 Value,Variant Position,Image Src,Image Position
tee,L,1,https://pictures.example/3.png,2
tee,XL,3,https://pictures.example/4.png,1
"""
    job = imported(store, tmp_path, text)
    assert job.counts == {"updated": 2}, outcomes(job)
    assert titles(store) == ["L", "S", "XL", "M"]
    assert [name for name, _ in media(store, "tee")] == ["4.png", "3.png", "1.png", "2.png"]
    assert Counter(fields_of(store.tell("sent"))) == {
        "productUpdate": 1,
        "productVariantsBulkCreate": 1,
        "productVariantsBulkReorder": 1,
        "productReorderMedia": 1,
    }


def test_a_place_that_two_variants_want_goes_to_the_one_that_moves(store, tmp_path):
    rows = "".join(f"tee,Tee,Size,{size}\n" for size in "ABCD")
    imported(store, tmp_path, f"Handle,Title,Option1 Name,Option1 Value\n{rows}")
    places = {"A": 3, "B": 2, "C": 3, "D": 4}
    rows = "".join(f"tee,{size},{place}\n" for size, place in places.items())
    imported(store, tmp_path, f"Handle,Option1 Value,Variant Position\n{rows}")
    assert titles(store) == ["B", "C", "A", "D"]


def test_what_is_only_said_of_a_new_product_is_told(store, tmp_path):
    new_products(store, tmp_path)
    job = imported(store, tmp_path, "Handle,Gift Card\nmug,true\n")
    assert job.counts == {"unchanged": 1} and "Gift Card" in " ".join(job.warnings)


def spoil(job, field: str) -> None:
    """Let Shopify refuse the calls of a mutation, as it does for an item that is gone."""
    for planned in ImportObject.to_write(job.id, 0, 99):
        calls = planned.input["calls"]
        for call in calls:
            if call["mutation"] == field:
                call["variables"]["inventoryItemId"] = "gid://shopify/InventoryItem/1"
        planned.input_box = sealed(job.id, planned.number, {"calls": calls})
    db.session.commit()


HALF = """Handle,Title,Variant SKU,Variant Price,Inventory Available: Harbour
mug,New mug,M-1,9,7
"""


def test_a_step_that_is_refused_is_told_and_the_rest_is_done(store, tmp_path):
    """What of an object was done, and what not."""
    store.tell("seed", products=1)
    imported(store, tmp_path, NEW)
    [place, *_] = store.graphql("{ locations(first: 5) { nodes { name } } }")["locations"]["nodes"]
    job = store.begun(tmp_path, HALF.replace("Harbour", place["name"]), type="products")
    spoil(job, "inventoryActivate")
    store.run_import(job)
    [(result, words)] = outcomes(job)
    assert result == "failed" and "couldn't be found" in words
    assert f"Not done: Inventory Available: {place['name']} (Default Title)" in words, words
    assert product(store, "mug")["title"] == "New mug"


def cut_off(store, job, sent: int) -> ImportObject:
    """The job's only object as a kill leaves it: ``sent`` calls answered, one more made."""
    [planned] = ImportObject.to_write(job.id, 0, 99)
    writing = BY_NAME["products"].writing
    assert writing
    mutations = {one.name: one for one in writing.mutations}
    for call in planned.input["calls"][: sent + 1]:
        document = mutations[call["mutation"]].document
        assert store.graphql(document, **call["variables"])["result"]["userErrors"] == []
    planned.tried, planned.sent, planned.sending = True, sent, "a key"
    db.session.commit()
    return planned


def test_a_variant_that_was_deleted_before_a_kill_is_not_deleted_again(store, tmp_path):
    sizes(store, tmp_path)
    text = """Handle,Title,Option1 Value,Option2 Value,Variant Command
tee,Better tee,M,Red,DELETE
"""
    job = store.begun(tmp_path, text, type="products")
    planned = cut_off(store, job, 1)
    assert planned.input["calls"][1]["mutation"] == "productVariantsBulkDelete"
    store.run_import(job)
    assert job.counts == {"updated": 1}, outcomes(job)
    assert titles(store) == ["S / Red"] and product(store, "tee")["title"] == "Better tee"


def test_what_was_refused_before_a_kill_is_told_after_it(store, tmp_path):
    new_products(store, tmp_path)
    job = store.begun(tmp_path, "Handle,Title\nmug,New mug\n", type="products")
    [planned] = ImportObject.to_write(job.id, 0, 99)
    planned.tried, planned.sent = True, len(planned.input["calls"])
    planned.notes = {**planned.notes, REFUSED: ["Shopify says no."]}
    db.session.commit()
    store.run_import(job)
    [(result, words)] = outcomes(job)
    assert result == "failed" and words.startswith("Shopify says no.")
    assert REFUSED not in planned.notes


def test_a_row_stands_for_every_combination_of_its_options(store, tmp_path):
    header = "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,"
    header += "Variant Generate From Options,Variant Price\n"
    text = f'{header}tee,Tee,Size,"S, M",Colour,"Red,Blue",TRUE,9\n'
    assert outcomes(imported(store, tmp_path, text))[0][0] == "created"
    rows = variants_of(store, "tee")
    four = [("S", "Red"), ("S", "Blue"), ("M", "Red"), ("M", "Blue")]
    assert [(r["Option1 Value"], r["Option2 Value"]) for r in rows] == four
    assert {row["Variant Price"] for row in rows} == {"9.00"}
    assert outcomes(imported(store, tmp_path, text))[0][0] == "unchanged"
    more = f'{header}tee,Tee,Size,"M,L",Colour,Red,true,8\n'
    assert outcomes(imported(store, tmp_path, more))[0][0] == "updated"
    prices = [row["Variant Price"] for row in variants_of(store, "tee")]
    assert prices == ["9.00", "9.00", "8.00", "9.00", "8.00"]
    assert undone(store) == ["updated"]
    assert [row["Variant Price"] for row in variants_of(store, "tee")] == ["9.00"] * 4
    as_it_is = f'{header}cap,Cap,Size,"S, M",,,FALSE,9\n'
    assert outcomes(imported(store, tmp_path, as_it_is))[0][0] == "created"
    assert [row["Option1 Value"] for row in variants_of(store, "cap")] == ["S, M"]


MANY = ",".join(f"v{n}" for n in range(1000))


def test_combinations_that_cannot_be(store, tmp_path):
    wrong = [
        ({"Variant SKU": "T-1"}, "Variant SKU: the row is about 2, and only one can have it."),
        ({"Option1 Value": MANY, "Option2 Value": MANY, "Option3 Value": MANY}, "1,000,000,000"),
        ({"Variant Generate From Options": "maybe"}, "Variant Generate From Options: “maybe”"),
    ]
    row = {"Title": "Tee", "Option1 Name": "Size", "Option1 Value": "S,M"}
    row |= {"Variant Generate From Options": "true"}
    rows = [row | {"Handle": f"tee-{n}"} | cells for n, (cells, _) in enumerate(wrong)]
    check_told(outcomes(imported(store, tmp_path, text_of(rows))), wrong)


def test_weights_in_grams(store, tmp_path):
    """As in Shopify's own files; beside a weight with a unit they say nothing."""
    text = "Handle,Title,Variant SKU,Variant Grams\nmug,Mug,M-1,250\n"
    assert outcomes(imported(store, tmp_path, text))[0][0] == "created"
    weight = product(store, "mug")["variants"]["nodes"][0]["inventoryItem"]["measurement"]["weight"]
    assert weight == {"value": 250.0, "unit": "GRAMS"}
    assert outcomes(imported(store, tmp_path, text))[0][0] == "unchanged"
    other = "Handle,Variant Grams,Variant Weight,Variant Weight Unit\nmug,9,1.5,kg\n"
    assert outcomes(imported(store, tmp_path, other))[0][0] == "updated"
    weight = product(store, "mug")["variants"]["nodes"][0]["inventoryItem"]["measurement"]["weight"]
    assert weight == {"value": 1.5, "unit": "KILOGRAMS"}
    same = "Handle,Variant Grams\nmug,1500\n"
    assert outcomes(imported(store, tmp_path, same))[0][0] == "unchanged"
    assert outcomes(imported(store, tmp_path, same.replace("1500", "1600")))[0][0] == "updated"
    assert undone(store) == ["updated"]
    [row] = [row for row in exported(store, "products") if row["Handle"] == "mug"]
    assert "Variant Grams" not in row
    assert (float(row["Variant Weight"]), row["Variant Weight Unit"]) in ((1.5, "kg"), (1500, "g"))


def test_a_date_for_each_sales_channel(store, tmp_path):
    store.tell("seed", products=1)
    text = (
        "Handle,Title,Published At: POS,Published At: Online Store,Published At: Nowhere\n"
        "mug,Mug,2026-01-02 10:00:00 +0000,2099-01-02 10:00:00 +0000,2026-01-02\n"
    )
    job = imported(store, tmp_path, text)
    assert outcomes(job)[0][0] == "created", outcomes(job)
    assert any("Published At: Nowhere" in warning for warning in job.warnings)
    query = """query ($handle: String!) { productByIdentifier(identifier: {handle: $handle}) {
      resourcePublicationsV2(first: 9, onlyPublished: false) {
        nodes { publishDate isPublished publication { name } } } } }"""

    def dates() -> dict:
        found = store.graphql(query, handle="mug")["productByIdentifier"]
        nodes = found["resourcePublicationsV2"]["nodes"]
        return {n["publication"]["name"]: (n["publishDate"], n["isPublished"]) for n in nodes}

    assert dates() == {
        "Point of Sale": ("2026-01-02T10:00:00Z", True),
        "Online Store": ("2099-01-02T10:00:00Z", False),
    }
    assert outcomes(imported(store, tmp_path, text))[0][0] == "unchanged"
    sooner = text.replace("2026-01-02 10", "2026-01-01 10")
    assert outcomes(imported(store, tmp_path, sooner))[0][0] == "updated"
    assert dates()["Point of Sale"] == ("2026-01-01T10:00:00Z", True)
    jar = "Handle,Title,Published At: POS,Published At\njar,Jar,,\n"
    imported(store, tmp_path, jar)
    imported(store, tmp_path, jar.replace("Jar,,", "Jar,2026-01-01,2026-01-01"))
    [row] = [row for row in exported(store, "products") if row["Handle"] == "jar"]
    assert (row["Published"], row["Published: Point of Sale"]) == ("true", "true")
    assert undone(store) == ["updated"]  # it was not published before
    [row] = [row for row in exported(store, "products") if row["Handle"] == "jar"]
    assert (row["Published"], row["Published: Point of Sale"]) == ("false", "false")


def test_a_header_that_ends_in_id_names_the_products(store, tmp_path):
    new_products(store, tmp_path)
    text = "ID,Handle,Variant SKU [ID],Variant Price\n1,teapot,M-1,8\n"
    [(result, words)] = outcomes(imported(store, tmp_path, text))
    assert result == "updated" and 'Handle: "mug" → "teapot"' in words
    assert product(store, "teapot")["variants"]["nodes"][0]["price"] == "8.00"
    text = "ID,Handle [ID],Title\n1,teapot,Teapot\n"
    [(result, words)] = outcomes(imported(store, tmp_path, text))
    assert result == "updated" and product(store, "teapot")["title"] == "Teapot"
    text = "Handle,Variant Barcode [ID],Variant Price\ntee,12,9\n"
    [(result, words)] = outcomes(imported(store, tmp_path, text))
    assert result == "failed" and "Variant Barcode: the store has none with “12”." in words
