"""What columns of products write to the stand-in's store, one after the other."""

import pytest

from tests.transfer.importing.test_products import NEW, fields_of, imported, outcomes

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
    job = imported(store, tmp_path, f"{text}bowl,Bowl,W-1,Light\n")
    *done, bowl = outcomes(job)
    assert [result for result, _ in done] == ["updated"] * 3 + ["created"], done
    assert bowl == (
        "failed",
        "Variant Shipping Profile: The store has no shipping profile “Light”.",
    )
    assert set(profiles(store).values()) == {"Heavy"}
    assert fields_of(store.tell("sent")) == ["productSet", "deliveryProfileUpdate"]
    text = "Handle,Variant SKU,Variant Shipping Profile\ntee,R-1,General profile\nmug,M-1,\n"
    job = imported(store, tmp_path, text)
    assert [result for result, _ in outcomes(job)] == ["updated", "unchanged"], outcomes(job)
    there = {"R-1": "General profile", "B-1": "Heavy", "M-1": "Heavy", "J-1": "Heavy"}
    assert profiles(store) == there
