"""orderCreate: an order as another system has it, which charges nobody.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderCreate
"""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from standin import misbehave
from standin.context import Context, now
from standin.mutations import fulfillments, mailing, metafields, stock_of_orders, tags
from standin.mutations.order_state import (
    bag,
    records,
    rounded,
    to_be_sent,
    with_payments,
)
from standin.mutations.orders import contact_errors
from standin.mutations.user_errors import refused, user_error

PLAIN = (
    *("email", "phone", "note", "poNumber", "sourceIdentifier", "closedAt"),
    *("referringSite", "userId"),
)
FIRST_NUMBER = 1001
MINUTE, MOST_A_MINUTE = 60, 5


def create(context: Context, args: dict) -> dict:
    given, options = args["order"], args.get("options") or {}
    if misbehave.take(context.shop, "order_limit") or _is_too_fast(context):
        return refused([user_error(None, "Too many attempts. Please try again later.")], "order")
    if errors := _errors(context, given, options):
        return refused(errors, "order")
    currency = given.get("currency") or "USD"
    number = _next_number(context)
    order: dict = {
        "__typename": "Order",
        "id": context.shop.new_id("Order"),
        "name": given.get("name") or f"#{number}",
        "number": number,
        "confirmed": True,
        **{name: given.get(name) or None for name in PLAIN},
        "sourceName": given.get("sourceName") or "altera",
        "registeredSourceUrl": given.get("sourceUrl"),
        "tags": tags.normal(given.get("tags") or []),
        "customAttributes": given.get("customAttributes") or [],
        "currencyCode": currency,
        "presentmentCurrencyCode": given.get("presentmentCurrency") or currency,
        "closed": bool(given.get("closedAt")),
        "cancelledAt": None,
        "cancelReason": None,
        "returnStatus": "NO_RETURN",
        "taxesIncluded": given["taxesIncluded"],
        "taxExempt": False,
        "test": given["test"],
        "fulfillments": [],
        "refunds": [],
        "risk": {"assessments": [], "recommendation": "NONE"},
        "statusPageUrl": f"https://{context.shop.domain}/orders/{number}/authenticate",
        "requiresShipping": True,
        "totalWeight": "0",
        "billingAddressMatchesShippingAddress": False,
        "processedAt": _not_to_come(given.get("processedAt")),
        "createdAt": now(),
        "updatedAt": now(),
    }
    if place := given.get("companyLocationId"):
        location = context.existing(place)
        bought = {"company": location["company"], "location": place, "contact": None}
        order["purchasingEntity"] = {"__typename": "PurchasingCompany", **bought}
    made = _addresses(context, order, given)
    order["customer"] = _customer(context, given, made)
    items = [line(context, one, currency) for one in given["lineItems"]]
    order["lineItems"] = [item["id"] for item in items]
    order |= _shipping(context, given, currency)
    order |= _totals(order, given, items, currency)
    order["totalPriceSet"] = _presented(order, given)
    transactions = [_transaction(context, order, one) for one in given.get("transactions") or ()]
    problems = metafields.write_into(context, order, given.get("metafields") or [], ["order"])
    if problems:
        return refused(problems, "order")
    if options.get("inventoryBehaviour", "BYPASS") != "BYPASS":
        stock_of_orders.move(context, items, -1)
    place = next((one for one in context.shop.page("Location", 1)), None)
    open_order = to_be_sent(context, order, items, place["id"] if place else None)
    if misbehave.take(context.shop, "preorders"):
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        open_order |= {"status": "SCHEDULED", "fulfillAt": tomorrow.isoformat(timespec="seconds")}
    order["fulfillmentOrders"] = [open_order["id"]] if open_order["lineItems"] else []
    order["displayFulfillmentStatus"] = "UNFULFILLED"
    context.shop.put_many([*made, *items, *transactions, open_order, order])
    context.forget()
    order = with_payments(context, order, transactions)
    if given.get("financialStatus") and not transactions:
        order |= _status_alone(order, given["financialStatus"])
    context.shop.put(order)
    if given.get("fulfillment"):
        _fulfilled(context, order, items, open_order, given["fulfillment"])
    context.forget()
    return {"order": context.existing(order["id"]), "userErrors": []}


