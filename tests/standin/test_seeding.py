"""The seeded records: of Shopify's schema, whole, the same every time, and quick to make."""

import time
import zlib
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    is_abstract_type,
)

from standin import grants, search_lag
from standin.redeem_codes import LINKS
from standin.schema import admin, is_connection, node_type
from standin.search_fields import SEARCH_VALUES
from standin.seeding import DEMO, seed
from standin.seeds import SEEDS
from standin.seeds.base import Seeder, slug
from standin.server import create_standin
from standin.store import GID, IDS_AFTER, Store
from tests.standin.serving import settings

BOB = "bob.myshopify.com"
TERMS = {term for terms in admin().search.values() for term in terms}
SCALARS: dict[str, Any] = {
    "Boolean": bool,
    "Int": int,
    "Float": (int, float),
    "JSON": (dict, list, str, int, float, bool),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    app = create_standin(settings(tmp_path_factory.mktemp("data")))
    with app.test_client() as client:
        yield client
    app.extensions["standin"].store.close()


@pytest.fixture(scope="module")
def demo(client):
    return client.application.extensions["standin"].store.shop(DEMO)


@pytest.fixture
def shop(tmp_path):
    store = Store(tmp_path)
    yield store.shop(BOB)
    store.close()


def records(shop) -> list[dict]:
    names = [name for name in admin().schema.type_map if shop.count(name)]
    return [record for name in names for record in shop.all(name)]


def misfits(shop, kind: Any, value, where):
    """Where a stored value is not what the schema says its field holds."""
    if isinstance(kind, GraphQLNonNull):
        yield from [f"{where} is null"] if value is None else []
        kind = kind.of_type
    if value is None:
        return
    if isinstance(kind, GraphQLList) or is_connection(kind):
        inner = kind.of_type if isinstance(kind, GraphQLList) else node_type(kind)
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for n, item in enumerate(value):
            yield from misfits(shop, inner, item, f"{where}[{n}]")
    elif isinstance(kind, GraphQLObjectType) or is_abstract_type(kind):
        yield from object_misfits(shop, kind, value, where)
    elif isinstance(kind, GraphQLEnumType):
        yield from [] if value in kind.values else [f"{where}: {value!r} is no {kind.name}"]
    elif not isinstance(value, SCALARS.get(kind.name, str)):
        yield f"{where}: {value!r} is no {kind.name}"


def object_misfits(shop, kind, value, where):
    if kind.name == "Count":
        return
    schema = admin().schema
    if isinstance(value, str):
        gid = GID.match(value)
        assert gid, value
        typename = gid["typename"]
        if shop.get(value) is None:
            yield f"{where}: {value} does not exist"
    else:
        typename = value.get("__typename", kind.name)
    actual: Any = schema.type_map[typename]
    if is_abstract_type(kind) and not schema.is_sub_type(kind, actual):
        yield f"{where}: {typename} is no {kind.name}"
    elif not is_abstract_type(kind) and actual is not kind:
        yield f"{where}: {typename} where {kind.name} belongs"
    elif isinstance(value, dict):
        for name, part in value.items():
            if name in ("__typename", *LINKS):
                continue
            if name == SEARCH_VALUES:
                yield from (f"{where}: no search knows {term}" for term in part.keys() - TERMS)
                continue
            if name not in actual.fields:
                yield f"{where}.{name} is no field of {typename}"
            else:
                yield from misfits(shop, actual.fields[name].type, part, f"{where}.{name}")


def test_every_record_is_as_shopifys_schema_has_it(demo):
    found = []
    for record in records(demo):
        kind = admin().schema.type_map[record["__typename"]]
        found += object_misfits(demo, kind, record, record["__typename"])
    assert found == []


def test_there_is_a_seed_for_each_of_the_nineteen_types(demo):
    assert len(SEEDS) == 19
    counted = {
        "Product": 50,
        "Collection": 12,
        "Customer": 25,
        "Order": 20,
        "DiscountNode": 12,
        "Article": 8,
        "MarketCatalog": 2,
        "Company": 3,
        "DraftOrder": 5,
        "Menu": 3,
        "Metaobject": 12,
        "Page": 6,
        "UrlRedirect": 24,
        "Shop": 1,
        "MetafieldDefinition": 21,
        "MetaobjectDefinition": 4,
        "BasicEvent": 13,
        "CommentEvent": 2,
        "ShopifyPaymentsPayout": 4,
    }
    assert {name: demo.count(name) for name in counted} == counted
    assert demo.count("GenericFile") and demo.count("Video") and demo.count("MediaImage")


def test_the_demo_catalogue_has_what_a_real_one_has(demo):
    products = demo.all("Product")
    variants = demo.all("ProductVariant")

    assert {product["status"] for product in products} == {
        "ACTIVE",
        "DRAFT",
        "ARCHIVED",
        "UNLISTED",
    }
    shown = {bool(p["publishedAt"]) for p in products if p["status"] == "ARCHIVED"}
    assert shown == {True, False}
    assert {len(product["variants"]) for product in products} >= {1, 2, 3, 4, 6, 8, 12}
    assert any(not product["publishedAt"] for product in products)
    assert any(product["isGiftCard"] for product in products)
    assert any(not product["title"].isascii() for product in products)
    assert any(variant["barcode"] and variant["barcode"][0] == "0" for variant in variants)
    assert any(variant["compareAtPrice"] for variant in variants)
    assert any(variant["inventoryQuantity"] < 0 for variant in variants)
    types = {field["type"] for product in products for field in product["metafields"]}
    assert len(types) >= 12


def test_the_demo_shop_has_what_real_files_have_beside(demo):
    """Images with their size, Shopify's own entries, and items of menus of every kind."""
    assert all(image["image"]["width"] for image in demo.all("MediaImage"))
    assert any(one["type"].startswith("shopify--") for one in demo.all("Metaobject"))
    kinds = {item["type"] for menu in demo.all("Menu") for item in every_item(menu["items"])}
    assert kinds >= {"BLOG", "PRODUCT", "SEARCH", "CUSTOMER_ACCOUNT_PAGE"}


def every_item(items):
    for item in items:
        yield item
        yield from every_item(item.get("items") or ())


DISTINCT = {
    "Product": "handle",
    "ProductVariant": "barcode",
    "Collection": "handle",
    "UrlRedirect": "path",
    "Page": "handle",
    "Article": "handle",
    "Order": "name",
    "Customer": "email",
}


def test_names_are_distinct_over_several_seedings(shop):
    counts = dict.fromkeys(SEEDS, 12) | {"products": 300}
    seed(Seeder(shop, "http://localhost:8001"), counts)
    seed(Seeder(shop, "http://localhost:8001"), counts)

    for typename, key in DISTINCT.items():
        values = [record[key] for record in shop.all(typename) if record[key] is not None]
        assert len(values) == len(set(values)) > 20, typename


def test_the_same_seeding_gives_the_same_records(tmp_path):
    made = []
    for run in ("one", "two"):
        store = Store(tmp_path / run)
        seed(Seeder(store.shop(BOB), "http://localhost:8001"), dict.fromkeys(SEEDS, 7))
        made.append(records(store.shop(BOB)))
        store.close()
    assert made[0] == made[1]


@pytest.mark.parametrize("name", SEEDS)
def test_each_type_can_be_added_to_an_empty_shop(shop, name):
    seed(Seeder(shop, "http://localhost:8001"), {name: 12})
    found = []
    for record in records(shop):
        kind = admin().schema.type_map[record["__typename"]]
        found += object_misfits(shop, kind, record, record["__typename"])
    assert found == []


def test_seeding_is_quick_enough_for_large_shops(shop):
    started = time.perf_counter()
    seed(Seeder(shop, "http://localhost:8001"), {"redirects": 20_000, "products": 200})
    assert time.perf_counter() - started < 20
    assert shop.count("UrlRedirect") == 20_000


def test_a_program_adds_records_and_empties_the_shop(client):
    answer = client.post(f"/_standin/{BOB}/seed", json={"redirects": 7, "pages": 2})
    assert (answer.status_code, answer.json) == (200, {"redirects": 7, "pages": 2})
    shop = client.application.extensions["standin"].store.shop(BOB)
    assert shop.count("UrlRedirect") == 7

    kept = records(shop)
    assert client.post("/_standin/bob/keep").status_code == 204
    assert client.post("/_standin/bob/reset").status_code == 204
    assert records(shop) == []
    assert client.post("/_standin/bob/restore").status_code == 204
    assert records(shop) == kept
    assert client.post("/_standin/bob/reset").status_code == 204
    assert client.post("/_standin/bob/seed", json={"redirects": 1}).status_code == 200
    assert shop.count("UrlRedirect") == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"orderz": 1}, "draft_orders"),
        ({"orders": -1}, "orders is a number"),
        ({"orders": True}, "orders is a number"),
        ([1], "JSON object"),
    ],
)
def test_a_seeding_that_cannot_be_says_what_can(client, body, says):
    answer = client.post(f"/_standin/{BOB}/seed", json=body)
    assert answer.status_code == 422
    assert says in answer.text


