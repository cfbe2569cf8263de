"""Orders as Shopify gives them, the same always: each with lines, shipping, taxes and a payment,
some with discounts, refunds, risks or no address; then what further passes bring."""

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.export.lines import Node, Passes, moment

LINES = (1, 2, 3, 1, 5)
"""How many lines orders have in turn."""
FIRST = 5_000_000_000_001
ADDRESS = {
    "firstName": "Zoë",
    "lastName": "Ångström",
    "name": "Zoë Ångström",
    "company": None,
    "phone": "+14165550100",
    "address1": "1 King St W",
    "address2": "Suite 4",
    "zip": "M5H 1A1",
    "city": "Toronto",
    "province": "Ontario",
    "provinceCode": "ON",
    "country": "Canada",
    "countryCodeV2": "CA",
}
VISIT = {
    "landingPage": "https://demo.myshopify.com/?utm_source=letter",
    "referrerUrl": "https://www.example.com/shirts",
    "utmParameters": {
        "source": "letter",
        "medium": "email",
        "campaign": "spring",
        "term": None,
        "content": None,
    },
}


def orders(most: int, lines: Sequence[int] = LINES) -> Iterator[Passes]:
    for number in range(FIRST, FIRST + most):
        yield _order(number, lines[number % len(lines)])


def bag(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount}}


def tax(amount: str) -> dict[str, Any]:
    return {"title": "HST", "rate": 0.13, "priceSet": bag(amount)}


def _order(number: int, count: int) -> Passes:
    gid = f"gid://shopify/Order/{number}"
    lines = [_line(number * 10 + p, p, gid) for p in range(count)]
    refunds = [_refund(number)] if number % 10 == 0 else []
    sent = [_fulfillment(number)] if number % 4 else []
    priced = Node({"id": gid}, ([_shipping(number, gid)], _discounts(number, gid)))
    refunded = [Node(_refunded(refund["id"], gid, number)) for refund in refunds]
    return (
        [Node(_fields(number, count, gid, refunds, sent), (lines,))],
        [priced],
        refunded,
        [_sent(number, gid, len(lines))] if sent else [],
    )


def _fields(
    number: int,
    count: int,
    gid: str,
    refunds: list[dict[str, Any]],
    sent: list[dict[str, Any]],
) -> dict[str, Any]:
    total = f"{count * 40 + 9}.0"
    totals = {"currentSubtotalPriceSet": bag(f"{count * 40}.0"), "totalDiscountsSet": bag("0.0")}
    placed = moment(number)
    return {
        "id": gid,
        "name": f"#{number % 10**6}",
        "number": number % 10**6,
        "phone": None,
        "email": f"zoe.{number % 5000}@example.com",
        "note": "Please ring twice,\nthe bell is quiet." if number % 6 == 0 else None,
        "tags": ["wholesale", "b2b"] if number % 9 == 0 else [],
        "createdAt": placed,
        "updatedAt": moment(number + 90_000),
        "cancelledAt": None,
        "cancelReason": None,
        "processedAt": placed,
        "closedAt": moment(number + 90_000) if number % 4 else None,
        "closed": bool(number % 4),
        "currencyCode": "CAD",
        "sourceName": "web",
        "sourceIdentifier": None,
        "registeredSourceUrl": None,
        "retailLocation": None,
        "cartToken": f"c{number:032x}",
        "checkoutToken": f"{number:032x}",
        "clientIp": f"203.0.113.{number % 250}",
        "totalWeight": str(count * 180),
        "taxesIncluded": False,
        "displayFinancialStatus": "PARTIALLY_REFUNDED" if refunds else "PAID",
        "displayFulfillmentStatus": "FULFILLED" if sent else "UNFULFILLED",
        "poNumber": None,
        "customAttributes": [{"key": "gift", "value": "yes"}] if number % 8 == 0 else [],
        **totals,
        "subtotalPriceSet": bag(f"{count * 40}.0"),
        "totalTaxSet": bag(f"{count * 5.2:.2f}"),
        "totalShippingPriceSet": bag("9.0"),
        "currentTotalDutiesSet": None,
        "originalTotalDutiesSet": None,
        "currentTotalAdditionalFeesSet": None,
        "originalTotalAdditionalFeesSet": None,
        "totalRefundedSet": bag("40.0" if refunds else "0.0"),
        "totalOutstandingSet": bag("0.0"),
        "currentTotalPriceSet": bag(total),
        "totalPriceSet": bag(total),
        "taxLines": [tax(f"{count * 5.2:.2f}")],
        "customer": _customer(number),
        "billingAddress": ADDRESS,
        "shippingAddress": ADDRESS if number % 12 else None,
        "purchasingEntity": {},
        "customerJourneySummary": {"lastVisit": VISIT if number % 3 else None},
        "transactions": [_payment(number, total)],
        "refunds": [dict(refund) for refund in refunds],
        "risk": _risk(number),
        "fulfillments": sent,
        "statusPageUrl": f"https://demo.myshopify.com/1/orders/{number:032x}/authenticate",
        "m0": {"value": "Happy birthday"} if number % 8 == 0 else None,
    }


