"""Draft orders: made, changed, deleted, completed to orders, and sent to customers as invoices.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/draftOrderCreate
"""

from decimal import Decimal

from standin import payment_terms
from standin.context import Context, now
from standin.mutations import mailing, metafields, order_create, tags
from standin.mutations.order_state import amount, bag, records, rounded
from standin.mutations.orders import EMAIL, contact_errors
from standin.mutations.user_errors import refused, user_error

MOST_LINES = 499
PLAIN = ("email", "phone", "poNumber", "taxExempt", "reserveInventoryUntil", "customAttributes")
MISSING = "Draft order does not exist"
NO_LINES = user_error(["lineItems"], "Add at least 1 product")
TOTALS = (
    *("subtotalPriceSet", "totalDiscountsSet", "totalLineItemsPriceSet", "totalPriceSet"),
    *("totalShippingPriceSet", "totalTaxSet"),
)


def create(context: Context, args: dict) -> dict:
    given = args["input"]
    number = (context.shop.setting("draft_number", 0) or context.shop.count("DraftOrder")) + 1
    if not given.get("lineItems"):
        return refused([NO_LINES], "draftOrder")
    payload = _written(context, _new(context, number, given), given)
    if not payload["userErrors"]:
        context.shop.set_setting("draft_number", number)
    return payload


def calculate(context: Context, args: dict) -> dict:
    """What a draft would come to, of which nothing is kept."""
    if not args["input"].get("lineItems"):
        return refused([NO_LINES], "calculatedDraftOrder")
    payload = _written(context, _new(context, 0, args["input"]), args["input"], keeps=False)
    draft = payload.pop("draftOrder")
    made = draft and {
        name: draft[name]
        for name in (*TOTALS, "currencyCode", "taxesIncluded", "taxLines", "customer")
    }
    return {"calculatedDraftOrder": made, **payload}


def _new(context: Context, number: int, given: dict) -> dict:
    return {
        "__typename": "DraftOrder",
        "id": context.shop.new_id("DraftOrder"),
        "name": f"#D{number}",
        "status": "OPEN",
        "ready": True,
        "currencyCode": given.get("presentmentCurrencyCode") or "USD",
        "tags": [],
        "customAttributes": [],
        "lineItems": [],
        "taxesIncluded": False,
        "taxExempt": False,
        "customer": None,
        "shippingLine": None,
        "appliedDiscount": None,
        "billingAddress": None,
        "shippingAddress": None,
        "metafields": [],
        "totalWeight": "0",
        "invoiceUrl": f"https://{context.shop.domain}/invoices/{number:06d}",
        "invoiceSentAt": None,
        "invoiceEmailTemplateSubject": "Your quote",
        "completedAt": None,
        "createdAt": now(),
    }


def update(context: Context, args: dict) -> dict:
    record = _open(context, args["id"])
    if not record:
        return refused([user_error(["id"], MISSING)], "draftOrder")
    if record["status"] == "COMPLETED":
        text = "Draft order is already completed and cannot be updated."
        return refused([user_error(["id"], text)], "draftOrder")
    return _written(context, record, args["input"])


