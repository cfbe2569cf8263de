"""The Admin API answers as Shopify's does."""

import pytest

from standin.schema import admin
from tests.cast import ALICE
from tests.standin.conftest import Caller
from tests.standin.serving import standin


def redirects(count):
    return [
        {
            "__typename": "UrlRedirect",
            "id": f"gid://shopify/UrlRedirect/{n}",
            "path": f"/old-{n:04}",
            "target": f"/new-{count - n:04}",
        }
        for n in range(1, count + 1)
    ]


def paths(connection):
    return [node["path"] for node in connection["nodes"]]


def test_the_whole_schema_is_there():
    schema = admin().schema
    assert schema.query_type and len(schema.query_type.fields) == 288
    assert schema.mutation_type and len(schema.mutation_type.fields) == 524


def test_the_shop_is_believable(alice):
    shop = alice.ask("{ shop { name myshopifyDomain currencyCode ianaTimezone url } }")["shop"]
    assert shop["myshopifyDomain"] == alice.domain
    assert shop["url"] == f"https://{alice.domain}"
    assert (shop["currencyCode"], shop["ianaTimezone"]) == ("USD", "America/New_York")


def test_the_plan_shows_in_the_apps_subscriptions(alice):
    query = "{ currentAppInstallation { activeSubscriptions { name status } } }"
    installation = alice.ask(query)["currentAppInstallation"]
    assert installation["activeSubscriptions"] == [{"name": "Pro", "status": "ACTIVE"}]

    alice.control("plan", {"name": "Free"})
    assert alice.ask(query)["currentAppInstallation"]["activeSubscriptions"] == []