def test_the_demo_is_filled_once_and_stays_as_it_was_left(tmp_path):
    for left in (24, 23):
        app = create_standin(settings(tmp_path))
        store = app.extensions["standin"].store
        redirects = store.shop(DEMO).all("UrlRedirect")
        assert len(redirects) == left
        store.shop(DEMO).delete(redirects[0]["id"])
        store.close()


def test_pictures_are_served_in_the_size_the_record_says(client, demo):
    image = demo.all("MediaImage")[0]["image"]
    answer = client.get(image["url"].removeprefix("http://localhost:8001"))

    png = answer.data
    assert answer.content_type == "image/png"
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    size = (int.from_bytes(png[16:20]), int.from_bytes(png[20:24]))
    assert size == (image["width"], image["height"])
    assert zlib.crc32(png[12:29]).to_bytes(4) == png[29:33]


def test_handles_are_plain():
    assert slug("Łódź & Kōya  “No. 9”") == "lodz-koya-no-9"


def test_a_new_shop_seeded_as_one_before_is_the_same_and_its_own(client):
    """It is copied from how that one was then, not from what became of it."""
    store = client.application.extensions["standin"].store
    counts = {"products": 2, "customers": 1}
    seen, more = [], []
    for _ in range(3):
        assert client.post("/_standin/copied/reset", json={}).status_code == 204
        assert client.post("/_standin/copied/seed", json=counts).status_code == 200
        shop = store.shop("copied.myshopify.com")
        seen.append(records(shop))
        shop.change(seen[-1][0]["id"], {"title": "changed"})
        assert client.post("/_standin/copied/seed", json={"products": 1}).status_code == 200
        more.append([record["title"] for record in shop.all("Product")])
    assert seen[0] == seen[1] == seen[2]
    assert len(more[0]) == 3 and more[0] == more[1] == more[2]
    newest = {record["id"] for record in shop.all("Product")}
    assert all(search_lag.hides(gid, 60_000) for gid in newest)


