"""What few orders have: duties, fees, several taxes, visits, risks, cards, other currencies."""

from standin.seeds.base import Seeder, amount, bag, timestamp

EVERY = 6
AT = 5  # of each EVERY orders this one has all of it
CURRENCIES = (("JPY", "3150.0"), ("KWD", "7.125"))


def has_all(i: int) -> bool:
    return i % EVERY == AT


def of_order(seeder: Seeder, i: int, company: dict | None) -> dict:
    """Fields of an order that has everything."""
    places = seeder.shop.page("Location", 1)
    return {
        "note": 'Leave it with "Żaneta" 🎁,\nthe neighbour.\r\nThank you; merci!',
        "tags": ["älter", "phone order", "=sum"],
        "sourceName": "pos",
        "sourceIdentifier": f"POS-{i}",
        "registeredSourceUrl": f"https://pos.example.com/orders/{i}",
        "retailLocation": places[0]["id"] if places else None,
        "cartToken": f"cart-{i:08x}",
        "checkoutToken": f"token-{i:08x}",
        "clientIp": "2001:db8::7",
        "poNumber": f"PO-{i:05d}",
        "customAttributes": [
            {"key": "Gift note", "value": "Für Jo:\nalles Gute"},
            {"key": "Empty", "value": None},
        ],
        "taxLines": taxes(),
        "currentTotalDutiesSet": bag(310),
        "originalTotalDutiesSet": bag(320),
        "currentTotalAdditionalFeesSet": bag(45),
        "originalTotalAdditionalFeesSet": bag(50),
        "cancelledAt": timestamp(i, days=9),
        "cancelReason": "FRAUD",
        "customerJourneySummary": {"ready": True, "lastVisit": _visit(seeder, i)},
        "purchasingEntity": _purchaser(seeder, company),
        "risk": {"recommendation": "CANCEL", "assessments": _assessments()},
        "metafields": [
            seeder.metafield("ORDER", "custom.gift_message", "multi_line_text_field", "À toi\n💛"),
            seeder.undefined_metafield("ORDER", i),
        ],
    }


def of_draft(seeder: Seeder, i: int, company: dict | None) -> dict:
    """Fields of a draft order that has everything."""
    shared = of_order(seeder, i, company)
    names = ("tags", "poNumber", "customAttributes", "taxLines", "purchasingEntity")
    return {name: shared[name] for name in names} | {
        "note2": shared["note"],
        "phone": "+12075550199",
        "reserveInventoryUntil": timestamp(i, days=3),
        "shippingLine": {
            "__typename": "ShippingLine",
            "id": seeder.id("ShippingLine"),
            "title": "Kurier “Express”",
            "code": "EXPRESS",
            "discountedPriceSet": bag(1250),
            **of_shipping(i),
        },
        "appliedDiscount": {
            "title": "Wholesale — été",
            "description": "Agreed by phone",
            "value": 12.5,
            "valueType": "PERCENTAGE",
            "amountSet": bag(400),
        },
        "paymentTerms": _payment_terms(seeder, i),
        "metafields": [
            seeder.metafield(
                "DRAFTORDER", "custom.quote_reason", "single_line_text_field", "Été ☀"
            ),
            seeder.undefined_metafield("DRAFTORDER", i),
        ],
    }


def _payment_terms(seeder: Seeder, i: int) -> dict:
    schedule = {
        "__typename": "PaymentSchedule",
        "id": seeder.id("PaymentSchedule"),
        "issuedAt": timestamp(i),
        "dueAt": timestamp(i, days=30),
        "completedAt": timestamp(i, days=31),
        "due": True,
        "balanceDue": {"amount": "12.5", "currencyCode": "USD"},
    }
    return {
        "__typename": "PaymentTerms",
        "id": seeder.id("PaymentTerms"),
        "paymentTermsName": "Net 30",
        "translatedName": "Net 30",
        "paymentTermsType": "NET",
        "dueInDays": 30,
        "due": True,
        "overdue": True,
        "paymentSchedules": [schedule],
    }


def taxes() -> list[dict]:
    return [
        {"title": title, "rate": rate, "ratePercentage": rate * 100, "priceSet": bag(cents)}
        for title, rate, cents in (("GST", 0.05, 125), ("QST", 0.09975, 249), ("Écotaxe", 0.01, 25))
    ]


def of_line(i: int) -> dict:
    """A line with a discount of its own and properties."""
    return {
        "totalDiscountSet": bag(150),
        "customAttributes": [{"key": "Engraving", "value": 'To "Zoë"; with ❤'}],
        "weight": {"value": 0.75, "unit": "KILOGRAMS"},
        "taxLines": taxes(),
        "taxable": True,
    }


def of_order_line(i: int) -> dict:
    """The same with a share of the order's discount, and fulfilled."""
    share = {"allocatedAmountSet": bag(75), "discountApplication": _manual()}
    return of_line(i) | {
        "discountAllocations": [share],
        "priceAfterAllDiscountsBeforeTaxesSet": bag(1675),
        "unfulfilledQuantity": 0,
        "fulfillableQuantity": 0,
    }


