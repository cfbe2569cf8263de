from decimal import Decimal

from tests.transfer.readers.reading import (
    at,
    beside,
    cells,
    lines,
    lower,
    money,
    number,
    tags,
    text,
    when,
    yes,
)
from tests.transfer.readers.sales import (
    ADDRESS,
    TAX,
    WHO,
    WHOLE,
    bag,
    minus,
    tax_total,
    taxes,
)

SEED = {
    **{"metafield_definitions": 17, "products": 12, "customers": 8, "companies": 1},
    "orders": 18,
}
SET = "{ shopMoney { amount } }"
QUERY = f"""query ($after: String) {{ orders(first: 1, after: $after, sortKey: ID) {{ nodes {{
  id name number phone email note tags createdAt updatedAt cancelledAt cancelReason processedAt
  closedAt closed currencyCode sourceName sourceIdentifier registeredSourceUrl
  retailLocation {{ name }} cartToken checkoutToken clientIp statusPageUrl totalWeight
  taxesIncluded displayFinancialStatus displayFulfillmentStatus poNumber
  customAttributes {{ key value }} {TAX} {WHO}
  billingAddress {{ {ADDRESS} }} shippingAddress {{ {ADDRESS} }}
  currentSubtotalPriceSet {SET} subtotalPriceSet {SET} totalTaxSet {SET} totalDiscountsSet {SET}
  totalShippingPriceSet {SET} currentTotalDutiesSet {SET} originalTotalDutiesSet {SET}
  currentTotalAdditionalFeesSet {SET} originalTotalAdditionalFeesSet {SET}
  totalRefundedSet {SET} totalOutstandingSet {SET} currentTotalPriceSet {SET} totalPriceSet {SET}
  customerJourneySummary {{ lastVisit {{ landingPage referrerUrl
    utmParameters {{ source medium campaign term content }} }} }}
  points: metafield(namespace: "loyalty", key: "points") {{ value }}
  gift: metafield(namespace: "custom", key: "gift_message") {{ value }}
  transactions {{ id kind processedAt status gateway test authorizationCode paymentId errorCode
    amountSet {{ presentmentMoney {{ amount currencyCode }} shopMoney {{ amount currencyCode }} }}
    device {{ id }}
    parentTransaction {{ id }} paymentDetails {{ ... on CardPaymentDetails {{
      avsResultCode bin cvvResultCode number company }} }} }}
  risk {{ recommendation assessments {{ riskLevel provider {{ title }} facts {{ description }} }} }}
  shippingLines(first: 3) {{ nodes {{ id title code carrierIdentifier source
    discountedPriceSet {SET} {TAX} }} }}
  discountApplications(first: 3) {{ nodes {{ __typename
    ... on DiscountCodeApplication {{ code }} ... on ManualDiscountApplication {{ title }}
    value {{ ... on MoneyV2 {{ amount }} ... on PricingPercentageValue {{ percentage }} }} }} }}
  fulfillments {{ id status displayStatus createdAt updatedAt location {{ name }}
    trackingInfo {{ company number url }}
    fulfillmentLineItems(first: 4) {{ nodes {{ quantity lineItem {{ id }} }} }} }}
  refunds {{ id createdAt note
    refundLineItems(first: 4) {{ nodes {{ quantity restockType restocked location {{ name }}
      lineItem {{ id }} subtotalSet {SET} totalTaxSet {SET} }} }}
    refundShippingLines(first: 2) {{ nodes {{ subtotalAmountSet {SET}
      shippingLine {{ id title }} }} }}
    orderAdjustments(first: 2) {{ nodes {{ id amountSet {SET} }} }} }}
  lineItems(first: 4) {{ nodes {{ id title name variantTitle sku quantity requiresShipping vendor
    isGiftCard taxable unfulfilledQuantity customAttributes {{ key value }} {TAX}
    originalUnitPriceSet {SET} totalDiscountSet {SET} discountedTotalSet {SET}
    originalTotalSet {SET} priceAfterAllDiscountsBeforeTaxesSet {SET}
    discountAllocations {{ allocatedAmountSet {SET} }} weight {{ value unit }}
    product {{ id handle productType tags }}
    variant {{ id sku barcode price compareAtPrice inventoryQuantity inventoryItem {{
      unitCost {{ amount }} harmonizedSystemCode countryCodeOfOrigin provinceCodeOfOrigin
      measurement {{ weight {{ value unit }} }} }} }} }} }}
}} pageInfo {{ hasNextPage endCursor }} }} }}"""
NOT_FILLED: dict[str, str] = {}
NOT_SAID: dict[str, str] = {}

