"""Names and ids in cells, found in the store."""

import pytest

from shopify.admin import Admin
from shops.access import admin_for
from tests.transfer.samples import FACTS, NO_FACTS
from transfer.importing.references import KINDS, owners_of, resolve
from transfer.types.order_buyers import AT, BETWEEN
from transfer.types.writing import Reference

SEED = {
    "products": 4,
    "collections": 3,
    "pages": 2,
    "articles": 2,
    "files": 4,
    "metaobject_definitions": 2,
    "metaobjects": 4,
    "metafield_definitions": 3,
    "catalogs": 2,
    "customers": 3,
    "companies": 1,
    "discounts": 12,
}
NAMES = """query {
  products(first: 4) { nodes { id handle variants(first: 2) { nodes { id title sku } } } }
  collections(first: 3) { nodes { id handle } }
  pages(first: 2) { nodes { id handle } }
  blogs(first: 1) { nodes { id handle } }
  customers(first: 1) { nodes { id email } }
  segments(first: 1) { nodes { id name } }
  articles(first: 2) { nodes { id handle } }
  locations(first: 2) { nodes { id name } }
  companies(first: 1) { nodes { id name externalId locations(first: 1) { nodes { id name } }
    contacts(first: 1) { nodes { id customer { email } } } } }
  markets(first: 1) { nodes { id handle } }
  deliveryProfiles(first: 1) { nodes { id name } }
  catalogs(first: 2, type: MARKET) { nodes { id title } }
  metaobjectDefinitions(first: 1) {
    nodes { id type metaobjects(first: 1) { nodes { id handle } } }
  }
  metafieldDefinitions(ownerType: PRODUCT, first: 1) { nodes { id namespace key } }
  files(first: 4) { nodes { id ... on MediaImage { image { url } } ... on GenericFile { url } } }
}"""

EVERYWHERE = {"PaymentTermsTemplate", "TaxonomyCategory"}
"""The types whose objects are the same in every store."""


@pytest.fixture
def there(store) -> dict:
    store.tell("seed", **SEED)
    return {name: page["nodes"] for name, page in store.graphql(NAMES).items()}


def found(store, *references: Reference, facts=NO_FACTS):
    admin = admin_for(store.shop.id)
    return resolve(admin, facts, references)


def named(there: dict) -> dict[Reference, str]:
    """A name of each kind, with the id that it stands for."""
    product, definition = there["products"][1], there["metaobjectDefinitions"][0]
    variant, entry = product["variants"]["nodes"][0], definition["metaobjects"]["nodes"][0]
    field = there["metafieldDefinitions"][0]
    picture = next(one for one in there["files"] if one.get("image"))
    document = next(one for one in there["files"] if one.get("url"))
    company = there["companies"][0]
    place, contact = company["locations"]["nodes"][0], company["contacts"]["nodes"][0]
    at = BETWEEN.join((place["name"], company["externalId"], ""))
    names = {
        ("CompanyLocation", at): place["id"],
        ("CompanyLocation", BETWEEN.join((place["name"], "", company["name"]))): place["id"],
        ("Company", f"{AT}{at}"): company["id"],
        ("CompanyContact", f"{AT}{at}\x1e{contact['customer']['email']}"): contact["id"],
        ("Product", product["handle"]): product["id"],
        ("ProductVariant", f"{product['handle']}.{variant['title']}"): variant["id"],
        ("ProductVariant", f"{product['handle']}.sku:{variant['sku']}"): variant["id"],
        ("Variant", variant["sku"]): variant["id"],
        ("Blog", there["blogs"][0]["handle"]): there["blogs"][0]["id"],
        ("Customer", there["customers"][0]["email"]): there["customers"][0]["id"],
        ("Segment", there["segments"][0]["name"]): there["segments"][0]["id"],
        ("Collection", there["collections"][0]["handle"]): there["collections"][0]["id"],
        ("Page", there["pages"][0]["handle"]): there["pages"][0]["id"],
        ("Article", there["articles"][0]["handle"]): there["articles"][0]["id"],
        ("Location", there["locations"][1]["name"].upper()): there["locations"][1]["id"],
        ("Market", there["markets"][0]["handle"]): there["markets"][0]["id"],
        ("DeliveryProfile", there["deliveryProfiles"][0]["name"]): there["deliveryProfiles"][0][
            "id"
        ],
        ("Catalog", there["catalogs"][0]["title"]): there["catalogs"][0]["id"],
        ("MetaobjectDefinition", definition["type"]): definition["id"],
        ("MetafieldDefinition", f"PRODUCT.{field['namespace']}.{field['key']}"): field["id"],
        ("Metaobject", f"{definition['type']}.{entry['handle']}"): entry["id"],
        ("File", picture["image"]["url"].rpartition("/")[2].partition("?")[0]): picture["id"],
        ("File", document["url"].rpartition("/")[2].partition("?")[0]): document["id"],
    }
    return {Reference(to, name): gid for (to, name), gid in names.items()}


def test_every_kind_is_found_by_its_name(store, there):
    wanted = named(there)
    by_ids_alone = {"Publication", "ShopPolicy"}
    assert {one.to for one in wanted} == KINDS.keys() - by_ids_alone - EVERYWHERE
    assert found(store, *wanted) == (wanted, {})


