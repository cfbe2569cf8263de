"""What came of the privacy requests: ``flask --app app privacy-report``."""

import click
from flask.cli import with_appcontext

from models import db
from models.privacy_report import PrivacyReport
from models.shop import Shop
from models.webhook_delivery import WebhookDelivery
from shops.webhooks import COMPLIANCE

MINUTE = "%Y-%m-%d %H:%M"


@click.command("privacy-report")
@click.option("--shop", help="Of this shop only: <name>.myshopify.com.")
@with_appcontext
def privacy_report(shop: str | None) -> None:
    """Say what was answered to each privacy request of the last year, and what still waits."""
    query = db.select(PrivacyReport).order_by(PrivacyReport.asked_at)
    waiting = (
        db.select(WebhookDelivery, Shop.domain)
        .join(Shop, Shop.id == WebhookDelivery.shop_id)
        .where(WebhookDelivery.handled_at.is_(None), WebhookDelivery.topic.in_(COMPLIANCE))
        .order_by(WebhookDelivery.received_at)
    )
    if shop:
        query = query.where(PrivacyReport.shop_domain == shop)
        waiting = waiting.where(Shop.domain == shop)
    lines = [_line(report) for report in db.session.scalars(query)]
    for delivery, domain in db.session.execute(waiting):
        lines.append(f"{delivery.received_at:{MINUTE}}  {delivery.topic}  {domain}  waiting")
    click.echo("\n".join(lines) or "There was no privacy request.")


def _line(report: PrivacyReport) -> str:
    parts = [f"{report.asked_at:{MINUTE}}", report.topic, report.shop_domain]
    if report.customer:
        parts.append(f"customer {report.customer}")
    counts = ", ".join(f"{count} {name}" for name, count in report.counts.items())
    parts.append(f"{report.done_at:{MINUTE}} {report.outcome}")
    return "  ".join(filter(None, [*parts, counts]))
