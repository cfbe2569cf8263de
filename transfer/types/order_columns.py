"""The columns of orders, group by group, in the order of real exports.

The place of ``Transaction: Shop Currency Amount`` and ``Transaction: Shop Currency``, which real
files have, could not be read: they stand behind the currency that the customer paid in.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from transfer.types import codes, metafields, payment_terms
from transfer.types.base import NUMBERING, Block, Column, Each, Item
from transfer.types.forms import (
    BOOLEAN,
    FLAG,
    INTEGER,
    LOWER,
    MERGE,
    MOMENT,
    MONEY,
    NUMBER,
    REPLACE,
    STRIPPED,
    TAGS,
    UNREADABLE,
    WHENEVER,
    Form,
    form,
    id_of,
    parse_boolean,
    parse_code,
    parse_decimal,
    parse_list,
    parse_number,
    same_decimal,
    token_or,
    true_or_false,
)
from transfer.types.order_rows import total_of_lines
from transfer.types.product_columns import VARIANTS
from transfer.types.sale_columns import (
    BILLING,
    COMPANY,
    CUSTOMER,
    MINUS,
    PROPERTIES,
    SHIPPING,
    TAX_TOTAL,
    ZERO,
    amount,
    divided,
    minus,
    shop_money,
    tax_columns,
    tax_total,
    written,
)
from transfer.types.writing import Reference

GRAMS = {"KILOGRAMS": 1000.0, "GRAMS": 1.0, "POUNDS": 453.59237, "OUNCES": 28.349523125}
FULFILLMENT = {"PARTIALLY_FULFILLED": "partial"}
SCORES = {"LOW": "0.0", "MEDIUM": "0.5", "HIGH": "1.0"}
NO = Form(
    lambda facts: true_or_false,
    "boolean",
    constant="false",
    parse=lambda cell, facts: parse_boolean(cell),
)
BEHAVIOUR = Form(
    lambda facts: str.lower, constant="bypass", parse=lambda cell, facts: parse_code(cell)
)
REASONS = ("CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "STAFF")


def _reason(cell: str) -> str:
    code = parse_code(cell)
    return code if code in REASONS else "OTHER"


REASON = form(str.lower, parse=_reason)
"""Why an order is cancelled; what is none of Shopify's reasons is another one."""


def _same_name(name: str) -> str:
    """``1001`` for ``#1001``, in any case."""
    return name.strip().casefold().removeprefix("#")


NAME = form(str, parse=str.strip, canonical=_same_name)
SERVICE = form(
    lambda value: value if isinstance(value, str) else "gift_card" if value else "manual",
    parse=lambda cell: cell.strip().lower(),
)
LINE_ID = replace(token_or("LineItem"), typenames=("LineItem",))
"""A new order's refunds and parcels may call its lines by any word."""
LOCATION = form(
    lambda value: value.name if isinstance(value, Reference) else value,
    parse=lambda cell: Reference("Location", cell.strip()),
)
STATUS = form(lambda status: FULFILLMENT.get(status, status.lower()))
DOMAIN = form(lambda url: urlsplit(url).hostname or "")
GRAMS_OF = form(
    lambda w: f"{w['value'] * GRAMS[w['unit']] if isinstance(w, dict) else w:g}",
    "number",
    parse=parse_number,
    canonical=same_decimal,
)
LINES_TOTAL = form(lambda order: written(total_of_lines(order)), "number")
PER_ITEM = form(
    lambda line: (
        written(Decimal(line))
        if isinstance(line, str)
        else minus(divided(amount(line.get("totalDiscountSet")), line["quantity"]))
        if line.get("totalDiscountSet") and line["quantity"] > 0
        else ""
    ),
    "number",
    parse=parse_decimal,
    canonical=same_decimal,
)
ALLOCATED = form(
    lambda parts: minus(sum((amount(p["allocatedAmountSet"]) for p in parts), ZERO)), "number"
)
LINE_TAX = form(
    lambda line: (
        line["refundTax"]
        if "refundTax" in line
        else tax_total(line["taxLines"])
        if line.get("taxLines") is not None
        else ""
    ),
    "number",
)


def _sent(line: Item) -> str:
    """``fulfilled``, ``partial``, or empty while nothing of a line has been sent."""
    left = line.get("unfulfilledQuantity")
    if left is None or left == line["quantity"]:
        return ""
    return "fulfilled" if left == 0 else "partial"


