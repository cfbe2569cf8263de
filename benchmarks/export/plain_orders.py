"""Orders, as whoever needs this one file would write the loop."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.export.facts import FACTS
from benchmarks.export.plain_lines import groups, moment, money, shop, tail, total, yes

FIELDS = ("firstName", "lastName", "name", "company", "phone", "address1", "address2", "zip")
PLACE = ("city", "province", "provinceCode", "country", "countryCodeV2")
GRAMS = {"KILOGRAMS": 1000.0, "GRAMS": 1.0, "POUNDS": 453.59237, "OUNCES": 28.349523125}
UNITS = {"GRAMS": "g", "KILOGRAMS": "kg", "POUNDS": "lb", "OUNCES": "oz"}
SCORES = {"LOW": "0.0", "MEDIUM": "0.5", "HIGH": "1.0"}
WIDTHS = {
    **{"line": 43, "shipping": 16, "discount": 4, "product": 13},
    **{"refund": 10, "transaction": 23, "risk": 5, "fulfillment": 11},
}
BLANK = {part: [""] * width for part, width in WIDTHS.items()}
NAMES = {fact.alias: fact.name for fact in FACTS.metafields["ORDER"]}


def objects(folder: Path) -> Iterator[dict[str, Any]]:
    """Orders with all that the four files have of them."""
    priced, sent = groups(folder / "1.jsonl"), groups(folder / "3.jsonl")
    refunded = groups(folder / "2.jsonl")
    for order, *lines in groups(folder / "0.jsonl"):
        _, *applied = next(priced)
        for child in (*lines, *applied):
            del child["__parentId"]
        shipping = [child for child in applied if child["__typename"] == "ShippingLine"]
        discounts = [child for child in applied if child["__typename"] != "ShippingLine"]
        for refund in order["refunds"]:
            [found] = next(refunded)
            del found["owner"]
            refund.update(found)
        for fulfillment in order["fulfillments"]:
            _, _, *parts = next(sent)
            for part in parts:
                del part["__parentId"]
            fulfillment["fulfillmentLineItems"] = parts
        yield order | {
            "lineItems": lines,
            "shippingLines": shipping,
            "discountApplications": discounts,
        }


def named(order: dict[str, Any]) -> dict[str, Any]:
    """As a line of JSONL, metafields by their names."""
    order["links"] = {"Order Status URL": order.pop("statusPageUrl")}
    order["metafields"] = {name: order.pop(alias) for alias, name in NAMES.items()}
    return order


def rows(o: dict[str, Any], number: int) -> list[list[Any]]:
    head = [*_head(o), *_customer(o["customer"]), *_address(o["billingAddress"])]
    head += [*_address(o["shippingAddress"]), *_visit(o), *_company(o)]
    gift = o["m0"]["value"] if o["m0"] else ""
    found = []
    for place, (kind, parts) in enumerate(_parts(o)):
        cells = BLANK | parts
        top = place == 0
        found.append(
            [*head, number + place, "true" if top else "", kind]
            + [cell for part in WIDTHS for cell in cells[part]]
            + [gift if top else ""]
        )
    return found


def _head(o: dict[str, Any]) -> list[Any]:
    return [
        *(o["id"][20:], o["name"], "MERGE", "false", "bypass", o["number"], o["phone"]),
        *(o["email"], o["note"], ", ".join(sorted(o["tags"])), "REPLACE"),
        *(moment(o["createdAt"]), moment(o["updatedAt"]), moment(o["cancelledAt"])),
        *(o["cancelReason"] and o["cancelReason"].lower(), "", ""),
        *(moment(o["processedAt"]), moment(o["closedAt"]), o["currencyCode"], o["sourceName"]),
        *(o["sourceIdentifier"], o["registeredSourceUrl"]),
        *(o["retailLocation"]["name"] if o["retailLocation"] else "", "", ""),
        *(o["cartToken"], o["checkoutToken"], o["statusPageUrl"], o["totalWeight"]),
        total(line["originalTotalSet"] for line in o["lineItems"]),
        *(shop(o["currentSubtotalPriceSet"]), shop(o["subtotalPriceSet"])),
        *_taxes(o["taxLines"]),
        *(yes(o["taxesIncluded"]), shop(o["totalTaxSet"]), shop(o["totalDiscountsSet"])),
        *(shop(o["totalShippingPriceSet"]), shop(o["currentTotalDutiesSet"])),
        *(shop(o["originalTotalDutiesSet"]), shop(o["currentTotalAdditionalFeesSet"])),
        *(shop(o["originalTotalAdditionalFeesSet"]), shop(o["totalRefundedSet"])),
        *(shop(o["totalOutstandingSet"]), shop(o["currentTotalPriceSet"])),
        *(shop(o["totalPriceSet"]), o["displayFinancialStatus"].lower(), ""),
        *(o["displayFulfillmentStatus"].lower(), _properties(o["customAttributes"])),
        *(yes(o["closed"]), o["poNumber"]),
    ]


def _taxes(lines: list[dict[str, Any]]) -> list[Any]:
    cells = [c for t in lines[:3] for c in (t["title"], t["rate"], shop(t["priceSet"]))]
    return cells + [""] * (9 - len(cells))


def _properties(attributes: list[dict[str, Any]]) -> str:
    return "\n".join(f"{a['key']}: {a['value'] or ''}" for a in attributes)


def _customer(c: dict[str, Any]) -> list[Any]:
    email, sms = c["emailMarketingConsent"], c["smsMarketingConsent"]
    return [
        *(tail(c["id"]), c["email"], c["phone"], c["firstName"], c["lastName"], c["note"]),
        *(c["state"].lower(), ", ".join(sorted(c["tags"]))),
        *(email and email["marketingState"].lower(), sms and sms["marketingState"].lower()),
        *(yes(c["taxExempt"]), c["numberOfOrders"], money(c["amountSpent"]["amount"])),
    ]


def _address(address: dict[str, Any] | None) -> list[Any]:
    if address is None:
        return [""] * 13
    return [address[name] for name in (*FIELDS, *PLACE)]


def _visit(o: dict[str, Any]) -> list[Any]:
    visit = o["customerJourneySummary"]["lastVisit"]
    if visit is None:
        return [o["clientIp"], *[""] * 13]
    referrer, utm = visit["referrerUrl"], visit["utmParameters"]
    domain = urlsplit(referrer).hostname if referrer else ""
    pages = [visit["landingPage"], referrer, domain]
    return [o["clientIp"], "", "", "", *pages, "", "", *utm.values()]


def _company(o: dict[str, Any]) -> list[Any]:
    if not o["purchasingEntity"]:
        return [""] * 6
    parts = (o["purchasingEntity"]["company"], o["purchasingEntity"]["location"])
    return [cell for p in parts for cell in (tail(p["id"]), p["name"], p["externalId"])]


def _parts(o: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row's type, and the cells of the parts that it fills."""
    lines = {line["id"]: line for line in o["lineItems"]}
    for line in lines.values():
        yield "Line Item", {"line": _line(line), "product": _product(line)}
    for s in o["shippingLines"]:
        yield "Shipping Line", {"shipping": _shipping(s)}
    for d in o["discountApplications"]:
        yield "Discount", {"discount": ["percentage", d["code"], "", d["value"]["percentage"]]}
    for refund in o["refunds"]:
        for part in refund["refundLineItems"]:
            line = lines[part["lineItem"]["id"]]
            cells = _few(line, -part["quantity"])
            cells[14] = f"-{shop(part['subtotalSet'])}"
            cells[22] = f"-{shop(part['totalTaxSet'])}"
            refunded = {"refund": _refund(refund, part), "product": _product(line)}
            yield "Refund Line", {"line": cells, **refunded}
    for t in o["transactions"]:
        yield "Transaction", {"transaction": _transaction(t)}
    for a in o["risk"]["assessments"]:
        yield "Risk", {"risk": _risk(a, o["risk"]["recommendation"])}
    for f in o["fulfillments"]:
        own = _fulfillment(f)
        for part in f["fulfillmentLineItems"]:
            line = lines[part["lineItem"]["id"]]
            sent = {"line": _few(line, part["quantity"]), "product": _product(line)}
            yield "Fulfillment Line", {**sent, "fulfillment": own}