OWN = WHOLE | {
    "ID": ("id", number),
    "Name": ("name", text),
    "Command": ("id", lambda gid: "MERGE"),
    "Send Receipt": ("id", lambda gid: "false"),
    "Inventory Behaviour": ("id", lambda gid: "bypass"),
    "Number": ("number", text),
    "Phone": ("phone", text),
    "Email": ("email", text),
    "Note": ("note", text),
    "Tags": ("tags", tags),
    "Tags Command": ("id", lambda gid: "REPLACE"),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Cancelled At": ("cancelledAt", when),
    "Cancel: Reason": ("cancelReason", lower),
    "Processed At": ("processedAt", when),
    "Closed At": ("closedAt", when),
    "Currency": ("currencyCode", text),
    "Source": ("sourceName", text),
    "Source Identifier": ("sourceIdentifier", text),
    "Source URL": ("registeredSourceUrl", text),
    "Physical Location": ("retailLocation.name", text),
    "Cart Token": ("cartToken", text),
    "Token": ("checkoutToken", text),
    "Order Status URL": ("statusPageUrl", text),
    "Weight Total": ("totalWeight", text),
    "Price: Current Subtotal": ("currentSubtotalPriceSet", bag),
    "Price: Subtotal": ("subtotalPriceSet", bag),
    "Tax: Included": ("taxesIncluded", yes),
    "Tax: Total": ("totalTaxSet", bag),
    "Price: Total Discount": ("totalDiscountsSet", bag),
    "Price: Total Shipping": ("totalShippingPriceSet", bag),
    "Price: Current Total Duties": ("currentTotalDutiesSet", bag),
    "Price: Total Duties": ("originalTotalDutiesSet", bag),
    "Price: Current Total Fees": ("currentTotalAdditionalFeesSet", bag),
    "Price: Total Fees": ("originalTotalAdditionalFeesSet", bag),
    "Price: Total Refund": ("totalRefundedSet", bag),
    "Price: Total Outstanding": ("totalOutstandingSet", bag),
    "Price: Current Total": ("currentTotalPriceSet", bag),
    "Price: Total": ("totalPriceSet", bag),
    "Payment: Status": ("displayFinancialStatus", lower),
    "Order Fulfillment Status": ("displayFulfillmentStatus", lower),
    "Additional Details": ("customAttributes", lines),
    "Archived": ("closed", yes),
    "Purchase Order Number": ("poNumber", text),
    "Browser: IP": ("clientIp", text),
    "Browser: Landing Page": ("customerJourneySummary.lastVisit.landingPage", text),
    "Browser: Referrer": ("customerJourneySummary.lastVisit.referrerUrl", text),
    "Browser: Referrer Domain": (
        "customerJourneySummary.lastVisit.referrerUrl",
        lambda url: url.split("/")[2] if url else "",
    ),
    **{
        f"Browser: UTM {name}": (
            f"customerJourneySummary.lastVisit.utmParameters.{name.lower()}",
            text,
        )
        for name in ("Source", "Medium", "Campaign", "Term", "Content")
    },
}
LINE = {
    "Line: ID": ("id", number),
    "Line: Command": ("id", lambda gid: "MERGE"),
    "Line: Product ID": ("product.id", number),
    "Line: Product Handle": ("product.handle", text),
    "Line: Title": ("title", text),
    "Line: Name": ("name", text),
    "Line: Variant ID": ("variant.id", number),
    "Line: Variant Title": ("variantTitle", text),
    "Line: SKU": ("sku", text),
    "Line: Vendor": ("vendor", text),
    "Line: Product Type": ("product.productType", text),
    "Line: Product Tags": ("product.tags", tags),
    "Line: Variant SKU": ("variant.sku", text),
    "Line: Variant Barcode": ("variant.barcode", text),
    "Line: Variant Weight": ("variant.inventoryItem.measurement.weight.value", text),
    "Line: Variant Weight Unit": (
        "variant.inventoryItem.measurement.weight.unit",
        lambda unit: {"KILOGRAMS": "kg", "GRAMS": "g", "POUNDS": "lb", "OUNCES": "oz"}.get(
            unit, ""
        ),
    ),
    "Line: Variant Inventory Qty": ("variant.inventoryQuantity", text),
    "Line: Variant Cost": ("variant.inventoryItem.unitCost.amount", money),
    "Line: Variant Price": ("variant.price", money),
    "Line: Variant Compare At Price": ("variant.compareAtPrice", money),
    "Line: Variant Country of Origin": ("variant.inventoryItem.countryCodeOfOrigin", text),
    "Line: Variant Province of Origin": ("variant.inventoryItem.provinceCodeOfOrigin", text),
    "Line: Variant HS Code": ("variant.inventoryItem.harmonizedSystemCode", text),
}
SOLD = {
    "Line: Price": ("originalUnitPriceSet", bag),
    "Line: Discount": ("totalDiscountSet", minus),
    "Line: Total": ("discountedTotalSet", bag),
    "Line: Requires Shipping": ("requiresShipping", yes),
    "Line: Properties": ("customAttributes", lines),
    "Line: Gift Card": ("isGiftCard", yes),
    "Line: Taxable": ("taxable", yes),
    "Line: Fulfillable Quantity": ("unfulfilledQuantity", text),
    "Line: Fulfillment Service": ("isGiftCard", lambda g: "gift_card" if g else "manual"),
    "Line: Pre Tax Price": ("priceAfterAllDiscountsBeforeTaxesSet", bag),
}
SHIPPED = {
    "Shipping: ID": ("id", number),
    "Shipping: Title": ("title", text),
    "Shipping: Code": ("code", text),
    "Shipping: Carrier Identifier": ("carrierIdentifier", text),
    "Shipping: Source": ("source", text),
    "Shipping: Price": ("discountedPriceSet", bag),
}
REFUND = {
    "Refund: ID": ("id", number),
    "Refund: Created At": ("createdAt", when),
    "Refund: Note": ("note", text),
}
PAID = {
    "Transaction: ID": ("id", number),
    "Transaction: Kind": ("kind", lower),
    "Transaction: Processed At": ("processedAt", when),
    "Transaction: Amount": ("amountSet.presentmentMoney.amount", money),
    "Transaction: Currency": ("amountSet.presentmentMoney.currencyCode", text),
    "Transaction: Shop Currency Amount": ("amountSet.shopMoney.amount", money),
    "Transaction: Shop Currency": ("amountSet.shopMoney.currencyCode", text),
    "Transaction: Status": ("status", lower),
    "Transaction: Gateway": ("gateway", text),
    "Transaction: Test": ("test", yes),
    "Transaction: Authorization": ("authorizationCode", text),
    "Transaction: Payment ID": ("paymentId", text),
    "Transaction: Device ID": ("device.id", number),
    "Transaction: Parent ID": ("parentTransaction.id", number),
    "Transaction: Error Code": ("errorCode", lower),
    "Transaction: CC AVS Result": ("paymentDetails.avsResultCode", text),
    "Transaction: CC Bin": ("paymentDetails.bin", text),
    "Transaction: CC CVV Result": ("paymentDetails.cvvResultCode", text),
    "Transaction: CC Number": ("paymentDetails.number", text),
    "Transaction: CC Company": ("paymentDetails.company", text),
}
SENT = {
    "Fulfillment: ID": ("id", number),
    "Fulfillment: Status": ("status", lower),
    "Fulfillment: Created At": ("createdAt", when),
    "Fulfillment: Updated At": ("updatedAt", when),
    "Fulfillment: Processed At": ("createdAt", when),
    "Fulfillment: Location": ("location.name", text),
    "Fulfillment: Shipment Status": ("displayStatus", lower),
}
BLANK = dict.fromkeys(LINE | SOLD | SHIPPED | REFUND | PAID | SENT, "")