BASIC = Block(
    (
        Column("ID", "id", id_of("Order")),
        Column("Name", "name", NAME, write="name"),
        Column("Command", "id", MERGE),
        Column("Send Receipt", form=NO, write="=sendReceipt"),
        Column("Inventory Behaviour", form=BEHAVIOUR, write="=inventoryBehaviour"),
        Column("Number", "number", INTEGER),
        Column("Phone", "phone", STRIPPED, write="phone"),
        Column("Email", "email", STRIPPED, write="email"),
        Column("Note", "note", write="note"),
        Column("Tags", "tags", TAGS, write="tags"),
        Column("Tags Command", "id", REPLACE),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Cancelled At", "cancelledAt", WHENEVER, write="cancel:=at", clears=False),
        Column("Cancel: Reason", "cancelReason", REASON, write="cancel:=reason", clears=False),
        Column("Cancel: Send Receipt", form=FLAG, write="cancel:=notify"),
        Column("Cancel: Refund", form=FLAG, write="cancel:=refund"),
        Column("Processed At", "processedAt", MOMENT, write="processedAt"),
        Column("Closed At", "closedAt", WHENEVER, write="close:=at", clears=False),
        Column("Currency", "currencyCode", codes.CURRENCY, write="currency"),
        Column("Source", "sourceName", STRIPPED, write="sourceName"),
        Column("Source Identifier", "sourceIdentifier", STRIPPED, write="sourceIdentifier"),
        Column("Source URL", "registeredSourceUrl", STRIPPED, write="sourceUrl"),
        Column("Physical Location", "retailLocation.name"),
        Column("User ID", form=UNREADABLE),
        Column("Checkout ID", form=UNREADABLE),
        Column("Cart Token", "cartToken"),
        Column("Token", "checkoutToken"),
    )
)
STATUS_URL = Each(
    "order_status_url",
    (Block((Column("Order Status URL", "statusPageUrl"),), find=lambda fact: lambda order: order),),
)
TOTALS = Block(
    (
        Column("Weight Total", "totalWeight", NUMBER),
        Column("Price: Total Line Items", ".", LINES_TOTAL),
        shop_money("Price: Current Subtotal", "currentSubtotalPriceSet"),
        shop_money("Price: Subtotal", "subtotalPriceSet"),
        *tax_columns("", 3, write="=taxes"),
        Column("Tax: Included", "taxesIncluded", BOOLEAN, write="taxesIncluded"),
        shop_money("Tax: Total", "totalTaxSet"),
        shop_money("Price: Total Discount", "totalDiscountsSet"),
        shop_money("Price: Total Shipping", "totalShippingPriceSet"),
        shop_money("Price: Current Total Duties", "currentTotalDutiesSet"),
        shop_money("Price: Total Duties", "originalTotalDutiesSet"),
        shop_money("Price: Current Total Fees", "currentTotalAdditionalFeesSet"),
        shop_money("Price: Total Fees", "originalTotalAdditionalFeesSet"),
        shop_money("Price: Total Refund", "totalRefundedSet"),
        shop_money("Price: Total Outstanding", "totalOutstandingSet"),
        shop_money("Price: Current Total", "currentTotalPriceSet"),
        replace(shop_money("Price: Total", "totalPriceSet"), write="=total", checked=True),
        Column(
            "Payment: Status", "displayFinancialStatus", LOWER, write="pay:=status", clears=False
        ),
        Column("Payment: Processing Method", form=UNREADABLE),
        Column("Order Fulfillment Status", "displayFulfillmentStatus", STATUS),
        Column("Additional Details", "customAttributes", PROPERTIES, write="customAttributes"),
        Column("Archived", "closed", BOOLEAN, write="close:=archived"),
        Column("Purchase Order Number", "poNumber", STRIPPED, write="poNumber"),
    )
)
VISIT = "customerJourneySummary.lastVisit"
BROWSER = Block(
    (
        Column("Browser: IP", "clientIp"),
        Column("Browser: Width", form=UNREADABLE),
        Column("Browser: Height", form=UNREADABLE),
        Column("Browser: User Agent", form=UNREADABLE),
        Column("Browser: Landing Page", f"{VISIT}.landingPage"),
        Column("Browser: Referrer", f"{VISIT}.referrerUrl", write="referringSite"),
        Column("Browser: Referrer Domain", f"{VISIT}.referrerUrl", DOMAIN),
        Column("Browser: Search Keywords", form=UNREADABLE),
        Column("Browser: Ad URL", form=UNREADABLE),
        Column("Browser: UTM Source", f"{VISIT}.utmParameters.source"),
        Column("Browser: UTM Medium", f"{VISIT}.utmParameters.medium"),
        Column("Browser: UTM Campaign", f"{VISIT}.utmParameters.campaign"),
        Column("Browser: UTM Term", f"{VISIT}.utmParameters.term"),
        Column("Browser: UTM Content", f"{VISIT}.utmParameters.content"),
    )
)
TYPE = Block((Column("Line: Type", "type"),), of="rows")
LINE = Block(
    (
        Column("Line: ID", "id", LINE_ID),
        Column("Line: Command", "id", MERGE),
        Column("Line: Product ID", "product.id", id_of("Product")),
        Column("Line: Product Handle", "product.handle"),
        Column("Line: Title", "title"),
        Column("Line: Name", "name"),
        Column("Line: Variant ID", "variant.id", id_of("ProductVariant")),
        Column("Line: Variant Title", "variantTitle"),
        Column("Line: SKU", "sku"),
        Column("Line: Quantity", "quantity", INTEGER),
        shop_money("Line: Price", "originalUnitPriceSet"),
        Column("Line: Discount", "totalDiscountSet", MINUS),
        Column("Line: Discount Allocation", "discountAllocations", ALLOCATED),
        Column("Line: Discount per Item", ".", PER_ITEM),
        shop_money("Line: Total", "discountedTotalSet"),
        Column("Line: Grams", "weight", GRAMS_OF),
        Column("Line: Requires Shipping", "requiresShipping", BOOLEAN),
        Column("Line: Vendor", "vendor"),
        Column("Line: Properties", "customAttributes", PROPERTIES),
        Column("Line: Gift Card", "isGiftCard", BOOLEAN),
        Column("Line: Force Gift Card", form=FLAG),
        Column("Line: Taxable", "taxable", BOOLEAN),
        Column("Line: Tax Total", ".", LINE_TAX),
        *tax_columns("Line: ", 3),
        Column("Line: Fulfillable Quantity", "unfulfilledQuantity", INTEGER),
        Column("Line: Fulfillment Service", "isGiftCard", SERVICE),
        Column("Line: Fulfillment Status", ".", form(_sent)),
        shop_money("Line: Pre Tax Price", "priceAfterAllDiscountsBeforeTaxesSet"),
        *(
            Column(f"Shipping Origin: {name}", form=UNREADABLE)
            for name in (
                *("Name", "Country Code", "Province Code", "City"),
                *("Address 1", "Address 2", "Zip"),
            )
        ),
    ),
    of="rows",
    part="line",
)
SHIPPING_LINE = Block(
    (
        Column("Shipping: ID", "id", id_of("ShippingLine")),
        Column("Shipping: Title", "title"),
        Column("Shipping: Code", "code"),
        Column("Shipping: Carrier Identifier", "carrierIdentifier"),
        Column("Shipping: Source", "source"),
        shop_money("Shipping: Price", "discountedPriceSet"),
        Column("Shipping: Tax Total", "taxLines", TAX_TOTAL),
        *tax_columns("Shipping: ", 3),
    ),
    of="rows",
    part="shipping",
)
DISCOUNT = Block(
    (
        Column("Discount: Type", "type"),
        Column("Discount: Code", "code"),
        Column("Discount: Value", "value", MONEY),
        Column("Discount: Percentage", "percentage", NUMBER),
    ),
    of="rows",
    part="discount",
)
IN_PRODUCTS = {column.header: column for column in VARIANTS.columns}


