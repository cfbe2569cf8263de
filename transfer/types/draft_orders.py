"""Draft orders: incomplete orders and quotes.

The columns are those of orders with a draft's own in front; behind ``Send Invoice: Bcc`` those of
the invoice and of payment terms are named in the same style.
"""

from transfer.types import codes, metafields
from transfer.types.base import (
    NUMBERING,
    Attach,
    Block,
    Children,
    Column,
    Connection,
    DataType,
    Filter,
    Item,
    Pass,
    Sheet,
)
from transfer.types.draft_order_writing import WRITING
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
    Form,
    id_of,
    parse_list,
)
from transfer.types.order_columns import (
    DISCOUNT,
    LINE,
    LINES_TOTAL,
    PRODUCT,
    SHIPPING_LINE,
    TYPE,
)
from transfer.types.payment_terms import NAME as TERMS_NAME
from transfer.types.personal import PUBLIC, TEXT, columns
from transfer.types.sale_columns import (
    ADDRESS,
    BAG,
    BILLING,
    COMPANY,
    COMPANY_FIELDS,
    CUSTOMER,
    CUSTOMER_FIELDS,
    PROPERTIES,
    SHIPPING,
    TAXES,
    shop_money,
    tax_columns,
)
from translations import N_, ngettext

NOT_OF_DRAFTS = (
    *("Line: Discount Allocation", "Line: Force Gift Card", "Line: Fulfillable Quantity"),
    *("Line: Fulfillment Status", "Line: Pre Tax Price", "Shipping Origin:"),
)

OBJECTS = Pass(
    "draftOrders",
    fields=f"""id name status email phone note2 tags createdAt updatedAt completedAt currencyCode
      order {{ id }} invoiceUrl invoiceSentAt invoiceEmailTemplateSubject totalWeight taxesIncluded
      taxExempt poNumber reserveInventoryUntil customAttributes {{ key value }} {TAXES}
      subtotalPriceSet {BAG} totalTaxSet {BAG} totalDiscountsSet {BAG} totalShippingPriceSet {BAG}
      totalPriceSet {BAG} customer {{ {CUSTOMER_FIELDS} }} {COMPANY_FIELDS}
      billingAddress {{ {ADDRESS} }} shippingAddress {{ {ADDRESS} }}
      appliedDiscount {{ title description value valueType amountSet {BAG} }}
      shippingLine {{ id title code carrierIdentifier source discountedPriceSet {BAG} {TAXES} }}""",
    repeated=metafields.fields("DRAFTORDER"),
    connections=(
        Connection(
            "lineItems",
            types=("DraftOrderLineItem",),
            fields=f"""id title name variantTitle sku quantity requiresShipping vendor isGiftCard
              taxable customAttributes {{ key value }} {TAXES} originalUnitPriceSet {BAG}
              totalDiscountSet {BAG} discountedTotalSet {BAG} originalTotalSet {BAG}
              weight {{ value unit }} product {{ id handle productType tags }}
              variant {{ id sku barcode price compareAtPrice inventoryQuantity
                inventoryItem {{ unitCost {{ amount }} harmonizedSystemCode countryCodeOfOrigin
                  provinceCodeOfOrigin measurement {{ weight {{ value unit }} }} }} }}""",
        ),
        metafields.connection("DRAFTORDER"),
    ),
)
TERMS = Pass(
    "draftOrders",
    fields="id paymentTerms { paymentTermsName paymentTermsType dueInDays overdue }",
    connections=(
        Connection(
            "paymentSchedules",
            within="paymentTerms { %s }",
            fields="id issuedAt dueAt completedAt balanceDue { amount }",
        ),
    ),
    attach=Attach(),
    about="payment terms are",
    scopes=("read_payment_terms",),
)


def rows(draft: Item) -> list[Item]:
    """The lines, then shipping, then the discount on the whole, each a row."""
    shipping, discount = draft["shippingLine"], draft["appliedDiscount"]
    return [
        *({"type": "Line Item", "line": line, "id": line["id"]} for line in draft["lineItems"]),
        *([{"type": "Shipping Line", "shipping": shipping}] if shipping else []),
        *([{"type": "Discount", "discount": _discount(discount)}] if discount else []),
    ]


def _discount(discount: Item) -> Item:
    share = discount["valueType"] == "PERCENTAGE"
    return {
        "type": discount["valueType"].lower(),
        "code": discount["title"] or discount["description"],
        "value": discount["amountSet"]["shopMoney"]["amount"],
        "percentage": discount["value"] if share else None,
    }