def rows(nodes):
    return {"Orders": [row for node in nodes for row in _order(node)]}


def _order(node):
    own = cells(node, OWN) | taxes("", ":", node["taxLines"])
    total = sum(
        Decimal(line["originalTotalSet"]["shopMoney"]["amount"])
        for line in node["lineItems"]["nodes"]
    )
    own["Price: Total Line Items"] = money(str(total))
    gift = {
        "Metafield: custom.gift_message [multi_line_text_field]": text(at(node, "gift.value")),
        "Metafield: loyalty.points [number_integer]": text(at(node, "points.value")),
    }
    return beside(gift, own, [BLANK | row for row in _rows(node)])


def _rows(node):
    lines_by_id = {line["id"]: line for line in node["lineItems"]["nodes"]}
    for line in lines_by_id.values():
        yield {"Line: Type": "Line Item"} | _line(line)
    for line in node["shippingLines"]["nodes"]:
        yield {
            "Line: Type": "Shipping Line",
            **cells(line, SHIPPED),
            **taxes("Shipping: ", "", line["taxLines"]),
            "Shipping: Tax Total": tax_total(line["taxLines"]),
        }
    for found in node["discountApplications"]["nodes"]:
        percent = found["value"].get("percentage")
        yield {
            "Line: Type": "Discount",
            "Discount: Type": "fixed_amount" if percent is None else "percentage",
            "Discount: Code": found.get("code") or found.get("title"),
            "Discount: Value": money(found["value"].get("amount")),
            "Discount: Percentage": text(percent),
        }
    for refund in node["refunds"]:
        yield from _refund(refund, lines_by_id)
    for payment in node["transactions"]:
        yield {"Line: Type": "Transaction"} | cells(payment, PAID)
    for risk in node["risk"]["assessments"]:
        recommended = node["risk"]["recommendation"]
        yield {
            "Line: Type": "Risk",
            "Risk: Source": at(risk, "provider.title") or "Shopify",
            "Risk: Score": {"LOW": "0.0", "MEDIUM": "0.5", "HIGH": "1.0"}[risk["riskLevel"]],
            "Risk: Recommendation": recommended.lower(),
            "Risk: Cause Cancel": yes(recommended == "CANCEL"),
            "Risk: Message": "\n".join(fact["description"] for fact in risk["facts"]),
        }
    for sent in node["fulfillments"]:
        for part in sent["fulfillmentLineItems"]["nodes"]:
            yield {
                "Line: Type": "Fulfillment Line",
                **cells(lines_by_id[part["lineItem"]["id"]], LINE),
                "Line: Quantity": str(part["quantity"]),
                **cells(sent, SENT),
                "Fulfillment: Tracking Company": _tracked(sent, "company"),
                "Fulfillment: Tracking Number": _tracked(sent, "number"),
                "Fulfillment: Tracking URL": _tracked(sent, "url"),
            }