def _is_too_fast(context: Context) -> bool:
    """Whether a development store has had its five new orders of the minute."""
    if not misbehave.take(context.shop, "development"):
        return False
    begun = time.time() - MINUTE
    made = [one for one in context.shop.setting("orders_made", []) if one > begun]
    if len(made) < MOST_A_MINUTE:
        context.shop.set_setting("orders_made", [*made, time.time()])
    return len(made) >= MOST_A_MINUTE


def _not_to_come(moment: str | None) -> str:
    """A moment that is past; now in the place of one that is to come, as Shopify has it."""
    later = moment and datetime.fromisoformat(moment) > datetime.now(UTC)
    return now() if later or not moment else moment


def _errors(context: Context, given: dict, options: dict) -> list[dict]:
    errors = contact_errors(given, ["order"])
    lines = given.get("lineItems") or []
    if not lines:
        text = "Line items must have at least one line item"
        errors.append(user_error(["order", "lineItems"], text, "INVALID"))
    if given.get("customerId") and given.get("customer"):
        text = "Only one of customerId and customer can be given."
        errors.append(user_error(["order", "customer"], text, "REDUNDANT_CUSTOMER_FIELDS"))
    place_of = given.get("companyLocationId")
    found = context.record(place_of) if place_of else None
    if place_of and (not found or found["__typename"] != "CompanyLocation"):
        text = "Company location does not exist"
        errors.append(user_error(["order", "companyLocationId"], text, "INVALID"))
    for index, one in enumerate(lines):
        place = ["order", "lineItems", str(index)]
        if one["quantity"] <= 0:
            text = "Quantity must be greater than 0"
            errors.append(user_error([*place, "quantity"], text, "INVALID"))
        if one.get("variantId") and not context.record(one["variantId"]):
            errors.append(user_error([*place, "variantId"], "Variant does not exist", "INVALID"))
        if not one.get("variantId") and not (one.get("title") or "").strip():
            errors.append(user_error([*place, "title"], "Title can't be blank", "INVALID"))
        if not one.get("variantId") and not one.get("priceSet"):
            errors.append(user_error([*place, "priceSet"], "Price can't be blank", "INVALID"))
        if one.get("fulfillmentService"):
            text = "Fulfillment service is not valid"
            code = "FULFILLMENT_SERVICE_INVALID"
            errors.append(user_error([*place, "fulfillmentService"], text, code))
        if one.get("taxLines") and given.get("taxLines"):
            text = "Tax lines are of the order or of its line items, not of both."
            errors.append(user_error([*place, "taxLines"], text, "INVALID"))
        if options.get("inventoryBehaviour", "BYPASS") == "DECREMENT_OBEYING_POLICY":
            left = stock_of_orders.available(context, {"variant": one.get("variantId")})
            if left is not None and left < one["quantity"]:
                text = "Unable to claim inventory."
                errors.append(user_error([*place], text, "INVENTORY_CLAIM_FAILED"))
    for name in ("billingAddress", "shippingAddress"):
        address = given.get(name) or {}
        if any(address.values()) and not (address.get("countryCode") or address.get("country")):
            errors.append(user_error(["order", name], "Country can't be blank", "INVALID"))
    for index, one in enumerate(given.get("shippingLines") or ()):
        if Decimal(one["priceSet"]["shopMoney"]["amount"]) < 0:
            field = ["order", "shippingLines", str(index), "priceSet"]
            errors.append(user_error(field, "Price must be 0 or more", "INVALID"))
    return errors


def _next_number(context: Context) -> int:
    """Shopify's own counter, which the names that are given do not move."""
    last = context.shop.setting("order_number", 0) or max(
        (one["number"] for one in context.shop.iterate("Order")), default=FIRST_NUMBER - 1
    )
    context.shop.set_setting("order_number", last + 1)
    return int(last) + 1


