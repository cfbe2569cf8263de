"""Handles Shopify's webhooks in a worker: each delivery is one workflow, and a sweep retries those
that were not handled.

https://shopify.dev/docs/apps/build/webhooks and
https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from models import db, now
from models.activity import SYSTEM, record
from models.api_key import ApiKey
from models.erasure import erase_shop
from models.job import UNFINISHED, WORKING, Job, workflow_id
from models.notice import PRIVACY_ANSWER, Notice
from models.notices import FROM_US
from models.privacy_report import PrivacyReport
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery
from queues import SWEPT_AT_ONCE, enqueue_all, missing, tries
from shopify.admin import PATIENCE, ShopifyRefused, ShopifyUnavailable
from shopify.responses import Barred
from shops.access import admin_for, locked
from shops.customer_data import Customer, erase, held
from shops.data_request import answer

UNINSTALLED = "app/uninstalled"
WORKFLOW, QUEUE = "webhook", "webhooks"
HANDLERS = 2
"""How many a worker handles at the same time."""
KEPT, REPORTED = timedelta(days=7), timedelta(days=365)
"""How long a delivery is known, so that it is not handled twice, and how long a report is kept."""
A_PERSON_WAITS = 4.0
"""Seconds that a visit waits for Shopify's word about an uninstall."""
SCOPES = "query GrantedScopes { currentAppInstallation { accessScopes { handle } } }"
OWNER = "query ShopOwner { shop { email } }"
NOTHING, BY_MAIL = "nothing is held", "answered by mail"
NO_ADDRESS = "no address is known: tell the merchant what is held"
ERASED, SHOP_ERASED = "erased", "the shop was erased"
INSTALLED = "not erased: the app is installed in the shop"

log = logging.getLogger(__name__)


def enqueue_delivery(delivery_id: str) -> None:
    """Have a worker handle a delivery that is committed."""
    enqueue_all(WORKFLOW, QUEUE, {f"{WORKFLOW}:{delivery_id}:0": delivery_id})


def handle(delivery_id: str) -> list[str]:
    """Do what a delivery asks, once; return the ids of jobs that wait for what it tells.

    Raises ShopifyUnavailable when Shopify has to be asked and cannot.
    """
    delivery = db.session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.handled_at is not None:
        return []
    shop = db.session.get_one(Shop, delivery.shop_id)
    woken = HANDLED[delivery.topic](delivery, shop) or []
    delivery = db.session.get(WebhookDelivery, delivery_id)
    if delivery is not None:
        delivery.close()
    db.session.commit()
    return woken


def handle_uninstall(shop: Shop) -> None:
    """Decide now about an uninstall that waits: a visit is about to bring a new token, which would
    tell that the app is installed, and nothing of whether it was gone in between."""
    for delivery in WebhookDelivery.of_topic_waiting(shop.id, UNINSTALLED):
        try:
            _uninstalled(delivery, shop, patience=A_PERSON_WAITS)
        except (Barred, ShopifyUnavailable):
            db.session.rollback()
            return
        delivery.close()
        db.session.commit()


def end_shop(shop: Shop) -> None:
    """End the tokens and keys of a shop that has uninstalled the app. Does not commit."""
    shop.uninstall()
    _end_keys(shop, before=now())


def _end_keys(shop: Shop, before: datetime) -> None:
    made_before = (ApiKey.shop_id == shop.id, ApiKey.created_at <= before)
    for key_id, _, name in ApiKey.delete_those(*made_before):
        record(shop.id, "key.uninstalled", actor_kind=SYSTEM, key_id=key_id, subject=name)


def _cancel_jobs(shop: Shop, before: datetime) -> None:
    query = db.select(Job).where(
        Job.shop_id == shop.id, Job.status.in_(UNFINISHED), Job.created_at <= before
    )
    for job in db.session.scalars(query).all():
        job.cancel()


def nothing_held(delivery_id: str, topic: str, domain: str, asked_at: datetime) -> None:
    """Report a privacy request about a shop that is not known here. Does not commit."""
    PrivacyReport.add(
        delivery_id, topic=topic, shop_domain=domain, asked_at=asked_at, outcome=NOTHING
    )


def sweep() -> None:
    """Forget old deliveries and reports; ask again for what was not handled."""
    WebhookDelivery.purge(before=now() - KEPT)
    PrivacyReport.purge(before=now() - REPORTED)
    db.session.commit()
    again = {
        f"{WORKFLOW}:{delivery.id}:{tries(delivery.received_at)}": delivery.id
        for delivery in WebhookDelivery.waiting(SWEPT_AT_ONCE)
    }
    enqueue_all(WORKFLOW, QUEUE, {name: again[name] for name in missing(list(again))})