def test_an_installed_shop_is_empty_and_behaves_and_knows_only_the_new_tokens(client):
    shop = client.application.extensions["standin"].store.shop(BOB)
    token = grants.issue_offline(shop)["access"]
    client.post(f"/_standin/{BOB}/seed", json={"redirects": 2})
    client.post(f"/_standin/{BOB}/misbehave", json={"http_500": 3})
    client.post(f"/_standin/{BOB}/reset", json={"ids_after": 9_000_000})
    assert grants.is_valid(shop, token)
    assert shop.setting("misbehave") == {"http_500": 3}

    client.post(f"/_standin/{BOB}/seed", json={"redirects": 2})
    given = client.post(f"/_standin/{BOB}/install").json
    assert not grants.is_valid(shop, token)
    assert grants.is_valid(shop, given["access_token"])
    assert grants.refresh(shop, given["refresh_token"])
    assert given.keys() == {
        "access_token",
        "expires_in",
        "refresh_token",
        "refresh_token_expires_in",
        "scope",
    }
    assert shop.is_new()
    assert shop.setting("misbehave") == {}
    first = shop.new_id("UrlRedirect")
    shop.clear()
    shop.set_setting("ids_after", IDS_AFTER)
    assert first == shop.new_id("UrlRedirect")


def test_a_shop_is_what_it_was_when_it_was_kept_by_a_name(client):
    shop = client.application.extensions["standin"].store.shop(BOB)
    for name, count in (("one", 1), ("two", 2)):
        client.post(f"/_standin/{BOB}/reset", json={})
        client.post(f"/_standin/{BOB}/seed", json={"redirects": count})
        client.post(f"/_standin/{BOB}/keep", json={"name": name})
    for name, count in (("one", 1), ("two", 2)):
        client.post(f"/_standin/{BOB}/restore", json={"name": name})
        assert shop.count("UrlRedirect") == count
