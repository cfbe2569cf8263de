"""What people who do this work complain of, where no test of a data type shows it: each with the
right outcome."""

from typing import Any

from tests.transfer.importing.files import (
    came_of,
    exported,
    imported,
    results_of,
    text_of,
    undone,
    variants_of,
)
from tests.transfer.importing.test_products import product
from tests.transfer.store import Store

TEE = {"Handle": "tee", "Title": "Tee", "Variant SKU": "007", "Variant Price": "5"}
PICTURE = "https://pictures.example/front.png"


def tee(store: Store, folder) -> None:
    """Give the store the product TEE."""
    store.given("a tee", lambda: imported(store, folder, "products", TEE))


def variants(store: Store, handle: str = "tee") -> list[tuple[str, str]]:
    nodes: list[dict[str, Any]] = product(store, handle)["variants"]["nodes"]
    return [(one["sku"], one["price"]) for one in nodes]


def test_a_file_that_a_german_excel_has_saved(store, tmp_path):
    """A semicolon between cells, a comma before decimals, zeros kept; never both marks in one."""
    tee(store, tmp_path)
    file = "Handle;Variant SKU;Variant Price\r\ntee;007;19,90\r\n".encode("cp1252")
    job = store.run_import(store.keep(tmp_path, file, type="products", confirm={"changes": True}))
    assert job.counts == {"updated": 1}
    assert variants(store) == [("007", "19.90")]
    for price in ("1.234,50", "1,234.50", "1,234"):
        row = {"Handle": "tee", "Variant SKU": "007", "Variant Price": price}
        [(result, words)] = came_of(store, tmp_path, "products", row)
        assert result == "failed" and words.startswith(f"Variant Price: “{price}” is not a number")
    assert variants(store) == [("007", "19.90")]


def test_rows_without_a_handle_below_a_new_product_make_no_further_ones(store, tmp_path):
    rows = [
        {**TEE, "Option1 Name": "Size", "Option1 Value": "S"},
        {"Option1 Value": "M", "Variant SKU": "008", "Variant Price": "6"},
        {"Option1 Value": "L", "Variant SKU": "009", "Variant Price": "7"},
    ]
    [(result, words), *others] = came_of(store, tmp_path, "products", *rows)
    assert result == "created" and [one for one, _ in others] == ["created"] * 2
    assert "Row 3: no key is filled, so it belongs to the row above." in words
    assert variants(store) == [("007", "5.00"), ("008", "6.00"), ("009", "7.00")]
    assert {row["Handle"] for row in exported(store, "products")} == {"tee"}


def test_two_blocks_of_one_handle_are_one_product_and_its_second_title_is_told(store, tmp_path):
    sizes = [
        {**TEE, "Option1 Name": "Size", "Option1 Value": "S"},
        {"Handle": "mug", "Title": "Mug"},
        {**TEE, "Title": "Other", "Option1 Value": "M", "Variant SKU": "008"},
    ]
    [(result, words), _, (second, _)] = came_of(store, tmp_path, "products", *sizes)
    assert (result, second) == ("created", "created")
    assert "Row 4: Title contradicts the object's first row, which is taken." in words
    assert "Its rows are apart in the file" in words
    assert product(store, "tee")["title"] == "Tee"
    assert [sku for sku, _ in variants(store)] == ["007", "008"]


def test_the_id_of_a_deleted_product_leads_to_the_one_of_its_handle(store, tmp_path):
    tee(store, tmp_path)
    old = product(store, "tee")["id"].rpartition("/")[2]
    imported(store, tmp_path, "products", {"ID": old, "Command": "DELETE"})
    imported(store, tmp_path, "products", TEE)
    now = product(store, "tee")["id"]
    row = {"ID": old, "Handle": "tee", "Title": "Better"}
    [(result, words)] = came_of(store, tmp_path, "products", row)
    assert (
        result == "updated" and f"The store has no ID {old}; it was found by its Handle." in words
    )
    there = product(store, "tee")
    assert (there["id"], there["title"]) == (now, "Better")


def test_blank_tags_are_kept_and_counted_but_where_they_are_to_be_emptied(store, tmp_path):
    imported(store, tmp_path, "products", {**TEE, "Tags": "a, b"})
    blank = {"Handle": "tee", "Tags": ""}

    def run(command: str, **options: str) -> tuple[dict[str, int], int, list[str]]:
        text = text_of([{**blank, "Tags Command": command}])
        job = store.run_import(store.keep(tmp_path, text, type="products", **options))
        return job.counts, job.plan["blanks"], product(store, "tee")["tags"]

    there = ["a", "b"]
    for command in ("MERGE", "ADD", "DELETE"):
        assert run(command, blank="clear") == ({"unchanged": 1}, 0, there), command
    for command in ("REPLACE", ""):
        assert run(command) == ({"unchanged": 1}, 1, there), command
    row = {"Handle": "tee", "Title": "Better"}
    assert results_of(store, tmp_path, "products", row, blank="clear") == ["updated"]
    assert product(store, "tee")["tags"] == there
    assert run("REPLACE", blank="clear") == ({"updated": 1}, 0, [])


def test_an_image_that_could_not_be_fetched_is_not_doubled_by_a_second_run(store, tmp_path):
    """Nor does each run leave another one that shows nothing."""
    row = {**TEE, "Image Src": PICTURE}
    for result in ("created", "updated"):
        store.misbehave(media_fails=1)
        [(came, words)] = came_of(store, tmp_path, "products", row)
        assert came == result and "front.png could not be fetched" in words
        assert product(store, "tee")["media"]["nodes"] == []
    store.misbehave()
    assert results_of(store, tmp_path, "products", row, row) == ["updated"] * 2
    assert results_of(store, tmp_path, "products", row) == ["unchanged"]
    [image] = product(store, "tee")["media"]["nodes"]
    assert image["status"] == "READY"