def test_what_every_store_has_is_found_by_its_name(store):
    answer = store.graphql(
        "query { paymentTermsTemplates { id name } "
        'taxonomy { categories(first: 1, search: "Shirts") { nodes { id fullName } } } }'
    )
    terms, [category] = (
        answer["paymentTermsTemplates"][0],
        answer["taxonomy"]["categories"]["nodes"],
    )
    wanted = {
        Reference("PaymentTermsTemplate", terms["name"]): terms["id"],
        Reference("TaxonomyCategory", category["fullName"]): category["id"],
    }
    assert {one.to for one in wanted} == EVERYWHERE
    assert found(store, *wanted) == (wanted, {})


def test_every_kind_is_found_by_its_id(store, there):
    wanted = {Reference(one.to, gid): gid for one, gid in named(there).items()}
    assert found(store, *wanted) == (wanted, {})


def test_a_number_is_an_id_where_nothing_is_called_so(store, there):
    product, other = there["products"][:2]
    number = product["id"].rpartition("/")[2]
    wanted = Reference("Product", number)
    assert found(store, wanted) == ({wanted: product["id"]}, {})
    store.graphql(
        "mutation ($product: ProductUpdateInput!) "
        "{ productUpdate(product: $product) { userErrors { message } } }",
        product={"id": other["id"], "handle": number},
    )
    assert found(store, wanted) == ({wanted: other["id"]}, {})


@pytest.mark.parametrize("to", KINDS)
def test_what_the_store_does_not_have_is_told(store, there, to):
    for name in ("no-such.thing", f"gid://shopify/{to}/99999999", "99999999"):
        ids, reasons = found(store, Reference(to, name))
        assert ids == {} and list(reasons) == [Reference(to, name)]
        assert reasons[Reference(to, name)] == f"The store has no {KINDS[to].word} “{name}”."


def test_an_id_of_another_type_is_not_taken(store, there):
    gid = there["products"][0]["id"]
    assert found(store, Reference("Collection", gid))[0] == {}
    assert found(store, Reference("File", gid))[0] == {}


def test_what_another_shop_has_is_not_found(store, other_store, there):
    other_store.tell("reset", ids_after=8_000_000)
    other_store.tell("seed", **SEED)
    nodes = {name: page["nodes"] for name, page in other_store.graphql(NAMES).items()}
    foreign = [Reference(one.to, gid) for one, gid in named(nodes).items()]
    ids, reasons = found(store, *foreign)
    assert ids == {} and set(reasons) == set(foreign)


def test_a_name_that_several_have_is_not_guessed(store, there):
    one, other = there["catalogs"]
    store.graphql(
        "mutation ($id: ID!, $input: CatalogUpdateInput!) "
        "{ catalogUpdate(id: $id, input: $input) { userErrors { message } } }",
        id=other["id"],
        input={"title": one["title"]},
    )
    wanted = Reference("Catalog", one["title"])
    why = f"The store has 2 catalogs “{one['title']}”. Write the ID of the one that is meant."
    assert found(store, wanted) == ({}, {wanted: why})


def test_several_of_a_kind_have_a_plural():
    kinds = ("Catalog", "Company", "Variant")
    words = [KINDS[kind].words for kind in kinds]
    assert words == ["catalogs", "companies", "variants with the SKU"]


def test_case_counts_for_files_alone(store, there):
    product = there["products"][0]
    wanted = Reference("Product", product["handle"].upper())
    assert found(store, wanted) == ({wanted: product["id"]}, {})
    picture = next(file for file in there["files"] if file.get("image"))
    name = picture["image"]["url"].rpartition("/")[2].partition("?")[0]
    assert found(store, Reference("File", name.upper()))[0] == {}


def test_facts_that_were_asked_for_are_not_asked_again(store):
    ids, _ = found(store, Reference("Location", "north depot"), facts=FACTS)
    assert ids == {Reference("Location", "north depot"): "gid://shopify/Location/1"}
    ids, _ = found(store, Reference("Publication", "Point of Sale"), facts=FACTS)
    assert ids == {Reference("Publication", "Point of Sale"): "gid://shopify/Publication/5"}


@pytest.mark.parametrize(("to", "queries"), [("Product", 1), ("Metaobject", 1), ("Page", 5)])
def test_the_queries_for_250_names_are_few(store, to, queries, monkeypatch):
    sent = []
    admin = admin_for(store.shop.id)
    ask = admin.ask

    def counted(*call):
        sent.append(call)
        return ask(*call)

    monkeypatch.setattr(admin, "ask", counted)
    resolve(admin, NO_FACTS, [Reference(to, f"some.name-{n}") for n in range(250)])
    assert len(sent) == queries


def test_what_the_app_may_not_read_is_told(scripted):
    pages, product = Reference("Page", "about"), Reference("Product", "tee")
    error = {"message": "No.", "path": ["page"], "extensions": {"code": "ACCESS_DENIED"}}
    scripted.says(
        (200, {}, {"data": {"page": None}, "errors": [error]}),
        (200, {}, {"data": {"n0": {"id": "gid://shopify/Product/1"}}}),
    )
    admin = Admin(scripted.url, token=lambda: "t", renew=lambda old: None)
    ids, reasons = resolve(admin, NO_FACTS, [pages, product])
    assert ids == {product: "gid://shopify/Product/1"}
    assert reasons == {pages: "The app may not read pages."}


def test_a_cell_that_is_no_name_is_not_split_at_each_of_its_dots():
    found = list(owners_of(Reference("ProductVariant", "v1.2-mug.sku:A")))
    assert found == [
        (Reference("Product", "v1"), ""),
        (Reference("Product", "v1.2-mug"), "A"),
    ]
    assert list(owners_of(Reference("ProductVariant", "a." * 5000))) == []
