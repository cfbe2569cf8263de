"""Collections and their sources, as an app writes them."""

import pytest

ERRORS = "userErrors { field message }"
COLLECTION = """collection { id title handle sortOrder image { url altText }
    products(first: 20) { nodes { id } }
    sources { ... on CollectionConditionsSource { id title inclusion { matchType
        conditions { ... on CollectionSourceInclusionConditionProductTag { id values relation } }
        selections(first: 9) { nodes { product { id } } } } } } }"""
CREATE = f"""mutation ($collection: CollectionCreateInput!) {{
    collectionCreate(collection: $collection) {{ {COLLECTION} {ERRORS} }} }}"""
UPDATE = f"""mutation ($collection: CollectionUpdateInput!) {{
    collectionUpdate(collection: $collection) {{ {COLLECTION} job {{ id done }} {ERRORS} }} }}"""
DELETE = f"""mutation ($id: ID!) {{
    collectionDelete(input: {{id: $id}}) {{ deletedCollectionId {ERRORS} }} }}"""
MOVE = """mutation ($id: ID!, $moves: [MoveInput!]!) {
    collectionReorderProducts(id: $id, moves: $moves) {
        job { id } userErrors { field message code } } }"""


def run(shop, query, **variables):
    [payload] = shop.ask(query, **variables).values()
    return payload


def words(payload):
    return [error["message"] for error in payload["userErrors"]]


def held(payload):
    return [product["id"] for product in payload["collection"]["products"]["nodes"]]


def tagged(*tags):
    return {"productTag": {"relation": "TAGGED_WITH", "values": tags, "matchType": "ALL"}}


def of_conditions(*conditions, match="ALL"):
    return {
        "source": {
            "title": "Rules",
            "inclusion": {"conditions": conditions, "matchType": match},
        }
    }


def by_hand(*products):
    chosen = [{"productId": gid} for gid in products]
    return {"source": {"title": "Products", "inclusion": {"selections": chosen}}}


@pytest.fixture
def shop(alice):
    assert alice.control("seed", {"products": 4}).status_code == 200
    return alice


@pytest.fixture
def products(shop):
    return [product["id"] for product in shop.store.all("Product")]


def make(shop, **given):
    return run(shop, CREATE, collection={"title": "Best", **given})


def test_a_collection_holds_the_products_that_were_chosen(shop, products):
    made = make(shop, sources=[by_hand(*products[:2])])
    assert held(made) == products[:2]
    assert made["collection"]["handle"] == "best"
    assert made["collection"]["id"] in shop.store.get(products[0])["collections"]


def test_a_collection_holds_the_products_that_meet_its_conditions(shop, products):
    product = shop.store.get(products[0])
    shop.store.put({**product, "tags": ["only one"]})
    made = make(shop, sources=[of_conditions(tagged("only one"))])
    assert held(made) == [products[0]]
    [source] = made["collection"]["sources"]
    assert source["inclusion"]["conditions"][0]["values"] == ["only one"]


def test_a_collection_that_may_not_be_is_refused(shop, products):
    def refused(**given):
        return words(make(shop, **given))

    assert refused(title=" ") == ["Title can't be blank"]
    make(shop)
    assert refused(handle="best") == ["Handle has already been taken"]
    assert make(shop)["collection"]["handle"] == "best-1"
    nothing = by_hand("gid://shopify/Product/1")
    assert refused(sources=[nothing]) == ["Product does not exist"]
    loose = of_conditions(tagged("a"), match=None)
    assert refused(sources=[loose]) == ["Match type can't be blank"]


def test_a_source_is_of_one_kind(shop, products):
    two = by_hand(products[0]) | {"subCollections": {"title": "x", "collectionIds": []}}
    problem = shop.error(CREATE, collection={"title": "Best", "sources": [two]})
    assert problem["extensions"]["code"] == "INVALID_VARIABLE"


def test_selections_and_conditions_are_added_and_removed(shop, products):
    made = make(shop, sources=[by_hand(*products[:2])])["collection"]
    source = made["sources"][0]["id"]
    change = {
        "selectionsToAdd": [{"productId": products[2]}],
        "selectionsToRemove": [{"productId": products[0]}],
    }

    def update(**given):
        return run(shop, UPDATE, collection={"id": made["id"], **given})

    target = {"condition": {"id": source, "inclusion": change}}
    changed = update(sourcesToUpdate=[target])
    assert held(changed) == products[1:3]
    assert changed["job"]["done"]
    assert update(title="Better")["job"] is None
    unknown = {"condition": {"id": "gid://shopify/CollectionConditionsSource/1"}}
    assert words(update(sourcesToUpdate=[unknown])) == ["Source does not exist"]
    assert held(update(sourcesToDelete=[source])) == []


def test_products_are_moved_only_where_the_order_is_manual(shop, products):
    made = make(shop, sources=[by_hand(*products)], sortOrder="MANUAL")["collection"]["id"]
    last = [{"id": products[3], "newPosition": "0"}]
    assert run(shop, MOVE, id=made, moves=last)["userErrors"] == []
    assert shop.store.get(made)["products"] == [products[3], *products[:3]]
    unknown = [{"id": "gid://shopify/Product/1", "newPosition": "0"}]
    assert run(shop, MOVE, id=made, moves=unknown)["userErrors"][0]["code"] == "INVALID_MOVE"
    run(shop, UPDATE, collection={"id": made, "sortOrder": "ALPHA_ASC"})
    [error] = run(shop, MOVE, id=made, moves=last)["userErrors"]
    assert error["code"] == "MANUALLY_SORTED_COLLECTION"


def test_an_image_is_fetched_and_taken_away(shop):
    picture = {"src": "https://example.com/best.png", "altText": "All of them"}
    made = make(shop, image=picture)["collection"]
    assert "/best.png?v=" in made["image"]["url"]
    assert made["image"]["altText"] == "All of them"
    kept = run(shop, UPDATE, collection={"id": made["id"], "image": {"altText": "Few"}})
    assert kept["collection"]["image"] == {"url": made["image"]["url"], "altText": "Few"}
    gone = run(shop, UPDATE, collection={"id": made["id"], "image": None})
    assert gone["collection"]["image"] is None


def test_a_deleted_collection_is_left_by_its_products(shop, products):
    made = make(shop, sources=[by_hand(products[0])])["collection"]["id"]
    assert run(shop, DELETE, id=made)["deletedCollectionId"] == made
    assert made not in shop.store.get(products[0])["collections"]


def test_another_shop_finds_nothing_of_it(shop, bob):
    made = make(shop)["collection"]["id"]
    assert words(run(bob, DELETE, id=made)) == ["Collection does not exist"]