def _customer(number: int) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Customer/{6_000_000_000_000 + number % 5000}",
        "email": f"zoe.{number % 5000}@example.com",
        "phone": None,
        "firstName": "Zoë",
        "lastName": "Ångström",
        "note": None,
        "state": "ENABLED",
        "tags": ["vip", "newsletter"],
        "taxExempt": False,
        "numberOfOrders": str(number % 20),
        "amountSpent": {"amount": "1240.5"},
        "emailMarketingConsent": {"marketingState": "SUBSCRIBED"},
        "smsMarketingConsent": None,
    }


def _payment(number: int, total: str) -> dict[str, Any]:
    paid = {"amount": total, "currencyCode": "CAD"}
    return {
        "id": f"gid://shopify/OrderTransaction/{number}",
        "kind": "SALE",
        "processedAt": moment(number + 3),
        "status": "SUCCESS",
        "gateway": "shopify_payments",
        "test": False,
        "authorizationCode": "53433",
        "paymentId": f"rd{number:x}.1",
        "errorCode": None,
        "amountSet": {"presentmentMoney": paid, "shopMoney": paid},
        "device": None,
        "parentTransaction": None,
        "paymentDetails": {
            "avsResultCode": "Y",
            "bin": "424242",
            "cvvResultCode": "M",
            "number": "•••• •••• •••• 4242",
            "company": "Visa",
        },
    }


def _risk(number: int) -> dict[str, Any]:
    assessment = {
        "riskLevel": "LOW",
        "provider": None,
        "facts": [
            {"description": "The card's address is right."},
            {"description": 'A "known" IP.'},
        ],
    }
    return {"recommendation": "ACCEPT", "assessments": [assessment] if number % 2 else []}


def _refund(number: int) -> dict[str, Any]:
    when = moment(number + 500_000)
    return {"id": f"gid://shopify/Refund/{number}", "createdAt": when, "note": "Too small"}


def _refunded(refund: str, order: str, number: int) -> dict[str, Any]:
    """What a plain query says of a refund: its order, its lines in whole."""
    line = {
        "quantity": 1,
        "restockType": "RETURN",
        "restocked": True,
        "location": {"name": "Warehouse"},
        "lineItem": {"id": f"gid://shopify/LineItem/{number * 10}"},
        "subtotalSet": bag("40.0"),
        "totalTaxSet": bag("5.2"),
    }
    lists = {"refundLineItems": [line], "refundShippingLines": [], "orderAdjustments": []}
    return {"id": refund, "owner": {"id": order}, **lists}


