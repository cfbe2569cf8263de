from decimal import Decimal

from tests.transfer.readers.orders import LINE, SHIPPED, SOLD
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
from tests.transfer.readers.sales import ADDRESS, TAX, WHO, WHOLE, bag, tax_total, taxes

SEED = {
    **{"metafield_definitions": 17, "products": 12, "customers": 8, "companies": 1},
    **{"orders": 1, "draft_orders": 8},
}
SET = "{ shopMoney { amount } }"
QUERY = f"""query ($after: String) {{ draftOrders(first: 1, after: $after, sortKey: ID) {{ nodes {{
  id name status email phone note2 tags createdAt updatedAt completedAt currencyCode order {{ id }}
  invoiceUrl invoiceSentAt invoiceEmailTemplateSubject totalWeight taxesIncluded taxExempt poNumber
  reserveInventoryUntil customAttributes {{ key value }} {TAX} {WHO}
  subtotalPriceSet {SET} totalTaxSet {SET} totalDiscountsSet {SET} totalShippingPriceSet {SET}
  totalPriceSet {SET} billingAddress {{ {ADDRESS} }} shippingAddress {{ {ADDRESS} }}
  appliedDiscount {{ title value valueType amountSet {SET} }}
  shippingLine {{ id title code carrierIdentifier source discountedPriceSet {SET} {TAX} }}
  paymentTerms {{ paymentTermsName paymentTermsType dueInDays overdue
    paymentSchedules(first: 2) {{ nodes {{
      issuedAt dueAt completedAt balanceDue {{ amount }} }} }} }}
  points: metafield(namespace: "loyalty", key: "points") {{ value }}
  reason: metafield(namespace: "custom", key: "quote_reason") {{ value }}
  lineItems(first: 4) {{ nodes {{ id title name variantTitle sku quantity requiresShipping vendor
    isGiftCard taxable customAttributes {{ key value }} {TAX} originalUnitPriceSet {SET}
    totalDiscountSet {SET} discountedTotalSet {SET} originalTotalSet {SET}
    weight {{ value unit }} product {{ id handle productType tags }}
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
    "Order ID": ("order.id", number),
    "Status": ("status", lower),
    "Email": ("email", text),
    "Note": ("note2", text),
    "Tags": ("tags", tags),
    "Tags Command": ("id", lambda gid: "REPLACE"),
    "Created At": ("createdAt", when),
    "Updated At": ("updatedAt", when),
    "Currency": ("currencyCode", text),
    "Send Invoice: Subject": ("invoiceEmailTemplateSubject", text),
    "Invoice: URL": ("invoiceUrl", text),
    "Invoice: Sent At": ("invoiceSentAt", when),
    "Phone": ("phone", text),
    "Completed At": ("completedAt", when),
    "Reserve Inventory Until": ("reserveInventoryUntil", when),
    "Tax Exempt": ("taxExempt", yes),
    "Weight Total": ("totalWeight", text),
    "Price: Subtotal": ("subtotalPriceSet", bag),
    "Tax: Included": ("taxesIncluded", yes),
    "Tax: Total": ("totalTaxSet", bag),
    "Price: Total Discount": ("totalDiscountsSet", bag),
    "Price: Total Shipping": ("totalShippingPriceSet", bag),
    "Price: Total": ("totalPriceSet", bag),
    "Additional Details": ("customAttributes", lines),
    "Purchase Order Number": ("poNumber", text),
}
TOP = {
    "Payment Terms: Name": ("paymentTerms.paymentTermsName", text),
    "Payment Terms: Type": ("paymentTerms.paymentTermsType", lower),
    "Payment Terms: Due In Days": ("paymentTerms.dueInDays", text),
    "Payment Terms: Overdue": ("paymentTerms.overdue", yes),
    "Metafield: custom.quote_reason [single_line_text_field]": ("reason.value", text),
    "Metafield: loyalty.points [number_integer]": ("points.value", text),
}
SCHEDULE = {
    "Payment Terms: Issued At": ("issuedAt", when),
    "Payment Terms: Due At": ("dueAt", when),
    "Payment Terms: Completed At": ("completedAt", when),
    "Payment Terms: Balance Due": ("balanceDue.amount", money),
}
DRAWN = {
    header: SOLD[header]
    for header in SOLD
    if header
    not in (
        "Line: Fulfillable Quantity",
        "Line: Pre Tax Price",
    )
}
BLANK = dict.fromkeys(LINE | DRAWN | SHIPPED, "")


def rows(nodes):
    return {"Draft Orders": [row for node in nodes for row in _draft(node)]}


def _draft(node):
    own = cells(node, OWN) | taxes("", ":", node["taxLines"])
    total = sum(
        Decimal(line["originalTotalSet"]["shopMoney"]["amount"])
        for line in node["lineItems"]["nodes"]
    )
    own["Price: Total Line Items"] = money(str(total))
    schedules = at(node, "paymentTerms.paymentSchedules.nodes") or []
    parts = [BLANK | row for row in _rows(node)]
    return beside(cells(node, TOP), own, parts, [cells(part, SCHEDULE) for part in schedules])


def _rows(node):
    for line in node["lineItems"]["nodes"]:
        weight = line["weight"]
        yield {
            "Line: Type": "Line Item",
            **cells(line, LINE | DRAWN),
            **taxes("Line: ", "", line["taxLines"]),
            "Line: Quantity": str(line["quantity"]),
            "Line: Tax Total": tax_total(line["taxLines"]),
            "Line: Discount per Item": _each(line),
            "Line: Grams": f"{weight['value'] * 1000:g}" if weight else "",
        }
    if line := node["shippingLine"]:
        yield {
            "Line: Type": "Shipping Line",
            **cells(line, SHIPPED),
            **taxes("Shipping: ", "", line["taxLines"]),
            "Shipping: Tax Total": tax_total(line["taxLines"]),
        }
    if found := node["appliedDiscount"]:
        yield {
            "Line: Type": "Discount",
            "Discount: Type": found["valueType"].lower(),
            "Discount: Code": found["title"],
            "Discount: Value": bag(found["amountSet"]),
            "Discount: Percentage": str(found["value"]),
        }


def _each(line):
    taken = round(Decimal(line["totalDiscountSet"]["shopMoney"]["amount"]) / line["quantity"], 2)
    return money(f"{-taken if taken else taken:f}")