def test_a_location_that_is_gone_is_named_once_and_other_columns_are_written(store, tmp_path):
    tee(store, tmp_path)
    rows = [{**TEE, "Variant Price": "9", "Inventory Available: Old Warehouse": "3"}]
    text = text_of(rows)
    job = store.run_import(store.keep(tmp_path, text, type="products", confirm={"changes": True}))
    assert [one for one in job.warnings if "Old Warehouse" in one] == job.warnings != []
    assert variants(store) == [("007", "9.00")]


def test_a_fulfillment_service_that_a_new_variant_does_not_get_is_told(store, tmp_path):
    """Shopify gives it ``manual``, or to gift cards ``gift_card``."""
    services = ("manual", "Manual", "gift_card", "amazon")
    rows = [
        {"Handle": f"tee-{n}", "Title": "Tee", "Variant Fulfillment Service": service}
        for n, service in enumerate(services)
    ]
    job = store.run_import(store.keep(tmp_path, text_of(rows), type="products"))
    assert (job.counts, job.warnings) == (
        {"created": 4},
        ["“Variant Fulfillment Service” cannot be written; 1 row differs."],
    )


def test_one_email_twice_in_another_letter_case_is_one_customer(store, tmp_path):
    rows = [
        {"Email": "Ann@x.example", "First Name": "Ann", "Tags": "a"},
        {"Email": "ann@x.example", "First Name": "Anna", "Note": "Calls on Mondays"},
    ]
    [(result, words), _] = came_of(store, tmp_path, "customers", *rows)
    assert result == "created" and "Row 3: First Name contradicts" in words
    [ann] = exported(store, "customers")
    kept = ("Email", "First Name", "Tags", "Note")
    assert [ann[h] for h in kept] == ["ann@x.example", "Ann", "a", "Calls on Mondays"]


LIST = "Metafield: own.sizes [list.single_line_text_field]"


def test_lists_in_a_metafield(store, tmp_path):
    """By what each cell says what is kept of it."""
    cells = {"S, M, L": '["S","M","L"]', '["S","M"]': '["S","M"]', '["S",': ""}
    handles = {f"tee-{n}": cell for n, cell in enumerate(cells)}
    imported(
        store, tmp_path, "products", *({"Handle": handle, "Title": "Tee"} for handle in handles)
    )
    rows = [{"Handle": handle, LIST: cell} for handle, cell in handles.items()]
    *good, (result, words) = came_of(store, tmp_path, "products", *rows)
    assert [one for one, _ in good] == ["updated"] * 2
    assert result == "failed" and words.startswith(LIST)
    found = {row["Handle"]: row[LIST] for row in exported(store, "products", whole=True)}
    assert found == {handle: cells[cell] for handle, cell in handles.items()}


def test_a_product_without_options_gets_sizes(store, tmp_path):
    """Its only variant becomes the first of them, with its history; none is left without a size."""
    tee(store, tmp_path)
    [was] = variants_of(store)
    sizes = [
        {"Handle": "tee", "Option1 Name": "Size", "Option1 Value": size, "Variant SKU": f"T-{size}"}
        for size in "SM"
    ]
    assert results_of(store, tmp_path, "products", *sizes) == ["updated"] * 2
    rows = variants_of(store)
    assert [(row["Option1 Value"], row["Variant SKU"]) for row in rows] == [
        ("S", "T-S"),
        ("M", "T-M"),
    ]
    assert rows[0]["Variant ID"] == was["Variant ID"]
    assert undone(store) == ["updated"]
    [row] = variants_of(store)
    named = ("Option1 Name", "Option1 Value", "Variant SKU", "Variant ID")
    assert [row[header] for header in named] == [was[header] for header in named]


def test_the_id_of_another_products_variant_makes_no_new_one(store, tmp_path):
    """Nor does it change a variant that has the row's other cells; of a file of another store no ID
    tells anything."""
    mug = {"Handle": "mug", "Title": "Mug", "Variant SKU": "M", "Variant Price": "3"}
    imported(store, tmp_path, "products", TEE, mug)
    there = {row["Handle"]: row for row in exported(store, "products")}
    other = {"Variant ID": there["mug"]["Variant ID"], "Variant Price": "9"}
    size = {"Option1 Name": "Size", "Option1 Value": "S"}
    wrong: list[dict[str, str]] = [
        {"Handle": "tee", "Title": "Tee", **other, **size},
        {"Handle": "mug", "Title": "Mug", "Variant SKU": "M", "Variant Price": "4"},
        {"Handle": "cap", "Title": "Cap", **other},
    ]
    found = came_of(store, tmp_path, "products", *wrong)
    words = (
        f"Variant ID: “{other['Variant ID']}” is the ID of a variant of another product. Leave it "
        "empty to make a new variant here."
    )
    assert found[0] == found[2] == ("failed", words), found
    assert found[1][0] == "updated"
    assert variants(store) == [("007", "5.00")] and product(store, "cap") is None
    moved = [{"ID": "4711", "Handle": "cap", "Title": "Cap", **other}]
    assert results_of(store, tmp_path, "products", *moved) == ["created"]
    assert [price for _, price in variants(store, "cap")] == ["9.00"]