def _addresses(context: Context, order: dict, given: dict) -> list[dict]:
    made = []
    for name in ("billingAddress", "shippingAddress"):
        address = mailing.record_of(context, given.get(name))
        order[name] = address["id"] if address else None
        made += [address] if address else []
    return made


def _customer(context: Context, given: dict, made: list[dict]) -> str | None:
    """The customer's id: one that is there, or one that is made."""
    wanted = given.get("customer") or {}
    if associate := wanted.get("toAssociate"):
        return str(associate["id"])
    upsert = wanted.get("toUpsert")
    if not upsert:
        return None
    email = upsert.get("email")
    for one in context.shop.iterate("Customer"):
        if email and (one.get("email") or "").casefold() == email.casefold():
            return str(one["id"])
    names = (upsert.get("firstName"), upsert.get("lastName"))
    record = {
        "__typename": "Customer",
        "id": context.shop.new_id("Customer"),
        "email": email,
        "phone": upsert.get("phone"),
        "firstName": names[0],
        "lastName": names[1],
        "displayName": " ".join(filter(None, names)) or email,
        "note": upsert.get("note"),
        "tags": tags.normal(upsert.get("tags") or []),
        "taxExempt": bool(upsert.get("taxExempt")),
        "state": "DISABLED",
        "emailMarketingConsent": _consent(given, email),
        "addresses": [],
        "addressesV2": [],
        "defaultAddress": None,
        "orders": [],
        "numberOfOrders": "1",
        "amountSpent": {"amount": "0.00", "currencyCode": "USD"},
        "metafields": [],
        "createdAt": now(),
        "updatedAt": now(),
    }
    made.append(record)
    return str(record["id"])


def _consent(given: dict, email: str | None) -> dict | None:
    """What a customer who comes with an order agrees to receive."""
    if not email:
        return None
    agreed = bool(given.get("buyerAcceptsMarketing"))
    return {
        "marketingState": "SUBSCRIBED" if agreed else "NOT_SUBSCRIBED",
        "marketingOptInLevel": "SINGLE_OPT_IN",
        "consentUpdatedAt": now() if agreed else None,
    }


def line(context: Context, given: dict, currency: str) -> dict:
    variant = context.record(given["variantId"]) if given.get("variantId") else None
    of = variant["product"] if variant else given.get("productId")
    product = context.record(of) if of else None
    title = given.get("title") or (product["title"] if product else "")
    variant_title = given.get("variantTitle")
    if variant and product and not variant_title:
        variant_title = None if product.get("hasOnlyDefaultVariant") else variant["title"]
    own_price = {"shopMoney": {"amount": variant["price"]}} if variant else {}
    price = _amount(given.get("priceSet") or own_price)
    quantity = given["quantity"]
    total = bag(price * quantity, currency)
    weight = given.get("weight")
    return {
        "__typename": "LineItem",
        "id": context.shop.new_id("LineItem"),
        "title": title,
        "name": f"{title} - {variant_title}" if variant_title else title,
        "variantTitle": variant_title,
        "sku": given.get("sku") or (variant["sku"] if variant else None),
        "vendor": given.get("vendor") or (product["vendor"] if product else None),
        "quantity": quantity,
        "currentQuantity": quantity,
        "refundableQuantity": quantity,
        "unfulfilledQuantity": quantity if given["requiresShipping"] else 0,
        "nonFulfillableQuantity": 0,
        "product": product["id"] if product else None,
        "variant": variant["id"] if variant else None,
        "originalUnitPriceSet": bag(price, currency),
        "originalTotalSet": total,
        "discountedTotalSet": total,
        "totalDiscountSet": bag(Decimal(0), currency),
        "discountAllocations": [],
        "requiresShipping": given["requiresShipping"],
        "isGiftCard": given["giftCard"],
        "taxable": given["taxable"],
        "taxLines": [_tax(one, currency) for one in given.get("taxLines") or ()],
        "customAttributes": [
            {"key": one["name"], "value": one["value"]} for one in given.get("properties") or ()
        ],
        "weight": weight,
        "merchantEditable": True,
        "restockable": True,
    }


