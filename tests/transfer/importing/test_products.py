"""Products imported into the stand-in: what the store has afterwards, and what it was sent."""

import csv
import io

import pytest

from transfer.importing.rows import results_file

pytestmark = pytest.mark.both_databases


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


def product(store, handle: str) -> dict | None:
    return store.graphql(PRODUCT, handle=handle)["productByIdentifier"]


def imported(store, folder, text: str):
    return store.run_import(store.keep(folder, text, type="products"))


NEW = """Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price
tee,Tee,Colour,Red,R-1,19
tee,Tee,Colour,Blue,B-1,20.5
mug,Mug,,,M-1,7
"""


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
    imported(store, tmp_path, NEW)
    job = imported(store, tmp_path, "Handle,Variant SKU,Variant Price\ntee,B-1,22\nmug,M-1,7.00\n")
    assert [result for result, _ in outcomes(job)] == ["updated", "unchanged"], outcomes(job)
    assert [v["price"] for v in product(store, "tee")["variants"]["nodes"]] == ["19.00", "22.00"]
