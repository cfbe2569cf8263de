"""The admin's pages: the app's signed address in the iframe, and where links lead."""

import base64
import hashlib
import hmac
import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from shopify_app.verify.app_home_req import verify_app_home_req

from standin.server import create_standin
from tests.cast import CLIENT_ID, CLIENT_SECRET
from tests.standin.serving import SHOP, settings

APP: Any = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    app = create_standin(settings(data, app_url="http://localhost:8000"))
    with app.test_client() as client:
        yield client
    app.extensions["standin"].store.close()


def frame(client, address):
    """The address in the iframe of this page, and its parameters."""
    page = client.get(address)
    assert page.status_code == 200
    [src] = re.findall(r'<iframe title="Altera" src="([^"]+)" allow="clipboard-write">', page.text)
    url = urlsplit(html.unescape(src))
    return url, dict(parse_qsl(url.query, keep_blank_values=True))


def test_the_root_leads_to_the_demo_shops_app(client):
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (302, "/store/demo/apps/altera")
    assert client.get("/store/bob").location == "/store/bob/apps/altera"


def test_the_frame_has_the_address_shopify_would_give(client):
    url, params = frame(client, "/store/demo/apps/altera")

    assert (url.scheme, url.netloc, url.path) == ("http", "localhost:8000", "/")
    assert set(params) == {
        *("embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp")
    }
    assert (params["embedded"], params["locale"], params["shop"]) == ("1", "en", SHOP)
    host = base64.b64decode(params["host"] + "=" * (-len(params["host"]) % 4))
    assert host == b"admin.shopify.com/store/demo"


def test_the_query_is_signed(client):
    _, params = frame(client, "/store/demo/apps/altera/settings?locale=de&tab=keys&hmac=forged")

    given = params.pop("hmac")
    message = "&".join(f"{name}={value}" for name, value in sorted(params.items()))
    right = hmac.new(CLIENT_SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()
    assert given == right


def test_shopifys_own_package_accepts_the_document_request(client):
    url, _ = frame(client, "/store/demo/apps/altera/settings/keys")
    request: Any = {"method": "GET", "url": url.geturl(), "headers": {}, "body": ""}
    result = verify_app_home_req(request, APP, "/auth/session-token")
    assert result.ok, result.log
    assert (result.shop, url.path) == ("demo", "/settings/keys")


def test_path_locale_and_the_pages_own_parameters_go_through(client):
    url, params = frame(client, "/store/demo/apps/altera/jobs/7?locale=de&page=2&shop=evil")
    assert url.path == "/jobs/7"
    assert (params["locale"], params["page"], params["shop"]) == ("de", "2", SHOP)


def test_another_shop_has_its_own_frame(client):
    _, params = frame(client, "/store/bob/apps/altera")
    assert params["shop"] == "bob.myshopify.com"
    assert "bob.myshopify.com" in client.application.extensions["standin"].store.shops()


@pytest.mark.parametrize("name", ["-bob", "a_b", "x.y", "%3Cscript%3E"])
def test_what_can_be_no_shop_is_not_found(client, name):
    assert client.get(f"/store/{name}/apps/altera").status_code == 404


def test_other_pages_of_the_admin_say_what_shopify_would_show(client):
    page = client.get("/store/demo/products/123")
    assert page.status_code == 200
    assert "https://admin.shopify.com/store/demo/products/123" in page.text
    assert "<script>alert" not in client.get("/store/demo/<script>alert(1)</script>").text


def test_the_address_127_0_0_1_leads_to_the_one_origin_that_may_frame_the_app(client):
    answer = client.get("/store/demo/apps/altera?locale=de", headers={"Host": "127.0.0.1:8001"})
    assert answer.location == "http://localhost:8001/store/demo/apps/altera?locale=de"
    assert (
        client.get("/store/demo/apps/altera", headers={"Host": "localhost:8001"}).status_code == 200
    )


def test_app_bridge_is_one_script(client):
    answer = client.get("/app-bridge.js")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert "window.shopify" in answer.text
