"""Orders of the seeded customers, with payments, fulfilments and some refunds."""

from collections.abc import Iterator

from standin.seeds import lines, order_extras
from standin.seeds.base import CURRENCY, Seeder, amount, bag, money, timestamp
from standin.seeds.customers import mailing_address

LOOK_AT = 250  # customers and products that orders refer to
FIRST_NUMBER = 1001


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    customers = seeder.shop.page("Customer", LOOK_AT)
    products = [p for p in seeder.shop.page("Product", LOOK_AT) if p["status"] == "ACTIVE"]
    company = next(iter(seeder.shop.page("Company", 1)), None)
    for i in range(first, first + how_many):
        customer = customers[i * 3 % len(customers)] if customers else None
        yield from _order(seeder, customer, company, lines.pick(seeder, products, i), i)
    yield from customers


def _order(seeder: Seeder, customer, company, picked: list[lines.Line], i: int):
    extra = order_extras.has_all(i)
    gid = seeder.id("Order")
    subtotal = sum(line.total for line in picked)
    off = subtotal // 10 if i % 4 == 2 else 0
    shares = lines.shares(picked, off)
    items = [_line_item(seeder, *one, i) for one in zip(picked, shares, strict=True)]
    taxes = sum(lines.taxed(*one) for one in zip(picked, shares, strict=True))
    total = subtotal - off + taxes + lines.SHIPPING
    refunded = picked[0].cents if picked and (i % 9 == 5 or extra) else 0
    paid, shipped, cancelled = i % 6 != 3, i % 3 != 2, i % 10 == 9
    email = customer["email"] if customer else f"guest{i}@example.com"
    names = (customer["firstName"], customer["lastName"]) if customer else ("Gus", "Guest")
    addresses = [mailing_address(seeder, i + n, *names) for n in range(2)]
    discounts = _discounts(off)
    shipping = lines.shipping_line(seeder)
    payment = _payment(seeder, gid, total, paid, i)
    payments = [payment]
    number = FIRST_NUMBER + i
    shipped = shipped or extra
    fulfillments = [_fulfillment(seeder, gid, items, f"#{number}.1", i)] if shipped else []
    refunds = [_refund(seeder, gid, items[0], refunded, i)] if refunded else []
    places = seeder.shop.page("Location", 1)
    back = _back_on_the_shelf(paid, cancelled, i)
    if back and not refunds and picked:
        refunds = [_put_back(_refund(seeder, gid, items[0], picked[0].cents, i), **back)]
    if extra:
        payments += order_extras.payments(seeder, payment, i)
        discounts += order_extras.discounts()
        shipping |= order_extras.of_shipping(i)
        addresses[0] |= {"company": "Żółw & Søn", "address2": "3º izq.", "phone": "+4722334455"}
        addresses[1] |= addresses[0] | {"id": addresses[1]["id"]}
        for item in items:
            item |= order_extras.of_order_line(i)
        for sent in fulfillments:
            sent |= {"location": places[0]["id"]}
        for refund in refunds:
            refund |= order_extras.of_refund(seeder, shipping)
            refund["refundLineItems"][0] |= {"location": places[0]["id"], "restocked": True}
    yield from (*addresses, *items, *payments, *fulfillments, *refunds)
    to_send = None
    if fulfillments:
        yield order_extras.fulfillment_order(seeder, gid, fulfillments)
    elif items and not cancelled and places:
        to_send = order_extras.to_be_sent(seeder, gid, f"#{number}", items, places[0])
        yield to_send
    order = {
        "__typename": "Order",
        "id": gid,
        "name": f"#{number}",
        "number": number,
        "confirmationNumber": f"NF{number:07d}",
        "confirmed": True,
        "email": email,
        "phone": customer["phone"] if customer else None,
        "customer": customer["id"] if customer else None,
        "customerLocale": "en",
        "note": "Leave it with the neighbour, please." if i % 5 == 1 else None,
        "tags": ["gift", "phone order"] if i % 8 == 0 else [],
        "poNumber": f"PO-{i:05d}" if i % 7 == 0 else None,
        "customAttributes": [{"key": "Gift note", "value": "For Jo"}] if i % 8 == 0 else [],
        "currencyCode": CURRENCY,
        "presentmentCurrencyCode": CURRENCY,
        "sourceName": "web",
        "displayFinancialStatus": _financial(paid, refunded, cancelled),
        "displayFulfillmentStatus": "FULFILLED" if shipped else "UNFULFILLED",
        "returnStatus": "NO_RETURN",
        "fullyPaid": paid,
        "unpaid": not paid,
        "cancelledAt": timestamp(i, days=1) if cancelled else None,
        "cancelReason": "CUSTOMER" if cancelled else None,
        "closed": shipped and paid,
        "closedAt": timestamp(i, days=6) if shipped and paid else None,
        "billingAddress": addresses[0]["id"],
        "shippingAddress": addresses[1]["id"],
        "billingAddressMatchesShippingAddress": False,
        "lineItems": [item["id"] for item in items],
        "subtotalLineItemsQuantity": sum(line.quantity for line in picked),
        "currentSubtotalLineItemsQuantity": sum(line.quantity for line in picked),
        "shippingLine": shipping,
        "shippingLines": [shipping],
        "discountApplications": discounts,
        "discountCode": "WINTER10" if off else None,
        "discountCodes": ["WINTER10"] if off else [],
        "taxLines": [lines.tax_line(taxes)],
        "currentTaxLines": [lines.tax_line(taxes)],
        "taxesIncluded": False,
        "taxExempt": False,
        "subtotalPriceSet": bag(subtotal - off),
        "currentSubtotalPriceSet": bag(subtotal - off - refunded),
        "totalDiscountsSet": bag(off),
        "currentTotalDiscountsSet": bag(off),
        "totalTaxSet": bag(taxes),
        "currentTotalTaxSet": bag(taxes),
        "totalShippingPriceSet": bag(lines.SHIPPING),
        "currentShippingPriceSet": bag(lines.SHIPPING),
        "totalPriceSet": bag(total),
        "originalTotalPriceSet": bag(total),
        "currentTotalPriceSet": bag(total - refunded),
        "totalReceivedSet": bag(total if paid else 0),
        "netPaymentSet": bag(total - refunded if paid else 0),
        "totalOutstandingSet": bag(0 if paid else total),
        "totalRefundedSet": bag(refunded),
        "totalCapturableSet": bag(0),
        "totalTipReceivedSet": bag(0),
        "totalWeight": "1200",
        "paymentGatewayNames": ["shopify_payments"],
        "transactions": [payment["id"] for payment in payments],
        "fulfillments": [fulfillment["id"] for fulfillment in fulfillments],
        "fulfillmentOrders": [to_send["id"]] if to_send else [],
        "refunds": [refund["id"] for refund in refunds],
        "risk": {"assessments": [], "recommendation": "ACCEPT"},
        "statusPageUrl": f"https://{seeder.shop.domain}/orders/{number}/authenticate",
        "requiresShipping": True,
        "test": i % 7 == 6,
        "processedAt": timestamp(i),
        "createdAt": timestamp(i),
        "updatedAt": timestamp(i, days=6),
    }
    yield order | (order_extras.of_order(seeder, i, company) if extra else {})
    if customer:
        customer["orders"].append(gid)
        customer["lastOrder"] = gid
        customer["numberOfOrders"] = str(len(customer["orders"]))
        spent = round(float(customer["amountSpent"]["amount"]) * 100)
        customer["amountSpent"] = money(spent + total - refunded)


