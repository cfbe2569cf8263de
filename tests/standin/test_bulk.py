"""Bulk operations: how they start, what their result file holds, how they end."""

import threading

import orjson
from flask import Flask, request

from standin import bulk
from standin.server import create_standin
from tests.cast import ALICE
from tests.standin.conftest import Caller
from tests.standin.serving import served, settings, standin

RUN = """mutation ($q: String!, $group: Boolean!) {
    bulkOperationRunQuery(query: $q, groupObjects: $group) {
        bulkOperation { id status type objectCount fileSize url }
        userErrors { field message code } } }"""
CANCEL = """mutation ($id: ID!) { bulkOperationCancel(id: $id) {
    bulkOperation { id status } userErrors { field message } } }"""
PRODUCTS = """{ products { edges { node { id title
    variants { edges { node { id sku } } } metafields { edges { node { id key } } } } } } }"""
UNDER_WAY = {
    "__typename": "BulkOperation",
    "status": "RUNNING",
    "query": "{ products { edges { node { id } } } }",
    "groupObjects": False,
    "errorCode": None,
    "createdAt": "2026-10-01T00:00:00Z",
}


def start(shop, query, group=False):
    return shop.ask(RUN, q=query, group=group)["bulkOperationRunQuery"]


def finish(shop, query, group=False):
    answer = start(shop, query, group)
    assert answer["userErrors"] == []
    return shop.finished(answer["bulkOperation"]["id"])


def lines(shop, operation):
    return [orjson.loads(line) for line in shop.http.get(operation["url"]).iter_lines()]


def product(n):
    """A product with three variants and a metafield."""
    own, field = f"gid://shopify/Product/{n}", f"gid://shopify/Metafield/{n}"
    variants = [f"gid://shopify/ProductVariant/{n * 1000 + v}" for v in range(3)]
    yield {
        "__typename": "Product",
        "id": own,
        "title": f"Product {n}",
        "variants": variants,
        "metafields": [field],
    }
    for v, gid in enumerate(variants):
        yield {"__typename": "ProductVariant", "id": gid, "sku": f"{n:05}-{v}", "product": own}
    text = {"namespace": "custom", "key": "care", "type": "json", "value": "{}"}
    yield {"__typename": "Metafield", "id": field, **text}


def add_products(shop, count):
    shop.store.put_many(record for n in range(1, count + 1) for record in product(n))


def test_an_operation_runs_from_created_to_completed(alice):
    add_products(alice, 3)
    created = start(alice, PRODUCTS)["bulkOperation"]
    assert (created["status"], created["type"], created["objectCount"]) == ("CREATED", "QUERY", "0")
    assert created["url"] is created["fileSize"] is None

    done = alice.finished(created["id"])
    assert done["status"] == "COMPLETED" and done["errorCode"] is None and done["completedAt"]
    assert (done["rootObjectCount"], done["objectCount"]) == ("3", "15")
    assert done["fileSize"] == str(len(alice.http.get(done["url"]).content))
    query = """{ bulkOperations(first: 5, query: "status:completed") { nodes { id } }
        running: bulkOperations(first: 5, query: "status:running operation_type:query") {
            nodes { id } }
        currentBulkOperation { id } }"""
    assert alice.ask(query) == {
        "bulkOperations": {"nodes": [{"id": created["id"]}]},
        "running": {"nodes": []},
        "currentBulkOperation": {"id": created["id"]},
    }


def test_children_are_lines_of_their_own_and_may_stray_from_their_parent(alice):
    add_products(alice, 2)
    found = lines(alice, finish(alice, PRODUCTS))

    assert found[:2] == [
        {"id": "gid://shopify/Product/1", "title": "Product 1"},
        {"id": "gid://shopify/Product/2", "title": "Product 2"},
    ]
    assert found[2] == {
        "id": "gid://shopify/ProductVariant/1000",
        "sku": "00001-0",
        "__parentId": "gid://shopify/Product/1",
    }
    assert found[-1] == {
        "id": "gid://shopify/Metafield/2",
        "key": "care",
        "__parentId": "gid://shopify/Product/2",
    }


def test_grouped_children_follow_their_parent(alice):
    add_products(alice, 3)
    found = lines(alice, finish(alice, PRODUCTS, group=True))

    parent = None
    for line in found:
        assert line.get("__parentId", parent) == parent or "title" in line
        parent = line["id"] if "title" in line else parent
    strayed = lines(alice, finish(alice, PRODUCTS))
    key = orjson.dumps
    assert sorted(map(key, found)) == sorted(map(key, strayed)) and found != strayed


def test_arguments_of_a_bulk_query_count_and_page_sizes_do_not(alice):
    add_products(alice, 4)
    query = '{ products(first: 1, reverse: true, query: "id:>=3") { edges { node { id } } } }'
    assert [line["id"][-1] for line in lines(alice, finish(alice, query))] == ["4", "3"]