def _uninstalled(delivery: WebhookDelivery, shop: Shop, patience: float = PATIENCE) -> None:
    """End keys and jobs, once Shopify confirms that the app is gone.

    A message can be late, and come after a new installation, or be an old one that somebody sends
    again: whether the app is installed only Shopify's answer to its token tells. Where it is, and
    Shopify once took the shop's tokens no more until a visit brought others, the message is about
    the installation before that visit, and ends what was made in it. No clock but ours is asked.
    """
    if shop.uninstalled_at is None:
        before = shop.access_token_box
        if _has_app(shop, patience):
            if shop.regained_at is None:
                log.warning("Shopify denies the uninstall %s of %s", delivery.id, shop.domain)
            else:
                _end_keys(shop, before=shop.regained_at)
                _cancel_jobs(shop, before=shop.regained_at)
            return
        shop = locked(shop.id) or shop
        if shop.access_token_box not in (before, None):
            raise ShopifyUnavailable("The shop has a new token: it is asked about that one.")
        if shop.uninstalled_at is None:
            end_shop(shop)
    _cancel_jobs(shop, before=now())


def _scopes_changed(_delivery: WebhookDelivery, shop: Shop) -> None:
    """Read the granted scopes from Shopify; the order in which webhooks come tells nothing."""
    try:
        admin = admin_for(shop.id)
        granted = admin.query(SCOPES)["currentAppInstallation"]["accessScopes"]
    except ShopifyRefused:
        return
    shop.scopes = ",".join(sorted(scope["handle"] for scope in granted))


def _bulk_finished(delivery: WebhookDelivery, shop: Shop) -> list[str]:
    """The runs of jobs that wait for this bulk operation."""
    operation = delivery.payload.get("admin_graphql_api_id")
    query = db.select(Job.id, Job.options, Job.operations, Job.import_state)
    query = query.where(Job.shop_id == shop.id, Job.status.in_(WORKING))
    return [
        workflow_id(job_id, options)
        for job_id, options, operations, state in db.session.execute(query)
        if operation
        and (
            (state.bulk and state.bulk.operation == operation)
            or any(operation in of["passes"].values() for of in operations.values())
        )
    ]


def _data_requested(delivery: WebhookDelivery, shop: Shop) -> None:
    customer = Customer.of(delivery.payload)
    found = held(shop.id, customer)
    recipient = shop.confirmed_email or _owner(shop)
    if recipient:
        mail = answer(customer.number, found, delivery.received_at, shop)
        Notice.add(shop.id, FROM_US, recipient, mail, once=f"{PRIVACY_ANSWER}{delivery.id}")
    else:
        log.error("Privacy request %s: %s", delivery.id, NO_ADDRESS)
    outcome = BY_MAIL if recipient else NO_ADDRESS
    _report(delivery, shop, outcome, found.counts, customer)


def _owner(shop: Shop) -> str | None:
    """The address that Shopify has of the shop's owner, when there is no other."""
    try:
        admin = admin_for(shop.id)
        return admin.query(OWNER)["shop"]["email"] or None
    except ShopifyRefused:
        return None


def _customer_redacted(delivery: WebhookDelivery, shop: Shop) -> None:
    customer = Customer.of(delivery.payload)
    counts = erase(shop.id, customer)
    _report(delivery, shop, ERASED if any(counts.values()) else NOTHING, counts, customer)


def _shop_redacted(delivery: WebhookDelivery, shop: Shop) -> None:
    """Erase the shop, unless Shopify still answers for it: then it was installed again."""
    if shop.uninstalled_at is None and _has_app(shop):
        _report(delivery, shop, INSTALLED, {})
        return
    domain, asked_at = shop.domain, delivery.received_at
    delivery_id, topic, shop_id = delivery.id, delivery.topic, shop.id
    db.session.expunge_all()
    counts = erase_shop(shop_id)
    PrivacyReport.add(
        delivery_id,
        topic=topic,
        shop_domain=domain,
        asked_at=asked_at,
        outcome=SHOP_ERASED,
        counts=counts,
    )
    db.session.execute(
        db.update(PrivacyReport).where(PrivacyReport.shop_domain == domain).values(customer="")
    )


def _has_app(shop: Shop, patience: float = PATIENCE) -> bool:
    """Whether the app is installed in the shop. Raises Barred when that cannot be told."""
    try:
        admin = admin_for(shop.id, patience=patience)
        admin.query(SCOPES)
    except Barred:
        raise
    except ShopifyRefused:
        return False
    return True


def _report(
    delivery: WebhookDelivery,
    shop: Shop,
    outcome: str,
    counts: dict[str, int],
    customer: Customer | None = None,
) -> None:
    PrivacyReport.add(
        delivery.id,
        topic=delivery.topic,
        shop_domain=shop.domain,
        customer=customer.number[:32] if customer else "",
        asked_at=delivery.received_at,
        outcome=outcome,
        counts=counts,
    )


Handler = Callable[[WebhookDelivery, Shop], list[str] | None]
HANDLED: dict[str, Handler] = {
    UNINSTALLED: _uninstalled,
    "app/scopes_update": _scopes_changed,
    "bulk_operations/finish": _bulk_finished,
    "customers/data_request": _data_requested,
    "customers/redact": _customer_redacted,
    "shop/redact": _shop_redacted,
}
"""What is done, by topic: the topics that ``shopify.app.toml`` subscribes to, and no others."""
COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")