def _financial(paid: bool, refunded: int, cancelled: bool) -> str:
    if not paid:
        return "VOIDED" if cancelled else "PENDING"
    return "PARTIALLY_REFUNDED" if refunded else "PAID"


def _line_item(seeder: Seeder, line: lines.Line, off: int, i: int) -> dict:
    open_quantity = line.quantity if i % 3 == 2 else 0
    return {
        "__typename": "LineItem",
        "id": seeder.id("LineItem"),
        **lines.fields(line, off),
        "currentQuantity": line.quantity,
        "refundableQuantity": line.quantity,
        "unfulfilledQuantity": open_quantity,
        "nonFulfillableQuantity": 0,
        "discountedUnitPriceSet": bag(line.cents),
        "discountedUnitPriceAfterAllDiscountsSet": bag(line.cents),
        "discountAllocations": [
            {"allocatedAmountSet": bag(off), "discountApplication": one} for one in _discounts(off)
        ],
        "merchantEditable": True,
        "restockable": True,
    }


def _discounts(off: int) -> list[dict]:
    if not off:
        return []
    return [
        {
            "__typename": "DiscountCodeApplication",
            "code": "WINTER10",
            "index": 0,
            "allocationMethod": "ACROSS",
            "targetSelection": "ALL",
            "targetType": "LINE_ITEM",
            "value": {"__typename": "PricingPercentageValue", "percentage": 10.0},
        }
    ]


