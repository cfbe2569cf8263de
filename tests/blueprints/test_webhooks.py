"""What Shopify tells us, and what somebody else cannot tell us."""

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from config import Settings
from models import db, now
from models.api_key import ApiKey
from models.privacy_report import PrivacyReport
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery
from shopify.admin import ShopifyUnavailable
from shops.webhooks import COMPLIANCE, HANDLED, handle
from tests.cast import ALICE, BOB, Merchant, authenticate, make_key, shop_of
from tests.webhooks import body_of, send

pytestmark = pytest.mark.usefixtures("jobs_database")
OLD_SECRET = "o" * 64


def deliveries():
    db.session.expire_all()
    return list(db.session.scalars(db.select(WebhookDelivery)))


def send_and_handle(app, **more):
    """Send an uninstall and have it handled, as a worker does at once."""
    assert send(app, **more).status_code == 200
    for kept in deliveries():
        handle(kept.id)
    db.session.expire_all()


@pytest.mark.parametrize("prefix", ["X-", ""])
def test_an_uninstall_that_shopify_confirms_ends_the_keys(app, store, prefix):
    store.uninstall()
    assert send(app, prefix=prefix).status_code == 200
    assert authenticate(store.key_text) is not None
    send_and_handle(app)
    assert authenticate(store.key_text) is None
    gone = shop_of(ALICE)
    assert gone.access_token is None and gone.refresh_token is None


def test_an_uninstall_ends_the_keys_though_the_app_came_back_before_a_worker_looked(app, store):
    job = store.start("redirects")
    store.shop.plan_checked_at = now() - timedelta(hours=1)  # the visit asks Shopify
    db.session.commit()
    store.uninstall()
    assert send(app).status_code == 200
    assert Merchant(app, ALICE).get("/settings/keys/").status_code == 200
    assert authenticate(store.key_text) is None
    _, new = make_key(shop_of(ALICE), "products:export")
    send_and_handle(app)
    assert authenticate(new) is not None
    assert job.status == "canceled"


def test_an_uninstall_that_is_false_ends_no_key_at_the_next_visit(app, store):
    assert send(app).status_code == 200
    assert Merchant(app, ALICE).get("/settings/keys/").status_code == 200
    assert authenticate(store.key_text) is not None


def test_a_visit_does_not_wait_for_shopifys_word_about_an_uninstall(app, store):
    assert send(app).status_code == 200
    store.misbehave(http_500=100)
    start = time.monotonic()
    assert Merchant(app, ALICE).get("/settings/activity/").status_code == 200
    assert time.monotonic() - start < 15
    assert authenticate(store.key_text) is not None


def test_a_visit_while_a_worker_asks_about_an_uninstall_keeps_its_new_token(app, store):
    """The worker heard no before the visit brought the token; it asks again."""
    store.uninstall()
    assert send(app).status_code == 200
    [kept] = deliveries()
    visited: list[Any] = []

    def visit(_connection, _cursor, sql, *_rest):
        if not visited and sql.startswith("UPDATE shops SET id"):
            with db.engine.connect() as other:
                lost = other.scalar(db.select(Shop.needs_merchant_since).filter_by(domain=ALICE))
            if lost:
                visited.append("/settings/keys/")
                assert Merchant(app, ALICE).get(visited[0]).status_code == 200

    event.listen(db.engine, "before_cursor_execute", visit)
    try:
        with pytest.raises(ShopifyUnavailable):
            handle(kept.id)
    finally:
        event.remove(db.engine, "before_cursor_execute", visit)
        db.session.rollback()
    handle(kept.id)
    shop = shop_of(ALICE)
    assert visited and shop.uninstalled_at is None and shop.access_token
    assert authenticate(store.key_text) is None


def test_another_shops_uninstall_changes_nothing_here(app, store, other_store):
    other_store.uninstall()
    send_and_handle(app, domain=BOB)
    assert authenticate(store.key_text) is not None
    assert authenticate(other_store.key_text) is None


@pytest.mark.parametrize(
    "moment", [None, "yesterday", "2020-01-01T00:00:00", "9999-12-31T23:59:59-23:59"]
)
def test_an_uninstall_counts_whatever_it_says_of_the_time(app, store, moment):
    send_and_handle(app, Triggered_At=moment)
    assert authenticate(store.key_text) is not None
    store.uninstall()
    send_and_handle(app, Triggered_At=moment)
    assert authenticate(store.key_text) is None


def test_a_reinstall_starts_clean_and_revives_no_key(app, store):
    store.uninstall()
    send_and_handle(app)
    visit = store.tell("id-token")["id_token"]
    page = app.test_client().get("/settings/keys/", query_string={"id_token": visit})
    assert page.status_code == 200
    db.session.expire_all()
    assert shop_of(ALICE).uninstalled_at is None
    assert authenticate(store.key_text) is None
    assert ApiKey.of(store.shop) == []
    send_and_handle(app)
    assert shop_of(ALICE).uninstalled_at is None


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "x" * 64}, {"Hmac_Sha256": ""}, {"Hmac_Sha256": "é"}, {"Hmac_Sha256": "AAAA"}],
    ids=str,
)
@pytest.mark.parametrize("path", ["/webhooks", "/webhooks/compliance"])
def test_a_wrong_signature_is_refused(app, shop, wrong, path):
    _, text = make_key(shop, "products:export")
    assert send(app, path=path, **wrong).status_code == 401
    assert authenticate(text) is not None
    assert deliveries() == []