def _of_variant(header: str) -> Column:
    """A variant's column in products, beside the line that sold it."""
    column = IN_PRODUCTS[header]
    return Column(f"Line: {header}", f"variant.{column.path}", column.form)


PRODUCT = Block(
    (
        Column("Line: Product Type", "product.productType"),
        Column("Line: Product Tags", "product.tags", TAGS),
        *map(_of_variant, ("Variant SKU", "Variant Barcode", "Variant Weight")),
        _of_variant("Variant Weight Unit"),
        Column("Line: Variant Inventory Qty", "variant.inventoryQuantity", INTEGER),
        *map(_of_variant, ("Variant Cost", "Variant Price", "Variant Compare At Price")),
        *map(_of_variant, ("Variant Country of Origin", "Variant Province of Origin")),
        _of_variant("Variant HS Code"),
    ),
    of="rows",
    part="line",
)
REFUND = Block(
    (
        Column("Refund: ID", "id", token_or("Refund")),
        Column("Refund: Created At", "createdAt", MOMENT),
        Column("Refund: Note", "note"),
        Column("Refund: Restock", "of.restocked", BOOLEAN),
        Column("Refund: Restock Type", "of.restockType", LOWER),
        Column("Refund: Restock Location", "of.location.name", LOCATION),
        Column("Refund: Send Receipt", form=FLAG),
        Column("Refund: Generate Transaction", form=FLAG),
        Column("Refund Adjustment: ID", "adjustment.id", id_of("OrderAdjustment")),
        shop_money("Refund Adjustment: Amount", "adjustment.amountSet"),
    ),
    of="rows",
    part="refund",
)
CARD = "paymentDetails"
TRANSACTION = Block(
    (
        Column("Transaction: ID", "id", token_or("OrderTransaction")),
        Column("Transaction: Kind", "kind", LOWER),
        Column("Transaction: Processed At", "processedAt", MOMENT),
        Column("Transaction: Amount", "amountSet.presentmentMoney.amount", MONEY),
        Column("Transaction: Currency", "amountSet.presentmentMoney.currencyCode"),
        Column("Transaction: Shop Currency Amount", "amountSet.shopMoney.amount", MONEY),
        Column("Transaction: Shop Currency", "amountSet.shopMoney.currencyCode"),
        Column("Transaction: Status", "status", LOWER),
        Column("Transaction: Message", form=UNREADABLE),
        Column("Transaction: Gateway", "gateway"),
        Column("Transaction: Force Gateway", form=FLAG),
        Column("Transaction: Test", "test", BOOLEAN),
        Column("Transaction: Authorization", "authorizationCode"),
        Column("Transaction: Payment ID", "paymentId"),
        Column("Transaction: Device ID", "device.id", id_of("PointOfSaleDevice")),
        Column("Transaction: User ID", form=UNREADABLE),
        Column("Transaction: Parent ID", "parentTransaction.id", id_of("OrderTransaction")),
        Column("Transaction: Error Code", "errorCode", LOWER),
        Column("Transaction: CC AVS Result", f"{CARD}.avsResultCode"),
        Column("Transaction: CC Bin", f"{CARD}.bin"),
        Column("Transaction: CC CVV Result", f"{CARD}.cvvResultCode"),
        Column("Transaction: CC Number", f"{CARD}.number"),
        Column("Transaction: CC Company", f"{CARD}.company"),
    ),
    of="rows",
    part="transaction",
)
RISK = Block(
    (
        Column("Risk: Source", "provider", form(lambda app: app["title"], empty="Shopify")),
        Column("Risk: Score", "riskLevel", form(lambda level: SCORES.get(level, ""), "number")),
        Column("Risk: Recommendation", "order.recommendation", LOWER),
        Column(
            "Risk: Cause Cancel",
            "order.recommendation",
            form(lambda r: "true" if r == "CANCEL" else "false", "boolean"),
        ),
        Column("Risk: Message", "facts", form(lambda f: "\n".join(x["description"] for x in f))),
    ),
    of="rows",
    part="risk",
)


