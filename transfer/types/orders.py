"""Orders: order history and details."""

from transfer.types import metafields
from transfer.types.base import (
    Attach,
    Children,
    Connection,
    DataType,
    Filter,
    Pass,
    Repeated,
    Sheet,
)
from transfer.types.order_columns import ORDERS
from transfer.types.order_rows import PARTS, rows
from transfer.types.order_writing import WRITING
from transfer.types.payment_terms import OF_ORDERS as TERMS
from transfer.types.personal import PUBLIC, TEXT, columns
from transfer.types.sale_columns import ADDRESS, BAG, BOTH, COMPANY_FIELDS, CUSTOMER_FIELDS, TAXES
from translations import N_, ngettext

BAGS = f" {BAG} ".join(
    (
        *("currentSubtotalPriceSet", "subtotalPriceSet", "totalTaxSet", "totalDiscountsSet"),
        *("totalShippingPriceSet", "currentTotalDutiesSet", "originalTotalDutiesSet"),
        *("currentTotalAdditionalFeesSet", "originalTotalAdditionalFeesSet", "totalRefundedSet"),
        *("totalOutstandingSet", "currentTotalPriceSet", "totalPriceSet", ""),
    )
)
OBJECTS = Pass(
    "orders",
    fields=f"""id name number phone email note tags createdAt updatedAt cancelledAt cancelReason
      processedAt closedAt closed currencyCode sourceName sourceIdentifier registeredSourceUrl
      retailLocation {{ name }} cartToken checkoutToken clientIp totalWeight taxesIncluded
      displayFinancialStatus displayFulfillmentStatus poNumber customAttributes {{ key value }}
      {BAGS} {TAXES} customer {{ {CUSTOMER_FIELDS} }}
      billingAddress {{ {ADDRESS} }} shippingAddress {{ {ADDRESS} }} {COMPANY_FIELDS}
      customerJourneySummary {{ lastVisit {{ landingPage referrerUrl
        utmParameters {{ source medium campaign term content }} }} }}
      transactions {{ id kind processedAt status gateway test authorizationCode paymentId errorCode
        amountSet {{ presentmentMoney {{ amount currencyCode }} shopMoney {{ amount currencyCode }}
        }} device {{ id }}
        parentTransaction {{ id }} paymentDetails {{ ... on CardPaymentDetails {{
          avsResultCode bin cvvResultCode number company }} }} }}
      refunds {{ id createdAt note }}
      risk {{ recommendation assessments {{ riskLevel provider {{ title }}
        facts {{ description }} }} }}
      fulfillments {{ id status displayStatus createdAt updatedAt location {{ name }}
        trackingInfo {{ company number url }} }}""",
    repeated=(
        Repeated("order_status_url", "links", lambda fact: "statusPageUrl"),
        *metafields.fields("ORDER"),
    ),
    connections=(
        Connection(
            "lineItems",
            types=("LineItem",),
            fields=f"""id title name variantTitle sku quantity requiresShipping vendor isGiftCard
              taxable unfulfilledQuantity currentQuantity customAttributes {{ key value }} {TAXES}
              originalUnitPriceSet {BAG} totalDiscountSet {BAG} discountedTotalSet {BAG}
              originalTotalSet {BAG} priceAfterAllDiscountsBeforeTaxesSet {BAG}
              discountAllocations {{ allocatedAmountSet {BAG} }} weight {{ value unit }}
              product {{ id handle productType tags }}
              variant {{ id sku barcode price compareAtPrice inventoryQuantity
                inventoryItem {{ unitCost {{ amount }} harmonizedSystemCode countryCodeOfOrigin
                  provinceCodeOfOrigin measurement {{ weight {{ value unit }} }} }} }}""",
        ),
    ),
)
PRICED = Pass(
    "orders",
    connections=(
        Connection(
            "shippingLines",
            types=("ShippingLine",),
            fields=f"""__typename id title code carrierIdentifier source
              discountedPriceSet {BAG} {TAXES}""",
        ),
        Connection(
            "discountApplications",
            types=tuple(
                f"{kind}Application"
                for kind in (
                    "DiscountCode",
                    "AutomaticDiscount",
                    "ManualDiscount",
                    "ScriptDiscount",
                )
            ),
            fields="""__typename value {
                ... on MoneyV2 { amount } ... on PricingPercentageValue { percentage } }
              ... on DiscountCodeApplication { code } ... on AutomaticDiscountApplication { title }
              ... on ManualDiscountApplication { title } ... on ScriptDiscountApplication { title }
              """,
        ),
        metafields.connection("ORDER"),
    ),
    attach=Attach(),
    about="shipping and discount rows and metafields without a definition are",
)
WITH_REFUNDS = " OR ".join(
    (
        *("financial_status:refunded", "financial_status:partially_refunded", "status:cancelled"),
        *("return_status:returned", "return_status:in_progress"),
    )
)
"""Orders that are likely to have a refund: Shopify cannot be asked for those that have one."""
REFUNDED = Pass(
    "nodes",
    plain=True,
    ids="refunds",
    search=WITH_REFUNDS,
    fields="... on Refund { id owner: order { id } }",
    connections=(
        Connection(
            "refundLineItems",
            within="... on Refund { %s }",
            fields=f"""quantity restockType restocked location {{ name }} lineItem {{ id }}
              subtotalSet {BAG} totalTaxSet {BAG}""",
        ),
        Connection(
            "refundShippingLines",
            within="... on Refund { %s }",
            fields=f"id subtotalAmountSet {BOTH} shippingLine {{ id title }}",
        ),
        Connection(
            "orderAdjustments",
            within="... on Refund { %s }",
            fields=f"id amountSet {BAG} reason",
        ),
    ),
    attach=Attach(to="refunds"),
    about="refunded lines are",
    part="refund",
)
FULFILLMENT_SCOPES = (
    "read_assigned_fulfillment_orders",
    "read_merchant_managed_fulfillment_orders",
    "read_third_party_fulfillment_orders",
)
FEW_SENT = Pass(
    "nodes",
    plain=True,
    ids="fulfillments",
    fields="... on Fulfillment { id owner: order { id } }",
    connections=(
        Connection(
            "fulfillmentLineItems",
            within="... on Fulfillment { %s }",
            fields="id quantity lineItem { id }",
        ),
    ),
    attach=Attach(to="fulfillments"),
)
SENT = Pass(
    "fulfillmentOrders",
    arguments="includeClosed: true",
    searched=False,
    connections=(
        Connection(
            "fulfillments",
            fields="id owner: order { id }",
            connections=(Connection("fulfillmentLineItems", fields="id quantity lineItem { id }"),),
        ),
    ),
    attach=Attach(to="fulfillments"),
    about="the lines of fulfillments are",
    scopes=FULFILLMENT_SCOPES,
    few=FEW_SENT,
)

