"""The stand-in goes wrong as it is told, for one shop, until it is told otherwise."""

import time

import httpx
import pytest

SHOP = "{ shop { name } }"
RUN = """mutation {
    bulkOperationRunQuery(query: "{ urlRedirects { edges { node { id path } } } }") {
    bulkOperation { id } userErrors { code } } }"""


def tell(shop, **how):
    assert shop.control("misbehave", how).status_code == 200


def code(response):
    return response.json()["errors"][0]["extensions"]["code"]


def test_the_next_calls_are_throttled(alice, bob):
    tell(alice, throttle=2)
    assert [code(alice.send(SHOP)) for _ in range(2)] == ["THROTTLED"] * 2
    assert bob.ask(SHOP) and alice.ask(SHOP)


def test_the_next_calls_fail(alice):
    tell(alice, http_500=1)
    assert alice.send(SHOP).status_code == 500
    assert alice.send(SHOP).status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("http_429", 429), ("http_403", 403), ("html", 200)])
def test_the_next_calls_are_answered_wrongly(alice, kind, status):
    tell(alice, **{kind: 1})
    answer = alice.send(SHOP)
    assert answer.status_code == status and "json" not in answer.headers["Content-Type"]
    assert alice.ask(SHOP)


@pytest.mark.parametrize("kind", ["half", "nothing"])
def test_the_next_answers_break_off(alice, kind):
    tell(alice, **{kind: 1})
    with pytest.raises(httpx.RemoteProtocolError):
        alice.send(SHOP)
    assert alice.ask(SHOP)


def test_answers_come_late_until_it_ends(alice):
    tell(alice, slow_ms=700)

    def seconds():
        start = time.monotonic()
        alice.ask(SHOP)
        return time.monotonic() - start

    assert min(seconds() for _ in range(2)) >= 0.7
    tell(alice)
    # the fastest: what else runs on the machine is no part of the answer
    assert min(seconds() for _ in range(9)) < 0.7


def test_bulk_operations_are_refused(alice):
    tell(alice, refuse_bulk=True)
    answer = alice.send(RUN).json()
    assert answer["data"] == {"bulkOperationRunQuery": None}
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    tell(alice)
    alice.finished(alice.ask(RUN)["bulkOperationRunQuery"]["bulkOperation"]["id"])


def test_downloads_are_cut_and_can_be_resumed(alice):
    alice.store.put_many(
        {"__typename": "UrlRedirect", "id": f"gid://shopify/UrlRedirect/{n}", "path": f"/{n}"}
        for n in range(2000)
    )
    done = alice.finished(alice.ask(RUN)["bulkOperationRunQuery"]["bulkOperation"]["id"])
    whole = httpx.get(done["url"], verify=False).content
    tell(alice, cut_download_after=30_000)

    got, cuts = b"", 0
    while len(got) < len(whole):
        with httpx.stream("GET", done["url"], headers={"Range": f"bytes={len(got)}-"}) as response:
            assert int(response.headers["Content-Length"]) == len(whole) - len(got)
            try:
                for part in response.iter_raw():
                    got += part
            except httpx.HTTPError:
                cuts += 1

    assert got == whole and cuts == (len(whole) - 1) // 30_000


def test_protected_customer_data_comes_back_null(alice):
    alice.store.put(
        {"__typename": "Customer", "id": "gid://shopify/Customer/1", "email": "a@example.com",
         "tags": ["vip"], "note": "tall"}
    )  # fmt: skip
    query = '{ customer(id: "gid://shopify/Customer/1") { email tags note } }'
    assert alice.ask(query)["customer"]["email"] == "a@example.com"
    tell(alice, redact_customers=True)
    answer = alice.send(query).json()
    assert answer["data"]["customer"] == {"email": None, "tags": ["vip"], "note": "tall"}
    [problem] = answer["errors"]
    assert problem["path"] == ["customer", "email"]
    assert problem["extensions"]["code"] == "ACCESS_DENIED"


def test_protected_data_that_cannot_be_null_is_refused(alice):
    author = {"name": "Jo", "email": "jo@example.com"}
    comment = {"__typename": "Comment", "id": "gid://shopify/Comment/1", "author": author}
    alice.store.put(comment)
    tell(alice, redact_customers=True)
    problem = alice.error('{ comment(id: "gid://shopify/Comment/1") { author { email } } }')
    assert "not approved to use the email field" in problem["message"]


def test_a_mutation_is_carried_out_and_its_answer_is_lost(alice):
    tell(alice, lose_answer=1)
    make = """mutation { urlRedirectCreate(urlRedirect: {path: "/a", target: "/b"}) {
        urlRedirect { id } userErrors { message } } }"""
    alice.ask(SHOP)
    with pytest.raises(httpx.TransportError):
        alice.send(make)
    answer = alice.ask(make)["urlRedirectCreate"]
    assert answer["urlRedirect"] is None and answer["userErrors"]


