"""productCreate, Update and Delete, and metafieldsSet on a product."""

import pytest

CREATE = """mutation ($product: ProductCreateInput!) { productCreate(product: $product) {
    product { id title handle status tags variants(first: 2) { nodes { id title price
        inventoryItem { id } } } options { name values } } userErrors { field message } } }"""
UPDATE = """mutation ($product: ProductUpdateInput!) { productUpdate(product: $product) {
    product { title handle tags updatedAt } userErrors { field message } } }"""
DELETE = """mutation ($id: ID!) { productDelete(input: {id: $id}) {
    deletedProductId userErrors { field message } } }"""
SET = """mutation ($fields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $fields) {
    metafields { id key value type compareDigest ownerType owner { ... on Product { id } } }
    userErrors { field message code elementIndex } } }"""
VALUES = """query ($id: ID!) { product(id: $id) {
    metafields(first: 50) { nodes { key value } } } }"""


def create(shop, **product):
    return shop.ask(CREATE, product=product)["productCreate"]


def set_fields(shop, owner, *fields):
    given = [{"ownerId": owner, "namespace": "custom", **field} for field in fields]
    return shop.ask(SET, fields=given)["metafieldsSet"]


def values(shop, owner):
    nodes = shop.ask(VALUES, id=owner)["product"]["metafields"]["nodes"]
    return {node["key"]: node["value"] for node in nodes}


@pytest.fixture
def hat(alice):
    return create(alice, title="Hat")["product"]["id"]


def test_a_product_has_a_handle_and_one_variant(alice):
    product = create(alice, title="Crème Brûlée Set", tags=["b", "a"])["product"]
    assert (product["handle"], product["status"]) == ("creme-brulee-set", "ACTIVE")
    assert product["tags"] == ["a", "b"]
    [variant] = product["variants"]["nodes"]
    assert (variant["title"], variant["price"]) == ("Default Title", "0.00")
    assert alice.store.get(variant["inventoryItem"]["id"])
    assert create(alice, title="Creme brulee set")["product"]["handle"] == "creme-brulee-set-1"


def test_a_product_needs_a_title_and_a_free_handle(alice, hat):
    assert create(alice, title=" ")["userErrors"][0]["message"] == "Title can't be blank"
    taken = create(alice, title="Other", handle="hat")["userErrors"]
    assert taken == [{"field": ["handle"], "message": "Handle 'hat' already in use."}]


def test_a_product_is_changed_and_deleted_with_its_variant(alice, hat):
    changed = alice.ask(UPDATE, product={"id": hat, "title": "Cap"})["productUpdate"]["product"]
    assert (changed["title"], changed["handle"]) == ("Cap", "hat")

    assert alice.ask(DELETE, id=hat)["productDelete"]["deletedProductId"] == hat
    assert alice.store.all("ProductVariant") == alice.store.all("InventoryItem") == []
    gone = alice.ask(UPDATE, product={"id": hat, "title": "Cap"})["productUpdate"]
    assert gone["userErrors"][0]["message"] == "Product does not exist"


def test_a_deleted_product_leaves_its_collections_and_catalogs(alice, hat):
    alice.ask(UPDATE, product={"id": hat, "collectionsToJoin": [gathered(alice)]})
    [collection] = alice.store.all("Collection")
    assert collection["products"] == [hat]
    publication = {"__typename": "Publication", "id": "gid://shopify/Publication/1"}
    alice.store.put({**publication, "products": [hat], "includedProducts": [hat]})
    [variant] = alice.store.all("ProductVariant")
    prices = {"prices": [{"variant": variant["id"]}], "fixedPricesCount": 1}
    alice.store.put({"__typename": "PriceList", "id": "gid://shopify/PriceList/1", **prices})
    alice.ask(DELETE, id=hat)
    [collection] = alice.store.all("Collection")
    [publication], [price_list] = map(alice.store.all, ("Publication", "PriceList"))
    assert collection["products"] == publication["products"] == price_list["prices"] == []
    assert (publication["includedProducts"], price_list["fixedPricesCount"]) == ([], 0)


