"""What a worker does about a webhook: once, for the right shop, with a report of it."""

from datetime import timedelta

import pytest

from commands.privacy_report import privacy_report
from models import db, now
from models.job import CANCELED, COMPLETED, RUNNING
from models.notice import Notice
from models.privacy_report import PrivacyReport
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery
from shopify.admin import ShopifyRefused
from shopify.responses import Barred
from shops import webhooks
from shops.access import fresh_token
from shops.customer_data import Customer, held
from shops.webhooks import handle
from tests.cast import ALICE, BOB, Merchant, authenticate, make_key, shop_of
from tests.shops.test_customer_data import JO, JOS, keep_import

pytestmark = pytest.mark.both_databases

REQUEST = {"shop_domain": ALICE, "customer": JO, "orders_to_redact": [299938280263]}


def deliver(shop, topic, payload=None, delivery_id="w-1"):
    """A delivery that has arrived."""
    payload = REQUEST if payload is None else payload
    WebhookDelivery.add(
        delivery_id, shop_id=shop.id, topic=topic, triggered_at=now(), payload=payload
    )
    db.session.commit()
    return delivery_id


def reports():
    return list(db.session.scalars(db.select(PrivacyReport).order_by(PrivacyReport.id)))


def mails():
    return list(db.session.scalars(db.select(Notice)))


def told(app, *arguments):
    return app.test_cli_runner().invoke(privacy_report, arguments, catch_exceptions=False).output


def test_an_uninstall_cancels_the_jobs_of_that_shop(store, other_store):
    running, others = store.start("redirects"), other_store.start("redirects")
    running.move(RUNNING, among=("queued",))
    store.uninstall()
    assert handle(deliver(store.shop, "app/uninstalled", {})) == []
    assert (running.status, others.status) == (CANCELED, "queued")


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=2)], ids=["fresh", "old token"])
@pytest.mark.parametrize("gone", [True, False])
def test_shopify_is_asked_whether_an_uninstall_is_true(store, gone, age):
    """Whatever the clocks say, and even if the token has to be refreshed for the question."""
    job = store.start("redirects")
    store.shop.installed_at = now() + timedelta(minutes=5)
    store.shop.access_token_expires_at -= age
    db.session.commit()
    if gone:
        store.uninstall()
    handle(deliver(store.shop, "app/uninstalled", {}))
    db.session.expire_all()
    assert (store.shop.uninstalled_at is not None) == gone
    assert (authenticate(store.key_text) is None) == gone
    assert job.status == ("canceled" if gone else "queued")
    assert "access.lost" not in {mail.kind for mail in mails()}


@pytest.mark.parametrize("found", ["by a job", "by the visit"])
def test_an_uninstall_told_after_the_next_installation_ends_what_was_made_before(
    app, store, other_store, found
):
    before, others = store.start("redirects"), other_store.key_text
    store.uninstall()
    store.shop.access_token_expires_at -= timedelta(hours=2)
    db.session.commit()
    if found == "by a job":
        with pytest.raises(ShopifyRefused):
            fresh_token(store.shop.id)
    assert Merchant(app, store.domain).get("/settings/keys/").status_code == 200
    new = make_key(store.shop, "products:export", name="New")[1]
    after = store.start("redirects")
    handle(deliver(store.shop, "app/uninstalled", {}))
    db.session.expire_all()
    works = [authenticate(key) is not None for key in (store.key_text, new, others)]
    assert works == [False, True, True]
    assert (before.status, after.status) == (CANCELED, "queued")
    assert store.shop.uninstalled_at is None and store.graphql("query { shop { name } }")


def test_a_visit_after_an_hour_is_no_new_installation(app, store):
    store.shop.access_token_expires_at -= timedelta(hours=2)
    db.session.commit()
    assert Merchant(app, store.domain).get("/settings/keys/").status_code == 200
    handle(deliver(store.shop, "app/uninstalled", {}))
    db.session.expire_all()
    assert authenticate(store.key_text) is not None