def test_what_counts_down_begins_with_a_later_mutation(alice):
    tell(alice, userErrors=1, from_mutation=2)
    outcomes = []
    for path in ("/a", "/b", "/c"):
        alice.ask(SHOP)
        make = f"""mutation {{ urlRedirectCreate(urlRedirect: {{path: "{path}", target: "/t"}}) {{
            urlRedirect {{ path }} userErrors {{ message }} }} }}"""
        outcomes.append(bool(alice.ask(make)["urlRedirectCreate"]["userErrors"]))
    assert outcomes == [False, True, False]


def test_access_tokens_are_asked_for_in_vain(alice):
    tell(alice, tokens_500=True)
    response = alice.http.post(f"/{alice.domain}/admin/oauth/access_token", json={})
    assert response.status_code == 500


def test_tokens_expire_at_once(alice):
    tell(alice, expire_tokens=True)
    assert [alice.send(SHOP).status_code for _ in range(2)] == [401, 401]


@pytest.mark.parametrize(
    "how",
    [{"explode": 1}, {"throttle": "3"}, {"throttle": True}, {"slow_ms": -1}, {"refuse_bulk": 1}],
)
def test_what_it_cannot_do_is_named(alice, how):
    response = alice.control("misbehave", how)
    assert response.status_code == 422
    assert next(iter(how)) in response.text
    alice.ask(SHOP)


def test_mutations_are_refused_and_change_nothing(alice):
    tell(alice, userErrors=1)
    create = """mutation { urlRedirectCreate(urlRedirect: {path: "/a", target: "/b"}) {
      urlRedirect { id } userErrors { field message } } }"""
    refused = alice.ask(create)["urlRedirectCreate"]
    assert refused["urlRedirect"] is None and refused["userErrors"][0]["message"]
    assert alice.store.count("UrlRedirect") == 0
    assert alice.ask(create)["urlRedirectCreate"]["userErrors"] == []


@pytest.mark.parametrize("state", [402, 423])
def test_a_shop_that_is_unpaid_or_locked_answers_nothing_else(alice, bob, state):
    tell(alice, shop_state=state)
    answers = [alice.send(SHOP) for _ in range(2)]
    assert [(a.status_code, a.json()) for a in answers] == [
        (state, {"errors": "Unavailable Shop"})
    ] * 2
    assert bob.ask(SHOP)
    tell(alice)
    assert alice.ask(SHOP)


def test_a_bulk_operation_fails_with_half_of_its_result(alice):
    redirects(alice, 10)
    tell(alice, bulk_fails="INTERNAL_SERVER_ERROR")
    done = alice.finished(alice.ask(RUN)["bulkOperationRunQuery"]["bulkOperation"]["id"])
    assert (done["status"], done["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
    assert done["url"] is None
    assert len(httpx.get(done["partialDataUrl"], verify=False).content.splitlines()) == 5


def test_results_lack_lines_that_were_counted(alice):
    redirects(alice, 10)
    tell(alice, bulk_missing_lines=3)
    done = alice.finished(alice.ask(RUN)["bulkOperationRunQuery"]["bulkOperation"]["id"])
    assert (done["status"], done["objectCount"]) == ("COMPLETED", "10")
    assert len(httpx.get(done["url"], verify=False).content.splitlines()) == 7


def redirects(caller, count):
    caller.store.put_many(
        {"__typename": "UrlRedirect", "id": f"gid://shopify/UrlRedirect/{n}", "path": f"/{n}"}
        for n in range(1, count + 1)
    )


@pytest.mark.parametrize(
    "body", [{"shop_state": 500}, {"bulk_fails": "OOPS"}, {"bulk_fails": True}]
)
def test_only_what_shopify_has_can_be_chosen(alice, body):
    answer = alice.control("misbehave", body)
    assert answer.status_code == 422 and "is one of" in answer.text


def test_the_older_api_tells_of_the_shop_and_of_nothing_else(alice):
    def get(path, token=alice.token):
        headers = {"X-Shopify-Access-Token": token}
        return alice.http.get(f"/{alice.domain}/admin/api/{path}", headers=headers)

    shop = get("2026-10/shop.json").json()["shop"]
    assert shop["myshopify_domain"] == alice.domain and shop["currency"] == "USD"
    assert get("2026-10/shop.json", token="shpat_no").status_code == 401
    missing = get("2026-10/products.json")
    assert (missing.status_code, missing.json()) == (404, {"errors": "Not Found"})