def of_shipping(i: int) -> dict:
    return {"carrierIdentifier": f"carrier-{i}", "source": "Correos España", "taxLines": taxes()}


def discounts() -> list[dict]:
    return [_manual()]


def payments(seeder: Seeder, sale: dict, i: int) -> list[dict]:
    """A refused card in another currency, and what was paid back of the sale."""
    currency, value = CURRENCIES[i // EVERY % len(CURRENCIES)]
    presented = bag(2000) | {"presentmentMoney": {"amount": value, "currencyCode": currency}}
    refused = sale | {
        "id": seeder.id("OrderTransaction"),
        "status": "FAILURE",
        "errorCode": "CARD_DECLINED",
        "amountSet": presented,
        "authorizationCode": f"auth-{i:06d}",
        "device": {"__typename": "PointOfSaleDevice", "id": seeder.id("PointOfSaleDevice")},
        "paymentDetails": {
            "__typename": "CardPaymentDetails",
            "avsResultCode": "Y",
            "bin": "424242",
            "cvvResultCode": "M",
            "number": "•••• •••• •••• 0002",
            "company": "Visa",
        },
    }
    back = sale | {
        "id": seeder.id("OrderTransaction"),
        "kind": "REFUND",
        "amountSet": bag(500),
        "parentTransaction": sale["id"],
    }
    return [refused, back]


def of_refund(seeder: Seeder, shipping: dict) -> dict:
    """Shipping that was paid back, and a little more."""
    return {
        "refundShippingLines": [
            {
                "__typename": "RefundShippingLine",
                "id": seeder.id("RefundShippingLine"),
                "shippingLine": shipping,
                "subtotalAmountSet": bag(300),
                "taxAmountSet": bag(0),
            }
        ],
        "orderAdjustments": [
            {
                "__typename": "OrderAdjustment",
                "id": seeder.id("OrderAdjustment"),
                "amountSet": bag(-55),
                "taxAmountSet": bag(0),
                "reason": "REFUND_DISCREPANCY",
            }
        ],
    }


def fulfillment_order(seeder: Seeder, order: str, fulfillments: list[dict]) -> dict:
    """What was to be sent; it leads to what was sent."""
    return {
        "__typename": "FulfillmentOrder",
        "id": seeder.id("FulfillmentOrder"),
        "order": order,
        "orderId": order,
        "status": "CLOSED",
        "fulfillments": [fulfillment["id"] for fulfillment in fulfillments],
    }


def to_be_sent(seeder: Seeder, order: str, name: str, items: list[dict], place: dict) -> dict:
    """What is still to be sent, from a location."""
    return {
        "__typename": "FulfillmentOrder",
        "id": seeder.id("FulfillmentOrder"),
        "order": order,
        "orderId": order,
        "orderName": name,
        "status": "OPEN",
        "requestStatus": "UNSUBMITTED",
        "assignedLocation": {
            "__typename": "FulfillmentOrderAssignedLocation",
            "name": place["name"],
            "location": place["id"],
        },
        "lineItems": [
            {
                "__typename": "FulfillmentOrderLineItem",
                "id": seeder.id("FulfillmentOrderLineItem"),
                "lineItem": item["id"],
                "totalQuantity": item["quantity"],
                "remainingQuantity": item["quantity"],
            }
            for item in items
        ],
        "fulfillments": [],
    }


def _manual() -> dict:
    return {
        "__typename": "ManualDiscountApplication",
        "title": 'Friends & "family"',
        "description": None,
        "index": 1,
        "allocationMethod": "ACROSS",
        "targetSelection": "ALL",
        "targetType": "LINE_ITEM",
        "value": {"__typename": "MoneyV2", "amount": amount(250), "currencyCode": "USD"},
    }


def _visit(seeder: Seeder, i: int) -> dict:
    return {
        "__typename": "CustomerVisit",
        "id": seeder.id("CustomerVisit"),
        "landingPage": "https://demo.example/?ref=été",
        "referrerUrl": "https://news.example.org/gifts?x=1",
        "source": "News",
        "occurredAt": timestamp(i),
        "utmParameters": {
            "source": "news",
            "medium": "email",
            "campaign": "spring — 2026",
            "term": "gifts",
            "content": "top",
        },
    }


def _purchaser(seeder: Seeder, company: dict | None) -> dict | None:
    if company is None:
        return None
    return {
        "__typename": "PurchasingCompany",
        "company": company["id"],
        "location": company["locations"][0],
        "contact": company["mainContact"],
    }


def _assessments() -> list[dict]:
    facts = ("Card and address disagree.", "The address is a freight forwarder's.")
    return [
        {
            "riskLevel": "HIGH",
            "provider": None,
            "facts": [{"description": fact, "sentiment": "NEGATIVE"} for fact in facts],
        },
        {
            "riskLevel": "LOW",
            "provider": {
                "__typename": "App",
                "id": "gid://shopify/App/42",
                "title": "Fraud Filter",
            },
            "facts": [],
        },
    ]