def _line(line: dict[str, Any]) -> list[Any]:
    discount = Decimal(line["totalDiscountSet"]["shopMoney"]["amount"])
    parts = total(a["allocatedAmountSet"] for a in line["discountAllocations"])
    weight, left = line["weight"], line["unfulfilledQuantity"]
    cells = _few(line, line["quantity"])
    cells[10:15] = [
        shop(line["originalUnitPriceSet"]),
        _minus(discount),
        f"-{parts}" if line["discountAllocations"] else parts,
        _minus(round(discount / line["quantity"], 2)),
        shop(line["discountedTotalSet"]),
    ]
    cells[15:17] = [f"{weight['value'] * GRAMS[weight['unit']]:g}", yes(line["requiresShipping"])]
    cells[18:20] = [_properties(line["customAttributes"]), yes(line["isGiftCard"])]
    cells[21:36] = [
        yes(line["taxable"]),
        total(t["priceSet"] for t in line["taxLines"]),
        *_taxes(line["taxLines"]),
        left,
        "gift_card" if line["isGiftCard"] else "manual",
        "fulfilled" if left == 0 else "" if left == line["quantity"] else "partial",
        shop(line["priceAfterAllDiscountsBeforeTaxesSet"]),
    ]
    return cells


def _minus(value: Decimal) -> str:
    return f"-{value:.2f}" if value else "0.00"