def test_an_uninstall_waits_while_shopify_does_not_answer(store):
    store.misbehave(http_403=1)
    with pytest.raises(Barred):
        handle(deliver(store.shop, "app/uninstalled", {}))
    db.session.rollback()
    assert authenticate(store.key_text) is not None
    assert [kept.id for kept in WebhookDelivery.waiting(9)] == ["w-1"]
    store.uninstall()
    handle("w-1")
    assert authenticate(store.key_text) is None


def test_changed_scopes_are_read_from_shopify(store):
    store.shop.scopes = "read_products"
    db.session.commit()
    handle(deliver(store.shop, "app/scopes_update", {"current": ["write_everything"]}))
    granted = (shop_of(ALICE).scopes or "").split(",")
    assert "read_products" in granted and "write_everything" not in granted
    assert granted == sorted(granted)


def test_the_job_that_waits_for_a_bulk_operation_is_found(store, other_store):
    job, other = store.export("redirects"), other_store.export("redirects")
    for each in (job, other):
        each.status = RUNNING
    db.session.commit()
    gid = job.operations["redirects"]["passes"]["0"]
    said = {"admin_graphql_api_id": gid, "status": "completed"}
    assert handle(deliver(store.shop, "bulk_operations/finish", said)) == [job.id]
    assert handle(deliver(store.shop, "bulk_operations/finish", {}, "w-2")) == []
    assert other.id != job.id
    assert handle(deliver(other_store.shop, "bulk_operations/finish", said, "w-3")) == []


def test_a_delivery_is_handled_once(shop):
    keep_import(shop)
    deliver(shop, "customers/data_request")
    handle("w-1"), handle("w-1"), handle("gone")
    assert len(reports()) == len(mails()) == 1
    assert db.session.get_one(WebhookDelivery, "w-1").payload == {}


def test_the_merchant_is_told_what_is_held(app, shop):
    job = keep_import(shop)
    handle(deliver(shop, "customers/data_request"))
    [mail] = mails()
    body = mail.payload["body"]
    assert mail.recipient == "ops@example.com"
    assert mail.payload["subject"] == "What Altera holds about customer 207119551 of Alice"
    assert [n for n in range(2, 8) if f"Import {job.id}, row {n}: " in body] == JOS
    assert "Email: Jo@Example.com" in body and "ann@example.com" not in body
    [report] = reports()
    assert (report.outcome, report.counts) == ("answered by mail", {"import_rows": 4})
    assert "jo@example.com" not in str(vars(report))


def test_the_merchant_is_told_that_nothing_is_held(shop):
    handle(deliver(shop, "customers/data_request"))
    [mail] = mails()
    assert "Altera holds nothing about this customer." in mail.payload["body"]
    assert reports()[0].counts == {}


def test_without_an_address_shopify_is_asked_for_the_owners(store):
    store.shop.contact_email = None
    db.session.commit()
    handle(deliver(store.shop, "customers/data_request"))
    assert [mail.recipient for mail in mails()] == ["owner@alice.example"]


def test_when_nobody_can_be_told_the_report_says_so(app, store):
    store.shop.contact_email = None
    store.shop.uninstall()
    db.session.commit()
    handle(deliver(store.shop, "customers/data_request"))
    assert mails() == []
    assert "no address is known: tell the merchant what is held" in told(app)


def test_an_answer_is_emptied_once_it_is_sent(shop):
    handle(deliver(shop, "customers/data_request"))
    webhooks.sweep()
    [mail] = mails()
    assert mail.payload["body"]
    mail.close()
    webhooks.sweep()
    db.session.refresh(mail)
    assert mail.payload == {}


def test_a_customer_is_erased(app, shop, other_shop):
    keep_import(shop), keep_import(other_shop)
    handle(deliver(shop, "customers/redact"))
    customer = Customer.of(REQUEST)
    assert not any(held(shop.id, customer).counts.values())
    assert held(other_shop.id, customer).counts["import_rows"] == len(JOS)
    assert (reports()[0].outcome, reports()[0].counts) == ("erased", {"import_rows": 4})
    assert "4 import_rows" in told(app)