def gathered(alice) -> str:
    """The id of a new collection of products that are chosen."""
    create = """mutation ($collection: CollectionCreateInput!) {
      collectionCreate(collection: $collection) { collection { id } userErrors { message } } }"""
    made = alice.ask(create, collection={"title": "Hats"})["collectionCreate"]
    return made["collection"]["id"]


def test_metafields_are_set_and_set_again(alice, hat):
    first = set_fields(alice, hat, {"key": "care", "type": "color", "value": "#aabbcc"})
    [field] = first["metafields"]
    assert field["ownerType"] == "PRODUCT" and field["owner"] == {"id": hat}

    again = set_fields(alice, hat, {"key": "care", "value": "#000000"})["metafields"]
    assert again[0]["id"] == field["id"] and again[0]["type"] == "color"
    assert values(alice, hat) == {"care": "#000000"}


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ({"key": "a", "type": "number_integer", "value": "1.5"}, "INVALID_VALUE"),
        ({"key": "a", "type": "boolean", "value": "yes"}, "INVALID_VALUE"),
        ({"key": "a", "type": "list.number_integer", "value": '["x"]'}, "INVALID_VALUE"),
        ({"key": "a", "type": "json", "value": "{"}, "INVALID_VALUE"),
        ({"key": "a", "value": "untyped"}, "BLANK"),
        ({"key": "a", "type": "json", "value": ""}, "BLANK"),
    ],
)
def test_one_bad_metafield_stops_them_all(alice, hat, field, code):
    good = {"key": "good", "type": "json", "value": "{}"}
    answer = set_fields(alice, hat, good, field)
    [error] = answer["userErrors"]
    assert (error["code"], error["elementIndex"]) == (code, 1)
    assert values(alice, hat) == {}


def test_a_stale_digest_is_refused(alice, hat):
    field = {"key": "a", "type": "json", "value": "1"}
    [made] = set_fields(alice, hat, field | {"compareDigest": None})["metafields"]
    stale = set_fields(alice, hat, field | {"compareDigest": None})
    assert stale["userErrors"][0]["code"] == "STALE_OBJECT"
    fresh = set_fields(alice, hat, field | {"compareDigest": made["compareDigest"]})
    assert fresh["userErrors"] == []


def test_at_most_25_metafields_go_in_one_call(alice, hat):
    many = [{"key": f"k{n}", "type": "json", "value": "1"} for n in range(26)]
    assert set_fields(alice, hat, *many)["userErrors"][0]["code"] == "LESS_THAN_OR_EQUAL_TO"
    assert len(set_fields(alice, hat, *many[:25])["metafields"]) == 25


def test_metafields_are_deleted(alice, hat):
    set_fields(alice, hat, {"key": "a", "type": "json", "value": "1"})
    query = """mutation ($fields: [MetafieldIdentifierInput!]!) {
        metafieldsDelete(metafields: $fields) { deletedMetafields { key } } }"""
    wanted = [{"ownerId": hat, "namespace": "custom", "key": key} for key in ("a", "b")]
    assert alice.ask(query, fields=wanted)["metafieldsDelete"]["deletedMetafields"] == [
        {"key": "a"},
        None,
    ]
    assert values(alice, hat) == {} and alice.store.all("Metafield") == []


def test_products_are_searched_by_their_ids(alice):
    ids = [create(alice, title=title)["product"]["id"] for title in ("A", "B", "C")]
    first, _, last = (gid.rpartition("/")[2] for gid in ids)

    def found(query: str) -> list[str]:
        ask = "query ($query: String!) { products(first: 9, query: $query) { nodes { id } } }"
        return [node["id"] for node in alice.ask(ask, query=query)["products"]["nodes"]]

    assert found(f"id:{last} OR id:{first} OR id:{last}") == [ids[0], ids[2]]
    assert found(f"id:0{first}") == ids[:1] and found("id:1") == found(f"id:{'9' * 30}") == []
    assert found(f"id:{first} OR title:B") == ids[:2]
    assert found(f"id:{first},{last}") == [ids[0], ids[2]]
