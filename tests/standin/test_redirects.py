"""urlRedirectCreate, Update and Delete, with Shopify's user errors."""

import pytest

CREATE = """mutation ($redirect: UrlRedirectInput!) { urlRedirectCreate(urlRedirect: $redirect) {
    urlRedirect { id path target } userErrors { field message code } } }"""
UPDATE = """mutation ($id: ID!, $redirect: UrlRedirectInput!) {
    urlRedirectUpdate(id: $id, urlRedirect: $redirect) {
    urlRedirect { id path target } userErrors { field message code } } }"""
DELETE = """mutation ($id: ID!) { urlRedirectDelete(id: $id) {
    deletedUrlRedirectId userErrors { field message code } } }"""


def create(shop, path, target="/new"):
    given = {"path": path, "target": target}
    return shop.ask(CREATE, redirect=given)["urlRedirectCreate"]


@pytest.mark.parametrize("path", ["/old", "old", " /old "])
def test_a_redirect_is_made_with_its_leading_slash(alice, path):
    made = create(alice, path)
    assert made["userErrors"] == []
    assert made["urlRedirect"]["path"] == "/old"
    assert alice.store.get(made["urlRedirect"]["id"])["target"] == "/new"


def test_an_address_within_the_shop_becomes_its_path(alice):
    made = create(alice, f"https://{alice.domain}/old?a=1")
    assert made["urlRedirect"]["path"] == "/old?a=1"
    assert create(alice, f"HTTPS://{alice.domain}")["urlRedirect"]["path"] == "/"


@pytest.mark.parametrize(
    ("path", "target", "field", "message"),
    [
        ("", "/new", ["path"], "Path can't be blank"),
        ("/a", " ", ["target"], "Target can't be blank"),
        ("/a", "/a", ["target"], "Target can't be the same as path"),
        ("/taken", "/b", ["path"], "Path has already been taken"),
        ("/TAKEN", "/b", ["path"], "Path has already been taken"),
        ("taken/", "/b", ["path"], "Path has already been taken"),
        ("https://old.example.com/p?a=1", "/b", ["path"], "Path is invalid"),
        ("http://[", "/b", ["path"], "Path is invalid"),
        ("/" + "a" * 1024, "/b", ["path"], "Path is too long (maximum is 1024 characters)"),
    ],
)
def test_a_bad_redirect_is_refused(alice, path, target, field, message):
    create(alice, "/taken")
    made = create(alice, path, target)
    assert made["urlRedirect"] is None
    assert made["userErrors"] == [{"field": field, "message": message, "code": "CREATE_FAILED"}]
    assert alice.store.count("UrlRedirect") == 1


def test_a_redirect_is_changed(alice):
    made = create(alice, "/a")["urlRedirect"]
    changed = alice.ask(UPDATE, id=made["id"], redirect={"target": "/other"})
    assert changed["urlRedirectUpdate"]["urlRedirect"] == made | {"target": "/other"}

    create(alice, "/b")
    changed = alice.ask(UPDATE, id=made["id"], redirect={"path": "/b"})["urlRedirectUpdate"]
    assert changed["userErrors"][0]["code"] == "UPDATE_FAILED"
    assert alice.store.get(made["id"])["path"] == "/a"


def test_a_redirect_is_deleted_once(alice):
    made = create(alice, "/a")["urlRedirect"]
    gone = alice.ask(DELETE, id=made["id"])["urlRedirectDelete"]
    assert gone == {"deletedUrlRedirectId": made["id"], "userErrors": []}

    gone = alice.ask(DELETE, id=made["id"])["urlRedirectDelete"]
    assert gone["userErrors"][0]["code"] == "DOES_NOT_EXIST"
    changed = alice.ask(UPDATE, id=made["id"], redirect={"target": "/b"})["urlRedirectUpdate"]
    assert changed["userErrors"][0]["code"] == "DOES_NOT_EXIST"


def test_bob_cannot_touch_alices_redirect(alice, bob):
    made = create(alice, "/a")["urlRedirect"]
    gone = bob.ask(DELETE, id=made["id"])["urlRedirectDelete"]
    assert gone["deletedUrlRedirectId"] is None
    assert alice.store.get(made["id"])