def test_a_shop_is_erased_after_its_uninstall(app, shop, other_shop):
    keep_import(shop), keep_import(other_shop)
    handle(deliver(shop, "customers/redact"))
    webhooks.end_shop(shop)
    db.session.commit()
    handle(deliver(shop, "shop/redact", {"shop_domain": ALICE}, "w-2"))
    assert Shop.by_domain(ALICE) is None and Shop.by_domain(BOB) is not None
    redacted, erased = reports()
    assert (erased.outcome, erased.counts["shops"]) == ("the shop was erased", 1)
    assert erased.counts["import_rows"] == 6 and redacted.customer == ""
    assert told(app, "--shop", BOB) == "There was no privacy request.\n"
    assert told(app, "--shop", ALICE).count("\n") == 2


def test_a_shop_in_which_the_app_is_installed_again_is_not_erased(store):
    handle(deliver(store.shop, "shop/redact", {}))
    assert Shop.by_domain(ALICE) is not None
    assert reports()[0].outcome == "not erased: the app is installed in the shop"


def test_a_shop_whose_uninstall_was_never_told_is_erased(store):
    over = {"access_token": "over", "refresh_token": "over", "scope": ""}
    store.shop.save_tokens(**over, expires_in=3600, refresh_token_expires_in=7200)
    db.session.commit()
    handle(deliver(store.shop, "shop/redact", {}))
    assert Shop.by_domain(ALICE) is None


def test_a_shop_is_not_erased_because_shopify_refuses_this_server(store):
    """Nobody knows then whether the app is installed: it waits, and is asked about again."""
    store.misbehave(http_403=1)
    with pytest.raises(Barred):
        handle(deliver(store.shop, "shop/redact", {}))
    db.session.rollback()
    assert Shop.by_domain(ALICE) is not None
    assert [kept.id for kept in WebhookDelivery.waiting(9)] == ["w-1"]


def test_what_waits_is_in_the_report(app, shop):
    deliver(shop, "customers/redact")
    assert told(app).split()[2:] == ["customers/redact", ALICE, "waiting"]


def test_what_is_handled_is_not_handled_again(store):
    delivery = deliver(store.shop, "app/scopes_update", {})
    handle(delivery)
    store.shop.scopes = "of_later"
    db.session.commit()
    assert handle(delivery) == []
    db.session.refresh(store.shop)
    assert store.shop.scopes == "of_later"


@pytest.mark.usefixtures("jobs_database")
def test_the_sweep_asks_again_and_forgets(shop, caplog):
    deliver(shop, "shop/redact")
    deliver(shop, "customers/redact", delivery_id="w-2")
    webhooks.sweep()
    kept = db.session.get_one(WebhookDelivery, "w-2")
    kept.received_at = now() - timedelta(days=8)
    db.session.commit()
    webhooks.sweep()
    assert [kept.id for kept in WebhookDelivery.waiting(9)] == ["w-1"]


def test_a_report_is_kept_for_a_year(shop):
    for days, delivery_id in ((364, "new"), (366, "old")):
        PrivacyReport.add(
            delivery_id,
            topic="shop/redact",
            shop_domain=BOB,
            asked_at=now() - timedelta(days=days),
            outcome="erased",
        )
        db.session.get_one(PrivacyReport, delivery_id).done_at = now() - timedelta(days=days)
    db.session.commit()
    webhooks.sweep()
    assert [report.id for report in reports()] == ["new"]


def test_only_subscribed_topics_are_handled():
    assert set(webhooks.COMPLIANCE) < set(webhooks.HANDLED)


@pytest.mark.parametrize("status", [COMPLETED, CANCELED])
def test_a_job_that_is_over_is_not_woken(store, status):
    job = store.export("redirects")
    job.status = status
    db.session.commit()
    said = {"admin_graphql_api_id": job.operations["redirects"]["passes"]["0"]}
    assert handle(deliver(store.shop, "bulk_operations/finish", said)) == []