def _written(context: Context, record: dict, given: dict, *, keeps: bool = True) -> dict:
    errors = contact_errors(given, [])
    record |= {name: given[name] for name in PLAIN if name in given}
    if "note" in given:
        record["note2"] = given["note"] or None
    if "tags" in given:
        record["tags"] = tags.normal(given["tags"] or [])
    made: list[dict] = []
    for name in ("billingAddress", "shippingAddress"):
        if name in given:
            address = mailing.record_of(context, given[name])
            record[name] = address["id"] if address else None
            made += [address] if address else []
    if bought := (given.get("purchasingEntity") or {}).get("purchasingCompany"):
        contact = context.record(bought["companyContactId"])
        place = context.record(bought["companyLocationId"])
        of = bought["companyId"]
        if not contact or not place or {contact["company"], place["company"]} != {of}:
            text = "The contact and the location are not of the company"
            errors.append(user_error(["purchasingEntity", "purchasingCompany"], text))
        else:
            record["customer"] = contact["customer"]
            record["purchasingEntity"] = {
                "__typename": "PurchasingCompany",
                "company": of,
                "location": place["id"],
                "contact": contact["id"],
            }
    if customer := (given.get("purchasingEntity") or {}).get("customerId"):
        found = context.record(customer)
        if not found or found["__typename"] != "Customer":
            errors.append(user_error(["purchasingEntity"], "Customer does not exist"))
        record |= {"customer": customer, "email": record.get("email") or (found or {}).get("email")}
    currency = record["currencyCode"]
    lines = records(context, record["lineItems"])
    if "lineItems" in given:
        wanted = given["lineItems"] or []
        if not 1 <= len(wanted) <= MOST_LINES:
            text = f"A draft order has 1 to {MOST_LINES} lines."
            errors.append(user_error(["lineItems"], text))
        errors += _line_errors(context, wanted)
        lines = [] if errors else [_line(context, one, currency) for one in wanted]
        record["lineItems"] = [one["id"] for one in lines]
    if "paymentTerms" in given:
        terms, problems = payment_terms.made(
            context, record, given["paymentTerms"], ["paymentTerms"]
        )
        errors += problems
        record["paymentTerms"] = terms
    if "shippingLine" in given:
        record["shippingLine"] = _shipping(context, given["shippingLine"], currency)
    errors += metafields.write_into(context, record, given.get("metafields") or [], [])
    if errors:
        return refused(errors, "draftOrder")
    record |= _totals(record, lines, given, currency) | {"updatedAt": now()}
    context.shop.put_many([*made, *lines, record] if keeps else [])
    return {"draftOrder": record, "userErrors": []}


def _line_errors(context: Context, wanted: list[dict]) -> list[dict]:
    errors = []
    for index, one in enumerate(wanted):
        place = ["lineItems", str(index)]
        if one["quantity"] < 1:
            errors.append(user_error([*place, "quantity"], "Quantity must be at least 1"))
        if one.get("variantId") and not context.record(one["variantId"]):
            errors.append(user_error([*place, "variantId"], "Product variant does not exist"))
        if not one.get("variantId") and not (one.get("title") or "").strip():
            errors.append(user_error([*place, "title"], "Title can't be blank"))
        if not one.get("variantId") and not one.get("originalUnitPriceWithCurrency"):
            errors.append(user_error([*place, "originalUnitPrice"], "Price can't be blank"))
    return errors


def _line(context: Context, given: dict, currency: str) -> dict:
    """A line; of a variant title, weight and taxes are the variant's, whatever is given."""
    price = given.get("priceOverride") or given.get("originalUnitPriceWithCurrency")
    of_variant = {name: given.get(name) for name in ("variantId", "quantity")}
    custom = of_variant | {
        "title": given.get("title"),
        "sku": given.get("sku"),
        "taxable": given.get("taxable") is not False,
        "requiresShipping": bool(given.get("requiresShipping")),
        "weight": given.get("weight"),
    }
    chosen = of_variant if given.get("variantId") else custom
    if price:
        chosen["priceSet"] = {"shopMoney": {"amount": price["amount"]}}
    defaults = {"requiresShipping": True, "taxable": True, "giftCard": False}
    record = order_create.line(context, defaults | chosen, currency)
    gid = context.shop.new_id("DraftOrderLineItem")
    record |= {
        "__typename": "DraftOrderLineItem",
        "id": gid,
        "uuid": gid.rpartition("/")[2],
        "custom": not given.get("variantId"),
        "customAttributes": given.get("customAttributes") or [],
    }
    if discount := given.get("appliedDiscount"):
        whole = amount(record["originalTotalSet"])
        off = min(Decimal(str(discount["value"])) * given["quantity"], whole)
        if discount["valueType"] == "PERCENTAGE":
            off = rounded(whole * Decimal(str(discount["value"])) / 100, currency)
        record["totalDiscountSet"] = bag(off, currency)
        record["discountedTotalSet"] = bag(whole - off, currency)
    return record


def _shipping(context: Context, given: dict | None, currency: str) -> dict | None:
    if not given:
        return None
    price = bag(Decimal((given.get("priceWithCurrency") or {}).get("amount") or 0), currency)
    return {
        "__typename": "ShippingLine",
        "id": context.shop.new_id("ShippingLine"),
        "title": given.get("title"),
        "code": None,
        "originalPriceSet": price,
        "discountedPriceSet": price,
        "taxLines": [],
    }