def test_pages_follow_each_other_to_the_end(alice):
    alice.store.put_many(redirects(7))
    query = """query ($after: String, $reverse: Boolean) {
        urlRedirects(first: 3, after: $after, reverse: $reverse) {
            nodes { path } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""

    for reverse in (False, True):
        seen, after = [], None
        while True:
            page = alice.ask(query, after=after, reverse=reverse)["urlRedirects"]
            seen += paths(page)
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        expected = [record["path"] for record in redirects(7)]
        assert seen == (expected[::-1] if reverse else expected)


def test_a_page_may_count_from_the_end(alice):
    alice.store.put_many(redirects(7))
    query = """query ($before: String) { urlRedirects(last: 2, before: $before) {
        nodes { path } pageInfo { startCursor hasPreviousPage hasNextPage } } }"""

    page = alice.ask(query)["urlRedirects"]
    assert paths(page) == ["/old-0006", "/old-0007"]
    assert page["pageInfo"]["hasPreviousPage"] and not page["pageInfo"]["hasNextPage"]
    page = alice.ask(query, before=page["pageInfo"]["startCursor"])["urlRedirects"]
    assert paths(page) == ["/old-0004", "/old-0005"]


def test_sorted_and_filtered_pages_follow_each_other_too(alice):
    alice.store.put_many(redirects(30))
    query = """query ($after: String) {
        urlRedirects(first: 4, after: $after, sortKey: PATH, query: "target:/new-000*") {
            nodes { path } pageInfo { hasNextPage endCursor } } }"""

    page = alice.ask(query)["urlRedirects"]
    assert paths(page) == ["/old-0021", "/old-0022", "/old-0023", "/old-0024"]
    page = alice.ask(query, after=page["pageInfo"]["endCursor"])["urlRedirects"]
    assert paths(page)[0] == "/old-0025"


def test_paths_are_looked_up(alice):
    alice.store.put_many(redirects(30))
    query = "path:'/old-0003' OR path:'/OLD-0007' OR path:'/none'"
    found = alice.ask(
        "query ($q: String) { urlRedirects(first: 9, query: $q) { nodes { path } } }", q=query
    )
    assert paths(found["urlRedirects"]) == ["/old-0003", "/old-0007"]


def test_a_search_field_that_does_not_exist_is_a_warning(alice):
    answer = alice.send('{ urlRedirects(first: 1, query: "colour:red") { nodes { id } } }').json()
    [search] = answer["extensions"]["search"]
    assert search["warnings"][0]["field"] == "colour"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "you must provide one of first or last"),
        ("(first: 1, last: 1)", "providing both first and last is not supported"),
        ("(first: 251)", "first is 251. A page has at most 250 objects"),
        ('(first: 1, after: "x")', "Invalid cursor"),
    ],
)
def test_a_page_that_cannot_be_is_refused(alice, arguments, message):
    answer = alice.send(f"{{ urlRedirects{arguments} {{ nodes {{ id }} }} }}").json()
    assert answer["errors"][0]["message"].startswith(message)
    assert answer["errors"][0]["path"] == ["urlRedirects"]
    assert answer["data"] is None


def test_counts_stop_at_their_limit(alice):
    alice.store.put_many(redirects(12))
    query = """{ all: urlRedirectsCount { count precision }
        some: urlRedirectsCount(limit: 10) { count precision }
        few: urlRedirectsCount(query: "target:/new-0000") { count } }"""
    assert alice.ask(query) == {
        "all": {"count": 12, "precision": "EXACT"},
        "some": {"count": 10, "precision": "AT_LEAST"},
        "few": {"count": 1},
    }


def test_objects_are_found_by_id_and_handle(alice):
    product = {"__typename": "Product", "id": "gid://shopify/Product/5", "handle": "hat"}
    alice.store.put_many([product, *redirects(1)])
    query = """{ product(id: "gid://shopify/Product/5") { handle legacyResourceId title tags }
        byHandle: productByIdentifier(identifier: {handle: "hat"}) { id }
        none: productByIdentifier(identifier: {handle: "cap"}) { id }
        node(id: "gid://shopify/UrlRedirect/1") { id ... on UrlRedirect { path } }
        nodes(ids: ["gid://shopify/Product/5", "gid://shopify/Product/6"]) { id __typename }
        wrong: product(id: "gid://shopify/UrlRedirect/1") { id } }"""

    found = alice.ask(query)

    assert found["product"] == {
        "handle": "hat", "legacyResourceId": "5", "title": "", "tags": [],
    }  # fmt: skip
    assert found["byHandle"]["id"] == product["id"] and found["none"] is None
    assert found["node"]["path"] == "/old-0001"
    assert found["nodes"] == [{"id": product["id"], "__typename": "Product"}, None]
    assert found["wrong"] is None
    assert alice.error('{ product(id: "5") { id } }')["message"] == "Invalid global id '5'"


def test_metafields_are_found_by_namespace_and_key(alice):
    fields = [
        {"__typename": "Metafield", "id": f"gid://shopify/Metafield/{n}", "namespace": "custom",
         "key": key, "type": kind, "value": value}
        for n, (key, kind, value) in enumerate(
            [("care", "single_line_text_field", "wash"), ("size", "number_integer", "4")], 1)
    ]  # fmt: skip
    alice.store.put_many(fields)
    alice.store.put({"__typename": "Product", "id": "gid://shopify/Product/1",
                     "metafields": [field["id"] for field in fields]})  # fmt: skip
    query = """{ product(id: "gid://shopify/Product/1") {
        metafield(namespace: "custom", key: "size") { value jsonValue type }
        none: metafield(key: "custom.colour") { value }
        metafields(first: 5, keys: ["custom.care"]) { nodes { key } } } }"""

    product = alice.ask(query)["product"]

    assert product["metafield"] == {"value": "4", "jsonValue": 4, "type": "number_integer"}
    assert product["none"] is None
    assert product["metafields"]["nodes"] == [{"key": "care"}]


def test_bob_sees_nothing_of_alice(alice, bob):
    alice.store.put_many(redirects(2))
    query = """{ urlRedirects(first: 5) { nodes { id } }
        node(id: "gid://shopify/UrlRedirect/1") { id } }"""
    assert bob.ask(query) == {"urlRedirects": {"nodes": []}, "node": None}
    bob.token = alice.token
    assert bob.send(query).status_code == 401


def test_a_bad_token_is_401(alice):
    alice.token = "shpat_wrong"
    response = alice.send("{ shop { name } }")
    assert response.status_code == 401
    assert response.json()["errors"].startswith("[API] Invalid API key or access token")


@pytest.mark.parametrize("version", ["2026-10", "2024-01", "unstable"])
def test_the_header_says_which_version_answered(alice, version):
    response = alice.send("{ shop { name } }", version=version)
    assert response.headers["X-Shopify-API-Version"] == "2026-10"
    assert response.headers["X-Request-Id"]
    assert alice.send("{ shop { name } }", version="latest").status_code == 404


def test_a_request_without_a_query_is_400(alice):
    headers = {"X-Shopify-Access-Token": alice.token}
    path = f"/{alice.domain}/admin/api/graphql.json"
    for body in (b"", b"[]", b"{}", b"{", b'{"query": 1}', b'{"query": "{a}", "variables": []}'):
        response = alice.http.post(path, content=body, headers=headers)
        expected = 200 if b"[]}" in body else 400
        assert response.status_code == expected, body


def test_a_shop_answers_at_its_own_host_name(alice):
    headers = {"X-Shopify-Access-Token": alice.token, "Host": alice.domain}
    for path in ("/admin/api/2026-10/graphql.json", "/admin/api/graphql.json"):
        response = alice.http.post(path, json={"query": "{ shop { name } }"}, headers=headers)
        assert response.json()["data"]["shop"]["name"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ products(first: 1) { nodes { foo } } }", "undefinedField"),
        ("query ($id: ID!) { product(id: $id) { id } }", "INVALID_VARIABLE"),
    ],
)
def test_a_query_that_is_not_valid_has_a_code(alice, query, code):
    problem = alice.error(query)
    assert problem["extensions"]["code"] == code and problem["locations"]


def test_syntax_and_operation_names_are_minded(alice):
    assert "Syntax" in alice.error("{ shop {")["message"]
    body = {"query": "query A { shop { id } } query B { shop { name } }"}
    path, headers = (
        f"/{alice.domain}/admin/api/graphql.json",
        {"X-Shopify-Access-Token": alice.token},
    )
    answer = alice.http.post(path, json=body, headers=headers).json()
    assert answer["errors"][0]["message"] == "An operation name is required"
    answer = alice.http.post(path, json=body | {"operationName": "B"}, headers=headers).json()
    assert answer["data"] == {"shop": {"name": answer["data"]["shop"]["name"]}}


def test_arrays_hold_at_most_250(alice):
    ids = [f"gid://shopify/Product/{n}" for n in range(251)]
    problem = alice.error("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert problem["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"


def test_a_mutation_without_a_resolver_is_named(alice):
    problem = alice.error('mutation { flowTriggerReceive(handle: "x") { userErrors { message } } }')
    assert "flowTriggerReceive" in problem["message"]
    assert problem["extensions"]["code"] == "NOT_IMPLEMENTED"


def test_pagination_stops_at_25000(alice):
    alice.store.put_many(redirects(4))
    page = alice.ask("{ urlRedirects(first: 2) { pageInfo { endCursor } } }")
    assert page["urlRedirects"]["pageInfo"]["endCursor"]
    far = "eyJsYXN0X2lkIjoiZ2lkOi8vc2hvcGlmeS9VcmxSZWRpcmVjdC8yIiwibiI6MjUwMDB9"
    problem = alice.error(f'{{ urlRedirects(first: 2, after: "{far}") {{ nodes {{ id }} }} }}')
    assert "25,000" in problem["message"]


def test_stored_values_that_are_none_of_their_type_are_told_where_they_are(alice):
    alice.control("seed", {"products": 1})
    [product] = alice.store.all("Product")
    alice.store.put(product | {"status": "GONE", "tracksInventory": "yes", "title": None})
    query = "{ products(first: 1) { nodes { __typename id title status tracksInventory } } }"
    answer = alice.send(query).json()
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["products", "nodes", 0, "status"]

    query = "{ products(first: 1) { nodes { __typename id title } } }"
    assert alice.ask(query)["products"]["nodes"] == [
        {"__typename": "Product", "id": product["id"], "title": ""}
    ]


def test_scopes_open_what_they_name_and_nothing_else(tmp_path):
    scopes = frozenset({"read_products", "write_online_store_navigation"})
    with standin(tmp_path, scopes=scopes) as app:
        shop = Caller(app, ALICE)
        assert shop.ask("{ products(first: 1) { nodes { id } } }")
        assert shop.ask("{ urlRedirects(first: 1) { nodes { id } } }")

        denied = shop.error("{ orders(first: 1) { nodes { id } } }")
        assert denied["message"].startswith(
            "Access denied for orders field. Required access: `read"
        )
        assert denied["extensions"]["code"] == "ACCESS_DENIED" and denied["path"] == ["orders"]

        query = 'mutation { productCreate(product: {title: "A"}) { product { id } } }'
        assert "`write_products`" in shop.error(query)["extensions"]["requiredAccess"]
        shop.store.put({"__typename": "Customer", "id": "gid://shopify/Customer/1"})
        denied = shop.error('{ node(id: "gid://shopify/Customer/1") { id } }')
        assert denied["extensions"]["code"] == "ACCESS_DENIED"
        granted = shop.ask("{ currentAppInstallation { accessScopes { handle } } }")
        handles = [s["handle"] for s in granted["currentAppInstallation"]["accessScopes"]]
        assert handles == sorted(scopes)
        shop.http.close()


@pytest.mark.parametrize(
    "query",
    [
        "{ files(first: 1) { nodes { ... on MediaImage { x: mimeType }"
        " ... on Video { x: filename } } } }",
        "{ files(first: 1) { nodes { ... on Video { originalSource { size: fileSize } }"
        " ... on Model3d { originalSource { size: format } } } } }",
    ],
)
def test_one_key_may_have_another_type_in_each_type_of_objects(alice, query):
    assert "errors" not in alice.send(query).json()


@pytest.mark.parametrize(
    "query",
    [
        "{ shop { name name: email } }",
        "{ a: products(first: 1) { nodes { id } } a: products(first: 2) { nodes { id } } }",
    ],
)
def test_one_key_is_one_field_with_one_set_of_arguments(alice, query):
    [problem] = alice.send(query).json()["errors"]
    assert "conflict because" in problem["message"]