def test_the_secret_before_a_rotation_is_accepted_while_it_is_set(app, shop):
    assert send(app, secret=OLD_SECRET).status_code == 401
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(update={"SHOPIFY_OLD_CLIENT_SECRET": OLD_SECRET})
    try:
        assert send(app, secret=OLD_SECRET).status_code == send(app).status_code == 200
    finally:
        app.config["SETTINGS"] = before
    assert "SHOPIFY_OLD_CLIENT_SECRET" in Settings.model_fields


@pytest.mark.parametrize("topic", HANDLED)
def test_every_topic_is_kept_until_a_worker_has_handled_it(app, shop, topic):
    assert send(app, topic).status_code == 200
    [kept] = deliveries()
    assert (kept.topic, kept.shop_id, kept.handled_at) == (topic, shop.id, None)
    assert kept.payload == body_of(topic, ALICE)


def test_a_delivery_that_comes_again_is_taken_once(app, shop):
    for _ in range(3):
        assert send(app, Webhook_Id="w-1").status_code == 200
    assert [kept.id for kept in deliveries()] == ["w-1"]


def test_without_an_id_the_same_words_are_one_delivery(app, shop):
    for moment in ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"):
        send(app, "app/scopes_update", Webhook_Id=None, Triggered_At=moment)
    assert len(deliveries()) == 2


@pytest.mark.parametrize("topic", ["app/uninstalled", *COMPLIANCE])
def test_a_body_about_another_shop_is_refused(app, shop, other_shop, topic):
    """Only the body is signed: one of Bob's under a header that names Alice does nothing."""
    _, text = make_key(shop, "products:export")
    assert send(app, topic, payload=body_of(topic, BOB)).status_code == 400
    assert authenticate(text) is not None and deliveries() == []


REPLAYED = [
    (captured, topic)
    for captured in HANDLED
    for topic in ("app/uninstalled", *COMPLIANCE)
    if captured != topic
]


@pytest.mark.parametrize(("captured", "topic"), REPLAYED)
def test_a_captured_body_is_no_order_under_another_topic(app, shop, captured, topic):
    """Topic and shop stand in headers that nobody signs: the body itself has to say them."""
    _, text = make_key(shop, "products:export")
    assert send(app, topic, payload=body_of(captured, ALICE)).status_code == 400
    assert authenticate(text) is not None and deliveries() == []


@pytest.mark.parametrize("topic", ["app/uninstalled", *COMPLIANCE])
@pytest.mark.parametrize("body", [{}, [], "text", 7, {"shop_domain": None}, {"shop_id": "x"}])
def test_an_order_that_names_no_shop_is_refused(app, shop, topic, body):
    assert send(app, topic, payload=body).status_code == 400
    assert deliveries() == []


def test_a_customer_of_many_orders_is_not_too_long_a_word(app, shop):
    payload = body_of("customers/redact", ALICE) | {"orders_to_redact": [10**12] * 20_000}
    assert send(app, "customers/redact", payload=payload).status_code == 200
    [kept] = deliveries()
    assert kept.payload == payload


@pytest.mark.parametrize("domain", ["unknown.myshopify.com", "evil.example", ""])
def test_news_of_an_unknown_shop_is_taken_and_dropped(app, domain):
    assert send(app, domain=domain).status_code == 200
    assert deliveries() == []


def test_a_privacy_request_about_an_unknown_shop_is_answered_and_reported(app):
    domain = "gone.myshopify.com"
    for topic in COMPLIANCE:
        path = "/webhooks/compliance"
        assert send(app, topic, domain, path=path).status_code == 200
    reports = db.session.scalars(db.select(PrivacyReport)).all()
    assert {report.topic for report in reports} == set(COMPLIANCE)
    assert {(r.shop_domain, r.outcome) for r in reports} == {(domain, "nothing is held")}


@pytest.mark.parametrize("topic", ["products/update", "app\\uninstalled", ""])
def test_topics_that_nobody_subscribed_to_are_taken_and_dropped(app, shop, topic):
    assert send(app, topic).status_code == 200
    assert deliveries() == []


@pytest.mark.parametrize("body", [[], "text", None, 7])
def test_a_body_that_is_no_object_breaks_nothing(app, shop, body):
    body = [] if body is None else body
    assert send(app, "bulk_operations/finish", payload=body).status_code == 200
    [kept] = deliveries()
    assert handle(kept.id) == []


def test_webhooks_are_answered_within_a_tenth_of_a_second(app, shop):
    def seconds(topic):
        started = time.perf_counter()
        assert send(app, topic).status_code == 200
        return time.perf_counter() - started

    for topic in HANDLED:
        # one of many: what else runs on the machine is no part of the answer
        assert any(seconds(topic) < 0.1 for _ in range(50)), topic
