"""Discounts: discount codes and automatic discounts.

Codes, what a discount applies to, what a customer buys and who may use it stand side by side, one
a row; all behind ``Top Row`` is on the first row only. What a customer must buy to get another
item stands in the columns of the minimum, as real files have none for it.
"""

from transfer.types.base import NUMBERING, Block, Children, Column, DataType, Filter, Sheet
from transfer.types.discount_forms import (
    COUNTRIES,
    CUSTOMER_TYPE,
    CYCLES,
    DISCOUNT_ID,
    ITEM_TYPE,
    METHOD,
    MINIMUM,
    MINIMUM_VALUE,
    PURCHASE,
    STATUS,
    TYPE,
    VALUE,
    VALUE_TYPE,
    eligible_form,
    values_form,
)
from transfer.types.discount_queries import PASSES
from transfer.types.discount_values import applies_to, customer_buys, eligible
from transfer.types.discount_writing import CODE_TEXT, WRITING
from transfer.types.forms import BOOLEAN, INTEGER, MERGE, MOMENT, MONEY
from transfer.types.personal import PUBLIC, TEXT, columns
from translations import N_, ngettext


def _list(name: str, type_header: str, values_header: str) -> Block:
    return Block(
        (
            Column(type_header, "type", ITEM_TYPE, write="=type"),
            Column(values_header, "value", write="=value", form_in=values_form(type_header)),
        ),
        of=name,
    )


DISCOUNT = Block(
    (
        Column("ID", "id", DISCOUNT_ID),
        Column("Title", "discount.title", write="title", clears=False),
        Column("Command", "id", MERGE),
    )
)
CODES = Block(
    (
        Column("Code", "code", CODE_TEXT, write="=code"),
        Column("Code Command", "id", MERGE),
        Column("Code Used Count", "asyncUsageCount", INTEGER),
    ),
    of="codes",
)
TERMS = Block(
    (
        Column("Total Used Count", "discount.asyncUsageCount", INTEGER, aliases=("Used Count",)),
        Column("Type", "discount", TYPE, write="=type", aliases=("Discount Type",)),
        Column(
            "Method",
            "discount.__typename",
            METHOD,
            write="=method",
        ),
        Column("Value Type", "discount", VALUE_TYPE, write="=valueType", clears=False),
        Column("Value", "discount", VALUE, write="=value", clears=False),
        Column("Minimum Requirement", "discount", MINIMUM, write="=minimum"),
        Column(
            "Minimum Value",
            "discount",
            MINIMUM_VALUE,
            write="=minimumValue",
            aliases=("Minimum Purchase Amount",),
        ),
        Column("Limit Total Times", "discount.usageLimit", INTEGER, write="usageLimit"),
        Column(
            "Limit One Use Per Customer",
            "discount.appliesOncePerCustomer",
            BOOLEAN,
            write="appliesOncePerCustomer",
            clears=False,
            aliases=("Limit Once Per Customer",),
        ),
        Column(
            "Limit Uses Per Order", "discount.usesPerOrderLimit", INTEGER, write="usesPerOrderLimit"
        ),
        Column(
            "Status",
            "discount.status",
            STATUS,
            write="=status",
            unless="Ends At",
            clears=False,
        ),
        Column("Starts At", "discount.startsAt", MOMENT, write="startsAt", clears=False),
        Column("Ends At", "discount.endsAt", MOMENT, write="endsAt"),
        Column("Created At", "discount.createdAt", MOMENT),
        Column("Updated At", "discount.updatedAt", MOMENT),
        Column("Summary", "discount.summary"),
    )
)
SPECIFIC = Block(
    (
        Column(
            "Buy X Get Y: Customer Gets Quantity",
            "discount.customerGets.value.quantity.quantity",
            INTEGER,
            top_only=True,
            write="=getsQuantity",
            clears=False,
        ),
        Column(
            "Free Shipping: Country Codes",
            "discount.destinationSelection",
            COUNTRIES,
            top_only=True,
            write="=countries",
            cleared=[],
        ),
        Column(
            "Free Shipping: Over Amount",
            "discount.maximumShippingPrice.amount",
            MONEY,
            top_only=True,
            write="maximumShippingPrice",
        ),
    )
)
ELIGIBILITY = Block(
    (
        Column("Eligibility: Customer Type", "type", CUSTOMER_TYPE, write="=type"),
        Column("Eligibility: Customer Values", "email|name", write="=value", form_in=eligible_form),
    ),
    of="eligible",
    at="discount.context.customers",
)
COMBINED = "Combines with {} Discounts"
FURTHER = Block(
    (
        Column(
            "Purchase Type", "discount", PURCHASE, top_only=True, write="=purchase", clears=False
        ),
        Column(
            "Purchase Type: Recurring Subscription Limit",
            "discount",
            CYCLES,
            top_only=True,
            write="=cycles",
        ),
        *(
            Column(
                COMBINED.format(name.title()),
                f"discount.combinesWith.{name}Discounts",
                BOOLEAN,
                top_only=True,
                write=f"combinesWith.{name}Discounts",
                clears=False,
            )
            for name in ("product", "order", "shipping")
        ),
    )
)

discounts = DataType(
    name="discounts",
    label=N_("Discounts"),
    counted=lambda count: ngettext("%(num)s discount", "%(num)s discounts", count),
    about=N_("Discount codes and automatic discounts"),
    read_scopes=("read_discounts", "read_products", "read_customers"),
    write_scopes=("write_discounts",),
    passes=PASSES,
    sheets=(
        Sheet(
            "Discounts",
            aliases=("Discount",),
            children=(
                Children("applies_to", applies_to),
                Children("customer_buys", customer_buys),
                Children("eligible", eligible),
            ),
            blocks=(
                DISCOUNT,
                CODES,
                TERMS,
                NUMBERING,
                _list("applies_to", "Applies To: Type", "Applies To: Values"),
                _list(
                    "customer_buys",
                    "Buy X Get Y: Customer Buys Type",
                    "Buy X Get Y: Customer Buys Values",
                ),
                SPECIFIC,
                ELIGIBILITY,
                FURTHER,
            ),
        ),
    ),
    filters=(
        Filter("title"),
        Filter("code"),
        Filter("status", values=("active", "expired", "scheduled")),
        Filter("method", values=("automatic", "code")),
        Filter(
            "type",
            "discount_type",
            values=("app", "bogo", "fixed_amount", "free_shipping", "percentage"),
        ),
        Filter("discount_class", values=("order", "product", "shipping")),
        Filter("id", form="range"),
        Filter("times_used", form="range"),
        Filter("starts_at", form="range"),
        Filter("ends_at", form="range"),
        Filter("created_at", form="range"),
        Filter("updated_at", form="range"),
    ),
    count="discountNodesCount",
    writing=WRITING,
    personal={
        "customers.id": "person",
        "customers.name": TEXT,
        "applies_to.value": PUBLIC,
        "customer_buys.value": PUBLIC,
        **columns(
            PUBLIC,
            """Type; Value Type; Value; Minimum Requirement; Minimum Value;
            Free Shipping: Country Codes; Purchase Type;
            Purchase Type: Recurring Subscription Limit""",
        ),
    },
)