def _few(line: dict[str, Any], quantity: int) -> list[Any]:
    """The cells that name a line, and how many of it."""
    product, variant = line["product"], line["variant"]
    cells = [
        *(line["id"][23:], "MERGE", tail(product["id"]), product["handle"], line["title"]),
        *(line["name"], tail(variant["id"]), line["variantTitle"], line["sku"], quantity),
    ] + [""] * 33
    cells[17] = line["vendor"]
    return cells


def _product(line: dict[str, Any]) -> list[Any]:
    product, variant = line["product"], line["variant"]
    item = variant["inventoryItem"]
    weight = item["measurement"]["weight"]
    return [
        *(product["productType"], ", ".join(sorted(product["tags"])), variant["sku"]),
        *(variant["barcode"], weight["value"], UNITS[weight["unit"]]),
        *(variant["inventoryQuantity"], money(item["unitCost"]["amount"])),
        *(variant["price"], variant["compareAtPrice"], item["countryCodeOfOrigin"]),
        *(item["provinceCodeOfOrigin"], item["harmonizedSystemCode"]),
    ]


def _shipping(s: dict[str, Any]) -> list[Any]:
    taxes = total(t["priceSet"] for t in s["taxLines"])
    return [
        *(tail(s["id"]), s["title"], s["code"], s["carrierIdentifier"], s["source"]),
        *(shop(s["discountedPriceSet"]), taxes, *_taxes(s["taxLines"])),
    ]


def _refund(refund: dict[str, Any], part: dict[str, Any]) -> list[Any]:
    return [
        *(tail(refund["id"]), moment(refund["createdAt"]), refund["note"], yes(part["restocked"])),
        *(part["restockType"].lower(), part["location"]["name"], "", "", "", ""),
    ]


def _transaction(t: dict[str, Any]) -> list[Any]:
    sums, card = t["amountSet"], t["paymentDetails"]
    paid = [
        cell
        for side in (sums["presentmentMoney"], sums["shopMoney"])
        for cell in (money(side["amount"]), side["currencyCode"])
    ]
    return [
        *(tail(t["id"]), t["kind"].lower(), moment(t["processedAt"]), *paid),
        *(t["status"].lower(), "", t["gateway"], "", yes(t["test"])),
        *(t["authorizationCode"], t["paymentId"], t["device"] and tail(t["device"]["id"]), ""),
        *(t["parentTransaction"] and tail(t["parentTransaction"]["id"]), t["errorCode"]),
        *(card["avsResultCode"], card["bin"], card["cvvResultCode"], card["number"]),
        card["company"],
    ]


def _risk(a: dict[str, Any], advice: str) -> list[Any]:
    source = a["provider"]["title"] if a["provider"] else "Shopify"
    message = "\n".join(fact["description"] for fact in a["facts"])
    return [source, SCORES[a["riskLevel"]], advice.lower(), yes(advice == "CANCEL"), message]


def _fulfillment(f: dict[str, Any]) -> list[Any]:
    tracking = f["trackingInfo"]
    company, number, url = (", ".join(t[n] for t in tracking) for n in ("company", "number", "url"))
    return [
        *(tail(f["id"]), f["status"].lower(), moment(f["createdAt"]), moment(f["updatedAt"])),
        *(company, f["location"]["name"], f["displayStatus"].lower(), moment(f["createdAt"])),
        *(number, url, ""),
    ]
