"""Webhooks are signed as Shopify signs them, and sent again until the app takes them."""

import queue
import threading
import time
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, request
from shopify_app.verify.webhook import verify_webhook_req

from standin import grants, webhooks
from standin.server import create_standin
from standin.shops import shop_of
from tests.cast import CLIENT_ID, CLIENT_SECRET, free_port
from tests.standin.serving import SHOP, served, settings

APP: Any = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


class Receiver:
    """An app that notes the webhooks it gets and answers the statuses set for it, then 200."""

    def __init__(self):
        self.got: queue.Queue[dict[str, Any]] = queue.Queue()
        self.statuses: list[int] = []
        self.port = 0
        self.flask = Flask("receiver")
        self.flask.add_url_rule("/<path:path>", view_func=self.take, methods=["POST"])

    def take(self, path):
        headers = {name.lower(): value for name, value in request.headers}
        body = request.get_data(as_text=True)
        self.got.put({"path": f"/{path}", "headers": headers, "body": body})
        return "", self.statuses.pop(0) if self.statuses else 200


@pytest.fixture(scope="module")
def receiver():
    receiver = Receiver()
    with served(receiver.flask) as receiver.port:
        yield receiver


@pytest.fixture(scope="module")
def standin(receiver, tmp_path_factory):
    url = f"http://localhost:{receiver.port}"
    app = create_standin(settings(tmp_path_factory.mktemp("data"), app_url=url))
    yield app
    app.extensions["standin"].store.close()


@pytest.fixture
def client(standin):
    with standin.test_client() as client:
        yield client


@pytest.fixture
def shop(standin):
    return standin.extensions["standin"].store.shop(SHOP)


def test_shopifys_own_package_accepts_the_signature(client, receiver):
    answer = client.post(f"/_standin/{SHOP}/webhook", json={"topic": "app/scopes_update"})
    got = receiver.got.get(timeout=60)

    assert (answer.status_code, answer.json) == (200, {"status": 200})
    assert got["path"] == "/webhooks"
    message: Any = {"method": "POST", "url": "https://app.example/webhooks", **got}
    result = verify_webhook_req(message, APP)
    assert result.ok, result.log
    assert result.shop == "demo"
    message["body"] += " "
    assert not verify_webhook_req(message, APP).ok


def test_a_webhook_carries_all_of_shopifys_headers(client, receiver):
    client.post("/_standin/demo/webhook", json={"topic": "app/scopes_update", "payload": {"a": 1}})
    got = receiver.got.get(timeout=60)
    headers = got["headers"]

    assert got["body"] == '{"a":1}'
    assert headers["content-type"] == "application/json"
    assert headers["x-shopify-topic"] == "app/scopes_update"
    assert headers["x-shopify-shop-domain"] == SHOP
    assert headers["x-shopify-api-version"] == "2026-10"
    assert headers["x-shopify-webhook-id"] != headers["x-shopify-event-id"]
    assert datetime.fromisoformat(headers["x-shopify-triggered-at"]).tzinfo


def test_a_late_a_repeated_and_a_newer_delivery_can_be_asked_for(client, receiver):
    late = {"triggered_at": "2026-11-01T00:00:00Z", "webhook_id": "before", "old_names": False}
    client.post("/_standin/demo/webhook", json={"topic": "app/scopes_update"} | late)
    got = receiver.got.get(timeout=60)
    assert got["headers"]["shopify-triggered-at"] == "2026-11-01T00:00:00Z"
    assert got["headers"]["shopify-webhook-id"] == "before"
    assert [name for name in got["headers"] if name.startswith("x-shopify")] == []
    assert '"read_products"' in got["body"]


@pytest.mark.parametrize("topic", webhooks.COMPLIANCE)
def test_compliance_topics_go_to_their_own_address(client, receiver, topic):
    client.post(f"/_standin/{SHOP}/webhook", json={"topic": topic})
    got = receiver.got.get(timeout=60)
    assert got["path"] == "/webhooks/compliance"
    assert f'"shop_domain":"{SHOP}"' in got["body"]


def test_the_apps_refusal_is_passed_on(client, receiver):
    receiver.statuses = [401]
    answer = client.post(f"/_standin/{SHOP}/webhook", json={"topic": "app/scopes_update"})
    receiver.got.get(timeout=60)
    assert (answer.status_code, answer.json) == (401, {"status": 401})


def test_after_the_uninstall_no_token_is_good(client, receiver, shop):
    given = grants.issue_offline(shop)
    client.post(f"/_standin/{SHOP}/webhook", json={"topic": "app/uninstalled"})
    assert f'"myshopify_domain":"{SHOP}"' in receiver.got.get(timeout=60)["body"]
    assert not grants.is_valid(shop, given["access"])
    assert grants.refresh(shop, given["refresh"]) is None


@pytest.mark.parametrize("body", [{}, {"topic": "uninstalled"}, {"topic": 1}, ["app/uninstalled"]])
def test_a_topic_is_needed(client, body):
    assert client.post(f"/_standin/{SHOP}/webhook", json=body).status_code == 422


def test_an_app_that_does_not_answer_is_named(tmp_path):
    app = create_standin(settings(tmp_path, app_url=f"http://localhost:{free_port()}"))
    with app.test_client() as client:
        answer = client.post(f"/_standin/{SHOP}/webhook", json={"topic": "app/uninstalled"})
    assert answer.status_code == 502
    assert answer.json and "did not answer" in answer.json["error"]
    app.extensions["standin"].store.close()


def test_a_webhook_in_the_background_is_sent_again_until_it_is_taken(standin, shop, receiver):
    receiver.statuses = [500]
    with standin.app_context():
        started = time.monotonic()
        webhooks.send(shop, "bulk_operations/finish", {"status": "completed"})
        assert time.monotonic() - started < 1
    first, again = (receiver.got.get(timeout=60) for _ in range(2))

    assert first == again
    assert first["headers"]["x-shopify-topic"] == "bulk_operations/finish"


def test_where_no_app_has_an_address_nobody_is_told(tmp_path):
    app = create_standin(settings(tmp_path, app_url=""))
    with app.app_context():
        before = set(threading.enumerate())
        webhooks.send(shop_of(SHOP), "bulk_operations/finish", {"status": "completed"})
        assert set(threading.enumerate()) <= before
    app.extensions["standin"].store.close()
