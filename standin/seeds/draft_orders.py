"""Draft orders: quotes that are open, sent or completed."""

from collections.abc import Iterator

from standin.search_fields import SEARCH_VALUES
from standin.seeds import lines, order_extras
from standin.seeds.base import CURRENCY, Seeder, bag, timestamp
from standin.seeds.customers import mailing_address

STATUSES = ("OPEN", "INVOICE_SENT", "OPEN", "COMPLETED")
EVERY, AT, CUSTOM = 4, 3, 2  # of each EVERY drafts one has all of it, one a line of no product
LOOK_AT = 100  # customers and products that drafts refer to


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    customers = seeder.shop.page("Customer", LOOK_AT)
    products = [p for p in seeder.shop.page("Product", LOOK_AT) if p["status"] == "ACTIVE"]
    company, order = (next(iter(seeder.shop.page(kind, 1)), None) for kind in ("Company", "Order"))
    for i in range(first, first + how_many):
        customer = customers[i * 7 % len(customers)] if customers else None
        yield from _draft(seeder, customer, company, order, lines.pick(seeder, products, i), i)


def _draft(seeder: Seeder, customer, company, order, picked: list[lines.Line], i: int):
    items = [
        {
            "__typename": "DraftOrderLineItem",
            "id": (gid := seeder.id("DraftOrderLineItem")),
            "uuid": gid.rpartition("/")[2],
            "custom": False,
            **lines.fields(line),
        }
        for line in picked
    ]
    subtotal = sum(line.total for line in picked)
    taxes = sum(lines.taxed(line) for line in picked)
    total = subtotal + taxes + lines.SHIPPING
    status = STATUSES[i % len(STATUSES)]
    names = (customer["firstName"], customer["lastName"]) if customer else ("Gus", "Guest")
    address = mailing_address(seeder, i, *names)
    gid = seeder.id("DraftOrder")
    extra = {}
    if i % EVERY == AT:
        extra = order_extras.of_draft(seeder, i, company)
        address |= {"company": "Żółw & Søn", "address2": "3º izq.", "phone": "+4722334455"}
        for item in items:
            item |= order_extras.of_line(i)
        if status == "COMPLETED" and order:
            extra["order"] = order["id"]
    if items and i % EVERY == CUSTOM:  # a line that was typed in, of no product
        of_product = ("product", "variant", "variantTitle", "vendor")
        items[0] |= dict.fromkeys(of_product) | {"custom": True, "name": items[0]["title"]}
    yield address
    yield from items
    yield {
        "__typename": "DraftOrder",
        "id": gid,
        "name": f"#D{i + 1}",
        SEARCH_VALUES: {"source": ["pos" if i % 3 == 1 else "web"]},
        "status": status,
        "ready": True,
        "email": customer["email"] if customer else None,
        "phone": None,
        "customer": customer["id"] if customer else None,
        "note2": "Quote holds until the first snow." if i % 2 == 0 else None,
        "tags": ["quote"] if i % 3 == 0 else [],
        "poNumber": None,
        "customAttributes": [],
        "currencyCode": CURRENCY,
        "presentmentCurrencyCode": CURRENCY,
        "billingAddress": address["id"],
        "shippingAddress": address["id"],
        "billingAddressMatchesShippingAddress": True,
        "lineItems": [item["id"] for item in items],
        "totalQuantityOfLineItems": sum(line.quantity for line in picked),
        "shippingLine": lines.shipping_line(seeder),
        "taxLines": [lines.tax_line(taxes)],
        "taxesIncluded": False,
        "taxExempt": False,
        "lineItemsSubtotalPrice": bag(subtotal),
        "subtotalPriceSet": bag(subtotal),
        "totalLineItemsPriceSet": bag(subtotal),
        "totalDiscountsSet": bag(0),
        "totalShippingPriceSet": bag(lines.SHIPPING),
        "totalTaxSet": bag(taxes),
        "totalPriceSet": bag(total),
        "totalWeight": "900",
        "discountCodes": [],
        "warnings": [],
        "invoiceUrl": f"https://{seeder.shop.domain}/invoices/{i + 1:06d}",
        "invoiceSentAt": timestamp(i, days=1) if status == "INVOICE_SENT" else None,
        "invoiceEmailTemplateSubject": "Your quote",
        "completedAt": timestamp(i, days=2) if status == "COMPLETED" else None,
        "visibleToCustomer": True,
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i, days=2),
        **extra,
    }