def _tracked(name: str) -> Form:
    """What a fulfillment's tracking says under this name; of a cell the list of what it says."""

    def render(found: list[Any]) -> str:
        texts = (info if isinstance(info, str) else info[name] for info in found)
        return ", ".join(dict.fromkeys(filter(None, texts)))

    return form(render, parse=parse_list)


TRACKED = {name: _tracked(name) for name in ("number", "url")}
COMPANY_OF = form(
    lambda found: (
        found
        if isinstance(found, str)
        else next((info["company"] for info in found if info["company"]), "")
    ),
    parse=str.strip,
)
"""One company carries all that has numbers in a fulfillment."""
FULFILLMENT_LINE = Block(
    (
        Column("Fulfillment: ID", "id", token_or("Fulfillment")),
        Column("Fulfillment: Status", "status", LOWER),
        Column("Fulfillment: Created At", "createdAt", MOMENT),
        Column("Fulfillment: Updated At", "updatedAt", MOMENT),
        Column("Fulfillment: Tracking Company", "trackingInfo", COMPANY_OF),
        Column("Fulfillment: Location", "location.name", LOCATION),
        Column("Fulfillment: Shipment Status", "displayStatus", LOWER),
        Column("Fulfillment: Processed At", "createdAt", MOMENT),
        Column("Fulfillment: Tracking Number", "trackingInfo", TRACKED["number"]),
        Column("Fulfillment: Tracking URL", "trackingInfo", TRACKED["url"]),
        Column("Fulfillment: Send Receipt", form=FLAG),
    ),
    of="rows",
    part="fulfillment",
)

BUYER = replace(
    CUSTOMER,
    columns=tuple(
        replace(one, write="=marketing")
        if one.header == "Customer: Email Marketing Status"
        else one
        for one in CUSTOMER.columns
    ),
)
"""A new order tells of a new customer that they agreed to emails."""

ORDERS = (
    BASIC,
    STATUS_URL,
    TOTALS,
    payment_terms.COLUMNS,
    BUYER,
    BILLING,
    SHIPPING,
    BROWSER,
    COMPANY,
    NUMBERING,
    TYPE,
    LINE,
    SHIPPING_LINE,
    DISCOUNT,
    PRODUCT,
    REFUND,
    TRANSACTION,
    RISK,
    FULFILLMENT_LINE,
    metafields.columns("ORDER", header="Metafield: {}"),
    metafields.undefined_columns("ORDER", header="Metafield: {}"),
)
