"""The mail that tells a merchant what is held about a customer who asked."""

from datetime import datetime

from models.shop import Shop
from shops.customer_data import Held, Row

LISTED = 200
"""How many rows, and texts of one kind, a mail names; more are counted."""
PLACES = {
    "activities": "In the activity (erased after 180 days)",
    "api_keys": "In what API keys are called and allow",
    "jobs": "In filters and messages of exports and imports (erased after 30 days)",
    "notices": "In mail to you (erased after 90 days)",
}
NOTHING = "Altera holds nothing about this customer."


def answer(number: str, found: Held, asked_at: datetime, shop: Shop) -> dict[str, str]:
    """Subject and body of the mail; paragraphs are apart by an empty line."""
    store, day = shop.name or shop.domain, asked_at.astimezone(shop.zone)
    who = f"customer {number}" if number else "a customer"
    paragraphs = [
        f"Shopify passed on to us on {day.day} {day:%B %Y} that {who} of {store} asks what is "
        "held about them. It is for you to answer the customer. Altera keeps no exports; this is "
        "all that it holds:",
        *_rows(found.rows),
        *(part for table, texts in found.texts.items() for part in _texts(table, texts)),
    ]
    if not any(found.counts.values()):
        paragraphs[1:] = [NOTHING]
    paragraphs.append("Shopify tells us when the customer is to be erased; then all of this is.")
    subject = f"What Altera holds about {who} of {store}"
    return {"subject": subject, "body": "\n\n".join(paragraphs)}


def _rows(rows: list[Row]) -> list[str]:
    lines = [
        f"Import {row.job_id}, row {row.number}: "
        + "; ".join(f"{name}: {cell}" for name, cell in row.cells.items())
        for row in rows[:LISTED]
    ]
    head = ["Rows of imported files (erased 30 days after the import):"] if rows else []
    return head + lines + _more(len(rows))


def _texts(table: str, texts: list[str]) -> list[str]:
    if not texts:
        return []
    return [f"{PLACES.get(table, table)}:", *texts[:LISTED], *_more(len(texts))]


def _more(count: int) -> list[str]:
    return [f"And {count - LISTED:,} more of these."] if count > LISTED else []