def _tax(given: dict, currency: str) -> dict:
    return {
        "title": given["title"],
        "rate": float(given["rate"]),
        "ratePercentage": float(given["rate"]) * 100,
        "priceSet": bag(
            _amount(given["priceSet"]) if given.get("priceSet") else Decimal(0), currency
        ),
        "channelLiable": given["channelLiable"],
    }


def _shipping(context: Context, given: dict, currency: str) -> dict:
    lines = [
        {
            "__typename": "ShippingLine",
            "id": context.shop.new_id("ShippingLine"),
            "title": one["title"],
            "code": one.get("code") or one["title"],
            "source": one.get("source"),
            "custom": True,
            "isRemoved": False,
            "originalPriceSet": bag(_amount(one["priceSet"]), currency),
            "discountedPriceSet": bag(_amount(one["priceSet"]), currency),
            "currentDiscountedPriceSet": bag(_amount(one["priceSet"]), currency),
            "taxLines": [_tax(tax, currency) for tax in one.get("taxLines") or ()],
            "discountAllocations": [],
        }
        for one in given.get("shippingLines") or ()
    ]
    return {"shippingLine": lines[0] if lines else None, "shippingLines": lines}


def _totals(order: dict, given: dict, items: list[dict], currency: str) -> dict:
    """What it comes to; the discount is spread over the lines."""
    lines = sum((_amount(one["originalTotalSet"]) for one in items), Decimal(0))
    shipping = sum((_amount(s["originalPriceSet"]) for s in order["shippingLines"]), Decimal(0))
    off, applications = _discount(given.get("discountCode"), lines, shipping, currency)
    _spread(items, off, lines, currency)
    own = [_tax(one, currency) for one in given.get("taxLines") or ()]
    of_lines = [tax for one in (*items, *order["shippingLines"]) for tax in one["taxLines"]]
    taxes = own or _summed(of_lines, currency)
    tax = sum((_amount(one["priceSet"]) for one in taxes), Decimal(0))
    total = lines - off + shipping + (Decimal(0) if given["taxesIncluded"] else tax)
    codes = [one["code"] for one in applications]
    return {
        "taxLines": taxes,
        "currentTaxLines": taxes,
        "discountApplications": applications,
        "discountCode": codes[0] if codes else None,
        "discountCodes": codes,
        "subtotalPriceSet": bag(lines - off, currency),
        "currentSubtotalPriceSet": bag(lines - off, currency),
        "totalDiscountsSet": bag(off, currency),
        "currentTotalDiscountsSet": bag(off, currency),
        "totalTaxSet": bag(tax, currency),
        "currentTotalTaxSet": bag(tax, currency),
        "totalShippingPriceSet": bag(shipping, currency),
        "currentShippingPriceSet": bag(shipping, currency),
        "totalPriceSet": bag(total, currency),
        "originalTotalPriceSet": bag(total, currency),
        "totalCapturableSet": bag(Decimal(0), currency),
        "totalTipReceivedSet": bag(Decimal(0), currency),
        "subtotalLineItemsQuantity": sum(one["quantity"] for one in items),
    }


def _discount(
    given: dict | None, lines: Decimal, shipping: Decimal, currency: str
) -> tuple[Decimal, list[dict]]:
    if not given:
        return Decimal(0), []
    if fixed := given.get("itemFixedDiscountCode"):
        off = min(_amount(fixed["amountSet"]), lines)
        value: dict = {"__typename": "MoneyV2", "amount": f"{off:.2f}", "currencyCode": currency}
        return off, [_application(fixed["code"], value)]
    if share := given.get("itemPercentageDiscountCode"):
        percentage = Decimal(str(share["percentage"]))
        off = rounded(lines * percentage / 100, currency)
        value = {"__typename": "PricingPercentageValue", "percentage": float(percentage)}
        return off, [_application(share["code"], value)]
    return Decimal(0), []