def _line(line):
    shared = sum(
        Decimal(part["allocatedAmountSet"]["shopMoney"]["amount"])
        for part in line["discountAllocations"]
    )
    off = Decimal(line["totalDiscountSet"]["shopMoney"]["amount"])
    each = round(off / line["quantity"], 2)
    left, weight = line["unfulfilledQuantity"], line["weight"]
    return {
        **cells(line, LINE | SOLD),
        **taxes("Line: ", "", line["taxLines"]),
        "Line: Quantity": str(line["quantity"]),
        "Line: Tax Total": tax_total(line["taxLines"]),
        "Line: Discount Allocation": money(str(-shared if shared else 0)),
        "Line: Discount per Item": money(f"{-each:f}" if each else "0"),
        "Line: Grams": f"{weight['value'] * 1000:g}" if weight else "",
        "Line: Fulfillment Status": "fulfilled"
        if left == 0
        else ("" if left == line["quantity"] else "partial"),
    }


def _refund(refund, lines_by_id):
    for part in refund["refundLineItems"]["nodes"]:
        yield {
            "Line: Type": "Refund Line",
            **cells(lines_by_id[part["lineItem"]["id"]], LINE),
            **cells(refund, REFUND),
            "Line: Quantity": str(-part["quantity"]),
            "Line: Total": minus(part["subtotalSet"]),
            "Line: Tax Total": minus(part["totalTaxSet"]),
            "Refund: Restock": yes(part["restocked"]),
            "Refund: Restock Type": part["restockType"].lower(),
            "Refund: Restock Location": text(at(part, "location.name")),
        }
    for part in refund["refundShippingLines"]["nodes"]:
        yield {
            "Line: Type": "Refund Shipping",
            **cells(refund, REFUND),
            "Shipping: ID": number(part["shippingLine"]["id"]),
            "Shipping: Title": part["shippingLine"]["title"],
            "Shipping: Price": minus(part["subtotalAmountSet"]),
        }
    for part in refund["orderAdjustments"]["nodes"]:
        yield {
            "Line: Type": "Refund Adjustment",
            **cells(refund, REFUND),
            "Refund Adjustment: ID": number(part["id"]),
            "Refund Adjustment: Amount": bag(part["amountSet"]),
        }


def _tracked(sent, name):
    return ", ".join(part[name] for part in sent["trackingInfo"])
