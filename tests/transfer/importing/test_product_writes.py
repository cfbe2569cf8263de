"""What columns of products write to the stand-in's store, one after the other."""

import pytest

from tests.transfer.importing.test_products import NEW, imported, outcomes, product

pytestmark = pytest.mark.both_databases

SLIPPERS = "Apparel & Accessories > Shoes > Slippers"
CATEGORY = """query ($handle: String!) { productByIdentifier(identifier: {handle: $handle}) {
  category { id fullName } } }"""


def category(store, handle: str) -> str | None:
    found = store.graphql(CATEGORY, handle=handle)["productByIdentifier"]["category"]
    return found and found["id"].rpartition("/")[2]


def test_a_category_is_written_by_its_name(store, tmp_path):
    imported(store, tmp_path, NEW)
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
