"""Work that goes on after the answer, locks, and the profiles by which variants ship."""

import time

import pytest

ERRORS = "userErrors { field message }"
SLOW = {"slow_jobs_ms": 400}
JOB = "query ($id: ID!) { job(id: $id) { id done } }"
OPERATION = """query ($id: ID!) { productOperation(id: $id) { status
    ... on ProductSetOperation { product { title } userErrors { code } }
    ... on ProductDeleteOperation { deletedProductId } } }"""
PRODUCTS = "query ($id: ID!) { collection(id: $id) { products(first: 9) { nodes { id } } } }"
COLLECT = f"""mutation ($collection: CollectionCreateInput!) {{
    collectionCreate(collection: $collection) {{ collection {{ id }} {ERRORS} }} }}"""
RECOLLECT = f"""mutation ($collection: CollectionUpdateInput!) {{
    collectionUpdate(collection: $collection) {{
        collection {{ id }} job {{ id done }} {ERRORS} }} }}"""
SET = """mutation ($input: ProductSetInput!, $now: Boolean) {
    productSet(input: $input, synchronous: $now) {
        product { id } productSetOperation { id status } userErrors { code } } }"""
DELETE = f"""mutation ($id: ID!, $now: Boolean) {{
    productDelete(input: {{id: $id}}, synchronous: $now) {{
        deletedProductId productDeleteOperation {{ id status }} {ERRORS} }} }}"""
PROFILE = f"""mutation ($id: ID!, $profile: DeliveryProfileInput!) {{
    deliveryProfileUpdate(id: $id, profile: $profile) {{
        profile {{ name version }} {ERRORS} }} }}"""
OF_VARIANT = "query ($id: ID!) { productVariant(id: $id) { deliveryProfile { name } } }"
PUBLISH = """mutation ($id: ID!, $input: PublicationUpdateInput!) {
    publicationUpdate(id: $id, input: $input) { publication { id } userErrors { code } } }"""
RELIST = """mutation ($id: ID!, $input: PriceListUpdateInput!) {
    priceListUpdate(id: $id, input: $input) { priceList { name } userErrors { code } } }"""


def run(shop, query, **variables):
    [payload] = shop.ask(query, **variables).values()
    return payload


def until(look):
    deadline = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def done(shop, job):
    return until(lambda: run(shop, JOB, id=job["id"])["done"])


def complete(shop, operation):
    def look():
        found = run(shop, OPERATION, id=operation["id"])
        return found if found["status"] == "COMPLETE" else None

    return until(look)


@pytest.fixture
def shop(alice):
    assert alice.control("seed", {"products": 2, "catalogs": 1}).status_code == 200
    return alice


@pytest.fixture
def product(shop):
    return shop.store.all("Product")[0]["id"]


def by_hand(*products):
    chosen = [{"productId": gid} for gid in products]
    return {"source": {"title": "Products", "inclusion": {"selections": chosen}}}


def test_the_products_of_a_collection_follow_with_its_job(shop, product):
    collection = run(shop, COLLECT, collection={"title": "Best"})["collection"]["id"]
    shop.control("misbehave", SLOW)
    given = {"id": collection, "sourcesToCreate": [by_hand(product)]}
    payload = run(shop, RECOLLECT, collection=given)
    assert (payload["userErrors"], payload["job"]["done"]) == ([], False)
    assert run(shop, PRODUCTS, id=collection)["products"]["nodes"] == []
    assert done(shop, payload["job"])
    assert run(shop, PRODUCTS, id=collection)["products"]["nodes"] == [{"id": product}]


def test_a_product_that_is_set_later_is_told_by_its_operation(shop):
    shop.control("misbehave", SLOW)
    payload = run(shop, SET, input={"title": "Later"}, now=False)
    assert (payload["product"], payload["productSetOperation"]["status"]) == (None, "CREATED")
    assert "Later" not in [one["title"] for one in shop.store.all("Product")]
    assert complete(shop, payload["productSetOperation"])["product"] == {"title": "Later"}