def _totals(record: dict, lines: list[dict], given: dict, currency: str) -> dict:
    whole = sum((amount(one["discountedTotalSet"]) for one in lines), Decimal(0))
    discount = record.get("appliedDiscount")
    if "appliedDiscount" in given:
        wanted = given["appliedDiscount"]
        discount = wanted and {
            "title": wanted.get("title"),
            "description": wanted.get("description"),
            "value": wanted["value"],
            "valueType": wanted["valueType"],
        }
    off = Decimal(0)
    if discount:
        value = Decimal(str(discount["value"]))
        off = min(value, whole)
        if discount["valueType"] == "PERCENTAGE":
            off = rounded(whole * value / 100, currency)
        discount = {**discount, "amountSet": bag(off, currency)}
    shipping = record.get("shippingLine")
    freight = amount(shipping["discountedPriceSet"]) if shipping else Decimal(0)
    return {
        "appliedDiscount": discount,
        "taxLines": [],
        "lineItemsSubtotalPrice": bag(whole, currency),
        "totalLineItemsPriceSet": bag(whole, currency),
        "subtotalPriceSet": bag(whole - off, currency),
        "totalDiscountsSet": bag(off, currency),
        "totalShippingPriceSet": bag(freight, currency),
        "totalTaxSet": bag(Decimal(0), currency),
        "totalPriceSet": bag(whole - off + freight, currency),
    }


def delete(context: Context, args: dict) -> dict:
    record = _open(context, args["input"]["id"])
    if not record:
        return refused([user_error(["id"], MISSING)], "deletedId")
    for gid in (*record["lineItems"], record["id"]):
        context.shop.delete(gid)
    return {"deletedId": record["id"], "userErrors": []}


def complete(context: Context, args: dict) -> dict:
    record = _open(context, args["id"])
    if not record:
        return refused([user_error(["id"], MISSING)], "draftOrder")
    if record["status"] == "COMPLETED":
        text = "This draft order has already been completed"
        return refused([user_error(["id"], text)], "draftOrder")
    lines = [
        {
            "title": one["title"],
            "sku": one["sku"],
            "quantity": one["quantity"],
            "variantId": one["variant"],
            "priceSet": one["originalUnitPriceSet"],
            "requiresShipping": one["requiresShipping"],
            "taxable": one["taxable"],
            "giftCard": False,
        }
        for one in records(context, record["lineItems"])
    ]
    made = order_create.create(
        context,
        {
            "order": {
                "email": record.get("email"),
                "lineItems": lines,
                "tags": record["tags"],
                "taxesIncluded": False,
                "test": False,
                "currency": record["currencyCode"],
                "financialStatus": "PENDING" if args.get("paymentPending") else "PAID",
            },
            "options": {"inventoryBehaviour": "DECREMENT_IGNORING_POLICY"},
        },
    )
    record |= {"status": "COMPLETED", "completedAt": now(), "updatedAt": now()}
    record["order"] = made["order"]["id"]
    return {"draftOrder": context.shop.put(record), "userErrors": []}


def send_invoice(context: Context, args: dict) -> dict:
    record = _open(context, args["id"])
    if not record:
        return refused([user_error(["id"], MISSING)], "draftOrder")
    to = (args.get("email") or {}).get("to") or record.get("email")
    if record["status"] == "COMPLETED" or not to or not EMAIL.fullmatch(to):
        text = "To is invalid" if to else "To can't be blank"
        return refused([user_error(["email", "to"], text)], "draftOrder")
    sent = {"status": "INVOICE_SENT", "invoiceSentAt": now(), "updatedAt": now()}
    return {"draftOrder": context.shop.put(record | sent), "userErrors": []}


def _open(context: Context, gid: str) -> dict | None:
    record = context.record(gid)
    return dict(record) if record and record["__typename"] == "DraftOrder" else None


MUTATIONS = {
    "draftOrderCalculate": calculate,
    "draftOrderCreate": create,
    "draftOrderUpdate": update,
    "draftOrderDelete": delete,
    "draftOrderComplete": complete,
    "draftOrderInvoiceSend": send_invoice,
}
