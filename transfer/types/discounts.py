"""Discounts: discount codes and automatic discounts.

Codes, what a discount applies to, what a customer buys and who may use it stand side by side, one
a row; all behind ``Top Row`` is on the first row only. What a customer must buy to get another
item stands in the columns of the minimum, as real files have none for it.
"""

from transfer.types.base import NUMBERING, Block, Children, Column, DataType, Filter, Sheet
from transfer.types.discount_queries import CODE, PASSES
from transfer.types.discount_values import (
    applies_to,
    countries,
    customer_buys,
    cycles,
    eligible,
    kind,
    least,
    purchase_type,
    value_of,
    value_type,
)
from transfer.types.forms import BOOLEAN, CAPITALISED, INTEGER, MERGE, MOMENT, MONEY, form, id_of
from translations import N_


def _list(name: str, type_header: str, values_header: str) -> Block:
    return Block((Column(type_header, "type"), Column(values_header, "value")), of=name)


DISCOUNT = Block(
    (
        Column("ID", "id", id_of("DiscountCodeNode", "DiscountAutomaticNode")),
        Column("Title", "discount.title"),
        Column("Command", "id", MERGE),
    )
)
CODES = Block(
    (
        Column("Code", "code"),
        Column("Code Command", "id", MERGE),
        Column("Code Used Count", "asyncUsageCount", INTEGER),
    ),
    of="codes",
)
TERMS = Block(
    (
        Column("Total Used Count", "discount.asyncUsageCount", INTEGER, aliases=("Used Count",)),
        Column("Type", "discount", form(kind), aliases=("Discount Type",)),
        Column(
            "Method",
            "discount.__typename",
            form(lambda name: "Code" if name.startswith(CODE) else "Automatic"),
        ),
        Column("Value Type", "discount", form(value_type)),
        Column("Value", "discount", form(value_of, "number")),
        Column("Minimum Requirement", "discount", form(lambda d: least(d)[0])),
        Column(
            "Minimum Value",
            "discount",
            form(lambda d: least(d)[1], "number"),
            aliases=("Minimum Purchase Amount",),
        ),
        Column("Limit Total Times", "discount.usageLimit", INTEGER),
        Column(
            "Limit One Use Per Customer",
            "discount.appliesOncePerCustomer",
            BOOLEAN,
            aliases=("Limit Once Per Customer",),
        ),
        Column("Limit Uses Per Order", "discount.usesPerOrderLimit", INTEGER),
        Column("Status", "discount.status", CAPITALISED),
        Column("Starts At", "discount.startsAt", MOMENT),
        Column("Ends At", "discount.endsAt", MOMENT),
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
        ),
        Column(
            "Free Shipping: Country Codes",
            "discount.destinationSelection",
            form(countries),
            top_only=True,
        ),
        Column(
            "Free Shipping: Over Amount",
            "discount.maximumShippingPrice.amount",
            MONEY,
            top_only=True,
        ),
    )
)
ELIGIBILITY = Block(
    (
        Column("Eligibility: Customer Type", "type"),
        Column("Eligibility: Customer Values", "email|name"),
    ),
    of="eligible",
    at="discount.context.customers",
)
COMBINED = "Combines with {} Discounts"
FURTHER = Block(
    (
        Column("Purchase Type", "discount", form(purchase_type), top_only=True),
        Column(
            "Purchase Type: Recurring Subscription Limit",
            "discount",
            form(cycles, "number"),
            top_only=True,
        ),
        *(
            Column(
                COMBINED.format(name.title()),
                f"discount.combinesWith.{name}Discounts",
                BOOLEAN,
                top_only=True,
            )
            for name in ("product", "order", "shipping")
        ),
    )
)

discounts = DataType(
    name="discounts",
    label=N_("Discounts"),
    about=N_("Discount codes and automatic discounts"),
    read_scopes=("read_discounts", "read_products", "read_customers"),
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
)