def _fulfillment(number: int) -> dict[str, Any]:
    tracking = {
        "company": "Canada Post",
        "number": f"7{number}",
        "url": f"https://post.test/{number}",
    }
    return {
        "id": f"gid://shopify/Fulfillment/{number}",
        "status": "SUCCESS",
        "displayStatus": "IN_TRANSIT",
        "createdAt": moment(number + 86_400),
        "updatedAt": moment(number + 90_000),
        "location": {"name": "Warehouse"},
        "trackingInfo": [tracking],
    }


def _sent(number: int, gid: str, count: int) -> Node:
    """What a fulfillment order says of the lines that were sent."""
    work = f"gid://shopify/FulfillmentOrder/{number}"
    parent = f"gid://shopify/Fulfillment/{number}"
    lines = [
        {
            "id": f"gid://shopify/FulfillmentLineItem/{number * 10 + place}",
            "quantity": 2,
            "lineItem": {"id": f"gid://shopify/LineItem/{number * 10 + place}"},
            "__parentId": parent,
        }
        for place in range(count)
    ]
    fulfillment = Node(
        {"id": parent, "owner": {"id": gid}, "__parentId": work}, ([Node(line) for line in lines],)
    )
    return Node({"id": work}, ([fulfillment],))


def _shipping(number: int, parent: str) -> Node:
    line = {
        "__typename": "ShippingLine",
        "id": f"gid://shopify/ShippingLine/{number}",
        "title": "Expedited",
        "code": "DOM.EP",
        "carrierIdentifier": None,
        "source": "shopify",
        "discountedPriceSet": bag("9.0"),
        "taxLines": [tax("1.17")],
        "__parentId": parent,
    }
    return Node(line)


def _discounts(number: int, parent: str) -> list[Node]:
    if number % 5:
        return []
    line = {
        "__typename": "DiscountCodeApplication",
        "value": {"percentage": 10.0},
        "code": "SPRING10",
        "__parentId": parent,
    }
    return [Node(line)]


def _line(number: int, place: int, parent: str) -> Node:
    weight = {"value": 180.0, "unit": "GRAMS"}
    line = {
        "id": f"gid://shopify/LineItem/{number}",
        "title": "Fjord Shirt — été",
        "name": f"Fjord Shirt — été - M / Ink {place}",
        "variantTitle": "M / Ink",
        "sku": f"{number:014}",
        "quantity": 2,
        "requiresShipping": True,
        "vendor": "Northfold",
        "isGiftCard": False,
        "taxable": True,
        "unfulfilledQuantity": 0,
        "customAttributes": [{"key": "Engraving", "value": "Zoë"}] if place == 1 else [],
        "taxLines": [tax("5.2")],
        "originalUnitPriceSet": bag("20.0"),
        "totalDiscountSet": bag("4.0" if place == 0 else "0.0"),
        "discountedTotalSet": bag("36.0" if place == 0 else "40.0"),
        "originalTotalSet": bag("40.0"),
        "priceAfterAllDiscountsBeforeTaxesSet": bag("36.0"),
        "discountAllocations": [{"allocatedAmountSet": bag("4.0")}] if place == 0 else [],
        "weight": weight,
        "product": {
            "id": f"gid://shopify/Product/{7_000_000_000_000 + number % 900}",
            "handle": f"fjord-shirt-{number % 900}",
            "productType": "Shirts",
            "tags": ["summer", "organic", "apparel"],
        },
        "variant": {
            "id": f"gid://shopify/ProductVariant/{number % 90_000}",
            "sku": f"{number:014}",
            "barcode": f"{number % 10**12:012}",
            "price": "20.00",
            "compareAtPrice": "30.50",
            "inventoryQuantity": number % 90,
            "inventoryItem": {
                "unitCost": {"amount": "9.6"},
                "harmonizedSystemCode": "610910",
                "countryCodeOfOrigin": "PT",
                "provinceCodeOfOrigin": None,
                "measurement": {"weight": weight},
            },
        },
        "__parentId": parent,
    }
    return Node(line)