def _payment(seeder: Seeder, order: str, total: int, paid: bool, i: int) -> dict:
    return {
        "__typename": "OrderTransaction",
        "id": seeder.id("OrderTransaction"),
        "order": order,
        "kind": "SALE" if paid else "AUTHORIZATION",
        "status": "SUCCESS" if paid else "PENDING",
        "gateway": "shopify_payments",
        "formattedGateway": "Shopify Payments",
        "amountSet": bag(total),
        "paymentId": f"rNF{i:06d}.1",
        "accountNumber": "•••• •••• •••• 4242",
        "test": False,
        "fees": [],
        "createdAt": timestamp(i),
        "processedAt": timestamp(i),
    }


def _fulfillment(seeder: Seeder, order: str, items: list[dict], name: str, i: int) -> dict:
    tracking = {
        "company": "UPS",
        "number": f"1Z{i:016d}",
        "url": f"https://www.ups.com/track?tracknum=1Z{i:016d}",
    }
    return {
        "__typename": "Fulfillment",
        "id": seeder.id("Fulfillment"),
        "order": order,
        "name": name,
        "status": "SUCCESS",
        "displayStatus": "DELIVERED" if i % 2 else "IN_TRANSIT",
        "trackingInfo": [tracking] if i % 4 else [],
        "totalQuantity": sum(item["quantity"] for item in items),
        "requiresShipping": True,
        "fulfillmentLineItems": [
            {
                "__typename": "FulfillmentLineItem",
                "id": seeder.id("FulfillmentLineItem"),
                "lineItem": item["id"],
                "quantity": item["quantity"],
                "originalTotalSet": item["originalTotalSet"],
                "discountedTotalSet": item["discountedTotalSet"],
            }
            for item in items
        ],
        "createdAt": timestamp(i, days=2),
        "updatedAt": timestamp(i, days=4),
    }


def _refund(seeder: Seeder, order: str, item: dict, cents: int, i: int) -> dict:
    return {
        "__typename": "Refund",
        "id": seeder.id("Refund"),
        "order": order,
        "note": f"One came chipped; {amount(cents)} back",
        "totalRefundedSet": bag(cents),
        "refundLineItems": [
            {
                "__typename": "RefundLineItem",
                "id": seeder.id("RefundLineItem"),
                "lineItem": item["id"],
                "quantity": 1,
                "priceSet": bag(cents),
                "subtotalSet": bag(cents),
                "totalTaxSet": bag(0),
                "restockType": "NO_RESTOCK",
                "restocked": False,
            }
        ],
        "transactions": [],
        "createdAt": timestamp(i, days=8),
        "processedAt": timestamp(i, days=8),
        "updatedAt": timestamp(i, days=8),
    }


def _back_on_the_shelf(paid: bool, cancelled: bool, i: int) -> dict | None:
    """Why goods come back without money: the order was never paid, or others were sent for them.
    The latter leaves no trace in the order's states."""
    if cancelled and not paid:
        return {"note": "Cancelled before it was paid", "restock": "CANCEL"}
    if paid and not cancelled and i % 9 == 2:
        return {"note": "Swapped for another size", "restock": "RETURN"}
    return None


def _put_back(refund: dict, note: str, restock: str) -> dict:
    """The same with nothing paid back, the goods on the shelf."""
    [line] = refund["refundLineItems"]
    line = line | {"restockType": restock, "restocked": True}
    return refund | {"note": note, "totalRefundedSet": bag(0), "refundLineItems": [line]}