def test_an_empty_result_has_no_address(alice):
    done = finish(alice, PRODUCTS)
    assert (done["status"], done["url"], done["objectCount"]) == ("COMPLETED", None, "0")


def test_five_at_once_and_no_more(alice):
    busy = {"__typename": "BulkOperation", "type": "QUERY", "status": "RUNNING", "query": ""}
    alice.store.put_many(busy | {"id": f"gid://shopify/BulkOperation/{n}"} for n in range(1, 6))
    answer = start(alice, PRODUCTS)
    assert answer["bulkOperation"] is None
    assert answer["userErrors"][0]["code"] == "LIMIT_REACHED"


def test_a_running_operation_is_canceled(running, alice):
    gid = "gid://shopify/BulkOperation/1"
    alice.store.put(UNDER_WAY | {"id": gid, "type": "QUERY"})
    add_products(alice, 3)

    answer = alice.ask(CANCEL, id=gid)["bulkOperationCancel"]
    assert answer == {"bulkOperation": {"id": gid, "status": "CANCELING"}, "userErrors": []}
    bulk.run(running, alice.domain, gid)
    done = alice.finished(gid)
    assert (done["status"], done["url"], done["objectCount"]) == ("CANCELED", None, "0")

    again = alice.ask(CANCEL, id=gid)["bulkOperationCancel"]
    assert again["userErrors"][0]["message"].endswith("when it is canceled")
    none = alice.ask(CANCEL, id="gid://shopify/BulkOperation/0")["bulkOperationCancel"]
    assert none["userErrors"][0]["message"] == "Bulk operation does not exist"


def test_a_missing_scope_fails_the_operation(tmp_path):
    with standin(tmp_path, scopes=frozenset({"read_products"})) as app:
        shop = Caller(app, ALICE)
        shop.store.put({"__typename": "UrlRedirect", "id": "gid://shopify/UrlRedirect/1"})
        done = finish(shop, "{ urlRedirects { edges { node { path } } } }")
        assert (done["status"], done["errorCode"]) == ("FAILED", "ACCESS_DENIED")
        shop.http.close()


def test_bob_cannot_see_alices_operation(alice, bob):
    gid = start(alice, PRODUCTS)["bulkOperation"]["id"]
    assert bob.ask("query ($id: ID!) { bulkOperation(id: $id) { id } }", id=gid) == {
        "bulkOperation": None
    }
    assert bob.ask(CANCEL, id=gid)["bulkOperationCancel"]["bulkOperation"] is None
    alice.finished(gid)


def test_a_result_is_read_in_ranges_and_its_address_cannot_be_guessed(alice):
    add_products(alice, 3)
    done = finish(alice, PRODUCTS)
    whole = alice.http.get(done["url"]).content
    part = alice.http.get(done["url"], headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    folder, name = done["url"].rsplit("/", 1)
    assert len(name) > 40
    for other in ("x.jsonl", "..%2f..%2fshops.sqlite3"):
        assert alice.http.get(f"{folder}/{other}").status_code == 404


def test_the_app_is_told_by_webhook(tmp_path):
    got, arrived = [], threading.Event()
    app = Flask("receiver")

    @app.post("/webhooks")
    def receive():
        got.append((request.headers["X-Shopify-Topic"], request.get_json()))
        arrived.set()
        return ""

    with served(app) as port, standin(tmp_path, app_url=f"http://127.0.0.1:{port}") as running:
        shop = Caller(running, ALICE)
        done = finish(shop, "{ products { edges { node { id } } } }")
        assert arrived.wait(60)
        shop.http.close()
    [(topic, payload)] = got
    assert topic == "bulk_operations/finish"
    assert payload["admin_graphql_api_id"] == done["id"]
    assert (payload["status"], payload["type"], payload["error_code"]) == (
        "completed", "query", None,
    )  # fmt: skip


def test_what_may_not_run_in_bulk_is_a_user_error(alice):
    answer = start(alice, "{ shop { name } }")
    message = "Bulk queries must contain at least one connection."
    assert answer == {
        "bulkOperation": None,
        "userErrors": [{"field": ["query"], "message": message, "code": "INVALID"}],
    }
    assert alice.store.all("BulkOperation") == []


def test_a_query_that_was_cut_off_runs_again_and_a_mutation_fails(tmp_path):
    app = create_standin(settings(tmp_path))
    shop = app.extensions["standin"].store.shop(ALICE)
    query, mutation = (f"gid://shopify/BulkOperation/{n}" for n in (1, 2))
    shop.put(UNDER_WAY | {"id": query, "type": "QUERY"})
    shop.put(UNDER_WAY | {"id": mutation, "type": "MUTATION"})
    app.extensions["standin"].store.close()

    with standin(tmp_path) as app:
        shop = Caller(app, ALICE)
        assert shop.finished(query)["status"] == "COMPLETED"
        assert shop.finished(mutation)["errorCode"] == "INTERNAL_SERVER_ERROR"
        shop.http.close()