WORDS = Form(lambda facts: str, constant="", parse=lambda cell, facts: cell.strip())
ADDRESSES = Form(lambda facts: ", ".join, constant="", parse=lambda cell, facts: parse_list(cell))
"""Columns that only an import fills."""
RESERVED = "reserveInventoryUntil"
BASIC = Block(
    (
        Column("ID", "id", id_of("DraftOrder")),
        Column("Name", "name"),
        Column("Command", "id", MERGE),
        Column("Number", form=UNREADABLE),
        Column("Order ID", "order.id", id_of("Order")),
        Column("Status", "status", LOWER, write="complete:=status", clears=False),
        Column("Payment: Status", form=WORDS, write="complete:=payment", imports=True),
        Column("Email", "email", STRIPPED, write="email"),
        Column("Note", "note2", write="note"),
        Column("Tags", "tags", TAGS, write="tags"),
        Column("Tags Command", "id", REPLACE),
        Column("Created At", "createdAt", MOMENT),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Currency", "currencyCode", codes.CURRENCY, write="presentmentCurrencyCode"),
        Column("Send Invoice", form=FLAG, write="invoice:=send", acts=True),
        Column("Send Invoice: To", form=WORDS, write="invoice:=to"),
        Column(
            "Send Invoice: From", form=WORDS, write="invoice:=from", aliases=("Send Invoice From",)
        ),
        Column("Send Invoice: Bcc", form=ADDRESSES, write="invoice:=bcc"),
        Column("Send Invoice: Subject", "invoiceEmailTemplateSubject", write="invoice:=subject"),
        Column("Send Invoice: Message", form=WORDS, write="invoice:=message"),
        Column("Invoice: URL", "invoiceUrl"),
        Column("Invoice: Sent At", "invoiceSentAt", MOMENT),
        Column("Phone", "phone", STRIPPED, write="phone"),
        Column("Completed At", "completedAt", MOMENT),
        Column(
            "Reserve Inventory Until",
            "reserveInventoryUntil",
            MOMENT,
            write="reserveInventoryUntil",
        ),
        Column("Tax Exempt", "taxExempt", BOOLEAN, write="taxExempt"),
        Column("Weight Total", "totalWeight", NUMBER),
        Column("Price: Total Line Items", ".", LINES_TOTAL),
        shop_money("Price: Subtotal", "subtotalPriceSet"),
        *tax_columns("", 3),
        Column("Tax: Included", "taxesIncluded", BOOLEAN),
        shop_money("Tax: Total", "totalTaxSet"),
        shop_money("Price: Total Discount", "totalDiscountsSet"),
        shop_money("Price: Total Shipping", "totalShippingPriceSet"),
        shop_money("Price: Total", "totalPriceSet"),
        Column("Additional Details", "customAttributes", PROPERTIES, write="customAttributes"),
        Column("Purchase Order Number", "poNumber", STRIPPED, write="poNumber"),
    )
)
PAYMENT_TERMS = (
    Block(
        (
            Column(
                "Payment Terms: Name",
                "paymentTerms.paymentTermsName",
                TERMS_NAME,
                top_only=True,
                write="=terms.name",
                clears=False,
            ),
            Column(
                "Payment Terms: Type",
                "paymentTerms.paymentTermsType",
                LOWER,
                top_only=True,
                write="=terms.type",
                unless="Payment Terms: Name",
                clears=False,
            ),
            Column(
                "Payment Terms: Due In Days",
                "paymentTerms.dueInDays",
                INTEGER,
                top_only=True,
                write="=terms.days",
                unless="Payment Terms: Name",
                clears=False,
            ),
            Column("Payment Terms: Overdue", "paymentTerms.overdue", BOOLEAN, top_only=True),
        )
    ),
    Block(
        (
            Column("Payment Terms: Issued At", "issuedAt", MOMENT),
            Column("Payment Terms: Due At", "dueAt", MOMENT),
            Column("Payment Terms: Completed At", "completedAt", MOMENT),
            Column("Payment Terms: Balance Due", "balanceDue.amount", MONEY),
        ),
        of="paymentSchedules",
    ),
)
DRAFT_LINE = Block(
    (
        Column("Line: ID", "id", id_of("DraftOrderLineItem")),
        *(column for column in LINE.columns[1:] if not column.header.startswith(NOT_OF_DRAFTS)),
    ),
    of="rows",
    part="line",
)
draft_orders = DataType(
    name="draft_orders",
    label=N_("Draft Orders"),
    counted=lambda count: ngettext("%(num)s draft order", "%(num)s draft orders", count),
    about=N_("Incomplete orders and quotes"),
    read_scopes=(
        *("read_draft_orders", "read_orders", "read_customers", "read_companies"),
        *("read_products", "read_inventory", *metafields.SCOPES),
    ),
    facts=("metafields:DRAFTORDER",),
    passes=(OBJECTS, TERMS),
    sheets=(
        Sheet(
            "Draft Orders",
            aliases=("Draft Order",),
            children=(Children("rows", rows),),
            blocks=(
                BASIC,
                *PAYMENT_TERMS,
                CUSTOMER,
                BILLING,
                SHIPPING,
                COMPANY,
                NUMBERING,
                TYPE,
                DRAFT_LINE,
                SHIPPING_LINE,
                DISCOUNT,
                PRODUCT,
                metafields.columns("DRAFTORDER", header="Metafield: {}"),
                metafields.undefined_columns("DRAFTORDER", header="Metafield: {}"),
            ),
        ),
    ),
    writing=WRITING,
    write_scopes=("write_draft_orders", "write_payment_terms"),
    filters=(
        Filter("status", values=("open", "invoice_sent", "completed")),
        Filter("tag"),
        Filter("source"),
        Filter("id", form="range"),
        Filter("customer_id", form="range"),
        Filter("created_at", form="range"),
        Filter("updated_at", form="range"),
    ),
    count="draftOrdersCount",
    personal={
        "metafields": TEXT,
        "invoiceEmailTemplateSubject": TEXT,
        **columns(
            PUBLIC,
            """Number; Payment: Status; Send Invoice; Price: Total Line Items; Line: Discount;
            Line: Discount per Item; Line: Grams; Line: Tax Total; Shipping: Tax Total""",
        ),
        **columns(
            TEXT,
            """Send Invoice: To; Send Invoice: From; Send Invoice: Bcc; Send Invoice: Message;
            Metafield: {}""",
        ),
    },
)