def test_a_product_that_may_not_be_set_is_told_by_its_operation(shop):
    given = {"title": "x", "productOptions": [{"name": "Size", "values": [{"name": "S"}]}]}
    payload = run(shop, SET, input=given, now=False)
    assert payload["userErrors"] == []
    told = complete(shop, payload["productSetOperation"])
    assert told["userErrors"] == [{"code": "VARIANTS_INPUT_MISSING"}]
    assert told["product"] is None


def test_a_product_is_deleted_later(shop, product):
    shop.control("misbehave", SLOW)
    payload = run(shop, DELETE, id=product, now=False)
    assert payload["deletedProductId"] is None
    assert shop.store.get(product)
    assert complete(shop, payload["productDeleteOperation"])["deletedProductId"] == product
    assert shop.store.get(product) is None


def test_an_operation_of_another_shop_is_not_found(shop, bob):
    payload = run(shop, SET, input={"title": "Mine"}, now=False)
    assert run(bob, OPERATION, id=payload["productSetOperation"]["id"]) is None


def test_a_locked_publication_and_price_list_are_written_at_a_later_call(shop, product):
    publication = shop.store.all("MarketCatalog")[0]["publication"]
    prices = shop.store.all("PriceList")[0]["id"]
    shop.control("misbehave", {"locks": 2})
    more = {"publishablesToAdd": [product]}
    refused = run(shop, PUBLISH, id=publication, input=more)
    assert refused == {"publication": None, "userErrors": [{"code": "PUBLICATION_LOCKED"}]}
    refused = run(shop, RELIST, id=prices, input={"name": "New"})
    assert refused == {"priceList": None, "userErrors": [{"code": "PRICE_LIST_LOCKED"}]}
    assert run(shop, PUBLISH, id=publication, input=more)["userErrors"] == []
    assert run(shop, RELIST, id=prices, input={"name": "New"})["priceList"] == {"name": "New"}


@pytest.fixture
def heavy(shop):
    """A profile beside the general one."""
    general = shop.store.all("DeliveryProfile")[0]
    new = {**general, "id": shop.store.new_id("DeliveryProfile"), "name": "Heavy", "default": False}
    return shop.store.put(new)["id"]


@pytest.fixture
def variant(shop):
    return shop.store.all("ProductVariant")[0]["id"]


def profile_of(shop, variant):
    return run(shop, OF_VARIANT, id=variant)["deliveryProfile"]["name"]


def test_a_variant_ships_by_the_profile_that_it_was_given_last(shop, heavy, variant):
    assert profile_of(shop, variant) == "General profile"
    payload = run(shop, PROFILE, id=heavy, profile={"variantsToAssociate": [variant]})
    assert payload == {"profile": {"name": "Heavy", "version": 2}, "userErrors": []}
    assert profile_of(shop, variant) == "Heavy"
    run(shop, PROFILE, id=heavy, profile={"variantsToDissociate": [variant]})
    assert profile_of(shop, variant) == "General profile"


def test_a_profile_gives_back_only_what_it_has(shop, heavy, variant):
    run(shop, PROFILE, id=heavy, profile={"variantsToAssociate": [variant]})
    general = next(one for one in shop.store.all("DeliveryProfile") if one["default"])["id"]
    run(shop, PROFILE, id=general, profile={"variantsToDissociate": [variant]})
    assert profile_of(shop, variant) == "Heavy"


def test_what_is_no_variant_and_no_profile_is_refused(shop, heavy, product, variant):
    given = {"variantsToAssociate": [variant, product]}
    [error] = run(shop, PROFILE, id=heavy, profile=given)["userErrors"]
    assert error["field"] == ["profile", "variantsToAssociate", "1"]
    assert profile_of(shop, variant) == "General profile"
    [error] = run(shop, PROFILE, id=product, profile={})["userErrors"]
    assert error["field"] == ["id"]
    [error] = run(shop, PROFILE, id=heavy, profile={"name": " "})["userErrors"]
    assert error["field"] == ["profile", "name"]


def test_a_profile_of_another_shop_is_not_found(bob, heavy, variant):
    [error] = run(bob, PROFILE, id=heavy, profile={"variantsToAssociate": [variant]})["userErrors"]
    assert error["field"] == ["id"]