def _application(code: str, value: dict) -> dict:
    return {
        "__typename": "DiscountCodeApplication",
        "code": code,
        "index": 0,
        "allocationMethod": "ACROSS",
        "targetSelection": "ALL",
        "targetType": "LINE_ITEM",
        "value": value,
    }


def _spread(items: list[dict], off: Decimal, lines: Decimal, currency: str) -> None:
    left = off
    for place, one in enumerate(items):
        whole = _amount(one["originalTotalSet"])
        share = left if place == len(items) - 1 else Decimal(0)
        if lines and place < len(items) - 1:
            share = rounded(off * whole / lines, currency)
        left -= share
        if share:
            one["discountAllocations"] = [{"allocatedAmountSet": bag(share, currency)}]


def _summed(taxes: list[dict], currency: str) -> list[dict]:
    """The taxes of lines, one for each title and rate."""
    found: dict[tuple, dict] = {}
    for one in taxes:
        key = (one["title"], one["rate"])
        before = _amount(found[key]["priceSet"]) if key in found else Decimal(0)
        found[key] = one | {"priceSet": bag(before + _amount(one["priceSet"]), currency)}
    return list(found.values())


def _transaction(context: Context, order: dict, given: dict) -> dict:
    gateway = given.get("gateway") or "manual"
    amounts = given["amountSet"]
    return {
        "__typename": "OrderTransaction",
        "id": context.shop.new_id("OrderTransaction"),
        "order": order["id"],
        "kind": given["kind"],
        "status": given["status"],
        "gateway": gateway,
        "formattedGateway": gateway,
        "amountSet": {
            "shopMoney": amounts["shopMoney"],
            "presentmentMoney": amounts.get("presentmentMoney") or amounts["shopMoney"],
        },
        "authorizationCode": given.get("authorizationCode"),
        "test": given["test"],
        "fees": [],
        "createdAt": now(),
        "processedAt": given.get("processedAt") or order["processedAt"],
    }


def _presented(order: dict, given: dict) -> dict:
    """The total with what it is in the currency of the customer, by the price of the first line."""
    total, price = order["totalPriceSet"], given["lineItems"][0]["priceSet"]
    code = order["presentmentCurrencyCode"]
    if code == order["currencyCode"]:
        return total
    paid = price.get("presentmentMoney") or price["shopMoney"]
    share = Decimal(paid["amount"]) / (_amount(price) or 1)
    money = {"amount": f"{_amount(total) * share:.2f}", "currencyCode": code}
    return total | {"presentmentMoney": money}


def _status_alone(order: dict, status: str) -> dict:
    """A status that no transaction stands for."""
    due = status in ("PENDING", "AUTHORIZED", "PARTIALLY_PAID", "EXPIRED")
    total = order["totalPriceSet"]
    return {
        "displayFinancialStatus": status,
        "totalOutstandingSet": total if due else bag(Decimal(0), order["currencyCode"]),
        "fullyPaid": not due,
        "unpaid": due,
    }


def _fulfilled(
    context: Context, order: dict, items: list[dict], open_order: dict, given: dict
) -> None:
    sent = {one["id"]: one["quantity"] for one in items if one["unfulfilledQuantity"]}
    numbers = given.get("trackingNumbers") or [given.get("trackingNumber")]
    info = {"company": given.get("trackingCompany"), "numbers": list(filter(None, numbers))}
    record = fulfillments.fulfillment_of(context, order, sent, given["locationId"], info)
    if given.get("shipmentStatus"):
        record["displayStatus"] = given["shipmentStatus"]
    lines = [line | {"remainingQuantity": 0} for line in open_order["lineItems"]]
    closed = {"lineItems": lines, "fulfillments": [record["id"]], "status": "CLOSED"}
    context.shop.put(open_order | closed)
    fulfillments.attached(context, dict(order), record, sent)
    records(context, order["lineItems"])


def _amount(given: dict) -> Decimal:
    return Decimal(given["shopMoney"]["amount"])


MUTATIONS = {"orderCreate": create}