OF_WHAT_IS_TO_BE_SENT = "id status assignedLocation { location { id } }"
LINES_LEFT = Connection("lineItems", fields="id remainingQuantity lineItem { id }")
TO_BE_SENT = Pass(
    "orders",
    connections=(
        Connection("fulfillmentOrders", OF_WHAT_IS_TO_BE_SENT, types=("FulfillmentOrder",)),
    ),
    attach=Attach(shown=False),
    about="what is still to be sent is",
    scopes=FULFILLMENT_SCOPES,
    writing=True,
    few=Pass(
        "orders",
        plain=True,
        connections=(
            Connection("fulfillmentOrders", OF_WHAT_IS_TO_BE_SENT, connections=(LINES_LEFT,)),
        ),
        attach=Attach(shown=False),
    ),
)
LEFT = Pass(
    "fulfillmentOrders",
    searched=False,
    fields="id owner: order { id }",
    connections=(LINES_LEFT,),
    attach=Attach(to="fulfillmentOrders", shown=False),
    about="how much is still to be sent is",
    scopes=FULFILLMENT_SCOPES,
    writing=True,
)

orders = DataType(
    name="orders",
    label=N_("Orders"),
    counted=lambda count: ngettext("%(num)s order", "%(num)s orders", count),
    about=N_("Order history and details"),
    read_scopes=(
        *("read_orders", "read_all_orders", "read_customers", "read_companies"),
        *("read_products", "read_inventory", "read_locations", *metafields.SCOPES),
    ),
    write_scopes=(
        "write_orders",
        "write_fulfillments",
        "write_assigned_fulfillment_orders",
        "write_merchant_managed_fulfillment_orders",
        "write_third_party_fulfillment_orders",
        "write_order_edits",
        "write_payment_terms",
    ),
    facts=("order_status_url", "metafields:ORDER"),
    passes=(OBJECTS, PRICED, REFUNDED, SENT, TO_BE_SENT, LEFT, TERMS),
    sheets=(
        Sheet(
            "Orders", aliases=("Order",), children=(Children("rows", rows, PARTS),), blocks=ORDERS
        ),
    ),
    filters=(
        Filter("name"),
        Filter("email"),
        Filter(
            "financial_status",
            values=(
                "authorized",
                "expired",
                "paid",
                "partially_paid",
                "partially_refunded",
                "pending",
                "refunded",
                "unpaid",
                "voided",
            ),
        ),
        Filter(
            "fulfillment_status",
            values=(
                "fulfilled",
                "in_progress",
                "on_hold",
                "open",
                "partial",
                "partially_fulfilled",
                "pending_fulfillment",
                "request_declined",
                "restocked",
                "scheduled",
                "shipped",
                "unfulfilled",
                "unshipped",
            ),
        ),
        Filter("status", values=("cancelled", "closed", "not_closed", "open")),
        Filter("tag"),
        Filter("tag_not"),
        Filter("sku"),
        Filter("discount_code"),
        Filter("source_name"),
        Filter("id", form="range"),
        Filter("customer_id", form="range"),
        Filter("created_at", form="range"),
        Filter("processed_at", form="range"),
        Filter("updated_at", form="range"),
        Filter("test", form="boolean"),
    ),
    count="ordersCount",
    writing=WRITING,
    personal={
        "metafields": TEXT,
        **columns(
            PUBLIC,
            """Inventory Behaviour; Cancel: Refund; User ID; Checkout ID; Price: Total Line Items;
            Payment: Processing Method; Browser: Width; Browser: Height; Browser: Search Keywords;
            Browser: Ad URL; Line: Discount; Line: Discount Allocation; Line: Discount per Item;
            Line: Grams; Line: Force Gift Card; Line: Tax Total; Line: Fulfillment Status;
            Shipping Origin: Name; Shipping Origin: Country Code; Shipping Origin: Province Code;
            Shipping Origin: City; Shipping Origin: Address 1; Shipping Origin: Address 2;
            Shipping Origin: Zip; Shipping: Tax Total; Refund: ID; Refund: Generate Transaction;
            Transaction: ID; Transaction: Force Gateway; Transaction: User ID; Risk: Source;
            Fulfillment: ID""",
        ),
        **columns(TEXT, "Browser: User Agent; Transaction: Message; Risk: Message; Metafield: {}"),
    },
)
